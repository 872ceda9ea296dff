"""What random cases reach now and then, and nobody else asks: each a plain case with its answer."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import attendance as at
from attendance.faces.cli import cli

TALKS = at.case("putin attends\nzelensky attends only if putin")


class Mine(at.Condition):
    """A condition that the library does not know."""


def test_a_statement_is_read_from_json() -> None:
    read = at.Statement.model_validate_json('{"who": "anna", "says": "attends only if ben"}')
    assert ("anna", "attends only if ben") == (read.who, str(read.says))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{", ["invalid JSON: EOF while parsing an object at line 1 column 1"]),
        ('{"who": 3}', ["who: expected a name, not 3", "the key 'says' is missing"]),
    ],
)
def test_json_that_is_no_statement_is_told(text: str, problems: list[str]) -> None:
    with pytest.raises(at.CaseError) as caught:
        at.Statement.model_validate_json(text)
    assert problems == [str(problem) for problem in caught.value.problems]


def test_after_a_range_of_numbers_comes_no_letter() -> None:
    with pytest.raises(at.CaseError, match=r"1:17: expected how many, as in 'prefers 3\.\.7', and the end, but found"):
        at.case("anna prefers 3..\u00e4")


def test_where_it_is_stands_with_the_name() -> None:
    with pytest.raises(at.CaseError, match="put 'at' after the name, as in 'zelensky at ankara attends'"):
        at.case("anna attends at ankara")


def test_a_scenario_that_is_not_there_is_told_once() -> None:
    text = "participants: {a: {}, b: {}}\nstatements: [a attends]\nexpect: {wet: {a: attends, b: absent}}"
    with pytest.raises(at.CaseError) as caught:
        at.loads(text)
    assert ["<text>:3:10: unknown scenario 'wet'"] == [str(problem) for problem in caught.value.problems]


def test_a_condition_that_is_a_name_may_be_assumed() -> None:
    assert "absent" == at.resolve(TALKS, assume={at.condition("putin"): False})["zelensky"]


def test_an_outcome_says_who_attends() -> None:
    assert [{"putin", "zelensky"}] == [outcome.attending for outcome in at.outcomes(TALKS)]


def test_a_condition_of_another_kind_is_refused() -> None:
    strange = at.condition("putin") & Mine()
    with pytest.raises(at.InputError, match=r"^expected a condition, not Mine$"):
        str(strange)
    assert "<expected a condition, not Mine>" == repr(strange)
    with pytest.raises(at.CaseError, match=r"given\.0: expected a condition, not Mine"):
        at.resolve(TALKS, given=[strange])


def test_names_of_two_kinds_that_look_alike_are_warned_of() -> None:
    case = at.loads("participants: {Anna: {}}\nfacts: {anna: unknown}\nstatements: [Anna attends if anna]")
    assert ["the fact 'anna' and the participant 'Anna' differ only by case, space or Unicode form"] == [
        str(warning) for warning in at.check(case).warnings
    ]


def test_a_certificate_with_another_outcome_is_rejected() -> None:
    certificate = at.why(TALKS, "zelensky").certificate
    assert at.verify(certificate)
    (met,) = certificate.mended
    assert not at.verify(replace(certificate, mended=(replace(met, state=(False, False)),)))
    supposed = at.why(TALKS, "zelensky", assume={"putin": False}).certificate
    (met,) = supposed.mended
    assert not at.verify(replace(supposed, mended=(replace(met, state=(True, True)),)))
    with pytest.raises(at.QuestionError, match="expected a certificate, not str"):
        at.verify("absent")


def test_a_certificate_is_told_in_numbers() -> None:
    told = at.why(TALKS, "zelensky").certificate.to_dict()
    assert (1, True, ["putin.1", "zelensky.1"]) == (told["atom"], told["value"], told["ids"])
    assert [[True, True]] == [met["state"] for met in told["mended"]]
    assert [["putin.1", "zelensky.1"]] == [refuted["ids"] for refuted in told["refuted"]]


CERTAIN = """
participants: {a: {}, b: {}, c: {}}
facts: {rain: {probability: 1}, sun: {probability: 0}, wind: {probability: 0.5}}
statements: [a attends if rain and sun, b attends if rain, c attends if wind]
"""


@pytest.mark.parametrize(("who", "lower", "upper"), [("a", 0, 0), ("b", 1, 1)])
def test_what_is_certain_is_certain_in_a_sample_too(who: str, lower: int, upper: int) -> None:
    found = at.probability(at.loads(CERTAIN), who, sample=200)
    assert (lower, upper, "sampling") == (found.lower, found.upper, found.method)


def test_a_sample_without_an_outcome_says_nothing() -> None:
    found = at.probability(at.loads(CERTAIN + "rules: [sun]\n"), "c", sample=200)
    assert (0, 1) == (found.lower, found.upper)


def test_a_number_larger_than_any_is_refused() -> None:
    huge = "1e9999999999999999999999"
    with pytest.raises(at.CaseError, match=f"weights.w: expected a number, not '{huge}'"):
        at.Participant(id="a", weights={"w": huge})


DESK = "participants: {a: {}, b: {}}\nstatements:\n  - {who: a, says: attends, said: 2025-05-01}\n"


def test_a_desk_answers_beside_what_is_said(tmp_path: Path) -> None:
    with at.Desk(at.loads(DESK), tmp_path / "x.journal") as desk:
        desk.say({"who": "b", "says": "attends", "id": "b.1", "said": "2025-05-01"})
        assert "b.2" == desk.say("b declines", said="2025-05-03").id
        assert ["b at meeting: attends -> absent"] == [str(change) for change in desk.changes]
        assert "absent" == desk.suppose(assume={"a": False})["a"]
        assert ("attends", "absent") == (desk.resolution["a"], desk.resolution["b"])
        assert "b is absent.\n1. b is absent: \u201cb declines\u201d (3 May 2025)." == desk.explain("b").text()
        assert "<Desk: open>" == repr(desk)
        with pytest.raises(at.InputError, match=r"^expected the id of a statement, not 3$"):
            desk.withdraw(3)
        desk.withdraw("b.1")
        with pytest.raises(at.UnknownName, match=r"the statement 'b\.1' is withdrawn already"):
            desk.withdraw("b.1")
        with pytest.raises(at.CaseError, match=r"supersedes: the statement 'b\.1' is withdrawn"):
            desk.say({"who": "a", "says": "declines", "supersedes": ["b.1"], "said": "2025-05-04"})
    assert "<Desk: closed>" == repr(desk)


def test_lines_of_json_withdraw_and_tick_and_are_heard_once(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(DESK, encoding="utf-8")
    again = '{"who": "b", "says": "attends", "id": "b.9", "said": "2025-05-02"}'
    lines = [
        '{"withdraw": "a.1"}',
        '{"tick": "2025-06-01"}',
        '{"withdraw": 1}',
        again,
        again,
        '{"who": "b", "says": "x", "id": "b.9"}',
    ]
    done = CliRunner().invoke(cli, ["live", str(file), "--journal", str(tmp_path / "j")], input="\n".join(lines) + "\n")
    assert 1 == done.stdout.count("b.9: b attends")
    assert "a.1 is withdrawn\n  a: attends -> undetermined\n" in done.stdout
    assert 'attendance: line 3: expected {"withdraw": "ID"} or {"tick": "TIME"} and nothing besides' in done.stderr
    assert "attendance: line 6: says: expected what is said" in done.stderr


HANGS = at.case("a attends if f\nb attends if g and a", facts=("f", "g"))
"""Somebody who hangs on a fact, and one who hangs on both."""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"order": "size"}, "the order is 'fewest' or 'most', not 'size'"),
        ({"limit": -1}, "a limit is a whole number from 0 up, not -1"),
        ({"limit": True}, "a limit is a whole number from 0 up, not True"),
    ],
)
def test_outcomes_in_no_order_or_fewer_than_none_are_refused(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(at.QuestionError) as caught:
        at.outcomes(HANGS, **asked)
    assert told == str(caught.value)


def test_a_report_is_told_in_words() -> None:
    case = at.loads("title: t\nparticipants: {a: {}}\nstatements: [a attends]\nexpect: {'': {a: absent}}")
    (failure,) = at.check(case).failures
    assert f"0 of 1 expected answers came\n{failure}" == str(at.check(case))
    assert str(failure).endswith("attends")


def test_a_case_that_takes_too_long_is_warned_of() -> None:
    (warning,) = at.check(TALKS, time_limit=1e-9).warnings
    assert warning.startswith("the case as it stands could not be looked at: no answer within 1e-09 s")


WORDS = "participants: {a: {}}\nstatements:\n- {who: a, says: SAYS}\n- {who: a, says: OTHER, also: true}\n"


@pytest.mark.parametrize(
    ("lower", "upper", "torn"),
    [
        ("attends if at least 2 of (b, c)", "attends only if at least 1 of (b, c)", False),
        ("attends if at least 1 of (b, c)", "attends only if at least 2 of (b, c)", True),
    ],
)
def test_who_could_never_be_asked_for_both_is_not_warned_of(lower: str, upper: str, torn: bool) -> None:
    text = (
        WORDS.replace("SAYS", f"'{lower}'").replace("OTHER", f"'{upper}'").replace("{a: {}}", "{a: {}, b: {}, c: {}}")
    )
    warnings = map(str, at.check(at.loads(text)).warnings)
    assert torn is any("ask for two things at once in some states" in warning for warning in warnings)


def test_chances_are_told_in_words_and_as_numbers() -> None:
    odds = {"f": "0.5", "g": "1/3"}
    found = at.marginals(HANGS, probabilities=odds)
    assert 2 == len(found)
    assert "a at meeting: 0.5\nb at meeting: 1/6" == str(found)
    assert (
        "Marginals({Attendance(participant='a', gathering='meeting'): Interval(0.5, 0.5, method='planes'), "
        "Attendance(participant='b', gathering='meeting'): Interval(1/6, 1/6, method='planes')})"
    ) == repr(found)
    assert 0.5 == float(found["a"])
    with pytest.raises(at.QuestionError, match=r"^0 to 1: an interval is not one number\n.*\.lower or its \.upper"):
        float(at.probability(HANGS, "a"))


def test_slopes_are_told_in_words() -> None:
    found = at.sensitivity(HANGS, "b", probabilities={"f": "0.5", "g": "1/3"})
    assert "g: +0.5\nf: +1/3" == str(found)
    assert "Sensitivity({'g': '+0.5', 'f': '+1/3'})" == repr(found)


SPREAD = at.loads("""
participants: {a: {probability: 0.5}, b: {}, c: {}}
gatherings: {x: {invited: [b]}, y: {invited: [a, b]}, z: {invited: [a]}}
facts: {f: unknown}
statements: [{who: b, at: y, says: attends if a}]
""")
"""Somebody who is counted at two gatherings, neither of them the main one, and somebody who is counted nowhere."""


def test_a_probability_of_somebody_at_several_gatherings_is_warned_of() -> None:
    found = at.probability(SPREAD, "b at y")
    assert (0, 1) == (found.lower, found.upper)
    told = "a is counted at several gatherings: say at which one they come with that probability"
    assert (told,) == found.warnings
    with pytest.raises(at.UnknownName, match=r"^'a' is counted at several gatherings\n    name one of y, z too$"):
        at.probability(SPREAD, "b at y", probabilities={"a": "0.5"})
    assert "0.25" == str(at.probability(SPREAD, "b at y", probabilities={"a at y": "0.25"}))


def test_a_name_of_a_statement_and_of_a_participant_is_refused() -> None:
    case = at.loads("participants: {b: {}}\nstatements: [{id: b, who: b, says: might attend}]")
    with pytest.raises(
        at.QuestionError, match=r"^b is a participant and a statement: give its probability in the case$"
    ):
        at.probability(case, "b", probabilities={"b": "0.25"})


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("f at x", "f is a fact: it is at no gathering"),
        ("c", "c is counted nowhere"),
        ("a at w", "unknown gathering 'w'"),
    ],
)
def test_what_is_at_no_gathering_cannot_be_varied(name: str, told: str) -> None:
    with pytest.raises(at.UnknownName) as caught:
        at.sweep(SPREAD, over=[name])
    assert told == str(caught.value).partition("\n")[0]


def test_rows_are_told_in_words() -> None:
    rows = at.sweep(HANGS, over=["f", "g"])
    assert [
        "f = no, g = no: a absent, b absent",
        "f = no, g = yes: a absent, b absent",
        "f = yes, g = no: a attends, b absent",
        "f = yes, g = yes: a attends, b attends",
    ] == [str(row) for row in rows.rows]
    assert [rows[0], rows[2]] == rows[::2]
    assert [rows[3], rows[1]] == rows[::-2]
    without = at.sweep(TALKS, over=["zelensky"], given=["zelensky"])
    assert ["zelensky = no: impossible", "zelensky = yes: putin attends, zelensky attends"] == [*map(str, without)]


def test_an_engine_for_each_part_of_a_case() -> None:
    case = at.case(
        "a attends if b\nb attends if a\nc attends if c and d\nd declines unless none of (c)\ne might attend\n"
        "g attends\nh might attend"
    )
    assert [
        ("none", ("e",), "assumed, or known"),
        ("propagation", ("g",), "certain without a search"),
        ("none", ("h",), "nothing binds them: they may come or not"),
        ("none", ("a", "b"), "all of it pulls one way, so what propagation leaves open is open"),
        ("tables", ("c", "d"), "not all can be kept: every way to set one aside is looked at"),
    ] == [(c.engine, c.names, c.reason) for c in at.engine_choices(case, assume={"e": True})]
    chosen = at.engine_choices(at.case("a attends if b\nb attends if a"), engine="clingo")
    assert [("clingo", ("a", "b"), "it was asked for")] == [(c.engine, c.names, c.reason) for c in chosen]
    (nothing,) = at.sweep(HANGS, over=[]).engine_choices
    assert ("propagation", ("a", "b", "f", "g")) == (nothing.engine, nothing.names)


def test_facts_are_drawn_too() -> None:
    unknown = [box.lines for box in at.resolve(HANGS).diagram.boxes if box.shape == "oval"]
    assert [("f", "unknown"), ("g", "unknown")] == unknown
    why = at.why(HANGS, "a", assume={"f": True}).diagram
    assert [("“f”", "holds")] == [box.lines for box in why.boxes if box.kind == "fact"]


def test_a_fact_that_would_have_to_hold_is_told_in_words() -> None:
    assert "a attends if “f” holds." == at.why_not(HANGS, "a").text().splitlines()[-1]
    for goal, held in (("a", "holds"), ("not a", "does not hold")):
        told = at.requirements(HANGS, goal, over=["f"], forbid=["f"]).reason
        assert f"“{goal}” can be had only if “f” {held}, which is forbidden." == told


@pytest.mark.parametrize("cost", ["-1/3", Fraction(-1, 3)])
def test_a_cost_below_nothing_is_told_once(cost: object) -> None:
    with pytest.raises(at.QuestionError) as caught:
        at.requirements(HANGS, "a", over=["f"], costs={"f": cost})
    assert "the cost of 'f': expected a number from 0 up" == str(caught.value)


def test_a_better_invitation_without_somebody_is_told() -> None:
    case = at.loads("""
participants: {a: {weights: {w: 3}}, b: {weights: {w: 2}}, c: {weights: {w: 1}}}
statements: [a attends only if not b, c attends only if a, b attends only if not c]
""")
    assert {
        "w": "The best invitation with b on it has w 2, not 4: b.",
        None: "The best invitation with b on it has 1, not 2: b.",
    } == {weight: at.invitations(case, weight=weight).why_not("b").text for weight in ("w", None)}


def test_those_who_cannot_open_a_deadlock_are_told() -> None:
    case = at.case(
        "a attends only if b\nb attends only if a\na waits for b\nb waits for a", rules=["not a or not b", "a or b"]
    )
    assert ["a, b wait for each other; none of them can open it without a conflict"] == [*map(str, at.deadlocks(case))]


def test_a_group_that_two_wait_for_is_one() -> None:
    case = at.loads("""
participants: {a: {}, b: {}, c: {}}
groups: {g: [b, c]}
statements: [a waits for g, b waits for g, c waits for a, b might attend]
""")
    (found,) = at.deadlocks(case)
    assert ("a", "b", "c") == found.participants
    assert (("a", "b", "c"),) == found.opened_by


@pytest.mark.parametrize("engine", ["auto", "tables", "enumeration", "clingo"])
def test_players_who_cannot_all_stay_away_lose_then(engine: str) -> None:
    case = at.case("a might attend\nb might attend\nc attends if a and b")
    found = at.pivots(case, "c or not (a or b)", over=["a", "b"], given=["a or b"], engine=engine)
    assert 1 == found.winning
    assert found["a"].swings == found["b"].swings == 1


def test_counts_of_the_first_scenarios_are_told_as_such() -> None:
    many = [f"y{i}" for i in range(20)]
    case = at.case(f"c attends if at least 3 of ({', '.join(many)})")
    found = at.sweep(case, over=many, progress=lambda done, whole: False)
    assert not found.complete
    assert ["Broken off: only the first scenarios are counted, which need not be like the others."] == [*found.remarks]
