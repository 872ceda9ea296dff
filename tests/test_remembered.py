"""Random cases that were kept, with what the plain program of tests/reference.py says of each: asked again, engine by engine.

tests/remembered.txt has, of each, a comment with the answers in JSON, and the case, whose scenario `asked` is meant.
`test_conformance.py` draws new ones at each run; these are always the same, and quick.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from tests.reference import Reference

BLOCKS = Path(__file__).with_name("remembered.txt").read_text(encoding="utf-8").split("\n---\n")
REMEMBERED = [(json.loads(told.removeprefix("# ")), text) for told, text in (b.split("\n", 1) for b in BLOCKS)]
WORDS = {True: "attends", False: "absent", None: "undetermined"}

every_case = pytest.mark.parametrize(("told", "text"), REMEMBERED, ids=range(len(REMEMBERED)))


def answers(case: at.Case, engine: str) -> dict[str, Any]:
    """In the form of the comments."""
    try:
        found = at.resolve(case, scenario="asked", engine=engine)
    except at.ImpossibleScenario:
        assert [] == list(at.outcomes(case, scenario="asked", engine=engine))
        return {"impossible": True}
    outcomes = list(at.outcomes(case, scenario="asked", engine=engine))
    assert len(outcomes) == len(set(map(str, outcomes))) == at.count(case, scenario="asked", engine=engine)
    return {
        "verdicts": {str(about): str(verdict) for about, verdict in found.verdicts.items()},
        "facts": {fact: WORDS[value] for fact, value in found.facts.items()},
        "gatherings": {name: [str(result.held), *result.turnout] for name, result in found.gatherings.items()},
        "outcomes": len(outcomes),
        "clashes": sorted(sorted(clash) for conflict in found.conflicts for clash in conflict.clashes),
    }


@pytest.mark.parametrize("engine", ["auto", "tables", "enumeration", "clingo"])
@every_case
def test_the_answers_are_the_same_again(told: dict[str, Any], text: str, engine: str) -> None:
    assert told == answers(at.loads(text), engine)


@pytest.mark.parametrize("engine", ["sat", "propagation"])
@every_case
def test_so_says_or_refuses_who_does_not_take_all(told: dict[str, Any], text: str, engine: str) -> None:
    with suppress(at.EngineUnsuitable):
        assert told == answers(at.loads(text), engine)


@every_case
def test_the_plain_program_says_so(told: dict[str, Any], text: str) -> None:
    case = at.loads(text)
    reference = Reference(case, case.scenario("asked"))
    if told == {"impossible": True}:
        assert not reference.repairs
        return
    verdicts = {str(about): reference.verdict(about) for about in reference.attendances}
    assert (told["verdicts"], told["outcomes"]) == (verdicts, len(reference.outcomes()))
