"""Runs what README.md and docs/ show: Python, command lines with their output, and case files.

Each page has a folder of its own to work in, in which `seeds` and `examples` are those of the repository.

    ```python   is run, page by page in one namespace; after `>>>` the output is compared as doctest does;
                `# name.py` as its first line saves it instead, for the commands that follow on the page
    ```console  each `$ command` is run by the shell, and what follows is compared with what it prints;
                a line `...` stands for any lines, and `$ echo $?` tells how the command before it ended;
                `attendance` and plain words are run in this process, but for README.md: that is quicker
    ```yaml     is a whole case file, and must load (json and toml too), unless it begins with `# excerpt`;
                `# name.yaml` as its first line saves it for what follows on the page,
                `# name.yaml, at its end` adds to what was saved (then the whole must load),
                and `# name.yaml, with mistakes` has to be refused
    ```sh       and ```text are not run
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack, chdir
from doctest import ELLIPSIS
from importlib import import_module
from io import BufferedWriter, RawIOBase, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer

ROOT = Path(__file__).parent
SHARED = ("seeds", "examples")
SHELL = {"COLUMNS": "100", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
PLAIN = re.compile(r"attendance [^|<>&;$*?`~\\()#{}\[\]\n]*+")
"""A command in which the shell has nothing to do but to find words."""
REAL = ("README.md",)
"""Pages of which every command is a process of its own."""
PROGRAM = re.compile(r"# (?P<name>\w+\.py)\n")
SAVED = re.compile(r"# (?P<name>[\w-]+\.(?:yaml|json|toml))(?P<more>, at its end)?(?P<mistakes>, with .*mistakes?)?")


def commands(source: str) -> list[tuple[str, list[str]]]:
    """Each command of a console block with the lines that it should print."""
    found: list[tuple[str, list[str]]] = []
    for line in source.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1] = (f"{found[-1][0]}\n{line.removeprefix('> ')}", [])
        elif found:
            found[-1][1].append(line.rstrip())
        else:
            raise ValueError(f"a console block begins with a command, not with {line!r}")
    return found


def same(wanted: list[str], printed: list[str]) -> bool:
    """Whether the lines are those wanted, where `...` stands for any lines."""
    if "..." not in wanted:
        return wanted == printed
    first = wanted.index("...")
    before, after = wanted[:first], wanted[first + 1 :]
    rest = printed[first:]
    return before == printed[:first] and any(same(after, rest[skip:]) for skip in range(len(rest) + 1))


class Output(RawIOBase):
    """Where a command's standard output and standard error meet, as they do in a pipe."""

    def __init__(self) -> None:
        self.bytes = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.bytes += data
        return len(data)


def run_here(words: list[str]) -> tuple[int, str]:
    """How `attendance` with these words ends and what it prints, to the byte as if in a process of its own."""
    from attendance.faces.cli import main

    output, status, digits = Output(), 0, sys.get_int_max_str_digits()
    out = TextIOWrapper(BufferedWriter(output), encoding="utf-8")
    err = TextIOWrapper(BufferedWriter(output), encoding="utf-8", errors="backslashreplace", line_buffering=True)
    with (
        open(os.devnull, encoding="utf-8") as nothing,
        patch.dict(os.environ, SHELL),
        patch.multiple(sys, stdin=nothing, stdout=out, stderr=err),
    ):
        try:
            main(words)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 0
        finally:
            sys.set_int_max_str_digits(digits)
    out.close()  # once what stood on standard error is there, as at the end of a process
    err.close()
    return status, output.bytes.decode("utf-8")


def run_shell(command: str, ended: int) -> tuple[int, str]:
    """How a command ends and what it prints, when the one before it ended so."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["sh", "-c", f"(exit {ended}); {command}"],
        env={**os.environ, **SHELL, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def run_console(example: Example) -> str | None:
    """Runs the commands of a block one after the other; says what differs first."""
    ended, real = 0, Path(example.path).name in REAL
    for command, wanted in commands(example.parsed):
        plain = not real and PLAIN.fullmatch(command)
        ended, output = run_here(shlex.split(command)[1:]) if plain else run_shell(command, ended)
        printed = [line.rstrip() for line in output.rstrip("\n").split("\n")]
        while wanted and not wanted[-1]:
            wanted.pop()
        if not same(wanted or [""], printed):
            return "\n".join([f"$ {command}", "should print", *wanted, "", "but prints", *printed])
    return None


def run_file(example: Example) -> str | None:
    """Loads a case file, and saves it if it has a name; one with mistakes has to be refused."""
    import attendance

    text = example.parsed
    first = text.split("\n", 1)[0].strip()
    if first == "# excerpt":
        return None
    saved = SAVED.fullmatch(first)
    if saved and saved["more"]:
        text = Path(saved["name"]).read_text(encoding="utf-8") + text
    if saved:
        Path(saved["name"]).write_text(text, encoding="utf-8")
    try:
        attendance.loads(text, format=example.region.lexemes["language"])
    except attendance.CaseError as error:
        return None if saved and saved["mistakes"] else str(error)
    return "this file has no mistakes" if saved and saved["mistakes"] else None


def importable(name: str) -> bool:
    """Whether a module can be imported here."""
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def save_program(example: Example) -> None:
    """Saves a program under its name."""
    Path(PROGRAM.match(example.parsed)["name"]).write_text(example.parsed, encoding="utf-8")


class Programs:
    """Finds the Python blocks; those that begin with a name are saved, the others run."""

    def __init__(self) -> None:
        self.parser = PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in self.parser(document):
            if isinstance(region.parsed, str) and PROGRAM.match(region.parsed):
                region.evaluator = save_program
            yield region


class Fences:
    """Finds the fenced blocks of some languages."""

    def __init__(self, languages: str, evaluator: Any) -> None:
        self.lexer, self.evaluator = FencedCodeBlockLexer(languages), evaluator

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in self.lexer(document):
            region.parsed, region.evaluator = region.lexemes["source"], self.evaluator
            yield region


def enter(namespace: dict[str, Any]) -> None:
    """Go into a fresh folder for a page."""
    stack = namespace["_leave"] = ExitStack()
    folder = stack.enter_context(TemporaryDirectory(prefix="attendance-docs-"))
    for name in SHARED:
        Path(folder, name).symlink_to(ROOT / name, target_is_directory=True)
    stack.enter_context(chdir(folder))


def leave(namespace: dict[str, Any]) -> None:
    """Leave it, and nothing in it."""
    namespace["_leave"].close()


pytest_collect_file = Sybil(
    parsers=[
        Programs(),
        Fences("console", run_console),
        Fences("yaml|json|toml", run_file),
    ],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    excludes=[] if importable("durable_rules_engine") else ["docs/how-to/react.md"],  # it runs rules
    setup=enter,
    teardown=leave,
).pytest()
