"""`attendance pivots`: what is printed, what is JSON, what is refused, and how it ends."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.faces.cli import main
from attendance.faces.commands.pivots import percent

SEEDS = Path(__file__).parent.parent / "seeds"
SEED, KYOTO = str(SEEDS / "istanbul-2025.yaml"), str(SEEDS / "kyoto-1997.yaml")
SMALL = """\
title: Board
gatherings: {meeting: , dinner: }
participants: {ann: {name: Ann}, bob: {name: Bob}, cem: }
facts: {rain: {name: It rains}}
statements: [bob at dinner might attend]
"""

Ended = tuple[int, str, str]
Run = Callable[..., Ended]


@pytest.fixture
def pivots(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command here: its exit status, and what it printed."""

    def run(*arguments: str) -> Ended:
        status: Any = 0
        try:
            main(["pivots", *arguments])
        except SystemExit as error:
            status = error.code
        return (status or 0, *capsys.readouterr())

    return run


@pytest.fixture
def small(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def test_a_dictator(pivots: Run) -> None:
    expected = """\
Istanbul talks, 15 May 2025: on whom “zelensky” turns
2 of 4 sets of the 2 players bring it about (50.00%).

                        Banzhaf    share  Shapley-Shubik
----------------------  -------  -------  --------------  --------
Vladimir Putin (putin)  100.00%  100.00%         100.00%  dictator
Donald Trump (trump)      0.00%    0.00%           0.00%
"""
    assert (0, expected, "") == pivots(SEED, "--goal", "zelensky", "--over", "trump", "--over", "putin")


def test_the_strongest_come_first_and_the_smallest_sets_are_listed(pivots: Run, small: str) -> None:
    expected = """\
Board: on whom “ann and (cem or bob at dinner) and not rain” turns
3 of 16 sets of the 4 players bring it about (18.75%).

                     Banzhaf    share  Shapley-Shubik
-------------------  -------  -------  --------------  ----
It rains (rain)      -37.50%  -37.50%         -41.67%
Ann (ann)             37.50%   37.50%          25.00%  veto
cem                   12.50%   12.50%           8.33%
Bob (bob at dinner)   12.50%   12.50%           8.33%

The smallest sets that bring it about
1. Ann (ann) and cem
2. Ann (ann) and Bob (bob at dinner)
"""
    goal = "ann and (cem or bob at dinner) and not rain"
    assert (0, expected, "") == pivots(small, "--goal", goal, "--minimal", "5")
    assert pivots(small, "--goal", goal, "--minimal", "1")[1].endswith("\n1. Ann (ann) and cem\n... and more\n")


def test_a_real_veto(pivots: Run) -> None:
    _, out, _ = pivots(KYOTO, "--goal", "protocol is held", "--scenario", "us-out")
    lines = out.splitlines()
    assert "Kyoto Protocol, entry into force (us-out): on whom “protocol is held” turns" == lines[0]
    assert "0.83% of all sets of the 33 players bring it about." == lines[1]
    assert "Russian Federation (russia)        1.65%   9.90%          21.95%  veto" == lines[5]
    assert 5 + 33 == len(lines)
    assert 1 == out.count("veto")


def test_nobody_to_turn_it(pivots: Run, small: str) -> None:
    out = pivots(SEED, "--goal", "zelensky")[1]
    assert out.endswith("It does not hold, and nobody is free to turn it: say whom to look at with --over.\n")
    assert pivots(SEED, "--goal", "rubio")[1].splitlines()[1].startswith("It holds, and nobody")
    assert "Nothing that the players do brings it about." in pivots(small, "--goal", "never")[1]
    assert "It holds whatever the players do." in pivots(small, "--goal", "always")[1]
    assert pivots(small, "--goal", "never", "--minimal", "1")[1].endswith("\nNo set brings it about\n")
    assert pivots(small, "--goal", "always", "--minimal", "1")[1].endswith("\n1. nobody\n")


def test_many_players_are_cut(pivots: Run, tmp_path: Path) -> None:
    file = tmp_path / "crowd.json"
    at.dump(at.Case(participants=[f"p{i}" for i in range(120)]), file)
    _, out, _ = pivots(str(file), "--goal", "a majority of everyone", "--minimal", "2")
    assert "\n... and 20 more\n" in out
    assert out.endswith("\n... and more\n")
    assert " and 42 more\n" in out


def test_what_is_nearly_nothing_is_not_called_nothing() -> None:
    shares = [Fraction(0), Fraction(1, 10**9), Fraction(-1, 10**9), Fraction(1, 3), Fraction(1)]
    assert ["0.00%", "<0.01%", ">-0.01%", "33.33%", "100.00%"] == list(map(percent, shares))


def test_warnings(pivots: Run) -> None:
    out = pivots(SEED, "--goal", "erdogan", "--over", "putin")[1]
    assert out.endswith("warning: erdogan is not counted at talks: a condition on that is false\n")


def test_json_is_the_answer(pivots: Run) -> None:
    status, out, err = pivots(KYOTO, "--goal", "protocol is held", "--scenario", "us-out", "--json")
    found = at.pivots(at.load(KYOTO), "protocol is held", scenario="us-out")
    assert found.to_dict() == json.loads(out)
    assert (0, "") == (status, err)


@pytest.mark.parametrize(
    ("arguments", "reasons"),
    [
        ((), ["Missing option '--goal'"]),
        (("--goal", "putn"), ["goal: unknown name 'putn'", "    putn\n    ^^^^", "did you mean putin?"]),
        (("--goal", "putin and"), ["expected a condition", "putin and\n             ^"]),
        (("--goal", "seats of everyone at least 3"), ["no participant has a weight 'seats'"]),
        (("--goal", "zelensky", "--over", "putn"), ["did you mean putin"]),
        (("--goal", "zelensky", "--over", "putin", "--assume", "putin=yes"), ["is assumed already"]),
        (("--goal", "zelensky", "--minimal", "0"), ["--minimal"]),
        (("--goal", "zelensky", "--minimal", "3", "--json"), ["leave --minimal out"]),
    ],
)
def test_what_is_refused(pivots: Run, arguments: tuple[str, ...], reasons: list[str]) -> None:
    status, out, err = pivots(SEED, *arguments)
    assert (2, "") == (status, out)
    assert "Traceback" not in err
    assert [] == [reason for reason in reasons if reason not in err]
