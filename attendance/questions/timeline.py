"""The case replayed moment by moment: what was said, and whose verdict it changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Unpack

from attendance.compiler import SILENT, Compiler
from attendance.engines import Memory, solve
from attendance.errors import ImpossibleScenario, ResolutionTimeout
from attendance.formats.tables import Table, Tabular
from attendance.markup.diagram import TONES, Arrow, Box, Diagram
from attendance.markup.html import LINE, Html, badge, element, joined, section
from attendance.markup.html import table as html_table
from attendance.markup.pictured import Pictured
from attendance.model.case import Case
from attendance.model.draft import clock
from attendance.model.outcome import Verdict
from attendance.model.participants import Attendance
from attendance.model.positions import positions, replayed, touched
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.statements import Statement
from attendance.network import Stance
from attendance.questions.asking import Asked, ask, impossible
from attendance.questions.resolve import Held, Resolution, verdicts_of
from attendance.questions.scene import Scene
from attendance.questions.tables import TurnRow
from attendance.questions.why import Explanation

BEFORE = datetime.min.replace(tzinfo=UTC)
"""As of which only what is undated has been said."""


@dataclass(frozen=True)
class Turn:
    """A verdict that changed: whose, from what, to what; `why` it is so now is found when it is asked for."""

    attendance: Attendance
    before: Verdict
    after: Verdict
    scene: Scene = field(repr=False, compare=False)
    reason: Explanation | None = field(default=None, repr=False, compare=False)

    @cached_property
    def why(self) -> Explanation:
        """Why the verdict is now what it is."""
        return self.reason or self.scene.why(self.attendance)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "participant": self.attendance.participant,
            "gathering": self.attendance.gathering,
            "from": str(self.before),
            "to": str(self.after),
            "why": self.why.to_dict(),
        }

    def __str__(self) -> str:
        return f"{self.attendance}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class Entry:
    """A moment: the statements made then, the verdicts that they changed, and whether gatherings are held.

    `moment` is None for what is undated, and for what the scenario adds. `gatherings` has those of which
    it changed whether they are held: which, from what, to what. The first entry is compared with the
    case in which nobody has said anything.
    """

    moment: datetime | None
    statements: tuple[Statement, ...]
    changes: tuple[Turn, ...]
    gatherings: tuple[tuple[str, Held, Held], ...]
    scene: Scene = field(repr=False, compare=False)

    @property
    def resolution(self) -> Resolution:
        """All verdicts as they stood then."""
        return self.scene.resolution

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the reasons for what changed."""
        return {
            "moment": None if self.moment is None else self.moment.isoformat(),
            "statements": [str(s.id) for s in self.statements],
            "changes": [c.to_dict() for c in self.changes],
            "gatherings": [{"gathering": g, "from": str(old), "to": str(new)} for g, old, new in self.gatherings],
        }

    def __str__(self) -> str:
        said = "; ".join(s.text for s in self.statements)
        held = (f"  {g}: {old} -> {new}" for g, old, new in self.gatherings)
        return "\n".join([f"{self.when}: {said}", *(f"  {c}" for c in self.changes), *held])

    def called(self, attendance: Attendance) -> str:
        """Somebody's display name; with the gathering, where it is not the main one."""
        roster = self.scene.case.roster
        name = roster.participants[attendance.participant].name or attendance.participant
        return name if attendance.gathering == roster.main else f"{name} at {attendance.gathering}"

    @property
    def when(self) -> str:
        """The moment as text."""
        if self.moment is not None:
            days = not any(isinstance(s.said, datetime) for s in self.statements)
            return self.moment.replace(tzinfo=None).isoformat(" ", "minutes")[: len("2025-05-15") if days else None]
        return "undated or added" if any(s.said is not None for s in self.statements) else "undated"


@dataclass(frozen=True)
class Timeline(Pictured, Sequence[Entry], Tabular[TurnRow]):
    """The entries of a timeline, oldest first."""

    entries: tuple[Entry, ...]

    def __getitem__(self, index: Any) -> Any:
        return self.entries[index]

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def table(self) -> Table[TurnRow]:
        """A row for each verdict that a moment changed, and each gathering."""
        return Table(TurnRow, tuple(row for n, entry in enumerate(self.entries, 1) for row in _rows(n, entry)))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"entries": [entry.to_dict() for entry in self.entries]}

    @property
    def diagram(self) -> Diagram:
        """A frame for each moment, with what was said and whose verdict changed; arrows to each one's next change."""
        boxes: list[Box] = []
        arrows: list[Arrow] = []
        last: dict[Attendance, int] = {}
        note = -1
        for frame, entry in enumerate(self.entries):
            arrows += [Arrow(note, len(boxes), bold=True)] if boxes else []
            note = len(boxes)
            boxes.append(Box(tuple(s.text for s in entry.statements), "statement", "quiet", "note", frame))
            for turn in entry.changes:
                arrows.append(Arrow(note, len(boxes), faint=True))
                arrows += [Arrow(last[turn.attendance], len(boxes))] if turn.attendance in last else []
                last[turn.attendance] = len(boxes)
                lines = (entry.called(turn.attendance), str(turn.after))
                boxes.append(Box(lines, "attendance", TONES[turn.after], frame=frame))
        moments = tuple(entry.when for entry in self.entries)
        return Diagram("timeline", "Moment by moment", tuple(boxes), tuple(arrows), moments)

    def html(self) -> Html:
        """A line for each moment: what was said, and whose verdict it changed."""
        rows = [
            (
                entry.when,
                joined(element("div", f"“{s.text}”", f" ({s.source})" if s.source else None) for s in entry.statements),
                joined(
                    element(
                        "div",
                        f"{entry.called(t.attendance)}: {t.before} → ",
                        badge(t.after, TONES[t.after]),
                        style=LINE,
                    )
                    for t in entry.changes
                ),
            )
            for entry in self.entries
        ]
        return section(html_table(("when", "said", "changed"), rows, "Moment by moment"))

    def __str__(self) -> str:
        return "\n".join(map(str, self.entries)) or "nothing was said"


def _rows(number: int, entry: Entry) -> Iterator[TurnRow]:
    """What a moment changed; one row without a change where it changed nothing."""
    changed = [(c.attendance.gathering, c.attendance.participant, str(c.before), str(c.after)) for c in entry.changes]
    held_ = [(g, None, str(old), str(new)) for g, old, new in entry.gatherings]
    for cells in (*changed, *held_):
        yield TurnRow(number, entry.moment, *cells)
    if not (changed or held_):
        yield TurnRow(number, entry.moment, None, None, None, None)


def timeline(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    reasons: bool = False,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Timeline:
    """The case replayed: an entry for each moment at which something was said, with what it changed.

    A verdict changes when it is another one than before; a cause may change under it. What is undated,
    and what the scenario adds, comes first. With `reasons`, why each verdict changed is found within
    the time limit too, and not only when it is asked for. Raises as `resolve` does.
    """
    asked = ask(case, scenario, parts, engine, time_limit)
    whole, replay = asked.compiled.scenario, _Replay(asked)
    entries: list[Entry] = []
    before, stood = replay.answers(replay.silent)
    for moment, said, stances in replay.moments:
        when = None if moment is None else clock(moment, case.zone)
        scene = Scene(case, whole.with_parts(Scenario(as_of=when or BEFORE)), engine)
        after, stands = replay.answers(stances)
        pairs = zip(replay.compiler.attendances, before, after, strict=True)
        turns = tuple(Turn(a, old, new, scene) for a, old, new in pairs if old is not new)
        if turns and reasons:
            why = scene.reasons((turn.attendance for turn in turns), asked.deadline)
            turns = tuple(replace(turn, reason=why[turn.attendance]) for turn in turns)
        turned = tuple((g, stood[g], held_) for g, held_ in stands.items() if stood[g] is not held_)
        entries.append(Entry(when, said, turns, turned, scene))
        before, stood = after, stands
    return Timeline(tuple(entries))


class _Replay:
    """A case with all its statements made gates once, and solved again and again with others in force."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.memory = asked, Memory()
        compiled = asked.compiled
        self.compiler = Compiler(compiled.case, compiled.scenario, tick=asked.deadline.check)
        self.silent = (SILENT,) * len(self.compiler.attendances)
        self.moments = list(self._folded())
        silent = self.compiler.compiled(())  # after all are folded: it has the gates of them all
        self.network, self.held = silent.network, silent.held

    def _folded(self) -> Iterator[tuple[datetime | None, tuple[Statement, ...], tuple[Stance, ...]]]:
        """Each moment with what was said, and everybody's stance then."""
        case, index, compiler = self.asked.compiled.case, self.asked.compiled.index, self.compiler
        stances = [*self.silent]
        before: set[str] = set()
        about: dict[str, tuple[Attendance, ...]] = {}
        for moment, said, standing in replayed(case, self.asked.compiled.scenario):
            about.update((str(s.id), touched(case, s)) for s in said)
            ids = {str(s.id) for s in standing}
            changed = {a for i in before ^ ids for a in about[i]}
            theirs = (s for s in standing if not changed.isdisjoint(about[str(s.id)]))
            stated = positions(case, theirs, compiler.reading)
            for attendance in changed:
                stances[index[attendance]] = compiler.stance(index[attendance], stated.get(attendance))
            before = ids
            yield moment, said, tuple(stances)

    def answers(self, stances: tuple[Stance, ...]) -> tuple[tuple[Verdict, ...], dict[str, Held]]:
        """Everybody's verdict with those stances, and whether each gathering is held."""
        try:
            self.network = self.network.restated(stances)
            solution = solve(self.network, self.asked.engine, self.asked.deadline, memory=self.memory)
            return verdicts_of(solution, len(stances), self.held)
        except ImpossibleScenario:
            raise impossible(self.asked.compiled.scenario, self.asked.compiled.case) from None
        except ResolutionTimeout as error:  # what is known of one moment is no answer
            raise ResolutionTimeout(str(error)) from None
