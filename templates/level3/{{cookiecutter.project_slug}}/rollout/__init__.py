"""Rollout: who serves, who is on trial, and every move between; one database, one writer at a time."""
