"""On whom a goal turns: how often each makes the difference (Banzhaf, Shapley-Shubik), and who holds a veto."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from math import factorial
from typing import Any, Unpack, assert_never

from attendance.compiler import compile_case
from attendance.engines.deadline import Deadline
from attendance.errors import QuestionError, ResolutionTimeout, UnknownName, did_you_mean, shown
from attendance.formats.tables import Table, Tabular
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.outcome import Frozen, Key, find_attendance, find_fact
from attendance.model.participants import Attendance
from attendance.model.roster import assumed_place
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.questions import coalitions, quotas
from attendance.questions.asking import Asked, ask, several
from attendance.questions.asking import goal as goal_of
from attendance.questions.coalitions import Counted, Plane
from attendance.questions.diagrams import Diagram, TooWide
from attendance.questions.games import Frame, Game, frame, game, obstacle
from attendance.questions.quotas import Quota, quota
from attendance.questions.tables import PivotRow

TABLED, TRIED = 16, 12
"""The most players whose sets are all tried: in one table, and one by one."""


@dataclass(frozen=True, slots=True)
class Pivot:
    """How often the goal turns on one player.

    `swings` are the sets of the others that win with them and not without, less those that win
    without them and not with; `banzhaf` is their share of all sets of the others, `share` their
    share of everybody's swings (0 if nobody has any), `shapley` the Shapley-Shubik index. With a
    `veto` nothing wins without them; a `dictator` alone decides.
    """

    swings: int
    banzhaf: Fraction
    shapley: Fraction
    share: Fraction
    veto: bool
    dictator: bool

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; fractions as text, exact."""
        return {
            "swings": self.swings,
            "banzhaf": str(self.banzhaf),
            "shapley": str(self.shapley),
            "share": str(self.share),
            "veto": self.veto,
            "dictator": self.dictator,
        }

    def __str__(self) -> str:
        power = " ".join(f"{float(x):9.5f}" for x in (self.banzhaf, self.shapley, self.share))
        return power + ("  dictator" if self.dictator else "  veto" if self.veto else "")


@dataclass(frozen=True)
class Pivots(Mapping[str, Pivot], Tabular[PivotRow]):
    """The power of each player over a goal: `p["russia"]`. `winning` of all sets of players bring it about."""

    case: str
    scenario: str
    goal: str
    winning: int
    pivots: Frozen[str, Pivot]
    names: Frozen[str, Attendance | str]
    warnings: tuple[str, ...]
    main: str
    source: Game | Quota | Plane = field(repr=False, compare=False)

    @property
    def players(self) -> tuple[str, ...]:
        """The players, in the order of the case: attendances, then facts."""
        return tuple(self.pivots)

    def __getitem__(self, key: Key) -> Pivot:
        fact = find_fact(self.pivots, key)
        if fact is not None:
            return self.pivots[fact]
        known = {name: text for text, name in self.names.items() if isinstance(name, Attendance)}
        try:
            return self.pivots[known[find_attendance(known, key, self.main)]]
        except UnknownName as error:
            hint = did_you_mean(error.name, dict.fromkeys([*self.pivots, *(a.participant for a in known)]))
            raise UnknownName(f"{shown(key)} is not among the players", error.name, hint) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.pivots)

    def __len__(self) -> int:
        return len(self.pivots)

    def minimal_winning(
        self, limit: int | None = None, *, time_limit: float | None = None
    ) -> Iterator[tuple[str, ...]]:
        """The winning sets of which no proper part wins, fewest first; found as they are asked for.

        The order within a size is always the same. Raises ResolutionTimeout, QuestionError.
        """
        if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 0):
            raise QuestionError(f"a limit is a whole number from 0 up, not {shown(limit)}")
        deadline, source = Deadline.after(time_limit), self.source
        names = self.players
        sets: Iterator[tuple[int, ...]]
        match source:
            case Plane():
                sets = coalitions.minimal_listed(source, deadline)
            case Quota():
                sets = quotas.minimal(source, deadline)
            case Game():
                sets = coalitions.minimal(Diagram(source, deadline))
            case _:
                assert_never(source)
        return islice((tuple(names[i] for i in players) for players in sets), limit)

    @property
    def table(self) -> Table[PivotRow]:
        """A row for each player."""
        rows = (
            PivotRow(name, float(p.banzhaf), float(p.shapley), float(p.share), p.veto, p.dictator)
            for name, p in self.items()
        )
        return Table(PivotRow, tuple(rows))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; fractions as text, exact."""
        return {
            "case": self.case,
            "scenario": self.scenario,
            "goal": self.goal,
            "winning": self.winning,
            "pivots": {name: pivot.to_dict() for name, pivot in self.pivots.items()},
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        width = max(map(len, self.players), default=0)
        rows = [f"{name:{width}} {pivot}" for name, pivot in self.pivots.items()]
        head = [f"{'':{width}}   Banzhaf   Shapley     share"] if rows else []
        return "\n".join([f"{self.goal}: so it is in {self.winning} of {1 << len(rows)} cases", *head, *rows])


def pivots(
    case: Case,
    goal: str | Condition,
    *,
    scenario: str | Scenario | None = None,
    over: Iterable[Key] | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Pivots:
    """How often a goal turns on each player: a set of them wins if, with these assumed and the rest not, it holds.

    It must hold in every outcome, or every one of the minimum repairs. Where nothing can meet what
    is given, a set does not win. Players are those named in `over`, else the attendances without a
    statement in force or with the choice, and the unknown facts. A goal that hangs on the players by
    counts, sums and conditions without circles is counted, whatever their number; for another one
    all sets are tried, and too many are refused. Everything is exact.

    Raises as `resolve` does, LanguageError, UnknownName, and QuestionError.
    """
    aim = goal_of(case, goal)
    asked = ask(case, scenario, parts, engine, time_limit, [aim])
    try:
        return _pivots(asked, aim, over)
    except ResolutionTimeout as error:
        raise error if isinstance(error.known, Frozen) else asked.late(error) from None


def _pivots(asked: Asked, aim: Condition, over: Iterable[Key] | None) -> Pivots:
    compiled = asked.compiled
    asked.solution  # noqa: B018 - whatever is wrong with the scenario or the engine shows here
    players = _open(asked) if over is None else _named(asked, over)
    if any(compiled.network.fixed[p] is not None for p in players):  # a fact that is known
        compiled = compile_case(compiled.case, compiled.scenario, [aim], fold=False, tick=asked.deadline.check)
    framed = frame(compiled.network, players, compiled.goals[0])
    source, counted = _counted(framed, asked)
    main = compiled.case.roster.main
    names = [asked.key(p) for p in players]
    return Pivots(
        case=compiled.case.title,
        scenario=compiled.scenario.id or "",
        goal=str(aim),
        winning=sum(counted.winning),
        pivots=Frozen(zip(names, _powers(counted), strict=True)),
        names=Frozen(zip(names, map(compiled.name, players), strict=True)),
        warnings=compiled.warnings,
        main=main,
        source=source,
    )


def _open(asked: Asked) -> tuple[int, ...]:
    """The attendances that are unstated or open, and the unknown facts."""
    network, choices = asked.compiled.network, asked.compiled.choices
    can = asked.solution.possible_all([*choices.values()])
    open_ = {x for x, (possible, _) in zip(choices, can, strict=True) if possible}
    silent = {x for x, stance in enumerate(network.stances) if not stance.parts}
    facts = set(range(network.attendances, network.atoms))
    return tuple(a for a in sorted(open_ | silent | facts) if network.fixed[a] is None)


def _named(asked: Asked, over: Iterable[Key]) -> tuple[int, ...]:
    """The players of those names, none of them assumed."""
    compiled = asked.compiled
    players = asked.atoms(several(over, "over"))
    places = (assumed_place(compiled.case.roster, key) for key, _ in compiled.scenario.assume)
    assumed = {place.name for place in places if place is not None}
    for p in players:
        fixed, people = compiled.network.fixed[p] is not None, len(compiled.attendances)
        if fixed and (p < people or compiled.name(p) in assumed):
            raise QuestionError(f"{compiled.name(p)} is assumed already\n    leave it out of over, or do not assume it")
    return players


def _counted(framed: Frame, asked: Asked) -> tuple[Game | Quota | Plane, Counted]:
    """The game counted by generating functions or as a diagram where that can be, else listed."""
    reason = obstacle(framed)
    if reason is None:
        source = game(framed)
        single = quota(source)
        if single is not None and single.quick:
            return single, quotas.count(single, asked.deadline)
        try:
            return source, coalitions.count(Diagram(source, asked.deadline))
        except TooWide:
            if single is not None and single.fits:
                return single, quotas.count(single, asked.deadline)
            reason = "too many of its sums differ"
    most = TABLED if framed.network.atoms <= TABLED and asked.engine in ("auto", "tables") else TRIED
    if len(framed.players) > most:
        raise QuestionError(
            f"the goal cannot be counted: {reason}; every set of players would have to be tried, "
            f"and {len(framed.players)} are too many\n    name at most {most} of them with over=[...]"
        )
    plane = coalitions.listed(framed, asked.engine, asked.deadline)
    return plane, coalitions.count_listed(plane)


def _powers(counted: Counted) -> Iterator[Pivot]:
    """The power of each player, of what is counted."""
    players, winning = len(counted.with_), sum(counted.winning)
    ways = [Fraction(factorial(s) * factorial(players - s - 1), factorial(players)) for s in range(players)]
    swings = [2 * sum(inside) - winning for inside in counted.with_]
    whole = sum(map(abs, swings))
    for inside, own in zip(counted.with_, swings, strict=True):
        gained = [inside[s + 1] - (counted.winning[s] - inside[s]) for s in range(players)]
        yield Pivot(
            swings=own,
            banzhaf=Fraction(own, 1 << (players - 1)),
            shapley=sum((g * w for g, w in zip(gained, ways, strict=True)), Fraction(0)),
            share=Fraction(own, whole) if whole else Fraction(0),
            veto=winning > 0 and sum(inside) == winning,
            dictator=sum(inside) == winning == 1 << (players - 1),
        )
