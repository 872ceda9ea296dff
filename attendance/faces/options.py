"""What every question takes on the command line: the file, the scenario and its parts, the engine."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from attendance.errors import CaseError, Problem, QuestionError
from attendance.faces import completing
from attendance.faces.progress import watched

if TYPE_CHECKING:
    from attendance.model.case import Case
    from attendance.model.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.argument("file", type=str, shell_complete=completing.case_files)

ENGINE = click.option(
    "--engine",
    metavar="NAME",
    default="auto",
    shell_complete=completing.engine_names,
    help="Which engine answers.",
)


def _in_one_form(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    if value and (ctx.params.get("as_json") or ctx.params.get("as_csv")):
        raise click.UsageError("--json and --csv are two forms of one answer: leave one of them out")
    return value


JSON = click.option("--json", "as_json", is_flag=True, callback=_in_one_form, help="Print the answer as JSON.")
CSV = click.option(
    "--csv", "as_csv", is_flag=True, callback=_in_one_form, help="Print the answer as rows of CSV, for spreadsheets."
)
"""For answers that have rows; it stands below `asking`."""
SCENARIO = ("assume", "given", "add", "withdraw", "as_of", "believe", "disbelieve")
"""The parts of a scenario that have an option of their name."""


def asking(command: F) -> F:
    """The options of every question: the scenario, its parts, the engine, and JSON."""
    options = [
        click.option("--scenario", metavar="NAME", shell_complete=completing.SCENARIOS, help="A scenario of the file."),
        click.option(
            "--assume",
            metavar="NAME=yes|no",
            multiple=True,
            shell_complete=completing.assumptions,
            help="Suppose that somebody comes, or a fact holds.",
        ),
        click.option(
            "--given",
            metavar="CONDITION",
            multiple=True,
            shell_complete=completing.conditions,
            help="What is seen: drop outcomes that differ.",
        ),
        click.option(
            "--add",
            metavar="STATEMENT",
            multiple=True,
            shell_complete=completing.speakers,
            help="A further statement, as in 'putin attends'.",
        ),
        click.option(
            "--withdraw",
            metavar="ID",
            multiple=True,
            shell_complete=completing.IDS,
            help="A statement as if it had never been made.",
        ),
        click.option("--as-of", metavar="DATE", help="As it stood at the end of that day, or at that time."),
        click.option(
            "--believe",
            metavar="SOURCE",
            multiple=True,
            shell_complete=completing.SOURCES,
            help="Keep only statements of this source.",
        ),
        click.option(
            "--disbelieve",
            metavar="SOURCE",
            multiple=True,
            shell_complete=completing.SOURCES,
            help="Drop statements of this source.",
        ),
        click.option("--literal", is_flag=True, help="Hold people to the letter of what they said."),
        click.option("--founded", is_flag=True, help="Nobody comes by a circle of promises alone."),
        ENGINE,
        click.option("--time-limit", metavar="SECONDS", type=float, help="Give up after so many seconds."),
        JSON,
    ]
    command = watched(command)
    for option in reversed(options):
        command = option(command)
    return command


def without(command: click.Command, name: str) -> click.Command:
    """A command without one of the options of every question."""
    command.params = [option for option in command.params if option.name != name]
    return command


def parts_of(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a question as its keyword arguments."""
    parts: dict[str, Any] = {k: options[k] for k in ("given", "add", "withdraw", "disbelieve", "as_of") if options[k]}
    if options["believe"]:
        parts["believe"] = options["believe"]
    if options["assume"]:
        parts["assume"] = assumed(options["assume"])
    if options["literal"]:
        parts["reading"] = "literal"
    if options["founded"]:
        parts["founded"] = True
    return {**{k: options[k] for k in ("scenario", "engine", "time_limit") if k in options}, **parts}


def as_asked(problem: Problem) -> Problem:
    """A problem of the call's own scenario with the option that it came from; any other as it is."""
    if problem.line is not None or not problem.path or problem.path[0] not in SCENARIO:
        return problem
    part, *rest = problem.path
    option = f"--{part}".replace("_", "-")
    return replace(problem, path=(f"{option} {rest[0]}" if part == "assume" and rest else option,))


def assumed(pairs: Sequence[str]) -> dict[str, str]:
    """`putin=yes` and the like. Raises QuestionError where one has no value, or two differ."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.rpartition("=")
        if not equals or not name.strip():
            raise QuestionError(f"--assume {pair}: say what is assumed, as in --assume putin=yes")
        if found.setdefault(name.strip(), value) != value:
            raise QuestionError(f"--assume {name.strip()} is given twice, and differs")
    return found


def numbered(option: str, pairs: Sequence[str], advice: str) -> dict[str, str]:
    """`putin=3` and the like, given with an option. Raises QuestionError where one has no number, or two differ."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, number = pair.rpartition("=")
        if not equals or not name.strip():
            raise QuestionError(f"{option} {pair}: {advice}")
        if found.setdefault(name.strip(), number.strip()) != number.strip():
            raise QuestionError(f"{option} {name.strip()} is given twice, and differs")
    return found


def scenario_of(case: "Case", parts: dict[str, Any]) -> "Scenario":
    """The scenario that the options make, as the question saw it."""
    from attendance.model.scenario import Scenario

    own = {k: v for k, v in parts.items() if k not in ("scenario", "engine", "time_limit")}
    return case.scenario(parts.get("scenario"), Scenario(**own))


def opened(file: str) -> "Case":
    """The case in a file, or in standard input for `-`."""
    from attendance.formats.casefile import load, loads
    from attendance.formats.decoding import decoded
    from attendance.formats.document import MOST_BYTES

    if file.lower().endswith(".ics"):
        return calendars([file])
    if file != "-":
        return load(file)
    if sys.stdin is None:
        raise CaseError([Problem("standard input is closed: name a file instead of -")])
    text = decoded(sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>")
    return loads(text, format="json" if text.lstrip("\ufeff \t\r\n").startswith("{") else "yaml", file="<stdin>")


def calendars(files: Sequence[str]) -> "Case":
    """The case in calendars, read together; what is to be told of them goes to standard error."""
    from attendance.formats.decoding import decoded, file_text
    from attendance.formats.document import MOST_BYTES
    from attendance.formats.files import path_of
    from attendance.formats.ics.reading import read_calendars

    texts: list[tuple[str, str]] = []
    for file in files:
        if file == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin else b""
            texts.append(("<stdin>", decoded(data, "<stdin>", folded=True)))
        else:
            texts.append((file, file_text(path_of(file), folded=True)))
    found = read_calendars(texts)
    for note in found.notes:
        click.echo(f"attendance: {note}", err=True)
    return found.case
