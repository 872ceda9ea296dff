"""A live desk: statements arrive one by one, verdicts change, rules react, and nothing said is lost."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from os import PathLike
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from attendance.errors import DeskError, InputError, QuestionError, shown
from attendance.live.history import case_at, topic_of
from attendance.live.journal import Journal
from attendance.live.present import Present, Step
from attendance.live.reactions import Reactions
from attendance.live.recorded import plain
from attendance.live.saying import Clerk, Details
from attendance.live.vocabulary import seconds
from attendance.model.case import Case
from attendance.model.draft import instant
from attendance.model.outcome import Frozen, Key, Verdict, find_attendance
from attendance.model.participants import Attendance
from attendance.model.scenario import ScenarioParts
from attendance.model.statements import Statement
from attendance.model.values import parse_moment
from attendance.questions.resolve import Resolution, resolve
from attendance.questions.timeline import Turn
from attendance.questions.why import Explanation

if TYPE_CHECKING:
    from attendance.matching.matched import Match

F = TypeVar("F", bound=Callable[..., object])
KEPT = "what was said is kept; this was raised by {}"
"""A note on whatever a function of a user raises."""
MOST_ACTS = 1000
"""Functions that are called may say something themselves, which has others called: so often for one act."""


@dataclass(frozen=True)
class Alert:
    """A rule fired: its name, the facts that it joined, and the text that its function gave back, if any."""

    rule: str
    match: "Match"
    text: str | None

    def __str__(self) -> str:
        return f"{self.rule}: {_shortly(self.match) if self.text is None else self.text}"


class Desk:
    """A case to which statements are said and withdrawn, with the verdicts as they now stand.

    Every statement is in the journal, a file, before `say` returns; opened again, the journal gives the
    same statements in the same order. Without one, nothing outlives the desk. A desk may be used by several
    threads: acts are taken one after the other, and the functions that one sets off are called before
    the next is taken. What they raise reaches whoever acted, once all of them were called.
    """

    def __init__(
        self,
        case: Case | None = None,
        journal: str | PathLike[str] | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
        window: int = 5000,
    ) -> None:
        """Open a desk on a case, or on what a journal has.

        With a `clock`, a statement that comes without a date is dated by it; otherwise it stays undated,
        and stands beside all others. Rules join the last `window` facts. Raises JournalError where the
        journal cannot be used, DeskError where it is of another case.
        """
        if case is None and (journal is None or not Path(journal).exists()):
            there = "" if journal is None else f": {shown(str(journal))} is not"
            raise DeskError(f"a desk needs a case, or a journal that is there already{there}")
        self._lock, self._clock = RLock(), None if clock is None else _callable(clock)
        self._whole: Case | None = None
        self._journal = Journal(journal)
        try:
            self._case = case_at(self._journal, case)
            self._reactions = Reactions(self._case, window)
            self._catch_up()
        except BaseException:
            self._journal.close()
            raise
        self._reactions.tell(self._present.recalled)
        self._present.recalled.clear()
        self._changes: tuple[Turn, ...] = ()
        self._heard: list[Callable[[Statement], object]] = []
        self._missed: list[Callable[[Statement], object]] = []
        self._listeners: list[Callable[[Turn], object]] = []
        self._told: list[Callable[[Mapping[str, Any]], object]] = []
        self._alerted: list[Callable[[Alert], object]] = []
        self._queue: deque[Callable[[], object]] = deque()
        self._acts, self._closed = 0, False

    # --- acts ---

    def say(self, what: str | Statement | Mapping[str, Any], **details: Unpack[Details]) -> Statement:
        """Say something of somebody: a statement or its text, as in "zelensky attends only if putin".

        `said`, `source`, `by` and the other keys of a statement are its details. Gives the statement with
        its id, which is durable when it is returned. Raises LanguageError and CaseError where it is
        wrong, JournalError where it cannot be kept; then nothing has been said.
        """
        with self._act():
            statement = self._clerk.statement(what, details, self._clock)
            topic = topic_of(self._case, statement)
            ends = statement.supersedes
            with self._taking():
                entry = self._journal.append("say", plain(statement), name=statement.id, topic=topic, ends=ends)
                self._take(self._present.said(entry.number, statement), statement, self._heard)
            return statement

    def withdraw(self, name: str) -> Statement:
        """Take a statement back, by its id, as if it had never been said. Gives the statement. Raises UnknownName."""
        with self._act():
            statement = self._clerk.to_withdraw(name)
            with self._taking():
                entry = self._journal.append("withdraw", {"id": name}, name=name)
                self._take(self._present.withdrawn(entry.number, name), statement, self._missed)
            return statement

    def tick(self, now: str | date | datetime | None = None) -> None:
        """Time passes: rules are told who is silent, and how far off the gatherings are. Raises QuestionError.

        Without a time, it is that of the desk's clock.
        """
        with self._act():
            moment = self._moment(self._clock() if now is None and self._clock is not None else now)
            before = self._present.time
            if before is not None and seconds(moment) < before.now:
                already = datetime.fromtimestamp(before.now, self._case.zone).isoformat()
                raise QuestionError(f"time does not run backwards: it was {already} already")
            with self._taking():
                entry = self._journal.append("tick", {"now": moment.isoformat()})
                self._take(self._present.ticked(entry.number, moment))

    # --- what it knows ---

    @property
    def case(self) -> Case:
        """The case with all that was said and not withdrawn, in the order of saying."""
        with self._reading():
            if self._whole is None:
                self._whole = self._present.annals.case()
            return self._whole

    def statement(self, name: str) -> Statement | None:
        """The statement of that id, withdrawn or not; None where there is none."""
        with self._reading():
            found = self._present.annals.ever(name)
            return None if found is None else found[1]

    def __getitem__(self, key: Key) -> Verdict:
        """The verdict on somebody as it now stands. Raises UnknownName."""
        verdicts = self.verdicts
        return verdicts[find_attendance(verdicts, key, self._case.roster.main)]

    @property
    def verdicts(self) -> Frozen[Attendance, Verdict]:
        """The verdict on every attendance as it now stands."""
        with self._reading():
            return self._present.snapshot.verdicts

    @property
    def resolution(self) -> Resolution:
        """All that `resolve` says of the case as it now stands."""
        with self._reading():
            return self._present.scene.resolution

    @property
    def changes(self) -> tuple[Turn, ...]:
        """The verdicts that the last statement, withdrawal or tick changed, each with why it is so now."""
        with self._reading():
            return self._changes

    def explain(self, about: Key) -> Explanation:
        """Why somebody's verdict is what it is now. Raises UnknownName."""
        with self._reading():
            scene = self._present.scene
            return scene.why(scene.resolution.attendance(about))

    def suppose(self, **parts: Unpack[ScenarioParts]) -> Resolution:
        """What `resolve` says of the case in a scenario: a question, which changes nothing at the desk."""
        return resolve(self.case, **parts)

    # --- who is told ---

    def on_say(self, function: Callable[[Statement], object]) -> Callable[[Statement], object]:
        """Have a function called with every statement that is said, before what it changes. Gives it: a decorator."""
        self._heard.append(_callable(function))
        return function

    def on_withdraw(self, function: Callable[[Statement], object]) -> Callable[[Statement], object]:
        """Have a function called with every statement that is withdrawn, before what that changes."""
        self._missed.append(_callable(function))
        return function

    def on_change(self, function: Callable[[Turn], object]) -> Callable[[Turn], object]:
        """Have a function called with every change of a verdict. Gives the function: a decorator."""
        self._listeners.append(_callable(function))
        return function

    def on_alert(self, function: Callable[[Alert], object]) -> Callable[[Alert], object]:
        """Have a function called whenever a rule has fired, after the rule's own. Gives the function: a decorator."""
        self._alerted.append(_callable(function))
        return function

    def on_fact(self, function: Callable[[Mapping[str, Any]], object]) -> Callable[[Mapping[str, Any]], object]:
        """Have a function called with every fact that rules are told: also whether a gathering is held, and ticks."""
        self._told.append(_callable(function))
        return function

    def when(self, *expressions: Any, name: str | None = None) -> Any:
        """Have a function called for all that expressions of durable-rules match from now on.

        `desk.when((m.kind == "change") & (m.new == "attends"), f)`, `desk.when(when_all(...), f)`, or without
        the function as its decorator. It is called with the match, whose facts are its attributes: `match.m`,
        or by the names that `c` gave them. A text that it gives back goes into the alert.
        Raises RuleError where a rule is beyond what can be matched safely, EngineMissing where durable-rules
        is not installed; `on_change` works everywhere.
        """
        if expressions and callable(expressions[-1]) and not hasattr(type(expressions[-1]), "define"):
            *asked, function = expressions
            return self._when(asked, name, function)
        if not expressions or not all(hasattr(type(e), "define") for e in expressions):
            from attendance.matching.reading import rules_of

            rules_of(name or "rule", expressions)  # refuses what is no expression
        return partial(self._when, expressions, name)

    def _when(self, expressions: Iterable[Any], name: str | None, function: Callable[["Match"], object]) -> Any:
        with self._reading():
            called = name or str(getattr(_callable(function), "__name__", "rule"))
            self._reactions.when(called, expressions, function)
        return function

    # --- opening and closing ---

    def close(self) -> None:
        """Close the desk and its journal; it cannot be used any more."""
        with self._lock:
            self._closed = True
            self._reactions.close()
            self._journal.close()

    def __repr__(self) -> str:
        return f"<Desk: {'closed' if self._closed else self._case.title or 'open'}>"

    def __enter__(self) -> "Desk":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- how an act runs ---

    def _catch_up(self) -> None:
        """Bring all up to date with the journal."""
        self._present = Present(self._case, self._journal)
        self._clerk = Clerk(self._present)
        self._whole = None
        self._behind = False

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise DeskError("this desk is closed: open another on its journal")
            if self._behind:
                self._catch_up()
            yield

    @contextmanager
    def _act(self) -> Iterator[None]:
        """One act at a time; the outermost calls what it set off, and what that set off in turn."""
        with self._reading():
            if self._acts > MOST_ACTS:
                raise DeskError(f"one act set off more than {MOST_ACTS:,} others: do functions set each other off?")
            self._acts += 1
            if self._acts > 1:
                yield
                return
            try:
                yield
                self._react()
            finally:
                self._acts = 0

    @contextmanager
    def _taking(self) -> Iterator[None]:
        """What goes into the journal is taken in; if that is interrupted, all is read again before it is used."""
        self._behind, self._whole = True, None
        yield
        self._behind = False

    def _take(
        self, step: Step, about: Statement | None = None, told: Iterable[Callable[[Statement], object]] = ()
    ) -> None:
        """Remember what an act changed, and who is to be told of it."""
        if about is not None:
            self._queue.extend(partial(listener, about) for listener in told)
        self._changes = tuple(Turn(*turned, self._present.scene) for turned in step.turned)
        for turn in self._changes:
            self._queue.extend(partial(listener, turn) for listener in self._listeners)
        self._queue.extend(partial(listener, dict(fact)) for fact in step.facts for listener in self._told)
        matches, wrong = self._reactions.tell(step.facts)
        self._queue.extend(partial(self._fire, match) for match in matches)
        self._queue.extend(partial(_raise, error) for error in wrong)

    def _fire(self, match: "Match") -> None:
        """A rule has fired: its function is called, then those who want to know of alerts."""
        try:
            text = self._reactions.functions[match.rule](match)
        except Exception as error:
            error.add_note(KEPT.format(f"the rule {match.rule!r}"))
            raise
        alert = Alert(match.rule, match, text if isinstance(text, str) else None)
        self._queue.extendleft(partial(listener, alert) for listener in reversed(self._alerted))

    def _react(self) -> None:
        """Call all that is to be called; what goes wrong is told when all were called."""
        errors: list[Exception] = []
        while self._queue:
            try:
                self._queue.popleft()()
            except Exception as error:
                if not getattr(error, "__notes__", ()):
                    error.add_note(KEPT.format("a function of the desk"))
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ExceptionGroup("several functions failed; what was said is kept", errors)

    def _moment(self, now: object) -> datetime:
        try:
            return instant(parse_moment(now), self._case.zone)
        except ValueError as error:
            raise QuestionError(f"the time of a tick: {error}") from None


def _callable(function: F) -> F:
    if not callable(function):
        raise InputError(f"expected a function, not {shown(function)}")
    return function


def _shortly(match: "Match") -> str:
    """The facts of a match in a line, without what tells little."""
    told = ({k: v for k, v in fact.items() if k not in ("kind", "n", "t")} for fact in match.facts.values())
    kinds = (str(fact.get("kind", "")) for fact in match.facts.values())
    facts = zip(kinds, told, strict=True)
    return "; ".join(" ".join([kind, *(f"{key}={value}" for key, value in fact.items())]) for kind, fact in facts)


def _raise(error: Exception) -> None:
    raise error
