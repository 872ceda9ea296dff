"""What in the engines random cases reach now and then: each a plain case with its answer."""

from collections.abc import Callable
from concurrent.futures import Future
from random import Random
from typing import Any

import pytest

import attendance as at
from attendance.engines import clingo, hitting, solution, sweeping, tallying
from attendance.engines.deadline import NO
from attendance.errors import ResolutionTimeout
from attendance.questions import witnesses
from tests.test_clingo import pigeons
from tests.test_many_networks import chunk, every_chunk
from tests.test_sweep import check_planes

AROUND = at.case("\n".join(f"p{i} might attend only if p{(i + 1) % 30} or not p{(i + 2) % 30}" for i in range(30)))
"""Thirty people in a circle who pull both ways: all may stay away, and all may come."""
CROWD = at.case("\n".join(f"p{i} might attend only if at least 2 of others" for i in range(30)))


# --- many scenarios at once -----------------------------------------------------------------------


@pytest.mark.parametrize(("least", "effort"), [(64, 1 << 20), (1, 0)], ids=["searched", "given up"])
@every_chunk
def test_every_scenario_of_a_network_is_as_it_is_alone(
    monkeypatch: pytest.MonkeyPatch, number: int, least: int, effort: int
) -> None:
    monkeypatch.setattr(sweeping, "LEAST", least)
    monkeypatch.setattr(sweeping, "EFFORT", effort)
    for network in chunk(number)[::5]:
        free = [a for a, v in enumerate(network.fixed) if v is None][:3]
        check_planes(network, tuple(free), [*range(1 << len(free))])


def test_who_counts_everyone_counts_themselves_as_there() -> None:
    people = [f"p{i}" for i in range(9)]
    case = at.case("\n".join(["a attends if at least 3 of everyone", *(f"{p} might attend" for p in people)]))
    assert at.Counts(512 - 1 - 9, 1 + 9, 0) == at.sweep(case, over=people).counts("a")


@pytest.mark.parametrize("kept", [0, 1, 100])
def test_however_many_scenarios_are_remembered_the_answer_is_the_same(
    monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    case = at.case("a attends only if x and not b\nb attends if a or y", facts=("x", "y"))
    expected = at.sweep(case, over=["x", "y"])
    monkeypatch.setattr(sweeping, "REMEMBERED", kept)
    found = at.sweep(case, over=["x", "y"], engine="tables")
    assert (expected.tallies, expected.inconsistent) == (found.tallies, found.inconsistent)


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo"])
def test_worlds_without_an_outcome_weigh_the_same_by_every_engine(engine: str) -> None:
    case = at.loads("""
participants: {a: {}, b: {}}
facts: {f: {probability: 0.25}, g: {probability: 0.5}}
statements: [{who: a, says: attends if f}, {who: a, says: declines if g, also: true}, b attends only if a]
""")
    found = at.probability(case, "b", engine=engine)
    assert ("0.125", "0.625", "0.125") == tuple(map(str, map(float, (found.lower, found.upper, found.inconsistent))))


def test_a_crowd_that_all_speak_of_is_as_it_is_in_each_scenario_alone() -> None:
    wanted = ("at least 4 of", "at most 6 of", "at least 3 of", "exactly 5 of", "at least 40% of")
    lines = [f"p{i} attends only if {wanted[i % 5]} everyone" for i in range(9)]
    case = at.case(
        "\n".join([*lines, "q attends if x", "q attends only if y or at least 2 of everyone"]), facts=("x", "y")
    )
    rows = at.sweep(case, over=["x", "y", "p0", "p4"])
    for row in rows:
        alone = at.resolve(case, assume=row.assume, engine="clingo")
        assert {str(a): str(v) for a, v in alone.verdicts.items()} == {str(a): str(v) for a, v in row.verdicts.items()}


class Handing:
    """An executor that does its work at once, and hands out what somebody makes of the result."""

    def __init__(self, made: Callable[[Any], Future[Any]]) -> None:
        self.made = made

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        return self.made(function(*arguments))


class Impatient(Future[Any]):
    """Says twice that it took too long, although there is time."""

    waits = 2

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.found = result

    def result(self, timeout: float | None = None) -> Any:
        self.waits -= 1
        if self.waits >= 0:
            raise TimeoutError
        return self.found


def failed(_: Any) -> Future[Any]:
    """Work that ran out of its own time, elsewhere."""
    future = Future[Any]()
    future.set_exception(TimeoutError("the cluster is slow"))
    return future


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LANES", 64), ("NEAR", 0), ("WORTH", 0.0)):
        monkeypatch.setattr(tallying, name, value)


VOTE = at.case("a attends if at least 3 of others\n" + "\n".join(f"q{i} might attend" for i in range(8)))
OVER = [f"q{i}" for i in range(8)]


@pytest.mark.usefixtures("small_tasks")
def test_a_task_is_waited_for_again_while_there_is_time() -> None:
    assert at.sweep(VOTE, OVER) == at.sweep(VOTE, OVER, executor=Handing(Impatient), time_limit=600)


@pytest.mark.usefixtures("small_tasks")
@pytest.mark.parametrize("time_limit", [None, 600])
def test_a_task_that_ran_out_of_its_own_time_is_told_as_its_executor_does(time_limit: float | None) -> None:
    with pytest.raises(TimeoutError, match="the cluster is slow"):
        at.sweep(VOTE, OVER, executor=Handing(failed), time_limit=time_limit)


# --- whom to ask ----------------------------------------------------------------------------------


@pytest.mark.parametrize("tries", [5, 20_000])
@pytest.mark.parametrize("seed", [0, 33, 37, 46, 57, 61, 105])
def test_the_smallest_sets_are_those_of_a_truth_table(monkeypatch: pytest.MonkeyPatch, seed: int, tries: int) -> None:
    monkeypatch.setattr(hitting, "TRIES", tries)
    random, people = Random(seed), [f"p{i}" for i in range(8)]
    lines = []
    for person in people:
        of = random.sample([p for p in people if p != person], k := random.randint(2, 5))
        lines.append(f"{person} attends if at least {random.randint(1, k)} of ({', '.join(of)})")
    lines.append(f"goal attends if at least {random.randint(2, 4)} of ({', '.join(random.sample(people, 5))})")
    case = at.case("\n".join(lines))
    found = at.requirements(case, "goal").minimal_sets
    sizes = [len(names) for names in found]
    assert sorted(sizes) == sizes
    assert sorted(map(sorted, at.requirements(case, "goal", engine="tables").minimal_sets)) == sorted(
        map(sorted, found)
    )


# --- searches that are given up -------------------------------------------------------------------


def test_a_search_may_be_given_up_after_so_many_dead_ends() -> None:
    with pytest.raises(ResolutionTimeout, match=r"^a search was given up$"):
        clingo.solvable(pigeons(9), deadline=NO.tiring(1))


@pytest.mark.parametrize("tries", [1, 2, 50])
def test_witnesses_are_outcomes_however_few_tries_are_made(monkeypatch: pytest.MonkeyPatch, tries: int) -> None:
    monkeypatch.setattr(witnesses, "TRIES", tries)
    first, second = at.why(CROWD, "p3").witnesses
    assert {True, False} == {first["p3"], second["p3"]}
    for found in (first, second):
        assert 3 <= len(found.attending) or not found.attending


def test_witnesses_are_outcomes_where_a_likelier_one_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = witnesses.outcome

    def tired(network: Any, given: Any, engine: str, deadline: Any) -> Any:
        if deadline.conflicts is not None:
            raise ResolutionTimeout("a search was given up")
        return asked(network, given, engine, deadline)

    monkeypatch.setattr(witnesses, "outcome", tired)
    first, second = at.why(CROWD, "p3").witnesses
    assert {True, False} == {first["p3"], second["p3"]}
    assert 3 <= len(first.attending | second.attending)


# --- blocks ---------------------------------------------------------------------------------------


def test_where_all_may_stay_away_and_all_may_come_nothing_is_searched_for() -> None:
    (choice,) = at.engine_choices(AROUND)
    assert ("none", "nobody may come, and everybody may") == (choice.engine, choice.reason)
    found = at.resolve(AROUND)
    assert {"undetermined"} == set(found.verdicts.values())
    assert (0, 30) == found.gatherings["meeting"].turnout


@pytest.mark.parametrize("kept", [1, 2, 1000])
def test_however_many_blocks_are_remembered_a_timeline_is_the_same(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr(solution, "REMEMBERED", kept)
    case = at.loads("""
participants: {a: {}, b: {}, c: {}, d: {}}
statements:
  - {who: a, says: attends only if b, said: 2025-05-01}
  - {who: b, says: attends only if a, said: 2025-05-01}
  - {who: c, says: attends if not d, said: 2025-05-02}
  - {who: d, says: attends if not c, said: 2025-05-02}
  - {who: a, says: attends, said: 2025-05-03}
""")
    changes = [[str(change) for change in entry.changes] for entry in at.timeline(case).entries]
    together = ["a at meeting: undetermined -> attends", "b at meeting: undetermined -> attends"]
    assert [[], [], together] == changes
