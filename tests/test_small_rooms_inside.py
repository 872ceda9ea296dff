"""Clashes, time, chance, plain enumeration and the values of nodes, each by what it promises."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from math import exp, isclose, log, sqrt
from random import Random

import pytest

from attendance import network as definition
from attendance.engines import deadline, drawing, enumeration
from attendance.engines.clashing import clashes, shrink
from attendance.engines.deadline import NO, Deadline
from attendance.engines.evaluation import evaluate, is_kept, is_outcome, weights_of
from attendance.errors import EngineUnsuitable, ResolutionTimeout
from attendance.network import Gate, Sum
from tests.networks_by_hand import (
    FREE,
    THERE,
    only_if,
    people,
    rivals,
)
from tests.test_evaluation import plainly
from tests.test_many_networks import every_eight, made, several, watched

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


@every_eight
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
