"""Answers as tables: the rows of each, and several answers in one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from attendance.errors import QuestionError, shown
from attendance.formats.tables import Table, Tabular
from attendance.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict of a resolution; `cause` where it is undetermined."""

    scenario: str
    gathering: str
    participant: str
    verdict: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One thing in an outcome: whether somebody attends a gathering, or a fact (at no gathering) holds."""

    outcome: int
    gathering: str | None
    name: str
    holds: bool


@dataclass(frozen=True, slots=True)
class TurnRow:
    """What a moment of a timeline changed: somebody's verdict, or, without a participant, whether it is held.

    A moment that changed nothing has one row with nothing in it but itself; `moment` is None for what is undated.
    """

    entry: int
    moment: datetime | None
    gathering: str | None
    participant: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What differs between two scenarios: somebody's verdict, or, without a participant, whether it is held."""

    gathering: str
    participant: str | None
    before: str | None
    after: str | None
    cause_before: str | None
    cause_after: str | None


@dataclass(frozen=True, slots=True)
class ChanceRow:
    """How likely somebody comes: in every outcome (`lower`), and in some (`upper`); rounded."""

    gathering: str
    participant: str
    lower: float
    upper: float
    exact: bool


@dataclass(frozen=True, slots=True)
class SlopeRow:
    """How much both ends of a goal's probability rise with that of one thing; rounded."""

    name: str
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class PivotRow:
    """The power of one player over a goal; rounded."""

    player: str
    banzhaf: float
    shapley: float
    share: float
    veto: bool
    dictator: bool


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One assumption of a minimal set, the sets numbered from 1; the set of nothing has one row without a name."""

    set: int
    name: str | None
    assumed: bool | None


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Somebody who joined or left (`joined` says which) in a round of a cascade, and how many were there then."""

    round: int
    gathering: str
    participant: str
    joined: bool
    attending: int


@dataclass(frozen=True, slots=True)
class WaitRow:
    """Who waits for whom, and the number of the deadlock that both are in, if they are in one."""

    waiting: str
    awaited: str
    deadlock: int | None


@dataclass(frozen=True, slots=True)
class GuestRow:
    """Somebody who is invited."""

    gathering: str
    participant: str


def table(answers: Any) -> Table[Any]:
    """Several answers of one kind in one table, or outcomes, each under its number from 1.

    Raises QuestionError for what has no rows, and where rows differ in kind.
    """
    if isinstance(answers, Tabular | Table):
        return answers.table
    if not isinstance(answers, Iterable) or isinstance(answers, str):
        raise QuestionError(f"expected answers that have rows, not {shown(answers)}")
    tables = [_numbered(number, answer) for number, answer in enumerate(answers, 1)]
    kinds = {t.row: None for t in tables}
    if len(kinds) > 1:
        raise QuestionError(f"one table has rows of one kind, not of {len(kinds)}")
    return Table(next(iter(kinds), OutcomeRow), tuple(row for t in tables for row in t.rows))


def _numbered(number: int, answer: object) -> Table[Any]:
    match answer:
        case Outcome():
            return Table(OutcomeRow, tuple(outcome_rows(number, answer)))
        case Tabular() | Table():
            return answer.table
        case _:
            raise QuestionError(f"expected an answer that has rows, not {shown(answer)}")


def outcome_rows(number: int, outcome: Outcome) -> Iterable[OutcomeRow]:
    """All that is so in an outcome."""
    for attendance, there in outcome.attendances.items():
        yield OutcomeRow(number, attendance.gathering, attendance.participant, there)
    for fact, value in outcome.facts.items():
        yield OutcomeRow(number, None, fact, value)
