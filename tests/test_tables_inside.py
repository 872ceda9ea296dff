"""Truth tables asked directly, with statements set aside or not: what the definitions say, and no more than they can hold."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import tables
from attendance.engines.deadline import Deadline
from attendance.engines.sorting import comparators
from attendance.engines.tables import Table
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.network import INCLINED, Network, Part, Stance, State, subsets
from tests.test_solution_inside import followers, if_, only_if
from tests.test_sweep_inside import every_group, light


def outcomes(network: Network, set_aside: int) -> list[State]:
    """By the definition: those of all sets of that many ids."""
    sets = [ids for ids in subsets(network.removable) if len(ids) == set_aside]
    return sorted({state for ids in sets for state in definition.outcomes(network.without(ids))})


@pytest.mark.parametrize("set_aside", [0, 1, 2])
@every_group
def test_a_table_has_the_outcomes_of_the_definition(seeds: Sequence[int], set_aside: int) -> None:
    for seed in seeds[set_aside :: 3 + 2 * set_aside]:
        network = light(seed)
        literals = range(-network.atoms - len(network.gates), network.atoms + len(network.gates))
        people = range(network.attendances)
        expected = outcomes(network, set_aside)
        assert expected == sorted(tables.outcomes(network, set_aside=set_aside))
        assert len(expected) == tables.count(network, set_aside=set_aside)
        survey = definition.summarise(network, expected, literals, [people, people[:1], []])
        assert survey == tables.survey(network, literals, [people, people[:1], []], set_aside=set_aside)
        for order, sign in (("fewest", 1), ("most", -1)):
            found = [*tables.outcomes(network, set_aside=set_aside, order=order)]  # type: ignore[arg-type]
            assert expected == sorted(found)
            assert sorted(found, key=lambda state: sign * sum(state[: network.attendances])) == found
        if not set_aside:
            assert expected == sorted(tables.outcomes(network))
            assert len(expected) == tables.count(network)
            assert definition.survey(network, literals) == tables.survey(network, literals)
            assert bool(expected) is tables.solvable(network)


@every_group
def test_a_table_mends_as_the_definition_does(seeds: Sequence[int]) -> None:
    for seed in seeds[::3]:
        network = light(seed)
        assert (sorted(definition.repairs(network), key=sorted), True) == tables.repairs(network)


def test_repairs_are_in_order_and_as_many_as_are_wanted() -> None:
    stances = [if_(~1, "d"), only_if(0, "b"), if_(~3, "a"), only_if(2, "c")]
    network = Network(tuple(stances), fixed=(None,) * 4)
    pairs = [frozenset(pair) for pair in ("ab", "ad", "bc", "cd")]
    assert (pairs, True) == tables.repairs(network, limit=4)
    assert (pairs[:3], False) == tables.repairs(network, limit=3)
    assert ([], True) == tables.repairs(Network((if_(0),), fixed=(True,), given=(~0,)))


def test_a_thousand_repairs_are_listed_unless_more_are_wanted() -> None:
    """Whoever has a thousand and one statements set aside but one is left the choice."""
    network = Network((Stance(tuple(Part(f"s{i:04}") for i in range(1001)), INCLINED),), fixed=(None,), given=(~0,))
    found, complete = tables.repairs(network)
    assert (1000, False) == (len(found), complete)
    assert frozenset(("s0000",)) == found[0]


@every_group
def test_every_node_is_read_of_those_who_have_joined(seeds: Sequence[int]) -> None:
    """In each state, of a few who have joined there; and its negation, of those who have not."""
    for seed in seeds[::4]:
        network = light(seed)
        table, random = Table(network), Random(seed)
        joined = [random.getrandbits(table.lanes) & plane for plane in table.atoms[: network.attendances]]
        read = table.read(joined)
        for lane in range(0, table.lanes, 3):
            state, there = table.state(lane), {x for x, plane in enumerate(joined) if plane >> lane & 1}
            for node in range(network.atoms + len(network.gates)):
                for plane, literal in zip(read[node], (node, ~node), strict=True):
                    assert definition.reached(network, literal, there, state) is bool(plane >> lane & 1)


def test_who_follows_takes_no_room() -> None:
    network = followers(60, 2)
    assert tables.solvable(network)
    assert 4 == tables.count(network)
    assert [0, 1, 59, 60] == [sum(state) for state in tables.outcomes(network, order="fewest")]
    assert [(True, True)] == list(tables.survey(network, [59]).possible)  # type: ignore[union-attr]
    assert tables.few_choices(network) is tables.few_choices(network)


def test_a_table_holds_so_many_choices_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "FREE", 3)
    assert 8 == tables.count(followers(5, 3))
    assert tables.few_choices(followers(5, 4)) is None
    with pytest.raises(EngineUnsuitable) as caught:
        tables.count(followers(5, 4))
    assert "the engine 'tables' cannot answer this: 5 attendances and facts are free; at most 3 can be" == str(
        caught.value
    )
    known = replace(followers(5, 4), fixed=(True, False, None, None, None))
    assert tables.repairs(known) == ([frozenset()], True)
    with pytest.raises(EngineUnsuitable, match="5 attendances and facts are free; at most 3 can be"):
        tables.count(followers(5, 3), set_aside=1)  # who follows need not follow any more


def test_so_many_sets_are_tried_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    network = followers(5, 1)
    monkeypatch.setattr(tables, "TRIES", 6)
    assert len(outcomes(network, 2)) == tables.count(network, set_aside=2)
    monkeypatch.setattr(tables, "TRIES", 5)
    with pytest.raises(EngineUnsuitable) as caught:
        tables.count(network, set_aside=2)
    assert "the engine 'tables' cannot answer this: too many sets of 2 of 4 statements to be tried" == str(caught.value)


@pytest.mark.parametrize(
    "question",
    [
        lambda network, deadline: tables.count(network, set_aside=1, deadline=deadline),
        lambda network, deadline: [*tables.outcomes(network, set_aside=1, deadline=deadline)],
        lambda network, deadline: tables.survey(network, [0], set_aside=1, deadline=deadline),
        lambda network, deadline: tables.repairs(network, deadline=deadline),
    ],
    ids=["count", "outcomes", "survey", "repairs"],
)
def test_sets_are_tried_while_there_is_time(question: Any) -> None:
    assert question(followers(4), Deadline.after(600))
    with pytest.raises(ResolutionTimeout):
        question(followers(4), Deadline.after(0))


# --- sorting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wires", range(11))
def test_pairs_compared_in_that_order_sort_whatever_is_true(wires: int) -> None:
    pairs = [*comparators(wires)]
    assert all(0 <= i < j < wires for i, j in pairs)
    for number in range(1 << wires):
        of = [number >> at & 1 for at in range(wires)]
        for i, j in pairs:
            of[i], of[j] = max(of[i], of[j]), min(of[i], of[j])
        assert sorted(of, reverse=True) == of


def test_sixteen_are_sorted_with_as_few_pairs_as_batcher_needs() -> None:
    assert [0, 0, 1, 3, 5, 9, 12, 16, 19] == [len([*comparators(wires)]) for wires in range(9)]
    assert 63 == len([*comparators(16)])
