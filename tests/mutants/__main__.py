"""Tries the mutants of model, compiler and engines: mutmut makes them and keeps the results, this runs them quicker.

    python -m tests.mutants make            write the mutants of what has changed (results of the rest are kept)
    python -m tests.mutants reach           note which test reaches which line
    python -m tests.mutants run [NAMES]     try those that were not tried, or have no result any more
    python -m tests.mutants again [NAMES]   try those again that survived
    python -m tests.mutants table           the score of each room
    python -m tests.mutants show [NAMES]    what the survivors change

NAMES are wildcards, as in `attendance.model.words.*`. `mutmut results`, `show` and `browse` read the same results; verdicts.txt keeps them for
whoever has not run them: what has not changed since need not be tried again. Delete it to begin anew.

mutmut alone starts pytest for each of some 18,000 mutants, and asks at each call which mutant is meant. Here the tests are
collected once; each mutant is a fork, in which its code takes the place of the original; and of the tests only those run
that reach the changed line, those first that killed its neighbours, then the quickest.
"""

import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from itertools import groupby
from pathlib import Path
from typing import Any

import click
import pytest

from tests.mutants.mutant import Finder, Mutant, Places
from tests.mutants.reach import ARGUMENTS, HOME, JUDGES, REACH, ROOT, noted, reach
from tests.mutants.results import LIVED, letter, load, remember
from tests.mutants.trying import Trying

MANY = 2500
"""Mutants whose code is loaded at once."""
EXPLAINED = Path(__file__).with_name("survivors.txt")


def chosen(data: dict[str, Any], names: Iterable[str], wanted: Callable[[int | None], bool]) -> list[Mutant]:
    patterns = tuple(names) or ("*",)
    return [
        Mutant(key, path)
        for pattern in patterns
        for path, of in data.items()
        for key, code in of.exit_code_by_key.items()
        if wanted(code) and fnmatch(key, pattern)
    ]


def attempt(names: tuple[str, ...], wanted: Callable[[int | None], bool], budget: float) -> None:
    """Tries them some files at a time, each time in a process of its own: the code of all mutants is large, and to fork takes longer."""
    chunks: list[list[Mutant]] = [[]]
    for _, of in groupby(dict.fromkeys(chosen(load(), names, wanted)), key=lambda mutant: mutant.path):
        mutants = list(of)
        if len(chunks[-1]) + len(mutants) > MANY:
            chunks.append([])
        chunks[-1] += mutants
    for chunk in filter(None, chunks):
        pid = os.fork()
        if not pid:
            attempt_these(chunk, budget)
            os._exit(0)
        os.waitpid(pid, 0)
        remember()


def attempt_these(mutants: list[Mutant], budget: float) -> None:
    from mutmut.mutation import trampoline

    places = Places()
    trampoline.wrap_in_trampoline = places.keep
    sys.meta_path.insert(0, Finder({mutant.module: mutant.path for mutant in mutants}))
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(HOME / "pycache")  # there is much to compile
    with open(os.dup(1), "w", encoding="utf-8") as log:
        judges = [str(ROOT / "tests" / judge) for judge in JUDGES if noted(judge).exists()]
        pytest.main([*ARGUMENTS, *judges], plugins=[Trying(mutants, load(), places, log, budget)])


@click.group()
def main() -> None:
    os.chdir(ROOT)
    (HOME / "tmp").mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("ATTENDANCE_EXAMPLES", "20")
    os.environ["ATTENDANCE_MUTANTS"] = "1"


@main.command("make")
def make() -> None:
    from mutmut.__main__ import copy_src_dir, create_mutants

    copy_src_dir()
    create_mutants(1)


@main.command("reach")
@click.argument("judges", nargs=-1)
def reach_command(judges: tuple[str, ...]) -> None:
    REACH.mkdir(parents=True, exist_ok=True)
    for judge in judges or JUDGES:
        file = noted(judge)
        if file.exists() and file.stat().st_mtime > (ROOT / "tests" / judge).stat().st_mtime:
            continue
        began = time.monotonic()
        pid = os.fork()
        if not pid:
            try:
                reach(judge)
            except BaseException as error:
                click.echo(f"{judge}: {error!r}")
                os._exit(1)
            os._exit(0)
        os.waitpid(pid, 0)
        click.echo(f"{time.monotonic() - began:6.1f} s  {judge}")


names = click.argument("names", nargs=-1)


def budget(seconds: float) -> Any:
    """So many seconds of tests for each mutant, and at least one test; 0: all that reach it."""
    return click.option(
        "--budget", default=seconds, show_default=True, help="seconds of tests for each; 0: all that reach it"
    )


@main.command()
@names
@budget(1.0)
def run(names: tuple[str, ...], budget: float) -> None:
    attempt(names, lambda code: code is None, budget)


@main.command()
@names
@budget(4.0)
def again(names: tuple[str, ...], budget: float) -> None:
    attempt(names, lambda code: code in LIVED, budget)


KINDS = {"k": "killed", "t": "timed out", "s": "survived", "-": "not tried"}


def explained() -> list[tuple[str, str, str]]:
    """Of survivors.txt: a reason, a wildcard for the function, and a piece of what the mutant writes there."""
    found, reason = [], ""
    for line in EXPLAINED.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            reason = line.removeprefix("## ")
        elif " | " in line:
            function, piece = line.split(" | ", 1)
            found.append((reason, f"attendance.{function}", piece))
    return found


def reason_of(mutant: Mutant, known: list[tuple[str, str, str]]) -> str | None:
    """Why nothing tells this mutant, if that is known."""
    function = mutant.key.partition("__mutmut_")[0]
    near = [(reason, piece) for reason, pattern, piece in known if fnmatch(function, pattern)]
    if not near:
        return None
    written = mutant.written()
    return next((reason for reason, piece in near if meant(piece, written)), None)


def meant(piece: str, written: str) -> bool:
    """Whether a piece of survivors.txt, or a pattern between slashes, is in what a mutant writes."""
    if len(piece) > 1 and piece[0] == piece[-1] == "/":
        return re.search(piece[1:-1], written) is not None
    return piece in written


@main.command()
def table() -> None:
    """The score of each room."""
    known, rows = explained(), defaultdict[str, Counter[str]](Counter)
    for path, of in load().items():
        counted = Counter(KINDS[letter(code)] for code in of.exit_code_by_key.values())
        lived = (Mutant(key, path) for key, code in of.exit_code_by_key.items() if letter(code) == "s")
        reasons = [reason for mutant in lived if (reason := reason_of(mutant, known))]
        counted["explained"], counted["slower"] = len(reasons), sum(r.startswith("speed only") for r in reasons)
        for name in (path.removeprefix("attendance/"), path.split("/")[1], "all"):
            rows[name].update(counted)
    click.echo("| room | mutants | killed | timed out | survived | of them explained | not tried | score |")
    click.echo("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, c in sorted(rows.items(), key=lambda row: (row[0].split("/")[0], row[0])):
        tried = c["killed"] + c["timed out"] + c["survived"]
        if tried or c["not tried"]:
            score = f"{100 * (c['killed'] + c['timed out']) / tried:.1f} %" if tried else ""
            numbers = (c["killed"], c["timed out"], c["survived"], c["explained"], c["not tried"])
            click.echo(" | ".join(("| " + name, str(tried + c["not tried"]), *map(str, numbers), score)) + " |")
    click.echo(f"\n{rows['all']['slower']} of those explained only make it slower.")


@main.command()
@names
@click.option("--all", "whole", is_flag=True, help="those that are explained, too")
def show(names: tuple[str, ...], whole: bool) -> None:
    """What the survivors change."""
    known = explained()
    for mutant in chosen(load(), names, lambda code: code in LIVED):
        if whole or not reason_of(mutant, known):
            click.echo(f"{mutant.key}  {mutant.path}:{mutant.node().lineno}")
            click.echo("".join(f"    {line}\n" for line in mutant.difference()), nl=False)


if __name__ == "__main__":
    main()
