"""The command line: `attendance COMMAND FILE`. Exit status 0 answered, 1 the answer is no, 2 bad input."""

import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click
from click.shell_completion import CompletionItem

from attendance.errors import AttendanceError, CaseError, visible
from attendance.faces.options import as_asked
from attendance.faces.screen import complain, drop_output, unread

VARIABLE = "_ATTENDANCE_COMPLETE"
"""Set by a shell that completes what is typed."""
COMMANDS = {
    "always": "Whether something holds in every outcome, whatever varies.",
    "cascade": "Who moves, round by round, until nobody does.",
    "chance": "How likely it is that somebody comes, or that a goal holds.",
    "check": "Whether case files are sound, and answer as they expect.",
    "compare": "What differs between two scenarios, and why.",
    "completion": "The script with which a shell completes names, files and options.",
    "deadlocks": "Who waits for whom in a circle, and whose word would open it.",
    "engines": "The engines there are; with a FILE, which one answers for what, and why.",
    "ever": "Whether something holds in some outcome, whatever varies.",
    "graph": "Who depends on whom, as a picture.",
    "ics": "Calendars: invitations and replies read into a case, or a case written as one.",
    "invite": "Whom to invite, so that every guest comes.",
    "journal": "What is in the journal of a live desk, and whether it is whole.",
    "live": "Statements come line by line: who attends now, and what is to be done about it.",
    "needs": "What it would take for a goal to hold.",
    "outcomes": "Every outcome: who could be there together.",
    "pivots": "On whom a goal turns: power, vetoes, dictators.",
    "report": "One web page: verdicts, reasons, timeline, scenarios, and switches to ask what if.",
    "resolve": "Who attends, is absent, or is undetermined, and what clashes.",
    "schema": "The JSON Schema of case files, for editors.",
    "show": "The case as the library understands it, or converted.",
    "sweep": "The verdicts of many scenarios at once, counted and summed up.",
    "timeline": "What each moment's statements changed, and why.",
    "why": "Why somebody attends, is absent, or is undetermined.",
}
"""What each command answers; its room is entered only when it is called."""
WITHOUT_FILE = frozenset({"completion", "ics", "journal", "schema"})
"""The first argument of the others is a case file."""


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

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Their names, and options; no command is loaded for that."""
        names = [CompletionItem(name, help=told) for name, told in COMMANDS.items() if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def make_context(self, *arguments: Any, **settings: Any) -> click.Context:
        """The context; its help may be cut off."""
        with unread():
            return super().make_context(*arguments, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; its help may be cut off."""
        with unread():
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command and its arguments; while one is typed, without an option whose value is to come."""
        name, command, args = super().resolve_command(ctx, args)
        if ctx.resilient_parsing and command is not None and args:
            options = (p for p in command.params if isinstance(p, click.Option) and not p.is_flag)
            if any(args[-1] in option.opts for option in options):
                args = args[:-1]
        return name, command, args

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
        sys.stdout = open(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if VARIABLE in os.environ:
        import attendance.faces.shells  # noqa: F401 - its shells are asked
    try:
        cli.main(args=arguments, prog_name="attendance", standalone_mode=False)
    except click.ClickException as error:
        complain(error.show)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except AttendanceError as error:
        told = CaseError(map(as_asked, error.problems)) if isinstance(error, CaseError) else error
        complain(partial(click.echo, f"attendance: {told}", err=True))
        sys.exit(2)
    except OSError as error:
        what = f"attendance: {visible(str(error.filename or 'standard output'))}: {error.strerror or error}"
        complain(partial(click.echo, what, err=True))
        drop_output()
        sys.exit(2)
