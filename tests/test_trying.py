"""What is tried in truth tables: the same as by clauses, where statements clash too; and what is left to clauses."""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import attendance as at
from attendance.engines.deadline import NO
from attendance.model.sayings import Inclination
from attendance.network import Network, Part, Stance, outcomes, repaired_outcomes
from attendance.questions import trying
from attendance.questions.ways import Search
from tests.networks import networks

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 30)

FREE = Stance()


def clashing(*others: Stance) -> Network:
    """Somebody who must be there and away, as the second is observed; and others."""
    people = (Stance((Part("yes", lower=1), Part("no", upper=~1))), FREE, *others)
    return Network(people, fixed=(None,) * len(people), given=(1,))


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(networks(people=4, facts=1, gates=4, statements=5, rules=1, founded=False), st.data())
def test_the_same_as_by_clauses_where_statements_clash(network: Network, data: st.DataObject) -> None:
    network = replace(network, fixed=(None,) * network.atoms)
    assume(not outcomes(network) and repaired_outcomes(network))
    nodes = network.atoms + len(network.gates)
    goal, over = data.draw(st.integers(-nodes, nodes - 1)), tuple(range(network.atoms))
    for mode in ("every", "some"):
        tabled, clauses = (
            [dict(found) for found in Search(network, goal, over, mode, None, engine, NO).ways()]
            for engine in ("tables", "clingo")
        )
        assert sorted(map(sorted, map(dict.items, clauses))) == sorted(map(sorted, map(dict.items, tabled)))


def test_a_clash_is_gone_with_whoever_said_it() -> None:
    table = trying.trial(clashing(FREE), (0, 1, 2), "auto", NO)
    assert table is not None
    assert (frozenset({"yes", "no"}),) == table.clashes
    assert {frozenset({"yes"}), frozenset({"no"})} == set(table.standing)
    assert table.outcomes((0,)) == table.table.plane(1), "who clashed is assumed either way, and nobody else is held"


def test_what_is_left_to_clauses(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = clashing()
    assert trying.trial(plain, (0, 1), "auto", NO) is not None
    assert trying.trial(plain, (0, 1), "clingo", NO) is None
    assert trying.trial(replace(plain, founded=True), (0, 1), "auto", NO) is None
    assert trying.trial(replace(plain, fixed=(None, True)), (0, 1), "auto", NO) is None
    silent = clashing(Stance((), Inclination.DISINCLINED))
    assert trying.trial(silent, (0, 1), "auto", NO) is None, "nobody said what is set aside where they are assumed"
    twice = clashing(Stance((Part("yes", lower=1),)))
    assert trying.trial(twice, (0, 1), "auto", NO) is None, "half of a statement may stay"
    other = clashing(Stance((Part("another", lower=1),)))
    assert trying.trial(other, (0, 1), "auto", NO) is not None
    monkeypatch.setattr(trying, "MENDINGS", 1)
    assert trying.trial(plain, (0, 1), "auto", NO) is None
    monkeypatch.undo()
    monkeypatch.setattr(trying, "FEW", 1)
    assert trying.trial(plain, (0, 1), "auto", NO) is None


def test_twelve_who_hang_together_with_a_clash_take_no_time() -> None:
    """Set by set, eight of them took minutes."""
    people = "\n".join(f"x{i} might attend" for i in range(1, 11))
    case = at.case(f"o attends if x0\no declines if x0\nx0 attends\n{people}")
    found = at.requirements(case, "at least 3 of everyone", time_limit=60)
    assert 175 == len(found.minimal_sets)
    circle = "\n".join(f"x{i} attends only if at least 3 of everyone" for i in range(11))
    shut = at.deadlocks(at.case(f"o attends if x0\no declines if x0\nx0 attends\n{circle}"), time_limit=60)
    assert [[("o",)]] == [[tuple(a.participant for a in way) for way in d.openings] for d in shut]
