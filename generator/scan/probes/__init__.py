"""One small pure question for each capability, grouped by dimension."""
