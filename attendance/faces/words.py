"""Names and days in words, as all views say them."""

from collections.abc import Iterable
from datetime import datetime

from attendance.model.case import Case
from attendance.model.participants import Attendance, Gathering
from attendance.model.statements import Statement
from attendance.model.values import when


def display(case: Case, attendance: Attendance) -> str:
    """A participant's display name, with the id where it is another."""
    return named(case.roster.participants[attendance.participant].name, attendance.participant)


def about_gathering(gathering: Gathering) -> str:
    """A gathering's name, when and where."""
    about = [gathering.name or gathering.id]
    about += [when(gathering.start)] if gathering.start else []
    about += [gathering.place] if gathering.place else []
    return ", ".join(about)


def named(name: str | None, id_: str) -> str:
    """A display name, with the id where it is another."""
    return f"{name} ({id_})" if name and name != id_ else id_


def truth(value: bool | None) -> str:
    """Whether a fact holds, in a word."""
    return "unknown" if value is None else "yes" if value else "no"


def where(case: Case, attendance: Attendance) -> str:
    """At which gathering, where there are several."""
    if len(case.gatherings) == 1:
        return ""
    gathering = case.roster.gatherings[attendance.gathering]
    return f", {gathering.name or gathering.id}"


def day(statement: Statement) -> str:
    """When a statement was said, as it is sorted."""
    match statement.said:
        case None:
            return ""
        case datetime() as moment:
            return moment.isoformat(" ", "auto" if moment.second or moment.microsecond else "minutes")
        case day:
            return day.isoformat()


def few(names: Iterable[str]) -> str:
    """Names in a list; of many only the first."""
    names = list(names)
    return ", ".join(names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"])
