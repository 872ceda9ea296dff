"""The graph: what it says depends on whom is what the conditions, read in every state, depend on."""

import json
import os
import pickle
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, reject

import attendance as at
from attendance.compiler import compile_case
from attendance.model.participants import Attendance
from attendance.network import Network, holds, values
from tests.cases import Asked, asked
from tests.sizes import shares

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 150)
examples = shares(EXAMPLES)
SEEDS = sorted((Path(__file__).parent.parent / "seeds").iterdir())
MOST = 9
"""Networks of more atoms have too many states to list."""


# --- the definition: a bound depends on whom it turns with, in some state -----------------------------


def turns(network: Network, literals: tuple[int, ...]) -> set[tuple[int, str]]:
    """The atoms that turn some of the literals, and which way: `+` from false to true."""
    found = set()
    for state in product((False, True), repeat=network.atoms):
        of = values(network, state)
        for atom in range(network.atoms):
            if not state[atom]:
                other = values(network, (*state[:atom], True, *state[atom + 1 :]))
                for literal in literals:
                    before, after = holds(literal, of), holds(literal, other)
                    if before != after:
                        found.add((atom, "+" if after else "-"))
    return found


def told(graph: at.Graph, vertex: int, atoms: dict[tuple[str, str | None], int]) -> set[tuple[int, str]]:
    """The atoms that the arrows lead from, through groups, crowds and gatherings, with the product of the signs."""
    found: set[tuple[int, str]] = set()
    seen: set[tuple[int, str]] = set()
    stack = [(vertex, "+")]
    while stack:
        place, sign = stack.pop()
        if (place, sign) in seen:
            continue
        seen.add((place, sign))
        whole = graph.vertices[place]
        if place != vertex and whole.kind in ("attendance", "fact"):
            found.add((atoms[whole.name, whole.at], sign))
            continue
        if whole.kind == "everyone":
            found |= {(i, sign) for (_, where), i in atoms.items() if where == whole.at}
        for arrow in graph.arrows:
            if arrow.head == place and arrow.bounds != ("waits for",):
                signs = "+-" if arrow.sign == "±" else arrow.sign
                stack += [(arrow.tail, "+" if sign == s else "-") for s in signs]
    return found


@given(question=asked())
@examples(1)
def test_all_that_a_bound_turns_with_is_an_arrow(question: Asked) -> None:
    compiled = compile_case(question.case, question.scenario, fold=False)
    network = compiled.network
    if network.atoms > MOST:
        reject()
    try:
        graph = at.graph(question.case, **question.keywords)
    except at.ImpossibleScenario:
        reject()
    people = [(a.participant, a.gathering) for a in compiled.attendances]
    atoms = {key: i for i, key in enumerate([*people, *((f, None) for f in compiled.facts)])}
    for number, vertex in enumerate(graph.vertices):
        if vertex.kind == "attendance":
            x = atoms[vertex.name, vertex.at]
            stance = network.stances[x]
            bounds = (*stance.lowers, *stance.uppers)
        elif vertex.kind == "gathering":
            x, bounds = -1, (compiled.held[vertex.name],)
        elif vertex.kind == "rule":
            x, bounds = -1, (dict(network.rules)[vertex.name],)
        else:
            continue
        assert turns(network, bounds) <= {(a, s) for a, s in told(graph, number, atoms) if a != x}


@given(question=asked())
@examples(1)
def test_circles_are_those_who_can_reach_each_other(question: Asked) -> None:
    try:
        graph = at.graph(question.case, **question.keywords)
    except at.ImpossibleScenario:
        reject()
    size = range(len(graph.vertices))
    reach = [[False] * len(size) for _ in size]
    for arrow in graph.arrows:
        reach[arrow.tail][arrow.head] = True
    for i, crowd in enumerate(graph.vertices):
        for j, who in enumerate(graph.vertices):
            if crowd.kind == "everyone" and who.kind == "attendance" and who.at == crowd.at:
                reach[j][i] = True
    for k, i, j in product(size, repeat=3):
        reach[i][j] = reach[i][j] or (reach[i][k] and reach[k][j])
    people = [i for i in size if graph.vertices[i].kind == "attendance"]
    called = {i: Attendance(graph.vertices[i].name, graph.vertices[i].at or "") for i in people}
    expected = {
        frozenset(called[j] for j in people if reach[i][j] and reach[j][i])
        for i in people
        if any(reach[i][j] and reach[j][i] for j in people if j != i)
    }
    assert expected == set(map(frozenset, graph.circles))
    for arrow in graph.arrows:
        circular = any(
            reach[arrow.head][arrow.tail]
            and graph.vertices[p].circle is not None
            and reach[p][arrow.head]
            and reach[arrow.head][p]
            for p in people
        )
        assert arrow.circular == circular


@given(question=asked())
@examples(0.5)
def test_vertices_have_the_answers_of_resolve(question: Asked) -> None:
    try:
        resolved = at.resolve(question.case, **question.keywords)
    except at.ImpossibleScenario:
        reject()
    graph = at.graph(question.case, **question.keywords)
    assert {(v.name, v.at): v.answer for v in graph.vertices if v.kind == "attendance"} == dict(
        resolved.verdicts.items()
    )
    facts = {None: "unknown", True: "holds", False: "does not hold"}
    for vertex in graph.vertices:
        match vertex.kind:
            case "fact":
                assert facts[resolved.facts[vertex.name]] == vertex.answer
            case "gathering":
                assert resolved.gatherings[vertex.name].held == vertex.answer
            case "group" | "everyone" | "rule":
                assert vertex.answer == ""
    assert pickle.loads(pickle.dumps(graph)) == graph
    assert json.loads(json.dumps(graph.to_dict())) == graph.to_dict()


# --- by hand ------------------------------------------------------------------------------------------


def test_an_arrow_has_its_sign_its_bound_and_its_statements() -> None:
    case = at.case("""
        putin declines if not rubio
        zelensky attends only if putin
        zelensky attends only if not medinsky
        trump attends if exactly 1 of (putin, medinsky)
        medinsky waits for putin
    """)
    graph = at.graph(case)
    names = [v.name for v in graph.vertices]
    arrows = {(names[a.tail], names[a.head]): (a.sign, a.bounds, a.by) for a in graph.arrows}
    assert arrows == {
        ("rubio", "putin"): ("+", ("only if",), ("putin.1",)),
        ("putin", "zelensky"): ("+", ("only if",), ("zelensky.1",)),
        ("medinsky", "zelensky"): ("-", ("only if",), ("zelensky.2",)),
        ("putin", "trump"): ("±", ("if",), ("trump.1",)),
        ("medinsky", "trump"): ("±", ("if",), ("trump.1",)),
        ("putin", "medinsky"): ("", ("waits for",), ("medinsky.1",)),
    }
    assert not graph.circles


def test_who_is_assumed_depends_on_nobody() -> None:
    case = at.case("a attends only if b\nb attends only if a")
    assert at.graph(case).circles == ((Attendance("a", "meeting"), Attendance("b", "meeting")),)
    opened = at.graph(case, assume={"a": True})
    assert opened.circles == ()
    assert [(opened.vertices[a.tail].name, opened.vertices[a.head].name) for a in opened.arrows] == [("a", "b")]


def test_a_rule_that_is_withdrawn_depends_on_nobody() -> None:
    case = at.case("a attends if b", rules=["a or b", "b"])
    assert ["rule.1", "rule.2"] == [v.name for v in at.graph(case).vertices if v.kind == "rule"]
    assert ["rule.2"] == [v.name for v in at.graph(case, withdraw=["rule.1"]).vertices if v.kind == "rule"]


def test_a_delegate_comes_where_the_sender_does_not() -> None:
    graph = at.graph(at.case("putin sends medinsky"))
    assert str(graph) == "medinsky depends (-, if) on putin [putin.1]"


def test_a_crowd_is_one_vertex_however_many_speak_of_it() -> None:
    case = at.case("\n".join(f"p{i} attends if at least {i} of others" for i in range(300)))
    graph = at.graph(case)
    assert len(graph.vertices) == 301
    assert len(graph.arrows) == 300
    assert [len(circle) for circle in graph.circles] == [300]


@pytest.mark.parametrize("seed", SEEDS, ids=[s.stem for s in SEEDS])
def test_every_seed_can_be_drawn(seed: Path) -> None:
    graph = at.graph(at.load(seed))
    assert {v.answer for v in graph.vertices if v.kind == "attendance"} <= set(at.Verdict)
    assert graph.mermaid().startswith("flowchart TB\n")
    assert graph.svg().startswith("<svg")
