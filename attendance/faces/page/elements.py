"""HTML elements as text that is sound: whatever else comes in is escaped, and only here."""

from collections.abc import Iterable
from html import escape


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
