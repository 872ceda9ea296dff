"""Always and ever: proved over every scenario varied, or an example that can be checked again."""

import json
import os
import pickle
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import compile_case
from attendance.model import conditions as c
from attendance.network import Network, Stance, holds, is_outcome, outcomes, repaired_outcomes, values
from attendance.questions.harmony import never_torn
from attendance.questions.prove import Example, always, ever
from tests.cases import Asked, asked
from tests.networks import crowds, networks
from tests.sizes import shares

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 160)
examples = shares(EXAMPLES)


# --- the definition: every scenario by itself, every outcome of it listed ---------------------------


def scenarios(case: at.Case, keywords: dict[str, Any], over: list[str]) -> list[dict[str, bool]]:
    """Every combination of yes and no of what is varied, beside what is assumed already."""
    assumed = dict(keywords.get("assume", {}))
    return [assumed | dict(zip(over, chosen, strict=True)) for chosen in product((False, True), repeat=len(over))]


def listed(case: at.Case, keywords: dict[str, Any], assume: dict[str, bool], goal: c.Condition) -> list[bool]:
    """The property in every outcome of a scenario; of its minimum repairs where it has none."""
    parts = {k: v for k, v in keywords.items() if k != "scenario"} | {"assume": assume}
    scenario = case.scenario(keywords.get("scenario"), at.Scenario(**parts))
    compiled = compile_case(case, scenario, [goal])
    found = repaired_outcomes(compiled.network)
    return [holds(compiled.goals[0], values(compiled.network, state)) for state in found]


def defined(case: at.Case, keywords: dict[str, Any], over: list[str], goal: c.Condition) -> list[bool]:
    return [value for assume in scenarios(case, keywords, over) for value in listed(case, keywords, assume, goal)]


# --- against the definition -------------------------------------------------------------------------


@st.composite
def questions(draw: st.DrawFn) -> tuple[Asked, list[str], c.Condition]:
    """A case in a scenario, names that are not assumed there, and a property of a few of its names."""
    put = draw(asked())
    assumed = {key for key, _ in put.scenario.assume}
    resolved = compile_case(put.case, put.scenario)
    names = [*(str(a) for a in resolved.attendances), *resolved.facts]
    main = put.case.roster.main
    free = [n for n in names if n not in assumed and n.removesuffix(f" at {main}") not in assumed]
    fixed = {str(resolved.name(a)) for a, v in enumerate(resolved.network.fixed) if v is not None}
    free = [n for n in free if n not in fixed or n in resolved.facts]
    over = draw(st.lists(st.sampled_from(free), max_size=3, unique=True)) if free else []
    leaf = st.sampled_from([at.condition(n) for n in names] or [c.ALWAYS])
    goal = draw(
        st.recursive(
            leaf,
            lambda of: st.one_of(
                st.builds(lambda a: ~a, of),
                st.builds(lambda a, b: a & b, of, of),
                st.builds(lambda a, b: a | b, of, of),
            ),
            max_leaves=3,
        )
    )
    return put, over, goal


def check_example(example: Example, put: Asked, over: list[str], goal: c.Condition, wanted: bool) -> None:
    """What an example says is so: the outcome comes again when its scenario is asked for."""
    keywords = {k: v for k, v in put.keywords.items() if k != "assume"}
    assume = dict(put.keywords.get("assume", {})) | dict(example.assume)
    assert len(over) == len(example.assume)
    assert all(
        example.outcome[at.condition(n).name if " at " not in n else tuple(n.split(" at "))] == value
        for n, value in example.assume.items()
    )
    resolution = at.resolve(put.case, assume=assume, **keywords)
    assert resolution.consistent == (example.repair == ())
    assert resolution.verdicts == at.resolve(put.case, scenario=example.scenario).verdicts
    if example.repair:
        assert sorted(example.repair) in [sorted(r) for r in resolution.repairs]
    else:
        assert example.outcome in list(at.outcomes(put.case, assume=assume, **keywords))
    compiled = compile_case(put.case, example.scenario, [goal])
    state = (*example.outcome.attendances.values(), *example.outcome.facts.values())
    assert is_outcome(compiled.network.without(example.repair), state)
    assert holds(compiled.goals[0], values(compiled.network, state)) == wanted


@examples(0.8)
@given(questions())
def test_always_and_ever_are_what_listing_says(question: tuple[Asked, list[str], c.Condition]) -> None:
    put, over, goal = question
    expected = defined(put.case, put.keywords, over, goal)
    if not expected:
        for ask in (always, ever):
            with pytest.raises(at.ImpossibleScenario):
                ask(put.case, goal, over=over, **put.keywords)
        return
    for_all, for_some = (
        always(put.case, goal, over=over, **put.keywords),
        ever(put.case, goal, over=over, **put.keywords),
    )
    assert (all(expected), any(expected)) == (bool(for_all), bool(for_some))
    assert 1 << len(over) == for_all.scenarios == for_some.scenarios
    assert (for_all.counterexample is None, for_all.witness) == (all(expected), None)
    assert (for_some.witness is not None, for_some.counterexample) == (any(expected), None)
    if for_all.counterexample is not None:
        check_example(for_all.counterexample, put, over, goal, wanted=False)
    if for_some.witness is not None:
        check_example(for_some.witness, put, over, goal, wanted=True)


@pytest.mark.parametrize("engine", ["tables", "enumeration", "clingo", "propagation"])
@examples(0.05)
@given(questions())
def test_every_engine_answers_so(engine: str, question: tuple[Asked, list[str], c.Condition]) -> None:
    put, over, goal = question
    expected = defined(put.case, put.keywords, over, goal)
    if expected:
        with suppress(at.EngineUnsuitable):
            assert all(expected) == bool(always(put.case, goal, over=over, engine=engine, **put.keywords))
            assert any(expected) == bool(ever(put.case, goal, over=over, engine=engine, **put.keywords))


@examples(0.3)
@given(st.one_of(networks(rules=0, lost=False), networks(rules=0, statements=3, lost=False), crowds()), st.data())
def test_the_outcomes_of_all_scenarios_are_those_of_one_network(network: Network, data: st.DataObject) -> None:
    free = [a for a, v in enumerate(network.fixed) if v is None]
    varied = data.draw(st.lists(st.sampled_from(free), unique=True)) if free else []
    opened = replace(network, stances=tuple(Stance() if x in varied else s for x, s in enumerate(network.stances)))
    each = [
        state
        for chosen in product((False, True), repeat=len(varied))
        for state in outcomes(network.assuming(dict(zip(varied, chosen, strict=True))))
    ]
    assert sorted(each) == outcomes(opened)
    if never_torn(opened):
        for chosen in product((False, True), repeat=len(varied)):
            assert outcomes(network.assuming(dict(zip(varied, chosen, strict=True))))


@st.composite
def promises(draw: st.DrawFn) -> str:
    """Everybody says one thing, of one or two others: circles of both signs."""
    people, lines = "abcd", []
    for who in people:
        some = [p for p in people if p != who]
        sides = [
            f"{draw(st.sampled_from(('', 'not ')))}{draw(st.sampled_from(some))}"
            for _ in range(draw(st.integers(1, 2)))
        ]
        says = draw(st.sampled_from(("attends if", "attends only if", "declines if", "might attend only if")))
        lines.append(f"{who} {says} {draw(st.sampled_from((' and ', ' or '))).join(sides)}")
    return "\n".join(lines)


@examples(0.6)
@given(promises(), st.booleans())
def test_where_nothing_can_clash_nothing_does(text: str, founded: bool) -> None:
    network = compile_case(at.case(text), at.Scenario(founded=founded)).network
    if never_torn(network):
        assert outcomes(network)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("a attends only if b\nb attends only if a", True),
        ("a attends only if not b\nb attends only if not a", True),
        ("a attends only if not b\nb attends only if a", False),
        ("a attends if b and not c\nb attends if c", True),
        ("a attends if at least 2 of others\nb attends if at least 1 of others\nc might attend", True),
        ("a attends if at most 1 of others\nb attends if at most 1 of others\nc attends if at most 1 of others", False),
        ("a attends if b\na declines if c", False),
    ],
)
def test_what_is_seen_from_the_signs(text: str, never: bool) -> None:
    assert never == never_torn(compile_case(at.case(text), at.Scenario()).network)


# --- by hand ----------------------------------------------------------------------------------------

SEED = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def istanbul() -> at.Case:
    return at.load(SEED / "istanbul-2025.yaml")


def test_zelensky_comes_just_when_putin_does(istanbul: at.Case) -> None:
    both = "exactly 0 of (putin, zelensky) or all of (putin, zelensky)"
    found = always(istanbul, both, over=["putin", "trump", "rubio"])
    assert found
    assert (8, True, None, None) == (found.scenarios, found.proved, found.counterexample, found.witness)
    assert f"always: {at.condition(both)}, in 8 scenarios" == str(found).replace(both, str(at.condition(both)))


def test_a_counterexample_can_be_asked_for_again(istanbul: at.Case) -> None:
    found = always(istanbul, "not zelensky", over=["putin", "rubio"])
    assert not found
    example = found.counterexample
    assert example is not None
    assert (True, ()) == (example.assume["putin"], example.repair)
    assert [example.outcome] == list(at.outcomes(istanbul, assume=example.assume))
    assert [example.outcome] == list(at.outcomes(istanbul, scenario=example.scenario))
    assert "not always: not zelensky, in 4 scenarios\ncounterexample: assuming putin = yes, rubio = " in str(found)


def test_of_the_one_scenario_asked() -> None:
    case = at.case("a attends only if b\nb attends only if a")
    assert ever(case, "a")
    assert ever(case, "not a")
    assert not ever(case, "a and not b")
    assert not ever(case, "a", founded=True)
    assert "never: a and not b" == str(ever(case, "a and not b"))
    assert "possible: a\nwitness: a, b" == str(ever(case, "a"))


def test_where_statements_clash_the_minimum_repairs_count() -> None:
    case = at.case("a attends only if b\nb declines if a\nc attends")
    assert not ever(case, "not c")
    for wanted in ("a", "not a", "a and b"):
        found = ever(case, wanted)
        assert found.witness is not None
        assert found.witness.repair in list(at.resolve(case).repairs)
    assert "witness: " in str(found)
    assert "set aside)" in str(found)


def test_varied_ones_conflict_in_some_scenarios_only() -> None:
    case = at.case("a attends only if b and f\nb declines if a and f\nc attends if not a", facts=["f"])
    found = always(case, "c", over=["f"])
    assert found.counterexample is not None
    assert {"f": True} == dict(found.counterexample.assume)
    assert 1 == len(found.counterexample.repair)
    assert always(case, "c", over=["f"], assume={"a": False})


def test_known_facts_can_be_varied_and_what_is_assumed_cannot() -> None:
    americas = at.load(SEED / "americas-2022.yaml")
    facts = ["cuba-invited", "nicaragua-invited", "venezuela-invited"]
    assert always(americas, "exactly 1 of (lopez-obrador, ebrard)", over=facts)
    found = ever(americas, "lopez-obrador", over=facts)
    assert found.witness is not None
    assert dict.fromkeys(facts, True) == dict(found.witness.assume)
    assert not ever(americas, "lopez-obrador", over=facts[:2])
    with pytest.raises(at.QuestionError, match="cuba-invited is assumed in the scenario: it cannot be varied too"):
        always(americas, "castro", scenario="only-cuba-invited", over=facts)
    with pytest.raises(at.QuestionError, match="castro at summit is assumed"):
        always(americas, "castro", assume={"castro": False}, over="castro")


@pytest.mark.parametrize(
    ("property", "over", "error", "message"),
    [
        ("putn", None, at.UnknownName, "unknown name 'putn'"),
        ("putin and", None, at.LanguageError, "expected"),
        (7, None, at.QuestionError, "expected a condition or its text, not 7"),
        ("all of others", None, at.QuestionError, "others"),
        ("putin", ["putn"], at.UnknownName, "unknown name 'putn'|unknown participant 'putn'"),
        ("putin", [("putin", "ankara")], at.UnknownName, "putin at ankara is not counted"),
        ("putin", 5, at.QuestionError, "`over` is names, not 5"),
        ("putin", [5], at.UnknownName, "expected a name, or a name and a gathering, not 5"),
    ],
)
def test_wrong_questions_are_refused(
    istanbul: at.Case, property: Any, over: Any, error: type[Exception], message: str
) -> None:
    for ask in (always, ever):
        with pytest.raises(error, match=message):
            ask(istanbul, property, over=over)


def test_what_nothing_can_meet() -> None:
    case = at.case("a attends if b")
    for ask in (always, ever):
        with pytest.raises(at.ImpossibleScenario, match="given: b and not b"):
            ask(case, "a", given=["b and not b"], over=["a"])
    assert always(case, "b", given=["b"], over=["a", "b"])  # not b cannot be, and is skipped
    assert not ever(case, "not b", given=["b"], over=["b"])


def crowd(people: int) -> at.Case:
    lines = [f"p{i} attends if at least {1 + i % 7} of others" for i in range(people)]
    return at.case("\n".join([*lines, "q attends only if p0", "r attends unless q"]))


def test_many_can_be_varied_where_nothing_clashes() -> None:
    case = crowd(40)
    over = [f"p{i}" for i in range(0, 40, 2)]
    found = always(case, "exactly 1 of (q, r)", over=over, time_limit=60)
    assert found
    assert 2**20 == found.scenarios
    assert ever(case, "q and at most 1 of everyone", over=over, time_limit=60).witness is None


def test_too_many_that_may_clash_are_refused() -> None:
    lines = [f"p{i} might attend" for i in range(20)]
    case = at.case(
        "\n".join(
            [*lines, "a attends only if b", f"b declines if a and all of ({', '.join(f'p{i}' for i in range(20))})"]
        )
    )
    over = [f"p{i}" for i in range(20)]
    with pytest.raises(at.QuestionError, match=r"20 of what is varied hang together.*at most 16"):
        always(case, "a or not a", over=over)
    assert not always(case, "p3", over=over)  # an example is found before
    assert always(case, "a or not a", over=over[:10])


def test_the_time_limit_is_kept() -> None:
    lines = [f"p{i} might attend" for i in range(16)]
    some = ", ".join(f"p{i}" for i in range(16))
    case = at.case("\n".join([*lines, "a attends only if b", f"b declines if a and exactly 8 of ({some})"]))
    began = monotonic()
    with pytest.raises(at.ResolutionTimeout):
        always(case, "a or not a", over=[f"p{i}" for i in range(16)], time_limit=0.5)
    assert monotonic() - began < 30


def test_an_answer_is_a_value(istanbul: at.Case) -> None:
    for found in (always(istanbul, "not zelensky", over=["putin"]), ever(istanbul, "zelensky", over=["putin"])):
        assert found == pickle.loads(pickle.dumps(found))
        assert hash(found) == hash(pickle.loads(pickle.dumps(found)))
        assert found.to_dict() == json.loads(json.dumps(found.to_dict()))
        with pytest.raises(AttributeError):
            found.proved = False  # type: ignore[misc]
    told = ever(istanbul, "zelensky", over=["putin"]).to_dict()
    assert ["case", "scenario", "question", "property", "proved", "scenarios", "counterexample", "witness"] == list(
        told
    )
    assert {"putin": True} == told["witness"]["assume"]


def test_gatherings_are_named_where_they_are_not_the_main_one(istanbul: at.Case) -> None:
    found = ever(istanbul, "not zelensky at ankara", over=[("zelensky", "ankara")])
    assert found.witness is not None
    assert {"zelensky at ankara": False} == dict(found.witness.assume)
    assert found.witness.outcome in list(at.outcomes(istanbul, assume=found.witness.assume))
