"""Monitoring: what arrived, what was answered, what came true; evidence decides, nothing else."""
