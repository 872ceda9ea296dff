"""What random cases reach now and then, and nobody else asks: each a plain case with its answer."""

from dataclasses import replace
from pathlib import Path

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
