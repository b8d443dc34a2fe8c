"""Turning and mirroring the picture on the screen. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the picture lies on the screen: mirrored left to right first, then turned clockwise.

    Only the screen turns. The file, the model's input and its score do not.

    Attributes
    ----------
    turns : int
        Quarter turns clockwise, 0 to 3.
    """

    turns: int = 0
    mirrored: bool = False

    @property
    def changed(self) -> bool:
        """Whether the picture lies otherwise than in its file."""
        return self != Orientation()

    @property
    def sideways(self) -> bool:
        """Whether width and height have changed places."""
        return self.turns % 2 == 1

    def turned(self, quarters: int) -> Orientation:
        """Return the orientation after so many quarter turns clockwise, as seen on the screen."""
        return Orientation((self.turns + quarters) % 4, self.mirrored)

    def flipped(self, *, vertically: bool = False) -> Orientation:
        """Return the orientation after exchanging left and right, or top and bottom, of the screen."""
        # A mirror undoes the turn's sense: mirror after turn equals the opposite turn after mirror.
        half = 2 if vertically else 0
        return Orientation((half - self.turns) % 4, not self.mirrored)

    def words(self) -> str:
        """Return what the reader must know, empty for the picture as it is in its file."""
        if self == Orientation(2, True):
            return "Flipped top to bottom: view only"
        parts = []
        if self.mirrored:
            parts.append("mirrored left to right" if not self.turns else "mirrored")
        if self.turns:
            parts.append({1: "rotated 90° right", 2: "rotated 180°", 3: "rotated 90° left"}[self.turns])
        # In the order that gives this picture: the other order would end with the opposite turn.
        text = ", then ".join(parts)
        return f"{text[0].upper()}{text[1:]}: view only" if text else ""
