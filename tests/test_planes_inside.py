"""Planes, rows of scenarios as planes, and products of blocks, against what they are by definition."""

from collections.abc import Iterator, Sequence
from itertools import islice, product
from random import Random

import pytest

from attendance.engines import planes
from attendance.engines.planes import at_least, extremes, ones, pattern, plane_of, threshold, total
from attendance.engines.products import Lazy, by_size, in_turn
from attendance.engines.rows import Columns, combinations, digit
from attendance.network import State

WEIGHTS = [
    (),
    (1,),
    (3,),
    (0,),
    (1, 1),
    (2, 2),
    (0, 1),
    (0, 0),
    (1, 2, 4),
    (5, 0, 5),
    (3, 3, 3),
    (1, 1, 1, 1, 1),
    (7, 2**40, 2**40, 1),
]


def columns(number: int) -> list[int]:
    """Planes of so many things, of every state of them."""
    return [pattern(thing, number) for thing in range(number)]


def weight_in(lane: int, weights: Sequence[int]) -> int:
    return sum(weight for thing, weight in enumerate(weights) if lane >> thing & 1)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_weights_are_added_up_lane_by_lane(weights: tuple[int, ...]) -> None:
    lanes = range(1 << len(weights))
    full, digits = (1 << len(lanes)) - 1, total(columns(len(weights)), weights)
    sums = [weight_in(lane, weights) for lane in lanes]
    assert sums == [sum((plane >> lane & 1) << place for place, plane in enumerate(digits)) for lane in lanes]
    assert len(digits) == max(1, max(sums).bit_length()), "no digit is there for nothing"
    for quota in {-1, 0, 1, *sums, *(of + 1 for of in sums), *weights}:
        reached = plane_of(of >= quota for of in sums)
        assert reached == at_least(digits, quota, full)
        assert not weights or reached == threshold(columns(len(weights)), weights, quota, full)
    for some in (full, 1, full & 0b10110, 1 << len(lanes) - 1):
        there = [sums[lane] for lane in ones(some & full)]
        assert not there or (min(there), max(there)) == extremes(digits, some & full)


def test_a_lane_in_which_nothing_is_there_has_no_digits() -> None:
    assert [0] == total([0, 0], [3, 4])
    assert (1 << 9) - 1 == at_least([0], 0, (1 << 9) - 1)


def test_where_all_or_any_reach_it_nothing_is_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(planes, "total")
    for weights in ((1, 1), (2, 3), (1, 5)):
        assert [0, 0b1110, 0b1000, 0b1111] == [
            threshold([0b1010, 0b1100], weights, quota, 0b1111)
            for quota in (sum(weights) + 1, min(weights), sum(weights), 0)
        ]


@pytest.mark.parametrize("variables", range(1, 5))
def test_a_free_variable_is_true_in_half_of_the_states(variables: int) -> None:
    for variable in range(variables):
        assert plane_of(lane >> variable & 1 for lane in range(1 << variables)) == pattern(variable, variables)


def test_a_plane_has_its_bits_lowest_first() -> None:
    assert 0 == plane_of([])
    assert 0b1101 == plane_of([True, False, 1, True])
    for bits in range(1 << 10):
        assert bits == plane_of(bits >> lane & 1 for lane in range(10))
        assert [lane for lane in range(10) if bits >> lane & 1] == list(ones(bits))
    assert [0, 64, 1000] == list(ones(1 | 1 << 64 | 1 << 1000))


@pytest.mark.parametrize("place", range(5))
def test_digits_of_numbers_counted_up(place: int) -> None:
    for start in range(40):
        for width in range(1, 70, 3):
            assert plane_of(start + row >> place & 1 for row in range(width)) == digit(place, start, width)


def test_a_digit_of_few_numbers_takes_no_room_for_all_that_have_it() -> None:
    assert [0, 0b1100, 0b1111, 0b0011] == [digit(60, start, 4) for start in (0, 2**60 - 2, 2**60, 2**61 - 2)]


@pytest.mark.parametrize("size", [1, 7, 8, 16, 21, 64])
def test_a_piece_of_rows_in_columns(size: int) -> None:
    of = {5: Random(size).getrandbits(size), 2: (1 << size) - 1, 3: 0}
    rows = Columns(of, size)
    assert (5, 2, 3) == rows.atoms
    for start in range(size):
        for width in range(1, size - start + 1):
            piece = {atom: plane >> start & (1 << width) - 1 for atom, plane in of.items()}
            assert piece == rows.planes(start, width)


def test_combinations_are_counted_up_with_the_last_one_fastest() -> None:
    rows = combinations((7, 4, 9))
    assert (0, 8) == (rows.first, rows.size)
    every = list(product((False, True), repeat=3))
    for start in range(8):
        for width in range(1, 9 - start):
            found = rows.planes(start, width)
            assert [7, 4, 9] == list(found)
            assert every[start : start + width] == [
                tuple(bool(plane >> row & 1) for plane in found.values()) for row in range(width)
            ]


# --- products ---


def block(random: Random, *, most: bool | None) -> list[State]:
    """Some states of two attendances and a fact, in order of how many attend if an order is asked for."""
    states = random.sample(list(product((False, True), repeat=3)), random.randint(1, 6))
    return states if most is None else sorted(states, key=lambda state: sum(state[:2]), reverse=most)


@pytest.mark.parametrize("most", [None, False, True])
def test_every_choice_of_one_of_each_block_comes_once(most: bool | None) -> None:
    for seed in range(20):
        random = Random(seed)
        blocks = [block(random, most=most) for _ in range(random.randint(0, 3))]
        lazy = [Lazy(iter(of)) for of in blocks]
        if most is None:
            assert [list(chosen) for chosen in product(*blocks)] == list(in_turn(lazy))
            continue
        found = list(by_size(lazy, [2] * len(blocks), most=most) if most else by_size(lazy, [2] * len(blocks)))
        assert sorted(map(list, product(*blocks))) == sorted(found)
        counts = [sum(sum(state[:2]) for state in chosen) for chosen in found]
        assert counts == sorted(counts, reverse=most)


def test_of_blocks_of_which_one_is_empty_there_is_no_choice() -> None:
    assert [] == list(by_size([Lazy(iter([(True,)])), Lazy(iter([]))], [1, 1]))


def test_no_block_is_gone_through_further_than_it_is_asked() -> None:
    """The first few of endless blocks come at once, and nothing is made twice."""
    asked: list[int] = []

    def endless(number: int) -> Iterator[State]:
        while True:
            asked.append(number)
            yield (True,) * len(asked)

    for put in (in_turn, lambda blocks: by_size(blocks, [99, 99])):
        asked.clear()
        assert 3 == len(list(islice(put([Lazy(endless(0)), Lazy(endless(1))]), 3)))
        assert len(asked) <= 6


def test_what_an_iterator_gives_is_kept() -> None:
    lazy = Lazy(iter("abc"))
    assert ["b", "a", "c", None, None, "a"] == [lazy.get(index) for index in (1, 0, 2, 3, 9, 0)]
