"""What can be drawn, and shown in a notebook: a class to inherit from."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection

from attendance.markup import graphviz
from attendance.markup.diagram import Diagram
from attendance.markup.dot import dot
from attendance.markup.html import Html
from attendance.markup.mermaid import mermaid

MOST = 150
"""A notebook draws up to this many boxes by itself; ask for `.svg()` to have more drawn."""


class Pictured(ABC):
    """Drawn as Mermaid, DOT, SVG and PNG, and shown by notebooks as HTML."""

    __slots__ = ()

    @property
    @abstractmethod
    def diagram(self) -> Diagram:
        """The picture before it is drawn."""

    @abstractmethod
    def html(self) -> Html:
        """The same as a table or a list, for a notebook: HTML without style sheets or scripts, every text escaped."""

    def mermaid(self) -> str:
        """The picture as Mermaid text, which documentation sites, forges and notebooks draw."""
        return mermaid(self.diagram)

    def dot(self) -> str:
        """The picture as DOT text, the language of Graphviz."""
        return dot(self.diagram)

    def svg(self) -> str:
        """The picture as an `<svg>` element. Raises QuestionError without pygraphviz (extra `graph`)."""
        return _svg(self.diagram)

    def png(self) -> bytes:
        """The picture as a PNG file. Raises QuestionError without pygraphviz (extra `graph`)."""
        return graphviz.png(self.dot())

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """The representations that a notebook chooses from; without Graphviz there is no SVG."""
        drawn = self.diagram
        makers: dict[str, Callable[[], str]] = {
            "text/plain": self.__str__,
            "text/html": self.html,
            "text/vnd.mermaid": lambda: mermaid(drawn),
        }
        if graphviz.available() and len(drawn.boxes) <= MOST:
            makers["image/svg+xml"] = lambda: _svg(drawn)
        wanted = [kind for kind in makers if (include is None or kind in include) and kind not in (exclude or ())]
        return {kind: str(makers[kind]()) for kind in wanted}


def _svg(drawn: Diagram) -> str:
    return graphviz.svg(dot(drawn), drawn.title)
