"""What production shows: the prediction log, contract, labels, drift, evidence, and what follows from it."""
