"""What would it take: the least that must be assumed, of people and facts, for a goal to hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import lcm
from sys import maxsize
from typing import Any, Literal, Unpack

from attendance.engines.choosing import GREATEST
from attendance.engines.products import Lazy
from attendance.errors import QuestionError
from attendance.formats.tables import Table, Tabular
from attendance.model.case import Case
from attendance.model.conditions import Condition, Name, Not, placed_leaves
from attendance.model.outcome import Frozen, Key
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.values import parse_decimal, shown
from attendance.questions.asking import Asked, ask, several
from attendance.questions.asking import goal as goal_of
from attendance.questions.obstacles import obstacle
from attendance.questions.refuting import Mode
from attendance.questions.speech import listed
from attendance.questions.tables import RequirementRow
from attendance.questions.ways import Search

Set = Frozen[str, bool]
"""What is assumed, by name: it can be given back as `assume`."""
SHOWN = 20
"""Up to this many sets are printed."""


@dataclass(frozen=True, eq=False)
class Requirements(Tabular[RequirementRow]):
    """The minimal sets of assumptions with which a goal holds, fewest or cheapest first.

    They are found as they are asked for: `minimum` is there already, going through the answer finds
    one after the other, and `minimal_sets` finds them all, or as many as were asked for.
    """

    goal: Condition
    mode: Mode
    limit: int | None
    reason: str | None
    found: Lazy[Set]

    @property
    def possible(self) -> bool:
        """Whether anything does."""
        return self.minimum is not None

    @property
    def minimum(self) -> Set | None:
        """A set of least number, or of least cost; None where there is none."""
        return self.found.get(0)

    @cached_property
    def minimal_sets(self) -> tuple[Set, ...]:
        """All of them, or as many as were asked for."""
        return tuple(self)

    @property
    def complete(self) -> bool:
        """Whether these are all for sure: there are fewer than were asked for."""
        return self.limit is None or len(self.minimal_sets) < self.limit

    def __iter__(self) -> Iterator[Set]:
        index = 0
        while (found := self.found.get(index)) is not None:
            yield found
            index += 1

    def __bool__(self) -> bool:
        return self.possible

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Requirements) and self.__reduce__()[1] == other.__reduce__()[1]

    def __hash__(self) -> int:
        return hash((self.goal, self.mode, self.minimum))

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return _requirements, (self.goal, self.mode, self.limit, self.reason, self.minimal_sets)

    @property
    def table(self) -> Table[RequirementRow]:
        """A row for each assumption of each minimal set."""
        nothing = ((None, None),)
        sets = ((n, tuple(s.items()) or nothing) for n, s in enumerate(self.minimal_sets, 1))
        return Table(RequirementRow, tuple(RequirementRow(n, *pair) for n, pairs in sets for pair in pairs))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with all the sets."""
        return {
            "goal": str(self.goal),
            "mode": self.mode,
            "possible": self.possible,
            "minimum": None if self.minimum is None else dict(self.minimum),
            "minimal_sets": [dict(s) for s in self.minimal_sets],
            "complete": self.complete,
            "reason": self.reason,
        }

    def __str__(self) -> str:
        if self.reason is not None:
            return self.reason
        sets = list(islice(self, SHOWN + 1))
        return "\n".join([*map(told, sets[:SHOWN]), *["..."] * (len(sets) > SHOWN)])


def told(found: Set) -> str:
    """A set in a line: who must come, and who must stay away."""
    return ", ".join(name if value else f"not {name}" for name, value in found.items()) or "nothing: it holds already"


def _requirements(
    goal: Condition, mode: Mode, limit: int | None, reason: str | None, sets: Iterable[Set]
) -> Requirements:
    return Requirements(goal, mode, limit, reason, Lazy(iter(sets)))


def requirements(
    case: Case,
    goal: str | Condition,
    *,
    scenario: str | Scenario | None = None,
    over: Iterable[Key] | Key | None = None,
    forbid: Iterable[Key] | Key = (),
    mode: Literal["every", "some"] = "every",
    costs: Mapping[Key, Any] | None = None,
    limit: int | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Requirements:
    """The minimal sets of values of attendances and facts which, if assumed, make a goal hold.

    In every outcome, or with `mode="some"` in some; a set that makes a new conflict is no answer.
    `over` are the attendances and unknown facts that may be assumed: all that the scenario does not
    fix, but for the attendance that the goal itself consists of. `forbid` takes some off. `costs` are
    numbers from 0 up, exact ones, floats as they are written; what is not named costs 1. At most
    `limit` sets are found. The time limit runs from the call, for the sets that are asked for later too.

    Raises as `resolve` does, LanguageError, and UnknownName.
    """
    if mode not in ("every", "some"):
        raise QuestionError(f"the mode is 'every' or 'some', not {shown(mode)}")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise QuestionError(f"a limit is a whole number from 1 up, not {shown(limit)}")
    condition = goal_of(case, goal)
    asked = ask(case, scenario, parts, engine, time_limit, [condition])
    names = _candidates(asked, condition) if over is None else asked.atoms(several(over, "over"))
    for atom in names:
        if asked.compiled.network.fixed[atom] is not None:
            raise QuestionError(f"{asked.key(atom)} has its value already: leave it out of `over`")
    forbidden = set(asked.atoms(several(forbid, "forbid")))
    weights = None if costs is None else _costs(asked, names, costs)
    search = Search(asked.compiled.network, asked.compiled.goals[0], names, mode, weights, engine, asked.deadline)
    return _answer(asked, condition, search, forbidden, limit)


def _answer(asked: Asked, condition: Condition, search: Search, forbidden: set[int], limit: int | None) -> Requirements:
    allowed = search.without(forbidden)
    asked.solved(mend=True)  # an impossible scenario has no answer
    sets = islice(allowed.ways(), None if limit is None else min(limit, maxsize))
    found = Lazy(Frozen((asked.key(a), v) for a, v in way.items()) for way in sets)
    reason = None
    if found.get(0) is None:
        reason = " ".join([obstacle(asked, condition, search, forbidden), *_uncounted(asked, condition)])
    return Requirements(condition, search.mode, limit, reason, found)


def _uncounted(asked: Asked, condition: Condition) -> Iterator[str]:
    """Whom a goal names where they are not counted: it is about nobody there."""
    compiled, roster = asked.compiled, asked.compiled.case.roster
    leaves = ((leaf, gathering or roster.main) for gathering, leaf in placed_leaves(condition, roster.main))
    named = (Attendance(n.name, at) for n, at in leaves if isinstance(n, Name) and n.name in roster.participants)
    for missing in dict.fromkeys(a for a in named if a not in compiled.index):
        places = [a.gathering for a in compiled.attendances if a.participant == missing.participant]
        only = f", only at {listed(places)}" if places else ""
        yield f"{missing.participant} is not counted at {missing.gathering}{only}."


def _candidates(asked: Asked, condition: Condition) -> tuple[int, ...]:
    """Every atom that is not fixed, but for the attendance that the goal consists of."""
    while isinstance(condition, Not):
        condition = condition.of
    itself = None
    if isinstance(condition, Name):
        itself = asked.compiled.index.get(Attendance(condition.name, condition.at or asked.compiled.case.roster.main))
    return tuple(a for a, v in enumerate(asked.compiled.network.fixed) if v is None and a != itself)


def _costs(asked: Asked, over: tuple[int, ...], costs: Mapping[Key, Any]) -> dict[int, int]:
    """Whole numbers in the same proportions as the costs."""
    if not isinstance(costs, Mapping):
        raise QuestionError(f"costs are numbers by name, not {shown(costs)}")
    exact = dict.fromkeys(over, Fraction(1)) | asked.costs((key, cost_of(key, cost)) for key, cost in costs.items())
    unit = lcm(*(cost.denominator for cost in exact.values()))
    whole = {atom: int(cost * unit) for atom, cost in exact.items()}
    if sum(2 * (whole[a] * (len(over) + 1) + 1) for a in over) > GREATEST:
        raise QuestionError("the costs are too large, or too fine, to be added up: use smaller or rounder numbers")
    return whole


def cost_of(key: Key, cost: object) -> Fraction:
    """An exact cost from 0 up. Raises QuestionError."""
    try:
        if not isinstance(cost, Fraction) and not (isinstance(cost, str) and "/" in cost):
            return Fraction(parse_decimal(cost))
        exact = Fraction(cost)
        if exact < 0:
            raise ValueError("expected a number from 0 up")
        return exact
    except (ValueError, ZeroDivisionError) as error:
        raise QuestionError(f"the cost of {shown(key)}: {error}") from None
