"""The corpus of bad input: each of its command lines ends as it says, and says exactly that.

`make thorough` runs each in a process of its own as well, and measures what it takes.
"""

import json
import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from attendance.faces.cli import main
from tests.bad_cases import Bad, corpus

CASES = {bad.name: bad for bad in corpus()}
MOST_SECONDS = 1.0
"""Of the processor, for any of them."""
MOST_MEGABYTES = 200
TRIES = 3
HANGS = 60
"""Seconds after which something hangs, even where the machine is busy."""


@pytest.fixture
def bad(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bad:
    """A case of the corpus, in its folder."""
    found = CASES[request.param]
    found.prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return found


every_case = pytest.mark.parametrize("bad", CASES, indirect=True)


@every_case
def test_it_is_told(bad: Bad, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    digits = sys.get_int_max_str_digits()
    stream = bad.input.open("rb") if isinstance(bad.input, Path) else BytesIO(bad.input)
    status: Any = 0
    with TextIOWrapper(stream) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        try:
            main(list(bad.arguments))
        except SystemExit as error:
            status = error.code or 0
        finally:
            sys.set_int_max_str_digits(digits)
    printed = capsys.readouterr()
    assert bad.stderr == printed.err.replace(os.getcwd(), "{folder}")
    assert (bad.stdout, bad.status) == (printed.out, status)


def test_the_corpus_is_large_and_says_what_is_wrong() -> None:
    assert len(CASES) >= 600
    for bad in CASES.values():
        assert bad.stdout or bad.stderr, bad.name
        assert "Traceback" not in bad.stderr, bad.name
        assert bad.status != 2 or not bad.stdout or bad.arguments[0] == "live", bad.name  # a desk speaks line by line
        assert all(character.isprintable() or character == "\n" for character in bad.stdout + bad.stderr), bad.name


MEASURE = """
import json, os, resource, sys
pid = os.fork()
if not pid:
    os.execv(sys.executable, [sys.executable, "-m", "attendance", *sys.argv[1:]])
_, status, used = os.wait4(pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
"""Runs a command and says how it ended, and what it took. A small process: what a child takes counts from its parent's size."""


@pytest.mark.skipif(not os.environ.get("ATTENDANCE_THOROUGH"), reason="make thorough measures")
@every_case
def test_it_takes_little(bad: Bad, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("out")
    given = out / "stdin"
    if isinstance(bad.input, bytes):
        given.write_bytes(bad.input)
    else:
        given = bad.input
    for _ in range(TRIES):  # a busy machine makes everything slower
        with given.open("rb") as stdin, (out / "stderr").open("wb") as err:
            done = subprocess.run(
                [sys.executable, "-S", "-E", "-c", MEASURE, *bad.arguments],
                stdin=stdin, stderr=err, stdout=subprocess.PIPE, timeout=HANGS, check=True,
            )  # fmt: skip
        *printed, measured = done.stdout.decode().splitlines(keepends=True)
        status, seconds, megabytes = json.loads(measured)
        assert bad.stderr == (out / "stderr").read_text(encoding="utf-8").replace(os.getcwd(), "{folder}")
        assert (bad.stdout, bad.status) == ("".join(printed), status)
        if seconds < MOST_SECONDS:
            break
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES
