"""Run the tool as ``python -m generator``."""

from generator.cli import entry

if __name__ == "__main__":
    entry()
