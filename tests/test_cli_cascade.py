"""`attendance cascade`: the rounds, and who is there in the end, or the circle."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

import attendance as at
from tests import test_cli
from tests.test_cli import Attend, Ended, refused

attend = test_cli.attend

Written = Callable[..., str]
SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes statements of a few people as a case file, and says where."""

    def write(*statements: str, **more: object) -> str:
        file = tmp_path / "case.json"
        people: dict[str, dict[str, str]] = {s.split()[0]: {} for s in statements}
        file.write_text(json.dumps({"participants": people, "statements": statements, **more}), encoding="utf-8")
        return str(file)

    return write


def test_istanbul_from_nobody(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025
At the start: nobody
1. Vladimir Medinsky, Marco Rubio, Volodymyr Zelensky (Meeting in Ankara) and Recep Tayyip Erdogan (Meeting in Ankara) join (2 there)

Nobody moves any more after 1 round.
Direct talks in Istanbul: Vladimir Medinsky and Marco Rubio attend
Meeting in Ankara: Volodymyr Zelensky and Recep Tayyip Erdogan attend
"""
    assert Ended(0, expected, "") == attend("cascade", SEED)


def test_istanbul_from_putin(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025 (no-list)
At the start: Vladimir Putin
1. Volodymyr Zelensky, Vladimir Medinsky, Marco Rubio, Volodymyr Zelensky (Meeting in Ankara) and Recep Tayyip Erdogan (Meeting in Ankara) join (4 there)

Nobody moves any more after 1 round.
Direct talks in Istanbul: Vladimir Putin, Volodymyr Zelensky, Vladimir Medinsky and Marco Rubio attend
Meeting in Ankara: Volodymyr Zelensky and Recep Tayyip Erdogan attend
"""
    assert Ended(0, expected, "") == attend("cascade", SEED, "--scenario", "no-list", "--start", "putin")


def test_join_and_leave(attend: Attend, written: Written) -> None:
    file = written(
        "ann attends only if bob", "bob attends unless rain", "cem declines if ann", facts={"rain": "unknown"}
    )
    expected = """\
Round by round
At the start: nobody
1. bob and cem join (2 there)
2. ann joins (3 there)
3. cem leaves (2 there)

Nobody moves any more after 3 rounds.
ann and bob attend.
rain: no
"""
    assert Ended(0, expected, "") == attend("cascade", file)
    expected = """\
Round by round
At the start: bob; “rain” holds
1. ann and cem join; bob leaves (2 there)
2. ann and cem leave (0 there)
3. cem joins (1 there)

Nobody moves any more after 3 rounds.
cem attends.
rain: yes
"""
    assert Ended(0, expected, "") == attend("cascade", file, "--start", "rain", "--start", "bob")


def test_nobody_moves(attend: Attend, written: Written) -> None:
    expected = "Round by round\nAt the start: nobody\n\nNobody moves.\nNobody attends.\n"
    assert Ended(0, expected, "") == attend("cascade", written("ann might attend"))


def test_a_circle(attend: Attend, written: Written) -> None:
    file = written("ann attends only if bob", "bob declines if ann", "cem attends")
    expected = """\
Round by round
At the start: nobody
1. bob and cem join (2 there)
2. ann joins (3 there)
3. bob leaves (2 there)
4. ann leaves (1 there)
5. bob joins (2 there)

They go in a circle: after round 5 all is as it was after round 1.
- after round 1: bob and cem
- after round 2: ann, bob and cem
- after round 3: ann and cem
- after round 4: cem
"""
    assert Ended(0, expected, "") == attend("cascade", file)
    circle = attend("cascade", file, "--start", "cem").out
    assert "after round 4 all is as it was at the start.\n- at the start: cem\n" in circle


def test_a_long_circle_is_cut(attend: Attend, written: Written) -> None:
    people = [f"p{i}" for i in range(30)]
    ring = [f"{b} attends if {a}" for a, b in pairwise([people[-1], *people])]
    lines = attend("cascade", written(*ring), "--start", "p0").out.splitlines()
    expected = ["They go in a circle: after round 30 all is as it was at the start.", "The circle has 30 states."]
    assert ["... and 10 more", "", *expected] == lines[22:]


def test_rounds_are_cut(attend: Attend, written: Written) -> None:
    people = [f"p{i}" for i in range(100)]
    file = written(*(f"{p} attends if at least {i} of others" for i, p in enumerate(people) if i), "p0 attends")
    lines = attend("cascade", file, "--limit", "2").out.splitlines()
    expected = [
        "1. p0 joins (1 there)",
        "2. p1 joins (2 there)",
        "... and 98 more",
        "",
        "Nobody moves any more after 100 rounds.",
    ]
    assert expected == lines[2:7]
    assert lines[7].startswith("p1, p2, ")
    assert lines[7].endswith(" and 81 others attend.")
    assert ["At the start: nobody", "... and 100 more"] == attend("cascade", file, "--limit", "0").out.splitlines()[1:3]


def test_json(attend: Attend) -> None:
    ended = attend("cascade", SEED, "--start", "zelensky at ankara", "--as-of", "2025-05-13", "--json")
    found = at.cascade(at.load(SEED), start=["zelensky at ankara"], as_of="2025-05-13")
    assert (0, "") == (ended.status, ended.err)
    assert found.to_dict() == json.loads(ended.out)


def test_bad_input(attend: Attend) -> None:
    refused(attend("cascade", SEED, "--start", "putn"), "unknown name 'putn'", "did you mean putin")
    refused(attend("cascade", SEED, "--start", "putin", "--assume", "putin=no"), "putin at talks is assumed")
    refused(attend("cascade", SEED, "--engine", "clingo"), "No such option '--engine'")
    refused(attend("cascade", SEED, "--limit", "-1"), "--limit")
    refused(attend("cascade", SEED, "--scenario", "x"), "unknown scenario 'x'")
    refused(attend("cascade", "nowhere.yaml"), "nowhere.yaml")
