"""`attendance ics`: calendars read into a case, and a case written as a calendar."""

from collections.abc import Sequence
from typing import Any

import click

from attendance.errors import QuestionError
from attendance.faces.options import FILE, asking, calendars, opened, parts_of, without
from attendance.faces.screen import deliver
from attendance.formats.casefile import dump, dumps
from attendance.formats.files import path_of
from attendance.questions.calendar import to_ics


@click.group()
def ics() -> None:
    """Calendars: invitations and replies read into a case, or a case written as one.

    Example: attendance ics out seeds/istanbul-2025.yaml -o talks.ics
    """


@ics.command(name="in")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="FILE", help="Write the case there, in the format of the suffix.")
@click.option("--json", "as_json", is_flag=True, help="Print the case as JSON.")
def read(files: Sequence[str], output: str | None, as_json: bool) -> None:
    """The case that calendars make: invitations and replies, read together.

    What a case has no place for is told on standard error.

    Example: attendance ics in invitation.ics reply-anna.ics reply-ben.ics -o case.yaml
    """
    if output is not None and as_json:
        raise click.UsageError("-o says the format by its suffix: leave --json out")
    case = calendars(files)
    if output is not None:
        dump(case, output)
        return
    text = dumps(case, format="json" if as_json else "yaml")
    deliver(text)


@ics.command(name="out")
@FILE
@click.option("-o", "--output", metavar="FILE", help="Write the calendar there.")
@click.option(
    "--method",
    type=click.Choice(["request", "publish"]),
    default="request",
    help="The whole case, or time and place alone; request unless given.",
)
@asking
def write(file: str, output: str | None, method: str, **options: Any) -> None:
    """A case and its verdicts as a calendar.

    A request has every statement and its source: what everybody may read is --method publish.

    Example: attendance ics out seeds/istanbul-2025.yaml -o talks.ics
    """
    if output is not None and path_of(output).suffix.lower() != ".ics":
        raise QuestionError(f"{output}: a calendar is a file with the suffix .ics")
    text = to_ics(opened(file), method=method, **parts_of(options))  # type: ignore[arg-type]
    deliver(text, output)


without(write, "as_json")
