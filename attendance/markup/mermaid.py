"""A diagram as Mermaid text, which documentation sites, forges and notebooks draw."""

from collections.abc import Iterator

from attendance.markup.diagram import COLOURS, INK, LINES, Arrow, Box, Diagram

PLAIN = " ,.!?“”…-"
SPOKEN = "$:\\"
"""Of these Mermaid makes something else, even where they are written by number."""
JOINED = "#8288;"
SHAPES = {"box": ('["', '"]'), "oval": ('(["', '"])'), "hexagon": ('{{"', '"}}'), "note": ('[/"', '"/]')}


def mermaid(diagram: Diagram) -> str:
    """The diagram as a Mermaid flowchart; texts are written so that none can end its quotes."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "flowchart TB"
    if diagram.title:
        yield f"    accTitle: {text(diagram.title)}"
    for number, box in enumerate(diagram.boxes):
        if box.frame is None:
            yield f"    {_box(number, box)}"
    for frame, title in enumerate(diagram.frames):
        yield f'    subgraph f{frame}["{text(title)}"]'
        yield from (f"        {_box(i, b)}" for i, b in enumerate(diagram.boxes) if b.frame == frame)
        yield "    end"
    yield from (f"    {_arrow(arrow)}" for arrow in diagram.arrows)
    for number, arrow in enumerate(diagram.arrows):
        wide = ",stroke-width:3px" if arrow.bold else ""
        yield f"    linkStyle {number} stroke:{LINES['' if arrow.faint else arrow.sign]}{wide}"
    for tone in sorted({box.tone for box in diagram.boxes}):
        ground, line = COLOURS[tone]
        yield f"    classDef {tone} fill:{ground},stroke:{line},color:{INK}"
    if any(box.circled for box in diagram.boxes):
        yield "    classDef circled stroke-width:3px"


def _box(number: int, box: Box) -> str:
    before, after = SHAPES[box.shape]
    circled = f"\n    class n{number} circled" if box.circled else ""
    return f"n{number}{before}{'<br/>'.join(map(text, box.lines))}{after}:::{box.tone}{circled}"


def _arrow(arrow: Arrow) -> str:
    line = "-.-" if arrow.faint else "==" if arrow.bold else "--"
    tip = "" if arrow.faint else "x" if arrow.sign == "-" else ">"
    shown = f'|"{text(arrow.told)}"|' if arrow.told else ""
    return f"n{arrow.tail} {line}{tip or ('' if arrow.faint else '-')}{shown} n{arrow.head}"


def text(words: str) -> str:
    """Words as Mermaid draws them: all but letters, digits, spaces and a few marks by their number.

    A word joiner, which is not seen, keeps Mermaid from reading formulas, icons and line ends into names.
    """
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" + JOINED * (c in SPOKEN) for c in words)
