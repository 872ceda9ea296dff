"""Networks taken apart: parts are what hangs together by definition, and their outcomes put together are those of the whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest

from attendance import network as definition
from attendance.engines.parts import Component, Fragment, _Links, combined, components, fragment, others, reads
from attendance.engines.propagation import propagate
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, State, Sum, holds, node_of
from tests.test_lanes_inside import follows, of_people, weighed
from tests.test_many_networks import made
from tests.test_program_inside import nested
from tests.test_propagation_inside import speaking

MAKERS = [made, weighed, speaking, nested]
every_maker = pytest.mark.parametrize("make", MAKERS)
every_fifty = pytest.mark.parametrize("first", range(0, 150, 50))


def some(make: Callable[[int], Network], first: int) -> Iterator[tuple[int, Network]]:
    for seed in range(first, first + 50):
        network = make(seed)
        yield seed, replace(network, founded=not seed % 3)


def hanging(network: Network, literals: Iterable[int], values: Sequence[bool | None]) -> set[int]:
    """The open atoms that literals hang on, through open nodes; and, below 0, the open sums on the way."""
    found: set[int] = set()
    stack = [node_of(q) for q in literals]
    while stack:
        node = stack.pop()
        if values[node] is None and node < network.atoms:
            found.add(node)
        elif values[node] is None:
            found.add(~network.gates[node - network.atoms].sum)
            stack += [node_of(q) for q in network.sums[network.gates[node - network.atoms].sum].literals]
    return found


def apart(network: Network, values: Sequence[bool | None], kept: Iterable[int]) -> list[set[int]]:
    """What is tied together: sets that share an atom are made one."""
    own = [a for a in range(network.atoms) if network.fixed[a] is None and (values[a] is None or a in kept)]
    tied = [{a} for a in own]
    spoken: dict[str, set[int]] = {}
    for x in own:
        if x < network.attendances:
            for part in network.stances[x].parts:
                bounds = [q for q in part[1:] if q is not None]
                spoken.setdefault(part.statement, set()).update({x}, hanging(network, bounds, values))
    tied += spoken.values()
    demanded = [hanging(network, [q], values) for q in (*(q for _, q in network.rules), *network.given)]
    tied += [found for found in demanded if any(atom >= 0 for atom in found)]
    parts: list[set[int]] = []
    for more in tied:
        near = [part for part in parts if part & more]
        parts = [part for part in parts if not part & more] + [more.union(*near)] * bool(more)
    return sorted(({atom for atom in part if atom >= 0} for part in parts), key=min)


def check_parts(network: Network, found: list[Component], values: Sequence[bool | None], kept: Iterable[int]) -> None:
    expected = apart(network, values, kept)
    assert expected == [set(part.atoms) for part in found if part.atoms]
    assert all(part.atoms == sorted(part.atoms) for part in found)
    constant: dict[object, Component] = {}
    for part in found:
        if part.atoms:
            tied = set(part.atoms)
            assert part.rules == [r for r in network.rules if hanging(network, [r[1]], values) & tied]
            assert part.given == [q for q in network.given if hanging(network, [q], values) & tied]
        for name, literal in part.rules if not part.atoms else ():
            assert all(sum_ < 0 for sum_ in hanging(network, [literal], values))
            assert part is constant.setdefault(name, part)
    rest = [part for part in found if not part.atoms]
    assert found == [part for part in found if part.atoms] + rest
    assert sorted(r for part in found for r in part.rules) == sorted(network.rules)
    assert sorted({q for part in found for q in part.given}) == sorted({*network.given})
    assert all(len({name for name, _ in part.rules}) + len({*part.given}) == 1 for part in rest), "each by itself"


@every_maker
@every_fifty
def test_parts_are_what_hangs_together(make: Callable[[int], Network], first: int) -> None:
    for seed, network in some(make, first):
        gates = range(network.atoms, network.atoms + len(network.gates))
        constant = [all(network.fixed[a] is not None for a in reads(network, [gate])) or None for gate in gates]
        check_parts(network, components(network), [*network.fixed, *constant], ())
        links = _Links(network, None, ())
        assert all({min(part.atoms)} == set(map(links.find, part.atoms)) for part in components(network) if part.atoms)
        run = propagate(network)
        kept = [x for x in run.two_sided if seed % 2]
        check_parts(network, components(network, run.values, kept), run.values, kept)


def together(network: Network, pieces: Sequence[Fragment], values: Sequence[bool | None]) -> list[State]:
    """The outcomes of pieces put together, all other atoms at their values."""
    found = []
    for states in product(*(definition.outcomes(piece.network) for piece in pieces)):
        of = list(values[: network.atoms])
        for piece, state in zip(pieces, states, strict=True):
            for atom, value in zip(piece.atoms, state, strict=True):
                of[atom] = value
        assert None not in of
        found.append(tuple(map(bool, of)))
    return sorted(found)


@every_maker
@every_fifty
def test_outcomes_of_the_parts_put_together_are_those_of_the_whole(make: Callable[[int], Network], first: int) -> None:
    for seed, network in some(make, first):
        parts = components(network)
        pieces = [fragment(network, part.atoms, network.fixed, part) for part in parts]
        assert [piece.atoms for piece in pieces] == [tuple(part.atoms) for part in parts]
        assert definition.outcomes(network) == together(network, pieces, network.fixed), seed
        for ids in combinations(network.removable[:3], 2):
            without = [replace(piece, network=piece.network.without(ids)) for piece in pieces]
            assert definition.outcomes(network.without(ids)) == together(network, without, network.fixed), seed


@every_maker
@every_fifty
def test_what_was_decided_asks_of_the_rest_what_its_bounds_say(make: Callable[[int], Network], first: int) -> None:
    """Whether the decided are in the parts of those whom they ask, or are kept since they were decided by two bounds."""
    for seed, network in some(make, first):
        if any(s.lost for s in network.stances):
            continue
        run = propagate(network)
        for parts in (components(network), components(network, run.values, run.two_sided)):
            pieces = [
                fragment(network, [a for a in part.atoms if run.values[a] is None], run.values, part) for part in parts
            ]
            found = together(network, pieces, run.values)
            if network.founded:
                found = [state for state in found if definition.is_founded(network, state)]
            assert definition.outcomes(network) == found, seed


@every_maker
@every_fifty
def test_pieces_are_put_together_to_one(make: Callable[[int], Network], first: int) -> None:
    for seed, network in some(make, first):
        random = Random(seed)
        parts = [part for part in components(network) if part.atoms]
        parts = random.sample(parts, len(parts))[:3]
        pieces = [fragment(network, part.atoms, network.fixed, part) for part in parts]
        atoms = {a for part in parts for a in part.atoms}
        nodes = range(-network.atoms - len(network.gates), network.atoms + len(network.gates))
        asked = [q for q in nodes if {a for a in reads(network, [q]) if network.fixed[a] is None} <= atoms]
        whole, literals = combined(pieces, network, network.fixed, asked)
        assert sorted(atoms) == sorted(whole.atoms)
        assert sorted(whole.atoms, key=lambda a: a >= network.attendances) == list(whole.atoms), "the people first"
        values = [v if v is not None else a in atoms or False for a, v in enumerate(network.fixed)]
        expected = together(network, pieces, values)
        assert expected == together(network, [whole], values), seed
        for state in definition.outcomes(whole.network):
            of = list(values)
            for atom, value in zip(whole.atoms, state, strict=True):
                of[atom] = value
            before, after = (definition.values(n, tuple(s)) for n, s in ((network, of), (whole.network, state)))
            assert [holds(q, before) for q in asked] == [holds(q, after) for q in literals], seed


def test_what_a_condition_reads() -> None:
    network = of_people([Stance()] * 4, [Sum((0, ~1), (1, 1)), Sum((4, 2), (1, 1))], [Gate(0, 1), Gate(1, 2, 2)])
    assert [{0, 1}, {0, 1, 2}, {0, 1, 2, 3}] == [reads(network, literals) for literals in ([~4], [5], [3, 5, 4])]
    assert {0, 1} == reads(network, [5], others), "but for whom it takes to be there"


def test_what_a_part_is_in() -> None:
    """Delegates of one statement are in one part, and whoever comes later joins the first; the known tie nothing."""
    stances = [follows(3), Stance((Part("d", lower=0),)), Stance(), Stance(), Stance((Part("d"),)), follows(5)]
    network = Network(
        tuple(stances), 1, fixed=(*(None,) * 5, True, None), rules=(("r", 5), ("q", ~5), ("r", ~5)), given=(5, 5, 6, ~5)
    )
    assert [
        Component([0, 1, 3, 4]),
        Component([2]),
        Component([6], given=[6]),
        Component(rules=[("r", 5), ("r", ~5)]),
        Component(rules=[("q", ~5)]),
        Component(given=[5, 5]),
        Component(given=[~5]),
    ] == components(network)


def test_bounds_that_cannot_bind_any_more_are_none() -> None:
    """Who attends if somebody does who stays away, and only if somebody does who is there, may do as they like."""
    network = of_people([Stance((Part("s", 1, 2), Part("t", ~1, 3))), Stance(), Stance(), Stance()])
    network = replace(network, fixed=(None, False, True, None))
    piece = fragment(network, [0, 3], network.fixed, Component([0, 3])).network
    nothing, bound = piece.stances[0].parts
    assert Part("s") == nothing
    assert ("t", 1) == (bound.statement, bound.upper)
    assert [(True, True)] == definition.outcomes(piece)


class Noted(tuple[int, ...]):
    """Literals that note how often they are gone through."""

    times = 0

    def __iter__(self) -> Iterator[int]:
        Noted.times += 1
        return super().__iter__()


def test_a_sum_that_many_read_is_gone_through_once_and_copied_once() -> None:
    """Everybody but the last speaks of how many come while the last does not, and takes themselves to be there."""
    people = 30
    of = Sum(Noted((*range(people - 1), ~(people - 1))), (1,) * people)
    stances = [*(follows(people + x) for x in range(people - 1)), Stance()]
    network = of_people(stances, [of], [Gate(0, x + 2, x) for x in range(people - 1)])
    Noted.times = 0
    (part,) = components(network)
    assert 2 == Noted.times, "for what is open, and for what hangs on it"
    piece = fragment(network, part.atoms, network.fixed, part)
    assert 1 == len(piece.network.sums)
    assert Noted.times <= 6


def test_conditions_that_are_read_in_many_ways_are_gone_through_once() -> None:
    """Each reads the one before twice, so that there are more ways than could ever be gone."""
    layers = 200
    sums = [Sum((node, ~node) if node else (0,), (1,) * (1 + (node > 0))) for node in range(layers)]
    network = of_people([Stance()], sums, [Gate(number, 1) for number in range(layers)])
    top = layers
    assert {0} == reads(network, [top])
    network = replace(network, given=(top,))
    assert [Component([0], given=[top])] == components(network)
    assert [Component(given=[top])] == components(network, [True, *[None] * layers])


@pytest.mark.parametrize("read", [3, ~3])
def test_a_condition_that_comes_to_whom_another_takes_to_be_there_is_read_as_it_is(read: int) -> None:
    """Node 3 is that somebody comes, since the other is sure to; node 4 takes just them to be there."""
    gates = [Gate(0, 2), Gate(1, 2, 0)]
    network = of_people([follows(4), Stance(), Stance()], [Sum((0, 1), (1, 1)), Sum((read, 0, 2), (1, 1, 1))], gates)
    network = replace(network, fixed=(None, True, None))
    (piece,) = (fragment(network, part.atoms, network.fixed, part) for part in components(network))
    assert definition.outcomes(network) == together(network, [piece], network.fixed)


def test_what_lost_a_statement_has_lost_it_in_a_part() -> None:
    for lost in (False, True):
        network = of_people([Stance((Part("s"),), Inclination.OPEN, lost)])
        assert [Stance((Part("s"),), Inclination.OPEN, lost)] == [
            *fragment(network, [0], network.fixed, Component([0])).network.stances
        ]
