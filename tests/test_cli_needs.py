"""`attendance needs`: what is printed, what is JSON, what is refused, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.faces.cli import main

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
SMALL = """\
title: Dinner
gatherings: {dinner: , club: {name: The club}}
participants: {ann: {name: Ann}, bob: {name: Bob}, cem: , "Ms Q": }
facts: {rain: {name: It rains}, late: }
statements:
  - ann attends if bob and not cem and not rain and not late
  - ann attends if "Ms Q" at club
"""

Ended = tuple[int, str, str]
Run = Callable[..., Ended]


@pytest.fixture
def needs(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command here: its exit status, and what it printed."""

    def run(*arguments: str) -> Ended:
        status: Any = 0
        try:
            main(["needs", *arguments])
        except SystemExit as error:
            status = error.code
        return (status or 0, *capsys.readouterr())

    return run


@pytest.fixture
def small(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def test_zelensky_needs_putin(needs: Run) -> None:
    expected = """\
Istanbul talks, 15 May 2025: what would make “zelensky” certain
It takes that Vladimir Putin (putin) attends.
"""
    assert (0, expected, "") == needs(SEED, "--goal", "zelensky")


def test_without_putin_there_is_no_way(needs: Run) -> None:
    expected = """\
Istanbul talks, 15 May 2025: what would make “zelensky” certain
There is no way. “zelensky” can be had only with Vladimir Putin, which is forbidden: “putin declines” (list, 14 May 2025, Kremlin statement) and “zelensky attends only if putin” (z, 14 May 2025, video address) stand in the way.
"""
    assert (1, expected, "") == needs(SEED, "--goal", "zelensky", "--forbid", "putin")


def test_what_stands_in_the_way_is_quoted(needs: Run) -> None:
    status, out, _ = needs(SEED, "--goal", "trump")
    assert 1 == status
    assert "“trump declines” (t2, 14 May 2025, reported) stands in the way." in out


def test_whom_nobody_counts_there(needs: Run) -> None:
    status, out, _ = needs(SEED, "--goal", "erdogan")
    assert 1 == status
    assert out.endswith("erdogan is not counted at talks, only at ankara.\n")
    assert needs(SEED, "--goal", "erdogan at ankara")[1].endswith("\nIt takes nothing: it is so already.\n")


def test_people_facts_and_gatherings_in_words(needs: Run, small: str) -> None:
    expected = """\
Dinner: what would make “ann” certain
Each of these is enough:
1. Ms Q at club attends
2. Bob (bob) attends, cem is absent and It rains (rain) and late do not hold
"""
    assert (0, expected, "") == needs(small, "--goal", "ann")


def test_several_ways_by_cost(needs: Run, small: str) -> None:
    costs = ["--cost", '"Ms Q" at club=9/2', "--cost", "cem=0", "--cost", "late=1.25", "--cost", "rain=0.25"]
    expected = """\
Each of these is enough:
1. Bob (bob) attends, cem is absent and It rains (rain) and late do not hold (cost 2.5)
2. Ms Q at club attends (cost 4.5)
"""
    assert needs(small, "--goal", "ann", *costs)[1].endswith(expected)


def test_more_than_are_listed(needs: Run, small: str) -> None:
    assert needs(small, "--goal", "ann", "--limit", "1")[1].endswith("\n1. Ms Q at club attends\n... and more\n")
    assert not needs(small, "--goal", "ann", "--limit", "2")[1].endswith("more\n")


def test_over_and_mode(needs: Run, small: str) -> None:
    out = needs(small, "--goal", "ann", "--over", "bob", "--over", "cem")[1]
    assert "There is no way. “ann” cannot be made to hold for certain" in out
    out = needs(small, "--goal", "at least 2 of everyone", "--over", "bob", "--over", "cem")[1]
    assert out.endswith("\nIt takes that Bob (bob) and cem attend.\n")
    out = needs(SEED, "--goal", "trump", "--scenario", "mutual-loop", "--mode", "some")[1]
    assert out == (
        "Istanbul talks, 15 May 2025 (mutual-loop): what would make “trump” possible\n"
        "It takes nothing: it is so already.\n"
    )


def test_a_crowd_is_cut(needs: Run, tmp_path: Path) -> None:
    file = tmp_path / "crowd.json"
    at.dump(at.Case(participants=[f"p{i}" for i in range(60)]), file)
    out = needs(str(file), "--goal", "at least 30 of everyone", "--limit", "1")[1]
    assert out.endswith(" and 11 more attend\n... and more\n")


@pytest.mark.parametrize("goal", ["zelensky", "trump", "talks is held", "rubio"])
def test_json_is_the_answer(needs: Run, goal: str) -> None:
    status, out, err = needs(SEED, "--goal", goal, "--json", "--limit", "7")
    found = at.requirements(at.load(SEED), goal, limit=7)
    assert found.to_dict() == json.loads(out)
    assert (0 if found else 1, "") == (status, err)


@pytest.mark.parametrize(
    ("arguments", "reasons"),
    [
        ((), ["Missing option '--goal'"]),
        (("--goal", "putn"), ["goal: unknown name 'putn'", "    putn\n    ^^^^", "did you mean putin?"]),
        (("--goal", "putin and"), ["expected a condition", "putin and\n             ^"]),
        (("--goal", "zelensky", "--over", "putn"), ["did you mean putin"]),
        (("--goal", "zelensky", "--forbid", "putn"), ["did you mean putin"]),
        (("--goal", "zelensky", "--mode", "all"), ["'all' is not one of 'every', 'some'"]),
        (("--goal", "zelensky", "--limit", "0"), ["--limit"]),
        (("--goal", "zelensky", "--cost", "putin"), ["--cost putin: say what it costs, as in --cost putin=3"]),
        (("--goal", "zelensky", "--cost", "putin=much"), ["the cost of 'putin': expected a number"]),
        (("--goal", "zelensky", "--cost", "putin=1", "--cost", "putin=2"), ["putin is given twice, and differs"]),
        (("--goal", "zelensky", "--assume", "putin=yes", "--over", "putin"), ["putin has its value already"]),
        (("--goal", "zelensky", "--given", "zelensky and not zelensky"), ["no outcome can meet this"]),
    ],
)
def test_what_is_refused(needs: Run, arguments: tuple[str, ...], reasons: list[str]) -> None:
    status, out, err = needs(SEED, *arguments)
    assert (2, "") == (status, out)
    assert "Traceback" not in err
    assert [] == [reason for reason in reasons if reason not in err]
