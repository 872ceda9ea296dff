"""A case as it now stands: statements in force, verdicts, time. Each act moves it on, and tells what it changed."""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from attendance.errors import JournalError, shown
from attendance.live.history import Annals
from attendance.live.journal import Entry, Journal
from attendance.live.recorded import statement as statement_of
from attendance.live.recorded import unfitting
from attendance.live.standing import Standing
from attendance.live.verdicts import Snapshot, Verdicts
from attendance.live.vocabulary import (
    Fact,
    Passing,
    Turned,
    changes,
    seconds,
    statement_fact,
    time_facts,
    verdict_facts,
)
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.model.positions import touched
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.questions.scene import Scene

RECALLED = 1000
"""When a journal is opened again, so many of its last entries are told of again."""


@dataclass(frozen=True)
class Step:
    """What an act changed: whose verdict, from what, to what; and all that rules are told of it."""

    turned: tuple[Turned, ...]
    facts: tuple[Fact, ...]


class Present:
    """The state of a desk, brought up to date by what its journal has. It writes nothing itself."""

    def __init__(self, case: Case, journal: Journal) -> None:
        self.case = case
        self.annals = Annals(case, journal)
        self.standing = Standing(case, self.annals)
        self.numbers: Counter[str] = Counter()
        self.time: Passing | None = None
        self.recalled: deque[Fact] = deque(maxlen=RECALLED)
        self._words: dict[Attendance, int] = {}
        self._silent: frozenset[Attendance] = frozenset()  # whose silence was told at the last tick
        self._verdicts: Verdicts | None = None  # until all but the last entries are read
        self.snapshot = Snapshot((), (), {}, True)
        for number, statement in self.annals.own.values():
            self.said(number, statement)
        late = len(journal) - RECALLED
        for entry in journal.entries():
            if entry.number > late:
                self._look()
            try:
                self.recalled += self.taken(entry).facts
            except (LookupError, TypeError, ValueError) as error:
                why = error if isinstance(error, ValueError) else unfitting(case, entry)
                raise JournalError(f"entry {entry.number} of the journal is none that a desk writes: {why}") from None
        self._look()

    def taken(self, entry: Entry) -> Step:
        """An entry of the journal taken in."""
        match entry.kind:
            case "say":
                statement = statement_of(entry.body)
                unknown = next((name for name in statement.supersedes if self.annals.ever(name) is None), None)
                if unknown is not None:
                    raise ValueError(f"it ends {shown(unknown)}, which nobody said")
                return self.said(entry.number, statement)
            case "withdraw":
                return self.withdrawn(entry.number, entry.body.get("id"))
            case "tick":
                return self.ticked(entry.number, self._later(entry.body.get("now")))
            case "case" if entry.number == 1:
                return Step((), ())
            case "case":
                raise ValueError("it is a case, and only the first entry is one")
            case kind:
                raise ValueError(f"what it is, {shown(kind)}, is not known here: use a newer version of attendance")

    def _later(self, now: object) -> datetime:
        """The time of a tick. Raises ValueError for what is none, or is before the last one."""
        try:
            moment = datetime.fromisoformat(str(now))
            at = seconds(moment)
        except (ValueError, TypeError):
            raise ValueError(f"its time is one like 2025-05-14T10:00:00+00:00, not {shown(now)}") from None
        if self.time is not None and at < self.time.now:
            raise ValueError(f"time does not run backwards, to {now}")
        return moment

    def said(self, number: int, statement: Statement) -> Step:
        """A statement is said."""
        self.numbers[statement.who] += 1
        for attendance, moment in self._words_of(statement):
            self._words[attendance] = max(moment, self._words.get(attendance, moment))
        return self._moved(number, statement_fact(self.case, statement), self.standing.say(number, statement))

    def withdrawn(self, number: int, name: object) -> Step:
        """A statement is taken back; the journal has it withdrawn already. Raises ValueError where there is none."""
        found = self.annals.ever(name) if isinstance(name, str) else None
        if found is None:
            what = "something without an id" if name is None else shown(name)
            raise ValueError(f"it withdraws {what}, which nobody said")
        statement = found[1]
        fact = statement_fact(self.case, statement, "withdrawal")
        for attendance, moment in self._words_of(statement):
            if self._words.get(attendance) == moment:
                self._hear_again(attendance)
        return self._moved(number, fact, self.standing.withdraw(statement))

    def ticked(self, number: int, now: datetime) -> Step:
        """Time has passed."""
        at = seconds(now)
        before = None if self.time is None else self.time.now
        self.time = Passing(at, before, at if self.time is None else self.time.first)
        if self._verdicts is None:
            return Step((), ())
        facts = list(time_facts(self.case, self.time, self._words, self._silent, self.snapshot))
        silent = (fact for fact in facts if fact["kind"] == "silence")
        self._silent = frozenset(Attendance(str(fact["who"]), str(fact["at"])) for fact in silent)
        return Step((), tuple({**fact, "n": number} for fact in facts))

    def _words_of(self, statement: Statement) -> list[tuple[Attendance, int]]:
        """Of whom something is said, and when; nothing where that is not known."""
        moment = self.case.moment(statement)
        place = Attendance(statement.who, statement.at or self.case.roster.main)
        about = touched(self.case, statement) or (place,)
        return [] if moment is None else [(attendance, seconds(moment)) for attendance in about]

    def _hear_again(self, attendance: Attendance) -> None:
        """When something was last said of somebody, now that their last word is withdrawn."""
        words = (word for s in self.annals.case().statements for word in self._words_of(s))
        self._words.pop(attendance, None)
        newest = max((moment for about, moment in words if about == attendance), default=None)
        if newest is not None:
            self._words[attendance] = newest

    def _moved(self, number: int, fact: Fact, changed: list[Statement]) -> Step:
        """The verdicts once statements came into force or ended."""
        if self._verdicts is None:
            return Step((), ())
        before = self.snapshot
        if self._verdicts.take(changed):
            self.snapshot = self._verdicts.snapshot()
            self.__dict__.pop("scene", None)
        turned = tuple(changes(before, self.snapshot))
        facts = [fact, *verdict_facts(turned, before, self.snapshot)]
        return Step(turned, tuple({**fact, "n": number} for fact in facts))

    def _look(self) -> None:
        """From here on verdicts are kept up to date."""
        if self._verdicts is None:
            self._verdicts = Verdicts(self.case, self.standing)
            self.snapshot = self._verdicts.snapshot()

    @cached_property
    def scene(self) -> Scene:
        """The case as it stands, to be asked about; it stays as it is when the desk moves on."""
        assert self._verdicts is not None, "everything is up to date"
        return Scene(self._verdicts.live, Scenario(), "auto")
