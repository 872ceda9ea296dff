"""Sums written for the answer-set solver: whatever is true, the head is just where the weight is; no number is too large."""

from collections.abc import Sequence
from itertools import product

import pytest

from attendance.engines import weighing
from attendance.engines.weighing import short, write_count, write_range, write_sorted, write_threshold
from attendance.errors import EngineUnsuitable


class Program:
    """What is written, read as a solver reads it: rules up to what they reach, then constraints."""

    def __init__(self, inputs: int) -> None:
        self.inputs = self.atoms = inputs
        self.rules: list[tuple[int, int, list[tuple[int, int]]]] = []
        self.constraints: list[list[int]] = []

    def add_atom(self) -> int:
        self.atoms += 1
        return self.atoms

    def add_rule(self, head: Sequence[int], body: Sequence[int] = (), choice: bool = False) -> None:
        assert not choice
        if head:
            assert all(literal > 0 for literal in body), "heads are founded when what they are said of is"
            self.rules.append((head[0], len(body), [(literal, 1) for literal in body]))
        else:
            self.constraints.append([*body])

    def add_weight_rule(self, head: Sequence[int], lower: int, body: Sequence[tuple[int, int]]) -> None:
        assert all(0 < weight for _, weight in body)
        assert max(lower, sum(weight for _, weight in body)) < 1 << weighing.WORD
        self.rules.append((head[0], lower, [*body]))

    def reached(self, values: Sequence[bool]) -> set[int]:
        """All that is true where just those inputs are."""
        true = {at for at, value in enumerate(values, 1) if value}
        grows = True
        while grows:
            more = {head for head, lower, body in self.rules if sum(w for q, w in body if q in true) >= lower} - true
            true |= more
            grows = bool(more)
        return true

    def kept(self, true: set[int]) -> bool:
        """Whether no constraint holds."""
        return not any(all((abs(q) in true) is (q > 0) for q in body) for body in self.constraints)


def states(inputs: int) -> list[tuple[bool, ...]]:
    return [*product((False, True), repeat=inputs)]


SUMS = [
    (),
    (1,),
    (1, 1, 1),
    (2, 3, 4),
    (6, 6, 9, 12),
    (0, 5, 1),
    (1, 2, 4, 8, 16),
    (37, 51, 8, 90),
    (300, 299, 1, 7),
    (4095, 1, 4096, 640),
    (63, 63, 63, 63, 63, 63),
    (100_000, 77_777, 31, 8),
]


@pytest.mark.parametrize("word", [6, 7, 30])
@pytest.mark.parametrize("weights", SUMS, ids=str)
def test_the_head_holds_where_the_weight_reaches_the_quota(
    monkeypatch: pytest.MonkeyPatch, weights: tuple[int, ...], word: int
) -> None:
    monkeypatch.setattr(weighing, "WORD", word)
    sums = {sum(w for w, value in zip(weights, values, strict=True) if value) for values in states(len(weights))}
    for quota in sorted({q + more for q in (*sorted(sums)[:9], *sorted(sums)[-9:]) for more in (-1, 0, 1)}):
        program = Program(len(weights))
        head = program.add_atom()
        write_threshold(program, head, quota, [*enumerate(weights, 1)])
        for values in states(len(weights)):
            weight = sum(w for w, value in zip(weights, values, strict=True) if value)
            assert (weight >= quota) is (head in program.reached(values))


def test_what_a_clause_says_is_no_sum() -> None:
    """Any of them, or all of those that weigh; what never is reached is written nowhere."""
    for quota, rules in [(3, [(1, [1]), (1, [2]), (1, [3])]), (11, [(3, [1, 2, 3])]), (12, []), (0, [(0, [])])]:
        program = Program(4)
        write_threshold(program, program.add_atom(), quota, [(1, 4), (2, 4), (3, 3), (4, 0)])
        assert rules == [(lower, [literal for literal, _ in body]) for _, lower, body in program.rules]


def test_weights_are_written_by_their_common_measure() -> None:
    program = Program(3)
    write_threshold(program, program.add_atom(), 20, [(1, 6), (2, 9), (3, 15)])
    assert [(4, 7, [(1, 2), (2, 3), (3, 5)])] == program.rules


def test_a_sum_is_refused_where_it_takes_too_much_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the last digit there are one or two more, and each takes three times three literals."""
    monkeypatch.setattr(weighing, "WORD", 6)
    small, large = [(1, 40), (2, 30), (3, 7)], [(1, 4096), (2, 257), (3, 33)]
    for weighted, most, fits in (small, 9, True), (small, 8, False), (large, 18, True), (large, 17, False):
        quota = 50 if weighted is small else 4300
        monkeypatch.setattr(weighing, "MOST_WRITTEN", most)
        program = Program(3)
        if fits:
            write_threshold(program, program.add_atom(), quota, weighted)
            assert program.rules
        else:
            with pytest.raises(EngineUnsuitable) as caught:
                write_threshold(program, program.add_atom(), quota, weighted)
            told = "the engine 'clingo' cannot answer this: a sum of 3 weights that come to 6 bits or more"
            assert told == str(caught.value)


@pytest.mark.parametrize(
    ("quota", "weights", "most", "need"),
    [
        (1, (), 20, None),
        (0, (1, 1), 20, None),
        (-1, (1, 1), 20, None),
        (1, (1,), 20, 1),
        (3, (3,), 20, 1),
        (4, (3,), 20, None),
        (1, (1, 2), 20, None),
        (3, (2, 2), 20, 2),
        (4, (2, 2), 20, 2),
        (5, (2, 2), 20, None),
        (1, (1,) * 300, 20, 1),
        (300, (1,) * 300, 20, 300),
        (3, (1,) * 6, 20, 3),
        (3, (1,) * 6, 19, None),
        (2, (1,) * 7, 20, None),
        (2, (1,) * 7, 21, 2),
        (6, (1,) * 7, 20, None),
        (6, (1,) * 7, 21, 6),
        (9, (5,) * 5, 20, 2),
    ],
)
def test_how_many_must_be_true_is_said_in_clauses_where_they_are_few(
    monkeypatch: pytest.MonkeyPatch, quota: int, weights: tuple[int, ...], most: int, need: int | None
) -> None:
    monkeypatch.setattr(weighing, "SHORT", most)
    assert need == short(quota, weights)


@pytest.mark.parametrize("size", range(1, 6))
def test_counts_are_said_both_ways(size: int) -> None:
    for need in range(1, size + 1):
        program = Program(size)
        head = program.add_atom()
        write_count(program, head, need, range(1, size + 1))
        for values in states(size):
            true = program.reached(values)
            assert (sum(values) >= need) is program.kept(true | {head})
            assert (sum(values) < need) is program.kept(true)


def test_a_range_has_two_ends() -> None:
    for low, high in (0, 2), (1, 3), (2, 2), (4, 4):
        program = Program(4)
        write_range(program, range(1, 5), low, high)
        for values in states(4):
            assert (low <= sum(values) <= high) is program.kept(program.reached(values))


@pytest.mark.parametrize("size", range(7))
def test_sorted_literals_say_how_many_hold(size: int) -> None:
    program = Program(size)
    wires = write_sorted(program, range(1, size + 1))
    for values in states(size):
        true = program.reached(values)
        assert [k < sum(values) for k in range(size)] == [wire in true for wire in wires]
