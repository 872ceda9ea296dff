"""Whom to invite, inside: the best invitation, or why there is none, by the definitions; and what is not searched for."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import inviting
from attendance.engines.deadline import NO
from attendance.engines.guests import Demand
from attendance.engines.inviting import Inviting
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stability, Stance, State, Sum, moved, states, values
from tests.test_guests_inside import chunk, every_chunk, holding
from tests.test_many_networks import watched

INCLINED, OPEN = Inclination.INCLINED, Inclination.OPEN
NOTIONS: tuple[Stability, ...] = ("none", "addition", "replacement")


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
