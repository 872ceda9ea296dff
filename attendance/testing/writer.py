"""Random conditions over the names of a world, short ones first."""

from decimal import Decimal
from typing import Unpack

from hypothesis import strategies as st

from attendance.model import conditions as c
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.testing.picking import Draw, below, one_in, pick, some
from attendance.testing.world import Wanted, World, completed

SHARES = tuple(map(Decimal, ("50", "100", "25", "33.3", "66.7", "0")))
QUOTAS = tuple(map(Decimal, ("1", "2", "3", "0.5", "1.5", "0")))
RELATIONS: tuple[c.Relation, ...] = ("at least", "at most", "exactly")
QUANTITIES: tuple[c.Quantity, ...] = ("any", "all", "a majority", "none")


def conditions(
    case: Case | None = None, *, about: str | None = None, depth: int = 2, **wanted: Unpack[Wanted]
) -> st.SearchStrategy[Condition]:
    """Conditions, nested so deep at most: over the names of a case, or over those that are wanted.

    With `about`, such as may be said of somebody: `others` are possible there.
    """
    whole = completed(wanted)
    world = World.wanted(whole) if case is None else World.of(case, whole["signs"])
    return _conditions(world, about, depth)


@st.composite
def _conditions(draw: Draw, world: World, about: str | None, depth: int) -> Condition:
    return Writer(draw, world, about).condition(depth)


class Writer:
    """Draws conditions where they stand: over which names, of whom, at which gathering."""

    def __init__(self, draw: Draw, world: World, about: str | None = None, here: str | None = None) -> None:
        self.draw, self.world, self.about = draw, world.seen_by(about), about
        self.here = here or world.main
        self.people = self.world.named_at(self.here, about)
        self.mixed = world.signs == "mixed"

    def condition(self, depth: int) -> Condition:
        """A condition nested so deep at most."""
        inner = ("count", "and", "or", "quantity", "share", *("sum",) * bool(self.world.weights))
        inner = (*inner, *("not", "not") * self.mixed)
        match pick(self.draw, (*("leaf",) * 5, *inner * (depth > 0))):
            case "leaf":
                return self.leaf()
            case "not":
                return c.negation(self.condition(depth - 1))
            case "and" | "or" as joint:
                parts = tuple(self.condition(depth - 1) for _ in range(2 + one_in(self.draw, 4)))
                return c.And(parts) if joint == "and" else c.Or(parts)
            case "quantity":
                return c.Quantifier(pick(self.draw, QUANTITIES[: 3 + self.mixed]), self.selection(depth))
            case kind:
                return self.tally(kind, depth)

    def leaf(self) -> Condition:
        """A name, somebody's most of the time."""
        world = self.world
        kinds = (
            ["person"] * (6 * bool(self.people)) + ["fact"] * (2 * bool(world.facts)) + ["group"] * bool(world.groups)
        )
        kinds += ["gathering"] * (world.crowds and len(world.counted) > 1)
        match pick(self.draw, [*kinds, "constant"]):
            case "person":
                return c.Name(*pick(self.draw, self.people))
            case "fact":
                return c.Name(pick(self.draw, world.facts))
            case "group":
                return pick(self.draw, (c.Represented, c.Name))(pick(self.draw, world.groups))
            case "gathering":
                return c.Held(pick(self.draw, [g for g, _ in world.counted]))
            case _:
                return c.Constant(not one_in(self.draw, 2))

    def quorum(self) -> Condition:
        """A condition for a gathering to be held: on those who come, never on a gathering."""
        of = self.selection(0)
        return c.Tally("at least", Decimal(pick(self.draw, [q for q in (1, 2) if q <= self.size(of)])), of)

    def tally(self, kind: str, depth: int) -> Condition:
        """A count, a share, or a sum of weights, compared."""
        relation = pick(self.draw, RELATIONS) if self.mixed else "at least"
        if kind == "sum":
            percent, of = one_in(self.draw, 2), self.selection(0)
            quota = pick(self.draw, SHARES if percent else QUOTAS)
            return c.Tally(relation, quota, of, pick(self.draw, self.world.weights), percent)
        of = self.selection(depth)
        if kind == "share":
            return c.Tally(relation, pick(self.draw, SHARES), of, percent=True)
        quotas = [q for q in (1, 2, 0, 3) if q <= self.size(of) or relation == "at most"]
        return c.Tally(relation, Decimal(pick(self.draw, quotas)), of)

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
            items.append(self.condition(depth - 2))
        return c.Selection(tuple(items))
