"""What would it take: every minimal set, against the definition by trying them all, and published answers.

Set ATTENDANCE_EXAMPLES to try another number of random networks and cases.
"""

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import attendance as at
from attendance.engines import hitting
from attendance.engines.choosing import GREATEST, Choosing
from attendance.engines.deadline import NO, Deadline
from attendance.engines.hitting import Hitting
from attendance.engines.joining import Counter, Joining, Quest
from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, clashes, holds, outcomes, repaired_outcomes, values
from attendance.questions import trying
from attendance.questions.requirements import requirements
from attendance.questions.ways import Search
from tests.cases import Asked, asked
from tests.networks import crowds, networks

SEEDS = Path(__file__).parent.parent / "seeds"
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 120)
examples = partial(settings, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck))

# --- the definition -------------------------------------------------------------------------------


def makes_conflict(network: Network, assumed: Mapping[int, bool]) -> bool:
    """Whether something clashes under the assumptions that could be met without them, or nothing can be met."""
    under = network.assuming(assumed)
    if outcomes(under):
        return False
    if not repaired_outcomes(under):
        return True
    ids = network.removable
    return any(outcomes(network.without(set(ids) - clash)) for clash in clashes(under))


def does(network: Network, goal: int, mode: str, assumed: Mapping[int, bool]) -> bool:
    if assumed and makes_conflict(network, assumed):
        return False
    under = network.assuming(assumed)
    held = [holds(goal, values(under, state)) for state in repaired_outcomes(under)]
    return all(held) if mode == "every" else any(held)


def sets(over: Sequence[int]) -> Iterator[dict[int, bool]]:
    """Every set of values, smallest first."""
    for size in range(len(over) + 1):
        for atoms in combinations(over, size):
            for signs in product((True, False), repeat=size):
                yield dict(zip(atoms, signs, strict=True))


def minimal_sets(network: Network, goal: int, over: Sequence[int], mode: str) -> set[frozenset[tuple[int, bool]]]:
    """The sets that do, no smaller part of which does."""
    good = [frozenset(s.items()) for s in sets(over) if does(network, goal, mode, s)]
    return {s for s in good if not any(t < s for t in good)}


# --- random networks ------------------------------------------------------------------------------


@st.composite
def monotone(draw: st.DrawFn) -> Network:
    """Networks in which everything pulls one way: thresholds over people and over each other."""
    people, facts = draw(st.integers(1, 4)), draw(st.integers(0, 1))
    sums: list[Sum] = []
    gates: list[Gate] = []
    for number in range(draw(st.integers(1, 5))):
        nodes = people + facts + number
        if not sums or draw(st.booleans()):
            literals = tuple(draw(st.lists(st.integers(0, nodes - 1), max_size=4)))
            sums.append(Sum(literals, tuple(draw(st.sampled_from((1, 1, 2, 0))) for _ in literals)))
        taken = draw(st.sampled_from((None, None, *range(people))))
        gates.append(Gate(len(sums) - 1, draw(st.integers(0, 4)), taken))
    stances = []
    for x in range(people):
        kind = draw(st.sampled_from((Inclination.INCLINED, Inclination.DISINCLINED, *Inclination)))
        bounds = draw(st.lists(st.integers(0, people + facts + len(gates) - 1), max_size=3))
        upper = draw(st.booleans()) if kind is Inclination.OPEN else kind is Inclination.INCLINED
        parts = [Part(f"s{x}{i}", None if upper else b, b if upper else None) for i, b in enumerate(bounds)]
        stances.append(Stance(tuple(parts), kind, draw(st.sampled_from((False, False, True)))))
    fixed = tuple(draw(st.sampled_from((None, None, None, None, True, False))) for _ in range(people + facts))
    return Network(tuple(stances), facts, tuple(sums), tuple(gates), fixed, founded=draw(st.booleans()))


def check(network: Network, data: st.DataObject, engine: str = "auto") -> None:
    assume(repaired_outcomes(network))
    nodes = network.atoms + len(network.gates)
    goal = data.draw(st.integers(-nodes, nodes - 1))
    mode = data.draw(st.sampled_from(("every", "every", "some")))
    free = [a for a, v in enumerate(network.fixed) if v is None]
    over = tuple(a for a in free if data.draw(st.integers(0, 4)))
    costs = {a: data.draw(st.integers(0, 3)) for a in over} if data.draw(st.integers(0, 3)) == 0 else None
    trying.FEW, few = data.draw(st.sampled_from((0, trying.FEW))), trying.FEW  # by clauses, or in a truth table
    try:
        found = list(Search(network, goal, over, mode, costs, engine, Deadline.after(600)).ways())
    finally:
        trying.FEW = few
    told = {frozenset(s.items()) for s in found}
    assert len(found) == len(told)
    assert told == minimal_sets(network, goal, over, mode)
    order = [(sum(costs[a] for a in s), len(s)) if costs else (len(s), 0) for s in found]
    assert order == sorted(order)


@examples(max_examples=EXAMPLES)
@given(networks(people=3, facts=1, gates=4, statements=4, rules=1), st.data())
def test_mixed_networks(network: Network, data: st.DataObject) -> None:
    check(network, data)


@examples(max_examples=EXAMPLES)
@given(networks(people=4, facts=1, gates=5, statements=4, rules=0), st.data())
def test_networks_that_have_outcomes(network: Network, data: st.DataObject) -> None:
    assume(outcomes(network))
    check(network, data)


@examples(max_examples=max(1, EXAMPLES // 2))
@given(crowds(people=4), st.data())
def test_crowds(network: Network, data: st.DataObject) -> None:
    check(network, data)


@examples(max_examples=EXAMPLES * 2)
@given(monotone(), st.data())
def test_monotone_networks(network: Network, data: st.DataObject) -> None:
    check(network, data)


@examples(max_examples=max(1, EXAMPLES // 3))
@given(monotone(), st.data())
def test_monotone_networks_by_solver(network: Network, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hitting, "TRIES", 0)
        check(network, data)


@pytest.mark.parametrize("engine", ["clingo", "tables"])
@examples(max_examples=max(1, EXAMPLES // 6))
@given(networks(people=3, facts=1, gates=4, statements=3, rules=1), st.data())
def test_by_an_engine_of_that_name(engine: str, network: Network, data: st.DataObject) -> None:
    check(network, data, engine)


# --- random cases ---------------------------------------------------------------------------------


@examples(max_examples=max(1, EXAMPLES // 3))
@given(asked(), st.data())
def test_cases_as_resolve_answers(asked: Asked, data: st.DataObject) -> None:
    """Every set does when it is given back as `assume`, and none that is one smaller does."""
    try:
        resolution = at.resolve(asked.case, **asked.keywords)
    except at.ImpossibleScenario:
        with pytest.raises(at.ImpossibleScenario):
            requirements(asked.case, "always", **asked.keywords)
        return
    about = data.draw(st.sampled_from(sorted(resolution.verdicts) or [None]))
    assume(about is not None)
    wanted = data.draw(st.booleans())
    goal = ("" if wanted else "not ") + str(about)
    found = requirements(asked.case, goal, time_limit=20, **asked.keywords)
    assert (found.reason is None) == found.possible == (found.minimum is not None)
    verdict = at.Verdict.ATTENDS if wanted else at.Verdict.ABSENT
    assert (found.minimum == {}) == (resolution[about] is verdict)
    for names in found.minimal_sets[:20]:
        assert at.resolve(asked.case, **(asked.keywords | under(asked, names)))[about] is verdict
        assert all(str(about) not in (name, f"{name} at {resolution.main}") for name in names)
        for spared in names if resolution.consistent else ():
            fewer = at.resolve(
                asked.case, **(asked.keywords | under(asked, {n: names[n] for n in names if n != spared}))
            )
            assert not (fewer.consistent and fewer[about] is verdict)


def under(asked: Asked, names: Mapping[str, bool]) -> dict[str, object]:
    return {"assume": {**asked.keywords.get("assume", {}), **names}}


# --- published answers ----------------------------------------------------------------------------

PUZZLES = [
    ("A>B A>C C>A C>D E>A E>B E>C F>C F>D CD>B CD>E CD>F AB>D", {"A", "C", "E", "F"}),
    ("AB>C DE>F", {"ABDE"}),
    ("AB>C DE>F ABDE>C ABDE>F", {"ABDE"}),
    ("A>B B>C A>C D>E E>F D>F", {"AD"}),
    ("A>B B>C A>C D>E E>F D>F ABDE>C ABDE>F", {"AD"}),
]


@pytest.mark.parametrize(("rules", "expected"), PUZZLES)
@pytest.mark.parametrize("how", [{}, {"engine": "clingo"}, {"costs": {}}])
def test_whom_to_persuade(rules: str, expected: set[str], how: dict[str, object]) -> None:
    said = [f"{rule[-1]} attends if {' and '.join(rule[:-2])}" for rule in rules.split()]
    found = requirements(at.Case(participants=list("ABCDEF"), statements=said), "all of everyone", **how)
    assert {"".join(sorted(s)) for s in found.minimal_sets} == expected
    assert len(found.minimal_sets) == len(expected)
    assert all(all(s.values()) for s in found)
    assert found.complete


@pytest.mark.parametrize(("rules", "expected"), PUZZLES)
def test_whom_to_persuade_by_solver(rules: str, expected: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hitting, "TRIES", -1)
    test_whom_to_persuade(rules, expected, {})


@pytest.mark.parametrize("tries", [-1, hitting.TRIES])
def test_who_joins_by_themselves_is_asked_of_nobody(tries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hitting, "TRIES", tries)
    weights = ((0, 1), (1, 1), (2, 1), (3, 2))  # 3 has joined; two of the others do, with them, for 4
    steps = Joining(5, [Counter(weights, ((4, 4, None), (9, 0, None)))], [3])
    found = Hitting(Quest(steps, (4,), (0, 1, 2)), NO).minimal_sets()
    assert {(0, 1), (0, 2), (1, 2)} == {*found}


def test_what_the_solver_cannot_add_up_is_refused() -> None:
    with pytest.raises(EngineUnsuitable, match="the costs are too large, or too fine"):
        Choosing([GREATEST, 1], NO)
    heavy = Joining(2, [Counter(((0, GREATEST + 1),), ((1, 1, None),))])
    with pytest.raises(EngineUnsuitable, match="the weights are too large to be added up"):
        Choosing([1], NO).derive(Quest(heavy, (1,), (0,)))


@pytest.fixture(scope="module")
def istanbul() -> at.Case:
    return at.load(SEEDS / "istanbul-2025.yaml")


def test_istanbul(istanbul: at.Case) -> None:
    found = requirements(istanbul, "zelensky")
    assert found.minimum == {"putin": True}
    assert found.minimal_sets == ({"putin": True},)
    assert found.possible
    assert found.reason is None
    assert str(found) == "putin"


def test_istanbul_without_putin(istanbul: at.Case) -> None:
    found = requirements(istanbul, "zelensky", forbid=["putin"])
    assert not found.possible
    assert not found
    assert found.minimal_sets == ()
    assert (
        found.reason == "“zelensky” can be had only with Vladimir Putin, which is forbidden: "
        "“putin declines” (list, 14 May 2025, Kremlin statement) and "
        "“zelensky attends only if putin” (z, 14 May 2025, video address) stand in the way."
    )


def test_what_stands_in_the_way(istanbul: at.Case) -> None:
    assert "“trump declines” (t2" in str(requirements(istanbul, "trump").reason)
    assert "cannot hold" in str(requirements(istanbul, "never").reason)
    assert "turn out otherwise" in str(requirements(istanbul, "zelensky", scenario="no-list", over=[]).reason)
    several = requirements(at.case("a attends if b or c"), "a", forbid=["b", "c"])
    assert "only in ways that are forbidden" in str(several.reason)


# --- what is asked and what comes back --------------------------------------------------------------


def test_a_goal_that_holds_takes_nothing() -> None:
    found = requirements(at.case("a attends"), "a")
    assert found.minimal_sets == ({},)
    assert str(found) == "nothing: it holds already"


def test_in_some_outcome() -> None:
    case = at.case("a attends only if b\nb attends only if a\nc attends only if a")
    assert requirements(case, "c", mode="some").minimum == {}
    assert set(requirements(case, "c").minimal_sets) == {at_set(a=True), at_set(b=True)}
    assert requirements(case, "not c", over=["b"]).minimal_sets == ({"b": False},)


def at_set(**values: bool) -> object:
    return type(requirements(at.case("a attends"), "a").minimum)(values)


def test_who_is_there_for_other_reasons_need_not_be_assumed() -> None:
    case = at.Case(participants=list("abcd"), statements=["a attends unless d", "b attends if d or c"])
    assert str(requirements(case, "a", founded=True)) == "not d"


def test_a_set_that_makes_a_conflict_is_no_answer() -> None:
    case = at.case("a attends if b\nc attends if b", rules=["not (a and c)"])
    assert not requirements(case, "a", over=["b"]).possible
    assert requirements(case, "a", over=["b", "c"]).minimal_sets == ({"b": True, "c": False},)


def test_the_cheapest() -> None:
    case = at.case("x attends if a and b\nx attends if c")
    assert requirements(case, "x").minimum == {"c": True}
    for cost in (3, "2.5", 2.5, Decimal("2.5"), Fraction(5, 2), "5/2"):
        found = requirements(case, "x", costs={"c": cost})
        assert [set(s) for s in found] == [{"a", "b"}, {"c"}]
    assert requirements(case, "x", costs={"a": 0, "b": 0}).minimum == {"a": True, "b": True}


def test_facts_and_gatherings() -> None:
    case = at.loads("""
        gatherings: {talks: , dinner: }
        participants: {ann: , bob: , "Ms Q": }
        facts: {deal: unknown}
        statements:
        - ann attends only if deal
        - ann at dinner attends only if bob at dinner
        - '"Ms Q" at dinner attends if deal'
        - '"Ms Q" attends'
        """)
    assert requirements(case, "ann").minimal_sets == ({"deal": True},)
    assert requirements(case, "ann at dinner").minimal_sets == ({"bob at dinner": True},)
    found = requirements(case, "ann at dinner", over=["bob", "ann at dinner"])
    assert set(found.minimal_sets) == {at_set(**{"bob at dinner": True}), at_set(**{"ann at dinner": True})}
    quoted = requirements(case, '"Ms Q" at dinner and not deal')
    assert quoted.minimal_sets == ({'"Ms Q" at dinner': True, "deal": False},)
    assert at.resolve(case, assume=dict(quoted.minimum or {}))["Ms Q", "dinner"] == "attends"


def test_few_of_many_are_found_without_the_rest() -> None:
    case = at.case("\n".join(f"x attends if {a}{i} and {b}{i}" for i in range(10) for a in "ab" for b in "cd"))
    found = requirements(case, "x", limit=3)
    assert len(found.minimal_sets) == 3
    assert not found.complete
    assert all(len(s) == 2 for s in found)
    crowd = at.Case(participants=[f"p{i}" for i in range(60)], rules=[])
    lazy = requirements(crowd, "at least 30 of everyone")
    assert len(lazy.minimum or ()) == 30
    assert len(next(iter(lazy))) == 30
    assert "..." in str(lazy)


def test_answers_are_values(istanbul: at.Case) -> None:
    found = requirements(istanbul, "zelensky or trump")
    assert pickle.loads(pickle.dumps(found)) == found == requirements(istanbul, "zelensky or trump")
    assert hash(found) == hash(pickle.loads(pickle.dumps(found)))
    assert found != requirements(istanbul, "zelensky")
    told = requirements(istanbul, "zelensky", limit=5).to_dict()
    assert told == {
        "goal": "zelensky",
        "mode": "every",
        "possible": True,
        "minimum": {"putin": True},
        "minimal_sets": [{"putin": True}],
        "complete": True,
        "reason": None,
    }


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"mode": "all"}, "the mode is 'every' or 'some'"),
        ({"limit": 0}, "a limit is a whole number from 1 up"),
        ({"limit": True}, "a limit is a whole number from 1 up"),
        ({"over": ["putn"]}, "did you mean putin"),
        ({"forbid": ["putn"]}, "did you mean putin"),
        ({"over": 3}, "`over` is names"),
        ({"over": ["putin"], "assume": {"putin": True}}, "putin has its value already"),
        ({"costs": {"putin": -1}}, "the cost of 'putin': expected a number from 0 up"),
        ({"costs": {"putin": "1/0"}}, "the cost of 'putin'"),
        ({"costs": {"putin": None}}, "the cost of 'putin'"),
        ({"costs": {"putin": "1e-20"}}, "too large, or too fine"),
        ({"costs": ["putin"]}, "costs are numbers by name"),
        ({"costs": {"putn": 1}}, "did you mean putin"),
        ({"engine": "clngo"}, "unknown engine"),
    ],
)
def test_what_is_refused(istanbul: at.Case, asked: dict[str, object], message: str) -> None:
    with pytest.raises(at.InputError) as caught:
        requirements(istanbul, "zelensky", **asked)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("goal", "error", "message"),
    [
        ("putn", at.UnknownName, "unknown name 'putn'\n    putn\n    ^^^^\n    did you mean putin?"),
        ("putin at ankra", at.UnknownName, "unknown gathering 'ankra'"),
        (at.condition("zelensky and putn"), at.UnknownName, "did you mean putin?"),
        ("putin and", at.LanguageError, "the text ends here\n    putin and\n             ^"),
        ("seats of everyone at least 3", at.QuestionError, "no participant has a weight 'seats'"),
        ("at least 3 of (putin, trump)", at.QuestionError, "can never be: there are only 2 of them"),
        ("all of others", at.QuestionError, "'others' means nobody here"),
        (7, at.QuestionError, "expected a condition or its text, not 7"),
        (None, at.QuestionError, "expected a condition or its text, not None"),
    ],
)
@pytest.mark.parametrize("ask", [requirements, at.pivots, at.always, at.ever])
def test_every_question_refuses_the_same_goals_in_the_same_words(
    istanbul: at.Case, ask: Callable[..., object], goal: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        ask(istanbul, goal)
    assert message in str(caught.value)


def test_names_can_be_given_back() -> None:
    case = at.loads("""
        gatherings: {talks: , "Gala, 9 May": }
        participants: {ann: , "Ms Q": }
        statements: ['ann attends if "Ms Q" at "Gala, 9 May"', '"Ms Q" at "Gala, 9 May" might attend']
        """)
    key = '"Ms Q" at "Gala, 9 May"'
    (found,) = requirements(case, "ann", over=[key])
    assert dict(found) == {key: True}
    assert at.resolve(case, assume=found)["ann"] is at.Verdict.ATTENDS
    assert requirements(case, "ann", forbid=key).reason is not None
    assert requirements(case, "ann", costs={key: 2}, over=[("Ms Q", "Gala, 9 May")]).minimum == found
    assert at.pivots(case, "ann", over=[key]).players == (key,)
    proof = at.always(case, "not ann", over=[key])
    assert proof.counterexample is not None
    assert dict(proof.counterexample.assume) == {key: True}


def test_whom_a_goal_names_where_they_are_not_counted(istanbul: at.Case) -> None:
    assert str(requirements(istanbul, "erdogan")).endswith("erdogan is not counted at talks, only at ankara.")
    assert str(requirements(istanbul, "rubio at ankara")).endswith("rubio is not counted at ankara, only at talks.")


def test_the_time_limit_is_kept() -> None:
    said = [f"p{i} attends if p{i * 7 % 200} and not p{i * 11 % 200} or p{i * 3 % 200}" for i in range(200)]
    case = at.Case(participants=[f"p{i}" for i in range(200)], statements=said)
    with pytest.raises(at.ResolutionTimeout):
        requirements(case, "at least 150 of everyone", time_limit=0.3)


def test_any_limit_will_do_and_no_goal_is_too_deep_to_be_refused() -> None:
    case = at.case("a attends\nb attends if a")
    assert [{}] == [dict(found) for found in at.requirements(case, "b", limit=10**30)]
    deep = at.attends("a")
    for _ in range(2000):
        deep = ~(deep & at.attends("a"))
    for ask in (at.requirements, at.always, at.ever, at.pivots):
        with pytest.raises(at.QuestionError, match="100 deep at most"):
            ask(case, deep)


def test_thirteen_who_may_all_be_assumed_take_no_time() -> None:
    """Every set of assumptions was gone through value by value: seven seconds."""
    names = [f"x{i}" for i in range(13)]
    case = at.case("\n".join(f"{name} might attend" for name in names))
    assert ({},) == requirements(case, "at least 5 of everyone", mode="some", time_limit=60).minimal_sets
    every = requirements(case, "at least 11 of everyone", engine="tables", time_limit=60).minimal_sets
    assert [dict.fromkeys(of, True) for of in combinations(names, 11)] == list(map(dict, every))
