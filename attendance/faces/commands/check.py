"""`attendance check`: whether case files are sound, and answer as they expect."""

import sys
from collections.abc import Iterator, Sequence
from os.path import isdir
from pathlib import Path

import click

from attendance.errors import CaseError, Problem, visible
from attendance.faces import completing
from attendance.faces.options import ENGINE, JSON, opened
from attendance.faces.progress import tell, watched
from attendance.faces.screen import Piece, answer
from attendance.formats.casefile import SUFFIXES
from attendance.questions import check as question
from attendance.questions.check import Report


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=completing.case_files)
@ENGINE
@click.option("--time-limit", metavar="SECONDS", type=float, help="Give up on a scenario after so many seconds.")
@JSON
@watched
def check(files: Sequence[str], engine: str, time_limit: float | None, as_json: bool) -> None:
    """Whether case files are sound, and answer as they expect.

    A folder stands for the case files in it.

    Example: attendance check seeds
    """
    problems: list[Problem] = []
    found = []
    inside: list[str] = []
    for path in files:
        try:
            inside += case_files(path)
        except CaseError as error:
            problems += error.problems
    for done, file in enumerate(inside):
        tell(done, len(inside) if len(inside) > 1 else 0)
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
    """The file named, or the case files of the folder named. Raises CaseError for a folder that is empty or closed.

    A link that leads nowhere is among them, so that it is told of and not passed over.
    """
    if path == "-" or not isdir(path):
        return [path]
    try:
        named = [p for p in Path(path).iterdir() if p.suffix.lower() in SUFFIXES]
    except OSError as error:
        raise CaseError([Problem(f"cannot read {visible(path)}: {error.strerror}")]) from None
    inside = sorted(str(p) for p in named if p.is_file() or (p.is_symlink() and not p.exists()))
    if not inside:
        raise CaseError([Problem(f"{visible(path)}: there is no case file in this folder")])
    return inside


def report_view(file: str, found: Report) -> Iterator[Piece]:
    """What a check found."""
    yield f"{visible(file)}: {found.tried - len(found.failures)} of {found.tried} expected answers came"
    yield from (f"  {failure}" for failure in found.failures)
    yield from (f"  warning: {warning}" for warning in found.warnings)
