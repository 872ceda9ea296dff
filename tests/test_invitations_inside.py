"""Whom to invite, inside: how conditions are read of guests and of those left out, who is looked at together, and what is not searched for."""

from collections.abc import Iterator, Sequence
from itertools import chain, product
from random import Random
from typing import Any, NamedTuple

import pytest

from attendance import network as definition
from attendance.engines import inviting
from attendance.engines.deadline import NO
from attendance.engines.evaluation import evaluate
from attendance.engines.guests import Demand, Reading, Terms, demands
from attendance.engines.inviting import Inviting
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.gates import FALSE, TRUE
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stability, Stance, State, Sum, holds, moved, states, values
from tests.test_many_networks import made, watched

INCLINED, DISINCLINED, OPEN = Inclination.INCLINED, Inclination.DISINCLINED, Inclination.OPEN
NOTIONS: tuple[Stability, ...] = ("none", "addition", "replacement")
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


# --- the best invitation, and why there is none -----------------------------------------------------


def rank(weights: Sequence[int], who: State) -> tuple[int, int, State]:
    """What is best: the greatest weight, then the most, then the first of the case."""
    return sum(w for w, there in zip(weights, who, strict=True) if there), sum(who), who


def asking(network: Network, seed: int, engine: str) -> Inviting:
    """The network, asked for an invitation by one of the three notions, with places and weights."""
    random = Random(seed)
    people = network.attendances
    places = tuple(random.choice((0, 0, 1)) for _ in range(people))
    weights = tuple(random.choice((-2, -1, 0, 1, 3)) for _ in range(people)) if random.random() < 0.6 else (1,) * people
    return Inviting(network, NOTIONS[seed % 3], places, weights, engine)


def best_of(asked: Inviting) -> State | None:
    """The best invitation, by the definition."""
    good = definition.invitations(asked.network, asked.stability, asked.places)
    return max(good, key=lambda who: rank(asked.weights, who), default=None)


@every_chunk
def test_every_engine_finds_the_best_invitation(number: int) -> None:
    for seed, network in enumerate(chunk(number)):
        for engine in inviting.ENGINES:
            asked = asking(network, seed, engine)
            assert best_of(asked) == asked.best()


def meets(asked: Inviting, demand: Demand, state: State) -> bool:
    """Whether a state meets one demand, by the definitions."""
    network, x = asked.network, demand.who
    if demand.kind != "regret" or x is None:
        return (x is not None and not state[x]) or holding(demand, values(network, state))
    guests = [y for y in range(network.attendances) if state[y] and network.fixed[y] is None]
    swaps = [(x, y) for y in guests if asked.places[x] == asked.places[y]]
    turned = [(x,)] if asked.stability == "addition" else swaps
    return state[x] or not any(holding(demand, values(network, moved(state, *t))) for t in turned)


def admits(asked: Inviting, kept: Sequence[Demand]) -> bool:
    good: dict[State, bool] = {}
    for state in states(asked.network):
        who = state[: asked.network.attendances]
        good[who] = good.get(who, True) and all(meets(asked, d, state) for d in kept)
    return any(good.values())


@every_chunk
def test_reasons_cannot_all_be_met_and_none_can_be_left_out(number: int) -> None:
    for seed, network in enumerate(chunk(number)[::2]):
        asked_for = (Demand("given", (), None, (seed % network.attendances,)),) if seed % 2 else ()
        for engine in inviting.ENGINES:
            asked = asking(network, seed, engine)
            found = asked.unmet(asked_for)
            assert (found is None) is admits(asked, [*asked.demands, *asked_for])
            if found is not None:
                assert [d for d in asked.demands if d in found] == list(found)
                assert not admits(asked, [*found, *asked_for])
                assert all(admits(asked, [*(d for d in found if d != one), *asked_for]) for one in found)


def chain_of(people: int) -> Network:
    """Each comes only if the next does, and the last does not; so nobody does, but the one who is given."""
    stances = [Stance((Part(f"s{x}", None, x + 1),), INCLINED) for x in range(people - 1)]
    return Network((*stances, Stance((Part("last", None, ~(people - 1)),))), 0, (), (), (None,) * people, given=(0,))


@pytest.mark.parametrize("engine", ["auto", "clingo"])
def test_reasons_are_told_in_the_order_of_the_case(engine: str) -> None:
    asked = Inviting(chain_of(13), "none", (0,) * 13, (1,) * 13, engine)
    assert list(asked.demands) == list(asked.unmet() or ())


def aside(searched: bool) -> Network:
    """Two who cannot meet the first rule, two who can, and rules about others, everybody and nobody."""
    stances = (
        Stance((Part("a", None, 1),), INCLINED),
        Stance((Part("b", None, ~0),), INCLINED),
        Stance((Part("c", None, 3),), INCLINED),
        Stance((Part("d", None, 2),), INCLINED),
    )
    rules = (("first", 0), ("other", 2)) if searched else (("other", 2), ("never", 4))
    return Network(stances, 0, (Sum((), ()),), (Gate(0, 1),), (None,) * 4, rules)


@pytest.mark.parametrize("engine", ["auto", "clingo"])
@pytest.mark.parametrize(
    ("network", "ids", "near"),
    [(aside(True), ["a", "b", "first"], {"a", "b", "first"}), (aside(False), ["never"], {"never"})],
)
def test_reasons_are_looked_for_where_the_trouble_is(
    engine: str, network: Network, ids: list[str], near: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    possible, looked = Inviting.possible, list[set[str]]()

    def noted(self: Inviting, kept: Any) -> bool:
        kept = tuple(kept)
        looked.append({demand.ids[0] for demand in kept})
        return possible(self, kept)

    monkeypatch.setattr(Inviting, "possible", noted)
    found = Inviting(network, "none", (0,) * 4, (1,) * 4, engine).unmet()
    assert ids == [demand.ids[0] for demand in found or ()]
    assert near == set.union(*looked[1:])


def test_trying_all_searches_for_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "_Search", lambda *_, **__: pytest.fail("searched"))
    asked = Inviting(aside(True), "none", (0,) * 4, (1,) * 4, "enumeration")
    assert ["a", "b", "first"] == [demand.ids[0] for demand in asked.unmet() or ()]
    assert asked.best() is None


@pytest.mark.parametrize("engine", inviting.ENGINES)
def test_where_nobody_can_be_invited_the_rules_must_hold_all_the_same(engine: str) -> None:
    """No people, two facts: that they are alike is not so, that one of them is true or false is."""
    sums = (Sum((0, ~0), (1, 1)), Sum((0, ~1), (1, 1)))
    rules = (("sure", 2), ("unsure", ~3))
    network = Network((), 2, sums, (Gate(0, 1), Gate(1, 2)), (None, None), rules)
    assert ["unsure"] == [d.ids[0] for d in Inviting(network, "none", (), (), engine).unmet() or ()]
    assert () == Inviting(network.without(["unsure"]), "none", (), (), engine).best()


@pytest.mark.parametrize("engine", inviting.ENGINES)
def test_who_would_come_with_the_first_is_not_left_out_for_another(engine: str) -> None:
    """The second would come with the first, but not with the third, who is dearer."""
    stances = (Stance(), Stance((Part("b", None, 0),), INCLINED), Stance())
    sums = (Sum((1, 2), (1, 1)), Sum((0, 2), (1, 1)))
    network = Network(stances, 0, sums, (Gate(0, 2), Gate(1, 1)), (None,) * 3, (("one", ~3), ("any", 4)))
    assert (True, False, True) == Inviting(network, "none", (0,) * 3, (1, 1, 2), engine).best()
    assert (True, True, False) == Inviting(network, "replacement", (0,) * 3, (1, 1, 2), engine).best()


# --- what is not searched for -----------------------------------------------------------------------


@pytest.fixture
def unsearched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "_searched", lambda *_: pytest.fail("searched"))


def friends(inclined: int = 3, fixed: tuple[bool | None, ...] = (None,) * 4, facts: int = 0) -> Network:
    """In a circle each comes only if the next does: numbers alone do not tell who."""
    stances = tuple(Stance((Part(f"s{x}", None, (x + 1) % 4),), INCLINED if x < inclined else OPEN) for x in range(4))
    return Network(stances, facts, (), (), fixed)


@pytest.mark.usefixtures("unsearched")
@pytest.mark.parametrize("stability", NOTIONS)
@pytest.mark.parametrize(("weights", "there"), [((1, 1, 1, 1), True), ((0, 0, 2, 0), True), ((-1, -1, -2, -1), False)])
def test_all_who_may_come_or_nobody_is_not_searched_for(
    stability: Stability, weights: tuple[int, ...], there: bool
) -> None:
    assert (there,) * 4 == Inviting(friends(), stability, (0,) * 4, weights).best()


@pytest.mark.usefixtures("unsearched")
def test_what_is_known_of_some_is_not_searched_for() -> None:
    """The second never comes, so that the first does not; the other two may."""
    stances = (
        Stance((Part("a", None, 1),), INCLINED),
        Stance((Part("b", None, ~1),), INCLINED),
        Stance((Part("c", None, 3),), INCLINED),
        Stance((Part("d", None, 2), Part("e", None, ~4)), INCLINED),
    )
    network = Network(stances, 0, (Sum((1, 2), (1, 1)),), (Gate(0, 2),), (None,) * 4)
    assert (False, False, True, True) == Inviting(network, "none", (0,) * 4, (1,) * 4).best()


@pytest.mark.usefixtures("unsearched")
@pytest.mark.parametrize("weights", [(1, -1, 1, -1), (-1, 1, 1, 1)])
def test_whether_there_is_any_is_not_searched_for(weights: tuple[int, ...]) -> None:
    """What is best of weights of both signs would be; but that somebody can come is plain."""
    asked = Inviting(friends(), "none", (0,) * 4, weights)
    assert asked.possible(asked.demands)
    assert asked.unmet() is None


def rivals_of_two(people: int) -> Network:
    """Only one of the first two can come; the others may."""
    stances = (Stance((Part("a", None, ~1),), INCLINED), *(Stance() for _ in range(people - 1)))
    return Network(stances, 0, (), (), (None,) * people)


@pytest.mark.parametrize("engine", inviting.ENGINES)
@pytest.mark.parametrize(
    ("weights", "best"), [((0, 0, 0), "101"), ((0, 1, 0), "011"), ((-1, 0, 0), "011"), ((-1, -1, -1), "000")]
)
def test_of_equal_weight_the_most_and_then_the_first(engine: str, weights: tuple[int, ...], best: str) -> None:
    expected = tuple(c == "1" for c in best)
    assert expected == Inviting(rivals_of_two(3), "none", (0,) * 3, weights, engine).best()


def wanting(limits: Sequence[tuple[int, int]], facts: int = 0) -> Network:
    """People each of whom wants between so many and so many of everyone, themselves counted."""
    people = len(limits)
    first = people + facts
    gates = [Gate(0, q, x) for x, (low, high) in enumerate(limits) for q in (low, high + 1)]
    stances = [
        Stance((Part(f"a{x}", None, first + 2 * x), Part(f"b{x}", None, ~(first + 2 * x + 1))), INCLINED)
        for x in range(people)
    ]
    everyone = Sum(tuple(range(people)), (1,) * people)
    return Network(tuple(stances), facts, (everyone,), tuple(gates), (None,) * first)


@pytest.mark.usefixtures("unsearched")
@pytest.mark.parametrize("stability", NOTIONS)
@pytest.mark.parametrize("facts", [0, 1])
def test_where_all_ask_how_many_come_nothing_is_searched_for(stability: Stability, facts: int) -> None:
    network = wanting([(2, 4), (3, 3), (1, 2), (4, 5), (1, 3)], facts)
    asked = Inviting(network, stability, (0,) * 5, (1,) * 5)
    assert best_of(asked) == asked.best()


@pytest.mark.usefixtures("unsearched")
def test_whatever_a_fact_asks_of_the_number_nothing_is_searched_for() -> None:
    """In rain the first two want to be four, else three; the others any two."""
    people, rain = 4, 4
    everyone = Sum(tuple(range(people)), (1,) * people)
    gates, sums = [], [everyone]
    for x in range(2):
        first = 5 + len(gates)
        sums += [Sum((first, rain), (1, 1)), Sum((first + 1, ~rain), (1, 1)), Sum((first + 2, first + 3), (1, 1))]
        gates += [Gate(0, 3, x), Gate(0, 4, x), Gate(len(sums) - 3, 1), Gate(len(sums) - 2, 1), Gate(len(sums) - 1, 2)]
    stances = [Stance((Part(f"s{x}", None, 5 + 5 * x + 4),), INCLINED) for x in range(2)]
    for x in range(2, 4):
        stances.append(Stance((Part(f"s{x}", None, 5 + len(gates)),), INCLINED))
        gates.append(Gate(0, 2, x))
    network = Network(tuple(stances), 1, tuple(sums), tuple(gates), (None,) * 5)
    assert (True,) * 4 == Inviting(network, "none", (0,) * 4, (1, 2, 3, -5)).best()
    assert (False,) * 4 == Inviting(network.observing([~3]), "none", (0,) * 4, (1, 2, 3, -5)).best()


@pytest.mark.parametrize("number", range(8))
def test_where_all_ask_how_many_come_the_best_is_found_whatever_they_weigh(number: int) -> None:
    random = Random(number)
    for _ in range(10):
        people = random.randint(2, 6)
        network = wanting([tuple(sorted(random.choices(range(people + 2), k=2))) for _ in range(people)])  # type: ignore[misc]
        asked = asking(network, random.randrange(99), "auto")
        assert best_of(asked) == asked.best()


# --- limits -----------------------------------------------------------------------------------------


def test_so_many_are_tried_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "FREE", 4)
    fixed = (None, None, True, None, None)
    assert (True,) * 4 == Inviting(friends(fixed=fixed, facts=1), "none", (0,) * 4, (1,) * 4, "enumeration").best()
    asked = Inviting(friends(fixed=(None,) * 5, facts=1), "none", (0,) * 4, (1,) * 4, "enumeration")
    for ask in (asked.best, asked.unmet):
        with pytest.raises(EngineUnsuitable) as caught:
            ask()
        assert "enumeration" == caught.value.engine
        assert "5 attendances and facts are free, more than 4" in str(caught.value)


def test_weights_that_the_solver_cannot_add_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "GREATEST", 6)
    network = rivals_of_two(3)
    assert (False, True, True) == Inviting(network, "none", (0,) * 3, (-3, 3, 1), "clingo").best()
    asked = Inviting(network, "none", (0,) * 3, (-3, 4, 2), "clingo")
    with pytest.raises(EngineUnsuitable) as caught:
        asked.best()
    assert "clingo" == caught.value.engine
    assert "the weights or costs are too large, or too fine, to be added up exactly" == caught.value.reason
    assert asked.unmet() is None  # whether there is any is not weighed
    never = Inviting(network.observing([0, 1]), "none", (0,) * 3, (-3, 4, 2), "clingo")
    assert ["a", "0", "1"] == [demand.ids[0] for demand in never.unmet() or ()]


def test_weights_are_added_up_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """One would come just if another does not, twice over."""
    monkeypatch.setattr(inviting, "GREATEST", 6)
    pair = (Stance((Part("a", ~1, None),)), Stance(), Stance((Part("b", ~3, None),)), Stance())
    network = Network(pair, 0, (), (), (None,) * 4)
    assert (True, False) * 2 == Inviting(network, "addition", (0,) * 4, (-2, -4) * 2, "clingo").best()


def test_the_clock_is_looked_at_while_the_solver_is_told_what_to_solve() -> None:
    gates = [Gate(0, 2), *(Gate(n + 1, 2 - n % 2) for n in range(100))]
    sums = [Sum((0, 1), (1, 2)), *(Sum((n + 2, n % 2), (1, 1)) for n in range(100))]
    network = Network((Stance(), Stance()), 0, tuple(sums), tuple(gates), (None,) * 2, (("r", 102),))
    polled: list[int] = []
    Inviting(network, "none", (0,) * 2, (1,) * 2, "clingo", NO.watched(lambda: polled.append(1))).best()
    assert 100 < len(polled)


@pytest.mark.parametrize("engine", inviting.ENGINES)
@pytest.mark.parametrize("network", [friends(), rivals_of_two(4), wanting([(1, 2), (2, 3), (1, 1)])])
def test_the_clock_is_looked_at_wherever_it_takes_time(engine: str, network: Network) -> None:
    people = network.attendances
    expected = Inviting(network, "replacement", (0,) * people, (1,) * people, engine).best()
    checks = 0
    while True:
        asked = Inviting(network, "replacement", (0,) * people, (1,) * people, engine, watched(checks))
        try:
            assert expected == asked.best()
            break
        except ResolutionTimeout:
            checks += 1
    assert checks > people
