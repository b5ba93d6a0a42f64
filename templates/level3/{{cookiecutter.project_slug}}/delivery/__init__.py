"""Delivery: gate a package, deploy it to staging, promote it to production, go back; each one command."""
