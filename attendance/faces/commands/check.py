"""`attendance check`: whether case files are sound, and answer as they expect."""

import sys
from collections.abc import Iterator, Sequence
from os.path import isdir
from pathlib import Path

import click

from attendance.errors import CaseError, Problem
from attendance.faces.options import JSON, opened
from attendance.faces.screen import Piece, answer
from attendance.formats.casefile import SUFFIXES
from attendance.questions import check as question
from attendance.questions.check import Report


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--engine", metavar="NAME", default="auto", help="Which engine answers.")
@click.option("--time-limit", metavar="SECONDS", type=float, help="Give up on a scenario after so many seconds.")
@JSON
def check(files: Sequence[str], engine: str, time_limit: float | None, as_json: bool) -> None:
    """Whether case files are sound, and answer as they expect.

    A folder stands for the case files in it.

    Example: attendance check seeds
    """
    problems: list[Problem] = []
    found = []
    for path in files:
        try:
            inside = case_files(path)
        except CaseError as error:
            problems += error.problems
            continue
        for file in inside:
            try:
                found.append((file, question.check(opened(file), engine=engine, time_limit=time_limit)))
            except CaseError as error:
                problems += error.problems
    if problems:
        raise CaseError(problems)
    alone = len(files) == 1 and files[0] == found[0][0]
    several = [{"file": file, **report.to_dict()} for file, report in found]
    answer(
        as_json,
        found[0][1].to_dict() if alone else several,
        lambda: (piece for file, report in found for piece in report_view(file, report)),
    )
    if not all(report for _, report in found):
        sys.exit(1)


def case_files(path: str) -> list[str]:
    """The file named, or the case files of the folder named. Raises CaseError for an empty folder."""
    if path == "-" or not isdir(path):
        return [path]
    inside = sorted(str(p) for p in Path(path).iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    if not inside:
        raise CaseError([Problem(f"{path}: there is no case file in this folder")])
    return inside


def report_view(file: str, found: Report) -> Iterator[Piece]:
    """What a check found."""
    yield f"{file}: {found.tried - len(found.failures)} of {found.tried} expected answers came"
    yield from (f"  {failure}" for failure in found.failures)
    yield from (f"  warning: {warning}" for warning in found.warnings)
