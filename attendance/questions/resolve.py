"""Who attends: the verdict on every attendance, its cause where it is open, and what clashes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any, Unpack

from attendance.compiler import Compiled
from attendance.engines.solution import EITHER, Solution
from attendance.engines.solution import Conflict as Clashing
from attendance.errors import ResolutionTimeout
from attendance.formats.tables import Table, Tabular
from attendance.markup.diagram import TONES, Arrow, Box, Diagram
from attendance.markup.html import Html, badge, element, section
from attendance.markup.html import table as html_table
from attendance.markup.pictured import Pictured
from attendance.model.case import Case
from attendance.model.outcome import Frozen, Key, Verdict, find_attendance, verdict
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.questions.asking import Asked, ask
from attendance.questions.circles import circles
from attendance.questions.tables import VerdictRow

VERDICTS = {(can, cannot): verdict(can, cannot) for can in (True, False) for cannot in (True, False)}
"""The verdict of what can be, looked up."""


FACTS = {True: "holds", False: "does not hold", None: "unknown"}
"""Whether a fact holds, in words."""


class Held(StrEnum):
    """Whether a gathering takes place in every outcome, in none, or in some."""

    HELD = "held"
    NOT_HELD = "not held"
    UNDETERMINED = "undetermined"


class Reason(StrEnum):
    """Why a verdict is undetermined, the first that fits."""

    CONFLICT = "conflict"
    UNSTATED = "unstated"
    OPEN = "open"
    COORDINATION = "coordination"
    FACT = "fact"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Cause:
    """The cause of an undetermined verdict, and the names that it hangs on.

    For a coordination those of the circle, for a fact or a dependence those undetermined in the bounds.
    """

    cause: Reason
    on: tuple[Attendance | str, ...] = ()

    def __str__(self) -> str:
        return str(self.cause)


@dataclass(frozen=True, slots=True)
class GatheringResult:
    """Whether a gathering is held, and the fewest and the most who attend it."""

    held: Held
    turnout: tuple[int, int]

    @property
    def coming(self) -> str:
        """How many attend, in words."""
        least, most = self.turnout
        if least != most:
            return f"{least} to {most} attend"
        return "nobody attends" if most == 0 else "1 attends" if most == 1 else f"{most} attend"

    def __str__(self) -> str:
        return f"{self.held}, {self.coming}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A connected part without an outcome: whom its clashing statements are about, and how it is mended.

    `clashes` are the minimal sets of ids that cannot stand together, `repairs` the minimum sets to
    set aside; `complete` says whether these are all.
    """

    participants: tuple[str, ...]
    clashes: tuple[tuple[str, ...], ...]
    complete: bool
    repairs: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "participants": list(self.participants),
            "clashes": [list(c) for c in self.clashes],
            "repairs": [list(r) for r in self.repairs],
            "complete": self.complete,
        }


@dataclass(frozen=True)
class Resolution(Pictured, Tabular[VerdictRow]):
    """The verdicts on a case in a scenario: `r["putin"]`, `r["putin", "ankara"]`."""

    case: str
    scenario: str
    verdicts: Frozen[Attendance, Verdict]
    causes: Frozen[Attendance, Cause]
    gatherings: Frozen[str, GatheringResult]
    facts: Frozen[str, bool | None]
    conflicts: tuple[Conflict, ...]
    warnings: tuple[str, ...]
    main: str

    def __getitem__(self, key: Key) -> Verdict:
        return self.verdicts[self.attendance(key)]

    def attendance(self, key: Key) -> Attendance:
        """Whom a key means. Raises UnknownName."""
        return find_attendance(self.verdicts, key, self.main)

    @property
    def consistent(self) -> bool:
        """Whether the statements can all be kept."""
        return not self.conflicts

    @property
    def repairs(self) -> Iterator[tuple[str, ...]]:
        """Each minimum repair of the whole: one of each conflict, put together."""
        for parts in product(*(c.repairs for c in self.conflicts)):
            yield tuple(name for part in parts for name in part)

    @property
    def table(self) -> Table[VerdictRow]:
        """A row for each attendance."""
        causes = {a: str(cause) for a, cause in self.causes.items()}
        rows = (
            VerdictRow(self.scenario, a.gathering, a.participant, str(v), causes.get(a))
            for a, v in self.verdicts.items()
        )
        return Table(VerdictRow, tuple(rows))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: verdicts and causes by gathering and participant."""
        return {
            "case": self.case,
            "scenario": self.scenario,
            "consistent": self.consistent,
            "verdicts": _nested(self.gatherings, {a: str(v) for a, v in self.verdicts.items()}),
            "causes": _nested(
                self.gatherings,
                {a: {"cause": str(c.cause), "on": [_name(n, self.main) for n in c.on]} for a, c in self.causes.items()},
            ),
            "gatherings": {g: {"held": str(r.held), "turnout": list(r.turnout)} for g, r in self.gatherings.items()},
            "facts": dict(self.facts),
            "conflicts": [c.to_dict() for c in self.conflicts],
            "warnings": list(self.warnings),
        }

    @property
    def headline(self) -> str:
        """The case, and the scenario that it was asked in."""
        return ", ".join(filter(None, (self.case, self.scenario))) or "Who attends"

    @property
    def diagram(self) -> Diagram:
        """Everybody in a box of their verdict, framed by gathering; arrows from what an undetermined one hangs on."""
        frames = {g: i for i, g in enumerate(self.gatherings)}
        things: dict[Attendance | str, Box] = {
            a: Box(
                (a.participant, f"{v}{_because(self.causes.get(a))}"), "attendance", TONES[v], frame=frames[a.gathering]
            )
            for a, v in self.verdicts.items()
        }
        for fact, value in self.facts.items():
            things[fact] = Box((fact, FACTS[value]), "fact", TONES[FACTS[value]], "oval")
        number = {thing: i for i, thing in enumerate(things)}
        arrows = (Arrow(number[on], number[a]) for a, c in self.causes.items() for on in c.on if on != a)
        held = tuple(f"{g}: {result}" for g, result in self.gatherings.items())
        return Diagram("resolution", self.headline, tuple(things.values()), tuple(arrows), held)

    def html(self) -> Html:
        """The verdicts as a table, under it what clashes, and whether each gathering is held."""
        rows = [
            (_name(a, self.main), badge(v, TONES[v]), str(self.causes.get(a, ""))) for a, v in self.verdicts.items()
        ]
        columns = slice(3 if self.causes else 2)
        notes = [f"{g}: {result}" for g, result in self.gatherings.items()]
        return section(
            html_table(("who", "verdict", "because")[columns], (row[columns] for row in rows), self.headline),
            *(element("p", note) for note in [*notes, *self._clashing()]),
        )

    def _clashing(self) -> list[str]:
        return ["these cannot all stand: " + ", ".join(c) for conflict in self.conflicts for c in conflict.clashes]

    def __str__(self) -> str:
        width = max((len(_name(a, self.main)) for a in self.verdicts), default=0)
        rows = [f"{_name(a, self.main):{width}}  {v}{_because(self.causes.get(a))}" for a, v in self.verdicts.items()]
        return "\n".join([*rows, *self._clashing()])


def resolve(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Resolution:
    """Who attends: the verdicts over every outcome, or over those of the minimum repairs.

    Raises CaseError or UnknownName where the scenario is wrong, ImpossibleScenario where nothing
    can meet it, EngineError, and ResolutionTimeout after `time_limit` seconds.
    """
    return resolution(ask(case, scenario, parts, engine, time_limit))


def resolution(asked: Asked) -> Resolution:
    """The resolution of a question already put."""
    try:
        return _resolution(asked)
    except ResolutionTimeout as error:
        raise error if isinstance(error.known, Frozen) else asked.late(error) from None


def _resolution(asked: Asked) -> Resolution:
    compiled, solution = asked.compiled, asked.solution
    people = len(compiled.attendances)
    verdicts = zip(compiled.attendances, map(VERDICTS.__getitem__, solution.atoms[:people]), strict=True)
    found = solution.conflicts()
    return Resolution(
        case=compiled.case.title,
        scenario=compiled.scenario.id or "",
        verdicts=Frozen(verdicts),
        causes=Frozen(causes(compiled, solution, found)),
        gatherings=Frozen(
            (g, GatheringResult(held(*solution.possible(q)), solution.turnout(compiled.crowds[g])))
            for g, q in compiled.held.items()
        ),
        facts=Frozen(
            (f, None if can and cannot else can)
            for f, (can, cannot) in zip(compiled.facts, solution.atoms[people:], strict=True)
        ),
        conflicts=tuple(_conflicts(compiled, found)),
        warnings=compiled.warnings,
        main=compiled.case.roster.main,
    )


def held(can: bool, cannot: bool) -> Held:
    """Whether a gathering is held, of what its condition can be."""
    if can and cannot:
        return Held.UNDETERMINED
    return Held.HELD if can else Held.NOT_HELD


def verdicts_of(
    solution: Solution, people: int, gatherings: Mapping[str, int]
) -> tuple[tuple[Verdict, ...], dict[str, Held]]:
    """The verdicts on so many attendances, and whether each gathering is held, of its literal."""
    verdicts = tuple(map(VERDICTS.__getitem__, solution.atoms[:people]))
    stand = solution.possible_all([*gatherings.values()])
    return verdicts, {g: held(*possible) for g, possible in zip(gatherings, stand, strict=True)}


def causes(compiled: Compiled, solution: Solution, conflicts: Sequence[Clashing]) -> Iterator[tuple[Attendance, Cause]]:
    """The cause of every undetermined verdict, the first that fits."""
    open_ = {i for i, possible in enumerate(solution.atoms) if possible == EITHER}
    if not open_:
        return
    repaired = {name for c in conflicts for ids in c.repairs for name in ids}
    around = circles(compiled.network, open_)
    asked = [x for x in compiled.choices if x in open_]
    choice = dict(zip(asked, solution.possible_all([compiled.choices[x] for x in asked]), strict=True))
    told: dict[int, tuple[Attendance | str, ...]] = {}
    for i, attendance in enumerate(compiled.attendances):
        if i not in open_:
            continue
        solution.deadline.check()
        stance = compiled.network.stances[i]
        if any(p.statement in repaired for p in stance.parts):
            yield attendance, Cause(Reason.CONFLICT)
        elif not stance.parts:
            yield attendance, Cause(Reason.UNSTATED)
        elif i in choice and choice[i][0]:
            yield attendance, Cause(Reason.OPEN)
        elif i in around.of:
            circle = around.of[i]  # one object for all who are on it
            if id(circle) not in told:
                told[id(circle)] = tuple(map(compiled.name, circle))
            yield attendance, Cause(Reason.COORDINATION, told[id(circle)])
        else:
            names = [a for a in around.reads(i) if a in open_]
            facts_only = all(a >= len(compiled.attendances) for a in names)
            yield attendance, Cause(Reason.FACT if facts_only else Reason.DEPENDS, tuple(map(compiled.name, names)))


def _conflicts(compiled: Compiled, found: Sequence[Clashing]) -> Iterator[Conflict]:
    """Conflicts with their names in the order of the case."""
    if not found:
        return
    rules = [str(r.id) for r in compiled.case.rules]
    rank = {name: i for i, name in enumerate([*(str(s.id) for s in compiled.statements), *rules])}
    about: dict[str, list[int]] = {}
    for x, stance in enumerate(compiled.network.stances):
        for part in stance.parts:
            about.setdefault(part.statement, []).append(x)
    for conflict in found:
        clashing = {name for clash in conflict.clashes for name in clash}
        people = sorted({x for name in clashing for x in about.get(name, ())})
        yield _conflict(conflict, tuple(dict.fromkeys(compiled.attendances[x].participant for x in people)), rank)


def _conflict(found: Clashing, about: tuple[str, ...], rank: Mapping[str, int]) -> Conflict:
    return Conflict(
        participants=about,
        clashes=_ranked(found.clashes, rank),
        complete=found.complete,
        repairs=_ranked(found.repairs, rank),
    )


def _ranked(sets: Iterable[frozenset[str]], rank: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    ordered = [tuple(sorted(ids, key=rank.__getitem__)) for ids in sets]
    return tuple(sorted(ordered, key=lambda ids: (len(ids), [rank[i] for i in ids])))


def _nested(gatherings: Iterable[str], values: Mapping[Attendance, Any]) -> dict[str, dict[str, Any]]:
    nested: dict[str, dict[str, Any]] = {g: {} for g in gatherings}
    for attendance, value in values.items():
        nested[attendance.gathering][attendance.participant] = value
    return nested


def _name(thing: Attendance | str, main: str) -> str:
    if isinstance(thing, Attendance) and thing.gathering == main:
        return thing.participant
    return str(thing)


def _because(cause: Cause | None) -> str:
    if cause is None:
        return ""
    return f" ({cause})"
