"""What an explanation says is true: its statements entail the verdict, none too many, step by step from cause to effect."""

import json
import os
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings

import attendance as at
from attendance import network as definition
from attendance.compiler import Compiled, compile_case
from attendance.network import Network
from attendance.questions.why import Explanation, Step
from tests.cases import Asked, asked

SEED = Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml"
THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or (20_000 if THOROUGH else 120))
many = settings(
    max_examples=EXAMPLES, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def istanbul() -> at.Case:
    return at.load(SEED)


# --- random cases ---------------------------------------------------------------------------------


def resolved(question: Asked) -> at.Resolution | None:
    """The resolution; None of what is impossible."""
    try:
        return at.resolve(question.case, **question.keywords)
    except at.ImpossibleScenario:
        return None


def network_of(question: Asked, *, fold: bool = True) -> Compiled:
    return compile_case(question.case, question.scenario, fold=fold)


def entails(network: Network, atom: int, value: bool) -> bool:
    """Whether an atom has the value in every outcome, of which there must be one."""
    states = definition.outcomes(network)
    assert states, "setting aside only adds outcomes"
    return all(state[atom] is value for state in states)


def only(network: Network, ids: tuple[str, ...]) -> Network:
    return network.without(set(network.removable) - set(ids))


def is_chain(explanation: Explanation) -> bool:
    """Whether the steps are a chain, and not one step of everything together."""
    return not any("could not hold" in step.text for step in explanation.steps)


@many
@given(asked())
def test_the_statements_entail_the_verdict_and_none_can_be_left_out(question: Asked) -> None:
    resolution = resolved(question)
    if resolution is None:
        return
    compiled = network_of(question)
    for about, verdict in resolution.verdicts.items():
        if verdict is at.Verdict.UNDETERMINED:
            continue
        found = at.why(question.case, about, **question.keywords)
        note(found.text())
        assert verdict == found.verdict
        if not found.steps:
            assert not resolution.consistent
            assert () == found.statements
            continue
        atom, value = compiled.index[about], verdict is at.Verdict.ATTENDS
        assert entails(only(compiled.network, found.statements), atom, value)
        for name in found.statements:
            fewer = tuple(i for i in found.statements if i != name)
            assert not entails(only(compiled.network, fewer), atom, value), name


@many
@given(asked())
def test_no_assumption_and_no_known_fact_is_named_in_vain(question: Asked) -> None:
    resolution = resolved(question)
    if resolution is None:
        return
    compiled = network_of(question, fold=False)
    for about, verdict in resolution.verdicts.items():
        found = at.why(question.case, about, **question.keywords)
        if verdict is at.Verdict.UNDETERMINED or not found.steps or not is_chain(found):
            continue
        note(found.text())
        network = replace(only(compiled.network, found.statements), given=())
        used = {atom_of(compiled, s.about) for s in found.steps} & fixed_atoms(network)
        atom, value = compiled.index[about], verdict is at.Verdict.ATTENDS
        assert entails(knowing(network, used), atom, value)
        for name in used:
            assert not entails(knowing(network, used - {name}), atom, value), name


def fixed_atoms(network: Network) -> set[int]:
    return {atom for atom, value in enumerate(network.fixed) if value is not None}


def knowing(network: Network, used: set[int]) -> Network:
    return replace(network, fixed=tuple(v if a in used else None for a, v in enumerate(network.fixed)))


def atom_of(compiled: Compiled, thing: at.Attendance | str) -> int:
    if isinstance(thing, at.Attendance):
        return compiled.index[thing]
    return len(compiled.attendances) + compiled.facts.index(thing)


@many
@given(asked())
def test_steps_go_from_cause_to_effect(question: Asked) -> None:
    resolution = resolved(question)
    if resolution is None:
        return
    compiled = network_of(question, fold=False)
    for about, verdict in resolution.verdicts.items():
        found = at.why(question.case, about, **question.keywords)
        if verdict is at.Verdict.UNDETERMINED or not found.steps:
            continue
        note(found.text())
        last = found.steps[-1]
        assert (about, verdict is at.Verdict.ATTENDS) == (last.about, last.value)
        concluded: list[tuple[Any, bool]] = []
        for step in found.steps:
            assert step.about not in [thing for thing, _ in concluded], "a circle"
            assert set(step.given) <= set(concluded)
            assert step.value == value_of(resolution, step.about)
            if is_chain(found):
                assert follows(compiled, step), step.text
            concluded.append((step.about, step.value))
        used = {str(s.id) for step in found.steps for s in step.because}
        assert set(found.statements) == used


def value_of(resolution: at.Resolution, thing: at.Attendance | str) -> bool | None:
    if isinstance(thing, at.Attendance):
        return {at.Verdict.ATTENDS: True, at.Verdict.ABSENT: False}.get(resolution.verdicts[thing])
    return resolution.facts[thing]


def follows(compiled: Compiled, step: Step) -> bool:
    """Whether a step follows from what it names alone; an assumption or a known fact does from itself."""
    network, atom = compiled.network, atom_of(compiled, step.about)
    if network.fixed[atom] is not None:
        return (network.fixed[atom], (), ()) == (step.value, step.because, step.given)
    known = {atom_of(compiled, thing): value for thing, value in step.given}
    alone = replace(
        only(network, tuple(str(s.id) for s in step.because)),
        fixed=tuple(known.get(a) for a in range(network.atoms)),
        given=(),
    )
    return entails(alone, atom, step.value)


@many
@given(asked())
def test_witnesses_are_outcomes_that_differ(question: Asked) -> None:
    resolution = resolved(question)
    if resolution is None:
        return
    network = network_of(question).network
    if not resolution.consistent and len(network.removable) > 8:
        return
    real = definition.repaired_outcomes(network)
    for about, cause in resolution.causes.items():
        found = at.why(question.case, about, **question.keywords)
        note(found.text())
        assert (at.Verdict.UNDETERMINED, cause, (), ()) == (
            found.verdict,
            found.cause,
            found.statements,
            found.steps,
        )
        first, second = found.witnesses
        assert first[about] is not second[about]
        for witness in found.witnesses:
            assert (*witness.attendances.values(), *witness.facts.values()) in real
        assert json.loads(json.dumps(found.to_dict())) == found.to_dict()


@settings(parent=many, max_examples=max(1, EXAMPLES // 4))
@given(asked())
def test_every_engine_gives_the_same_reasons(question: Asked) -> None:
    resolution = resolved(question)
    if resolution is None:
        return
    for about in resolution.verdicts:
        expected = at.why(question.case, about, **question.keywords)
        actual = at.why(question.case, about, engine="enumeration", **question.keywords)
        told = [(e.verdict, e.statements, e.steps, e.cause) for e in (expected, actual)]
        assert told[0] == told[1]
        assert expected == pickle.loads(pickle.dumps(expected))


# --- the words ------------------------------------------------------------------------------------


def test_istanbul_as_it_stands(istanbul: at.Case) -> None:
    expected = """\
Volodymyr Zelensky is absent.
1. Vladimir Putin is absent: “putin declines” (14 May 2025, Kremlin statement).
2. Volodymyr Zelensky is absent: “zelensky attends only if putin” (14 May 2025, video address), and \
Vladimir Putin is absent."""
    assert expected == at.why(istanbul, "zelensky").text()
    assert expected == str(at.why(istanbul, "zelensky"))
    assert ("list", "z") == at.why(istanbul, "zelensky").statements


def test_istanbul_had_putin_come(istanbul: at.Case) -> None:
    expected = """\
Volodymyr Zelensky attends.
1. Vladimir Putin attends: so it is assumed.
2. Volodymyr Zelensky attends: “zelensky attends only if putin” (14 May 2025, video address), and \
Vladimir Putin attends."""
    assert expected == at.why(istanbul, "zelensky", assume={"putin": True}).text()
    assert ("z",) == at.why(istanbul, "zelensky", assume={"putin": True}).statements


def test_istanbul_on_the_tuesday_before(istanbul: at.Case) -> None:
    found = at.why(istanbul, "trump", assume={"putin": True}, as_of="2025-05-13")
    expected = """\
Whether Donald Trump attends is undetermined.
Donald Trump said: “trump might attend if putin” (12 May 2025, Trump).
Their statements leave them the choice.
One possible outcome has them there, with Vladimir Putin and Volodymyr Zelensky attending; another does not."""
    assert expected == found.text()
    assert "open" == str(found.cause)


def test_a_circle(istanbul: at.Case) -> None:
    expected = """\
Whether Vladimir Putin attends is undetermined.
Vladimir Putin said: “putin attends only if trump”.
What each of them does hangs on the others: Vladimir Putin and Donald Trump.
One possible outcome has them there, with Volodymyr Zelensky, Donald Trump, Vladimir Medinsky and Marco Rubio \
attending; another does not.
The two differ also in Volodymyr Zelensky and Donald Trump."""
    assert expected == at.why(istanbul, "putin", scenario="mutual-loop").text()


def test_who_depends_on_another(istanbul: at.Case) -> None:
    expected = """\
Whether Volodymyr Zelensky attends is undetermined.
Volodymyr Zelensky said: “zelensky attends only if putin” (14 May 2025, video address).
It depends on Vladimir Putin.
One possible outcome has them there, with Vladimir Putin, Vladimir Medinsky and Marco Rubio attending; \
another does not.
The two differ also in Vladimir Putin."""
    assert expected == at.why(istanbul, "zelensky", scenario="no-list").text()


def test_a_conflict_and_what_it_does_not_touch(istanbul: at.Case) -> None:
    clash = """\
Seen that “zelensky”, these cannot all stand: “zelensky attends only if putin” (z, 14 May 2025, video address) and \
“putin declines” (list, 14 May 2025, Kremlin statement).
It takes setting aside z, or list."""
    putin = f"""\
Whether Vladimir Putin attends is undetermined.
Vladimir Putin said: “putin declines” (14 May 2025, Kremlin statement).
{clash}
One possible outcome has them there, with Volodymyr Zelensky, Vladimir Medinsky and Marco Rubio attending; \
another does not."""
    zelensky = f"""\
Volodymyr Zelensky attends, whichever of the clashing statements is set aside.
1. Volodymyr Zelensky attends: otherwise the observation “zelensky” could not hold.
{clash}"""
    rubio = """\
Marco Rubio attends.
1. Marco Rubio attends: “rubio attends” (14 May 2025, reported)."""
    told = {who: at.why(istanbul, who, scenario="zelensky-seen").text() for who in ("putin", "zelensky", "rubio")}
    assert {"putin": putin, "zelensky": zelensky, "rubio": rubio} == told


def test_at_another_gathering(istanbul: at.Case) -> None:
    expected = """\
Volodymyr Zelensky (Meeting in Ankara) attends.
1. Volodymyr Zelensky (Meeting in Ankara) attends: “zelensky at ankara attends” (15 May 2025, reported)."""
    for who in ("zelensky at ankara", ("zelensky", "ankara"), at.Attendance("zelensky", "ankara")):
        assert expected == at.why(istanbul, who).text()


def test_nobody_said_anything(istanbul: at.Case) -> None:
    expected = """\
Whether Marco Rubio attends is undetermined.
No statement in force says whether they attend.
One possible outcome has them there, with Volodymyr Zelensky attending; another does not."""
    assert expected == at.why(istanbul, "rubio", as_of="2025-05-11").text()


def test_what_is_assumed_is_its_own_reason(istanbul: at.Case) -> None:
    expected = "Vladimir Putin attends.\n1. Vladimir Putin attends: so it is assumed."
    assert expected == at.why(istanbul, "putin", scenario="putin-comes").text()


def told(text: str, who: str, **parts: Any) -> list[str]:
    """The lines of an explanation over a case of statements."""
    keys = {key: parts.pop(key) for key in ("facts", "groups", "rules") if key in parts}
    return at.why(at.case(text, **keys), who, **parts).text().split("\n")


def test_facts_that_are_known_and_unknown() -> None:
    known = {"rain": {"name": "It rains", "value": True}}
    expected = [
        "a is absent.",
        "1. “It rains” holds: that is known.",
        "2. a is absent: “a attends unless rain”, and “It rains” holds.",
    ]
    assert expected == told("a attends unless rain", "a", facts=known)
    assert (
        "1. “It rains” does not hold: so it is assumed."
        == told("a attends unless rain", "a", facts=known, assume={"rain": False})[1]
    )
    assert "It hangs on “rain”, which is unknown." == told("a attends unless rain", "a", facts=["rain"])[2]
    assert (
        "It hangs on “rain” and “snow”, which are unknown."
        == told("a attends if rain and snow", "a", facts=["rain", "snow"])[2]
    )


def test_no_more_than_is_needed() -> None:
    text = "a attends if b or c\nb attends\nc attends\nd attends"
    assert ["a attends.", "1. b attends: “b attends”.", "2. a attends: “a attends if b or c”, and b attends."] == told(
        text, "a"
    )
    assumed = ["a attends.", "1. b attends: so it is assumed.", "2. a attends: “a attends if b or c”, and b attends."]
    assert assumed == told("a attends if b or c\nd declines", "a", assume={"b": True, "c": True, "d": True})


def test_one_reason_of_weight_suffices() -> None:
    case = at.Case(
        participants=[{"id": p, "weights": {"seats": w}} for p, w in (("a", 1), ("b", 1), ("c", 3))],
        statements=["a attends if seats of (b, c) at least 3"],
    )
    found = at.why(case, "a", assume={"b": True, "c": True})
    assert [("c", True), ("a", True)] == [(step.about.participant, step.value) for step in found.steps]


def test_rules_and_observations_take_everything_together() -> None:
    expected = [
        "b is absent.",
        "1. b is absent: otherwise “a attends” and the rule “at most 1 of everyone” could not hold together.",
    ]
    assert expected == told("a attends\nb might attend", "b", rules=["at most 1 of everyone"])
    assert ("a.1", "rule.1") == at.why(
        at.case("a attends\nb might attend", rules=["at most 1 of (a, b)"]), "b"
    ).statements
    expected = [
        "1. b attends: otherwise the assumption that a is absent and the observation “a or b” could not hold together."
    ]
    assert expected == told("a attends\nb might attend\nc attends", "b", assume={"a": False}, given=["a or b", "c"])[1:]
    expected = [
        "1. b attends: otherwise the known fact that “f” holds and the observation “not f or b” could not hold together."
    ]
    assert expected == told("b might attend", "b", facts={"f": True}, given=["not f or b"])[1:]


def test_a_circle_of_promises_alone() -> None:
    expected = [
        "a is absent.",
        "1. a is absent: otherwise “a attends only if b” and “b attends only if a” could not hold together, "
        "where nobody attends by a circle of promises alone.",
    ]
    assert expected == told("a attends only if b\nb attends only if a", "a", founded=True)


def test_circles_need_not_be_of_friends() -> None:
    """What is said of a circle is true of those who avoid each other, too."""
    expected = [
        "Whether a attends is undetermined.",
        "a said: “a attends unless b”.",
        "What each of them does hangs on the others: a and b.",
        "One possible outcome has them there, alone; another does not.",
        "The two differ also in b.",
    ]
    assert expected == told("a attends unless b\nb attends unless a", "a")


def test_who_says_what() -> None:
    case = at.Case(
        participants=[{"id": "boss", "name": "The boss"}, {"id": "aide", "name": "The aide"}],
        statements=[
            {"who": "boss", "says": "sends aide if rain", "by": "press office", "said": "2025-05-14T10:00"},
            {"who": "aide", "says": "attends if rain", "by": "boss", "source": "a letter"},
        ],
        facts={"rain": None},
    )
    expected = [
        "Whether The aide attends is undetermined.",
        "press office said: “boss sends aide if rain” (14 May 2025, 10:00).",
        "The boss said: “aide attends if rain” (a letter).",
    ]
    assert expected == at.why(case, "aide").text().split("\n")[:3]
    attends = "2. The aide attends: The boss: “aide attends if rain” (a letter), and “rain” holds."
    assert attends == at.why(case, "aide", assume={"rain": True}, withdraw=["boss.1"]).text().split("\n")[2]


def test_a_verdict_on_which_all_repairs_agree_for_reasons_of_their_own() -> None:
    found = at.why(at.case("a attends\nb attends\nc attends if a or b", rules=["not (a and b)"]), "c")
    assert (at.Verdict.ATTENDS, (), ()) == (found.verdict, found.statements, found.steps)
    expected = [
        "c attends, whichever of the clashing statements is set aside.",
        "These cannot all stand: “a attends” (a.1), “b attends” (b.1) and the rule “not (a and b)” (rule.1).",
        "It takes setting aside a.1, or b.1, or rule.1.",
    ]
    assert expected == found.text().split("\n")


def test_only_the_conflict_that_touches_them_is_told() -> None:
    text = "a attends\na declines\nb attends only if x\nb attends only if y\nb attends\nx declines\nc attends"
    assert ["These cannot all stand: “a attends” (a.1) and “a declines” (a.2)."] == [
        line for line in told(text, "a") if "cannot all stand" in line
    ]
    assert ["c attends.", "1. c attends: “c attends”."] == told(text, "c")


def test_long_lists_are_cut() -> None:
    people = "\n".join(f"p{i} attends" for i in range(12))
    line = told(f"a might attend\n{people}", "a")[-1]
    expected = "with p0, p1, p2, p3, p4, p5, p6 and 5 others attending; another does not."
    assert f"One possible outcome has them there, {expected}" == line


def test_witnesses_differ_in_little_else() -> None:
    silent = "\n".join(f"p{i} might attend" for i in range(40))
    found = at.why(at.case(f"{silent}\na attends only if b\nb attends only if a"), "a")
    first, second = found.witnesses
    differing = [a.participant for a in first.attendances if first[a] != second[a]]
    assert ["a", "b"] == differing


def test_unknown_names_are_refused(istanbul: at.Case) -> None:
    with pytest.raises(at.UnknownName, match="unknown participant 'zelenski'\n    did you mean zelensky"):
        at.why(istanbul, "zelenski")


def test_long_chains_are_explained_in_a_moment() -> None:
    chain = "\n".join(f"p{i} attends only if p{i + 1}" for i in range(60))
    found = at.why(at.case(f"{chain}\np60 declines"), "p0")
    assert 61 == len(found.statements) == len(found.steps)
    assert ["p60.1"] == [str(s.id) for s in found.steps[0].because]


def test_witnesses_are_as_alike_as_can_be_found() -> None:
    """Where enough others are there, or too few, she is all that differs; else those whom she needs are."""
    people = [f"p{i}" for i in range(30)]
    lines = [f"{p} might attend only if at least 2 of others" for p in people]
    found = at.why(at.case("\n".join(lines)), "p3")
    first, second = found.witnesses
    few = 3 > len(first.attending | second.attending)
    assert (3 if few else 1) == len(first.attending ^ second.attending)
    torn = at.case("\n".join([*lines, "p3 attends", "p3 declines"]))
    assert {True, False} == {w["p3"] for w in at.why(torn, "p3").witnesses}
