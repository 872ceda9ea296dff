"""Networks gone through a few atoms at a time: what is demanded of which atoms, and in which order."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest

from attendance.engines import elimination
from attendance.engines.elimination import Demand, End, Program, ordered
from attendance.engines.sweeping import Part as SweptPart
from attendance.engines.sweeping import Varied
from attendance.errors import ResolutionTimeout
from attendance.network import Gate, Network, Part, Stance, Sum, node_of
from tests.networks_by_hand import (
    AWAY,
    DISINCLINED,
    FREE,
    INCLINED,
    OPEN,
    THERE,
    circle,
    comes_if,
    might_if,
    only_if,
    people,
)
from tests.test_many_networks import made, watched

BOTH = (Part("s", lower=1), Part("t", upper=2))


def crowd(seed: int) -> Network:
    """Nine who speak of each other as a whole, each taking themselves to be there, and rules for what some speak of."""
    random = Random(seed)
    everybody = Sum(
        tuple(random.choice((x, x, ~x)) for x in range(9)), tuple(random.choice((1, 2, 5)) for _ in range(9))
    )
    sums = (everybody, Sum((9, 11, 0), (1, 1, 3)), Sum((10, 3), (1, 1)))
    gates = (*(Gate(0, random.randint(3, 12), random.choice((x, None))) for x in range(4)), Gate(1, 2), Gate(2, 1))
    stances = [
        random.choice((only_if, comes_if, might_if))(random.choice((9 + x % 6, ~(9 + x % 6))), f"s{x}")
        for x in range(9)
    ]
    return people(*stances, sums=sums, gates=gates, rules=(("r", 9), ("q", ~12)))


NETWORKS = [*map(made, range(0, 120, 3)), *map(crowd, range(10))]


def parts(network: Network) -> tuple[SweptPart, ...]:
    """The parts of a network whose facts fall by chance."""
    sane = replace(network, stances=tuple(s._replace(lost=False) for s in network.stances))
    return Varied(sane, facts(network), mend=False).parts


def facts(network: Network) -> tuple[int, ...]:
    return tuple(a for a in range(network.attendances, network.atoms) if network.fixed[a] is None)


def program(network: Network, end: End = End.OUTCOME, **more: object) -> Program:
    return Program(parts(network), frozenset(facts(network)), end, **more)  # type: ignore[arg-type]


def read(network: Network, literals: Iterable[int], wide: int) -> tuple[set[int], set[int]]:
    """The atoms that literals hang on, without whoever a gate takes to be there, and the wide sums among them."""
    atoms, sums = set[int](), set[int]()
    for node in map(node_of, literals):
        if node < network.atoms:
            atoms.add(node)
            continue
        gate = network.gates[node - network.atoms]
        of = network.sums[gate.sum].literals
        if len(of) > wide:
            sums.add(gate.sum)
            if gate.taken is not None and gate.taken in map(node_of, of):
                atoms.add(gate.taken)
            continue
        inner = read(network, [q for q in of if node_of(q) != gate.taken], wide)
        atoms |= inner[0]
        sums |= inner[1]
    return atoms, sums


@pytest.mark.parametrize("wide", [6, 2])
@pytest.mark.parametrize("network", NETWORKS)
def test_each_demand_names_what_it_hangs_on(network: Network, wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    found = program(network)
    atoms = {a for part in found.parts for a in part.atoms} | found.random
    counters = {number: key for key, number in found.number.items()}
    assert sorted(counters) == list(range(max(atoms, default=0) + 1, max(atoms, default=0) + 1 + len(counters)))
    for p, part in enumerate(found.parts):
        own, network = [d for d in found.demands if d.part == p], part.network

        def scope(literals: Iterable[int], p: int = p, part: SweptPart = part) -> frozenset[int]:
            things, sums = read(part.network, literals, wide)
            return frozenset({part.atoms[a] for a in things} | {found.number[p, n] for n in sums})

        bounds = {d.own: d.scope for d in own if d.own is not None}
        assert bounds == {
            x: scope([*s.lowers, *s.uppers]) | {part.atoms[x]}
            for x, s in enumerate(network.stances)
            if x not in part.inputs
        }
        ruled = [(d.literal, d.scope) for d in own if d.own is None and d.counter is None]
        assert ruled == [(q, scope([q])) for q in (*(q for _, q in network.rules), *network.given)]
        for number, (at, of) in counters.items():
            if at == p:
                added = [(d.literal, d.weight, d.scope) for d in own if d.counter == number]
                sum_ = network.sums[of]
                pairs = zip(sum_.literals, sum_.weights, strict=True)
                assert added == [(q, w, scope([q]) | {number}) for q, w in pairs]
                assert sum(sum_.weights).bit_length() == found.size[number]


def test_without_atoms_counters_are_numbered_all_the_same() -> None:
    assert (1, []) == (Program((), frozenset(), End.OUTCOME).beyond, Program((), frozenset(), End.OUTCOME).demands)
    assert 8 == Program((), frozenset({7, 2}), End.OUTCOME).beyond


@pytest.mark.parametrize(
    ("end", "inclination", "bounds"),
    [
        (End.OUTCOME, INCLINED, (1, 2)),
        (End.OUTCOME, DISINCLINED, (1, 2)),
        (End.OUTCOME, OPEN, (1, 2)),
        (End.LEAST, INCLINED, (2,)),
        (End.LEAST, DISINCLINED, (1,)),
        (End.LEAST, OPEN, (1,)),
        (End.JOINED, INCLINED, (2,)),
        (End.JOINED, DISINCLINED, (1,)),
        (End.JOINED, OPEN, (2,)),
        (End.GREATEST, INCLINED, (2,)),
        (End.GREATEST, DISINCLINED, (1,)),
        (End.GREATEST, OPEN, (2,)),
    ],
)
def test_which_bounds_say_what_somebody_does(end: End, inclination: object, bounds: tuple[int, ...]) -> None:
    stance = Stance(BOTH, inclination)  # type: ignore[arg-type]
    assert bounds == program(people(FREE), end).bounds(stance)


def test_facts_that_do_not_fall_by_chance_hold_where_all_join_who_can() -> None:
    network = Network((might_if(2), might_if(3, "t")), facts=2, fixed=(None,) * 4)
    varied = Varied(network, (2,), mend=False).parts
    for end in End:
        found = Program(varied, frozenset({2}), end)
        demanded = [(d.part, d.literal, d.scope) for d in found.demands if d.own is None]
        place = next((p, part.place[3]) for p, part in enumerate(varied) if 3 in part.atoms)
        assert demanded == ([(*place, frozenset({3}))] if end is End.JOINED else [])


ALL = {"sums": (Sum((1, 2), (1, 1)), Sum((~1, 2), (1, 1)), Sum((3,), (1,)), Sum((0, 1), (1, 1)))}
GATES = {
    "all of them": (Gate(0, 2),),
    "with one against": (Gate(1, 2),),
    "deeper": (Gate(0, 2), Gate(2, 1)),
}


def test_what_rises_only_pulls_along() -> None:
    def rises(*stances: Stance, **more: object) -> bool:
        return program(people(*stances, **more)).rises()

    assert rises(only_if(1), comes_if(0), THERE)
    assert rises(FREE, THERE, AWAY)
    assert not rises(only_if(~1), FREE)
    assert not rises(FREE, FREE, comes_if(~0))
    assert not rises(only_if(1), FREE, rules=(("r", 0),))
    assert not rises(only_if(1), FREE, given=(0,))
    assert not rises(Stance(BOTH), FREE, FREE)
    assert rises(only_if(3), FREE, FREE, sums=ALL["sums"], gates=GATES["all of them"])
    assert not rises(only_if(3), FREE, FREE, sums=ALL["sums"], gates=GATES["with one against"])
    assert not rises(only_if(~3), FREE, FREE, sums=ALL["sums"], gates=GATES["all of them"])
    assert rises(only_if(4), FREE, FREE, sums=ALL["sums"], gates=GATES["deeper"])
    assert not rises(only_if(4), FREE, only_if(~4), sums=ALL["sums"], gates=GATES["deeper"])
    against = (Sum((~1,), (1,)), Sum((3, 2), (1, 1)))
    assert not rises(only_if(4), FREE, FREE, sums=against, gates=(Gate(0, 1), Gate(1, 2)))
    by_chance = Network((only_if(~1), only_if(2)), facts=1, fixed=(None,) * 3)
    assert not program(by_chance).rises()
    assert program(replace(by_chance, stances=(only_if(~2), only_if(0)))).rises()
    several = Network(
        (only_if(4), FREE), facts=2, fixed=(None,) * 4, sums=(Sum((~2, ~3), (1, 1)),), gates=(Gate(0, 1),)
    )
    assert program(several).rises()
    assert program(replace(several, stances=(only_if(~4), FREE))).rises()
    known = Varied(several, (2,), mend=False).parts  # 3 is open, and nobody's chance
    assert not Program(known, frozenset({2}), End.OUTCOME).rises()


def plainly(program: Program, makers: dict[int, list[int]], kept: frozenset[int]) -> list[Demand] | None:
    """The order by its definition: what is ready, of that what touches the living, of that what leaves the fewest digits."""
    demands, order, alive = program.demands, list[int](), set[int]()

    def living(taken: list[int]) -> set[int]:
        seen = {thing for n in taken for thing in demands[n].scope}
        left = {thing for n, d in enumerate(demands) if n not in taken for thing in d.scope}
        return {thing for thing in seen if thing in left or thing in kept}

    while len(order) < len(demands):
        ready = [
            n
            for n, d in enumerate(demands)
            if n not in order
            and all(n in made_ or {*made_} <= {*order} for thing, made_ in makers.items() if thing in d.scope)
        ]
        near = [n for n in ready if demands[n].scope & alive]
        if not ready:
            return None
        best = (
            min(near, key=lambda n: (sum(program.size.get(t, 1) for t in living([*order, n])), n))
            if near
            else min(ready)
        )
        order.append(best)
        alive = living(order)
    return [demands[n] for n in order]


@pytest.mark.parametrize("wide", [6, 2])
@pytest.mark.parametrize("network", NETWORKS)
def test_demands_come_in_the_order_in_which_few_things_are_alive(
    network: Network, wide: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    found = program(network)
    makers: dict[int, list[int]] = {}
    for number, demand in enumerate(found.demands):
        if demand.counter is not None:
            makers.setdefault(demand.counter, []).append(number)
    for kept in (frozenset[int](), frozenset(range(network.attendances))):
        assert plainly(found, makers, kept) == ordered(found, causes_first=False, kept=kept)
    for number, demand in enumerate(found.demands):
        if demand.own is not None:
            makers.setdefault(found.parts[demand.part].atoms[demand.own], []).append(number)
    assert plainly(found, makers, frozenset()) == ordered(found, causes_first=True)


def test_causes_come_first_where_each_demand_can_be_met_after_all_before() -> None:
    chain = people(only_if(1), comes_if(2), FREE)
    assert [2, 1, 0] == [d.own for d in program(chain).causes_first or ()]
    for end in (End.LEAST, End.JOINED, End.GREATEST):
        assert program(chain, end).causes_first is None
    for torn in (
        people(*circle(3)),
        people(only_if(1), FREE, rules=(("r", 0),)),
        people(only_if(1), FREE, given=(0,)),
        people(Stance(BOTH), FREE, FREE),
        people(only_if(0)),
    ):
        assert program(torn).causes_first is None
    everybody = (Sum((0, 1), (1, 1)),)
    taken = people(only_if(2), FREE, sums=everybody, gates=(Gate(0, 2, 0),))  # takes themselves to be there
    assert [1, 0] == [d.own for d in program(taken).causes_first or ()]
    assert program(replace(taken, gates=(Gate(0, 2),))).causes_first is None
    many = people(only_if(9), *[FREE] * 8, sums=(Sum(tuple(range(9)), (1,) * 9),), gates=(Gate(0, 4, 0),))
    assert program(many).causes_first is None  # the first is one of those that are counted before


def test_the_time_is_looked_at_before_each_demand() -> None:
    network = people(only_if(1), only_if(2), FREE)
    for checks in range(3):
        with pytest.raises(ResolutionTimeout):
            ordered(program(network, deadline=watched(checks)), causes_first=False)
    assert 3 == len(ordered(program(network, deadline=watched(3)), causes_first=False) or ())
