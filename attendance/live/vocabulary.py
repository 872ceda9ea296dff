"""What rules are told: every statement, change, count and passing of time as a flat fact.

Every fact has a `kind`, and `n`, the number of the act at the desk that it came of. Moments are whole
seconds since 1970 (UTC), durations whole seconds. What is not known is not there: an undated
statement has no `t`. docs/reference/desk.md lists all of it.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from attendance.live.verdicts import Snapshot
from attendance.model.case import Case
from attendance.model.draft import instant, utc
from attendance.model.outcome import Verdict
from attendance.model.participants import Attendance
from attendance.model.printing import print_saying
from attendance.model.sayings import Attends, Declines, Might, Saying, Sends, WaitsFor
from attendance.model.statements import Statement

Fact = dict[str, str | bool | int]
LONGEST = 1000
"""A text in a fact has at most so many characters; a longer one ends in an ellipsis."""
FAR = 2**53
"""How far off everything is before the first tick."""


def statement_fact(case: Case, statement: Statement, kind: str = "statement") -> Fact:
    """Something was said (kind `statement`), or was withdrawn (kind `withdrawal`)."""
    moment = case.moment(statement)
    fact: Fact = {
        "kind": kind,
        "statement": str(statement.id),
        "who": statement.who,
        "at": statement.at or case.roster.main,
        "by": statement.speaker,
        "verb": verb(statement.says),
        "says": print_saying(statement.says),
    }
    if statement.source is not None:
        fact["source"] = statement.source
    if moment is not None:
        fact["t"] = seconds(moment)
    return {key: _short(value) for key, value in fact.items()}


def verb(says: Saying) -> str:
    """The first word of what is said: attends, declines, might, sends or waits."""
    match says:
        case Attends():
            return "attends"
        case Declines():
            return "declines"
        case Might():
            return "might"
        case Sends():
            return "sends"
        case WaitsFor():
            return "waits"
        case _:
            assert_never(says)


Turned = tuple[Attendance, Verdict, Verdict]
"""Whose verdict changed, from what, to what."""


def changes(before: Snapshot, after: Snapshot) -> Iterator[Turned]:
    """Whose verdict is another one, from what, to what; of those counted anew it was undetermined."""
    if before.attendances is after.attendances:
        old = before.found
    else:
        old = tuple(before.verdicts.get(a, Verdict.UNDETERMINED) for a in after.attendances)
    pairs = zip(after.attendances, old, after.found, strict=True)
    return ((a, before, now) for a, before, now in pairs if before is not now)


def verdict_facts(turned: Sequence[Turned], before: Snapshot, after: Snapshot) -> Iterator[Fact]:
    """What has changed between two moments: verdicts, how many come, what is held, whether all can be kept."""
    for attendance, old, new in turned:
        yield {"kind": "change", **_place(attendance), "old": str(old), "new": str(new)}
    if turned:
        old_counts, counts = _counts(before), _counts(after)
        for gathering in dict.fromkeys(a.gathering for a, _, _ in turned):
            yield _tally(gathering, old_counts, counts)
    for gathering, state in after.held.items():
        if before.held[gathering] is not state:
            yield {"kind": "held", "at": gathering, "old": str(before.held[gathering]), "new": str(state)}
    if before.consistent != after.consistent:
        yield {"kind": "consistency", "old": before.consistent, "new": after.consistent}


def _tally(gathering: str, before: Counter[tuple[str, Verdict]], after: Counter[tuple[str, Verdict]]) -> Fact:
    return {
        "kind": "tally",
        "at": gathering,
        "attending": after[gathering, Verdict.ATTENDS],
        "before": before[gathering, Verdict.ATTENDS],
        "absent": after[gathering, Verdict.ABSENT],
        "undetermined": after[gathering, Verdict.UNDETERMINED],
    }


def _counts(snapshot: Snapshot) -> Counter[tuple[str, Verdict]]:
    return Counter((a.gathering, v) for a, v in zip(snapshot.attendances, snapshot.found, strict=True))


_PLACE = ("who", "at")
_SAID = ("statement", *_PLACE, "by", "verb", "says", "source", "t")
PROPERTIES = {
    "statement": _SAID,
    "withdrawal": _SAID,
    "change": (*_PLACE, "old", "new"),
    "tally": ("at", "attending", "before", "absent", "undetermined"),
    "held": ("at", "old", "new"),
    "consistency": ("old", "new"),
    "tick": ("t", "before"),
    "silence": (*_PLACE, "since", "age", "before"),
    "deadline": ("at", "of", "due", "left", "before"),
    "member": ("who", "group"),
}
"""Every kind of fact with its properties; all but `member` have `n` too."""


@dataclass(frozen=True)
class Passing:
    """Time that passes at a desk: now, the tick before and the first of all, in seconds."""

    now: int
    before: int | None
    first: int


def time_facts(
    case: Case,
    passing: Passing,
    words: Mapping[Attendance, int],
    silent: Container[Attendance],
    snapshot: Snapshot,
) -> Iterator[Fact]:
    """Time has passed: the tick itself, who is silent and undetermined, and how far off the gatherings are.

    `words` has when something was last said of each attendance; of the `silent` it was told at the tick before.
    """
    tick: Fact = {"kind": "tick", "t": passing.now}
    yield tick if passing.before is None else {**tick, "before": passing.before}
    for attendance, verdict in zip(snapshot.attendances, snapshot.found, strict=True):
        since = words.get(attendance, passing.first)
        if verdict is Verdict.UNDETERMINED and since < passing.now:
            before = max(0, (passing.before or since) - since) if attendance in silent else 0
            ages = {"age": passing.now - since, "before": before}
            yield {"kind": "silence", **_place(attendance), "since": since, **ages}
    for gathering in case.gatherings:
        for of, moment in (("start", gathering.start), ("end", gathering.end)):
            if moment is not None:
                yield from _deadline(gathering.id, of, seconds(instant(moment, case.zone)), passing)


def _deadline(gathering: str, of: str, due: int, passing: Passing) -> Iterator[Fact]:
    """How long it is until then; told for the last time once it has passed."""
    before = FAR if passing.before is None else due - passing.before
    if before > 0 and (passing.before is not None or due > passing.now):
        yield {"kind": "deadline", "at": gathering, "of": of, "due": due, "left": due - passing.now, "before": before}


def seconds(moment: datetime) -> int:
    """A moment as whole seconds since 1970, UTC."""
    return int(utc(moment).timestamp() // 1)


def _place(attendance: Attendance) -> dict[str, str]:
    return {"who": attendance.participant, "at": attendance.gathering}


def _short(value: str | bool | int) -> str | bool | int:
    if isinstance(value, str) and len(value) > LONGEST:
        return value[: LONGEST - 1] + "\u2026"
    return value
