"""The scenarios side by side: a table of marks, in which what differs from the first row stands out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attendance.faces.page.marks import mark
from attendance.faces.page.told import Base, Told
from attendance.markup.html import Html, element
from attendance.model.participants import Attendance, Gathering

WIDE = 12
"""Up to this many people have a column each; more have a row each."""

TROUBLE = {False: "impossible", True: "took too long to answer"}
"""Why a scenario has no answer, by whether it was late."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An answer, and whether it is another than that of the first scenario."""

    answer: str
    differs: bool
    cause: str = ""


def scenarios(told: Told) -> Iterator[Html]:
    """A table for each gathering."""
    if len(told.bases) == 1:
        yield element("p", "The case has no scenarios.", class_="soft")
        return
    for number, gathering in enumerate(told.case.gatherings):
        crowd = [told.compiled.attendances[x] for x in told.compiled.crowds[gathering.id]]
        title = element("caption", element("bdi", gathering.name or gathering.id), id=f"t-{number}")
        table = _across(told, crowd, gathering, title) if len(crowd) <= WIDE else _down(told, crowd, gathering, title)
        yield element("p", "This table is wider than the page: move it sideways.", class_="sideways", hidden=True)
        yield element("div", table, class_="scroll", tabindex="0", role="region", aria_labelledby=f"t-{number}")


def _across(told: Told, crowd: Sequence[Attendance], gathering: Gathering, title: Html) -> Html:
    """A row for each scenario."""
    head = [element("th", "Scenario", scope="col"), element("th", "held", scope="col")]
    head += [_person(told, a) for a in crowd]
    rows = (
        element("tr", _scenario(base, "row"), *map(_shown, _cells(told, base, crowd, gathering))) for base in told.bases
    )
    return element(
        "table", title, element("thead", element("tr", *head)), element("tbody", *rows), class_="matrix across"
    )


def _down(told: Told, crowd: Sequence[Attendance], gathering: Gathering, title: Html) -> Html:
    """A column for each scenario."""
    head = [element("th", "", scope="col"), *(_scenario(base, "col") for base in told.bases)]
    columns = [_cells(told, base, crowd, gathering) for base in told.bases]
    labels = [element("th", "held", scope="row"), *(_person(told, a, "row") for a in crowd)]
    rows = (
        element("tr", label, *map(_shown, cells))
        for label, cells in zip(labels, zip(*columns, strict=True), strict=True)
    )
    return element(
        "table", title, element("thead", element("tr", *head)), element("tbody", *rows), class_="matrix down"
    )


def _cells(told: Told, base: Base, crowd: Sequence[Attendance], gathering: Gathering) -> list[Cell]:
    """Whether the gathering is held in a scenario, and its verdicts."""
    first = told.bases[0].resolution
    if base.resolution is None:
        return [Cell("took too long" if base.late else "impossible", False)] * (len(crowd) + 1)
    found = base.resolution
    held = found.gatherings[gathering.id].held
    cells = [Cell(str(held), first is not None and first.gatherings[gathering.id].held is not held)]
    for about in crowd:
        verdict, cause = found.verdicts[about], found.causes.get(about)
        cells.append(Cell(str(verdict), first is not None and first.verdicts[about] is not verdict, str(cause or "")))
    return cells


def _shown(cell: Cell) -> Html:
    words = f"{cell.answer} ({cell.cause})" if cell.cause else cell.answer
    return element(
        "td",
        mark(cell.answer),
        element("span", words, class_="unseen"),
        title=words,
        class_="differs" if cell.differs else None,
    )


def _person(told: Told, about: Attendance, scope: str = "col") -> Html:
    return element("th", element("bdi", told.speech.name(about)), scope=scope)


def _scenario(base: Base, scope: str) -> Html:
    supposed = str(base.scenario)
    return element(
        "th",
        element("bdi", base.title),
        element("small", element("bdi", supposed)) if supposed and scope == "row" else None,
        element("small", TROUBLE[base.late]) if base.resolution is None else None,
        scope=scope,
    )
