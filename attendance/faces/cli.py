"""The command line: `attendance COMMAND FILE`. Exit status 0 answered, 1 the answer is no, 2 bad input."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from attendance.errors import AttendanceError, CaseError, visible
from attendance.faces.options import as_asked
from attendance.faces.screen import drop_output

COMMANDS = {
    "always": "Whether something holds in every outcome, whatever varies.",
    "cascade": "Who moves, round by round, until nobody does.",
    "chance": "How likely it is that somebody comes, or that a goal holds.",
    "check": "Whether case files are sound, and answer as they expect.",
    "compare": "What differs between two scenarios, and why.",
    "deadlocks": "Who waits for whom in a circle, and whose word would open it.",
    "engines": "The engines there are; with a FILE, which one answers for what, and why.",
    "ever": "Whether something holds in some outcome, whatever varies.",
    "graph": "Who depends on whom, as a picture.",
    "invite": "Whom to invite, so that every guest comes.",
    "journal": "What is in the journal of a live desk, and whether it is whole.",
    "live": "Statements come line by line: who attends now, and what is to be done about it.",
    "needs": "What it would take for a goal to hold.",
    "outcomes": "Every outcome: who could be there together.",
    "pivots": "On whom a goal turns: power, vetoes, dictators.",
    "resolve": "Who attends, is absent, or is undetermined, and what clashes.",
    "schema": "The JSON Schema of case files, for editors.",
    "show": "The case as the library understands it, or converted.",
    "sweep": "The verdicts of many scenarios at once, counted and summed up.",
    "timeline": "What each moment's statements changed, and why.",
    "why": "Why somebody attends, is absent, or is undetermined.",
}
"""What each command answers; its room is entered only when it is called."""


class Commands(click.Group):
    """The commands, each in a file of its name."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]  # for "did you mean"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"attendance.faces.commands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their names with what each answers."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="attendance", message="%(version)s")
def cli() -> None:
    """Who comes, when everybody's coming depends on who else comes?

    FILE is a case file (YAML, JSON or TOML), or - for YAML or JSON on standard input.

    Example: attendance resolve seeds/istanbul-2025.yaml
    """


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
        told = CaseError(map(as_asked, error.problems)) if isinstance(error, CaseError) else error
        click.echo(f"attendance: {told}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(
            f"attendance: {visible(str(error.filename or 'standard output'))}: {error.strerror or error}", err=True
        )
        drop_output()
        sys.exit(2)


if __name__ == "__main__":
    main()
