"""`attendance live`: a desk to which statements come line by line; changes and alerts are told as they happen."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from traceback import extract_tb
from types import CodeType
from typing import Any

import click

from attendance.errors import AttendanceError, InputError, LanguageError, advice, caret, visible
from attendance.faces.listening import lines_of
from attendance.faces.options import opened
from attendance.faces.screen import ONE_LINE, put
from attendance.faces.words import display, few, where
from attendance.live.desk import Alert, Desk
from attendance.live.lines import Tick, act_of, take
from attendance.live.recorded import plain
from attendance.matching.driving import missing
from attendance.model.outcome import Verdict
from attendance.model.statements import Statement
from attendance.model.values import when
from attendance.questions.timeline import Turn

LONGEST = 1_000_000
"""Seconds between two ticks."""


@click.command()
@click.argument("file", required=False)
@click.option("--journal", metavar="FILE", help="Keep what is said in this file, and go on where it ended.")
@click.option("--rules", metavar="FILE", help="Python with a function `rules(desk)` that says what to react to.")
@click.option("--follow", metavar="FILE", help="Read the lines of this file as it grows, instead of standard input.")
@click.option("--tick", metavar="SECONDS", type=click.FloatRange(min=0.1), help="Tell the rules the time so often.")
@click.option("--undated", is_flag=True, help="Do not date what comes without a date by the clock.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, a line each.")
def live(file: str | None, journal: str | None, rules: str | None, follow: str | None, tick: float | None,
         undated: bool, as_json: bool) -> None:  # fmt: skip
    """Statements come line by line: who attends now, and what is to be done about it.

    A line is a statement, as text or as a JSON object with the keys of a case file, or `withdraw: ID`, or
    `tick: TIME`. FILE may be left out where the journal is there already.

    Example: attendance live seeds/istanbul-2025.yaml --journal talks.journal
    """
    if file is None and journal is None:
        raise click.UsageError("name a case file, or a journal that is there already")
    if file == "-":
        raise click.UsageError("the case is a file: standard input has the statements")
    if tick is not None and not tick <= LONGEST:
        raise click.UsageError(f"--tick is a number of seconds up to {LONGEST:,}")
    case = None if file is None else opened(file)
    lines = lines_of(follow, tick)
    react = None if rules is None else _load(rules)
    refused = 0
    with Desk(case, journal, clock=None if undated else _now) as desk:
        teller = Teller(desk, as_json)
        if react is not None:
            react(desk)
        teller.begin()
        for number, line in lines:
            try:
                act = Tick(_now().isoformat()) if line is None else act_of(line)
                if act is not None:
                    take(desk, act)
            except Exception as error:  # a line that is refused, or a function of the rules
                refused += 1
                teller.refuse(number, error)
    if refused:
        sys.exit(2)


class Teller:
    """Tells of what happens at a desk, line by line: a statement, then what it changes and sets off."""

    def __init__(self, desk: Desk, as_json: bool) -> None:
        self.desk, self.case, self.as_json = desk, desk.case, as_json
        self.tick: tuple[str, dict[str, Any]] | None = None  # told before the first alert that it sets off
        desk.on_say(self.said)
        desk.on_withdraw(self.withdrawn)
        desk.on_change(self.change)
        desk.on_fact(self.fact)
        desk.on_alert(self.alert)

    def begin(self) -> None:
        """The verdicts as they stand at the beginning, counted."""
        counts = {str(v): sum(v is found for found in self.desk.verdicts.values()) for v in Verdict}
        title = self.case.title or "The desk"
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        self.tell(f"{title}: {told}", {"begin": title, **counts})

    def change(self, turn: Turn) -> None:
        """A verdict is another one."""
        who = f"{display(self.case, turn.attendance)}{where(self.case, turn.attendance)}"
        told = {"participant": turn.attendance.participant, "gathering": turn.attendance.gathering}
        told |= {"from": str(turn.before), "to": str(turn.after)}
        self.tell(f"  {who}: {turn.before} -> {turn.after}", {"change": told})

    def fact(self, fact: Mapping[str, Any]) -> None:
        """A gathering is held or not, the statements can be kept or not; that time has passed is told with alerts."""
        match fact:
            case {"kind": "held", "at": at, "old": old, "new": new}:
                name = self.case.roster.gatherings[at].name or at
                self.tell(f"  {name}: {old} -> {new}", {"held": {"gathering": at, "from": old, "to": new}})
            case {"kind": "consistency", "new": sound}:
                clashes = [" and ".join(c) for conflict in self.desk.resolution.conflicts for c in conflict.clashes]
                told = "all statements can be kept" if sound else f"these cannot all be kept: {few(clashes)}"
                self.tell(f"  {told}", {"consistent": sound})
            case {"kind": "tick", "t": now}:
                moment = datetime.fromtimestamp(now, self.case.zone)
                self.tick = (f"{when(moment)}:", {"tick": moment.isoformat()})

    def alert(self, alert: Alert) -> None:
        """A rule has fired."""
        told = {"rule": alert.rule, "text": alert.text, "facts": {k: dict(v) for k, v in alert.match.facts.items()}}
        if self.tick is not None:
            tick, self.tick = self.tick, None
            self.tell(*tick)
        self.tell(f"  ! {alert}", {"alert": told})

    def said(self, statement: Statement) -> None:
        """Something was said."""
        self.tick = None
        self.tell(f"{statement.id}: {statement.text}", {"said": plain(statement)})

    def withdrawn(self, statement: Statement) -> None:
        """Something was taken back."""
        self.tick = None
        self.tell(f"{statement.id} is withdrawn", {"withdrawn": statement.id})

    def tell(self, text: str, told: dict[str, Any]) -> None:
        """A line on standard output, at once."""
        line = json.dumps(told, ensure_ascii=not _utf8()) if self.as_json else visible(text.translate(ONE_LINE))
        put(lambda: sys.stdout.write(line + "\n"))

    def refuse(self, number: int, error: Exception) -> None:
        """What went wrong on standard error; what comes next is heard all the same."""
        for each in error.exceptions if isinstance(error, ExceptionGroup) else (error,):
            click.echo(f"attendance: line {number}{_told(each)}", err=True)


def _told(error: BaseException) -> str:
    """An error in words, with its place in the line, and with whose it is."""
    notes = "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
    match error:
        case LanguageError():
            about = [error.problem + notes, *caret(error.text, error.start, error.end), *advice(error.hint)]
            return f", column {error.column}: " + "\n".join(about)
        case AttendanceError():
            return f": {error}{notes}"
        case _:
            return f": {type(error).__name__}: {error}{notes}"


class _Rules(SourceFileLoader):
    """Loads the file that the user named and no other: nothing that was compiled of it before."""

    def get_code(self, fullname: str) -> CodeType:
        """The code of the file as it now is."""
        return self.source_to_code(self.get_data(self.path), self.path)


def _load(file: str) -> Callable[[Desk], object]:
    """What the function `rules` of a Python file does with a desk. Raises InputError where the file is at fault."""
    loader = _Rules("rules_of_the_desk", file)
    spec = spec_from_file_location(loader.name, file, loader=loader)
    assert spec is not None, "a loader is given"
    module = module_from_spec(spec)
    with _blamed(file):
        loader.exec_module(module)
    found = getattr(module, "rules", None)
    if not callable(found):
        raise InputError(f"{file} has no function `rules(desk)`: define one that calls desk.when(...)")

    def react(desk: Desk) -> None:
        with _blamed(file):
            found(desk)

    return react


@contextmanager
def _blamed(file: str) -> Iterator[None]:
    """What goes wrong in a user's file told with its line, and without what is ours."""
    try:
        yield
    except AttendanceError as error:
        raise InputError(f"{file}{_line(file, error)}: {error}") from error
    except ModuleNotFoundError as error:
        if error.name not in ("durable", "durable_rules_engine"):
            raise InputError(f"{file}{_line(file, error)}: {error}") from None
        raise missing() from None
    except SyntaxError as error:
        raise InputError(f"{error.filename or file}, line {error.lineno}: {error.msg}") from None
    except Exception as error:
        if isinstance(error, FileNotFoundError) and error.filename == file:
            raise InputError(f"cannot read {file}: there is no such file") from None
        raise InputError(f"{file}{_line(file, error)}: {type(error).__name__}: {error}") from error


def _line(file: str, error: BaseException) -> str:
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == file]
    return f", line {lines[-1]}" if lines else ""


def _now() -> datetime:
    return datetime.now(UTC)


def _utf8() -> bool:
    return sys.stdout.encoding.lower().startswith("utf")
