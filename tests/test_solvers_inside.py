"""Choices and outcomes by clingo: small networks, limits, and what is refused."""

from collections.abc import Callable, Sequence
from itertools import combinations, product
from random import Random
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import choosing, clingo
from attendance.engines.choosing import Choosing
from attendance.engines.deadline import NO, Deadline
from attendance.engines.joining import Counter, Joining, Quest
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.network import Gate, Network, State, Sum
from tests.networks_by_hand import AWAY, FREE, THERE, circle, odd, people, rivals, turns
from tests.test_clingo import pigeons
from tests.test_many_networks import made, watched

# --- choices ---


def cost(of: Sequence[int], chosen: frozenset[int]) -> int:
    return sum(of[n] for n in chosen)


def one_after_another(choosing_: Choosing, size: int) -> list[frozenset[int]]:
    """Every choice, each forbidden once it was made."""
    found = []
    while (chosen := choosing_.cheapest()) is not None:
        found.append(chosen)
        choosing_.add([[~n if n in chosen else n for n in range(size)]])
    return found


@pytest.mark.parametrize("seed", range(12))
def test_choices_come_cheapest_first_and_meet_all_clauses(seed: int) -> None:
    random = Random(seed)
    costs = [random.randint(0, 5) for _ in range(random.randint(1, 4))]
    size = len(costs)
    clauses = [
        [random.randrange(-size, size) for _ in range(random.randint(1, 3))] for _ in range(random.randint(0, 3))
    ]
    made_ = Choosing(costs, NO)
    made_.add(iter(clauses))
    found = one_after_another(made_, size)
    every = [frozenset(n for n in range(size) if bits[n]) for bits in product((0, 1), repeat=size)]
    fit = [
        chosen
        for chosen in every
        if all(any((q in chosen) if q >= 0 else (~q not in chosen) for q in c) for c in clauses)
    ]
    assert sorted(map(sorted, fit)) == sorted(map(sorted, found))
    assert sorted(cost(costs, chosen) for chosen in fit) == [cost(costs, chosen) for chosen in found]
    assert made_.cheapest() is None


def joined(quest: Quest, chosen: frozenset[int]) -> set[int]:
    """Who joins in the end, read plainly: a threshold is of the others than whom it is closed by."""
    there = {quest.candidates[n] for n in chosen} | {*quest.steps.start}
    while True:
        more = {
            target
            for counter in quest.steps.counters
            for need, target, unless in counter.thresholds
            if sum(w for n, w in counter.premises if n in there and n != unless) >= need
        }
        if more <= there:
            return there
        there |= more


@pytest.mark.parametrize("seed", range(16))
def test_choices_by_which_all_that_is_wanted_joins(seed: int) -> None:
    random, nodes = Random(seed), 6
    counters = []
    for _ in range(3):
        premises = [(n, random.choice((1, 1, 2, 3))) for n in random.sample(range(nodes), random.randint(0, 4))]
        least = 0 if seed % 4 == 0 else 1
        bars = [
            (random.randint(least, 4), random.randrange(nodes), random.choice((None, None, 2, 3))) for _ in range(2)
        ]
        counters.append(Counter(tuple(premises), tuple(sorted(bars, key=lambda bar: bar[0]))))
    start = random.sample(range(nodes), random.randint(0, 1))
    quest = Quest(
        Joining(nodes, counters, start), tuple(random.sample(range(nodes), 2)), tuple(random.sample(range(nodes), 3))
    )
    made_ = Choosing([1, 2, 3], NO)
    made_.derive(quest)
    every = [frozenset(n for n in range(3) if bits[n]) for bits in product((0, 1), repeat=3)]
    fit = [chosen for chosen in every if {*quest.wanted} <= joined(quest, chosen)]
    assert sorted(map(sorted, fit)) == sorted(map(sorted, one_after_another(made_, 3)))


def test_what_is_too_large_to_be_added_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    greatest = choosing.GREATEST
    assert 2**31 - 1 == greatest
    assert frozenset({1}) == first_with(Choosing([greatest - 3, 3], NO), [[0, 1]])
    with pytest.raises(EngineUnsuitable) as caught:
        Choosing([greatest, 1], NO)
    assert ("clingo", "the costs are too large, or too fine, to be added up exactly") == (
        caught.value.engine,
        caught.value.reason,
    )

    def quest(*weights: int) -> Quest:
        counter = Counter(tuple(enumerate(weights)), ((1, 2, None),))
        return Quest(Joining(3, [counter]), (2,), (0, 1))

    made_ = Choosing([2, 1], NO)
    made_.derive(quest(greatest - 1, 1))
    assert frozenset({1}) == made_.cheapest()
    with pytest.raises(EngineUnsuitable) as caught:
        made_.derive(quest(greatest, 1))
    assert ("clingo", "the weights are too large to be added up") == (caught.value.engine, caught.value.reason)


def first_with(of: Choosing, clauses: list[list[int]]) -> frozenset[int] | None:
    of.add(clauses)
    return of.cheapest()


def test_a_choice_takes_no_longer_than_it_may() -> None:
    with pytest.raises(ResolutionTimeout):
        Choosing([1], Deadline.after(0)).cheapest()
    for checks in range(2):  # before it is looked for, and while
        with pytest.raises(ResolutionTimeout):
            Choosing([1], watched(checks)).cheapest()


# --- clingo ---

SEEDS = [seed for seed in range(60) if made(seed).atoms < 6 and len(made(seed).removable) < 6][:24]


def aside(network: Network, size: int) -> list[State]:
    """By definition the states that are outcomes once so many statements and rules are set aside."""
    gone = combinations(network.removable, size)
    return sorted({state for ids in gone for state in definition.outcomes(network.without(ids))})


@pytest.mark.parametrize("size", range(3))
@pytest.mark.parametrize("seed", SEEDS)
def test_clingo_lists_and_surveys_what_the_definitions_say(seed: int, size: int) -> None:
    network = made(seed)
    states = aside(network, size)
    assert states == sorted(clingo.outcomes(network, set_aside=size))
    assert len(states) == clingo.count(network, set_aside=size)
    for order, sign in (("fewest", 1), ("most", -1)):
        found = list(clingo.outcomes(network, set_aside=size, order=order))  # type: ignore[arg-type]
        sizes = [sign * sum(state[: network.attendances]) for state in found]
        assert sorted(sizes) == sizes
        assert states == sorted(found)
    nodes = network.atoms + len(network.gates)
    crowds = [[*range(network.attendances)], [0, 0], []]
    survey = definition.summarise(network, states, range(-nodes, nodes), crowds)
    assert survey == clingo.survey(network, range(-nodes, nodes), crowds, set_aside=size)


@pytest.mark.parametrize("seed", SEEDS)
def test_clingo_knows_what_has_an_outcome_and_how_it_is_repaired(seed: int) -> None:
    network = made(seed)
    states = definition.outcomes(network)
    assert (bool(states), len(states), states) == (
        clingo.solvable(network),
        clingo.count(network),
        sorted(clingo.outcomes(network)),
    )
    assert definition.survey(network, [0, ~0]) == clingo.survey(network, [0, ~0])
    repairs = sorted(definition.repairs(network), key=sorted)
    for limit in range(len(repairs) + 2):
        if limit or not states:
            found, all_ = clingo.repairs(network, limit=limit)
            assert all_ == (len(repairs) <= limit)
            assert found == sorted(found, key=sorted)
            assert {*found} <= {*repairs}
            assert len(found) == min(limit, len(repairs))


def test_states_that_several_repairs_admit_are_listed_once() -> None:
    network = people(*odd(3), FREE)
    for order in (None, "fewest", "most"):
        found = list(clingo.outcomes(network, set_aside=1, order=order))  # type: ignore[arg-type]
        assert aside(network, 1) == sorted(found)
    wide = Network((FREE, FREE), facts=1, fixed=(None,) * 3, rules=(("r", 0), ("q", ~0), ("p", ~0)))
    assert ([frozenset({"r"})], True) == clingo.repairs(wide)  # one way, whatever else there is
    assert ([frozenset({"p"}), frozenset({"r"})], True) == clingo.repairs(people(FREE, rules=(("r", 0), ("p", ~0))))


def test_repairs_come_in_the_order_of_their_ids() -> None:
    network = people(*odd(3), *odd(3, 3))
    found = sorted(definition.repairs(network), key=sorted)
    assert 9 == len(found)
    assert (found, True) == clingo.repairs(network)
    shuffled = Network(tuple(s._replace(parts=(s.parts[0]._replace(statement=f"x{7 * i % 6}"),)) for i, s in enumerate(network.stances)), fixed=(None,) * 6)  # fmt: skip
    assert (sorted(definition.repairs(shuffled), key=sorted), True) == clingo.repairs(shuffled)


def test_repairs_in_thousands_are_a_thousand_unless_more_are_asked_for() -> None:
    rules = tuple((f"{name}{i}", literal) for i in range(10) for name, literal in (("r", i), ("q", ~i)))
    free = people(*[FREE] * 10, rules=rules)  # two ways for each of ten
    found, all_ = clingo.repairs(free)
    assert (1000, False) == (len({*found}), all_)
    assert (1024, True) == (lambda found, all_: (len(found), all_))(*clingo.repairs(free, limit=1024))


def test_in_order_only_sizes_that_there_are_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """One who is alone, or all ten: the nine sizes between are passed over together."""
    network = people(THERE, *circle(9, 1))
    levels: list[int] = []
    listed = clingo._Search.at_level

    def at_level(self: Any, sign: int, level: int) -> Any:
        levels.append(level)
        return listed(self, sign, level)

    monkeypatch.setattr(clingo._Search, "at_level", at_level)
    assert [1, 10] == [sum(state) for state in clingo.outcomes(network, order="fewest")]
    assert [1, 2, 10, 11] == levels
    levels.clear()
    assert [10, 1] == [sum(state) for state in clingo.outcomes(network, order="most")]
    assert [0, 1, 9, 10] == levels


ASKED: dict[str, Callable[[Network, Deadline], Any]] = {
    "solvable": lambda network, late: clingo.solvable(network, deadline=late),
    "count": lambda network, late: clingo.count(network, deadline=late),
    "outcomes": lambda network, late: list(clingo.outcomes(network, deadline=late)),
    "in order": lambda network, late: list(clingo.outcomes(network, order="most", deadline=late)),
    "survey": lambda network, late: clingo.survey(network, [0], [[0, 1]], deadline=late),
    "turnouts": lambda network, late: clingo.survey(network, [], [[0, 1]], deadline=late),
    "repairs": lambda network, late: clingo.repairs(network, deadline=late),
}


@pytest.mark.parametrize("asked", ASKED)
def test_clingo_looks_at_the_time_at_every_step(asked: str) -> None:
    for network in (people(*turns(4)), people(*odd(3))):
        told = []
        for checks in range(400):
            try:
                ASKED[asked](network, watched(checks))
                break
            except ResolutionTimeout as error:
                told.append(str(error))
        assert 3 <= len(told) < 400
        assert {"up"} == {*told}
        with pytest.raises(ResolutionTimeout):
            ASKED[asked](network, Deadline.after(0))


def test_a_program_is_written_with_an_eye_on_the_time() -> None:
    gates = 3000
    sums = tuple(Sum((0, i), (1, 1)) for i in range(gates))
    network = people(FREE, sums=sums, gates=tuple(Gate(i, 1) for i in range(gates)), given=(gates,))
    looked: list[None] = []
    assert clingo.solvable(network, deadline=NO.watched(lambda: looked.append(None)))
    few = len(looked)
    looked.clear()
    assert clingo.solvable(people(FREE), deadline=NO.watched(lambda: looked.append(None)))
    assert few > len(looked)


@pytest.mark.parametrize("asked", ["solvable", "outcomes", "survey"])
def test_a_search_that_tires_is_given_up(asked: str) -> None:
    with pytest.raises(ResolutionTimeout, match=r"^a search was given up$"):
        ASKED[asked](pigeons(7), NO.tiring(5))


def test_what_can_be_is_not_lost_where_the_time_is_too_short_for_turnouts() -> None:
    network = people(*rivals(3), THERE)
    whole = clingo.survey(network, [0, ~3], [[0, 1, 2]])
    known = []
    for checks in range(30):
        try:
            assert whole == clingo.survey(network, [0, ~3], [[0, 1, 2]], deadline=watched(checks))
            break
        except ResolutionTimeout as error:
            known.append(error.known)
    possible = ((True, True), (False, True))
    assert known[0] is None
    assert definition.Survey(possible) == known[-1]
    assert definition.Survey(possible, ((0, 1),)) == whole


def test_who_is_certain_is_not_counted_in_a_search() -> None:
    network, looked = people(THERE, AWAY, *odd(2, 2)), list[None]()
    deadline = NO.watched(lambda: looked.append(None))
    assert ((1, 1),) == turnouts(network, [0, 1], deadline)
    few = len(looked)
    assert ((2, 2),) == turnouts(network, [0, 0, 1], NO)
    assert ((1, 3),) == turnouts(people(THERE, AWAY, FREE, FREE), [0, 1, 2, 3], deadline)
    assert few < len(looked) - few
    assert ((0, 2),) == turnouts(people(FREE), [0, 0], NO)
    assert ((2, 4),) == turnouts(people(THERE, *circle(2, 1)), [0, 0, 1, 2], NO)


def turnouts(network: Network, crowd: list[int], deadline: Deadline) -> tuple[tuple[int, int], ...]:
    found = clingo.survey(network, [], [crowd], deadline=deadline)
    assert found is not None
    return found.turnouts


def test_searches_that_are_left_half_read_are_stopped_at_the_end() -> None:
    found = clingo.outcomes(people(*[FREE] * 6))
    next(found)
    (handle,) = clingo._open
    clingo._stop()
    assert handle.get().interrupted
    found.close()  # type: ignore[attr-defined]
    assert [] == list(clingo._open)
    assert not any(clingo.solvable(people(*odd(3))) for _ in range(2))
    assert [] == list(clingo._open)
