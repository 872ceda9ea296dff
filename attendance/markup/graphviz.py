"""DOT laid out by Graphviz, as SVG or PNG: the one room that knows pygraphviz."""

import re
import warnings

from attendance.errors import QuestionError


def svg(dot: str) -> str:
    """The picture as an `<svg>` element without prolog, ready for a page. Raises QuestionError without pygraphviz."""
    drawn = _drawn(dot, "svg").decode("utf-8")
    element = drawn[drawn.index("<svg") :]
    return re.sub(r"<!--.*?-->\n?", "", element, flags=re.DOTALL)


def png(dot: str) -> bytes:
    """The picture as a PNG file. Raises QuestionError without pygraphviz."""
    return _drawn(dot, "png")


def available() -> bool:
    """Whether pictures can be drawn here."""
    from importlib.util import find_spec

    return find_spec("pygraphviz") is not None


def _drawn(dot: str, kind: str) -> bytes:
    try:
        from pygraphviz import AGraph
    except ImportError:
        raise QuestionError("pictures need Graphviz: pip install 'attendance[graph]'") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fonts that are not installed
        found: bytes = AGraph(string=dot).draw(format=kind, prog="dot")
    return found
