"""The rooms that searches lean on, each by what it promises: signs, lanes, cuts, clashes, time, chance, and plain enumeration."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from math import exp, isclose, log, sqrt
from random import Random

import pytest

from attendance import network as definition
from attendance.engines import cutset, deadline, drawing, enumeration, solve
from attendance.engines.balance import Signs, is_balanced, is_exact, is_tearable
from attendance.engines.branching import Search, broken
from attendance.engines.clashing import clashes, shrink
from attendance.engines.cutset import Cut, cut
from attendance.engines.deadline import NO, Deadline
from attendance.engines.evaluation import evaluate, is_kept, is_outcome, weights_of
from attendance.engines.sweeping import Part as SweptPart
from attendance.engines.sweeping import Varied
from attendance.errors import EngineUnsuitable, ResolutionTimeout
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
from tests.test_evaluation import plainly
from tests.test_many_networks import made, watched

every = pytest.mark.parametrize("first", range(0, 120, 8))


def several(first: int) -> list[Network]:
    return [made(seed) for seed in range(first, first + 8)]


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


@every
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


@every
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


@every
def test_a_search_tells_each_lane_as_the_definition_does(first: int) -> None:
    for network in [*several(first), tangled(first)]:
        for part in searches(network):
            for within in (None, 0b1010):
                search, rows = begun(part, within)
                whole = search.left
                search.go(NO, 1000)
                assert whole == search.settled ^ search.none
                told_rightly(part, search, rows)


@every
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


@every
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


# --- clashes ---


def families(seed: int) -> tuple[list[str], list[frozenset[str]]]:
    """Ids, and minimal sets of them that clash."""
    random = Random(seed)
    ids = [f"s{i}" for i in range(random.randint(1, 7))]
    drawn = {frozenset(random.sample(ids, random.randint(1, min(3, len(ids))))) for _ in range(random.randint(0, 4))}
    return ids, [a for a in drawn if not any(b < a for b in drawn)]


@pytest.mark.parametrize("seed", range(60))
def test_all_minimal_clashing_sets_are_found_the_smallest_first(seed: int) -> None:
    ids, minimal = families(seed)
    asked: list[frozenset[str]] = []

    def stands(kept: Sequence[str]) -> bool:
        assert sorted(kept) == list(kept) or len(kept) < len(ids)
        asked.append(frozenset(kept))
        return not any(clash <= asked[-1] for clash in minimal)

    ordered = sorted(minimal, key=lambda clash: (len(clash), sorted(clash)))
    assert (ordered, True) == clashes(ids, stands, limit=9, tries=500, deadline=NO)
    least = len(asked)
    for limit in range(len(minimal) + 1):
        found, all_ = clashes(ids, stands, limit=limit, tries=500, deadline=NO)
        assert {*found} <= {*minimal}
        assert limit == len(found) == len({*found})
        assert not all_ or not minimal
        assert found == [clash for clash in ordered if clash in found]
    for tries in range(5):
        asked.clear()
        found, all_ = clashes(ids, stands, limit=9, tries=tries, deadline=NO)
        assert {*found} <= {*minimal}
        assert all_ == (minimal == [] and tries > 0) or (all_ and ordered == found)
        assert len(found) <= tries
        assert len(asked) <= least


def test_a_node_of_the_tree_is_looked_at_once_and_known_clashes_are_used_again() -> None:
    looked: list[frozenset[str]] = []

    def stands(kept: Sequence[str]) -> bool:
        looked.append(frozenset(kept))
        return not ({"a", "b"} <= looked[-1] or {"c", "d"} <= looked[-1])

    checks: list[None] = []
    deadline_ = NO.watched(lambda: checks.append(None))
    assert ([{"a", "b"}, {"c", "d"}], True) == clashes("abcd", stands, limit=9, tries=9, deadline=deadline_)
    assert 7 == len(checks)  # nothing, a, b, and each with c or d
    assert 1 == looked.count(frozenset("abcd")) == looked.count(frozenset("bcd"))
    assert 0 == looked.count(frozenset("acd"))  # what is known to clash is left in it
    assert ([{"a", "b"}, {"c", "d"}], True) == clashes("abcd", stands, limit=9, tries=7, deadline=NO)
    found, all_ = clashes("abcd", stands, limit=9, tries=6, deadline=NO)
    assert not all_
    assert 2 == len(found)
    with pytest.raises(ResolutionTimeout):
        clashes("abcd", stands, limit=9, tries=9, deadline=watched(3))


@pytest.mark.parametrize("seed", range(60))
def test_a_clashing_set_shrinks_to_a_minimal_one_in_it(seed: int) -> None:
    ids, minimal = families(seed)
    asked: list[tuple[str, ...]] = []

    def stands(kept: Sequence[str]) -> bool:
        asked.append(tuple(kept))
        return not any(clash <= frozenset(kept) for clash in minimal)

    if minimal:
        assert shrink(ids, stands) in minimal
        assert 1 == asked.count(())  # that nothing clashes by itself is asked once
    assert frozenset() == shrink(ids, lambda kept: False)
    assert frozenset() == shrink([], stands)


# --- time ---


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(deadline, "monotonic", lambda: now[0])
    return now


def test_a_moment_comes_when_its_seconds_are_over(clock: list[float]) -> None:
    late = Deadline.after(2.5)
    assert (102.5, 2.5, None) == (late.moment, late.seconds, late.conflicts)
    assert 2.5 == late.left()
    clock[0] = 102.0
    late.check()
    assert 0.5 == late.left()
    for clock[0] in (102.5, 110.0):
        assert 0.0 == late.left()
        with pytest.raises(ResolutionTimeout) as caught:
            late.check()
        assert "no answer within 2.5 s: allow more time, or ask for less" == str(caught.value)
    with pytest.raises(ResolutionTimeout, match="no answer within 0 s: "):
        Deadline.after(0.0).check()


def test_without_a_limit_there_is_none(clock: list[float]) -> None:
    for never in (NO, Deadline.after(None)):
        assert Deadline() == never
        assert never.left() is None
        never.check()


def test_whoever_watches_is_called_first_and_may_raise(clock: list[float]) -> None:
    called: list[str] = []
    late = Deadline.after(0.0).watched(lambda: called.append("x")).tiring(7)
    assert (7, 100.0, 0.0) == (late.conflicts, late.moment, late.seconds)
    with pytest.raises(ResolutionTimeout):
        late.check()
    assert ["x"] == called
    assert "poll" not in repr(late)
    assert late == Deadline.after(0.0).tiring(7)


def test_waiting_looks_up_now_and_then_until_it_is_ready_or_too_late(clock: list[float]) -> None:
    slices: list[float] = []

    def ready(seconds: float) -> bool:
        slices.append(seconds)
        clock[0] += seconds
        return len(slices) == 3

    NO.wait(ready)
    assert [deadline.SLICE] * 3 == slices
    assert 0.05 == deadline.SLICE
    slices.clear()
    clock[0] = 0.0
    with pytest.raises(ResolutionTimeout):
        Deadline.after(deadline.SLICE * 1.5).wait(ready)
    assert [deadline.SLICE, pytest.approx(deadline.SLICE / 2)] == slices
    with pytest.raises(ResolutionTimeout):
        Deadline.after(0.0).wait(ready)
    assert 2 == len(slices)


# --- chance ---


class Drawn:
    """In place of chance: planes that have every combination of bits once."""

    def __init__(self, bits: int) -> None:
        self.bits, self.planes = bits, iter(range(bits))

    def getrandbits(self, size: int) -> int:
        assert size == 1 << self.bits
        place = next(self.planes)
        return sum(1 << lane for lane in range(size) if lane >> place & 1)


def test_a_bit_falls_in_just_its_share_of_all_that_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "BITS", 3)
    for yes in range(9):  # exact to three places
        assert yes == drawing.falling((8 - yes, yes), 8, Drawn(3)).bit_count()  # type: ignore[arg-type]
    for odds in ((2, 1), (1, 2), (5, 1), (7, 9), (99, 1)):  # a last place is fair
        eighths = 8 * odds[1] // sum(odds)
        assert 2 * eighths + 1 == drawing.falling(odds, 16, Drawn(4)).bit_count()  # type: ignore[arg-type]


def test_no_chance_is_drawn_for_what_is_certain() -> None:
    random = Random(1)
    state = random.getstate()
    assert ((1 << 70) - 1, 0) == (drawing.falling((0, 3), 70, random), drawing.falling((2, 0), 70, random))
    assert state == random.getstate()
    fair = Random(1)
    assert fair.getrandbits(70) == drawing.falling((1, 1), 70, random)
    assert fair.getstate() == random.getstate()  # of a fair one, a bit is drawn once


def test_the_worlds_of_a_seed_are_the_same_everywhere() -> None:
    drawn = drawing.worlds({3: (1, 2), 5: (3, 1)}, 24, seed=7)
    assert (24, (3, 5)) == (drawn.size, drawn.atoms)
    assert drawn.columns == drawing.worlds({3: (1, 2), 5: (3, 1)}, 24, 7).columns
    assert drawn.columns != drawing.worlds({3: (1, 2), 5: (3, 1)}, 24, 8).columns
    assert {3: 10254843, 5: 1048800} == drawn.columns
    with pytest.raises(ResolutionTimeout):
        drawing.worlds({3: (1, 2)}, 24, 7, watched(0))
    with pytest.raises(ResolutionTimeout):
        drawing.worlds({3: (1, 2), 5: (1, 1)}, 24, 7, watched(1))


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("of", [1, 10, 1000])
def test_a_share_lies_within_the_bound_of_chernoff(of: int, confidence: float) -> None:
    far = log(2 / (1 - confidence)) / of
    assert (0.0, pytest.approx(1 - exp(-far), abs=1e-15)) == drawing.around(0, of, confidence)
    assert (pytest.approx(exp(-far), abs=1e-15), 1.0) == drawing.around(of, of, confidence)
    if of > 1:
        half = sqrt(1 - exp(-2 * far)) / 2
        assert (pytest.approx(0.5 - half), pytest.approx(0.5 + half)) == drawing.around(of // 2, of, confidence)
        for share in (of // 10, of * 7 // 10):
            for edge in drawing.around(share, of, confidence):
                assert isclose(far, drawing.entropy(share / of, edge), rel_tol=1e-9)
                assert far <= drawing.entropy(share / of, edge)


# --- enumeration ---


@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_enumeration_lists_what_the_definitions_say(seed: int) -> None:
    network = made(seed)
    strict = definition.outcomes(network)
    assert bool(strict) == enumeration.solvable(network)
    everybody = range(network.attendances)
    for size in range(3):
        gone = [*map(frozenset, combinations(network.removable, size))]
        states = sorted({state for ids in gone for state in definition.outcomes(network.without(ids))})
        assert states == list(enumeration.outcomes(network, set_aside=size))
        assert len(states) == enumeration.count(network, set_aside=size)
        for order, sign in (("fewest", 1), ("most", -1)):
            expected = sorted(states, key=lambda s: sign * sum(s[: network.attendances]))
            assert expected == list(enumeration.outcomes(network, set_aside=size, order=order))  # type: ignore[arg-type]
        survey = definition.summarise(network, states, range(network.atoms), [everybody])
        assert survey == enumeration.survey(network, range(network.atoms), [everybody], set_aside=size)
    assert strict == list(enumeration.outcomes(network))
    assert len(strict) == enumeration.count(network)
    assert definition.survey(network, [0, ~0]) == enumeration.survey(network, [0, ~0])
    repairs = sorted(definition.repairs(network), key=sorted)
    assert (repairs, True) == enumeration.repairs(network) == enumeration.repairs(network, limit=len(repairs))
    if repairs:
        assert (repairs[:-1], False) == enumeration.repairs(network, limit=len(repairs) - 1)


def test_what_enumeration_refuses_and_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, "FREE", 3)
    network, larger = people(*rivals(3), THERE, fixed=(None, None, None, True)), people(*rivals(4))
    asked = (enumeration.solvable, enumeration.count, lambda n, **k: list(enumeration.outcomes(n, **k)), lambda n, **k: enumeration.survey(n, [0], **k), enumeration.repairs)  # fmt: skip
    for number, ask in enumerate(asked):
        ask(network)
        with pytest.raises(EngineUnsuitable) as caught:
            ask(larger)
        assert ("enumeration", "4 attendances and facts are free; at most 3 can be") == (
            caught.value.engine,
            caught.value.reason,
        )
        if number < 4:
            with pytest.raises(ResolutionTimeout):
                ask(network, deadline=Deadline.after(0))


def test_two_thousand_repairs_are_a_thousand_unless_more_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [frozenset({f"s{i}"}) for i in range(1001)]
    monkeypatch.setattr(enumeration, "defined_repairs", lambda _: many)
    found, every_ = enumeration.repairs(people(FREE))
    assert (1000, False) == (len(found), every_)
    assert sorted(many, key=sorted)[:1000] == found


# --- values of nodes ---


@every
def test_values_are_what_the_gates_before_make_of_the_known(first: int) -> None:
    for seed, network in enumerate(several(first)):
        random = Random(seed)
        for _ in range(12):
            atoms = [random.choice((None, False, True)) for _ in range(network.atoms)]
            assert plainly(network, atoms) == evaluate(network, atoms)
        states = [*product((False, True), repeat=network.atoms)]
        loose = replace(network, founded=False)
        for state in random.sample(states, min(16, len(states))) + definition.outcomes(loose):
            assert definition.is_outcome(network, state) == is_outcome(network, state)
            assert definition.is_outcome(loose, state) == is_kept(network, state)


def test_somebody_who_is_discontent_is_told_before_the_gates_of_others_are_looked_at() -> None:
    late = Gate(1, 1)  # of a sum that is none: whoever looks at it fails
    network = people(only_if(~1), THERE, only_if(4), sums=(Sum((0,), (1,)),), gates=(Gate(0, 1), late))
    assert not is_kept(network, (True, True, True))
    with pytest.raises(IndexError):
        is_kept(network, (False, True, True))


def test_the_weight_of_a_literal_is_that_of_all_its_places() -> None:
    assert {1: 2, ~1: 3} == weights_of(Sum((1, ~1), (2, 3)))
    assert {1: 6, 2: 3} == weights_of(Sum((1, 2, 1), (2, 3, 4)))
    assert {} == weights_of(Sum((), ()))
