"""Random conditions over the names of a world, short ones first."""

from decimal import Decimal
from typing import Unpack

from hypothesis import strategies as st

from attendance.model import conditions as c
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.testing.picking import Draw, below, one_in, pick, refuse_others, some
from attendance.testing.world import Wanted, World, completed, refuse_strangers

SHARES = tuple(map(Decimal, ("50", "100", "25", "33.3", "66.7", "0")))
QUOTAS = tuple(map(Decimal, ("1", "2", "3", "0.5", "1.5", "0")))
RELATIONS: tuple[c.Relation, ...] = ("at least", "at most", "exactly")
LEAVES = ("person",) * 6 + ("fact", "fact", "fact", "group", "gathering", "constant")
"""What a name is of: what is drawn does not hang on what there is, so that less of it can be tried when it fails."""
PARTS = ("leaf",) * 6 + ("count", "not", "and", "or", "quantity", "sum", "share", "not", "sum")
QUANTITIES: tuple[c.Quantity, ...] = ("any", "all", "a majority", "none")


def conditions(
    case: Case | None = None, *, about: str | None = None, depth: int = 2, **wanted: Unpack[Wanted]
) -> st.SearchStrategy[Condition]:
    """Conditions, nested so deep at most: over the names of a case, or over those that are wanted.

    With `about`, such as may be said of somebody: `others` are possible there. Raises QuestionError.
    """
    whole = completed(wanted)
    world = World.wanted(whole) if case is None else World.of(case, whole["signs"])
    refuse_strangers(() if about is None else (about,), world.people)
    refuse_others("depth", depth)
    return _conditions(world, about, depth)


@st.composite
def _conditions(draw: Draw, world: World, about: str | None, depth: int) -> Condition:
    return Writer(draw, world, about).condition(depth)


@st.composite
def _inner(draw: Draw, writer: "Writer", depth: int) -> Condition:
    writer.draw = draw
    return writer.condition(depth)


class Writer:
    """Draws conditions where they stand: over which names, of whom, at which gathering."""

    def __init__(self, draw: Draw, world: World, about: str | None = None, here: str | None = None) -> None:
        self.draw, self.world, self.about = draw, world.seen_by(about), about
        self.here = here or world.main
        self.people = self.world.named_at(self.here, about)
        self.mixed = world.signs == "mixed"

    def condition(self, depth: int) -> Condition:
        """A condition nested so deep at most."""
        match pick(self.draw, PARTS if depth else ("leaf",)):
            case "not" if self.mixed:
                return c.negation(self.deeper(depth))
            case "leaf" | "not":
                return self.leaf()
            case "and" | "or" as joint:
                parts = tuple(self.deeper(depth) for _ in range(2 + one_in(self.draw, 4)))
                return c.And(parts) if joint == "and" else c.Or(parts)
            case "quantity":
                return c.Quantifier(pick(self.draw, QUANTITIES[: 3 + self.mixed]), self.selection(depth))
            case "sum" if self.world.weights and (self.people or self.world.crowds):
                return self.sum()
            case kind:
                return self.tally(kind, depth)

    def deeper(self, depth: int) -> Condition:
        """A condition inside another: drawn as one thing, which can be replaced as one."""
        return self.draw(_inner(self, depth - 1))

    def leaf(self) -> Condition:
        """A name, somebody's most of the time."""
        world = self.world
        match pick(self.draw, LEAVES):
            case "fact" if world.facts:
                return c.Name(pick(self.draw, world.facts))
            case "group" if world.groups:
                return pick(self.draw, (c.Represented, c.Name))(pick(self.draw, world.groups))
            case "gathering" if world.crowds and len(world.counted) > 1:
                return c.Held(pick(self.draw, [g for g, _ in world.counted]))
            case kind if kind != "constant" and self.people:
                return c.Name(*pick(self.draw, self.people))
            case kind if kind != "constant" and world.facts:
                return c.Name(pick(self.draw, world.facts))
            case _:
                return c.Constant(not one_in(self.draw, 2))

    def quorum(self) -> Condition:
        """A condition for a gathering to be held: on those who come, never on a gathering."""
        of = self.selection(0)
        return c.Tally("at least", Decimal(pick(self.draw, [q for q in (1, 2) if q <= self.size(of)])), of)

    def tally(self, kind: str, depth: int) -> Condition:
        """A count or a share, compared."""
        relation, of = self.relation(), self.selection(depth)
        if kind == "share":
            return c.Tally(relation, pick(self.draw, SHARES), of, percent=True)
        quotas = [q for q in (1, 2, 0, 3) if q <= self.size(of) or relation == "at most"]
        return c.Tally(relation, Decimal(pick(self.draw, quotas)), of)

    def sum(self) -> Condition:
        """A sum of weights, compared with a number or with a share of the whole."""
        percent, of = one_in(self.draw, 2), self.selection(0)
        quota = pick(self.draw, SHARES if percent else QUOTAS)
        return c.Tally(self.relation(), quota, of, pick(self.draw, self.world.weights), percent)

    def relation(self) -> c.Relation:
        """At least, where all is positive."""
        return pick(self.draw, RELATIONS) if self.mixed else "at least"

    def size(self, of: c.Selection) -> int:
        """The greatest quota that is not refused: the length of a list whose size is plain."""
        plain = all(isinstance(i, Condition) and getattr(i, "name", None) not in self.world.groups for i in of.items)
        return len(set(of.items)) if plain else 3

    def selection(self, depth: int) -> c.Selection:
        """A crowd, or a list of people, groups and, with some depth left, deeper conditions."""
        crowds: list[c.Crowd] = []
        if self.world.crowds:
            crowds = [c.Crowd("others"), c.Crowd("everyone")] if self.about else [c.Crowd("everyone")]
        people: list[c.Member] = [c.Name(*each) for each in self.people]
        people += [c.Name(g) for g in self.world.groups]
        if crowds and (not people or self.draw(below(3)) == 2):
            return c.Selection((pick(self.draw, crowds),))
        if not people:
            return c.Selection((self.leaf(),)) if depth else c.Selection((c.Crowd("everyone"),))
        items = list(some(self.draw, people, 3, least=min(2, len(people))))
        if depth > 1 and one_in(self.draw, 5):
            items.append(self.deeper(depth - 1))
        return c.Selection(tuple(items))
