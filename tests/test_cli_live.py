"""`attendance live`: statements line by line, what they change and set off, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

import attendance as at
from attendance.faces.listening import lines_of
from attendance.live.journal import read
from tests import test_cli
from tests.test_cli import SMALL, Attend

attend = test_cli.attend

RULES = """
from durable.lang import m


def rules(desk):
    @desk.when((m.kind == "change") & (m.new == "attends"))
    def comes(match):
        return f"{match.m.who} comes"

    @desk.when((m.kind == "statement") & (m.verb == "declines"), name="declined")
    def declined(match):
        pass
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def test_changes_are_told_as_they_happen(attend: Attend, small: str) -> None:
    lines = """
        # the first of all
        ann attends
        {"who": "ann", "says": "declines", "said": "2025-05-14", "source": "telegram", "id": "no"}
        withdraw: no
        tick: 2025-05-15
    """
    done = attend("live", small, "--undated", stdin=lines)
    assert (0, "") == (done.status, done.err)
    assert [
        "Dinner: 0 attends, 0 absent, 3 undetermined",
        "ann.2: ann attends",
        "  Ann (ann): undetermined -> attends",
        "  Bob (bob): undetermined -> attends",
        "  meeting: undetermined -> held",
        "no: ann declines",
        "  Ann (ann): attends -> undetermined",
        "  Bob (bob): attends -> undetermined",
        "  meeting: held -> undetermined",
        "  these cannot all be kept: ann.2 and no",
        "no is withdrawn",
        "  Ann (ann): undetermined -> attends",
        "  Bob (bob): undetermined -> attends",
        "  meeting: undetermined -> held",
        "  all statements can be kept",
    ] == done.out.splitlines()


def test_json_lines(attend: Attend, small: str) -> None:
    done = attend("live", small, "--undated", "--json", stdin="ann attends\nwithdraw: ann.2\n")
    told = [json.loads(line) for line in done.out.splitlines()]
    assert {"begin": "Dinner", "attends": 0, "absent": 0, "undetermined": 3} == told[0]
    assert {"said": {"id": "ann.2", "who": "ann", "says": "attends"}} == told[1]
    change = {"participant": "ann", "gathering": "meeting", "from": "undetermined", "to": "attends"}
    assert {"change": change} == told[2]
    assert {"held": {"gathering": "meeting", "from": "undetermined", "to": "held"}} == told[4]
    assert {"withdrawn": "ann.2"} == told[5]


def test_a_line_that_is_refused_stops_nothing(attend: Attend, small: str) -> None:
    lines = (
        'dan attends\n{"who": "ann"\n{"who": 7}\ncem attends\ntick: noon\nwithdraw: x\n{"tick": 5}\n'
        + '{"id": 1, "id": 2}\n'
    )
    done = attend("live", small, stdin=lines.encode() + b"ann \xff attends\nwithdraw:\n")
    assert 2 == done.status
    assert "cem.1: cem attends" in done.out
    for number, message in {
        1: "unknown participant 'dan'",
        2: "this is no JSON",
        3: "who: ",
        5: "expected a date",
        6: "unknown statement 'x'",
        7: "nothing besides",
        8: "the key 'id' is there twice",
        9: "no UTF-8",
        10: "expected `withdraw: ID`",
    }.items():
        assert any(f"line {number}: " in told and message in told for told in done.err.split("attendance: ")), message


def test_a_journal_goes_on_where_it_ended(attend: Attend, small: str, tmp_path: Path) -> None:
    journal = str(tmp_path / "dinner.journal")
    line = '{"id": "a2", "who": "ann", "says": "attends"}\n'
    first = attend("live", small, "--journal", journal, stdin=line)
    assert (0, "") == (first.status, first.err)
    again = attend("live", "--journal", journal, stdin=line + "cem declines\n")
    assert (0, "") == (again.status, again.err)
    assert "Dinner: 1 attends, 0 absent, 2 undetermined" == again.out.splitlines()[0]
    assert "a2" not in again.out  # it is known already
    shown = attend("journal", "show", journal)
    assert 1 == shown.out.count("ann attends\n")
    exported = attend("journal", "export", journal)
    assert {"a1", "b1", "a2", "cem.1"} == {s.id for s in at.loads(exported.out).statements}


def test_what_is_asked_wrongly(attend: Attend, small: str, tmp_path: Path) -> None:
    for arguments, message in {
        (): "name a case file",
        ("-",): "the case is a file",
        (small, "--journal", str(tmp_path / "no" / "where")): "where",
        (small, "--rules", str(tmp_path / "none.py")): "there is no such file",
        (small, "--follow", str(tmp_path / "none.txt")): "cannot read",
        (small, "--tick", "0"): "tick",
    }.items():
        done = attend("live", *arguments, stdin="ann attends")
        assert (2, True) == (done.status, message in done.err), done.err
    empty = tmp_path / "empty.py"
    empty.write_text("x = 1")
    assert "no function `rules(desk)`" in attend("live", small, "--rules", str(empty)).err


def test_rules_react(attend: Attend, small: str, tmp_path: Path) -> None:
    pytest.importorskip("durable_rules_engine")
    rules = tmp_path / "rules.py"
    rules.write_text(RULES)
    done = attend("live", small, "--undated", "--rules", str(rules), stdin="ann attends\ncem declines\n")
    assert (0, "") == (done.status, done.err)
    assert [
        "ann.2: ann attends",
        "  Ann (ann): undetermined -> attends",
        "  Bob (bob): undetermined -> attends",
        "  meeting: undetermined -> held",
        "  ! comes: ann comes",
        "  ! comes: bob comes",
        "cem.1: cem declines",
        "  cem: undetermined -> absent",
    ] == done.out.splitlines()[1:-1]
    assert done.out.splitlines()[-1].startswith("  ! declined: ")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nowhere_at_all\n", "rules.py, line 1: No module named 'nowhere_at_all'"),
        ("x = 1\ny = 1 / 0\n", "rules.py, line 2: ZeroDivisionError: division by zero"),
        ("def rules(desk):\n    open('none.txt')\n", "rules.py, line 2: FileNotFoundError: "),
        ("def rules(desk):\n    desk.when(1, print)\n", "rules.py, line 2: "),
        ("def rules(desk):\n    return (\n", "rules.py, line 2: '(' was never closed"),
    ],
)
def test_what_is_wrong_in_a_file_of_rules_is_told_with_its_line(
    attend: Attend, small: str, tmp_path: Path, code: str, message: str
) -> None:
    pytest.importorskip("durable_rules_engine")
    rules = tmp_path / "rules.py"
    rules.write_text(code)
    done = attend("live", small, "--rules", str(rules), stdin="ann attends\n")
    assert (2, True, False) == (done.status, message in done.err, "Traceback" in done.err), done.err


def test_rules_without_durable_rules_say_what_to_install(
    attend: Attend, small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text("import durable_rules_engine")
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    done = attend("live", small, "--rules", str(rules), stdin="ann attends\n")
    advice = "pip install 'attendance[live]'" if sys.version_info < (3, 13) else "use 3.11 or 3.12"
    assert (2, True) == (done.status, advice in done.err), done.err


def test_a_tick_is_told_where_a_rule_fires_at_it(attend: Attend, small: str, tmp_path: Path) -> None:
    pytest.importorskip("durable_rules_engine")
    rules = tmp_path / "rules.py"
    rules.write_text(
        RULES.replace('(m.kind == "change") & (m.new == "attends")', 'm.kind == "tick"').replace("m.who", "m.t")
    )
    done = attend("live", small, "--rules", str(rules), stdin="tick: 2025-05-15T12:00:00Z\n")
    assert (0, "") == (done.status, done.err)
    tick, alert = done.out.splitlines()[1:]
    assert tick.startswith("15 May 2025")
    assert alert.startswith("  ! comes: ")


# --- what is heard --------------------------------------------------------------------------------


def test_standard_input_is_read_while_the_clock_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    there, here = os.pipe()
    with os.fdopen(there, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        told = lines_of(None, 0.05)
        os.write(here, b"one\n")
        first = [next(told)]
        while first[-1][1] is None:
            first.append(next(told))
        assert (1, "one") == (first[-1][0], (first[-1][1] or "").strip())
        assert (1, None) == next(told)
        os.write(here, b"two\n")
        os.close(here)
        assert [(2, "two")] == [(number, line.strip()) for number, line in told if line is not None]


def test_standard_input_that_is_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(at.InputError, match="standard input is closed: name a file with --follow"):
        lines_of(None, None)


def test_a_file_that_goes_and_comes_again_is_followed(tmp_path: Path) -> None:
    file, other = tmp_path / "lines.txt", tmp_path / "other.txt"
    file.write_text("one\n")
    other.write_text("two\n")
    told = lines_of(str(file), 0.05)
    lines = (line.strip() for _, line in told if line is not None)
    assert "one" == next(lines)
    other.replace(file)
    assert "two" == next(lines)
    file.unlink()
    assert (2, None) == next(told)
    assert (2, None) == next(told)
    file.write_text("three\n")
    assert "three" == next(lines)


def test_a_rule_that_fails_is_told_and_what_was_said_is_kept(attend: Attend, small: str, tmp_path: Path) -> None:
    pytest.importorskip("durable_rules_engine")
    rules = tmp_path / "rules.py"
    rules.write_text(RULES.replace('return f"{match.m.who} comes"', "return 1 / 0"))
    done = attend("live", small, "--rules", str(rules), stdin="cem attends\ncem declines\n")
    assert 2 == done.status
    assert (
        "line 1: ZeroDivisionError: division by zero; what was said is kept; this was raised by the rule 'comes'"
        in done.err
    )
    assert "cem.1: cem attends" in done.out
    assert "cem.2: cem declines" in done.out


def test_a_file_is_followed_and_the_clock_ticks(small: str, tmp_path: Path) -> None:
    lines, journal = tmp_path / "lines.txt", tmp_path / "journal"
    lines.write_text("ann attends\n")
    command = [sys.executable, "-m", "attendance", "live", small, "--follow", str(lines), "--tick", "0.2"]
    command += ["--journal", str(journal)]
    told: Queue[bytes] = Queue()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        reader = Thread(target=lambda: [told.put(line) for line in running.stdout or ()])
        reader.start()
        try:
            assert [b"Dinner", b"ann.2", b"  Ann (ann)"] == [told.get(timeout=30).partition(b":")[0] for _ in range(3)]
            assert b"  meeting: undetermined -> held\n" == told.get(timeout=30)
            with lines.open("a") as more:
                more.write("cem decl")
                more.flush()
                time.sleep(0.3)
                more.write("ines\n")
            assert b"cem.1: cem declines\n" == told.get(timeout=30)
            for _ in range(300):
                if ticked := any(entry.kind == "tick" for entry in read(journal)):
                    break
                time.sleep(0.1)
            assert ticked
        finally:
            running.send_signal(signal.SIGINT)
            assert 130 == running.wait(timeout=30)
            reader.join(timeout=30)
        assert running.stderr is not None
        assert b"" == running.stderr.read().strip()
