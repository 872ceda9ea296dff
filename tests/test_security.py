"""What SECURITY.md promises: every command, over real cases and over hostile ones, watched by an audit hook."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.faces.cli import COMMANDS
from attendance.markup.graphviz import available
from tests.bad_cases import corpus
from tests.guarded import BESIDE, Guard

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.yaml"))
FEW = ("istanbul-2025", "mutual-promises")
THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
UNKEPT = {"PYTHONDONTWRITEBYTECODE": "1"}
"""Python itself would write byte code beside the modules."""
HANGS = 900
"""Seconds after which something hangs, even where the machine is busy."""


def questions(seed: Path) -> list[list[str]]:
    """Every command, put to a seed."""
    case = at.load(seed)
    file, who = seed.name, str(case.participants[0].id)
    first = next((str(s.id) for s in case.scenarios), "")
    limit = ["--time-limit", "20"]
    found = [
        ["resolve", file],
        ["resolve", file, "--json", "--founded"],
        ["resolve", file, "--scenarios"],
        ["why", file, who],
        ["needs", file, "--goal", str(at.attends(who)), *limit],
        ["pivots", file, "--goal", str(at.attends(who)), *limit],
        ["invite", file, *limit],
        ["chance", file, "--goal", str(at.attends(who)), "--sample", "200", *limit],
        ["deadlocks", file],
        ["always", file, str(at.attends(who))],
        ["ever", file, str(at.attends(who))],
        ["sweep", file, "--over", who],
        ["timeline", file],
        ["graph", file],
        ["graph", file, "--format", "dot", "-o", "picture.dot"],
        ["cascade", file],
        ["live", file, "--journal", "talks.journal", "--undated"],
        ["live", file, "--rules", "rules.py"],
        ["journal", "verify", "talks.journal"],
        ["journal", "show", "talks.journal"],
        ["journal", "export", "talks.journal", "-o", "kept.json"],
        ["outcomes", file, "--limit", "3"],
        ["compare", file, first, ""],
        ["check", file, *limit],
        ["show", file, "--to", "toml"],
        ["engines", file],
        ["schema"],
        ["completion", "bash"],
        ["report", file, "-o", "page.html", *limit],
        ["ics", "out", file, "-o", "talks.ics", *limit],
        ["ics", "in", "talks.ics", "-o", "again.yaml"],
    ]
    return [*found, ["graph", file, "-o", "picture.svg"]] if available() else found


def jobs(folder: Path) -> list[dict[str, Any]]:
    """Every command over real cases, and the whole corpus of bad input, each in a folder with a file that nobody names."""
    found: list[dict[str, Any]] = []
    for seed in SEEDS:
        if THOROUGH or seed.stem in FEW:
            place = folder / seed.stem
            place.mkdir()
            (place / seed.name).write_bytes(seed.read_bytes())
            (place / "rules.py").write_text("def rules(desk):\n    pass\n")
            said = b"tick: 2030-01-01\n"
            found += ({"arguments": q, "folder": str(place), "stdin": said.hex()} for q in questions(seed))
    for bad in corpus():
        place = folder / bad.name
        place.mkdir(parents=True)
        bad.prepare(place)
        stdin = bad.input if isinstance(bad.input, bytes) else b"\0" * 41_000_000
        if len(stdin) < 1_000_000:
            found.append({"arguments": list(bad.arguments), "folder": str(place), "stdin": stdin.hex()})
    for job in found:
        Path(job["folder"], "unnamed.yaml").write_text("participants: [secret]\n")
    return found


def guarded(folder: Path, seed: str, *options: str) -> tuple[list[dict[str, Any]], list[Any]]:
    """The jobs, and what came of each, run with that hash seed in one guarded process."""
    work = folder / "work"
    work.mkdir(parents=True)
    told = jobs(work)
    (folder / "jobs").write_text(json.dumps(told))
    subprocess.run(
        [sys.executable, *options, str(ROOT / "tests" / "guarded.py"), str(folder / "jobs"), str(folder / "results")],
        env={
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "100",
            "PYTHONUTF8": "1",
            **UNKEPT,
        },
        check=True,
        timeout=HANGS,
    )
    results = json.loads((folder / "results").read_text(encoding="utf-8", errors="surrogatepass"))
    said = [
        [status, out.replace(str(work), ""), err.replace(str(work), ""), noted] for status, out, err, noted in results
    ]
    return told, said


def test_what_is_promised(tmp_path: Path) -> None:
    """Every command runs twice: the second time with another hash seed, and without assertions."""
    told, first = guarded(tmp_path / "first", "1")
    _, second = guarded(tmp_path / "second", "20252", "-O")
    assert len(told) > 300
    assert {*COMMANDS} == {job["arguments"][0] for job in told if is_seed(job)}
    nothing_happens_that_nobody_asked_for(told, [*zip(first, second, strict=True)])
    for job, once, again in zip(told, first, second, strict=True):
        assert once[:3] == again[:3], job["arguments"]
        is_told_well(job, *once[:3])
    nothing_is_left_behind(told)


def is_seed(job: dict[str, Any]) -> bool:
    return Path(job["folder"]).name in {seed.stem for seed in SEEDS}


def nothing_happens_that_nobody_asked_for(told: list[dict[str, Any]], found: list[tuple[Any, Any]]) -> None:
    """No network, no program but Graphviz, no file but those named, no code but that of modules, no C library."""
    noted = [(job["arguments"], [*once[3], *again[3]]) for job, (once, again) in zip(told, found, strict=True)]
    assert not [each for each in noted if each[1]]


def is_told_well(job: dict[str, Any], status: Any, out: str, err: str) -> None:
    """An answer or a reason in plain text, which no terminal obeys."""
    assert status in ((0, 1) if is_seed(job) else (0, 1, 2)), (job["arguments"], err)
    assert not UNSEEN.search(out + err), job["arguments"]
    assert "Traceback" not in out + err, job["arguments"]


def nothing_is_left_behind(told: list[dict[str, Any]]) -> None:
    """No half-written file, and nothing but what was named and what belongs to a journal."""
    kept = {"unnamed.yaml", "rules.py", "picture.dot", "picture.svg", "talks.journal", "kept.json"}
    kept |= {"page.html", "talks.ics", "again.yaml"}
    kept |= {f"talks.journal{suffix}" for suffix in BESIDE}
    for folder in {job["folder"] for job in told if is_seed(job)}:
        assert {p.name for p in Path(folder).iterdir()} <= {*kept, *(seed.name for seed in SEEDS)}


UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

GUARDED = (
    ("import socket; socket.socket()", "socket.__new__"),
    ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
    ("import os; os.system('true')", "os.system"),
    ("open('/etc/hosts')", "open"),
    ("open('left', 'w')", "open"),
    ("import os; os.remove('gone')", "os.remove"),
    ("import os; os.listdir('/')", "os.listdir"),
    ("eval('1')", "compile"),
    ("exec(compile('1', 'case.yaml', 'exec'))", "exec"),
    ("import pickle; pickle.loads(pickle.dumps(print))", "pickle.find_class"),
    ("import ctypes; ctypes.CDLL(None)", "ctypes.dlopen"),
    ("import sqlite3; sqlite3.connect('other.db')", "sqlite3.connect"),
    ("import tempfile; tempfile.mkstemp()", "tempfile.mkstemp"),
)


@pytest.mark.parametrize(("code", "event"), GUARDED)
def test_the_guard_sees_what_it_is_to_see(code: str, event: str, tmp_path: Path) -> None:
    """Each thing that is promised not to happen is noted where it does."""
    script = f"""
import sys
from tests.guarded import BESIDE, Guard
guard = Guard()
sys.addaudithook(guard)
code = compile({code!r}, guard.__class__.__call__.__code__.co_filename.replace("tests", "attendance"), "exec")
guard.begin([], ".")
try:
    exec(code)
except OSError:
    pass
print(*guard.end(), sep="\\n")
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert event in [line.partition(":")[0] for line in done.stdout.splitlines()], done.stdout + done.stderr


def test_the_guard_knows_what_is_named(tmp_path: Path) -> None:
    guard = Guard()
    guard.begin(["resolve", "case.yaml"], str(tmp_path))
    assert guard.of_file(tmp_path / "case.yaml", False) is None
    assert guard.of_file(tmp_path / "unnamed.yaml", False) is not None
    assert guard.of_file(at.__file__, False) is None
    assert guard.of_file(at.__file__, True) is not None
