"""Signs, lanes and cuts: what searches lean on, each by what it promises."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest

from attendance import network as definition
from attendance.engines import cutset, solve
from attendance.engines.balance import Signs, is_balanced, is_exact, is_tearable
from attendance.engines.branching import Search, broken
from attendance.engines.cutset import Cut, cut
from attendance.engines.deadline import NO
from attendance.engines.sweeping import Part as SweptPart
from attendance.engines.sweeping import Varied
from attendance.errors import ResolutionTimeout
from attendance.network import Gate, Network, Part, Stance, Sum, node_of
from tests.networks_by_hand import (
    AWAY,
    FREE,
    INCLINED,
    OPEN,
    THERE,
    circle,
    comes_if,
    odd,
    only_if,
    people,
    rivals,
    turns,
)
from tests.test_many_networks import every_eight, several, watched

# --- signs ---


def ties(network: Network) -> list[tuple[int, int, bool]]:
    """Who hangs on what, turned or not, from whoever is not fixed on; fixed atoms are nothing to hang on."""
    found, seen = [], set[int]()
    waiting = [x for x in range(network.attendances) if network.fixed[x] is None]
    nodes = network.atoms + len(network.gates)
    while waiting:
        reader = waiting.pop()
        if reader in seen:
            continue
        seen.add(reader)
        if reader >= nodes:
            literals = network.sums[reader - nodes].literals
        elif reader < network.attendances:
            literals = (*network.stances[reader].lowers, *network.stances[reader].uppers)
        else:
            continue
        for literal in literals:
            node = node_of(literal)
            if node >= network.atoms:
                node = nodes + network.gates[node - network.atoms].sum
            elif network.fixed[node] is not None:
                continue
            found.append((reader, node, literal < 0))
            waiting.append(node)
    return found


def can_be_signed(edges: Sequence[tuple[int, int, bool]]) -> bool:
    """Whether each node can be given a sign, turned just along the edges that turn: by going along all of them."""
    sign: dict[int, bool] = {}
    for start, _, _ in edges:
        queue = deque([start] if sign.setdefault(start, True) is not None else [])
        while queue:
            here = queue.popleft()
            for a, b, turned in edges:
                for x, y in ((a, b), (b, a)):
                    if x != here:
                        continue
                    if y not in sign:
                        sign[y] = sign[here] ^ turned
                        queue.append(y)
                    elif sign[y] != sign[here] ^ turned:
                        return False
    return True


@every_eight
def test_balanced_is_what_can_be_signed(first: int) -> None:
    for network in several(first):
        assert can_be_signed(ties(network)) == is_balanced(network)


def test_what_is_balanced_and_what_is_not() -> None:
    ruled = people(*odd(2), AWAY, only_if(~2, "t"), fixed=(None, None, None, None))
    assert is_balanced(ruled)
    assert not is_balanced(people(*odd(3)))
    assert is_balanced(people(*odd(3), fixed=(None, True, None)))  # the circle is cut by who is fixed
    assert is_balanced(people(FREE, odd(1)[0]._replace(parts=(Part("s", upper=~1),)), fixed=(None, False)))
    assert is_balanced(people(Stance((Part("s", upper=2), Part("t", upper=~2))), FREE, FREE, fixed=(None, None, True)))
    assert not is_balanced(
        people(
            Stance((Part("s", upper=2), Part("t", upper=1), Part("u", upper=~1))), FREE, FREE, fixed=(None, None, True)
        )
    )
    assert not is_balanced(people(THERE, THERE, *odd(3, 2)))
    assert not is_balanced(people(*circle(2), *odd(3, 2)))


def test_signs_are_those_of_all_that_was_tied() -> None:
    for seed in range(60):
        random, signs, edges = Random(seed), Signs(), list[tuple[int, int, bool]]()
        hidden = [random.random() < 0.5 for _ in range(9)]
        for _ in range(16):
            a, b = random.sample(range(9), 2)
            edges.append((a, b, hidden[a] ^ hidden[b] ^ (random.random() < 0.03)))
            signs.tie(*edges[-1])
            assert can_be_signed(edges) is signs.sound
        if signs.sound:
            for a, b, turned in edges:
                (x, of_a), (y, of_b) = signs.root(a), signs.root(b)
                assert (x, of_a ^ of_b) == (y, turned)


@pytest.mark.parametrize(
    ("parts", "tearable"),
    [
        ([], False),
        ([Part("s", lower=1)], False),
        ([Part("s", upper=1), Part("t", upper=2)], False),
        ([Part("s", lower=1, upper=1)], False),
        ([Part("s", lower=1, upper=1), Part("t", lower=1)], False),
        ([Part("s", lower=1), Part("t", upper=2)], True),
        ([Part("s", lower=1, upper=2), Part("t", lower=2, upper=1)], True),
        ([Part("s", lower=1, upper=1), Part("t", lower=2)], True),
    ],
)
def test_bounds_that_may_ask_for_opposite_things(parts: list[Part], tearable: bool) -> None:
    assert tearable is is_tearable(Stance(tuple(parts)))


@every_eight
def test_what_is_taken_to_be_balanced_is_open_in_all_of_its_atoms(first: int) -> None:
    for network in several(first):
        for block in solve(network, mend=False).blocks:
            if block.balanced:
                of = block.piece.network
                found = definition.summarise(of, definition.outcomes(of), range(of.atoms), [])
                assert found is not None
                assert {(True, True)} == {*found.possible}


def test_nothing_is_exact_that_may_clash_or_must_be_founded() -> None:
    plain = people(*circle(3))
    assert is_exact(plain)
    for other in ({"founded": True}, {"rules": (("r", 0),)}, {"given": (0,)}):
        assert not is_exact(replace(plain, **other))
    assert not is_exact(people(*circle(2), Stance((Part("s", lower=0), Part("t", upper=1)))))
    assert not is_exact(people(*odd(3)))


# --- lanes ---


def searches(network: Network) -> list[SweptPart]:
    """The parts of a network with its facts varied, and of more than two people the last ones too."""
    sane = replace(network, stances=tuple(s._replace(lost=False) for s in network.stances))
    atoms = [a for a in range(min(max(1, network.attendances - 2), 5), network.atoms) if network.fixed[a] is None]
    return [part for part in Varied(sane, tuple(atoms), mend=False).parts if part.inner]


def tangled(seed: int) -> Network:
    """Six who each hang on two others or facts, mostly on their being away: much is left to be searched for."""
    random = Random(seed)
    stances = []
    for x in range(6):
        bounds = [~a if random.random() < 0.7 else a for a in random.sample([a for a in range(9) if a != x], 2)]
        parts = (
            (Part(f"s{x}", upper=bounds[0]), Part(f"t{x}", lower=bounds[1]))
            if random.random() < 0.5
            else (Part(f"s{x}", upper=bounds[0]),)
        )
        stances.append(Stance(parts, random.choice((OPEN, OPEN, INCLINED))))
    return Network(tuple(stances), facts=3, fixed=(None,) * 9, founded=seed % 4 == 0)


def begun(part: SweptPart, lanes: int | None = None) -> tuple[Search, list[dict[int, bool]]]:
    """A search in every lane, or in those, and the values that each lane stands for."""
    rows = [dict(zip(part.inputs, row, strict=True)) for row in product((False, True), repeat=len(part.inputs))]
    full = (1 << len(rows)) - 1
    given = {i: sum(1 << lane for lane, row in enumerate(rows) if row[i]) for i in part.inputs}
    state = part.lanes.run(given, full)
    return Search(part.lanes, part.cut, part.inner, state, full if lanes is None else lanes & full), rows


def told_rightly(part: SweptPart, search: Search, rows: list[dict[int, bool]]) -> None:
    for lane, row in enumerate(rows):
        states = definition.outcomes(part.network.assuming(row))
        if search.none >> lane & 1:
            assert [] == states
        if search.settled >> lane & 1:
            assert states
            for a in part.inner:
                found = bool(search.can[a] >> lane & 1), bool(search.cannot[a] >> lane & 1)
                assert (any(s[a] for s in states), any(not s[a] for s in states)) == found


@every_eight
def test_a_search_tells_each_lane_as_the_definition_does(first: int) -> None:
    for network in [*several(first), tangled(first)]:
        for part in searches(network):
            for within in (None, 0b1010):
                search, rows = begun(part, within)
                whole = search.left
                search.go(NO, 1000)
                assert whole == search.settled ^ search.none
                told_rightly(part, search, rows)


@every_eight
def test_a_search_that_is_given_up_tells_what_it_knows(first: int) -> None:
    for network in [*several(first), tangled(first)]:
        for part in searches(network):
            for tries in range(7):
                looked: list[None] = []
                search, rows = begun(part)
                whole = search.left
                search.go(NO.watched(lambda looked=looked: looked.append(None)), tries)  # type: ignore[misc]
                assert len(looked) <= tries
                assert 0 == search.settled & search.none
                assert search.settled | search.none | whole == whole
                told_rightly(part, search, rows)
                if len(looked) < tries:
                    assert whole == search.settled | search.none


@pytest.mark.parametrize(("tries", "most", "least"), [(4, 241, 177), (1000, 338, 242)])
def test_a_search_looks_at_few_states_and_tells_much(tries: int, most: int, least: int) -> None:
    looked: list[None] = []
    settled = 0
    for seed in range(40):
        for part in searches(tangled(seed)):
            search, _ = begun(part)
            search.go(NO.watched(lambda: looked.append(None)), tries)
            settled += search.settled.bit_count()
    assert len(looked) <= most
    assert settled >= least


def steps(network: Network, tries: int = 1000) -> int:
    """How many states a search looks at."""
    looked: list[None] = []
    (part,) = searches(network)
    search, rows = begun(part)
    search.go(NO.watched(lambda: looked.append(None)), tries)
    told_rightly(part, search, rows)
    return len(looked)


def test_a_search_ends_as_soon_as_all_is_known_to_be_open() -> None:
    network = Network(tuple(rivals(9)), facts=1, fixed=(None,) * 10)
    assert 76 == len(definition.outcomes(replace(network, facts=0, fixed=(None,) * 9)))
    assert steps(network) <= 123  # of 175 that there are to look at
    assert 3 == steps(network, tries=3)
    assert 0 == steps(network, tries=0)


def test_a_time_limit_ends_a_search() -> None:
    (part,) = searches(people(*turns(6)))
    search, _ = begun(part)
    with pytest.raises(ResolutionTimeout):
        search.go(watched(1), 1000)


def test_broken_lanes_are_those_in_which_a_rule_or_what_is_given_is_certainly_not_met() -> None:
    network = Network((FREE, FREE), fixed=(None, None), rules=(("r", 0),), given=(~1,))
    state = [0b0001, 0b0110, 0b0011, 0b0100]  # 0 is false in lanes 1 and 2; 1 is true in lanes 0 and 1
    assert 0b0111 == broken(network, state)
    assert 0b0110 == broken(replace(network, given=()), state)
    assert 0 == broken(replace(network, given=(), rules=()), state)


# --- cuts ---


def hangs_on(network: Network, node: int, direct: int) -> set[int]:
    """The nodes whose values a node takes its own from."""
    if node < network.atoms:
        stance = network.stances[node]
        return {node_of(q) for q in (stance.uppers if stance.inclination is INCLINED else stance.lowers)}
    gate = network.gates[node - network.atoms]
    read = {node_of(q) for q in network.sums[gate.sum].literals}
    return read - {gate.taken} if len(network.sums[gate.sum].literals) <= direct else read


@every_eight
@pytest.mark.parametrize("direct", [64, 1])
@pytest.mark.parametrize("at_once", [50, 1])
def test_all_else_follows_from_a_cut(first: int, direct: int, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutset, "DIRECT", direct)
    monkeypatch.setattr(cutset, "AT_ONCE", at_once)
    for network in several(first):
        for sane in (network, network.assuming({0: True, network.atoms - 1: False})):
            found = cut(sane, 16)
            assert found is not None
            given = {a for a, v in enumerate(sane.fixed) if v is not None}
            chosen = {*found.choices}
            assert sorted(chosen) == list(found.choices)
            assert not chosen & given
            must = {
                a
                for a in range(network.atoms)
                if a >= network.attendances or network.stances[a].lost or network.stances[a].inclination is OPEN
            }
            assert must - given <= chosen
            assert {*range(network.atoms + len(network.gates))} - given - chosen == {*found.order}
            there = given | chosen
            for node in found.order:
                assert hangs_on(network, node, direct) <= there
                there.add(node)
            assert len(found.order) == len({*found.order})
            assert found == cut(sane, len(chosen))
            assert None is cut(sane, len(chosen) - 1)


def test_a_circle_is_cut_at_whoever_asks_and_is_asked_about_the_most() -> None:
    for hub in range(4):
        others = [x for x in range(4) if x != hub]
        stances = [only_if(hub, f"s{x}") for x in range(4)]
        stances[hub] = Stance(tuple(Part(f"p{x}", upper=x) for x in others), INCLINED)
        assert Cut((hub,), (*others,)) == cut(people(*stances), 4)
    assert Cut((0, 3), (2, 1, 5, 4)) == cut(people(*circle(3), *circle(3, 3)), 2)
    assert Cut((), (2, 1, 0)) == cut(people(only_if(1), comes_if(2), THERE), 0)
    asking = Stance((Part("a", upper=1), Part("b", upper=2)), INCLINED)  # one who asks two, and one whom two ask
    assert Cut((1,), (2, 0, 3)) == cut(
        people(asking, Stance((Part("c", upper=0), Part("d", upper=2)), INCLINED), only_if(1, "e"), THERE), 1
    )


def test_whoever_is_asked_about_more_often_or_comes_first_is_cut_out() -> None:
    """Each of a circle of four asks one; 2 is asked about from outside too, by two who say the same and one more."""
    outside = [only_if(2, "x"), comes_if(2, "y"), only_if(1, "z")]
    found = cut(people(*circle(4), *outside), 1)
    assert found is not None
    assert (2,) == found.choices
    found = cut(people(*circle(4), *outside[2:]), 1)
    assert found is not None
    assert (1,) == found.choices


def test_circles_that_must_be_cut_twice_are() -> None:
    def each_other(first: int) -> list[Stance]:
        three = range(first, first + 3)
        return [Stance(tuple(Part(f"s{x}{y}", upper=y) for y in three if y != x), INCLINED) for x in three]

    assert Cut((0, 1, 3, 4), (2, 5)) == cut(people(*each_other(0), *each_other(3)), 4)


def test_in_a_large_circle_several_are_cut_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for at_once, choices in ((50, (0,)), (3, (0, 1, 2)), (2, (0, 1, 2, 3))):
        monkeypatch.setattr(cutset, "AT_ONCE", at_once)
        found = cut(people(*circle(6)), 6)
        assert found is not None
        assert choices == found.choices


def test_whoever_takes_themselves_to_be_there_hangs_on_the_others_of_a_small_sum(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = {"sums": (Sum((0, ~1), (1, 1)),), "gates": (Gate(0, 2, 0), Gate(0, 2))}
    own = people(only_if(2), THERE, **shared)
    for direct, choices in ((2, ()), (1, (0,))):
        monkeypatch.setattr(cutset, "DIRECT", direct)
        found = cut(own, 2)
        assert found is not None
        assert choices == found.choices
