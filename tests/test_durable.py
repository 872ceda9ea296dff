"""durable-rules as an engine: in a process of its own it answers as all engines do, or says why it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import attendance as at
from attendance import network as definition
from attendance.compiler import compile_case
from attendance.engines import durable

ROOT = Path(__file__).parent.parent
THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))

pytest.importorskip("durable_rules_engine")


def trials(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.durable_trials", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3600 if THOROUGH else 300,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def test_random_networks() -> None:
    assert "none differs" in trials(20_000 if THOROUGH else 400, 1)


def test_whole_cases() -> None:
    assert "cases answered" in trials("cases", 20_000 if THOROUGH else 100)


POSITIVE = """
    ann attends
    bob attends only if ann
    cem attends if at least 2 of (ann, bob, dai)
    dai attends only if eve
    eve attends only if dai
    fay attends only if at least 3 of everyone
    gil declines
"""


def test_a_positive_case() -> None:
    case = at.case(POSITIVE)
    assert at.resolve(case) == at.resolve(case, engine="durable")
    founded = at.resolve(case, engine="durable", founded=True)
    assert at.resolve(case, founded=True) == founded
    assert "absent" == founded["eve"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("ann attends unless gil", "it knows no absence as a reason"),
        ("ann attends only if bob\nann attends if cem", "somebody has both said when they come"),
    ],
)
def test_what_it_does_not_answer(more: str, why: str) -> None:
    with pytest.raises(at.EngineUnsuitable, match=why):
        at.resolve(at.case(more), engine="durable")
    with pytest.raises(at.EngineUnsuitable, match="it knows statements alone"):
        at.resolve(at.case("ann attends", rules=["at most 1 of everyone"]), engine="durable")


def test_several_outcomes_cannot_be_listed() -> None:
    case = at.case("ann attends only if bob\nbob attends only if ann")
    assert 2 == at.count(case)
    with pytest.raises(at.EngineUnsuitable, match="there may be others"):
        at.count(case, engine="durable")


def test_nothing_is_set_aside_where_nothing_can_clash() -> None:
    network = compile_case(at.case(POSITIVE), at.Scenario()).network
    assert ([frozenset()], True) == durable.repairs(network)
    assert [frozenset()] == definition.repairs(network)
    with pytest.raises(at.EngineUnsuitable, match="it sets no statements aside"):
        list(durable.outcomes(network, set_aside=1))


def test_more_facts_than_there_can_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "MAX_WINDOW", 3)
    with pytest.raises(at.EngineUnsuitable, match=r"can safely join \(it takes up to \d+ facts, and 3 can be\)"):
        at.resolve(at.case(POSITIVE), engine="durable")
