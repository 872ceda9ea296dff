"""`attendance deadlocks`: what is printed, what is JSON, what is refused, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.faces.cli import main

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")

Ended = tuple[int, str, str]
Run = Callable[..., Ended]


@pytest.fixture
def deadlocks(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command here: its exit status, and what it printed."""

    def run(*arguments: str) -> Ended:
        status: Any = 0
        try:
            main(["deadlocks", *arguments])
        except SystemExit as error:
            status = error.code
        return (status or 0, *capsys.readouterr())

    return run


@pytest.fixture
def told(deadlocks: Run, tmp_path: Path) -> Callable[[at.Case], list[str]]:
    """The lines that are printed of a case, under the headline."""

    def lines(case: at.Case) -> list[str]:
        file = tmp_path / "case.json"
        at.dump(case, file)
        status, out, err = deadlocks(str(file))
        assert (0, "") == (status, err)
        head, *rest = out.splitlines()
        assert "The case: who waits for whom" == head
        return rest

    return lines


Told = Callable[[at.Case], list[str]]


def test_a_circle(deadlocks: Run) -> None:
    expected = """\
Istanbul talks, 15 May 2025 (mutual-loop): who waits for whom

Vladimir Putin (putin) and Donald Trump (trump) wait for each other:
  Vladimir Putin (putin)  waits for Donald Trump
  Donald Trump (trump)    waits for Vladimir Putin
It opens if Vladimir Putin (putin) or Donald Trump (trump) commits to come.
"""
    assert (0, expected, "") == deadlocks(SEED, "--scenario", "mutual-loop")


def test_an_order_in_which_they_could_speak(deadlocks: Run) -> None:
    expected = """\
Istanbul talks, 15 May 2025: who waits for whom
Nobody whose coming is open waits in a circle. They could speak in this order:
1. Vladimir Putin (putin)
2. Vladimir Medinsky (medinsky)
3. Volodymyr Zelensky (zelensky), after Vladimir Putin, Vladimir Medinsky
The others wait for nobody whose coming is open, and nobody waits for them.
"""
    assert (0, expected, "") == deadlocks(SEED)


def test_nobody_waits(told: Told) -> None:
    assert ["Nobody waits for anybody whose coming is open."] == told(at.case("a attends\nb might attend"))


def test_several_circles_and_ways_to_open_them(told: Told) -> None:
    lines = told(
        at.case(
            """
            a attends if b and c
            b attends if a and c
            c attends if a and b
            d waits for e
            e waits for d
            f waits for g
            g waits for f
            f attends
            g attends
            """
        )
    )
    assert "a, b and c wait for each other:" in lines
    assert "  b  waits for a, c" in lines
    assert "It opens if a and b, or a and c, or b and c commit to come." in lines
    assert "It opens only if all of them commit to come." in lines
    assert "What each of them does is certain already, so anyone may speak first." in lines
    assert 3 == lines.count("")


def test_two_of_three(told: Told) -> None:
    lines = told(at.case("a attends if b\nb attends if a and c\nc might attend if a"))
    assert ["  b  waits for a, c", "  c  waits for a", "It opens if a and c, or b and c commit to come."] == lines[-3:]


def test_a_circle_that_nobody_in_it_can_open(told: Told) -> None:
    said = "a attends only if b\nb attends only if a\nc attends if a\nd attends if a"
    lines = told(at.case(said, rules=["not (c and d)", "at least 1 of (a, b)"]))
    assert "No commitment of theirs opens it without a conflict." == lines[-1]


def test_a_crowd_is_cut(told: Told) -> None:
    people = [f"p{i}" for i in range(30)]
    lines = told(at.Case(participants=people, statements=[f"{p} attends if at least 3 of everyone" for p in people]))
    assert ["", "These 30 wait for each other:", "  p0   waits for p1, p2, p3, p4, 25 more"] == lines[:3]
    assert ["... and 10 more", "It opens if all those of one line commit to come:", "  p0 and p1"] == lines[22:25]
    assert "... and more" == lines[-1]
    chain = [f"p{i} waits for p{i + 1}" for i in range(29)]
    lines = told(at.Case(participants=people, statements=chain))
    assert "1. p29" == lines[1]
    assert ["20. p10, after p11", "... and 10 more"] == lines[-2:]


def test_all_who_open_it_alone_are_listed_up_to_a_point(told: Told) -> None:
    ring = [f"p{i} attends only if p{(i + 1) % 25}" for i in range(25)]
    lines = told(at.Case(participants=[f"p{i}" for i in range(25)], statements=ring))
    assert "It opens if one of these commits to come:" in lines
    assert ["  p19", "... and 5 more"] == lines[-2:]


def test_another_gathering_is_named(told: Told) -> None:
    lines = told(
        at.loads(
            """
            gatherings: {talks: , dinner: {name: The dinner}}
            participants: {ann: {name: Ann}, bob: }
            statements: [ann at dinner attends if bob at dinner, bob at dinner attends if ann at dinner]
            """
        )
    )
    assert "Ann (ann at dinner) and bob at dinner wait for each other:" in lines


@pytest.mark.parametrize("scenario", ["", "mutual-loop", "no-list"])
def test_json_is_the_answer(deadlocks: Run, scenario: str) -> None:
    status, out, err = deadlocks(SEED, "--scenario", scenario, "--json")
    assert at.deadlocks(at.load(SEED), scenario=scenario).to_dict() == json.loads(out)
    assert (0, "") == (status, err)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((SEED, "--scenario", "mutual-lop"), "did you mean mutual-loop?"),
        ((SEED, "--assume", "putin"), "--assume putin: say what is assumed"),
        ((SEED, "--engine", "abacus"), "abacus"),
        ((SEED, "--given", "putin and not putin"), "no outcome can meet this"),
        (("nowhere.yaml",), "nowhere.yaml"),
        ((), "Missing argument 'FILE'"),
    ],
)
def test_what_is_refused(deadlocks: Run, arguments: tuple[str, ...], reason: str) -> None:
    status, out, err = deadlocks(*arguments)
    assert (2, "") == (status, out)
    assert "Traceback" not in err
    assert reason in err
