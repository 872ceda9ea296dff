"""Which test reaches which line of the rooms whose mutants are tried, and how long it takes."""

import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).parents[2]
HOME = ROOT / "mutants"
REACH = HOME / "reach"
ROOMS = ("model", "compiler", "engines")
JUDGES = [
    f"test_{name}.py"
    for name in (
        "conditions model_inside auto_inside searches_inside small_rooms_inside solvers_inside durable_inside elimination_inside "
        "lanes_inside parts_inside planes_inside program_inside propagation_inside sat_inside "
        "language refused values plain mistakes counted portrait small_values remembered evaluation many_networks wired seldom statements positions possessive lark worked_answers bad casefile bad_input conformance "
        "propagation auto resolve sweep timeline tables why why_not cascade compare lint deadlocks requirements "
        "probability pivots prove invitations frontier columns sat clingo durable certificate games puzzles seed_answers "
        "small_scope cli_cascade cli_chance cli_deadlocks cli_graph cli_invite cli_needs cli_pivots cli_prove "
        "cli_sweep cli_timeline graph pictures "
        "guests_inside invitations_inside headcount_inside frontier_inside joining_inside formula_inside following_inside "
        "seldom_engines solution_inside sweep_inside tables_inside tally_inside weighing_inside compiler_inside"
    ).split()
]
"""What is asked of each mutant: quick, in one process, and always the same."""
ARGUMENTS = [
    "-q",
    "-x",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    f"--basetemp={HOME / 'tmp' / str(os.getpid())}",
]
MOST = 2.0
"""Seconds: a test that takes longer is not asked."""


def files() -> Iterator[Path]:
    """The files whose mutants are tried, from the root."""
    for room in ROOMS:
        yield from sorted(path.relative_to(ROOT) for path in (ROOT / "attendance" / room).rglob("*.py"))


class Reaching:
    """Notes, test by test, the lines that it reaches and the seconds that it takes."""

    def __init__(self) -> None:
        self.coverage = coverage.Coverage(
            data_file=None, config_file=False, source=[str(ROOT / "attendance" / room) for room in ROOMS]
        )
        self.seconds: dict[str, float] = {}

    def __enter__(self) -> "Reaching":
        self.coverage.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.coverage.stop()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        began = time.process_time()
        yield
        self.seconds[item.nodeid] = time.process_time() - began
        self.coverage.switch_context("")

    def lines(self) -> dict[str, dict[int, list[str]]]:
        """By file, by line: the tests."""
        data = self.coverage.get_data()
        found = {}
        for path in files():
            by_line = data.contexts_by_lineno(str(ROOT / path))
            found[str(path)] = {line: tests for line, all_ in by_line.items() if (tests := [t for t in all_ if t])}
        return found


def noted(judge: str) -> Path:
    return REACH / f"{Path(judge).stem}.json"


def reach(judge: str) -> None:
    """Runs the tests of a file once, without mutants."""
    with Reaching() as reaching:
        ended = pytest.main([*ARGUMENTS, str(ROOT / "tests" / judge)], plugins=[reaching])
    if ended:
        raise SystemExit(f"{judge} fails without a mutant")
    sources = {str(path): (ROOT / path).read_text(encoding="utf-8") for path in files()}
    told = {"seconds": reaching.seconds, "lines": reaching.lines(), "sources": sources, "modules": sorted(sys.modules)}
    noted(judge).write_text(json.dumps(told))


def modules() -> set[str]:
    """What the judges import, sooner or later: it is better imported once."""
    found = {str(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files()}
    for judge in JUDGES:
        if noted(judge).exists():
            found.update(json.loads(noted(judge).read_text()).get("modules", ()))
    return {name for name in found if not name.startswith(("tests", "coverage", "_")) and "__" not in name}


class Reached:
    """What was noted of the runs without mutants."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for judge in JUDGES:
            if noted(judge).exists():
                self.add(json.loads(noted(judge).read_text()))

    def add(self, told: dict[str, Any]) -> None:
        quick = {test for test, seconds in told["seconds"].items() if seconds < MOST}
        self.seconds |= {test: seconds for test, seconds in told["seconds"].items() if test in quick}
        for path, by_line in told["lines"].items():
            now = moved(told["sources"][path], path)
            for line, tests in by_line.items():
                if int(line) in now:
                    self.lines[path][now[int(line)]] |= quick.intersection(tests)

    @cached_property
    def every(self) -> Counter[str]:
        """How many lines each test reaches."""
        return Counter(test for by_line in self.lines.values() for tests in by_line.values() for test in tests)

    @cache  # noqa: B019 - there is one
    def share(self, path: str) -> dict[str, float]:
        """Of all the lines that a test reaches, which part is of this file."""
        here = Counter(test for tests in self.lines[path].values() for test in tests)
        return {test: number / self.every[test] for test, number in here.items()}

    def by(self, path: str, lines: Iterable[int]) -> set[str]:
        """The tests that reach any of these lines."""
        known = self.lines[path]
        return set().union(*(known[line] for line in lines if line in known))


@cache
def moved(before: str, path: str) -> dict[int, int]:
    """Where the lines of a file are now that were noted before."""
    if not (ROOT / path).exists():
        return {}
    blocks = SequenceMatcher(
        None, before.splitlines(), (ROOT / path).read_text(encoding="utf-8").splitlines(), autojunk=False
    ).get_matching_blocks()
    return {a + step + 1: b + step + 1 for a, b, size in blocks for step in range(size)}
