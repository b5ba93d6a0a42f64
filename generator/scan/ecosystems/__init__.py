"""One module for each ecosystem: what its files say (`read`), and what its words do (`SIGNS`)."""
