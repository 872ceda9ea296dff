"""HTML made of elements, so that no text can become markup; and the small tables that notebooks show."""

from collections.abc import Iterable, Sequence
from html import escape

from attendance.markup.diagram import COLOURS, INK, Tone


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Child = Html | str | None
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})


def element(name: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """An element; a child that is not Html is escaped, an attribute that is None or False left out.

    `class_` is written `class`, `aria_label` is written `aria-label`.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Html:
    """Children one after the other, each escaped if it has to be."""
    return Html("".join(c if isinstance(c, Html) else escape(c) for c in children if c is not None))


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


# --- for notebooks, which bring no style of ours ----------------------------------------------------

LINE = "line-height:1.7"
CELL = "text-align:left;vertical-align:top;padding:.2em .8em .2em 0"


def badge(words: str, tone: Tone) -> Html:
    """A verdict on a ground of its colour, readable on light and dark pages."""
    ground, line = COLOURS[tone]
    style = f"background:{ground};color:{INK};border:1px solid {line};border-radius:.6em;padding:0 .5em"
    return element("span", words, style=style)


def bar(parts: Sequence[tuple[Tone, int]]) -> Html:
    """A bar of coloured parts, as wide as their shares; it says nothing that the numbers beside it do not."""
    whole = sum(size for _, size in parts) or 1
    pieces = (
        element(
            "span", style=f"display:inline-block;height:.7em;width:{100 * size / whole:.1f}%;background:{COLOURS[t][1]}"
        )
        for t, size in parts
        if size
    )
    return element("span", *pieces, style="display:inline-block;width:10em;font-size:1em", aria_hidden="true")


def table(head: Sequence[str], rows: Iterable[Sequence[Child]], caption: str = "") -> Html:
    """A table with a head, as notebooks show it."""
    top = element("tr", *(element("th", cell, scope="col", style=CELL) for cell in head))
    lines = (element("tr", *(element("td", cell, style=CELL) for cell in row)) for row in rows)
    return element(
        "table",
        element("caption", caption, style="text-align:left;font-weight:600;padding-bottom:.3em") if caption else None,
        element("thead", top),
        element("tbody", *lines),
    )


def section(*parts: Child) -> Html:
    """The parts of a representation together."""
    return element("div", *parts, class_="attendance")
