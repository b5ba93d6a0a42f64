"""The scaffold: from a level and options to a project on disk."""
