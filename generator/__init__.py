"""Assess MLOps levels 0-3 and generate projects that stand on one of them."""

__version__ = "0.1.0"
