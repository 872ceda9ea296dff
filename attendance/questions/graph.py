"""Who depends on whom: everybody with their verdict, signed arrows from each to those who hang on them, circles."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Unpack, assert_never

from attendance.engines.joining import strong_parts
from attendance.markup.diagram import TONES, Arrow, Box, Diagram
from attendance.markup.html import Html, badge, element, section, table
from attendance.markup.pictured import Pictured
from attendance.model.case import Case
from attendance.model.influence import MEMBER, WAITS, Kind, Link, Node, Sign, influences
from attendance.model.participants import Attendance
from attendance.model.portrait import SHAPES, label
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.questions.asking import Asked, ask
from attendance.questions.resolve import FACTS, Resolution, resolution


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node: what it is (`attendance`, `fact`, `group`, `everyone`, `gathering`, `rule`), and what is answered of it.

    `answer` is the verdict, whether a gathering is held or a fact holds, and empty for the others. `circle`
    is the number of the circle that it is on.
    """

    kind: str
    name: str
    at: str | None
    label: str
    answer: str
    circle: int | None


@dataclass(frozen=True, slots=True)
class Dependence:
    """An arrow: the vertex `head` depends on the vertex `tail`, both by number.

    The sign is `+` where the tail makes the head likelier, `-` where unlikelier, `±` where it may be either,
    and empty for a wait. `bounds` say how (`if`, `only if`, `waits for`, `member`, `rule`, `held if`), `by`
    which statements and rules do. `circular` arrows lie on a circle.
    """

    tail: int
    head: int
    sign: str
    bounds: tuple[str, ...]
    by: tuple[str, ...]
    circular: bool


@dataclass(frozen=True)
class Graph(Pictured):
    """Who depends on whom. `circles` are those who do on each other, in the order of the case."""

    case: str
    scenario: str
    vertices: tuple[Vertex, ...]
    arrows: tuple[Dependence, ...]
    circles: tuple[tuple[Attendance, ...], ...]
    gatherings: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; arrows name vertices by their numbers."""
        return {
            "case": self.case,
            "scenario": self.scenario,
            "vertices": [
                {"kind": v.kind, "name": v.name, "at": v.at, "label": v.label, "answer": v.answer, "circle": v.circle}
                for v in self.vertices
            ],
            "arrows": [
                {
                    "tail": a.tail,
                    "head": a.head,
                    "sign": a.sign,
                    "bounds": list(a.bounds),
                    "by": list(a.by),
                    "circular": a.circular,
                }
                for a in self.arrows
            ],
            "circles": [[str(a) for a in circle] for circle in self.circles],
        }

    @property
    def lines(self) -> Iterator[str]:
        """Each arrow in words, by whom it points at; then the circles."""
        for arrow in self.arrows:
            head, tail = self.called(arrow.head), self.called(arrow.tail)
            yield f"{head} {said(arrow)} {tail}{sources(arrow)}"
        for number in range(len(self.circles)):
            around = [i for i, v in enumerate(self.vertices) if v.circle == number and v.kind == Kind.ATTENDANCE]
            yield f"a circle: {', '.join(map(self.called, around))}"

    def called(self, number: int) -> str:
        """A vertex by its name; with the gathering, where there are several; a fact in quotes."""
        vertex = self.vertices[number]
        if vertex.kind in (Kind.FACT, Kind.RULE):
            return f"“{vertex.label}”"
        several = len(self.gatherings) > 1 and vertex.at is not None
        return f"{vertex.label} at {vertex.at}" if several else vertex.label

    def __str__(self) -> str:
        return "\n".join(self.lines) or "nobody depends on anybody"

    @cached_property
    def diagram(self) -> Diagram:
        """Everybody in a box of their verdict, in a frame for each gathering where there are several."""
        frames = {g: i for i, (g, _) in enumerate(self.gatherings)} if len(self.gatherings) > 1 else {}
        boxes = tuple(
            Box(
                lines=tuple(filter(None, (v.label, v.answer))),
                kind=v.kind,
                tone=TONES.get(v.answer, "quiet"),
                shape=SHAPES[Kind(v.kind)],
                frame=None if v.at is None else frames.get(v.at),
                circled=v.circle is not None,
            )
            for v in self.vertices
        )
        arrows = tuple(
            Arrow(
                tail=a.tail,
                head=a.head,
                sign=a.sign,
                label="waits" if a.bounds == (WAITS,) else "",
                faint=a.bounds == (MEMBER,),
                bold=a.circular,
            )
            for a in self.arrows
        )
        title = ", ".join(filter(None, (self.case, self.scenario)))
        return Diagram("graph", title, boxes, arrows, tuple(label for _, label in self.gatherings) if frames else ())

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """As of every answer; but where there is a picture, a notebook shows that, and the table below it."""
        found = super()._repr_mimebundle_(include, exclude)
        if "text/html" in found and "image/svg+xml" in found:
            arrows = element("details", element("summary", "as a table"), Html(found["text/html"]))
            found["text/html"] = section(Html(found["image/svg+xml"]), arrows)
        return found

    def html(self) -> Html:
        """Every arrow as a line of a table."""
        rows = [
            (
                self.called(a.head),
                badge(self.vertices[a.head].answer, TONES[self.vertices[a.head].answer])
                if self.vertices[a.head].answer
                else None,
                said(a),
                self.called(a.tail),
                ", ".join(a.by),
            )
            for a in self.arrows
        ]
        return section(table(("who", "", "", "on whom", "by"), rows, caption=self.diagram.title))


def said(arrow: Dependence) -> str:
    """What an arrow says, as a verb. It names no condition: that stands in the statement."""
    match arrow.bounds:
        case (bound,) if bound == WAITS:
            return "waits for"
        case (bound,) if bound == MEMBER:
            return "has the member"
        case bounds:
            told = ", ".join(filter(None, (arrow.sign, *bounds)))
            return f"depends ({told}) on"


def sources(arrow: Dependence) -> str:
    """The statements that an arrow comes from, in brackets."""
    return f" [{', '.join(arrow.by)}]" if arrow.by else ""


def graph(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Graph:
    """Who depends on whom, by the statements in force, with everybody's verdict.

    An arrow goes from whoever is named in a condition to whom the condition is about. Who is assumed to come or
    to stay away depends on nobody. A crowd (`everyone`, `others`) is one vertex, whose members have no arrows
    to it, but count when circles are looked for. Raises as `resolve` does.
    """
    asked = ask(case, scenario, parts, engine, time_limit)
    return drawn(asked, resolution(asked))


def drawn(asked: Asked, resolved: Resolution) -> Graph:
    """The graph of a question already answered."""
    compiled = asked.compiled
    case, nodes = compiled.case, [Node(Kind.ATTENDANCE, *a) for a in compiled.attendances]
    assumed = {nodes[x] for x in range(len(nodes)) if compiled.network.fixed[x] is not None}
    people = {g: tuple(compiled.attendances[x].participant for x in crowd) for g, crowd in compiled.crowds.items()}
    links = [link for link in influences(case, compiled.scenario, people) if link.head not in assumed]
    named = (n for link in links for n in (link.tail, link.head))
    number = {node: i for i, node in enumerate(dict.fromkeys([*nodes, *named]))}
    part, circles = _circles(number, links)
    vertices = tuple(_vertex(case, resolved, node, circles.get(part[i])) for node, i in number.items())
    rounds = {i for i in range(len(number)) if part[i] in circles}
    members: dict[int, list[Attendance]] = {p: [] for p in circles}
    for (kind, name, at), i in number.items():
        if kind is Kind.ATTENDANCE and part[i] in members:
            members[part[i]].append(Attendance(name, str(at)))
    return Graph(
        case=case.title,
        scenario=compiled.scenario.id or "",
        vertices=vertices,
        arrows=tuple(_arrows(links, number, part, rounds)),
        circles=tuple(map(tuple, members.values())),
        gatherings=tuple((g.id, g.name or g.id) for g in case.gatherings),
    )


def _circles(number: Mapping[Node, int], links: Iterable[Link]) -> tuple[Mapping[int, int], dict[int, int]]:
    """The strongly connected part of each vertex, and the number of each circle: a part with two attendances."""
    reads: list[list[int]] = [[] for _ in number]
    crowd = [(i, n.at) for n, i in number.items() if n.kind is Kind.EVERYONE]
    for link in links:
        reads[number[link.head]].append(number[link.tail])
    for i, at in crowd:
        reads[i] += (j for n, j in number.items() if n.kind is Kind.ATTENDANCE and n.at == at)
    part = strong_parts(reads, range(len(reads)))
    sizes: dict[int, int] = {}
    for node, i in number.items():
        if node.kind is Kind.ATTENDANCE:
            sizes[part[i]] = sizes.get(part[i], 0) + 1
    return part, {p: c for c, p in enumerate(p for p, size in sizes.items() if size > 1)}


def _arrows(
    links: Sequence[Link], number: Mapping[Node, int], part: Mapping[int, int], rounds: set[int]
) -> Iterator[Dependence]:
    """The links between each two vertices as one arrow, in the order of whom they point at."""
    between: dict[tuple[int, int], list[Link]] = {}
    for link in links:
        between.setdefault((number[link.head], number[link.tail]), []).append(link)
    for (head, tail), found in sorted(between.items()):
        signs = {link.sign for link in found if link.sign is not None}
        yield Dependence(
            tail=tail,
            head=head,
            sign=str(Sign.EITHER if len(signs) > 1 else next(iter(signs), "")),
            bounds=tuple(dict.fromkeys(link.bound for link in found)),
            by=tuple(dict.fromkeys(link.by for link in found if link.by)),
            circular=head in rounds and part[head] == part[tail],
        )


def _vertex(case: Case, resolved: Resolution, node: Node, circle: int | None) -> Vertex:
    kind, name, at = node
    match kind:
        case Kind.ATTENDANCE:
            answer = str(resolved.verdicts[Attendance(name, str(at))])
        case Kind.FACT:
            answer = FACTS[resolved.facts[name]]
        case Kind.GATHERING:
            answer = str(resolved.gatherings[name].held)
        case Kind.GROUP | Kind.EVERYONE | Kind.RULE:
            answer = ""
        case _:
            assert_never(kind)
    return Vertex(str(kind), name, at, label(case, node), answer, circle)
