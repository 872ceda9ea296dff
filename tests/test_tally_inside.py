"""Scenarios counted, here or by others; a literal watched; worlds weighed."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from types import SimpleNamespace
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import tallying
from attendance.engines.deadline import NO, Deadline
from attendance.engines.planes import ones
from attendance.engines.rows import combinations
from attendance.engines.sweeping import Varied
from attendance.engines.tallying import Tally, Task, tallies
from attendance.engines.watching import watched
from attendance.engines.weights import Scale, odds
from attendance.network import DISINCLINED, Part, Stance
from tests.test_sweep_inside import every_group, light, torn_by

# --- scenarios counted ----------------------------------------------------------------------------


def counted(over: Sequence[int] = (3, 4, 5, 6)) -> Task:
    """Torn where three facts hold, impossible where the first does not; and somebody who comes by the second."""
    network = torn_by(4, 3, Stance((Part("e", lower=4),), DISINCLINED))
    varied = Varied(replace(network, given=(3,)), tuple(over))
    return Task(varied, tuple(range(len(varied.parts))), combinations(tuple(over)))


def added(tallies: Sequence[Tally]) -> Tally:
    """By hand."""
    return Tally(
        sum(tally.rows for tally in tallies),
        tuple(map(sum, zip(*(tally.attends for tally in tallies), strict=True))),
        tuple(map(sum, zip(*(tally.undetermined for tally in tallies), strict=True))),
        sum(tally.impossible for tally in tallies),
        sum(tally.torn for tally in tallies),
    )


@pytest.mark.parametrize("lanes", [1, 3, 4, 16])
def test_rows_are_counted_from_one_to_another_whatever_a_chunk_holds(
    monkeypatch: pytest.MonkeyPatch, lanes: int
) -> None:
    alone = [tallying.count(counted(), row, row + 1, NO) for row in range(16)]
    assert (8, 4, 1) == (sum(t.impossible for t in alone), sum(t.torn for t in alone), alone[9].rows)
    monkeypatch.setattr(tallying, "NEAR", 0)
    monkeypatch.setattr(tallying, "LANES", lanes)
    for start, stop in (0, 16), (5, 14), (8, 9), (3, 12):
        found = tallying.count(counted(), start, stop, NO)
        assert added(alone[start:stop]) == found
        assert found == alone[start] + tallying.count(counted(), start + 1, stop, NO)
    assert [added(alone)] == tallies([counted()], NO)


class Handing:
    """Does at once what is handed out, and notes the rows; and when its result is asked for."""

    def __init__(self, made: Any = None) -> None:
        self.made = made
        self.told: list[Any] = []

    def submit(self, function: Any, task: Task, start: int, stop: int, deadline: Deadline) -> Any:
        self.told.append((start, stop))
        if self.made is not None:
            return self.made
        found = function(task, start, stop, deadline)

        def result() -> Tally:
            self.told.append("asked")
            return found

        return SimpleNamespace(result=result, cancel=lambda: None)


@pytest.mark.parametrize(
    ("seconds", "rows"),
    [(0.1, [(2, 8), (8, 14), (14, 16)]), (1.0, [(at, at + 2) for at in range(2, 16, 2)]), (0.0, [(2, 16)])],
)
def test_a_task_holds_as_many_rows_as_are_worth_it(
    monkeypatch: pytest.MonkeyPatch, seconds: float, rows: list[tuple[int, int]]
) -> None:
    now, done = [1000.0], tallying.count

    def slow(task: Task, start: int, stop: int, deadline: Deadline) -> Tally:
        now[0] += seconds
        return done(task, start, stop, deadline)

    for name, value in (("perf_counter", lambda: now[0]), ("count", slow), ("NEAR", 0), ("LANES", 2)):
        monkeypatch.setattr(tallying, name, value)
    executor = Handing()
    assert [done(counted(), 0, 16, NO)] == tallies([counted()], NO, executor)
    assert rows == [told for told in executor.told if told != "asked"]


def test_so_many_tasks_are_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("NEAR", 0), ("LANES", 2), ("WORTH", 0.0), ("AHEAD", 3)):
        monkeypatch.setattr(tallying, name, value)
    executor = Handing()
    tallies([counted()], NO, executor)
    first = [(2, 4), (4, 6), (6, 8), "asked", (8, 10), "asked", (10, 12), "asked", (12, 14), "asked", (14, 16)]
    assert [*first, "asked", "asked", "asked"] == executor.told


@pytest.mark.parametrize("done", [True, False])
def test_without_a_limit_a_task_that_says_it_took_too_long_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    monkeypatch.setattr(tallying, "NEAR", 0)
    monkeypatch.setattr(tallying, "LANES", 2)
    asked = []

    def result() -> Tally:
        asked.append("again")
        if len(asked) > 1:
            raise AssertionError("asked again")
        raise TimeoutError("the cluster is slow")

    made = SimpleNamespace(result=result, cancel=lambda: None, done=lambda: done)
    with pytest.raises(TimeoutError, match="the cluster is slow"):
        tallies([counted()], NO, Handing(made))


# --- a literal watched, and worlds weighed --------------------------------------------------------


@every_group
def test_what_is_watched_comes_just_where_its_literal_holds(seeds: Sequence[int]) -> None:
    for seed in seeds[::6]:
        network = light(seed)
        people, nodes = network.attendances, network.atoms + len(network.gates)
        for literal in (0, ~0, network.atoms, ~(nodes - 1), network.atoms - 1):
            found = watched(network, literal)
            states = definition.outcomes(network)
            holds = [definition.holds(literal, definition.values(network, state)) for state in states]
            expected = [(*state[:people], true, *state[people:]) for state, true in zip(states, holds, strict=True)]
            assert sorted(expected) == sorted(definition.outcomes(found))
        if not states:
            assert definition.repairs(network) == definition.repairs(found)


@pytest.mark.parametrize("atoms", range(7))
def test_a_plane_weighs_as_much_as_its_worlds(atoms: int) -> None:
    chances = [Fraction(n + 1, n + 3 + n % 2) for n in range(atoms)]
    if atoms > 1:
        chances[1] = Fraction(0)
    scale = Scale([odds(chance) for chance in chances])
    masses = [
        prod(c if value else 1 - c for c, value in zip(chances, values, strict=True))
        for values in product((False, True), repeat=atoms)
    ]
    assert 1 << atoms == len(masses) == scale.lanes
    full = (1 << scale.lanes) - 1
    for plane in {0, full, full // 3, full // 7 * 5, *(1 << lane for lane in range(scale.lanes))}:
        assert sum(masses[lane] for lane in ones(plane)) == Fraction(scale.weigh(plane), scale.whole)
