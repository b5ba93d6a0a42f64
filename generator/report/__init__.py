"""The result as a document: on the screen and as JSON."""
