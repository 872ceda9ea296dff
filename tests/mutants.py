"""Tries the mutants of model, compiler and engines: mutmut makes them and keeps the results, this runs them quicker.

    python -m tests.mutants make            write the mutants of what has changed (results of the rest are kept)
    python -m tests.mutants reach           note which test reaches which line
    python -m tests.mutants run [NAMES]     try those that were not tried, or have no result any more
    python -m tests.mutants again [NAMES]   try those again that survived
    python -m tests.mutants table           the score of each room
    python -m tests.mutants show [NAMES]    what the survivors change

NAMES are wildcards, as in `attendance.model.words.*`. `mutmut results`, `show` and `browse` read the same results.

mutmut alone starts pytest for each of some 18,000 mutants, and asks at each call which mutant is meant. Here the tests are
collected once; each mutant is a fork, in which its code takes the place of the original; and of the tests only those run
that reach the changed line, those first that killed its neighbours, then the quickest.
"""

import ast
import gc
import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from fnmatch import fnmatch
from functools import cache, wraps
from importlib import import_module
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest
from hypothesis import find, strategies
from hypothesis.errors import HypothesisException

ROOT = Path(__file__).parent.parent
HOME = ROOT / "mutants"
REACH = HOME / "reach"
KILLERS = HOME / "killers.json"
ROOMS = ("model", "compiler", "engines")
JUDGES = [
    f"test_{name}.py"
    for name in (
        "conditions language refused statements positions possessive lark worked_answers bad casefile bad_input conformance "
        "propagation auto resolve sweep timeline tables why why_not cascade compare lint deadlocks requirements "
        "probability pivots prove invitations frontier columns sat clingo durable certificate games puzzles seed_answers "
        "small_scope cli_cascade cli_chance cli_deadlocks cli_graph cli_invite cli_needs cli_pivots cli_prove "
        "cli_sweep cli_timeline"
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
BYTES = 3 << 30
SECONDS = (0.5, 5.0)
"""Of the processor for a test: so many, and so many times what it takes without a mutant; then the mutant timed out."""
KILLED, SURVIVED, TIMEOUT, UNREACHED, STRANGE = 1, 0, 36, 33, 35
"""As mutmut has them."""


def files() -> Iterator[Path]:
    """The files whose mutants are tried, from the root."""
    for room in ROOMS:
        yield from sorted(path.relative_to(ROOT) for path in (ROOT / "attendance" / room).rglob("*.py"))


# Which test reaches which line


class Reaching:
    """Notes, test by test, the lines that it reaches and the seconds that it takes."""

    def __init__(self) -> None:
        import coverage

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

    def by(self, path: str, lines: Iterable[int]) -> set[str]:
        """The tests that reach any of these lines."""
        known = self.lines[path]
        return set().union(*(known[line] for line in lines if line in known))


@cache
def moved(before: str, path: str) -> dict[int, int]:
    """Where the lines of a file are now that were noted before."""
    if not (ROOT / path).exists():
        return {}
    blocks = SequenceMatcher(None, before.splitlines(), source(path)[0], autojunk=False).get_matching_blocks()
    return {a + step + 1: b + step + 1 for a, b, size in blocks for step in range(size)}


# Where a mutant differs


@cache
def source(path: str) -> tuple[list[str], ast.Module]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return text.splitlines(), ast.parse(text)


@cache
def spans(path: str) -> dict[str, list[int]]:
    return json.loads((HOME / f"{path}.spans").read_text())["spans"]


@cache
def written(path: str) -> list[str]:
    return (HOME / path).read_text(encoding="utf-8").splitlines()


def text_of(path: str, name: str) -> list[str]:
    """A function of the mutated file, without what stands above its `def`."""
    start, end = spans(path)[name]
    lines = written(path)[start - 1 : end]
    while not lines[0].lstrip().startswith("def "):
        del lines[0]
    while not lines[-1].strip():
        del lines[-1]
    return lines


@dataclass(frozen=True)
class Mutant:
    """One of them, by mutmut's name for it."""

    key: str
    path: str

    @property
    def name(self) -> str:
        return self.key.rpartition(".")[2]

    @property
    def function(self) -> str:
        return self.name.partition("__mutmut_")[0]

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def node(self) -> ast.FunctionDef:
        """The function in the source."""
        *owner, name = self.function.split("ǁ")[1:] or ("", self.function.removeprefix("x_"))
        body: list[ast.stmt] = source(self.path)[1].body
        if owner and owner[0]:
            body = next(c.body for c in body if isinstance(c, ast.ClassDef) and c.name == owner[0])
        return next(f for f in body if isinstance(f, ast.FunctionDef) and f.name == name)

    def change(self) -> tuple[int, list[str], list[str]]:
        """The line of the source where it differs, and the lines before and after."""
        old, new = (
            text_of(self.path, f"{self.function}__mutmut_{which}") for which in ("orig", self.name.rpartition("_")[2])
        )
        old, new = old[1:], new[1:]  # the names differ
        return self.node().lineno + 1, old, new

    def lines(self) -> list[int]:
        """Lines of the source whose tests can tell it: of the statement that it changes, or of the whole function."""
        first, old, new = self.change()
        if len(old) != len(new):
            return self.whole()
        differ = [first + at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        return (list(innermost(self.node(), differ[0])) if differ else []) or self.whole()

    def whole(self) -> list[int]:
        """The lines of the function."""
        return list(range(self.node().lineno + 1, self.node().end_lineno + 1))


def innermost(node: ast.FunctionDef, line: int) -> range:
    """The lines of the smallest statement, or head of one, that holds this line; none for the head of the function."""
    best = range(0)
    for child in ast.walk(node):
        match child:
            case ast.FunctionDef() if child is node:
                continue
            case ast.match_case():
                span = range(child.pattern.lineno, child.body[0].lineno)
            case ast.stmt():
                body = getattr(child, "body", None) or getattr(child, "cases", None)
                end = _start(body[0]) if body else child.end_lineno + 1
                span = range(child.lineno, max(end, child.lineno + 1))
            case _:
                continue
        if line in span and (not best or len(span) < len(best)):
            best = span
    return best if best and best.start > node.body[0].lineno - 1 else range(0)


def _start(node: Any) -> int:
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno


# The mutants in place of the originals


class Places:
    """The functions that have mutants; mutmut would put a question before each call, this leaves them as they are."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Callable[..., Any], dict[str, Any]]] = {}
        self.by_name: dict[tuple[str, str], tuple[Callable[..., Any], dict[str, Any]]] = {}

    def keep(self, mutants: dict[str, Any], is_classmethod: bool = False) -> Callable[[Any], Any]:
        """In place of mutmut's decorator."""

        def kept(function: Any) -> Any:
            self.known[id(mutants)] = (function, mutants)
            return function

        return kept

    def settle(self) -> None:
        """Once the tests were collected: imports what they did not import yet."""
        for module in sorted(modules()):
            with suppress(ImportError):
                import_module(module)
        for function, mutants in self.known.values():
            prefix = mutants["_mutmut_orig"].__name__.partition("__mutmut_")[0]
            self.by_name[function.__module__, prefix] = (function, mutants)

    def take(self, mutant: Mutant) -> bool:
        """Puts a mutant's code in place; False if it cannot be."""
        function, mutants = self.by_name[mutant.module, mutant.function]
        new = mutants[mutant.name]
        new = getattr(new, "__func__", new)
        if new.__code__.co_freevars != function.__code__.co_freevars:
            return False
        function.__code__ = new.__code__
        function.__defaults__, function.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
        return True


class Finder:
    """Finds the modules whose mutants are tried where mutmut wrote them."""

    def __init__(self, paths: dict[str, str]) -> None:
        self.paths = paths

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self.paths:
            return None
        file = HOME / self.paths[name]
        within = [str(ROOT / self.paths[name].removesuffix("/__init__.py"))] if file.name == "__init__.py" else None
        return spec_from_file_location(name, file, submodule_search_locations=within)


# One mutant after the other


class Trying:
    """A plugin that, once the tests are collected, tries the mutants instead of running the tests."""

    def __init__(self, mutants: list[Mutant], data: dict[str, Any], places: Places, log: Any, budget: float) -> None:
        self.mutants, self.data, self.places, self.log, self.budget = mutants, data, places, log, budget
        self.reached = Reached()
        self.killers: dict[str, Counter[str]] = defaultdict(Counter)
        self.killed_by: dict[str, str] = json.loads(KILLERS.read_text()) if KILLERS.exists() else {}
        for key, test in self.killed_by.items():
            self.note(key, test)
        self.child = False
        self.items: dict[str, pytest.Item] = {}

    def note(self, key: str, test: str) -> None:
        function = key.partition("__mutmut_")[0]
        self.killers[function][test] += 1
        self.killers[function.rpartition(".")[0]][test] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Ends at the first failure; nobody reads how it looks, which takes longer than all else."""
        failed = call.excinfo and not isinstance(call.excinfo.value, pytest.skip.Exception)
        if self.child and failed and not item.get_closest_marker("xfail"):
            self.end(item)

    def end(self, item: pytest.Item) -> NoReturn:
        os.write(self.told, item.nodeid.encode())
        os._exit(KILLED)

    def impatient(self, item: pytest.Item) -> None:
        """A property ends at the first example that fails, too."""
        tried = getattr(getattr(item, "obj", None), "hypothesis", None)
        if not tried or item.get_closest_marker("xfail"):
            return
        inner = tried.inner_test

        @wraps(inner)
        def ending(*arguments: Any, **keywords: Any) -> Any:
            try:
                return inner(*arguments, **keywords)
            except HypothesisException:
                raise
            except Exception:
                self.end(item)

        tried.inner_test = ending

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.places.settle()
        find(strategies.integers(), bool)  # what Hypothesis does at first is done once
        began, last = time.monotonic(), time.monotonic()
        counted: Counter[int] = Counter()
        for number, mutant in enumerate(self.mutants, 1):
            code, seconds = self.outcome(mutant)
            counted[code] += 1
            data = self.data[mutant.path]
            data.exit_code_by_key[mutant.key] = code
            data.durations_by_key[mutant.key] = seconds
            if code not in (KILLED, UNREACHED):
                self.log.write(f"{code:4} {seconds:6.1f} s  {mutant.key}\n")
            if time.monotonic() - last > 20 or number == len(self.mutants):
                last = time.monotonic()
                self.save()
                rate = number / (last - began) * 60
                self.log.write(f"{number}/{len(self.mutants)} {dict(counted)}  {rate:.0f} a minute\n")
            self.log.flush()
        return True

    def save(self) -> None:
        for data in self.data.values():
            data.save()
        KILLERS.write_text(json.dumps(self.killed_by, indent=0))

    def order(self, mutant: Mutant) -> list[str]:
        """The tests that reach it: those first that killed its neighbours, then the quickest."""
        known = self.reached.by(mutant.path, mutant.lines()) & self.items.keys()
        function = mutant.key.partition("__mutmut_")[0]
        here, near = self.killers[function], self.killers[function.rpartition(".")[0]]
        cost = self.reached.seconds

        def rank(test: str) -> float:
            return (cost[test] + 0.005) / (1 + 20 * here[test] + near[test])

        return sorted(known, key=rank)

    def outcome(self, mutant: Mutant) -> tuple[int, float]:
        """How a mutant ended, as mutmut has it, and the seconds it took."""
        tests = self.order(mutant)
        if not tests:
            return UNREACHED, 0.0
        hear, self.told = os.pipe()
        pid = os.fork()
        if not pid:
            os._exit(self.try_in_child(mutant, tests))
        os.close(self.told)
        with os.fdopen(hear, encoding="utf-8") as hearing:
            told = hearing.read()
        _, status, used = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == KILLED:
            self.killed_by[mutant.key] = told
            self.note(mutant.key, told)
        elif told:
            self.log.write(f"{told}\n")
        return {-24: TIMEOUT, -14: TIMEOUT}.get(code, code), used.ru_utime + used.ru_stime

    def try_in_child(self, mutant: Mutant, tests: list[str]) -> int:
        try:
            self.child = True
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            gc.disable()  # the child is short-lived, and what it inherits is long
            if not self.places.take(mutant):
                return STRANGE
            spent = 0.0
            for number, test in enumerate(tests):
                spent += self.reached.seconds[test]
                if number and self.budget and spent > self.budget:
                    break
                self.allow(self.reached.seconds[test])
                self.impatient(self.items[test])
                item, following = self.items[test], self.items[tests[number + 1]] if number + 1 < len(tests) else None
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException as error:  # an error in pytest's own work counts as a kill, as with mutmut
            os.write(self.told, repr(error).encode())
            return 3
        return SURVIVED

    def allow(self, seconds: float) -> None:
        most = SECONDS[0] + SECONDS[1] * seconds
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + most + 1), resource.RLIM_INFINITY))
        signal.alarm(int(10 + 5 * most))  # it waits for something


def load() -> dict[str, Any]:
    """What mutmut keeps of each file."""
    from mutmut.mutation.data import SourceFileMutationData

    found = {}
    for path in files():
        data = SourceFileMutationData(path=path)
        data.load()
        found[str(path)] = data
    return found


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
    from mutmut.mutation import trampoline

    data = load()
    mutants = list(dict.fromkeys(chosen(data, names, wanted)))
    if not mutants:
        return
    places = Places()
    trampoline.wrap_in_trampoline = places.keep
    sys.meta_path.insert(0, Finder({mutant.module: mutant.path for mutant in mutants}))
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(HOME / "pycache")  # there is much to compile
    with open(os.dup(1), "w", encoding="utf-8") as log:
        judges = [str(ROOT / "tests" / judge) for judge in JUDGES if noted(judge).exists()]
        pytest.main([*ARGUMENTS, *judges], plugins=[Trying(mutants, data, places, log, budget)])


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
budget = click.option("--budget", default=0.0, help="seconds of tests for each, at most")


@main.command()
@names
@budget
def run(names: tuple[str, ...], budget: float) -> None:
    attempt(names, lambda code: code is None, budget)


@main.command()
@names
@budget
def again(names: tuple[str, ...], budget: float) -> None:
    attempt(names, lambda code: code in (SURVIVED, UNREACHED, STRANGE), budget)


KINDS = {
    KILLED: "killed",
    3: "killed",
    SURVIVED: "survived",
    TIMEOUT: "timed out",
    UNREACHED: "survived",
    None: "not tried",
}


@main.command()
def table() -> None:
    rows: dict[str, Counter[str]] = {}
    for path, of in load().items():
        counted = Counter(KINDS.get(code, "killed") for code in of.exit_code_by_key.values())
        if counted:
            rows[path.removeprefix("attendance/")] = counted
    for room in ROOMS:
        rows[room] = sum((c for path, c in rows.items() if path.startswith(f"{room}/")), Counter())
    rows["all"] = sum((rows[room] for room in ROOMS), Counter())
    click.echo("| room | mutants | killed | timed out | survived | not tried | score |")
    click.echo("|---|---:|---:|---:|---:|---:|---:|")
    for name, c in rows.items():
        tried = c.total() - c["not tried"]
        score = f"{100 * (c['killed'] + c['timed out']) / tried:.1f} %" if tried else ""
        click.echo(
            f"| {name} | {c.total()} | {c['killed']} | {c['timed out']} | {c['survived']} | {c['not tried']} | {score} |"
        )


@main.command()
@names
@click.option("--code", default=None, type=int)
def show(names: tuple[str, ...], code: int | None) -> None:
    wanted = (lambda c: c == code) if code is not None else (lambda c: c in (SURVIVED, UNREACHED, STRANGE))
    for mutant in chosen(load(), names, wanted):
        first, old, new = mutant.change()
        changed = list(unified_diff(old, new, n=0, lineterm=""))[2:]
        click.echo(f"{mutant.key}  {mutant.path}:{mutant.node().lineno}")
        for line in changed:
            if line.startswith("@@"):
                at = int(line.split()[1].split(",")[0].lstrip("-"))
                click.echo(f"  {first + at - 1}:")
            else:
                click.echo(f"    {line}")


if __name__ == "__main__":
    main()
