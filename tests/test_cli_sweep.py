"""`attendance sweep` and `attendance engines`: counts, rules and rows; who answers for whom."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import IO

import pytest

import attendance as at
from attendance.faces.commands import sweep as command
from tests import test_cli
from tests.test_cli import Attend, Ended, refused

attend = test_cli.attend
digits = test_cli._digits

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
OVER = ("--over", "putin", "--over", "trump")
SECONDS = 60


def council(members: int) -> str:
    names = ", ".join(f"m{i}" for i in range(members))
    return (
        f"participants: [ann, {names}]\ngroups: {{members: [{names}]}}\n"
        "statements: [ann attends only if at least 3 of members]\n"
    )


@pytest.fixture
def crowd(tmp_path: Path) -> str:
    file = tmp_path / "crowd.yaml"
    file.write_text(council(40), encoding="utf-8")
    return str(file)


def over(names: int) -> list[str]:
    return [part for i in range(names) for part in ("--over", f"m{i}")]


def test_counts_and_rules(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025: 4 scenarios of putin and trump
                                          attends  absent  undetermined  attends just when
----------------------------------------  -------  ------  ------------  -----------------
Volodymyr Zelensky (zelensky)             2        2       0             putin
Vladimir Medinsky (medinsky)              4        0       0             always
Marco Rubio (rubio)                       4        0       0             always
Volodymyr Zelensky (zelensky at ankara)   4        0       0             always
Recep Tayyip Erdogan (erdogan at ankara)  4        0       0             always
"""
    assert Ended(0, expected, "") == attend("sweep", SEED, *OVER)


def test_of_some(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025 (mutual-loop): 2 scenarios of putin
                               attends  absent  undetermined  attends just when
-----------------------------  -------  ------  ------------  -----------------
Volodymyr Zelensky (zelensky)  1        1       0             putin
Vladimir Putin (putin)         1        1       0             putin
"""
    told = attend("sweep", SEED, "--over", "putin", "--of", "zelensky", "--of", "putin", "--scenario", "mutual-loop")
    assert Ended(0, expected, "") == told


def test_rows(attend: Attend) -> None:
    expected = """\
putin  trump  zelensky      zelensky at ankara
no     no     absent        attends
no     yes    absent        attends
yes    no     attends       attends
yes    yes    attends       attends
"""
    told = attend("sweep", SEED, *OVER, "--rows", "--of", "zelensky", "--of", "zelensky at ankara")
    assert Ended(0, expected, "") == told


def test_csv(attend: Attend) -> None:
    expected = """\
putin,trump,zelensky,zelensky at ankara
no,no,absent,attends
no,yes,absent,attends
yes,no,attends,attends
yes,yes,attends,attends
"""
    some = ["--of", "zelensky", "--of", "putin", "--of", "zelensky at ankara"]  # who is varied has a column already
    assert Ended(0, expected, "") == attend("sweep", SEED, *OVER, "--rows", "--format", "csv", *some)
    whole = attend("sweep", SEED, *OVER, "--rows", "--format", "csv").out
    assert at.sweep(at.load(SEED), ["putin", "trump"]).to_csv() == whole
    refused(attend("sweep", SEED, *OVER, "--format", "csv"), "--format csv is for --rows")
    refused(attend("sweep", SEED, *OVER, "--rows", "--json", "--format", "csv"), "not for --json")
    refused(attend("sweep", SEED, *OVER, "--rows", "--format", "tsv"), "csv")


def test_a_group_is_its_members(attend: Attend, crowd: str) -> None:
    assert attend("sweep", SEED, "--over", "putin", "--over", "medinsky") == attend("sweep", SEED, "--over", "russia")
    assert attend("sweep", SEED, "--over", "zelensky at ankara") == attend("sweep", SEED, "--over", "ukraine at ankara")
    refused(attend("sweep", crowd, "--over", "members", "--rows"), "1,099,511,627,776 scenarios are more than")
    assert 4 == len(attend("sweep", crowd, "--over", "members", "--rows", "--sample", "3").out.splitlines())


def test_what_clashes_and_what_is_impossible(attend: Attend) -> None:
    lines = attend("sweep", SEED, "--over", "putin", "--given", "zelensky").out.splitlines()
    assert "In 1 of them not all that was said can be kept." == lines[-1]
    lines = attend("sweep", SEED, "--over", "zelensky", "--given", "zelensky").out.splitlines()
    assert "In 1 of them nothing can meet what is assumed and given." == lines[-1]
    told = attend("sweep", SEED, "--over", "zelensky", "--given", "zelensky", "--rows", "--of", "rubio").out
    assert "zelensky  rubio\nno        impossible\nyes       attends\n" == told


def test_a_sample(attend: Attend) -> None:
    one, same, other = (attend("sweep", SEED, *OVER, "--sample", "1000", "--seed", s).out for s in ("1", "1", "2"))
    assert one == same != other
    assert "1,000 scenarios of putin and trump, drawn at random" in one
    assert 7 + 1 == len(attend("sweep", SEED, *OVER, "--sample", "7", "--rows").out.splitlines())


def test_many_have_no_rules_unless_asked_for(attend: Attend, crowd: str) -> None:
    lines = attend("sweep", crowd, *over(13)).out.splitlines()
    assert lines[1].split() == ["attends", "absent", "undetermined"]
    assert "Who attends just when: ask for somebody, with --of." == lines[-1]
    lines = attend("sweep", crowd, *over(18), "--of", "ann", "--assume", "m20=yes", "--assume", "m21=yes").out
    assert "undetermined" in lines
    away = [part for i in range(18, 40) for part in ("--assume", f"m{i}=no")]
    names = ", ".join(f"m{i}" for i in range(18))
    assert f"at least 3 of ({names})" in attend("sweep", crowd, *over(18), *away, "--of", "ann").out


def test_what_hangs_on_too_much_is_counted_without_a_rule(attend: Attend, crowd: str) -> None:
    told = attend("sweep", crowd, *over(40), "--sample", "500", "--of", "ann")
    assert (0, "") == (told.status, told.err)
    assert "(too long to say, or hangs on more than 20 names)" in told.out
    told = attend("sweep", crowd, *over(40), "--sample", "500", "--of", "ann", "--json")
    assert {"ann": None} == json.loads(told.out)["rules"]
    refused(attend("sweep", crowd, *over(40)), "2^40 scenarios are too many", "vary fewer, or take a sample")


def test_more_than_a_million_lines_are_asked_for_twice(
    attend: Attend, crowd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(attend("sweep", crowd, *over(21), "--rows"), "2,097,152 scenarios are more than 1,048,576 lines: --yes")
    monkeypatch.setattr("attendance.faces.commands.sweep.MANY", 4)
    refused(attend("sweep", crowd, *over(3), "--rows", "--of", "ann"), "--yes")
    assert 9 == len(attend("sweep", crowd, *over(3), "--rows", "--of", "ann", "--yes").out.splitlines())


def test_workers_count_the_same(attend: Attend, crowd: str) -> None:
    alone = attend("sweep", crowd, *over(18))
    assert 0 == alone.status
    assert alone == attend("sweep", crowd, *over(18), "--workers", "2")


def test_json(attend: Attend) -> None:
    found = at.sweep(at.load(SEED), ["putin", "trump"], as_of="2025-05-14")
    asked = ["sweep", SEED, *OVER, "--as-of", "2025-05-14", "--json"]
    assert found.to_dict() == json.loads(attend(*asked).out)
    more = {"rules": {"zelensky": "putin"}, "rows": [row.to_dict() for row in found]}
    assert found.to_dict() | more == json.loads(attend(*asked, "--of", "zelensky", "--rows").out)
    assumed = [tuple(row["assume"].values()) for row in more["rows"]]
    assert assumed == [*product((False, True), repeat=2)]


def test_bad_input(attend: Attend) -> None:
    refused(attend("sweep", SEED, "--over", "putn"), "unknown name 'putn'", "did you mean putin")
    refused(attend("sweep", SEED, *OVER, "--of", "zelenski"), "'zelenski'", "did you mean zelensky")
    refused(attend("sweep", SEED, "--over", "rusia"), "unknown name 'rusia'", "did you mean russia")
    refused(attend("sweep", SEED, "--over", "turkey"), "nobody of turkey is counted at talks", "say 'turkey at ankara'")
    refused(attend("sweep", SEED, *OVER, "--assume", "putin=no"), "it cannot be varied too")
    refused(attend("sweep", SEED, *OVER, "--engine", "abacus"), "unknown engine 'abacus'")
    refused(attend("sweep", SEED), "--over")
    refused(attend("sweep", SEED, *OVER, "--sample", "0"), "--sample")


SLOW = """
import sys
from attendance.engines import tallying
from attendance.faces.cli import main
from attendance.faces.commands.sweep import _Watch

progress, told = _Watch.progress, []

def ready(self, done, whole):
    if done > 1000 and not told:
        told.append(done)
        sys.stderr.write("ready\\n")
        sys.stderr.flush()
    return progress(self, done, whole)

_Watch.progress = ready
tallying.LANES, tallying.NEAR = 64, 0  # 2^30 scenarios take hours so
main()
"""


@contextmanager
def started(script: str, *asked: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A script at work in a session of its own, and what it says on standard error; it is ended if it takes too long."""
    with subprocess.Popen(
        [sys.executable, "-c", script, *asked],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        end = Timer(SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        end.start()
        try:
            assert process.stderr is not None
            yield process, process.stderr
        finally:
            end.cancel()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_tells_what_is_counted(workers: str, crowd: str) -> None:
    """In a process of its own, with all that it starts."""
    away = [part for i in range(30, 40) for part in ("--assume", f"m{i}=no")]
    asked = ["sweep", crowd, *over(30), *away, "--of", "ann", "--json", "--workers", workers]
    with started(SLOW, *asked) as (process, said):
        assert "ready\n" == said.readline()
        begun = monotonic()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        out, err = process.communicate()
    assert (130, "") == (process.returncode, err)
    assert 20 > monotonic() - begun
    found = json.loads(out)
    assert not found["complete"]
    assert 2**30 == found["scenarios"]
    assert 0 < sum(found["counts"]["meeting"]["ann"].values()) < 2**30
    assert {"ann": None} == found["rules"]


def test_a_second_interrupt_ends_all_at_once(crowd: str) -> None:
    """What the processes still count is not waited for: their output ends with them, whoever misses them meanwhile."""
    deaf = SLOW.replace(
        "return progress(self, done, whole)",
        """if self.stopped and "stopped" not in told:
        told.append("stopped")
        sys.stderr.write("stopped\\n")
        sys.stderr.flush()
    return True""",
    )
    deaf = "import time\nfrom attendance.faces.commands import sweep\nsweep.clear = lambda: time.sleep(1)\n" + deaf
    asked = ["sweep", crowd, *over(30), "--of", "ann", "--workers", "2"]
    with started(deaf, *asked) as (process, said):
        for line in ("ready\n", "stopped\n"):
            assert line == said.readline()
            os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    assert (130, "", "") == (process.returncode, out, err)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever breaks off as soon as something is counted."""
    monkeypatch.setattr(command._Watch, "progress", lambda *_: False)


@pytest.mark.usefixtures("impatient")
def test_what_was_broken_off_is_told_as_such_and_has_no_rows(attend: Attend, crowd: str) -> None:
    asked = ["sweep", crowd, *over(20), "--of", "ann"]
    told = attend(*asked)
    assert (130, "") == (told.status, told.err)
    assert [
        "Broken off: only the first scenarios are counted, which need not be like the others.",
        "A --sample is drawn from all of them.",
    ] == told.out.splitlines()[-2:]
    assert Ended(130, "", "") == attend(*asked, "--rows", "--yes")


# --- engines --------------------------------------------------------------------------------------


def test_the_engines_there_are(attend: Attend) -> None:
    told = attend("engines")
    assert (0, "") == (told.status, told.err)
    assert [row.name for row in at.ENGINES] == [line.split()[0] for line in told.out.splitlines()[2:]]
    rows = [{"name": row.name, "offers": row.offers, "needs": row.needs, "installed": True} for row in at.ENGINES]
    for row in rows[4:6]:  # the extras
        row["installed"] = find_spec({"sat": "pysat", "durable": "durable_rules_engine"}[str(row["name"])]) is not None
    assert rows == json.loads(attend("engines", "--json").out)


def test_who_answers_for_whom(attend: Attend) -> None:
    lines = attend("engines", SEED, "--scenario", "zelensky-seen").out.splitlines()
    assert "Istanbul talks, 15 May 2025 (zelensky-seen): who is answered for by which engine" == lines[0]
    assert ["engine", "for", "why"] == lines[1].split()
    assert ["propagation", "tables"] == [line.split()[0] for line in lines[3:]]
    assert "putin and zelensky" in lines[-1]
    told = attend("engines", SEED, "--scenario", "zelensky-seen", "--json")
    found = at.engine_choices(at.load(SEED), scenario="zelensky-seen")
    assert [choice.to_dict() for choice in found] == json.loads(told.out)


def test_engines_refuse_what_every_question_does(attend: Attend) -> None:
    refused(attend("engines", SEED, "--engine", "abacus"), "unknown engine 'abacus'")
    refused(attend("engines", SEED, "--assume", "putn=yes"), "did you mean putin")
    refused(attend("engines", "none.yaml"), "none.yaml")


def test_a_rule_that_nobody_could_take_in_does_not_take_the_counts_with_it(attend: Attend, tmp_path: Path) -> None:
    people = [f"d{i}" for i in range(11)]
    file = tmp_path / "council.yaml"
    file.write_text(
        f"participants: [chair, host, {', '.join(people)}]\nstatements:\n"
        f'  - "chair attends only if host and at least 6 of ({", ".join(people)})"\n',
        encoding="utf-8",
    )
    told = attend("sweep", str(file), "--over", "host", *(p for name in people for p in ("--over", name)))
    row = next(line for line in told.out.splitlines() if line.startswith("chair"))
    assert row.split()[:4] == ["chair", "1,024", "3,072", "0"]
    assert row.endswith("characters)")
