"""What a page tells: everything asked of a case in a scenario, before a word of it is markup."""

import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Unpack

from attendance.compiler import Compiled
from attendance.errors import ImpossibleScenario, ResolutionTimeout
from attendance.markup.diagram import Diagram
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.model.positions import in_force, said, touched
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.statements import Statement
from attendance.questions.asking import Asked, ask
from attendance.questions.graph import Graph, drawn
from attendance.questions.resolve import Resolution, resolution
from attendance.questions.speech import Speech
from attendance.questions.timeline import Timeline, timeline
from attendance.questions.why import Explanation, explanation

EXPLAINED = 150
"""Unless told otherwise, up to this many verdicts are explained, and as many changes of verdicts."""
WORK = 500_000
"""And so many fewer in a large case that their number times the square of the people stays below this."""

LONELY = 20
"""More people than these, whom no arrow touches, are left out of the picture."""


@dataclass(frozen=True)
class Base:
    """What switches are turned upon: the case as it stands, or one of its scenarios.

    It has no resolution where nothing can meet it, or where it took too long to answer: its trouble says which.
    """

    scenario: Scenario
    asked: Asked
    resolution: Resolution | None
    trouble: ImpossibleScenario | ResolutionTimeout | None = None

    @property
    def late(self) -> bool:
        """Whether the time limit passed before there was an answer."""
        return isinstance(self.trouble, ResolutionTimeout)

    @property
    def id(self) -> str:
        """The name of the scenario; empty for the case as it stands."""
        return self.scenario.id or ""

    @property
    def title(self) -> str:
        """The scenario in words."""
        if self.id:
            return self.scenario.name or self.id
        return "Without a scenario" if str(self.scenario) else "The case as it stands"

    @cached_property
    def standing(self) -> dict[Attendance, list[Statement]]:
        """The statements in force about each attendance, those that send somebody there among them."""
        case, found = self.asked.compiled.case, dict[Attendance, list[Statement]]()
        for statement in in_force(case, self.scenario):
            own = Attendance(statement.who, statement.at or case.roster.main)
            for about in dict.fromkeys((own, *touched(case, statement))):
                found.setdefault(about, []).append(statement)
        return found


@dataclass(frozen=True)
class Told:
    """The answers of a page. `file` and `options` are how the command line is asked for more."""

    case: Case
    file: str
    options: tuple[str, ...]
    bases: tuple[Base, ...]
    start: int
    reasons: Mapping[Attendance, Explanation]
    moments: Timeline | None
    explained: bool

    @property
    def base(self) -> Base:
        """The scenario that the page is about."""
        return self.bases[self.start]

    @property
    def scenario(self) -> Scenario:
        """The same with all that the call supposes."""
        return self.base.scenario

    @cached_property
    def resolution(self) -> Resolution:
        """The verdicts that the page is about."""
        assert self.base.resolution is not None, "refused before"
        return self.base.resolution

    @property
    def compiled(self) -> Compiled:
        """Its network, with names."""
        return self.base.asked.compiled

    @cached_property
    def speech(self) -> Speech:
        """Its names in words."""
        return Speech(self.compiled)

    @cached_property
    def graph(self) -> Graph:
        """Who depends on whom."""
        return drawn(self.base.asked, self.resolution)

    @cached_property
    def boxed(self) -> dict[int, int]:
        """The number of the box of each vertex of the graph; of very many, those that no arrow touches have none."""
        touched_ = {end for arrow in self.graph.arrows for end in (arrow.tail, arrow.head)}
        every = range(len(self.graph.vertices))
        kept = every if len(every) - len(touched_) <= LONELY else sorted(touched_)
        return {vertex: box for box, vertex in enumerate(kept)}

    @cached_property
    def diagram(self) -> Diagram:
        """The picture of the graph, of those who have a box."""
        whole = self.graph.diagram
        arrows = (replace(a, tail=self.boxed[a.tail], head=self.boxed[a.head]) for a in whole.arrows)
        return replace(whole, boxes=tuple(whole.boxes[v] for v in self.boxed), arrows=tuple(arrows))

    @cached_property
    def everything(self) -> tuple[Statement, ...]:
        """All statements of the case, and those that the scenario adds."""
        known = {s.id for s in self.case.statements}
        return (*self.case.statements, *(s for s in said(self.case, self.scenario) if s.id not in known))

    def states(self, base: Base) -> dict[str, str]:
        """What is told of statements and rules that do not stand in a scenario, by their ids."""
        known = {s.id for s in said(self.case, base.scenario)}
        standing = {s.id for s in in_force(self.case, base.scenario)}
        every = (str(s.id) for s in self.everything if s.id not in standing)
        fallen = {id_: "superseded" if id_ in known else "not counted here" for id_ in every}
        return fallen | {str(r.id): "not counted here" for r in self.case.rules if r.id in base.scenario.withdraw}

    def command(self, question: str, *words: str, base: Base | None = None) -> str:
        """How the command line is asked, of the page's scenario unless another is given."""
        id_ = (base or self.base).id
        scenario = ("--scenario", id_) if id_ else ()
        return shlex.join(["attendance", question, self.file, *words, *scenario, *self.options])


def tell(
    case: Case,
    *,
    file: str = "FILE",
    scenario: str | None = None,
    reasons: int | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Told:
    """All that a page tells of a case in a scenario; `reasons` is how many verdicts it explains at most.

    Unless given that is as many as can be found while somebody waits. Raises as `resolve` does.
    """
    names = ["", *(str(s.id) for s in case.scenarios)]
    case.scenario(scenario)  # whether there is one of that name
    bases = tuple(_base(case, name, parts, engine, time_limit) for name in names)
    start = names.index(scenario or "")
    base = bases[start]
    if base.resolution is None:
        raise base.trouble or AssertionError("what has no answer has its reason")
    found = base.resolution
    if time_limit is not None:  # the others have used up its time
        base = replace(base, asked=ask(case, names[start], parts, engine, time_limit))
        bases = (*bases[:start], base, *bases[start + 1 :])
    people = len(found.verdicts)
    allowed = min(EXPLAINED, WORK // max(1, people * people)) if reasons is None else reasons
    moments, explained = _moments(case, allowed, scenario=scenario, engine=engine, time_limit=time_limit, **parts)
    return Told(
        case=case,
        file=file,
        options=_options(parts, engine),
        bases=bases,
        start=start,
        reasons=_reasons(base, found, allowed),
        moments=moments,
        explained=explained,
    )


def _base(case: Case, name: str, parts: ScenarioParts, engine: str, time_limit: float | None) -> Base:
    asked = ask(case, name, parts, engine, time_limit)
    try:
        found = resolution(asked)
    except (ImpossibleScenario, ResolutionTimeout) as error:
        return Base(asked.compiled.scenario, asked, None, error)
    return Base(asked.compiled.scenario, asked, found)


def _reasons(base: Base, found: Resolution, allowed: int) -> dict[Attendance, Explanation]:
    """The reasons of as many verdicts as are wanted, and as the time allows."""
    reasons: dict[Attendance, Explanation] = {}
    with suppress(ResolutionTimeout):
        for about in [*found.verdicts][:allowed]:
            reasons[about] = explanation(base.asked, found, about)
    return reasons


def _moments(case: Case, allowed: int, **question: Any) -> tuple[Timeline | None, bool]:
    """The case replayed, and whether its changes are explained; None where a moment has no outcome, or no time."""
    try:
        found = timeline(case, **question)
        explained = sum(len(entry.changes) for entry in found) <= allowed
    except (ImpossibleScenario, ResolutionTimeout):
        return None, False
    if explained:
        with suppress(ResolutionTimeout):
            return timeline(case, reasons=True, **question), True
    return found, False


def _options(parts: ScenarioParts, engine: str) -> tuple[str, ...]:
    """The parts of a scenario as the command line takes them."""
    words: list[str] = []
    for key, value in (parts.get("assume") or {}).items():
        words += ["--assume", f"{key}={'yes' if value is True else 'no' if value is False else value}"]
    for key in ("given", "add", "withdraw", "believe", "disbelieve"):
        several = parts.get(key) or ()
        for one in (several,) if isinstance(several, str) else several:  # type: ignore[attr-defined]
            words += [f"--{key}", getattr(one, "text", None) or str(one)]
    words += ["--as-of", str(parts["as_of"])] if parts.get("as_of") else []
    words += ["--literal"] if parts.get("reading") == "literal" else []
    words += ["--founded"] if parts.get("founded") else []
    return (*words, *(["--engine", engine] if engine != "auto" else []))
