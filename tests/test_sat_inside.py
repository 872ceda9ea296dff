"""What the engine sat keeps, gives up and refuses; and that it does no more than it is asked for."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import sat as engine
from attendance.engines.deadline import Deadline
from attendance.errors import EngineMissing, EngineUnsuitable, ResolutionTimeout
from attendance.network import Gate, Network, Stance, Sum
from tests.test_clingo import pigeons
from tests.test_lanes_inside import crowd, weighed
from tests.test_many_networks import made, watched

if "CI" not in os.environ:
    pytest.importorskip("pysat")


def free() -> Network:
    """Three people and a fact of whom nothing is said; anew, for a search is kept as long as its network is."""
    return Network((Stance(),) * 3, 1, fixed=(None,) * 4)


@pytest.mark.parametrize("first", range(0, 120, 30))
@pytest.mark.parametrize("make", [made, weighed])
def test_answers_are_those_defined(make: Callable[[int], Network], first: int) -> None:
    for seed in range(first, first + 30):
        network = replace(make(seed), founded=False)
        nodes = range(-network.atoms - len(network.gates), network.atoms + len(network.gates))
        people = range(network.attendances)
        found = definition.outcomes(network)
        assert sorted(engine.outcomes(network)) == found
        assert engine.count(network) == len(found)
        assert engine.survey(network, nodes, [people, people[1:], []]) == definition.survey(
            network, nodes, [people, people[1:], []]
        )
        wanted = definition.survey(network, range(network.atoms))
        assert engine.possible(network) == (wanted and wanted.possible)
        for order, sign in (("fewest", 1), ("most", -1)):
            states = list(engine.outcomes(network, order=order))  # type: ignore[arg-type]
            turnouts = [sign * sum(state[: network.attendances]) for state in states]
            assert turnouts == sorted(turnouts)
            assert sorted(states) == found


# --- what is kept ---


def test_what_can_be_goes_on_from_where_an_outcome_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[Network] = []

    class Counting(engine._Search):
        def __init__(self, network: Network, *rest: Any) -> None:
            searches.append(network)
            super().__init__(network, *rest)

    monkeypatch.setattr(engine, "_Search", Counting)
    network = free()
    assert engine.solvable(network)
    assert ((True, True),) * 4 == engine.possible(network)
    assert [network] == searches
    assert ((True, True),) * 4 == engine.possible(network)
    assert [network] * 2 == searches, "and is not kept any longer"


def test_where_there_is_no_outcome_nothing_is_kept() -> None:
    network = replace(free(), given=(0, ~0))
    assert not engine.solvable(network)
    assert network not in engine._BEGUN
    assert engine.possible(network) is None


def test_outcomes_in_no_order_are_not_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(engine, "sorting")
    assert 16 == engine.count(free())


# --- limits ---


def hard() -> Network:
    """Pigeons of whom one may stay outside: possible, but not at once to be seen."""
    network = pigeons(7)
    return replace(network, given=network.given[1:])


def conflicts(network: Network, ask: Callable[[Network, Deadline], Any]) -> int:
    """How many dead ends it takes at least, by halving."""
    few, many = 0, 1 << 16
    while few < many:
        middle = (few + many) // 2
        try:
            ask(replace(network), Deadline().tiring(middle))
            many = middle
        except ResolutionTimeout:
            few = middle + 1
    return few


def test_a_search_that_goes_on_may_take_as_many_conflicts_as_before() -> None:
    """They are counted from where it goes on."""

    def further(network: Network, deadline: Deadline) -> object:
        assert engine.solvable(network)
        return engine.possible(network, deadline)

    first = conflicts(hard(), lambda network, deadline: engine.solvable(network, deadline=deadline))
    rest = conflicts(hard(), further)
    network = hard()
    assert engine.solvable(network)
    search = engine._BEGUN[network]
    before = search.solver.accum_stats()["conflicts"]
    assert 0 < before <= first
    assert engine.possible(hard()) == engine.possible(network, Deadline().tiring(rest))
    assert before + rest - 1 <= search.solver.accum_stats()["conflicts"] <= before + rest


def test_a_search_without_patience_is_given_up_at_once() -> None:
    with pytest.raises(ResolutionTimeout, match=r"^a search was given up$"):
        engine.solvable(free(), deadline=Deadline().tiring(0))
    assert engine.solvable(free(), deadline=Deadline().tiring(1)), "it meets no dead end"


def test_the_time_is_looked_at_while_the_formula_is_written() -> None:
    network = crowd(range(1, 30), (1,) * 30)
    with pytest.raises(ResolutionTimeout, match="up"):
        engine.solvable(network, deadline=watched(20))
    assert engine.solvable(network, deadline=watched(100))


def test_a_count_keeps_to_the_time() -> None:
    with pytest.raises(ResolutionTimeout, match="up"):
        engine.count(free(), deadline=watched(12))
    assert 16 == engine.count(free(), deadline=watched(100))


def test_other_threads_go_on_while_it_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be interrupted, for which the solver lets go of the interpreter."""
    asked: list[bool] = []
    solver = engine._solver

    class Spying:
        def __init__(self) -> None:
            self.of = solver()

        def __getattr__(self, name: str) -> Any:
            return getattr(self.of, name)

        def solve_limited(self, assumed: list[int], *, expect_interrupt: bool = False) -> Any:
            asked.append(expect_interrupt)
            return self.of.solve_limited(assumed, expect_interrupt=expect_interrupt)

    monkeypatch.setattr(engine, "_solver", Spying)
    assert engine.solvable(free())
    assert [True] == asked


# --- what is refused ---


@pytest.mark.parametrize(
    "ask",
    [
        lambda: engine.outcomes(free(), set_aside=1),
        lambda: engine.count(free(), set_aside=1),
        lambda: engine.survey(free(), [], set_aside=1),
        lambda: engine.repairs(replace(free(), given=(0, ~0))),
    ],
)
def test_nothing_is_set_aside(ask: Callable[[], object]) -> None:
    with pytest.raises(EngineUnsuitable) as caught:
        ask()
    assert ("sat", "it sets no statements aside") == (caught.value.engine, caught.value.reason)


def test_how_it_is_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    with pytest.raises(EngineMissing) as caught:
        engine.solvable(free())
    assert "the engine sat needs python-sat, which is not installed: pip install 'attendance[sat]'" == str(caught.value)


def test_sums_of_constants_alone() -> None:
    """A variable in no clause is anything."""
    network = Network((Stance(),), 0, (Sum((), ()),), (Gate(0, 0), Gate(0, 1)), (None,))
    assert [(False,), (True,)] == sorted(engine.outcomes(network))
    assert definition.survey(network, [0, 1, 2]) == engine.survey(network, [0, 1, 2])
