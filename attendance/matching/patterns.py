"""The tree of a rule, and the definition of what it matches: slow and obvious, a join without any trick.

A rule is a row of patterns; it matches every row of as many different facts, each of which fills its
pattern. The definition is what everything else in this room is held against.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_never

Value = str | bool | int
Fact = Mapping[str, Value]
Relation = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Compare:
    """A property compared with a value: `m.kind == "statement"`."""

    name: str
    relation: Relation
    value: Value


@dataclass(frozen=True, slots=True)
class Exists:
    """The fact has the property: `+m.until`."""

    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The fact lacks the property: `-m.until`."""

    name: str


@dataclass(frozen=True, slots=True)
class Join:
    """A property compared with one of an earlier fact and a whole number: `m.t <= c.first.t + 60`."""

    name: str
    relation: Relation
    alias: str
    other: str
    plus: int = 0


LiteralTest = Compare | Exists | Missing
Test = LiteralTest | Join


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one fact must fill: all of `tests` and, if there are any, one branch of `any_of`."""

    alias: str
    tests: tuple[Test, ...]
    any_of: tuple[tuple[LiteralTest, ...], ...] = ()

    @property
    def literals(self) -> tuple[LiteralTest, ...]:
        """The tests that look at nothing but the fact itself."""
        return tuple(t for t in self.tests if not isinstance(t, Join))

    @property
    def joins(self) -> tuple[Join, ...]:
        """The tests that look at an earlier fact."""
        return tuple(t for t in self.tests if isinstance(t, Join))


@dataclass(frozen=True, slots=True)
class Rule:
    """A name and patterns, each for a fact of its own."""

    name: str
    patterns: tuple[Pattern, ...]


def matches(rule: Rule, facts: Sequence[Fact]) -> list[tuple[int, ...]]:
    """The definition: the places of every row of different facts that fills the patterns."""
    rows: list[tuple[int, ...]] = [()]
    aliases = [p.alias for p in rule.patterns]
    for pattern in rule.patterns:
        rows = [
            (*row, place)
            for row in rows
            for place, fact in enumerate(facts)
            if place not in row and fills(pattern, fact, {a: facts[p] for a, p in zip(aliases, row, strict=False)})
        ]
    return sorted(rows)


def holds(rule: Rule, facts: Sequence[Fact]) -> bool:
    """Whether these facts, one for each pattern in order, fill the patterns; that they differ is not asked."""
    earlier: dict[str, Fact] = {}
    for pattern, fact in zip(rule.patterns, facts, strict=True):
        if not fills(pattern, fact, earlier):
            return False
        earlier[pattern.alias] = fact
    return True


def fills(pattern: Pattern, fact: Fact, earlier: Mapping[str, Fact]) -> bool:
    """Whether a fact fills a pattern, where those fill the patterns before it."""
    for test in pattern.tests:
        if not (joined(test, fact, earlier) if isinstance(test, Join) else passes(test, fact)):
            return False
    return not pattern.any_of or any(all(passes(t, fact) for t in branch) for branch in pattern.any_of)


def alone(pattern: Pattern, fact: Fact) -> bool:
    """Whether a fact passes the literal tests of a pattern, and a branch if it has branches."""
    for test in pattern.tests:
        if not isinstance(test, Join) and not passes(test, fact):
            return False
    return not pattern.any_of or any(all(passes(t, fact) for t in branch) for branch in pattern.any_of)


def passes(test: LiteralTest, fact: Fact) -> bool:
    """Whether a fact passes a literal test; a comparison with what is not there is false, `!=` too."""
    match test:
        case Compare(name, relation, value):
            return name in fact and compare(fact[name], relation, value)
        case Exists(name):
            return name in fact
        case Missing(name):
            return name not in fact
        case _:
            assert_never(test)


def joined(join: Join, fact: Fact, earlier: Mapping[str, Fact]) -> bool:
    """Whether a fact passes a join; only whole numbers can be added to."""
    before = earlier[join.alias]
    if join.name not in fact or join.other not in before:
        return False
    mine, others = fact[join.name], before[join.other]
    if join.plus:
        if type(mine) is not int or type(others) is not int:
            return False
        others += join.plus
    return compare(mine, join.relation, others)


def compare(left: Value, relation: Relation, right: Value) -> bool:
    """Compare by kind: text, numbers and truths are never equal to each other nor ordered, and truths have no order."""
    if type(left) is not type(right):
        return relation == "!="
    match relation:
        case "==":
            return left == right
        case "!=":
            return left != right
    if isinstance(left, bool):
        return False
    return _ordered(left, relation, right)


def _ordered(left: Any, relation: Relation, right: Any) -> bool:
    """Compare two texts, by the numbers of their characters, or two numbers."""
    match relation:
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)
