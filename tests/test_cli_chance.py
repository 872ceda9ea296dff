"""`attendance chance`: what is printed, what is JSON, what is refused, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.faces.cli import main

SEED = str(Path(__file__).parent.parent / "seeds" / "mutual-promises.yaml")
CLASH = """\
title: A clash
participants: {ann: {name: Ann, probability: 1/3}, bob: }
statements:
  - {id: yes, who: bob, says: attends, probability: 0.999999999}
  - {id: no, who: bob, says: declines, probability: 0.5}
"""

Ended = tuple[int, str, str]
Run = Callable[..., Ended]


@pytest.fixture
def chance(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command here: its exit status, and what it printed."""

    def run(*arguments: str) -> Ended:
        status: Any = 0
        try:
            main(["chance", *arguments])
        except SystemExit as error:
            status = error.code
        return (status or 0, *capsys.readouterr())

    return run


@pytest.fixture
def clash(tmp_path: Path) -> str:
    file = tmp_path / "clash.yaml"
    file.write_text(CLASH, encoding="utf-8")
    return str(file)


def test_a_goal(chance: Run) -> None:
    told = "Two promises: how likely is “ann”\nbetween 62.75% (in every outcome) and 69.89% (in some outcome)\n"
    assert (0, told, "") == chance(SEED, "--goal", "ann")
    assert (0, "Two promises (founded): how likely is “ann”\n62.75%\n", "") == chance(
        SEED, "--goal", "ann", "--scenario", "founded"
    )


def test_everybody_and_what_else_is_to_be_known(chance: Run, clash: str) -> None:
    (tmp := Path(clash)).write_text(CLASH.replace("0.999999999", "0.999"), encoding="utf-8")
    told = """\
A clash: how likely each comes

           in every outcome  in some outcome
---------  ----------------  ---------------
Ann (ann)          16.6833%         66.6333%
bob                  49.95%           99.95%
In 49.95% of all worlds statements clash, and there is no outcome.
"""
    assert (0, told, "") == chance(str(tmp))


def test_what_is_nearly_certain_is_not_called_certain(chance: Run, clash: str) -> None:
    assert "and >99.9999% (in some outcome)" in chance(clash, "--goal", "bob")[1]
    assert "between <0.0001% (in every outcome)" in chance(clash, "--goal", "not bob", "--no-outcome", "excluded")[1]


def test_excluded_given_and_warned_of(chance: Run, clash: str) -> None:
    assert "33.3333%\n" in chance(clash, "--goal", "ann", "--no-outcome", "excluded")[1]
    found = chance(SEED, "--goal", "ann", "--given", "bob", "--founded")[1]
    assert found.endswith("80.8594%\nWhat is given can be so in 64% of all worlds; only these count.\n")
    found = chance(SEED, "--goal", "ann", "--assume", "ann-free=yes", "--probability", "ann-free=0.1")[1]
    assert found.endswith("100%\nwarning: ann-free is known: its probability changes nothing\n")


def test_a_choice_that_nobody_has_is_warned_of(chance: Run, tmp_path: Path) -> None:
    file = tmp_path / "settled.yaml"
    file.write_text(
        "participants: {ann: {probability: 0.6}, bob: }\nfacts: {sun: {value: yes, probability: 0.5}}\n"
        "statements: [{id: word, who: ann, says: attends if bob}]\n",
        encoding="utf-8",
    )
    told = chance(str(file), "--goal", "ann")[1].split("\n")[-3:]
    assert "warning: sun is known: its probability changes nothing" == told[0]
    assert told[1].startswith("warning: ann is never open (word): their own probability changes nothing")
    told = chance(str(file), "--goal", "ann", "--probability", "word=0.5", "--sensitivity")[1].split("\n")
    assert [line.split("  ")[0] for line in told[-3:-1]] == ["word, kept", "ann"]


def test_a_sample_says_so(chance: Run) -> None:
    one, other = (chance(SEED, "--goal", "ann", "--sample", "500", "--seed", seed)[1] for seed in "12")
    assert "\nsampled: 500 worlds, seed 1; with 95% confidence from " in one
    assert one != other
    assert (
        "\nsampled: 500 worlds, seed 3; --goal tells how sure each is\n"
        in chance(SEED, "--sample", "500", "--seed", "3")[1]
    )


def test_slopes(chance: Run) -> None:
    found = chance(SEED, "--goal", "not ann", "--founded", "--sensitivity")[1].split("\n")
    assert [line.split()[-3:] for line in found[-5:-1]] == [
        ["(ann-free)", "-0.745", "-0.745"],
        ["(bob-free)", "-0.255", "-0.255"],
        ["(ann-keen)", "-0.25", "-0.25"],
        ["(bob-keen)", "+0", "+0"],
    ]
    status, found_of, _ = chance(SEED, "--goal", "always", "--sensitivity", *_all_known())
    assert (0, "Nothing is left to chance.") == (status, found_of.rstrip().split("\n")[-1])


def _all_known() -> list[str]:
    facts = ("ann-free", "bob-free", "ann-keen", "bob-keen")
    return [argument for fact in facts for argument in ("--assume", f"{fact}=yes")]


def test_json_is_the_answer_itself(chance: Run) -> None:
    case = at.load(SEED)
    assert json.loads(chance(SEED, "--json")[1]) == at.marginals(case).to_dict()
    assert json.loads(chance(SEED, "--goal", "ann", "--json")[1]) == at.probability(case, "ann").to_dict()
    drawn = at.probability(case, "ann", sample=100).to_dict()
    assert json.loads(chance(SEED, "--goal", "ann", "--sample", "100", "--json")[1]) == drawn
    slopes = at.sensitivity(case, "ann", given=["bob"]).to_dict()
    assert json.loads(chance(SEED, "--goal", "ann", "--given", "bob", "--sensitivity", "--json")[1]) == slopes


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--probability", "ann-free"], "say how likely, as in --probability ceasefire=0.3"),
        (["--probability", "=1"], "say how likely"),
        (["--probability", "ann-free=0.1", "--probability", "ann-free=0.2"], "is given twice, and differs"),
        (["--probability", "ann-free=1.1"], "the probability of ann-free: a probability is from 0 to 1"),
        (["--probability", "ann-fre=1"], "did you mean ann-free"),
        (["--goal", "ann", "--given", "ann and not ann"], "no world has an outcome that meets what is given"),
        (["--sensitivity"], "give a --goal, and no --sample"),
        (["--sensitivity", "--goal", "ann", "--sample", "3"], "give a --goal, and no --sample"),
        (["--sample", "-1"], "--sample"),
        (["--sample", "10000001"], "at most 10,000,000 worlds are drawn"),
        (["--no-outcome", "ignored"], "--no-outcome"),
    ],
)
def test_what_makes_no_sense_is_refused(chance: Run, arguments: list[str], told: str) -> None:
    status, found, error = chance(SEED, *arguments)
    assert (2, "") == (status, found)
    assert told in error
    assert "Traceback" not in error
