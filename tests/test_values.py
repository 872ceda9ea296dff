"""Values of a case, made by Python: what each field takes, where its limits are, and what is told beyond them."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import attendance as at

ANN = ["ann"]
TWO = timezone(timedelta(hours=2))


def case(**keys: Any) -> at.Case:
    return at.Case(**{"participants": ANN, **keys})


def statement(**keys: Any) -> at.Statement:
    return at.Statement(**{"who": "ann", "says": "attends", **keys})


def weight(value: Any) -> Any:
    return at.Participant(id="ann", weights={"w": value}).weights[0][1]


def probability(value: Any) -> Fraction | None:
    return statement(probability=value).probability


def said(value: Any) -> Any:
    return statement(said=value).said


TAKEN: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "the largest number": (weight, 10**30 - 1, Decimal(10**30 - 1)),
    "its text": (weight, "9" * 30, Decimal(10**30 - 1)),
    "the smallest number": (weight, Decimal("1e-29"), Decimal("1e-29")),
    "a float as it is written": (weight, 0.1, Decimal("0.1")),
    "a fraction": (probability, " 1 / 3 ", Fraction(1, 3)),
    "a decimal": (probability, "0.9", Fraction(9, 10)),
    "the finest fraction": (probability, Fraction(1, 10**30 - 1), Fraction(1, 10**30 - 1)),
    "a moment by minutes from UTC": (
        said,
        datetime(2025, 5, 1, 10, tzinfo=timezone(timedelta(minutes=123))),
        datetime(2025, 5, 1, 10, tzinfo=timezone(timedelta(minutes=123))),
    ),
    "a moment by seconds from UTC": (
        said,
        datetime(2025, 5, 1, 10, tzinfo=timezone(timedelta(seconds=7410))),
        datetime(2025, 5, 1, 7, 56, 30, tzinfo=UTC),
    ),
    "a moment in small letters": (said, " 2025-05-01t10:00z ", datetime(2025, 5, 1, 10, tzinfo=UTC)),
    "a long title": (lambda text: case(title=text).title, "x" * 20_000, "x" * 20_000),
    "a number as text": (lambda text: case(title=text).title, 5, "5"),
    "a date as text": (lambda text: case(title=text).title, date(2025, 1, 1), "2025-01-01"),
    "a long name": (lambda name: at.Participant(id=name).id, "n" * 200, "n" * 200),
    "a long name that is no word": (lambda name: at.Participant(id=name).id, "n-" * 100, "n-" * 100),
}


@pytest.mark.parametrize(("read", "given", "found"), TAKEN.values(), ids=TAKEN)
def test_what_is_taken(read: Callable[[Any], Any], given: Any, found: Any) -> None:
    assert found == read(given)
    assert repr(found) == repr(read(given))


def test_a_moment_of_the_hour_that_comes_twice_is_the_first() -> None:
    for moment in (datetime(2025, 10, 26, 2, 30, fold=1), datetime(2025, 10, 26, 2, 30, tzinfo=TWO, fold=1)):
        assert (moment.replace(fold=0), 0) == (said(moment), said(moment).fold)
    assert said(datetime(2025, 5, 1)).tzinfo is None


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a number of 31 digits": (
        lambda: weight(10**30),
        f"weights.w: expected a number of at most 30 digits, not {10**30}",
    ),
    "a fraction of 31 digits": (
        lambda: weight(Decimal("1e-30")),
        "weights.w: expected a number of at most 30 digits, not 1E-30",
    ),
    "an exponent beyond all": (
        lambda: weight("1e999999999999999999999"),
        "weights.w: expected a number, not '1e999999999999999999999'",
    ),
    "a number with lines": (lambda: weight("1_0"), "weights.w: expected a number, not '1_0'"),
    "yes is no number": (lambda: weight(True), "weights.w: expected a number, not True"),
    "not a number": (lambda: weight(Decimal("sNaN")), "weights.w: expected a number, not sNaN"),
    "less than nothing": (lambda: weight(-1), "weights.w: expected a number from 0 up, not -1"),
    "a share": (
        lambda: probability("80%"),
        "probability: a probability is a number from 0 to 1, as 0.8 for 80%, not '80%'",
    ),
    "more than certain": (lambda: probability(1.5), "probability: a probability is from 0 to 1, not 1.5"),
    "less than impossible": (
        lambda: probability(Fraction(-1, 3)),
        "probability: a probability is from 0 to 1, not Fraction(-1, 3)",
    ),
    "too fine a fraction": (
        lambda: probability(Fraction(1, 10**30)),
        "probability: expected a fraction of numbers with at most 30 digits",
    ),
    "a fraction of nothing": (lambda: probability("1/0"), "probability: expected a number, not '1/0'"),
    "no such date": (lambda: said("2025-02-30"), "said: there is no such date or time as 2025-02-30"),
    "no date": (
        lambda: said(5),
        "said: expected a date like 2025-05-14 or a time like 2025-05-14T10:00, not 5",
    ),
    "a title too long": (lambda: case(title="x" * 20_001), "title: expected at most 20000 characters of text"),
    "a control character": (lambda: case(title="a\0"), "title: text cannot contain the character U+0000"),
    "a float as text": (lambda: case(title=1.5), "title: expected text, not 1.5"),
    "a name too long": (
        lambda: at.Participant(id="n" * 201),
        "id: a name has at most 200 characters, this one has 201",
    ),
    "no name": (lambda: at.Participant(id=None), "id: a name is missing"),
    "a number as a name": (lambda: at.Participant(id=5), "id: expected a name, not 5"),
    "a tab in a name": (lambda: at.Participant(id="a\tb"), "id: a name cannot contain the character U+0009"),
    "a space before a name": (lambda: at.Participant(id=" a"), "id: a name cannot begin or end with a space"),
    "nobody speaks": (lambda: case(statements=[{"says": "attends"}]), "statements.0: the key 'who' is missing"),
    "people": (lambda: case(people=1), "people: unknown key 'people'\n    did you mean participants?"),
    "events": (lambda: case(events=1), "events: unknown key 'events'\n    did you mean gatherings?"),
    "when": (lambda: statement(when=1), "when: unknown key 'when'\n    did you mean said?"),
    "a slip": (lambda: case(statemens=1), "statemens: unknown key 'statemens'\n    did you mean statements?"),
    "people elsewhere": (
        lambda: statement(people=1),
        "people: unknown key 'people'\n    known are: id, who, says, at, by, said, source, url, note, also, "
        "supersedes, inclination, probability",
    ),
    "JSON that ends": (
        lambda: at.Case.model_validate_json('{"participants": ['),
        "invalid JSON: EOF while parsing a list at line 1 column 18",
    ),
    "JSON with another key": (
        lambda: at.Case.model_validate_json('{"participants": ["ann"], "people": 3}'),
        "people: unknown key 'people'\n    did you mean participants?",
    ),
    "a mapping with another key": (
        lambda: at.Case.model_validate({"participants": ["ann"], "people": 3}),
        "people: unknown key 'people'\n    did you mean participants?",
    ),
}


@pytest.mark.parametrize(("make", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(make: Callable[[], Any], told: str) -> None:
    with pytest.raises(at.CaseError) as caught:
        make()
    assert told == str(caught.value)


def test_a_case_is_read_from_json_and_from_a_mapping() -> None:
    data = {"participants": ["ann"], "statements": ["ann attends"]}
    assert case(statements=["ann attends"]) == at.Case.model_validate(data)
    assert case(statements=["ann attends"]) == at.Case.model_validate_json(json.dumps(data))
    for read, given in ((at.Participant.model_validate, {"ID": 1}), (at.Participant.model_validate_json, '{"ID": 1}')):
        with pytest.raises(at.CaseError, match="the key 'id' is missing"):
            read(given, extra="ignore")
