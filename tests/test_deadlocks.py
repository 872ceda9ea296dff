"""Who must speak first: circles of who waits for whom, against the definition by trying all, and known cases.

Set ATTENDANCE_EXAMPLES to try another number of random cases.
"""

import os
import pickle
from collections.abc import Mapping
from functools import partial
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import compile_case
from attendance.model.participants import Attendance
from attendance.model.sayings import WaitsFor
from attendance.questions import deadlocks as module
from attendance.questions.deadlocks import deadlocks
from tests.cases import Asked, asked
from tests.test_requirements import makes_conflict

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 120)
examples = partial(settings, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck))

Edge = tuple[Attendance, Attendance]

# --- the definition -------------------------------------------------------------------------------


def edges(asked: Asked) -> set[Edge]:
    """Who waits for whom, by what was said and by the names in the bounds of the undetermined."""
    compiled = compile_case(asked.case, asked.scenario)
    network, people = compiled.network, compiled.attendances
    verdicts = at.resolve(asked.case, **asked.keywords).verdicts
    open_ = {x for x, verdict in verdicts.items() if verdict is at.Verdict.UNDETERMINED}
    found: set[Edge] = set()
    for i, x in enumerate(people):
        nodes = [q if q >= 0 else ~q for p in network.stances[i].parts for q in (p.lower, p.upper) if q is not None]
        while nodes:
            node = nodes.pop()
            if node >= network.atoms:
                of = network.sums[network.gates[node - network.atoms].sum]
                nodes += [q if q >= 0 else ~q for q, w in zip(of.literals, of.weights, strict=True) if w]
            elif node < len(people) and {x, people[node]} <= open_:
                found.add((x, people[node]))
    for statement in compiled.statements:
        if isinstance(statement.says, WaitsFor):
            x = Attendance(statement.who, statement.at or asked.case.roster.main)
            for target in statement.says.targets:
                for name in asked.case.roster.members.get(target.name, (target.name,)):
                    found.add((x, Attendance(name, target.at or x.gathering)))
    return {(x, y) for x, y in found if x != y and y in people}


def reaches(edges: set[Edge], x: Attendance, y: Attendance) -> bool:
    seen, stack = {x}, [x]
    while stack:
        here = stack.pop()
        more = {b for a, b in edges if a == here} - seen
        seen |= more
        stack += more
    return y in seen


def circles(edges: set[Edge], people: tuple[Attendance, ...]) -> list[tuple[Attendance, ...]]:
    both = [tuple(y for y in people if reaches(edges, x, y) and reaches(edges, y, x)) for x in people]
    return list(dict.fromkeys(c for c in both if len(c) > 1))


def openings(asked: Asked, circle: tuple[Attendance, ...]) -> set[frozenset[Attendance]]:
    """The smallest sets which, assumed to attend, leave none of the circle undetermined, and make no conflict."""
    compiled = compile_case(asked.case, asked.scenario)
    index = compiled.index
    free = [x for x in circle if compiled.network.fixed[index[x]] is None]
    for size in range(len(free) + 1):
        found = set()
        for some in combinations(free, size):
            if some and makes_conflict(compiled.network, {index[x]: True for x in some}):
                continue
            asking = {
                **asked.keywords,
                "assume": {**asked.keywords.get("assume", {}), **dict.fromkeys(map(str, some), True)},
            }
            resolved = at.resolve(asked.case, **asking)
            if all(resolved[x] is not at.Verdict.UNDETERMINED for x in circle):
                found.add(frozenset(some))
        if found:
            return found
    return set()


@examples(max_examples=EXAMPLES)
@given(asked(), st.sampled_from(("auto", "auto", "clingo")))
def test_cases(asked: Asked, engine: str) -> None:
    try:
        at.resolve(asked.case, **asked.keywords)
    except at.ImpossibleScenario:
        with pytest.raises(at.ImpossibleScenario):
            deadlocks(asked.case, **asked.keywords)
        return
    found = deadlocks(asked.case, engine=engine, time_limit=20, **asked.keywords)
    expected = edges(asked)
    people = compile_case(asked.case, asked.scenario).attendances
    assert set(found.waits) == expected
    assert [d.attendances for d in found] == circles(expected, people)
    for deadlock in found:
        assert {frozenset(o) for o in deadlock.openings} == openings(asked, deadlock.attendances)
        assert deadlock.complete
        inside = set(deadlock.attendances)
        assert set(deadlock.waits) == {(x, y) for x, y in expected if {x, y} <= inside}
    place = {x: i for i, entry in enumerate(found.order) for x in entry}
    assert sorted(place) == sorted(people)
    assert all(place[y] <= place[x] for x, y in expected)
    assert pickle.loads(pickle.dumps(found)) == found


# --- known cases ----------------------------------------------------------------------------------


def opened(case: at.Case, **how: object) -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return {d.participants: d.opened_by for d in deadlocks(case, **how)}


def test_each_only_if_the_next() -> None:
    case = at.case("a attends only if b\nb attends only if c\nc attends only if a\nd attends only if a")
    found = deadlocks(case)
    assert opened(case) == {("a", "b", "c"): (("a",), ("b",), ("c",))}
    assert [[a.participant for a in entry] for entry in found.order] == [["a", "b", "c"], ["d"]]
    assert str(found) == "a, b, c wait for each other; opened by a, or b, or c"
    assert found.to_dict()["deadlocks"][0]["waits"] == [["a", "b"], ["b", "c"], ["c", "a"]]


@pytest.mark.parametrize("engine", ["auto", "clingo"])
def test_a_circle_that_clashes_with_itself(engine: str) -> None:
    case = at.case("a attends if b\nb declines if a\nc declines unless a")
    assert opened(case, engine=engine) == {("a", "b"): (("a",), ("b",))}


@pytest.mark.parametrize("people", [14, 20])
def test_a_long_circle_that_clashes_is_opened_at_once(people: int) -> None:
    """What was larger than the smallest set was looked for as well, in all that could be."""
    circle = "\n".join(f"p{i} attends only if p{(i + 1) % people}" for i in range(people))
    found = deadlocks(at.case(f"{circle}\np0 attends\np0 declines"), time_limit=60)
    assert [(("p0",),)] == [deadlock.opened_by for deadlock in found]


def test_waiting_is_enough() -> None:
    case = at.case("a waits for b\nb waits for a\na attends\nb attends")
    assert opened(case) == {("a", "b"): ((),)}
    assert "certain" in str(deadlocks(case))
    silent = at.case("a waits for b\nb waits for a")
    assert opened(silent) == {("a", "b"): (("a", "b"),)}


def test_a_group_stands_for_its_members() -> None:
    case = at.loads("""
        participants: {a: {of: left}, b: {of: left}, c: }
        statements: [c waits for left, a waits for c]
        """)
    assert list(opened(case)) == [("a", "c")]


def test_names_are_those_that_assume_takes() -> None:
    case = at.loads("""
        gatherings: {talks: , dinner: }
        participants: {ann: , "Ms Q": }
        statements: ['ann at dinner attends if "Ms Q" at dinner', '"Ms Q" at dinner attends if ann at dinner']
        """)
    (found,) = deadlocks(case)
    assert found.opened_by == (("ann at dinner",), ('"Ms Q" at dinner',))
    for names in found.opened_by:
        assert at.resolve(case, assume=dict.fromkeys(names, True))["ann", "dinner"] is at.Verdict.ATTENDS


def test_what_is_superseded_or_withdrawn_waits_no_more() -> None:
    text = "a waits for b\nb waits for a"
    assert len(deadlocks(at.case(text))) == 1
    assert len(deadlocks(at.case(text), withdraw="b.1")) == 0
    assert str(deadlocks(at.case(text), withdraw="b.1")) == "nobody waits in a circle"


def test_a_circle_that_a_rule_keeps_shut() -> None:
    case = at.case("a waits for b\nb waits for a", rules=["not (a and b)"])
    assert opened(case) == {("a", "b"): (("a",), ("b",))}
    shut = at.case("a waits for b\nb waits for a\nc attends if a or b\nd attends if a or b", rules=["not (c and d)"])
    with_rest = at.case(
        "a waits for b\nb waits for a\na might attend\nb might attend", rules=["not a or not b", "a or b"]
    )
    assert opened(with_rest) == {("a", "b"): (("a",), ("b",))}
    assert deadlocks(shut)[0].opened_by == ((),)


def test_either_or() -> None:
    case = at.case("a attends if and only if not b\nb attends if and only if not a")
    assert opened(case) == {("a", "b"): (("a",), ("b",))}
    assert opened(case, engine="tables") == opened(case)


def test_very_many_openings_are_not_all_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPENINGS", 5)
    said = [f"p{i} attends if at least 3 of everyone" for i in range(30)]
    (found,) = deadlocks(at.Case(participants=[f"p{i}" for i in range(30)], statements=said))
    assert len(found.participants) == 30
    assert len(found.opened_by) == 5
    assert {len(names) for names in found.opened_by} == {2}
    assert not found.complete
    assert str(found).endswith("or others")
    assert len(found.waits) == 30 * 29
