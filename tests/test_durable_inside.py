"""durable-rules as an engine, in this process: small networks that it is known to answer, and what it refuses."""

from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import durable
from attendance.engines.deadline import Deadline
from attendance.engines.joining import is_monotone
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.matching.patterns import Compare, Join, Pattern
from attendance.network import Gate, Network, Part, Stance, Sum
from tests.durable_trials import network as one_way
from tests.networks_by_hand import AWAY, FREE, THERE, circle, comes_if, might_if, only_if, people
from tests.test_many_networks import watched

pytest.importorskip("durable_rules_engine")


@pytest.mark.parametrize("seed", range(40))
def test_durable_answers_as_the_definitions_do_or_refuses(seed: int) -> None:
    network = one_way(Random(seed))
    nodes = network.atoms + len(network.gates)
    crowds = [range(network.attendances), [0, 0]]
    states = definition.outcomes(network)
    if refusal(lambda: durable.solvable(network)):
        assert not is_monotone(network)
        return
    for literal in range(-nodes, nodes):
        asked = lambda literal=literal: durable.survey(network, [literal], crowds)  # noqa: E731
        if refusal(asked):
            node = definition.node_of(literal)
            assert (len(states) > 1, node >= network.atoms, is_monotone(network, node)) == (True, True, False)
        else:
            assert definition.summarise(network, states, [literal], crowds) == asked()
    if len(states) > 1:
        told = "it finds the least and the greatest outcome, and there may be others"
        assert told == refusal(lambda: list(durable.outcomes(network))) == refusal(lambda: durable.count(network))
    else:
        assert states == list(durable.outcomes(network))
        assert 1 == durable.count(network)
    assert ([frozenset()], True) == durable.repairs(network)


def test_what_hangs_on_who_stays_away_is_told_where_the_extremes_tell_it() -> None:
    """Two circles: nobody, either, or all. The first gate is true in the midst alone, the second in none of the extremes."""
    two = [*circle(2), *circle(2, 2)]
    mixed = people(
        *two, sums=(Sum((0, ~2), (1, 1)), Sum((~0,), (1,)), Sum((), ())), gates=(Gate(0, 2), Gate(1, 1), Gate(2, 0))
    )
    for literal in (4, ~4):
        assert REASONS[0] == refusal(lambda literal=literal: durable.survey(mixed, [literal]))  # type: ignore[misc]
    for literal in (5, ~5, 6, ~6, 0, ~3):
        assert definition.survey(mixed, [literal]) == durable.survey(mixed, [literal])
    one = people(THERE, AWAY, sums=(Sum((0, ~1), (1, 1)),), gates=(Gate(0, 2),))
    assert definition.survey(one, [2, ~2]) == durable.survey(one, [2, ~2])


def refusal(ask: Callable[[], Any]) -> str | None:
    """Why durable does not answer; None if it does."""
    try:
        ask()
    except EngineUnsuitable as error:
        return error.reason if error.engine == "durable" else "another engine"
    return None


REASONS = (
    "what is asked hangs on who stays away",
    "it knows statements alone: there are rules, or something is given",
    "somebody has both said when they come and when they do not, so that they may contradict themselves",
    "it knows no absence as a reason: somebody attends, or is absent, because somebody else stays away",
)
BOTH = Stance((Part("s", lower=0), Part("t", upper=1)))


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        (people(FREE, rules=(("r", 0),)), REASONS[1]),
        (people(FREE, given=(0,)), REASONS[1]),
        (people(BOTH, FREE), REASONS[2]),
        (people(only_if(~1), FREE), REASONS[3]),
        (people(only_if(2), FREE, sums=(Sum((~1,), (1,)),), gates=(Gate(0, 1),)), REASONS[3]),
    ],
)
def test_what_durable_refuses(network: Network, reason: str) -> None:
    asked: list[Callable[[Network], Any]] = [
        durable.solvable, durable.count, durable.repairs, lambda of: list(durable.outcomes(of)), lambda of: durable.survey(of, [0])
    ]  # fmt: skip
    for ask in asked:
        with pytest.raises(EngineUnsuitable) as caught:
            ask(network)
        assert ("durable", reason) == (caught.value.engine, caught.value.reason)


def test_a_pattern_is_of_facts_of_one_kind() -> None:
    """The rules are made when the room is imported."""
    join = Join("node", "==", "way", "of")
    assert Pattern("fact", (Compare("kind", "==", "true"), join)) == durable._one("fact", "true", join)
    assert durable._one("fact", "true", join) in durable.RULES[0].patterns


def test_durable_sets_nothing_aside() -> None:
    network = people(THERE)
    for ask in (
        durable.count,
        lambda of, **k: list(durable.outcomes(of, **k)),
        lambda of, **k: durable.survey(of, [0], **k),
    ):
        ask(network)
        with pytest.raises(EngineUnsuitable) as caught:
            ask(network, set_aside=1)
        assert ("durable", "it sets no statements aside") == (caught.value.engine, caught.value.reason)


@pytest.mark.parametrize("founded", [False, True])
@pytest.mark.parametrize(
    ("sum_", "quota", "taken"),
    [
        (Sum((1, 2), (1, 1)), 1, None),
        (Sum((1, 2), (1, 1)), 2, None),
        (Sum((1, 2), (2, 1)), 2, None),
        (Sum((1, 2), (2, 1)), 3, None),
        (Sum((1, 2, 3), (1, 1, 1)), 2, None),
        (Sum((1, 2, 3), (1, 1, 1)), 3, None),
        (Sum((1, 2, 3), (3, 2, 1)), 4, None),
        (Sum((1, 2, 1), (1, 1, 1)), 2, None),
        (Sum((1, 2, 1), (1, 1, 1)), 3, None),
        (Sum((0, 1, 2), (1, 1, 1)), 2, 0),
        (Sum((0, 1, 2), (2, 1, 1)), 3, 0),
        (Sum((0, 1), (2, 1)), 3, 0),
        (Sum((0, 1), (2, 1)), 2, 0),
        (Sum((1, 2, 3), (1, 1, 0)), 2, None),
        (Sum((1,), (1,)), 2, None),
        (Sum((), ()), 1, None),
        (Sum((), ()), 0, None),
        (Sum((1, 2), (1, 1)), -1, None),
    ],
)
def test_whoever_comes_if_enough_others_do(sum_: Sum, quota: int, taken: int | None, founded: bool) -> None:
    """Two gates over one sum, one of which takes the first to be there; who reads it follows the first, too."""
    shared = {"sums": (sum_,), "gates": (Gate(0, quota, taken), Gate(0, 2)), "founded": founded}
    for there in product((THERE, AWAY), repeat=3):
        for first in (only_if(6), comes_if(6), comes_if(7), THERE, AWAY):
            network = people(first, *there, comes_if(7), comes_if(6), **shared)
            states = definition.outcomes(network)
            found = durable.survey(network, range(8), [range(6)])
            assert definition.summarise(network, states, range(8), [range(6)]) == found


def test_what_was_joined_once_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    network = people(*circle(3), might_if(0))
    first = durable.survey(network, [0])
    monkeypatch.setattr(durable, "_joined", lambda *_: pytest.fail("it was joined again"))
    assert first == durable.survey(network, [0]) == definition.survey(network, [0])


def test_durable_looks_at_the_time() -> None:
    for checks in range(3):
        with pytest.raises(ResolutionTimeout):
            durable.survey(people(THERE, comes_if(0), comes_if(1)), [0], deadline=watched(checks))
    for ask in (durable.count, lambda of, **k: list(durable.outcomes(of, **k))):
        with pytest.raises(ResolutionTimeout):
            ask(people(THERE), deadline=Deadline.after(0))


def test_what_is_more_than_durable_can_join_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each node is a fact, and each of a sum that is counted one more."""
    sums = {"sums": (Sum((0, 1, 2), (1, 1, 1)),), "gates": (Gate(0, 2),)}
    monkeypatch.setattr(durable, "MAX_WINDOW", 8)
    counted = people(THERE, THERE, THERE, only_if(4), **sums)
    durable.survey(counted, [3])
    monkeypatch.setattr(durable, "MAX_WINDOW", 7)
    with pytest.raises(EngineUnsuitable) as caught:
        durable.survey(people(*counted.stances, **sums), [3])
    told = "this is more than durable-rules can safely join (it takes up to 8 facts, and 7 can be)"
    assert ("durable", told) == (caught.value.engine, caught.value.reason)
    monkeypatch.setattr(durable, "MAX_WINDOW", 5)
    plain = {"sums": (Sum((0, 1), (1, 1)),), "gates": (Gate(0, 1),)}  # any of two, or both: nothing is counted
    durable.survey(people(*counted.stances, **plain), [3])
