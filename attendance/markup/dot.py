"""A diagram as DOT text, the language of Graphviz."""

from collections.abc import Iterator

from attendance.markup.diagram import COLOURS, INK, LINES, Arrow, Box, Diagram

SHAPES = {"box": "box", "oval": "oval", "hexagon": "hexagon", "note": "note"}
STYLES = {"attends": "filled,rounded", "absent": "filled,rounded,dashed", "undetermined": "filled,rounded,dotted"}
FONT = "Helvetica, Arial, sans-serif"


def dot(diagram: Diagram) -> str:
    """The diagram as DOT; texts are written so that none can end its quotes, and none is markup."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield f'digraph "{diagram.name}" {{'
    yield f'    graph [id="{diagram.name}", bgcolor=white, fontname="{FONT}", fontsize=12]'
    yield f'    node [fontname="{FONT}", fontsize=12, fontcolor="{INK}", margin="0.16,0.08", height=0.3]'
    yield f'    edge [fontname="{FONT}", fontsize=11, arrowsize=0.8]'
    for number, box in enumerate(diagram.boxes):
        if box.frame is None:
            yield f"    {_box(diagram.name, number, box)}"
    for frame, title in enumerate(diagram.frames):
        yield f"    subgraph cluster_{frame} {{"
        yield f'        graph [id="{diagram.name}-f{frame}", label={quoted(title)}, style=rounded, color="#8b949e"]'
        yield from (f"        {_box(diagram.name, i, b)}" for i, b in enumerate(diagram.boxes) if b.frame == frame)
        yield "    }"
    yield from (f"    {_arrow(diagram.name, i, arrow)}" for i, arrow in enumerate(diagram.arrows))
    yield "}"


def _box(name: str, number: int, box: Box) -> str:
    ground, line = COLOURS[box.tone]
    style = STYLES.get(box.tone, "filled,rounded") if box.shape == "box" else "filled"
    width = 2.4 if box.circled else 1.2
    label = quoted("\n".join(box.lines))
    return (
        f'n{number} [id="{name}-n{number}", class="{box.kind} {box.tone}", label={label}, '
        f'shape={SHAPES[box.shape]}, style="{style}", fillcolor="{ground}", color="{line}", penwidth={width}]'
    )


def _arrow(name: str, number: int, arrow: Arrow) -> str:
    colour = LINES["" if arrow.faint else arrow.sign]
    tip = "none" if arrow.faint else "tee" if arrow.sign == "-" else "diamond" if arrow.sign == "±" else "normal"
    shown = f'label={quoted(f" {arrow.told} ")}, fontcolor="{colour}", ' if arrow.told else ""
    return (
        f'n{arrow.tail} -> n{arrow.head} [id="{name}-a{number}", class="{"faint" if arrow.faint else "arrow"}", '
        f"{shown}style={'dotted' if arrow.faint else 'solid'}, arrowhead={tip}, "
        f'color="{colour}", penwidth={2.4 if arrow.bold else 1.2}]'
    )


def quoted(words: str) -> str:
    """Words as a DOT string: no quote ends it, no backslash is an escape, no ampersand an entity."""
    safe = words.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;").replace("\n", "\\n")
    return f'"{safe}"'
