"""Names, moments and scenarios in words, as all views say them."""

from collections.abc import Iterable
from datetime import date, datetime

from attendance.model.case import Case
from attendance.model.participants import Attendance, Gathering
from attendance.model.sayings import Reading
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement


def display(case: Case, attendance: Attendance) -> str:
    """A participant's display name, with the id where it is another."""
    return named(case.roster.participants[attendance.participant].name, attendance.participant)


def about_gathering(gathering: Gathering) -> str:
    """A gathering's name, when and where."""
    about = [gathering.name or gathering.id]
    about += [when(gathering.start)] if gathering.start else []
    about += [gathering.place] if gathering.place else []
    return ", ".join(about)


def supposition(scenario: Scenario) -> str:
    """What a scenario supposes, in a line; empty if it supposes nothing."""
    told = {
        "assumed": [f"{key} = {truth(value)}" for key, value in scenario.assume],
        "given": [f"“{condition}”" for condition in scenario.given],
        "without": scenario.withdraw,
        "added": [f"“{statement.text}”" for statement in scenario.add],
        "believed only": scenario.believe or (),
        "not believed": scenario.disbelieve,
    }
    parts = [f"{kind}: {', '.join(names)}" for kind, names in told.items() if names]
    parts += [f"as of {when(scenario.as_of)}"] if scenario.as_of is not None else []
    parts += ["to the letter"] if scenario.reading is Reading.LITERAL else []
    parts += ["nobody comes on a circle of promises alone"] if scenario.founded else []
    return "; ".join(parts)


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


def when(moment: date | datetime) -> str:
    """A day, with the time if there is one."""
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day} {moment:%H:%M}" if isinstance(moment, datetime) else day


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
