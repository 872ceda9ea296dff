"""A picture before it is drawn: boxes, frames around some of them, and arrows. It knows of no case."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["attends", "absent", "undetermined", "plain", "quiet"]
"""How a box is coloured: by its verdict, not at all, or faintly."""

Shape = Literal["box", "oval", "hexagon", "note"]


@dataclass(frozen=True, slots=True)
class Box:
    """A box with lines of text. `kind` says what it stands for; `frame` which frame it is in."""

    lines: tuple[str, ...]
    kind: str
    tone: Tone = "plain"
    shape: Shape = "box"
    frame: int | None = None
    circled: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between boxes, by their numbers. One with the sign `-` ends in a bar; `faint` ones are dotted."""

    tail: int
    head: int
    sign: str = ""
    label: str = ""
    faint: bool = False
    bold: bool = False

    @property
    def told(self) -> str:
        """What stands beside it: its sign, and its label; nothing at a faint one."""
        sign = self.sign.replace("-", "\N{MINUS SIGN}")
        return "" if self.faint else " ".join(filter(None, (sign, self.label)))


@dataclass(frozen=True)
class Diagram:
    """Boxes and arrows, to be laid out from top to bottom.

    `name` is an identifier that tells the pictures of one page apart.
    """

    name: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    frames: tuple[str, ...] = ()


COLOURS: dict[Tone, tuple[str, str]] = {
    "attends": ("#dcf5e3", "#1a7f37"),
    "absent": ("#fde5e2", "#b42318"),
    "undetermined": ("#fff4cc", "#8a5d00"),
    "plain": ("#f2f4f7", "#57606a"),
    "quiet": ("#ffffff", "#8b949e"),
}
"""Of each tone, the colour of its ground and of its line; text is dark on each."""

TONES: dict[str, Tone] = {
    "attends": "attends",
    "held": "attends",
    "holds": "attends",
    "absent": "absent",
    "not held": "absent",
    "does not hold": "absent",
    "undetermined": "undetermined",
    "unknown": "undetermined",
}
"""How an answer is coloured: a verdict, whether a gathering is held, and whether a fact holds."""

INK = "#1f2328"
LINES = {"+": "#1a7f37", "-": "#b42318", "±": "#8a5d00", "": "#57606a"}
"""The colour of an arrow, by its sign."""
