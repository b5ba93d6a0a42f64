"""Own data: from a person's table to what a project needs to know of it."""
