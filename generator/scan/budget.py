"""A limit on work that a stranger's file could ask for without end."""

from __future__ import annotations


class Budget:
    """Counts down what may still be followed, so that what names itself a thousandfold ends."""

    def __init__(self, most: int) -> None:
        self.left = most

    def spend(self) -> bool:
        """Take one; return whether there was one left."""
        self.left -= 1
        return self.left >= 0
