"""Propagation is the fixpoint by rounds, whatever it was built from; what little is different is not built anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import propagation
from attendance.engines.propagation import propagate
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, is_content
from tests.test_lanes_inside import certain, crowd, follows, of_people, weighed
from tests.test_many_networks import made
from tests.test_propagation import nobody_taken

OPEN, INCLINED, DISINCLINED = Inclination.OPEN, Inclination.INCLINED, Inclination.DISINCLINED
every_hundred = pytest.mark.parametrize("first", range(0, 300, 100))


def some(first: int) -> Iterator[tuple[int, Network]]:
    for seed in range(first, first + 100):
        yield seed, (made if seed % 2 else weighed)(seed)


def expected(network: Network, turned: Mapping[int, bool | None] = {}) -> list[bool | None] | None:
    """By definition what is certain of each node; None where something clashes on the way."""
    network = replace(
        network.freeing(turned.keys()), fixed=tuple(turned.get(a, v) for a, v in enumerate(network.fixed))
    )
    found = certain(network, {a: v for a, v in enumerate(network.fixed) if v is not None}, {})
    if any(len(values) > 1 for values in found):
        return None
    return [next(iter(values), None) for values in found]


@every_hundred
def test_all_that_is_certain_is_found(first: int) -> None:
    for seed, network in some(first):
        network = nobody_taken(network)
        assert expected(network) in (None, list(propagate(network).values)), seed


def speaking(seed: int, inner: int = 0) -> Network:
    """Everybody speaks of a sum or two of all, and takes themselves to be there; some are there, or are not.

    The sums count so many other conditions too.
    """
    random = Random(seed)
    people = random.randint(1, 5)
    gates = [Gate(2, random.randint(0, people)) for _ in range(inner)]
    stances = list[Stance]()

    def of(choices: Sequence[int], nodes: int) -> Sum:
        literals = tuple(random.choice((x, x, ~x)) for x in range(nodes))
        return Sum(literals, tuple(random.choice(choices) for _ in literals))

    some = (1,), (2,), (0, 1, 2, 3)
    sums = (of(some[random.randint(0, 2)], people + inner), of(some[2], people + inner), of(some[0], people))
    for x in range(people):
        parts = []
        for _ in range(random.choice((0, 1, 1, 1, 2))):
            gates.append(Gate(random.choice((0, 0, 1)), random.randint(0, people), x))
            bound = people + len(gates) - 1
            bound = random.choice((bound, ~bound))
            parts.append(Part(f"s{x}", *random.choice(((bound, None), (None, bound), (bound, bound)))))
        stances.append(Stance(tuple(parts), random.choice(tuple(Inclination))))
    fixed = tuple(random.choice((None, None, None, True, False)) for _ in range(people))
    return Network(tuple(stances), 0, sums, tuple(gates), fixed)


@every_hundred
def test_whoever_speaks_of_themselves_is_decided_as_far_as_can_be(first: int) -> None:
    """A gate is asked of no more once the one whom it takes to be there is decided."""
    for seed in range(first, first + 100):
        network = speaking(seed, inner=seed % 2)
        wanted, found = expected(network), propagate(network).values
        assert wanted is None or wanted[: network.atoms] == list(found[: network.atoms]), seed
        assert wanted is None or all(a in (None, b) for a, b in zip(found, wanted, strict=True)), seed


@every_hundred
def test_whoever_is_turned_has_that_value_and_is_bound_by_nothing(first: int) -> None:
    for seed, network in some(first):
        network, random = nobody_taken(network), Random(seed)
        for _ in range(3):
            turned = {random.randrange(network.atoms): random.choice((None, True, False)) for _ in range(2)}
            assert expected(network, turned) in (None, list(propagate(network, turned).values)), (seed, turned)


@every_hundred
def test_who_is_not_on_two_sides_is_content_with_what_was_decided(first: int) -> None:
    for _, network in some(first):
        run = propagate(network)
        of = [value is True for value in run.values]
        if None not in run.values and of == definition.values(network, tuple(of[: network.atoms])):
            for x in range(network.attendances):
                if network.fixed[x] is None and x not in run.two_sided:
                    assert is_content(network, x, of)


LOW, HIGH, BOTH, SAME = (Part("s", lower=2), Part("s", upper=3), Part("s", 2, 3), Part("s", 2, 2))


@pytest.mark.parametrize(
    ("parts", "two_sided"),
    [
        ([], False),
        ([LOW], False),
        ([LOW, LOW], False),
        ([HIGH, HIGH], False),
        ([SAME], False),
        ([BOTH], True),
        ([LOW, HIGH], True),
        ([SAME, SAME], True),
        ([SAME, SAME, SAME], True),
    ],
)
@pytest.mark.parametrize("inclination", Inclination)
def test_who_has_bounds_on_two_sides(parts: list[Part], two_sided: bool, inclination: Inclination) -> None:
    network = Network((Stance(), Stance(tuple(parts), inclination)), 2, fixed=(None,) * 4)
    assert [1] * two_sided == list(propagate(network).two_sided)


def test_gates_without_anybody_to_read() -> None:
    of = Sum((), ())
    for gates, values in (
        ([Gate(0, 0)], [True]),
        ([Gate(0, 1)], [False]),
        ([Gate(0, 0), Gate(0, 1), Gate(0, -1)], [True, False, True]),
        ([Gate(0, 1), Gate(0, 0)], [False, True]),
        ([Gate(0, 0), Gate(1, 0)], [True, True]),
        ([Gate(1, 1), Gate(0, 0)], [False, True]),
    ):
        assert values == list(propagate(of_people([], [of, of], gates)).values)
    one = of_people([Stance()], [of, of], [Gate(0, 0), Gate(1, 1), Gate(0, 1)])
    assert [None, True, False, False] == list(propagate(one).values)


def test_all_is_decided_in_the_order_in_which_it_follows() -> None:
    network = crowd([3, 1, 2])
    assert [0, 1, ~2, ~3, 8, 9, ~7, 5, 6, ~4] == list(
        propagate(replace(network, fixed=(True, True, False, False, None, None, None))).trail
    )


# --- circuits ---


def parts_of(circuit: Any) -> dict[str, Any]:
    """All that a circuit is, but for lists without anything and counters that nothing counts."""
    told = dict(vars(circuit))
    counting = {x for readers in circuit.readers for x in readers}
    for name in ("needs", "slacks"):
        told[name] = [left for x, left in enumerate(told[name]) if x in counting or x >= circuit.nodes]
    told["forced"] = {q: literals for q, literals in circuit.forced.items() if literals}
    told["ladders"] = [(ladder.bars, ladder.literals, ladder.takens, ladder.top) for ladder in circuit.ladders]
    return told


@every_hundred
def test_a_changed_circuit_is_the_one_that_would_be_built(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propagation, "CHANGED", 0)
    for seed, network in some(first):
        random = Random(seed)
        propagate(network)
        ids = random.sample(network.removable, min(len(network.removable), random.randint(0, 2)))
        assumed = {random.randrange(network.atoms): random.random() < 0.5 for _ in range(random.randint(0, 2))}
        for varied in (
            network.without(ids).assuming(assumed),
            network.freeing(range(network.atoms - 1, network.atoms)),
        ):
            assert propagate(varied).trail == propagate(replace(varied, origin=None)).trail
            anew = propagation._Circuit(varied)
            assert parts_of(anew) == parts_of(propagation._circuit(varied)), seed
        assert parts_of(propagation._Circuit(network)) == parts_of(propagation._circuit(network)), "as it was"


@pytest.mark.parametrize("inclination", Inclination)
@pytest.mark.parametrize("parts", [[Part("a", 8, 9)], [Part("a", 8, 9), Part("b", ~9, ~8)], [Part("a", 8, 8)]])
def test_whoever_is_changed_keeps_their_place_among_those_who_read_the_same(
    parts: list[Part], inclination: Inclination
) -> None:
    both = Stance((*parts, Part("c", 8, 9)), inclination)
    network = Network((both,) * 8, 2, fixed=(None,) * 10)
    varied = network.restated((Stance(tuple(parts), inclination), *(both,) * 7))
    propagate(network)
    found = propagation._circuit(varied)
    assert varied.origin is network
    assert parts_of(propagation._Circuit(varied)) == parts_of(found)


def test_a_circuit_is_built_once_and_changed_for_what_is_little_different(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Network] = []

    class Counting(propagation._Circuit):
        def __init__(self, network: Network) -> None:
            built.append(network)
            super().__init__(network)

    monkeypatch.setattr(propagation, "_Circuit", Counting)
    people = 12
    network = of_people([*(follows((x + 1) % people) for x in range(people))])
    varied = [network.assuming(dict.fromkeys(range(number), True)) for number in (1, 2, 3)]
    for asked in (network, network, varied[0], varied[1], varied[0]):
        propagate(asked)
    assert [network] == built
    propagate(varied[2])
    assert [network, varied[2]] == built, "three of twelve are many"
    again = varied[2].assuming({0: False})
    assert [False, True, True, *(False,) * (people - 3)] == list(propagate(again).values)
    assert again.origin is network


def test_only_atoms_that_are_different_are_changed() -> None:
    """Facts too; a stance is looked up for people alone."""
    network = Network(tuple(follows(8 + x % 2) for x in range(8)), 2, fixed=(None,) * 10)
    assert [None] * 10 == list(propagate(network).values)
    known = network.assuming({8: True})
    assert [True, None] * 5 == list(propagate(known).values)
    both = network.assuming({8: True, 9: False})
    assert [True, False] * 5 == list(propagate(both).values)


def weights_of_two(quotas: Sequence[int]) -> Network:
    return crowd(quotas, (2, 2, 2, 2))


@pytest.mark.parametrize("quotas", [[3], [3, 5], [4, 3]])
def test_a_sum_of_equal_weights_that_are_not_one(quotas: list[int]) -> None:
    for there in range(5):
        fixed = (*(True,) * there, *(False,) * (4 - there), *(None,) * len(quotas))
        network = replace(weights_of_two(quotas), fixed=fixed)
        found = [2 * there >= quota for quota in quotas]
        assert found == list(propagate(network).values[4 : 4 + len(quotas)])
