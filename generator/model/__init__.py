"""The nouns of the tool: frozen values that pure code takes and returns."""
