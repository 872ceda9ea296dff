"""A network as clauses: once the atoms are known all else is, by unit propagation; and it can be met in outcomes alone."""

from collections.abc import Iterable, Sequence
from random import Random

import pytest

from attendance.engines import formula as writing
from attendance.engines.deadline import NO
from attendance.engines.formula import Formula, formula, sorting
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, holds, is_outcome, states, values
from tests.test_many_networks import made, watched

CHUNKS, EACH = 10, 12


def met(clauses: Iterable[Sequence[int]], known: Iterable[int]) -> set[int] | None:
    """All literals that follow from the known ones, one clause at a time; None where a clause cannot be met."""
    true = set(known)
    left = [list(clause) for clause in clauses]
    while True:
        rest, more = [], set[int]()
        for clause in left:
            if true.isdisjoint(clause):
                open_ = {q for q in clause if -q not in true}
                if not open_:
                    return None
                more |= open_ if len(open_) == 1 else set()
                rest.append(clause)
        if not more:
            return true
        if any(-q in more for q in more):
            return None
        true |= more
        left = rest


def literals_of(state: Sequence[bool]) -> list[int]:
    return [a if there else -a for a, there in enumerate(state, 1)]


def says(found: Formula, network: Network, asked: Sequence[int], every: Iterable[Sequence[bool]]) -> None:
    """A formula is met in just the outcomes, and every variable is known in them."""
    assert {abs(q) for clause in found.clauses for q in clause} <= set(range(1, found.size + 1))
    for state in every:
        true = met(found.clauses, literals_of(state))
        assert (true is not None) is is_outcome(network, tuple(state))
        if true is not None:
            assert set(range(1, found.size + 1)) == {abs(q) for q in true}
            of = values(network, tuple(state))
            assert [holds(q, of) for q in asked] == [q in true for q in found.asked]


@pytest.mark.parametrize("short", [0, 20])
@pytest.mark.parametrize("number", range(CHUNKS))
def test_a_formula_is_met_by_the_outcomes_alone(number: int, short: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHORT", short)
    random = Random(number)
    for seed in range(number * EACH, (number + 1) * EACH):
        network = made(2000 + seed).varied(founded=False)
        nodes = network.atoms + len(network.gates)
        asked = random.choices(range(-nodes, nodes), k=6)
        free = network.varied(fixed=(None,) * network.atoms)
        every = list(states(free))
        says(formula(network, asked), network, asked, random.sample(every, min(24, len(every))))


def crowds(seed: int) -> Network:
    """Larger sums, of one weight or of many, each read by several: some who speak are counted, some are not."""
    random = Random(seed)
    people = 8
    sums, gates = [], []
    for number in range(2):
        literals = [random.choice((x, x, ~x)) for x in random.sample(range(people), random.randint(5, people))]
        same = random.choice((1, 3))
        weights = [same] * len(literals) if random.random() < 0.6 else random.choices((1, 2, 3, 4, 7), k=len(literals))
        sums.append(Sum(tuple(literals), tuple(weights)))
        for quota in random.sample(range(1, sum(weights) + 1), random.randint(1, 4)):
            gates.append(Gate(number, quota, random.choice((None, None, random.randrange(people)))))
    nodes = [*range(people, people + len(gates))]
    stances = []
    for _ in range(people):
        bound = random.choice(nodes)
        bound = random.choice((bound, ~bound))
        parts = random.choice(
            (
                (Part("s", None, bound),),
                (Part("s", bound, None),),
                (),
                (Part("s", bound, None), Part("t", None, random.choice(nodes))),
            )
        )
        stances.append(Stance(parts, random.choice([*Inclination])))
    return Network(tuple(stances), 0, tuple(sums), tuple(gates), (None,) * people)


@pytest.mark.parametrize("short", [0, 20])
@pytest.mark.parametrize("number", range(12))
def test_large_sums_are_said_in_one_way_or_another(number: int, short: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHORT", short)
    random = Random(number)
    for seed in range(number * 4, number * 4 + 4):
        network = crowds(seed)
        asked = [node for gate in range(len(network.gates)) for node in (8 + gate, ~(8 + gate))]
        every = list(states(network))
        some = [state for state in every if is_outcome(network, state)][:8]
        says(formula(network, asked), network, asked, [*some, *random.sample(every, 8)])


def test_sorted_literals_count() -> None:
    for size in range(1, 9):
        found, clauses, last = sorting(range(1, size + 1), size)
        assert {abs(q) for clause in clauses for q in clause} | set(range(1, size + 1)) == set(range(1, last + 1))
        for lanes in range(0, 1 << size, 1 + (size > 5) * 4):
            state = [bool(lanes >> at & 1) for at in range(size)]
            true = met(clauses, literals_of(state))
            assert true is not None
            assert [q in true for q in found] == [k < sum(state) for k in range(size)]


# --- how it is written ------------------------------------------------------------------------------


def crowd(size: int, quotas: Sequence[int], weights: Sequence[int] | None = None) -> Network:
    """For each quota somebody besides, who comes just if so many of the crowd do."""
    of = Sum(tuple(range(size)), tuple(weights or (1,) * size))
    led = [Stance((Part("s", size + len(quotas) + n, None),), Inclination.DISINCLINED) for n in range(len(quotas))]
    stances = (*(Stance() for _ in range(size)), *led)
    return Network(stances, 0, (of,), tuple(Gate(0, q) for q in quotas), (None,) * len(stances))


def test_who_hangs_on_one_condition_alone_is_that_condition() -> None:
    found = formula(crowd(4, [1, 4]))
    assert 6 == found.size
    any_of = {frozenset(clause) for clause in found.clauses if 5 in map(abs, clause)}
    assert {*(frozenset((5, -x)) for x in range(1, 5)), frozenset((-5, 1, 2, 3, 4))} == any_of


def test_what_is_asked_twice_is_said_once() -> None:
    network = crowd(6, [3])
    once = formula(network, [7])
    twice = formula(network, [7, ~7, 7])
    assert (once.size, list(once.clauses)) == (twice.size, list(twice.clauses))
    assert (once.asked[0], -once.asked[0], once.asked[0]) == twice.asked
    two = Network(network.stances, 0, network.sums, (*network.gates, Gate(0, 3)), network.fixed)
    both = formula(two, [7, 8])
    assert (once.size, len(once.clauses)) == (both.size, len(both.clauses))
    assert both.asked[0] == both.asked[1]


def test_who_counts_themselves_is_read_off_the_sum() -> None:
    """Each bound has two bars in the one sum, as they are away or there; nothing else has a name."""
    people = 5
    gates = tuple(Gate(0, 2 + x % 2, x) for x in range(people))
    bounds = [(Part("s", None, people + x),) if x % 3 else (Part("s", ~(people + x), None),) for x in range(people)]
    both = (Part("s", people, None), Part("t", None, ~people))
    heard = [Inclination.INCLINED if x % 3 else Inclination.DISINCLINED for x in range(people)]
    of = (Sum(tuple(range(people)), (1,) * people),)
    for first, inclined in ((bounds[0], heard[0]), (both, Inclination.OPEN), (both, Inclination.INCLINED)):
        stances = (Stance(first, inclined), *(Stance(bounds[x], heard[x]) for x in range(1, people)))
        network = Network(stances, 0, of, gates, (None,) * people)
        found = formula(network)
        assert people + 3 == found.size  # bars at one, two and three
        says(found, network, [], states(network))
        asked = formula(network, [people, ~people, people])
        assert found.size + 1 == asked.size
        says(asked, network, [people, ~people, people], states(network))


def test_who_hangs_on_what_is_asked_is_what_is_asked() -> None:
    assert (5, -5) == formula(crowd(4, [2]), [5, ~5]).asked
    stances = (Stance(), Stance(), Stance((Part("s", ~3, None),), Inclination.DISINCLINED))
    away = Network(stances, 0, (Sum((0, 1), (1, 1)),), (Gate(0, 1),), (None,) * 3)
    assert (-3, 3) == formula(away, [3, ~3]).asked
    assert 3 == formula(away).size


def test_of_two_opposites_one_is_counted_whatever_happens() -> None:
    stances = (Stance(), Stance(), Stance(), Stance((Part("s", 4, None),), Inclination.DISINCLINED))
    network = Network(stances, 0, (Sum((0, ~0, 1, 2), (2, 2, 2, 2)),), (Gate(0, 6),), (None,) * 4)
    found = formula(network, [4])
    assert (4, 3) == (found.size, len(found.clauses))
    says(found, network, [4], states(network))


def test_vast_weights_are_counted_exactly() -> None:
    vast = 1 << 60
    weights = (vast + 1, vast, vast - 1, 3)
    for quota in (vast, vast + 1, vast + 2, vast + 4, 2 * vast - 1, 2 * vast, 2 * vast + 1, 2 * vast + 3, 3 * vast):
        network = crowd(4, [quota], weights)
        says(formula(network, [5]), network, [5], states(network))


def test_quotas_of_one_sum_share_what_is_sorted() -> None:
    alone = [len(formula(crowd(16, [quota])).clauses) for quota in range(5, 12)]
    together = len(formula(crowd(16, range(5, 12))).clauses)
    assert together < 0.4 * sum(alone)


def test_what_is_still_needed_of_the_last_terms_is_shared() -> None:
    weights = [9, 8, 7, 6, 5, 4, 3, 2]
    alone = [len(formula(crowd(8, [quota], weights)).clauses) for quota in range(15, 25)]
    assert len(formula(crowd(8, range(15, 25), weights)).clauses) < 0.6 * sum(alone)


@pytest.mark.parametrize(
    ("size", "quotas", "most"),
    [
        (6, [3], 35),  # in plain clauses
        (7, [3], 52),  # by a diagram
        (20, [2], 131),
        (20, [19], 131),
        (30, [15], 929),  # sorted
        (30, range(1, 30), 1155),
    ],
)
def test_a_count_takes_few_clauses(size: int, quotas: Sequence[int], most: int) -> None:
    found = formula(crowd(size, quotas))
    assert len(found.clauses) <= most


# --- what is refused --------------------------------------------------------------------------------


def test_founded_outcomes_are_no_formula() -> None:
    with pytest.raises(EngineUnsuitable) as caught:
        formula(crowd(3, [2]).varied(founded=True))
    assert "sat" == caught.value.engine
    assert "who is there only through others is no formula: circles would hold themselves" == caught.value.reason


@pytest.mark.parametrize("weights", [None, [1 + x % 7 for x in range(40)]])
def test_a_sum_takes_so_many_clauses_and_no_more(weights: list[int] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    network = crowd(40, [20], weights)
    written = len(formula(network).clauses)
    monkeypatch.setattr(writing, "MOST_WRITTEN", 2 * written)
    assert written == len(formula(network).clauses)
    monkeypatch.setattr(writing, "MOST_WRITTEN", written - 1)
    with pytest.raises(EngineUnsuitable) as caught:
        formula(network)
    assert "sat" == caught.value.engine
    assert "a sum of 40 takes too many clauses" == caught.value.reason


def test_the_clock_is_looked_at_while_it_is_written() -> None:
    for network in (crowd(4, [1, 2, 3]), crowd(9, [11, 17], [1, 2, 3, 4, 5, 6, 7, 8, 9])):
        expected, checks = formula(network), 0
        while True:
            try:
                assert expected == formula(network, check=watched(checks).check)
                break
            except ResolutionTimeout:
                checks += 1
        assert checks >= len(network.gates)
    assert formula(network, check=NO.check) == expected
