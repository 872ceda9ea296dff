"""Who depends on whom: the picture, and every arrow in words under it."""

import re
from collections.abc import Iterator
from itertools import islice

from attendance.errors import QuestionError
from attendance.faces.page.marks import as_made
from attendance.faces.page.told import Told
from attendance.markup import graphviz
from attendance.markup.dot import dot
from attendance.markup.html import Html, element
from attendance.markup.pictured import MOST

ARROWS = 400
"""Up to this many arrows are drawn, and so many told in words."""
WIDE = 1150
"""A picture of more pixels is not made to fit the page, but moved in it."""
CAPTION = (
    "An arrow goes from whoever is named in a condition to whom the condition is about: + makes their coming likelier, "
    "- unlikelier. Bold arrows lie on a circle."
)


def picture(told: Told) -> Iterator[Html]:
    """The picture, if it can be drawn and is small enough to be read, and its arrows in words."""
    graph, count = told.graph, len(told.graph.arrows)
    if not count:
        yield element("p", "Nobody depends on anybody.", class_="soft")
        return
    small = len(told.boxed) <= MOST and count <= ARROWS
    drawn = _drawn(told) if small else "so many arrows make no picture that can be read"
    if isinstance(drawn, Html):
        image = element("div", drawn, role="img", aria_label=f"{graph.diagram.title}: told in words below")
        yield element(
            "figure",
            element("div", image, class_="scroll", tabindex="0", role="region", aria_labelledby="picture-title"),
            element("figcaption", CAPTION, as_made(" The arrows are those of the page as it was made."), class_="soft"),
            class_="picture wide" if _width(drawn) > WIDE else "picture",
        )
        lonely = len(graph.vertices) - len(told.boxed)
        if lonely:
            yield element("p", f"{lonely} people, of whom no arrow comes or goes, are left out.", class_="note")
    else:
        yield element("p", f"There is no picture: {drawn}.", class_="note")
    lines = element("ul", *(element("li", element("bdi", line)) for line in islice(graph.lines, ARROWS)))
    more = element("p", f"These are {ARROWS} of {count}: ", element("code", told.command("graph", "--format", "words")))
    summary = element("summary", "The arrows in words", as_made())
    yield element(
        "details",
        summary,
        lines,
        more if count > ARROWS else None,
        class_="why words",
        open=not isinstance(drawn, Html),
    )


def _drawn(told: Told) -> Html | str:
    """The picture, or why there is none."""
    if not graphviz.available():
        return "this page was made without Graphviz"
    try:
        return Html(graphviz.svg(dot(told.diagram)))
    except QuestionError as error:
        return str(error).partition("\n")[0]


def _width(svg: str) -> float:
    """The width of a picture in pixels; it is written in points, of which three are four."""
    found = re.match(r'<svg width="([\d.]+)pt"', svg)
    return float(found[1]) * 4 / 3 if found else 0
