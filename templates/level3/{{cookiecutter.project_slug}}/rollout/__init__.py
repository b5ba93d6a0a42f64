"""Which release serves, who decided it and why: state, control and the service that follows them."""
