"""`attendance sweep`: the verdicts of many scenarios at once, and the rule that sums them up."""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import chain
from multiprocessing import active_children
from shutil import get_terminal_size
from types import FrameType
from typing import Any

import click

from attendance.errors import QuestionError
from attendance.faces import completing
from attendance.faces.commands.needs import called, headline
from attendance.faces.options import CSV, FILE, asking, opened, parts_of
from attendance.faces.progress import clear, tell
from attendance.faces.screen import GAP, Grid, Piece, answer, breaks, padded, print_csv, put, remark, width
from attendance.model.case import Case
from attendance.model.conditions import Condition, Constant
from attendance.model.outcome import Verdict
from attendance.model.participants import Attendance
from attendance.questions import sweep as question
from attendance.questions.counting import SUMMED, Counts
from attendance.questions.speech import numeral
from attendance.questions.sweep import MANY, Sweep

SHORT = 12
"""Of up to so many names everybody's rule is told; of more, of those who are asked for."""
LONG = 500
"""A rule of more characters is not printed."""
INTERRUPTED = 130


@click.command()
@FILE
@click.option(
    "--over",
    metavar="NAME",
    shell_complete=completing.NAMES,
    multiple=True,
    required=True,
    help="Vary this, or a group's members: yes and no, assumed.",
)
@click.option(
    "--of",
    "who",
    metavar="NAME",
    shell_complete=completing.NAMES,
    multiple=True,
    help="Tell of these only; everybody, if left out.",
)
@click.option("--sample", metavar="N", type=click.IntRange(min=1), help="So many scenarios at random instead of all.")
@click.option("--seed", metavar="N", type=int, default=0, help="Another seed draws another sample.")
@click.option("--rows", "as_rows", is_flag=True, help="Print every scenario, a line each.")
@click.option("--format", type=click.Choice(["csv"]), help="The format of the rows; aligned text unless given.")
@click.option("--yes", is_flag=True, help="Print more than a million lines.")
@click.option("--workers", metavar="N", type=click.IntRange(min=1), default=1, help="Count in so many processes.")
@asking
@CSV
def sweep(
    file: str, who: tuple[str, ...], as_rows: bool, format: str | None, yes: bool, workers: int, **options: Any
) -> None:
    """The verdicts of many scenarios at once, counted and summed up.

    All combinations of yes and no of what is varied, each assumed. Ctrl-C ends it with what is counted by then.

    Example: attendance sweep seeds/istanbul-2025.yaml --over putin --over trump
    """
    case, as_json, sample = opened(file), options["as_json"], options["sample"]
    as_csv = options["as_csv"] or format == "csv"
    if format is not None and (as_json or not as_rows):
        raise QuestionError(f"--format {format} is for --rows, and not for --json")
    if as_rows and not yes:
        _refuse_many(sample or 1 << len(question.sweep(case, options["over"], rows=range(0), **parts_of(options)).over))
    with ExitStack() as stack:
        watch = stack.enter_context(_Watch())
        pool = stack.enter_context(ProcessPoolExecutor(workers, initializer=_deaf)) if workers > 1 else None
        stack.push(watch.dismiss)
        found = question.sweep(
            case,
            options["over"],
            sample=sample,
            seed=options["seed"],
            executor=pool,
            progress=watch.progress,
            **parts_of(options),
        )
    told = [found.attendance(key) for key in who] or found.unvaried
    if as_rows and not found.complete:
        sys.exit(INTERRUPTED)  # rows are made anew, and whoever broke off does not want to wait for them
    if as_rows and not as_json:
        print_csv(found.lines(told)) if as_csv else put(lambda: _print_rows(found, told))
    elif as_csv:
        print_csv(_counts(found, told))
        for beside in found.remarks:
            remark(beside)
    else:
        answer(as_json, _whole(found, told if who else [], as_rows), lambda: view(case, found, told, bool(who), sample))
    if not found.complete:
        sys.exit(INTERRUPTED)


def _refuse_many(size: int) -> None:
    if size > MANY:
        raise QuestionError(
            f"{numeral(size)} scenarios are more than {MANY:,} lines: --yes prints them, counts need none"
        )


def _deaf() -> None:
    """Leave Ctrl-C to the process that has the counts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Watch:
    """Shows how far the work is, on a terminal, and stops it on Ctrl-C; a second one ends all at once."""

    def __init__(self) -> None:
        self.stopped = False
        self.before: Any = None

    def __enter__(self) -> "_Watch":
        self.before = signal.signal(signal.SIGINT, self.stop)
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        signal.signal(signal.SIGINT, self.before)
        self.dismiss(kind)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Have the work end where it is."""
        self.stopped = True
        signal.signal(signal.SIGINT, self.before)

    def dismiss(self, kind: type[BaseException] | None, *error: object) -> None:
        """Do not wait for what others still count, once all is to end: their pool would."""
        counting = active_children() if kind is not None and issubclass(kind, KeyboardInterrupt) else []
        if not counting:
            return
        threading.excepthook = lambda _: None  # the pool's own thread complains of processes that are gone
        for child in counting:
            child.terminate()
        clear()
        os._exit(INTERRUPTED)

    def progress(self, done: int, whole: int) -> bool:
        """Tell how far it is; whether to go on."""
        tell(done, whole)
        return not self.stopped


def _whole(found: Sweep, told: Sequence[Attendance], as_rows: bool) -> dict[str, Any]:
    """The answer for programs: the counts; the rules of those asked for, and the rows, if they are."""
    rules = {found.key(a): None if (rule := _rule(found, a)) is None else str(rule) for a in told}
    rows = {"rows": [row.to_dict() for row in found]} if as_rows else {}
    return found.to_dict() | ({"rules": rules} if rules else {}) | rows


def view(
    case: Case, found: Sweep, told: Sequence[Attendance], asked: bool, sample: int | None = None
) -> Iterator[Piece]:
    """The counts of everybody, and under which conditions on what is varied they attend, or may."""
    yield headline(case, found.scenario, found.headline + (", drawn at random" if sample else ""))
    ruled = found.complete and (asked or len(found.over) <= SHORT)
    open_ = any(found.tallies[a].undetermined for a in told)
    wanted = [Verdict.ATTENDS, *([Verdict.UNDETERMINED] if open_ else [])] if ruled else []
    head = ("", "attends", "absent", "undetermined", *(f"{verdict} just when" for verdict in wanted))
    rows = tuple(
        (called(case, a), *(f"{n:,}" for n in found.tallies[a]), *(_told(found, a, verdict) for verdict in wanted))
        for a in told
    )
    yield Grid(head, rows, long=4 if ruled else 0)
    yield from found.remarks
    if found.complete and not ruled:
        yield "Who attends just when: ask for somebody, with --of."
    if not found.complete:
        yield "A --sample is drawn from all of them."


def _rule(found: Sweep, about: Attendance, verdict: Verdict = Verdict.ATTENDS) -> Condition | None:
    """When somebody has a verdict; None where counting was broken off, or too many names matter."""
    try:
        return found.rule(about, verdict) if found.complete else None
    except QuestionError:
        return None


def _told(found: Sweep, about: Attendance, verdict: Verdict) -> str:
    """The rule, unless nobody could take it in: Python and --json have all of it."""
    match _rule(found, about, verdict):
        case None:
            return f"(too long to say, or hangs on more than {SUMMED} names)"
        case Constant(value):
            return "always" if value else "never"
        case rule:
            text = str(rule)
            return text if len(text) <= LONG else f"(a rule of {len(text):,} characters)"


def _counts(found: Sweep, told: Sequence[Attendance]) -> Iterator[Sequence[str | int]]:
    """In how many scenarios somebody attends, is absent and is undetermined, a line each."""
    yield "gathering", "participant", *Counts._fields
    yield from ((a.gathering, a.participant, *found.tallies[a]) for a in told)


def _print_rows(found: Sweep, told: Sequence[Attendance]) -> None:
    """Every scenario in a line, or on a narrow terminal in several: what is assumed, and the verdicts."""
    lines = found.lines(told)
    names = next(lines)
    widths = [max(width(name), len("undetermined") if i >= len(found.over) else 3) for i, name in enumerate(names)]
    cuts = breaks(widths, get_terminal_size().columns if sys.stdout.isatty() else None)
    for line in chain([names], lines):
        for number, (start, end) in enumerate(cuts):
            cells = map(padded, line[start:end], widths[start:end])
            sys.stdout.write(" " * GAP * (number > 0) + (" " * GAP).join(cells).rstrip() + "\n")
