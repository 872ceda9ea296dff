"""Who depends on whom: the picture, and every arrow in words under it."""

from collections.abc import Iterator
from itertools import islice

from attendance.faces.page.told import Told
from attendance.markup import graphviz
from attendance.markup.html import Html, element
from attendance.markup.pictured import MOST

ARROWS = 400
"""Up to this many arrows are drawn, and so many told in words."""


def picture(told: Told) -> Iterator[Html]:
    """The picture, if it can be drawn and is small enough to be read, and its arrows in words."""
    graph, count = told.graph, len(told.graph.arrows)
    if not count:
        yield element("p", "Nobody depends on anybody.", class_="soft")
        return
    small = len(graph.vertices) <= MOST and count <= ARROWS
    if graphviz.available() and small:
        caption = (
            "An arrow goes from whoever is named in a condition to whom the condition is about: "
            "+ makes their coming likelier, - unlikelier. Bold arrows lie on a circle."
        )
        yield element(
            "figure",
            element(
                "div", Html(graph.svg()), class_="scroll", tabindex="0", role="img", aria_label=graph.diagram.title
            ),
            element("figcaption", caption, class_="soft"),
            class_="picture",
        )
    else:
        why = "so many arrows make no picture that can be read" if not small else "this page was made without Graphviz"
        yield element("p", f"There is no picture: {why}.", class_="note")
    lines = element("ul", *(element("li", element("bdi", line)) for line in islice(graph.lines, ARROWS)))
    more = element("p", f"These are {ARROWS} of {count}: ", element("code", told.command("graph", "--format", "words")))
    summary = element("summary", "The arrows in words")
    yield element("details", summary, lines, more if count > ARROWS else None, class_="why words", open=not small)
