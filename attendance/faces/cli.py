"""The command line: `attendance COMMAND FILE`. Exit status 0 answered, 1 the answer is no, 2 bad input."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from attendance.errors import AttendanceError, CaseError, Problem, QuestionError

if TYPE_CHECKING:
    from attendance.model.case import Case
    from attendance.questions.resolve import Resolution

F = TypeVar("F", bound=Callable[..., Any])
FILE = click.argument("file", type=str)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="attendance", message="%(version)s")
def cli() -> None:
    """Who comes, when everybody's coming depends on who else comes?

    FILE is a case file (YAML, JSON or TOML), or - for YAML or JSON on standard input.

    Example: attendance resolve seeds/istanbul-2025.yaml
    """


def asking(command: F) -> F:
    """The options of every question: the scenario, its parts, the engine, and JSON."""
    options = [
        click.option("--scenario", metavar="NAME", help="A scenario of the file."),
        click.option(
            "--assume", metavar="NAME=yes|no", multiple=True, help="Suppose that somebody comes, or a fact holds."
        ),
        click.option("--given", metavar="CONDITION", multiple=True, help="What is seen: drop outcomes that differ."),
        click.option("--add", metavar="STATEMENT", multiple=True, help="A further statement, as in 'putin attends'."),
        click.option("--withdraw", metavar="ID", multiple=True, help="A statement as if it had never been made."),
        click.option("--as-of", metavar="DATE", help="As it stood at the end of that day, or at that time."),
        click.option("--believe", metavar="SOURCE", multiple=True, help="Keep only statements of this source."),
        click.option("--disbelieve", metavar="SOURCE", multiple=True, help="Drop statements of this source."),
        click.option("--literal", is_flag=True, help="Hold people to the letter of what they said."),
        click.option("--founded", is_flag=True, help="Nobody comes by a circle of promises alone."),
        click.option("--engine", metavar="NAME", default="auto", help="Which engine answers."),
        click.option("--time-limit", metavar="SECONDS", type=float, help="Give up after so many seconds."),
        JSON,
    ]
    for option in reversed(options):
        command = option(command)
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
    return {"scenario": options["scenario"], "engine": options["engine"], "time_limit": options["time_limit"], **parts}


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


def opened(file: str) -> "Case":
    """The case in a file, or in standard input for `-`."""
    from attendance.formats.casefile import decoded, load, loads

    if file != "-":
        return load(file)
    if sys.stdin is None:
        raise CaseError([Problem("standard input is closed: name a file instead of -")])
    text = decoded(sys.stdin.buffer.read(), "<stdin>")
    return loads(text, format="json" if text.lstrip("\ufeff \t\r\n").startswith("{") else "yaml", file="<stdin>")


def show(as_json: bool, answer: object, view: Callable[[], Any]) -> None:
    """Print an answer as JSON, or the pieces of its view."""
    if as_json:
        ascii_only = not sys.stdout.encoding.lower().startswith("utf")
        put(lambda: sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=ascii_only) + "\n"))
        return
    from attendance.faces.screen import Screen

    screen = Screen()
    screen.say(*view())
    put(screen.show)


def put(write: Callable[[], object]) -> None:
    """Have something written; where nobody reads it any more, end quietly."""
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
        sys.exit(0)


def drop_output() -> None:
    """Let what is still to be written go nowhere, so that the end of the program does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@cli.command()
@FILE
@click.option("--scenarios", is_flag=True, help="All scenarios of the file side by side.")
@asking
def resolve(file: str, scenarios: bool, **options: Any) -> None:
    """Who attends, is absent, or is undetermined, and what clashes.

    Example: attendance resolve seeds/istanbul-2025.yaml --assume putin=yes
    """
    from attendance.faces import views
    from attendance.questions import resolve as question

    case, parts = opened(file), parts_of(options)
    if scenarios:
        if parts.pop("scenario") is not None:
            raise QuestionError("--scenarios shows all of them: leave --scenario out")
        found = side_by_side(case, parts)
        answer = {k: r if isinstance(r, str) else r.to_dict() for k, r in found.items()}
        show(options["as_json"], answer, lambda: views.scenarios_view(case, found))
        return
    resolution = question.resolve(case, **parts)
    scenario = scenario_of(case, parts)
    show(options["as_json"], resolution.to_dict(), lambda: views.resolution_view(case, scenario, resolution))


def side_by_side(case: "Case", parts: dict[str, Any]) -> dict[str, "Resolution | str"]:
    """The resolution of the case as it stands and of every scenario, or why there is none."""
    from attendance.errors import ImpossibleScenario
    from attendance.questions.resolve import resolve as ask

    found: dict[str, Resolution | str] = {}
    for name in ("", *(str(s.id) for s in case.scenarios)):
        try:
            found[name] = ask(case, scenario=name, **parts)
        except ImpossibleScenario:
            found[name] = "impossible"
    return found


def scenario_of(case: "Case", parts: dict[str, Any]) -> Any:
    """The scenario that the options make, as the question saw it."""
    from attendance.model.scenario import Scenario

    own = {k: v for k, v in parts.items() if k not in ("scenario", "engine", "time_limit")}
    return case.scenario(parts.get("scenario"), Scenario(**own))


@cli.command()
@FILE
@click.argument("who")
@asking
def why(file: str, who: str, **options: Any) -> None:
    """Why somebody attends, is absent, or is undetermined.

    WHO is a participant, or 'zelensky at ankara'.

    Example: attendance why seeds/istanbul-2025.yaml zelensky
    """
    from attendance.faces import views
    from attendance.questions import why as question

    found = question.why(opened(file), who, **parts_of(options))
    show(options["as_json"], found.to_dict(), lambda: views.explanation_view(found))


@cli.command()
@FILE
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="How many to list.")
@click.option("--order", type=click.Choice(["fewest", "most"]), help="Those with fewest, or most, attending first.")
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@asking
def outcomes(file: str, limit: int, order: str | None, only_count: bool, **options: Any) -> None:
    """Every outcome: who could be there together.

    In an outcome nobody breaks their word, and nobody would change their mind.

    Example: attendance outcomes seeds/istanbul-2025.yaml --scenario mutual-loop
    """
    from attendance.faces import views
    from attendance.questions import outcomes as question

    case, parts = opened(file), parts_of(options)
    number = question.count(case, **parts)
    listed = [] if only_count else list(question.outcomes(case, limit=limit, order=order, **parts))  # type: ignore[arg-type]
    answer = {"count": number, "outcomes": [o.to_dict() for o in listed]}
    sys.set_int_max_str_digits(0)  # many silent people make a long number
    show(options["as_json"], answer, lambda: views.outcomes_view(number, listed))


@cli.command()
@FILE
@click.argument("before")
@click.argument("after")
@asking
def compare(file: str, before: str, after: str, **options: Any) -> None:
    """What differs between two scenarios, and why.

    BEFORE and AFTER are scenarios of the file; '' is the case as it stands.

    Example: attendance compare seeds/istanbul-2025.yaml '' putin-comes
    """
    from attendance.faces import views
    from attendance.questions import compare as question

    case, parts = opened(file), parts_of(options)
    if parts.pop("scenario") is not None:
        raise QuestionError("compare takes two scenarios as arguments: leave --scenario out")
    found = question.compare(case, before, after, **parts)
    show(options["as_json"], found.to_dict(), lambda: views.comparison_view(case, found))


@cli.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--engine", metavar="NAME", default="auto", help="Which engine answers.")
@click.option("--time-limit", metavar="SECONDS", type=float, help="Give up on a scenario after so many seconds.")
@JSON
def check(files: Sequence[str], engine: str, time_limit: float | None, as_json: bool) -> None:
    """Whether case files are sound, and answer as they expect.

    A folder stands for the case files in it.

    Example: attendance check seeds
    """
    from attendance.faces import views
    from attendance.questions import check as question

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
    show(
        as_json,
        found[0][1].to_dict() if alone else several,
        lambda: (piece for file, report in found for piece in views.report_view(file, report)),
    )
    if not all(report for _, report in found):
        sys.exit(1)


def case_files(path: str) -> list[str]:
    """The file named, or the case files of the folder named. Raises CaseError for an empty folder."""
    from attendance.formats.casefile import SUFFIXES

    if path == "-" or not Path(path).is_dir():
        return [path]
    inside = sorted(str(p) for p in Path(path).iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    if not inside:
        raise CaseError([Problem(f"{path}: there is no case file in this folder")])
    return inside


@cli.command(name="show")
@FILE
@click.option("--to", "format", type=click.Choice(["yaml", "json", "toml"]), help="Print it as a case file instead.")
@click.option("--as-of", metavar="DATE", help="Mark what stood at the end of that day.")
def show_case(file: str, format: str | None, as_of: str | None) -> None:
    """The case as the library understands it, or converted.

    Example: attendance show seeds/istanbul-2025.yaml --to json
    """
    from attendance.faces import views
    from attendance.formats.casefile import dumps

    case = opened(file)
    if format is not None:
        text = dumps(case, format=format)  # type: ignore[arg-type]
        put(lambda: sys.stdout.buffer.write(text.encode()))  # a case file is UTF-8, whatever the terminal is
        return
    scenario = scenario_of(case, {"as_of": as_of} if as_of else {})
    show(False, None, lambda: views.case_view(case, scenario))


@cli.command()
def schema() -> None:
    """The JSON Schema of case files, for editors.

    Example: attendance schema > attendance.schema.json
    """
    from attendance.formats.schema import schema as of_files

    show(True, of_files(), lambda: ())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every error is told on standard error, with exit status 2."""
    if sys.stdout is None:  # it was closed by whoever called
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        cli.main(args=arguments, prog_name="attendance", standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except AttendanceError as error:
        click.echo(f"attendance: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"attendance: {error.filename or 'standard output'}: {error.strerror or error}", err=True)
        drop_output()
        sys.exit(2)


if __name__ == "__main__":
    main()
