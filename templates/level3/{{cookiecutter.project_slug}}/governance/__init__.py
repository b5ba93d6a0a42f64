"""Who approved what, what a release is for, and a log of it that cannot be changed unseen."""
