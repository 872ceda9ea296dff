"""`attendance timeline`: what each moment's statements changed, and why."""

import json
from pathlib import Path

import pytest

import attendance as at
from tests import test_cli
from tests.test_cli import SMALL, Attend, Ended, refused

attend = test_cli.attend

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")


@pytest.fixture
def small(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def test_istanbul(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025
as of 14 May 2025

11 May 2025
  “zelensky attends”  Zelensky
Volodymyr Zelensky (zelensky), Direct talks in Istanbul: undetermined -> attends
  1. Volodymyr Zelensky attends: “zelensky attends” (11 May 2025, Zelensky).

12 May 2025: “trump might attend if putin” (Trump): nothing changes

14 May 2025
  “zelensky attends only if putin”  video address
  “zelensky waits for russia”       video address
  “putin declines”                  Kremlin statement
  “medinsky attends”                Kremlin statement
  “trump declines”                  reported
  “rubio attends”                   reported
Vladimir Putin (putin), Direct talks in Istanbul: undetermined -> absent
  1. Vladimir Putin is absent: “putin declines” (14 May 2025, Kremlin statement).
Volodymyr Zelensky (zelensky), Direct talks in Istanbul: attends -> absent
  1. Vladimir Putin is absent: “putin declines” (14 May 2025, Kremlin statement).
  2. Volodymyr Zelensky is absent: “zelensky attends only if putin” (14 May 2025, video address), and Vladimir Putin is absent.
Donald Trump (trump), Direct talks in Istanbul: undetermined -> absent
  1. Donald Trump is absent: “trump declines” (14 May 2025, reported).
Vladimir Medinsky (medinsky), Direct talks in Istanbul: undetermined -> attends
  1. Vladimir Medinsky attends: “medinsky attends” (14 May 2025, Kremlin statement).
Marco Rubio (rubio), Direct talks in Istanbul: undetermined -> attends
  1. Marco Rubio attends: “rubio attends” (14 May 2025, reported).
Direct talks in Istanbul: undetermined -> not held
"""
    assert Ended(0, expected, "") == attend("timeline", SEED, "--as-of", "2025-05-14")


def test_brief(attend: Attend, small: str) -> None:
    expected = """\
Dinner (wet)
If it rains
assumed: rain = yes; added: “cem attends unless bob”

Undated
  “cem attends unless bob”
meeting: undetermined -> held

12 May 2025: “ann attends only if bob” (letter): nothing changes

13 May 2025
  “bob attends unless rain”  radio
Ann (ann): undetermined -> absent
Bob (bob): undetermined -> absent
cem: undetermined -> attends
"""
    ended = attend("timeline", small, "--scenario", "wet", "--add", "cem attends unless bob", "--brief")
    assert Ended(0, expected, "") == ended


def test_moments_that_change_nothing_stand_below_each_other(attend: Attend, small: str) -> None:
    expected = """\
Dinner

12 May 2025: “ann attends only if bob” (letter): nothing changes
13 May 2025: “bob attends unless rain” (radio): nothing changes
"""
    assert Ended(0, expected, "") == attend("timeline", small)


def test_times_and_speakers(attend: Attend, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        """\
timezone: Europe/Istanbul
participants: [ann, bob]
statements:
  - {who: ann, says: attends, said: 2025-05-13T09:30, by: office, source: radio}
  - {who: bob, says: declines, said: 2025-05-13T06:30Z}
  - {who: ann, says: attends, said: 2025-05-14, also: yes}
scenarios:
  later: {add: [{who: ann, says: attends, said: 2025-05-15}]}
""",
        encoding="utf-8",
    )
    expected = """\
Moment by moment

13 May 2025 09:30
  “ann attends” (says office)  radio
  “bob declines”
ann: undetermined -> attends
  1. ann attends: office: “ann attends” (13 May 2025, 09:30, radio).
bob: undetermined -> absent
  1. bob is absent: “bob declines” (13 May 2025, 09:30).
meeting: undetermined -> held

14 May 2025: “ann attends”: nothing changes
"""
    assert Ended(0, expected, "") == attend("timeline", str(file))
    added = attend("timeline", str(file), "--scenario", "later", "--brief").out
    assert "Undated or added\n  “ann attends”\nann: undetermined -> attends\n" in added


def test_nothing_said(attend: Attend) -> None:
    assert Ended(0, "Moment by moment\nNothing was said.\n", "") == attend("timeline", "-", stdin="participants: [ann]")


def test_many_are_cut(attend: Attend, tmp_path: Path) -> None:
    file = tmp_path / "many.json"
    people = [f"p{i}" for i in range(30)]
    file.write_text(
        json.dumps({"participants": {p: {} for p in people}, "statements": [f"{p} attends" for p in people]}),
        encoding="utf-8",
    )
    lines = attend("timeline", str(file), "--brief").out.splitlines()
    assert ["p19: undetermined -> attends", "... and 10 more", "meeting: undetermined -> held"] == lines[-3:]
    assert 1 + 1 + 1 + 30 + 20 + 2 == len(lines)


@pytest.mark.parametrize("more", [(), ("--brief",), ("--scenario", "mutual-loop")])
def test_json(attend: Attend, more: tuple[str, ...]) -> None:
    ended = attend("timeline", SEED, *more, "--json")
    found = at.timeline(at.load(SEED), scenario="mutual-loop" if "--scenario" in more else None)
    assert (0, "") == (ended.status, ended.err)
    assert found.to_dict() == json.loads(ended.out)


def test_bad_input(attend: Attend) -> None:
    refused(attend("timeline", SEED, "--scenario", "x"), "unknown scenario 'x'")
    refused(attend("timeline", SEED, "--as-of", "soon"), "soon")
    refused(attend("timeline", SEED, "--assume", "putin=no", "--given", "putin"), "no outcome can meet this")
    refused(attend("timeline", SEED, "--engine", "propagation"), "propagation")
    refused(attend("timeline", "nowhere.yaml"), "nowhere.yaml")
    refused(attend("timeline", SEED, "--time-limit", "0"), "a time limit")


def test_the_time_limit_covers_the_reasons(attend: Attend, tmp_path: Path) -> None:
    people = [f"p{i}" for i in range(200)]
    statements = [f"p{i + 1} attends only if p{i}" for i in range(199)]
    last = {"who": "p0", "says": "declines", "said": "2025-05-14"}
    file = tmp_path / "long.json"
    file.write_text(
        json.dumps({"participants": {p: {} for p in people}, "statements": [*statements, last]}), encoding="utf-8"
    )
    refused(attend("timeline", str(file), "--time-limit", "0.5"), "no answer within 0.5 s")
    assert 0 == attend("timeline", str(file), "--time-limit", "60", "--brief").status
