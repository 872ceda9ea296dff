"""A case as it is shown before anything is asked: what was said, and who is named in whose conditions."""

from collections.abc import Mapping
from typing import assert_never

from attendance.markup.diagram import Arrow, Box, Diagram, Shape
from attendance.markup.html import Html, section, table
from attendance.model.case import Case
from attendance.model.influence import MEMBER, WAITS, Kind, Node, influences
from attendance.model.scenario import Scenario

SHAPES: Mapping[Kind, Shape] = {
    Kind.ATTENDANCE: "box",
    Kind.GATHERING: "note",
    Kind.FACT: "oval",
    Kind.GROUP: "oval",
    Kind.EVERYONE: "oval",
    Kind.RULE: "hexagon",
}


def diagram(case: Case) -> Diagram:
    """Everybody in a box, in a frame for each gathering where there are several, and arrows by what was said."""
    links = influences(case, Scenario(), case.counted)
    people = [Node(Kind.ATTENDANCE, p, g) for g, counted in case.counted.items() for p in counted]
    nodes = dict.fromkeys([*people, *(n for link in links for n in (link.tail, link.head))])
    number = {node: i for i, node in enumerate(nodes)}
    frames = {g.id: i for i, g in enumerate(case.gatherings)} if len(case.gatherings) > 1 else {}
    boxes = tuple(Box((label(case, n),), str(n.kind), "plain", SHAPES[n.kind], frames.get(str(n.at))) for n in nodes)
    arrows = dict.fromkeys(
        Arrow(number[k.tail], number[k.head], str(k.sign or ""), "waits" if k.bound == WAITS else "", k.bound == MEMBER)
        for k in links
    )
    titles = tuple(g.name or g.id for g in case.gatherings) if frames else ()
    return Diagram("case", case.title, boxes, tuple(arrows), titles)


def html(case: Case) -> Html:
    """Everything that was said, in the order of the file."""
    rows = [
        (
            str(s.said or ""),
            (case.roster.participants[s.who].name or s.who) + (f" at {s.at}" if s.at else ""),
            str(s.says),
            s.source or "",
            str(s.id),
        )
        for s in case.statements
    ]
    return section(table(("said", "who", "says", "source", "id"), rows, str(case)))


def label(case: Case, node: Node) -> str:
    """What a node is called."""
    kind, name, _ = node
    roster = case.roster
    match kind:
        case Kind.ATTENDANCE:
            return roster.participants[name].name or name
        case Kind.FACT:
            return roster.facts[name].name or name
        case Kind.GATHERING:
            return roster.gatherings[name].name or name
        case Kind.GROUP:
            return (roster.groups[name].name if name in roster.groups else None) or name
        case Kind.EVERYONE:
            return "everyone"
        case Kind.RULE:
            return next(str(r.rule) for r in case.rules if r.id == name)
        case _:
            assert_never(kind)
