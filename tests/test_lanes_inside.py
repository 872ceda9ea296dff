"""Propagation of many scenarios at once is the fixpoint by rounds in each of them, and takes no more steps than it must."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest

from attendance.engines import lanes
from attendance.engines.cutset import cut
from attendance.engines.lanes import Lanes, State
from attendance.engines.rows import combinations
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, node_of
from tests.test_many_networks import made

OPEN, INCLINED, DISINCLINED = Inclination.OPEN, Inclination.INCLINED, Inclination.DISINCLINED
Known = list[set[bool]]
"""The values that each node certainly has: none, one, or both where what is said clashes."""


def certain(network: Network, given: Mapping[int, bool], chosen: Mapping[int, bool]) -> Known:
    """Kleene's fixpoint, slowly: what is said of the given is set aside, and what is chosen comes to what is said."""
    known: Known = [set() for _ in range(network.atoms + len(network.gates))]
    while True:
        more = [{given[a]} if a in given else {chosen[a]} if a in chosen else set[bool]() for a in range(network.atoms)]
        for x, stance in enumerate(network.stances):
            if x not in given:
                more[x] |= decided(stance, known)
        more += [reached(network.sums[gate.sum], gate, known) for gate in network.gates]
        if more == known:
            return known
        known = more


def is_so(literal: int, value: bool, known: Known) -> bool:
    return (value == (literal >= 0)) in known[node_of(literal)]


def decided(stance: Stance, known: Known) -> set[bool]:
    """What the bounds decide, and the inclination."""
    comes = any(is_so(q, True, known) for q in stance.lowers) or (
        stance.inclination is INCLINED and all(is_so(q, True, known) for q in stance.uppers)
    )
    stays = any(is_so(q, False, known) for q in stance.uppers) or (
        stance.inclination is DISINCLINED and all(is_so(q, False, known) for q in stance.lowers)
    )
    return {value for value, so in ((True, comes), (False, stays)) if so}


def reached(of: Sum, gate: Gate, known: Known) -> set[bool]:
    """Whether a sum reaches the quota, whoever is taken to be there is."""

    def weight(value: bool) -> int:
        return sum(
            w
            for q, w in zip(of.literals, of.weights, strict=True)
            if (value == (q >= 0) if gate.taken in (q, ~q) else is_so(q, value, known))
        )

    high = weight(False) > sum(of.weights) - gate.quota
    return {value for value, so in ((True, weight(True) >= gate.quota), (False, high)) if so}


def in_lane(state: State, nodes: int, lane: int) -> Known:
    return [{value for value in (True, False) if state[2 * n + (not value)] >> lane & 1} for n in range(nodes)]


def agree(found: Known, expected: Known) -> bool:
    """Where something clashes it is enough that something does."""
    if any(len(values) > 1 for values in expected):
        return any(len(values) > 1 for values in found)
    return found == expected


def weighed(seed: int) -> Network:
    """Networks with weights of any size, none among them, and with quotas at the edges of what can be reached."""
    random = Random(seed)
    network = made(seed)
    unit = random.choice((0, 1, 2, 3))
    sums = tuple(
        Sum(of.literals, tuple(unit * random.choice((1, 1, 2, 0)) for _ in of.literals)) for of in network.sums
    )
    quotas = [(0, 1, sum(w), min(w, default=0), sum(w) // 2, sum(w) + 1) for w in (of.weights for of in sums)]
    gates = tuple(gate._replace(quota=random.choice(quotas[gate.sum])) for gate in network.gates)
    return replace(network, sums=sums, gates=gates)


def all_lanes(network: Network, inputs: Sequence[int]) -> list[dict[int, bool]]:
    return [dict(zip(inputs, values, strict=True)) for values in product((False, True), repeat=len(inputs))]


@pytest.mark.parametrize("first", range(0, 200, 20))
@pytest.mark.parametrize("make", [made, weighed])
def test_each_lane_is_the_fixpoint_by_rounds(make: Callable[[int], Network], first: int) -> None:
    for seed in range(first, first + 20):
        network = make(seed)
        inputs = Random(seed).sample(range(network.atoms), min(network.atoms, seed % 4))
        choices = cut(network, most=network.atoms).choices if seed % 2 else ()
        rows = all_lanes(network, inputs)
        state = Lanes(network, inputs, choices).run(
            combinations(tuple(inputs)).planes(0, len(rows)), (1 << len(rows)) - 1
        )
        for lane, row in enumerate(rows):
            found = in_lane(state, network.atoms + len(network.gates), lane)
            assert agree(found, certain(network, row, {})), (seed, row)


@pytest.mark.parametrize("first", range(0, 200, 20))
@pytest.mark.parametrize("make", [made, weighed])
def test_what_is_chosen_comes_to_what_is_said(make: Callable[[int], Network], first: int) -> None:
    """One atom after the other, each in some lanes to be true and in some to be false."""
    for seed in range(first, first + 20):
        network, random = make(seed), Random(seed)
        nodes = network.atoms + len(network.gates)
        inputs = random.sample(range(network.atoms), min(network.atoms - 1, seed % 3))
        rows = all_lanes(network, inputs)
        full = (1 << len(rows)) - 1
        made_ = Lanes(network, inputs)
        state = made_.run(combinations(tuple(inputs)).planes(0, len(rows)), full)
        chosen: dict[int, tuple[int, int]] = {}
        for atom in [a for a in range(network.atoms) if a not in inputs][:3]:
            true, false = random.randint(0, full), random.randint(0, full)
            chosen[atom] = (true, false ^ false & true)
            before = list(state)
            state, kept = made_.further(state, chosen, atom), state
            assert before == kept
            for lane, row in enumerate(rows):
                here = {a: bool(t >> lane & 1) for a, (t, f) in chosen.items() if (t | f) >> lane & 1}
                assert agree(in_lane(state, nodes, lane), certain(network, row, here)), (seed, row, here)


# --- no more steps than it must ---


class Counted:
    """Lanes of which every step is noted, by its node."""

    def __init__(self, network: Network, inputs: Collection[int] = (), cut: Collection[int] = ()) -> None:
        self.lanes = Lanes(network, inputs, cut)
        self.taken: list[int] = []
        self.lanes.units = [replace(unit, step=self.noted(unit.at // 2, unit.step)) for unit in self.lanes.units]

    def noted(self, node: int, step: lanes.Step) -> lanes.Step:
        def noting(planes: State) -> None:
            self.taken.append(node)
            step(planes)

        return noting

    def run(self, given: Mapping[int, int], full: int = 1) -> State:
        self.taken.clear()
        return self.lanes.run(given, full)


def follows(*literals: int) -> Stance:
    return Stance(tuple(Part("s", upper=q) for q in literals), INCLINED)


def of_people(stances: Iterable[Stance], sums: Sequence[Sum] = (), gates: Sequence[Gate] = ()) -> Network:
    stances = tuple(stances)
    return Network(stances, 0, tuple(sums), tuple(gates), (None,) * len(stances))


def test_where_nothing_goes_round_each_step_is_taken_once_in_order() -> None:
    network = of_people([follows(1), follows(2), follows(4), Stance()], [Sum((3,), (1,))], [Gate(0, 1)])
    counted = Counted(network, inputs=[3])
    assert [1, 0] * 5 == counted.run({3: 1})[:10]
    assert [4, 2, 1, 0] == counted.taken


def test_what_is_varied_is_on_no_circle() -> None:
    counted = Counted(of_people([follows(1), follows(2), follows(0)]), inputs=[1])
    assert [0, 1] * 3 == counted.run({1: 0})
    assert [0, 2] == counted.taken


@pytest.mark.parametrize("first", [0, 3])
def test_a_circle_is_gone_round_from_where_it_is_cut(first: int) -> None:
    """Each hangs on the next but the one where it is cut, who hangs on what is varied too."""
    people = 8
    ring = [follows((x + 1) % people) if x != first else follows((x + 1) % people, people) for x in range(people)]
    counted = Counted(of_people([*ring, Stance()]), inputs=[people], cut=[first])
    assert [0, 1] * (people + 1) == counted.run({people: 0})
    round_ = [(first - step) % people for step in range(people)]
    assert [*round_, first] == counted.taken


def test_what_hangs_on_a_circle_is_looked_at_when_the_circle_is_done() -> None:
    """Two go round: both follow the other and what is varied; the third follows them."""
    network = of_people([follows(1, 3), follows(0), follows(0, 1), Stance()])
    counted = Counted(network, inputs=[3], cut=[0])
    assert [0, 1] * 4 == counted.run({3: 0})
    assert [0, 1, 0, 2] == counted.taken


def test_a_circle_is_gone_round_in_rounds() -> None:
    """What is marked behind waits until the round is done, and is then taken in order."""
    network = of_people([follows(1, 3, 4), follows(0, 3), follows(1), follows(2), Stance()])
    counted = Counted(network, inputs=[4], cut=[0, 1])
    assert [0, 1] * 5 == counted.run({4: 0})
    assert [0, 1, 2, 3, 0, 1] == counted.taken


def test_a_choice_is_followed_only_where_it_leads() -> None:
    network = of_people([Stance(), follows(0), follows(1), Stance(), follows(3)])
    counted = Counted(network)
    state = counted.run({}, 3)
    assert [0] * 10 == state
    counted.taken.clear()
    assert [1, 2, 1, 2, 1, 2, 0, 0, 0, 0] == counted.lanes.further(state, {0: (1, 2)}, 0)
    assert [1, 2] == counted.taken


def test_a_choice_that_tells_nothing_new_leads_nowhere() -> None:
    counted = Counted(crowd([2, 3]), inputs=[0])
    state = counted.run({0: 1})
    counted.taken.clear()
    state = counted.lanes.further(state, {1: (1, 0)}, 1)
    assert [1, 0, 0, 0] == state[8:12]
    assert [4, 6, 7, 8] == sorted(counted.taken), "who follows what is as it was is not asked"
    counted.taken.clear()
    assert state == counted.lanes.further(state, {1: (1, 0)}, 1)
    assert [8] == counted.taken, "the sum is as it was"


def crowd(quotas: Sequence[int], weights: Sequence[int] = (1, 1, 1, 1), *, taken: bool = False) -> Network:
    """People who may come, and one for each quota of the sum of them all, who follows it."""
    people = len(weights)
    atoms = people + len(quotas)
    gates = [Gate(0, quota, people + i if taken else None) for i, quota in enumerate(quotas)]
    stances = [*(Stance() for _ in weights), *(follows(atoms + i) for i in range(len(quotas)))]
    return of_people(stances, [Sum(tuple(range(people)), tuple(weights))], gates)


def test_a_sum_that_many_read_is_added_up_once_and_compared_once_with_each_quota(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added: list[int] = []
    compared: list[int] = []
    total, at_least = lanes.total, lanes.at_least
    monkeypatch.setattr(lanes, "total", lambda planes, weights: added.append(1) or total(planes, weights))
    monkeypatch.setattr(lanes, "at_least", lambda *asked: compared.append(asked[1]) or at_least(*asked))
    for taken in (False, True):
        added.clear()
        compared.clear()
        network = crowd([2, 3, 2, 3, 2], taken=taken)
        state = Lanes(network, range(4)).run({0: 1, 1: 3, 2: 3, 3: 0}, 3)
        assert [3, 0, 1, 2, 3, 0, 1, 2, 3, 0] == state[8:18]
        assert 2 == len(added), "those there, and those away"
        assert [2, 2, 3, 3] == sorted(compared)


@pytest.mark.parametrize("weights", [(1, 1, 1), (2, 3, 4), (5,), (1, 1), (2, 2, 2, 2)])
def test_where_all_or_any_are_enough_nothing_is_added_up(
    weights: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(lanes, "total")
    people = tuple(range(len(weights)))
    full = (1 << (1 << len(weights))) - 1
    quotas = (1, min(weights), sum(weights))
    gates = [Gate(number, quota) for number, quota in enumerate(quotas)]
    network = of_people([Stance()] * len(weights), [Sum(people, weights)] * len(quotas), gates)
    state = Lanes(network, people).run(combinations(people).planes(0, full.bit_length()), full)
    any_, all_ = full ^ 1, 1 << full.bit_length() - 1
    assert [any_, 1, any_, 1] == state[2 * len(people) : 2 * len(people) + 4]
    assert [all_, full ^ all_] == state[2 * len(people) + 4 : 2 * len(people) + 6]
