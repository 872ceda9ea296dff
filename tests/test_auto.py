"""How engines are chosen and put together: every way to an answer gives the answer of the definitions."""

import os
from dataclasses import replace
from importlib.util import find_spec
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

import attendance as at
from attendance import network as definition
from attendance.engines import ENGINES, solve
from attendance.engines.deadline import NO, Deadline
from attendance.engines.solution import Solution
from attendance.errors import EngineMissing, EngineUnsuitable, ImpossibleScenario, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum
from tests.networks import networks

FREED = [
    ["p1 attends only if p0", "p2 attends only if none of (p0, p2)", "p5 declines if p2"],
    ["p1 attends only if p3", "p4 declines", "p2 might attend unless exactly 2 of (p1, (p4 and not p3), p0)"],
]
"""Somebody who is bound by nothing any more, once what was said is read with what is known."""
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES", "100"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def with_own_rules(network: Network) -> Network:
    """Rules as a case has them: an id each."""
    return replace(network, rules=tuple((f"r{i}", q) for i, (_, q) in enumerate(network.rules)))


def has(engine: str) -> bool:
    """Whether an engine is to be tried here: `durable` has a process of its own, and what is not installed is for CI."""
    return engine != "durable" and (engine != "sat" or "CI" in os.environ or find_spec("pysat") is not None)


@pytest.mark.parametrize("engine", [row.name for row in ENGINES if has(row.name)])
@many
@given(network=networks().map(with_own_rules))
def test_a_solution_is_what_the_definitions_say(engine: str, network: Network) -> None:
    try:
        agrees(solve(network, engine), network)
    except ImpossibleScenario:
        assert [] == definition.repairs(network)
    except EngineUnsuitable:
        assert engine == "propagation" or (
            engine == "sat" and (network.founded or not definition.outcomes(network))  # it says that it cannot
        )


def agrees(solution: Solution, network: Network) -> None:
    """Whatever can be asked of a solution is answered as the definitions do."""
    strict = definition.outcomes(network)
    found = strict or definition.repaired_outcomes(network)
    assert bool(strict) == solution.consistent
    assert len(strict) == solution.count()
    assert strict == sorted(solution.outcomes())
    assert found == sorted(solution.outcomes(repaired=True))
    literals = range(-network.atoms - len(network.gates), network.atoms + len(network.gates))
    crowd = range(network.attendances)
    expected = definition.summarise(network, found, literals, [crowd])
    assert expected is not None
    assert expected.possible == tuple(map(solution.possible, literals))
    assert expected.turnouts[0] == solution.turnout(crowd)
    for order, sign in (("fewest", 1), ("most", -1)):
        sizes = [sum(state[: network.attendances]) for state in solution.outcomes(order, repaired=True)]
        assert sorted(sizes, key=lambda size: sign * size) == sizes
        assert len(found) == len(sizes)


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo"])
@many
@given(network=networks().map(with_own_rules))
def test_conflicts_are_told_per_part(engine: str, network: Network) -> None:
    try:
        conflicts = solve(network, engine).conflicts()
    except ImpossibleScenario:
        return
    if definition.outcomes(network):
        assert [] == conflicts
        return
    assert all(conflict.complete for conflict in conflicts)
    assert set(definition.clashes(network)) == {clash for c in conflicts for clash in c.clashes}
    wholes = {frozenset[str]().union(*ids) for ids in product(*(c.repairs for c in conflicts))}
    assert set(definition.repairs(network)) == wholes


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(EngineMissing, match="unknown engine 'clngo'\n    did you mean clingo"):
        solve(Network(), "clngo")


def test_what_is_constant_ties_nothing_together() -> None:
    always, person = 12, range(8)
    parts = [Stance((Part(f"s{x}", lower=always), Part(f"t{x}", upper=~always))) for x in person]
    network = Network(
        stances=(*parts, Stance(), Stance()),
        facts=2,
        sums=(Sum((), ()), Sum((10,), (1,))),
        gates=(Gate(0, 0), Gate(1, 1)),
        fixed=(None,) * 10 + (True, None),
        rules=(("r", 13),),
    )
    found = solve(network).conflicts()
    assert [{frozenset((f"s{x}", f"t{x}"))} for x in person] == [set(c.clashes) for c in found]


@pytest.mark.parametrize("lines", FREED, ids=["a list with the speaker", "assumed away"])
def test_who_is_free_once_all_else_is_decided(lines: list[str]) -> None:
    case = at.case("\n".join(lines))
    for scenario in ({}, {"reading": "literal"}, {"assume": {"p0": False}}):
        assert at.resolve(case, **scenario) == at.resolve(case, engine="tables", **scenario)


def test_a_circle_of_thousands_is_told_once() -> None:
    people = 5000
    case = at.case("\n".join(f"p{i} attends only if p{(i + 1) % people}" for i in range(people)))
    causes = at.resolve(case).causes
    assert 1 == len({id(cause.on) for cause in causes.values()})


def test_what_clashes_but_is_not_found_in_time_is_still_inconsistent() -> None:
    odd = Network((Stance((Part("s", lower=~0),), Inclination.DISINCLINED),), fixed=(None,))
    solution = solve(odd, mend=False)
    assert not solution.consistent
    solution.deadline = Deadline.after(1e-9)
    with pytest.raises(ResolutionTimeout):
        solution.conflicted  # noqa: B018
    assert not solution.consistent
    solution.deadline = NO
    assert [[0]] == [part.atoms for part in solution.conflicted]
