"""Where all that anybody asks is how many come: counted number by number, by the definition; and what is not counted."""

from collections.abc import Sequence
from random import Random

import pytest

from attendance.engines.deadline import NO
from attendance.engines.headcount import by_number
from attendance.network import Gate, Network, Part, Stance, State, Sum, outcomes
from tests.test_many_networks import watched


def best(network: Network, weights: Sequence[int]) -> State | None:
    """By the definition: the greatest weight, then the most people, then the first."""
    ranks = ((sum(w for w, there in zip(weights, s, strict=True) if there), sum(s), s) for s in outcomes(network))
    return max(ranks, default=(0, 0, None))[2]


def crowded(random: Random, strange: bool = False) -> tuple[Network, list[int]]:
    """Bounds over the number of people, and over such bounds; a strange network may have any other bound, too."""
    people = random.randint(1, 6)
    sums: list[Sum] = []
    gates: list[Gate] = []
    for node in range(people, people + random.randint(1, 6)):
        odd = strange and random.random() < 0.3
        if node > people and random.random() < 0.4:
            inner = random.choices(range(people, node), k=random.randint(0, 3))
            literals = [random.choice((q, ~q)) for q in inner]
            weights = [1] * len(literals)
            quota = random.choice((1, len(literals)))
        else:
            sign, unit = random.random() < 0.7, random.choice((1, 1, 2, 7))
            literals = [x if sign else ~x for x in random.sample(range(people), people)]
            weights = [unit] * people
            quota = random.randint(-1, people * unit + unit + 1)
        if odd and literals:
            at = random.randrange(len(literals))
            match random.randrange(5):
                case 0:
                    literals[at] = random.randrange(-node, node)
                case 1:
                    weights[at] += 1
                case 2:
                    del literals[at], weights[at]
                case 3:
                    quota = random.randint(0, sum(weights))
                case _:
                    literals.append(random.randrange(node))
                    weights.append(weights[at])
        sums.append(Sum(tuple(literals), tuple(weights)))
        taken = random.randrange(people) if odd and random.random() < 0.3 else None
        gates.append(
            Gate(
                random.choice((len(sums) - 1,) * 3 + tuple(range(len(sums)))) if strange else len(sums) - 1,
                quota,
                taken,
            )
        )

    def bound() -> int:
        node = random.randrange(people, people + len(gates))
        if strange and random.random() < 0.1:
            node = random.randrange(people)
        return random.choice((node, ~node))

    stances = []
    for x in range(people):
        parts = [Part(f"{x}", *random.choice(((bound(), None), (None, bound())))) for _ in range(random.randint(0, 2))]
        stances.append(Stance(tuple(parts)))
    given = [random.choice((bound(), random.randrange(-people, people))) for _ in range(random.choice((0, 0, 1, 2)))]
    network = Network(tuple(stances), 0, tuple(sums), tuple(gates), (None,) * people, (), tuple(given))
    return network, random.choices((-2, -1, 0, 1, 1, 1, 3), k=people)


@pytest.mark.parametrize("number", range(10))
def test_what_hangs_on_numbers_alone_is_counted(number: int) -> None:
    random = Random(number)
    for _ in range(60):
        network, weights = crowded(random)
        assert [best(network, weights)] == list(by_number(network, weights, NO))


@pytest.mark.parametrize("number", range(10))
def test_whatever_is_counted_is_so(number: int) -> None:
    random = Random(100 + number)
    for _ in range(60):
        network, weights = crowded(random, strange=True)
        for found in by_number(network, weights, NO):
            assert best(network, weights) == found


def parting(people: int) -> Network:
    """Anybody may come, but either all do or at most one."""
    everyone = Sum(tuple(range(people)), (1,) * people)
    gates = (Gate(0, people), Gate(0, 2), Gate(1, 1))
    some = Sum((people, ~(people + 1)), (1, 1))
    return Network((Stance(),) * people, 0, (everyone, some), gates, (None,) * people, given=(people + 2,))


def test_numbers_that_can_never_be_worth_as_much_are_not_looked_at() -> None:
    network = parting(20)
    assert [(True,) * 20] == list(by_number(network, (1,) * 20, watched(2)))
    assert [(True, *(False,) * 19)] == list(by_number(network, (2, *(-1,) * 19), watched(3)))


def test_the_clock_is_looked_at_with_each_number() -> None:
    polled = []
    anyone = Network((Stance(),) * 5, 0, (), (), (None,) * 5)
    assert [(False,) * 5] == list(by_number(anyone, (-1,) * 5, NO.watched(lambda: polled.append(1))))
    assert 6 == len(polled)


def test_numbers_far_from_those_of_the_people_take_no_room() -> None:
    people, vast = 3, 1 << 80
    sums = (Sum((0, 1, 2), (vast, vast, vast)), Sum((~0, ~1, ~2), (1, 1, 1)), Sum((0, 1, 2), (1, 1, 1)))
    gates = (Gate(0, 2 * vast), Gate(1, -vast), Gate(2, vast), Gate(2, -vast), Gate(1, vast))
    stances = tuple(Stance((Part("a", None, people),)) for _ in range(people))
    network = Network(stances, 0, sums, gates, (None,) * people, given=(4, ~5, 6, ~7))
    assert [(True, True, True)] == list(by_number(network, (1, 1, 1), NO))


def test_a_condition_among_people_is_nobody() -> None:
    """As many are counted as there are people, but the second of them is a condition."""
    sums = (Sum((0, 1), (1, 1)), Sum((0, 2), (1, 1)))
    network = Network((Stance(), Stance()), 0, sums, (Gate(0, 2), Gate(1, 1)), (None, None), given=(3,))
    assert [] == list(by_number(network, (1, 1), NO))
