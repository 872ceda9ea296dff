"""Who is named in whose conditions, and whether for or against: the arrows of a case, of its words alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, assert_never

from attendance.model.case import Case
from attendance.model.conditions import (
    And,
    Condition,
    Constant,
    Crowd,
    Held,
    Member,
    Name,
    Not,
    Or,
    Quantifier,
    Represented,
    Tally,
)
from attendance.model.positions import in_force, positions, waits
from attendance.model.roster import Counted
from attendance.model.sayings import Reading, WaitsFor
from attendance.model.scenario import Scenario


class Kind(StrEnum):
    """What a node of the graph is."""

    ATTENDANCE = "attendance"
    FACT = "fact"
    GROUP = "group"
    EVERYONE = "everyone"
    GATHERING = "gathering"
    RULE = "rule"


class Sign(StrEnum):
    """Whether the tail makes the head likelier (+), unlikelier (-), or either, as the rest falls (±)."""

    FOR = "+"
    AGAINST = "-"
    EITHER = "±"

    @property
    def turned(self) -> "Sign":
        """The sign under a negation."""
        return {Sign.FOR: Sign.AGAINST, Sign.AGAINST: Sign.FOR}.get(self, self)


class Node(NamedTuple):
    """Somebody at a gathering, or what else a condition can name."""

    kind: Kind
    name: str
    at: str | None = None

    def __str__(self) -> str:
        match self.kind:
            case Kind.ATTENDANCE | Kind.GROUP | Kind.EVERYONE if self.at is not None:
                return f"{self.name} at {self.at}"
            case _:
                return self.name


class Link(NamedTuple):
    """One mention: `head` depends on `tail`, by which statement or rule, in which kind of bound."""

    tail: Node
    head: Node
    sign: Sign | None
    bound: str
    by: str = ""


IF, ONLY_IF, WAITS, MEMBER, RULE, QUORUM = "if", "only if", "waits for", "member", "rule", "held if"


@dataclass(frozen=True)
class Reader:
    """Reads conditions where they stand: at which gathering, and of whom one says nothing by naming them."""

    case: Case
    counted: Counted

    def node(self, leaf: Name | Represented | Held | Crowd, at: str) -> Node | None:
        """The node that a leaf names; None for somebody who is not counted there."""
        kinds = self.case.roster.kinds
        match leaf:
            case Held(gathering):
                return Node(Kind.GATHERING, gathering)
            case Represented(group, own):
                return Node(Kind.GROUP, group, own or at)
            case Crowd(_, own):
                return Node(Kind.EVERYONE, "everyone", own or at)
            case Name(name, own):
                match kinds[name]:
                    case "participant":
                        place = own or at
                        return Node(Kind.ATTENDANCE, name, place) if name in self.counted[place] else None
                    case "group":
                        return Node(Kind.GROUP, name, own or at)
                    case "gathering":
                        return Node(Kind.GATHERING, name)
                    case "fact":
                        return Node(Kind.FACT, name)
                    case kind:
                        assert_never(kind)
            case _:
                assert_never(leaf)

    def mentions(self, condition: Condition | None, at: str) -> Iterator[tuple[Node, Sign]]:
        """Every node that a condition names, with its sign."""
        if condition is not None:
            for place, leaf, sign in signed(condition, at, Sign.FOR):
                node = self.node(leaf, place)
                if node is not None:
                    yield node, sign

    def links(self, condition: Condition | None, at: str, head: Node, bound: str, by: str) -> Iterator[Link]:
        """The mentions as links; the one spoken of is taken to be there, and so not named."""
        for tail, sign in self.mentions(condition, at):
            if tail != head:
                yield Link(tail, head, sign, bound, by)


def signed(condition: Member, at: str, sign: Sign) -> Iterator[tuple[str, Name | Represented | Held | Crowd, Sign]]:
    """Every leaf with the gathering it is read at, and its sign."""
    match condition:
        case Name() | Represented() | Crowd():
            yield condition.at or at, condition, sign
        case Held():
            yield at, condition, sign
        case Constant():
            return
        case Not(of):
            yield from signed(of, at, sign.turned)
        case And(of) | Or(of):
            for child in of:
                yield from signed(child, at, sign)
        case Tally(of=selection) | Quantifier(of=selection):
            for item in selection.items:
                yield from signed(item, selection.at or at, _counted_sign(condition, sign))
        case _:
            assert_never(condition)  # type: ignore[arg-type]


def _counted_sign(count: Tally | Quantifier, sign: Sign) -> Sign:
    """The sign of whoever is counted."""
    match count:
        case Tally(relation="exactly"):
            return Sign.EITHER
        case Tally(relation="at most") | Quantifier(quantity="none"):
            return sign.turned
        case _:
            return sign


def influences(case: Case, scenario: Scenario, counted: Counted) -> tuple[Link, ...]:
    """Every mention in a bound of somebody's position, in a rule and in a quorum, and every wait.

    Each statement, rule and quorum is read once: as many links as there are names in them, and one for each
    member of each group that is named. A crowd has no links to its own members.
    """
    reader = Reader(case, counted)
    found = [*_bounds(reader, scenario), *_rules(reader, scenario), *_quorums(reader)]
    return (*found, *_members(reader, dict.fromkeys(n for link in found for n in (link.tail, link.head))))


def _bounds(reader: Reader, scenario: Scenario) -> Iterator[Link]:
    statements = in_force(reader.case, scenario)
    reading = scenario.reading or Reading.CONVERSATIONAL
    for (who, at), position in positions(reader.case, statements, reading).items():
        head = Node(Kind.ATTENDANCE, who, at)
        for statement, lower, upper in position.contributions:
            by = str(statement.id)
            yield from reader.links(lower, at, head, IF, by)
            yield from reader.links(upper, at, head, ONLY_IF, by)
    for (who, at), statement in waits(reader.case, statements):
        assert isinstance(statement.says, WaitsFor), "only these wait"
        for target in statement.says.targets:
            tail = reader.node(target, at)
            if tail is not None:
                yield Link(tail, Node(Kind.ATTENDANCE, who, at), None, WAITS, str(statement.id))


def _rules(reader: Reader, scenario: Scenario) -> Iterator[Link]:
    main = reader.case.roster.main
    for rule in reader.case.rules:
        if rule.id not in scenario.withdraw:
            head = Node(Kind.RULE, str(rule.id))
            yield from reader.links(rule.rule, rule.at or main, head, RULE, head.name)


def _quorums(reader: Reader) -> Iterator[Link]:
    for gathering in reader.case.gatherings:
        head = Node(Kind.GATHERING, gathering.id)
        yield from reader.links(gathering.held_if, gathering.id, head, QUORUM, "")


def _members(reader: Reader, named: Iterable[Node]) -> Iterator[Link]:
    """From its members to each group that is named, and from everybody to a gathering that needs anybody."""
    for node in named:
        match node:
            case Node(Kind.GROUP, group, str() as at):
                for person in reader.case.roster.members[group]:
                    if person in reader.counted[at]:
                        yield Link(Node(Kind.ATTENDANCE, person, at), node, Sign.FOR, MEMBER)
            case Node(Kind.GATHERING, name) if reader.case.roster.gatherings[name].held_if is None:
                yield Link(Node(Kind.EVERYONE, "everyone", name), node, Sign.FOR, QUORUM)
