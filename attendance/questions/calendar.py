"""A case with its verdicts as a calendar, for the programs in which organisers live."""

from collections.abc import Iterable, Mapping
from typing import Literal, Unpack, get_args

from attendance.errors import QuestionError
from attendance.formats.ics.writing import Answer, Method, write_calendar
from attendance.model.case import Case
from attendance.model.outcome import Verdict
from attendance.model.participants import Attendance
from attendance.model.positions import touched
from attendance.model.sayings import Sends
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.statements import Statement
from attendance.model.values import shown
from attendance.questions.asking import ask
from attendance.questions.resolve import resolution


def to_ics(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    method: Literal["request", "publish"] = "request",
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> str:
    """The case and its verdicts in a scenario as the text of a calendar: `from_ics(to_ics(case)) == case`.

    As `request` an event has its attendees, each with the verdict as PARTSTAT, and every statement with its
    source; as `publish` it has a time and a place alone. Raises what `resolve` does.
    """
    if method not in get_args(Method):
        raise QuestionError(f"the method is request or publish, not {shown(method)}")
    asked = ask(case, scenario, parts, engine, time_limit)
    found = answers(case, asked.compiled.statements, resolution(asked).verdicts)
    return write_calendar(case, found, method)


def answers(
    case: Case, statements: Iterable[Statement], verdicts: Mapping[Attendance, Verdict]
) -> dict[Attendance, Answer]:
    """What a calendar says of each attendance, by its verdict and the statements in force."""
    stated: set[Attendance] = set()
    sent: dict[Attendance, tuple[str, ...]] = {}
    for statement in statements:
        stated.update(touched(case, statement))
        if isinstance(statement.says, Sends):
            own = Attendance(statement.who, statement.at or case.roster.main)
            sent[own] = tuple(dict.fromkeys((*sent.get(own, ()), *statement.says.delegates)))
    return {a: _answer(verdict, a in stated, sent.get(a, ())) for a, verdict in verdicts.items()}


def _answer(verdict: Verdict, stated: bool, sends: tuple[str, ...]) -> Answer:
    match verdict:
        case Verdict.ATTENDS:
            return Answer("ACCEPTED")
        case Verdict.ABSENT:
            return Answer("DELEGATED", sends) if sends else Answer("DECLINED")
        case _:
            return Answer("TENTATIVE" if stated else "NEEDS-ACTION")
