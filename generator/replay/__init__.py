"""Replay: one production stream with incidents, played against each level's generated code."""
