"""How conditions are read of guests and of those left out, by the definition; and who is looked at together."""

from collections.abc import Iterator, Sequence
from itertools import chain, product
from random import Random
from typing import NamedTuple

import pytest

from attendance.engines.deadline import NO
from attendance.engines.evaluation import evaluate
from attendance.engines.guests import Demand, Reading, Terms, demands
from attendance.errors import ResolutionTimeout
from attendance.gates import FALSE, TRUE
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, State, Sum, holds, moved, states, values
from tests.test_many_networks import made, watched

INCLINED, DISINCLINED, OPEN = Inclination.INCLINED, Inclination.DISINCLINED, Inclination.OPEN
CHUNKS, EACH = 12, 25

every_chunk = pytest.mark.parametrize("number", range(CHUNKS))


def chunk(number: int) -> list[Network]:
    return [made(seed) for seed in range(1000 + number * EACH, 1000 + (number + 1) * EACH)]


def holding(demand: Demand, of: Sequence[bool]) -> bool:
    """Whether a demand's condition holds, by the definition."""
    any_ = demand.any is None or any(holds(q, of) for q in demand.any)
    return any_ and all(holds(q, of) for q in demand.every)


# --- how conditions are read ------------------------------------------------------------------------


class Read(NamedTuple):
    """A demand as a literal, when it is read so, and who has moved then."""

    demand: Demand
    literal: int
    there: tuple[int, ...]
    away: tuple[int, ...]
    facts: tuple[tuple[int, bool], ...]

    def suits(self, state: State) -> bool:
        here = all(state[a] for a in self.there) and not any(state[a] for a in self.away)
        return here and all(state[a] == value for a, value in self.facts)


def readings(terms: Terms, random: Random) -> Iterator[Read]:
    """Every demand in every way in which it is read, the facts known or not."""
    network = terms.network
    people = [a for a in range(network.attendances) if network.fixed[a] is None]
    for demand in demands(network, "replacement"):
        for facts in ((), tuple((a, random.random() < 0.5) for a in terms.unknown)):
            x = demand.who
            reading = Reading(inside=x, facts=facts)
            yield Read(demand, terms.demanded(demand, reading), () if x is None else (x,), (), facts)
            if x is None:
                continue
            yield Read(demand, terms.demanded(demand, Reading(outside=x, facts=facts)), (), (x,), facts)
            for group in terms.rivals(demand, people):
                guests = [y for y in group if y != x]
                literal = terms.demanded(demand, Reading(outside=x, gone=guests[-1], facts=facts)) if guests else 0
                yield from (Read(demand, literal, (y,), (x,), facts) for y in guests)


def valued(literal: int, of: Sequence[bool | None]) -> bool | None:
    if literal in (TRUE, FALSE):
        return literal == TRUE
    value = of[literal] if literal >= 0 else of[~literal]
    return value if value is None or literal >= 0 else not value


@every_chunk
def test_a_condition_is_read_as_if_they_had_come_or_gone(number: int) -> None:
    for network in chunk(number):
        terms, random = Terms(network), Random(number)
        read = list(readings(terms, random))
        every = list(states(network))
        for state in random.sample(every, min(12, len(every))):
            of = evaluate(terms.built(state), state)
            for demand, literal, there, away, _ in [r for r in read if r.suits(state)]:
                turned = moved(state, *there, *away) if away else state
                assert valued(literal, of) is holding(demand, values(network, turned))


@every_chunk
def test_facts_are_found_with_which_a_demand_is_met_or_broken(number: int) -> None:
    for network in chunk(number):
        terms, random = Terms(network), Random(number)
        read = [r for r in readings(terms, random) if not r.facts]
        every = list(states(network))
        for state in random.sample(every, min(4, len(every))):
            people = state[: network.attendances]
            every_fact = product((False, True), repeat=len(terms.unknown))
            worlds = [tuple(zip(terms.unknown, facts, strict=True)) for facts in every_fact]
            of = {w: evaluate(terms.built(state), _with(state, w)) for w in worlds}
            told = terms.values(people)
            for literal in {r.literal for r in read if r.suits(state)}:
                found = {valued(literal, of[w]) for w in worlds}
                assert found == {valued(literal, told)} or (valued(literal, told) is None and terms.unknown)
                for wanted in (False, True):
                    facts = terms.valuation(literal, wanted, people, NO)
                    right = [w for w in worlds if valued(literal, of[w]) is wanted]
                    assert (facts in right) if right else facts is None


def _with(state: State, facts: tuple[tuple[int, bool], ...]) -> list[bool]:
    return [dict(facts).get(a, value) for a, value in enumerate(state)]


SNOW, RAIN = 2, 3


def outdoors() -> Terms:
    """Two people, snow and rain; the fourth node is rain or the first of the two."""
    sums = (Sum((RAIN, 0), (1, 1)), Sum((SNOW, RAIN), (1, 1)))
    return Terms(Network((Stance(), Stance()), 2, sums, (Gate(0, 1), Gate(1, 2)), (None,) * 4))


def test_facts_that_decide_nothing_are_false_and_not_tried() -> None:
    terms = outdoors()
    either = terms.literal(4, Reading())
    assert ((SNOW, False), (RAIN, True)) == terms.valuation(either, True, (False, False), watched(3))
    assert ((SNOW, False), (RAIN, False)) == terms.valuation(either, True, (True, False), watched(1))
    assert terms.valuation(either, False, (True, False), watched(1)) is None
    assert ((SNOW, False), (RAIN, False)) == terms.valuation(either, False, (False, False), watched(2))
    with pytest.raises(ResolutionTimeout):
        terms.valuation(either, True, (False, False), watched(2))


def test_facts_are_found_behind_others_that_leave_it_open() -> None:
    """Rain and no rain is never, but that is not noticed while rain is open: so snow is tried again."""
    sums = (Sum((RAIN, ~RAIN), (1, 1)), Sum((SNOW, 4), (1, 1)))
    terms = Terms(Network((Stance(), Stance()), 2, sums, (Gate(0, 2), Gate(1, 1)), (None,) * 4))
    literal = terms.literal(5, Reading())
    assert ((SNOW, True), (RAIN, False)) == terms.valuation(literal, True, (False, False), NO)


def test_what_is_known_is_constant() -> None:
    sums = (Sum((1, 0), (1, 1)), Sum((3, 0), (1, 1)), Sum((2, 0), (1, 1)))
    gates = (Gate(0, 1), Gate(0, 2), Gate(1, 1), Gate(2, 2))
    terms = Terms(Network((Stance(), Stance()), 2, sums, gates, (None, True, False, True)))
    for literal, constant in ((1, TRUE), (2, FALSE), (~3, FALSE), (4, TRUE), (6, TRUE), (7, FALSE), (5, 0)):
        assert constant == terms.literal(literal, Reading())
    assert {0: (1, 0), 1: (1, 0)} == terms._table(0)
    assert {0: (1, 0)} == terms._table(2)  # a fact is nobody in whose place one might come


def test_what_an_invitation_has_to_meet_in_the_order_of_the_case() -> None:
    stances = (
        Stance((Part("a", None, 5), Part("b", None, ~5), Part("c", 6, None)), INCLINED),
        Stance((Part("d", 5, None), Part("e", 6, None), Part("e", ~6, None), Part("f", None, 6)), DISINCLINED),
        Stance((Part("g", None, 5),), INCLINED),
        Stance((Part("h", None, 5),), OPEN),
        Stance((Part("i", 5, None),), OPEN),
    )
    gates = (Gate(0, 1), Gate(0, 2))
    network = Network(
        stances, 0, (Sum((0, 1, 2), (1, 1, 1)),), gates, (None, None, True, None, None), (("r", 6),), (5, ~6)
    )
    said = (
        Demand("said", ("a",), 0, (5,)),
        Demand("said", ("b",), 0, (~5,)),
        Demand("said", ("f",), 1, (6,)),
        Demand("said", ("d", "e"), 1, (), (5, 6, ~6)),
        Demand("said", ("h",), 3, (5,)),
        Demand("rule", ("r",), None, (6,)),
        Demand("given", ("0",), None, (5,)),
        Demand("given", ("1",), None, (~6,)),
    )
    assert said == demands(network, "none")
    left_out = (
        Demand("regret", ("a", "b", "c"), 0, (5, ~5)),
        Demand("regret", ("d", "e", "f"), 1, (6,), (5, 6, ~6)),
        Demand("regret", ("i",), 4, (), (5,)),
    )
    for stability in ("addition", "replacement"):
        found = demands(network, stability)
        assert left_out == tuple(d for d in found if d.kind == "regret")
        assert said == tuple(d for d in found if d.kind != "regret")


def crowd(weights: Sequence[int], literals: Sequence[int] | None = None, taken: int | None = None) -> Network:
    """The first wants two of a sum, the second the third and two of it; there is a fact."""
    people = len(weights)
    sums = (Sum(tuple(literals or range(people)), tuple(weights)), Sum((people + 1, 2), (1, 1)))
    stances = (
        Stance((Part("a", None, people + 1),), INCLINED),
        Stance((Part("b", None, people + 2),), INCLINED),
        *(Stance() for _ in range(people - 2)),
    )
    return Network(stances, 1, sums, (Gate(0, 2, taken), Gate(1, 2)), (None,) * (people + 1))


@pytest.mark.parametrize(
    ("network", "place", "first", "second"),
    [
        (crowd((1,) * 5), range(5), ((0, 1, 2, 3, 4),), ((0, 1, 3, 4), (2,))),
        (crowd((1,) * 5), (1, 2, 4), ((1, 2, 4),), ((1, 4), (2,))),
        (crowd((1, 2, 1, 2, 1)), range(5), ((0, 2, 4), (1, 3)), ((0, 4), (1, 3), (2,))),
        (crowd((1,) * 5, (0, 1, ~2, 3, ~4)), range(5), ((0, 1, 3), (2, 4)), ((0, 1, 3), (2,), (4,))),
        (crowd((1,) * 5, (0, 1, 3, 3, 4)), range(5), ((0, 1, 4), (2,), (3,)), ((0, 1, 4), (2,), (3,))),
        (crowd((1,) * 5, taken=4), range(5), ((0, 1, 2, 3), (4,)), ((0, 1, 3), (2,), (4,))),
        (crowd((1,) * 5, taken=0), range(5), ((0, 1, 2, 3, 4),), ((0,), (1, 3, 4), (2,))),
    ],
)
def test_those_who_weigh_the_same_are_looked_at_together(
    network: Network, place: Sequence[int], first: object, second: object
) -> None:
    terms = Terms(network)
    for demand, groups in zip(demands(network, "replacement")[1::2], (first, second), strict=True):
        assert "regret" == demand.kind
        assert groups == terms.rivals(demand, tuple(place))
        assert terms.rivals(demand, tuple(place)) is terms.rivals(demand, tuple(place))


@every_chunk
def test_everybody_at_a_place_is_in_one_group(number: int) -> None:
    for network in chunk(number):
        terms = Terms(network)
        for demand in demands(network, "replacement"):
            for place in (range(network.attendances), range(1, network.attendances)):
                assert sorted(chain(*(terms.rivals(demand, place) if place else ()))) == list(place)


def test_what_was_built_serves_whoever_asks_next() -> None:
    network = crowd((1,) * 5)
    terms = Terms(network)
    first, second = demands(network, "replacement")[1::2]
    assert terms.cone(7) is terms.cone(7)
    assert terms._table(0) is terms._table(0)
    assert terms._within_sum(1) is terms._within_sum(1)
    assert terms.weighed(0, Reading(), {}, None) is terms.weighed(0, Reading(), {}, None)
    assert dict.fromkeys(range(5), (1, 0)) == terms._table(0)
    wanted = terms.demanded(first, Reading(outside=0))
    built = len(terms.gates.gates), len(terms.gates.sums)
    assert wanted == terms.demanded(first, Reading(outside=0)) == terms.demanded(first, Reading(outside=0))
    terms.demanded(second, Reading(outside=0))
    others = terms.demanded(first, Reading(outside=1)), terms.demanded(first, Reading(outside=1, gone=2))
    assert built[1] == len(terms.gates.sums) - 1  # what the second said besides; all share the sum of the crowd
    assert all(0 == terms.gates.gates[node - network.atoms].sum for node in (wanted, *others))
