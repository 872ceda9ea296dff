"""At a terminal: colours where they are wanted, narrow screens, wide letters, pipes, and how far long work is."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from time import monotonic

import click
import pytest

import attendance as at
from attendance.faces import progress
from attendance.faces.cli import COMMANDS, cli, main
from attendance.faces.progress import Progress
from attendance.faces.screen import breaks, width
from tests import test_cli
from tests.test_cli import HOSTILE, Attend, chunks, on_terminal, program, shell, uncoloured

attend = test_cli.attend
digits = test_cli._digits

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
SECONDS = 60
RED = "\x1b[31m"
SLOW = """
import time
from attendance.faces import progress
from attendance.faces.commands import {command}
from attendance.questions import {module} as asked
progress.PATIENCE, progress.STEP = 0.05, 0.05
found = asked.{function}
def slowly(*arguments, **options):
    time.sleep({seconds})
    return found(*arguments, **options)
asked.{function} = slowly
"""


def slow(command: str, module: str, function: str, seconds: float = 0.5) -> str:
    """What makes a command slow."""
    return SLOW.format(command=command, module=module, function=function, seconds=seconds)


# --- colours --------------------------------------------------------------------------------------


QUIET = dict.fromkeys(("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"), "")


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ({"NO_COLOR": "1"}, False),
    ],
    ids=str,
)
def test_colours_in_a_pipe_are_for_those_who_force_them(attend: Attend, env: dict[str, str], coloured: bool) -> None:
    done = program("resolve", SEED, env={"TERM": "xterm", **QUIET, **env})
    assert (0, "") == (done.returncode, done.stderr)
    assert coloured is (RED in done.stdout)
    assert attend("resolve", SEED).out == uncoloured(done.stdout)


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"CLICOLOR": "0"}, False),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, False),
    ],
    ids=str,
)
def test_colours_on_a_terminal_unless_forbidden(env: dict[str, str], coloured: bool) -> None:
    assert coloured is bool(re.search(r"\x1b\[3\dm", on_terminal("resolve", SEED, **{**QUIET, **env})))


def test_help_and_errors_have_no_colours() -> None:
    assert "\x1b" not in on_terminal("resolve", "--help", FORCE_COLOR="1")
    done = program("resolve", "none.yaml", env={"FORCE_COLOR": "1"})
    assert 2 == done.returncode
    assert "\x1b" not in done.stderr


def test_json_and_csv_have_no_colours() -> None:
    for form in ("--json", "--csv"):
        assert program("resolve", SEED, form).stdout == program("resolve", SEED, form, env={"FORCE_COLOR": "1"}).stdout


# --- widths ---------------------------------------------------------------------------------------


NAMES = {**HOSTILE, "f": "👩‍👩‍👧‍👦 family 🇹🇷 e\u0301", "g": "a" * 60}


@pytest.fixture
def wide(tmp_path: Path) -> str:
    """A case with names of all kinds."""
    file = tmp_path / "wide.json"
    content = {
        "title": "習近平 " * 9,
        "participants": {key: {"name": name} for key, name in NAMES.items()},
        "facts": {"x": {"name": "fact " * 9}},
        "statements": [
            {"who": "a", "says": "attends only if b and x", "source": "習" * 30, "said": "2025-01-01"},
            "b attends",
            "c attends only if d",
            "d attends only if c",
        ],
        "scenarios": {"one": {"assume": {"a": True}}, "two": {}},
    }
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("resolve", 20),
        ("resolve --scenarios", 20),
        ("resolve --scenarios", 1),
        ("timeline", 20),
        ("why a", 20),
        ("chance", 20),
        ("sweep --over x", 20),
        ("show", 20),
        ("show", 1),
    ],
)
def test_a_narrow_terminal_breaks_no_table(wide: str, command: str, columns: int) -> None:
    cell_len = pytest.importorskip("rich.cells").cell_len
    name, *options = command.split()
    written = uncoloured(on_terminal(name, wide, *options, columns=columns))
    assert written.strip()
    assert max(columns, 2) >= max(map(cell_len, written.split("\n")))  # a wide letter takes two
    assert "…" not in written


def test_rows_are_folded_on_a_narrow_terminal(attend: Attend) -> None:
    sweep = [
        "sweep",
        SEED,
        "--over",
        "putin",
        "--of",
        "zelensky",
        "--of",
        "zelensky at ankara",
        "--of",
        "trump",
        "--rows",
    ]
    expected = """\
putin  zelensky
  zelensky at ankara
  trump
no     absent
  attends
  absent
yes    attends
  attends
  absent
"""
    assert expected == on_terminal(*sweep, columns=22)
    assert attend(*sweep).out == on_terminal(*sweep, columns=200)


def test_where_lines_are_broken() -> None:
    assert [(0, 3)] == breaks([3, 4, 5], None)
    assert [(0, 3)] == breaks([3, 4, 5], 16)
    assert [(0, 2), (2, 3)] == breaks([3, 4, 5], 15)
    assert [(0, 1), (1, 2), (2, 3)] == breaks([30, 40, 50], 10)
    assert [(0, 0)] == breaks([], 10)


def test_rows_with_wide_names_stand_below_each_other(attend: Attend) -> None:
    case = json.dumps({"participants": ["習近平", "ann"], "statements": ["習近平 attends if ann"]})
    lines = attend("sweep", "-", "--over", "習近平", "--rows", stdin=case).out.splitlines()
    assert {8} == {width(line[: line.index(word)]) for line, word in zip(lines, ("ann", "und", "und"), strict=True)}


# --- pipes ----------------------------------------------------------------------------------------


QUESTIONS = {
    "always": "$SEED putin",
    "cascade": "$SEED",
    "chance": "$SEED",
    "check": "$SEED",
    "compare": "$SEED '' putin-comes",
    "completion": "bash",
    "deadlocks": "$SEED",
    "engines": "",
    "ever": "$SEED putin",
    "graph": "$SEED",
    "invite": "$SEED",
    "needs": "$SEED --goal zelensky",
    "outcomes": "$SEED",
    "pivots": "$SEED --goal zelensky --over putin",
    "resolve": "$SEED --csv",
    "schema": "",
    "show": "$SEED",
    "sweep": "$SEED --over putin --over trump --rows",
    "timeline": "$SEED",
    "why": "$SEED zelensky",
}


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_pipe_that_ends_early_ends_quietly(command: str) -> None:
    done = shell(f"$attendance {command} {QUESTIONS[command]} | head -0; echo ${{PIPESTATUS[0]}}")
    assert ("0\n", "") == (done.stdout, done.stderr)


@pytest.mark.parametrize("command", ["--help", "--version", "resolve --help", "journal show --help"])
def test_help_that_is_cut_off_ends_quietly(command: str) -> None:
    done = shell(f"$attendance {command} | head -0; echo ${{PIPESTATUS[0]}}")
    assert ("0\n", "") == (done.stdout, done.stderr)


def test_an_error_that_nobody_hears_is_an_error_still() -> None:
    for command in ("resolve none.yaml", "resolve", "nonsense", "outcomes $SEED --order none"):
        done = shell(
            f"$attendance {command} 2>&1 | head -0; echo ${{PIPESTATUS[0]}}; $attendance {command} 2>&-; echo $?"
        )
        assert ("2\n2\n", "") == (done.stdout, done.stderr)


def test_a_closed_output(tmp_path: Path) -> None:
    for command in ("--help", "resolve $SEED --csv", "completion bash", "sweep $SEED --over putin --rows"):
        done = shell(f"PYTHONWARNINGS=error $attendance {command} >&-; echo $?")
        assert ("0\n", "") == (done.stdout, done.stderr)


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}], ids=str)
def test_other_encodings(wide: str, env: dict[str, str]) -> None:
    for command in (["resolve"], ["resolve", "--scenarios"], ["show"], ["sweep", "--over", "x", "--rows"]):
        done = program(command[0], wide, *command[1:], env=env)
        assert (0, "") == (done.returncode, done.stderr)
    told = program("resolve", wide, "--csv", env=env)
    assert at.resolve(at.load(wide)).to_csv() == told.stdout
    done = program("resolve", wide, "--assume", "習=yes", env=env)
    assert 2 == done.returncode
    assert "Traceback" not in done.stderr


# --- progress -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "prelude", "told"),
    [
        (["timeline", SEED], slow("timeline", "timeline", "timeline"), "Replaying ..."),
        (["chance", SEED], slow("chance", "probability", "marginals"), "Weighing what could be ..."),
        (["resolve", SEED, "--scenarios"], slow("resolve", "resolve", "resolve", 0.2), "Resolving [####"),
        (["check", SEED, SEED], slow("check", "check", "check", 0.4), "Checking [##########..........] 50%"),
        (["sweep", SEED, "--over", "putin"], slow("sweep", "sweep", "sweep"), "Counting ..."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_long_work_says_what_it_does(arguments: list[str], prelude: str, told: str) -> None:
    written = on_terminal(*arguments, prelude=prelude)
    assert told in written
    _, erased, after = written.rpartition("\r\x1b[K")
    assert erased
    assert told not in after
    assert uncoloured(on_terminal(*arguments)) == uncoloured(after)


@pytest.mark.parametrize(
    ("options", "env"), [(["--json"], {}), (["--csv"], {}), ([], {"TERM": "dumb"})], ids=["json", "csv", "dumb"]
)
def test_nothing_is_said_to_programs(options: list[str], env: dict[str, str]) -> None:
    written = on_terminal("timeline", SEED, *options, prelude=slow("timeline", "timeline", "timeline"), **env)
    assert "Replaying" not in written
    assert "\x1b[K" not in written


def test_nothing_is_said_in_a_pipe() -> None:
    code = slow("timeline", "timeline", "timeline") + "from attendance.faces.cli import main\nmain()"
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code, "timeline", SEED],
        stdout=subprocess.PIPE,
        stderr=follower,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        os.close(follower)
        assert process.stdout is not None
        out = process.stdout.read()
        assert b"" == b"".join(chunks(leader))
        assert 0 == process.wait(SECONDS)
    os.close(leader)
    assert out.startswith(b"Istanbul talks")


def test_an_interrupt_leaves_the_terminal_clean() -> None:
    code = slow("timeline", "timeline", "timeline", SECONDS) + "from attendance.faces.cli import main\nmain()"
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code, "timeline", SEED],
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        os.close(follower)
        written, since = b"", monotonic()
        while b"Replaying" not in written and monotonic() < since + SECONDS:
            written += os.read(leader, 65536)
        process.send_signal(signal.SIGINT)
        written += b"".join(chunks(leader))
        assert 130 == process.wait(SECONDS)
    os.close(leader)
    assert written.endswith(b"\r\x1b[K\r\n")
    assert b"Traceback" not in written
    assert b"\x1b[?25l" not in written  # the cursor was never hidden


def test_the_line_fits_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    told = Progress("Looking for what it takes", 2)
    try:
        assert 19 == len(told.line("|"))
        monkeypatch.setenv("COLUMNS", "80")
        assert re.fullmatch(r"\| Looking for what it takes \.\.\. \d+ s", told.line("|"))
        told.far = (1, 4)
        assert "[#####...............] 25%" in told.line("/")
        told.far = (0, 0)
        assert "..." in told.line("/")
    finally:
        told.clear()


def test_a_terminal_that_is_gone_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    there, here = os.pipe()
    os.close(there)  # whoever writes now is told that nobody reads
    told = Progress("Resolving", here)
    told.thread.join(timeout=SECONDS)
    assert not told.thread.is_alive()
    assert not told.over.is_set()
    told.clear()
    os.close(here)


def test_nobody_waits_for_an_answer_that_goes_into_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", StringIO())
    assert not progress.seen()


def test_an_answer_can_go_into_a_text(monkeypatch: pytest.MonkeyPatch, attend: Attend) -> None:
    wanted = attend("resolve", SEED).out
    monkeypatch.setattr(sys, "stdout", StringIO())
    main(["resolve", SEED])
    assert wanted == sys.stdout.getvalue()  # type: ignore[attr-defined]


def test_all_commands_are_listed() -> None:
    assert [*COMMANDS] == cli.list_commands(click.Context(cli))


def test_nobody_is_told_where_nobody_waits() -> None:
    assert not progress.seen()
    progress.tell(1, 2)
    progress.clear()
    with progress.working("Counting"):
        progress.tell(1, 2)
    assert progress._shown.get() is None
