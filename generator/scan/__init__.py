"""Reads repositories and reports evidence for the capabilities; nothing of what is read is ever run."""
