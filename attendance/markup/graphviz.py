"""DOT laid out by Graphviz, as SVG or PNG: the one room that knows pygraphviz.

Graphviz works in a process of its own: a picture that takes too long is given up, and what its C libraries
say on standard error is not said by us.
"""

import re
import subprocess
import sys
from html import escape
from importlib.util import find_spec

from attendance.errors import QuestionError

PATIENCE = 60
"""Seconds that a picture may take."""
LONGEST = 16_000
"""Graphviz reads no longer line."""
DRAW = """
import sys
from pygraphviz import AGraph
graph = AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog="dot"))
"""


def svg(dot: str, title: str = "") -> str:
    """The picture as an `<svg>` element without prolog, ready for a page, under that title.

    Raises QuestionError without pygraphviz (extra `graph`), and where it takes more than a minute.
    """
    drawn = _drawn(dot, "svg").decode("utf-8")
    element = drawn[drawn.index("<svg") :]
    element = re.sub(r"<!--.*?-->\n?", "", element, flags=re.DOTALL)
    return re.sub(r"<title>.*?</title>", lambda _: f"<title>{escape(title)}</title>", element, count=1)


def png(dot: str) -> bytes:
    """The picture as a PNG file. Raises as `svg` does."""
    return _drawn(dot, "png")


def available() -> bool:
    """Whether pictures can be drawn here."""
    return sys.modules.get("pygraphviz", ...) is not None and find_spec("pygraphviz") is not None


def _drawn(dot: str, kind: str) -> bytes:
    if not available():
        raise QuestionError("pictures need Graphviz: pip install 'attendance[graph]'")
    if max(map(len, dot.splitlines())) > LONGEST:
        raise QuestionError(
            f"a name is too long for Graphviz, which takes {LONGEST:,} characters: ask for Mermaid text"
        )
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", DRAW, kind], input=dot.encode(), capture_output=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise QuestionError(
            f"this picture takes Graphviz more than {PATIENCE} seconds\n    ask for Mermaid or DOT text, or draw fewer"
        ) from None
    if done.returncode or not done.stdout:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise QuestionError(f"Graphviz could not draw this: {told[-1] if told else f'it ended with {done.returncode}'}")
    return done.stdout
