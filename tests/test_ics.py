"""Calendars of this library: what goes out comes back, whatever is in it, and other readers see what they should."""

import os
import re
import subprocess
import sys
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.questions.calendar import answers
from tests.cases import Draw, asked, one_in, pick
from tests.sizes import examples_of, shares

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 500)
ROOT = Path(__file__).parent.parent
TEXTS = (
    "Talks",
    "",
    " ",
    "Talks, and dinner; at 7:00",
    'the "old" house',
    "one\r\nBEGIN:VEVENT\r\nUID:forged",
    "one\nATTENDEE:mailto:forged@example.org",
    "one\u2028END:VCALENDAR\u2029X-FORGED:1",
    "back\\slash\\n \\, and ^n ^' ^^",
    "\ttabbed\t",
    "https://example.org/a?b=c;d,e",
    "Ünïcödé 会議 \U0001f389",
    "\ufeffmarked",
    "x" * 300,
)
NAMES = ('Anna "the chair"', "会議", "a;b:c,d", "Who\u2028forged", "it's ^n", "50% of all", "a@b.c")
MOMENTS = (
    date(2025, 5, 15),
    date(1, 1, 1),
    date(9999, 12, 31),
    datetime(2025, 5, 15, 10, 0),
    datetime(2025, 3, 30, 3, 30),
    datetime(2025, 10, 26, 3, 30, 15, 250_000),
    datetime(2025, 5, 15, 10, 0, tzinfo=UTC),
    datetime(2025, 5, 15, 10, 0, tzinfo=timezone(timedelta(hours=3, minutes=30))),
)
ADDRESSES = ("anna@example.org", "mailto:Ben@Example.org", "urn:uuid:1", "mailto:ann@attendance.invalid")


def shown(case: at.Case) -> str:
    return at.dumps(case, format="json")


def outcome_of(case: at.Case, keywords: dict[str, Any]) -> str | None:
    """The calendar that a question makes; None where nothing can meet it."""
    try:
        return at.to_ics(case, **keywords)
    except at.ImpossibleScenario:
        return None


@st.composite
def dressed(draw: Draw) -> at.Case:
    """A case with texts of every kind, moments, addresses, probabilities and expected answers."""
    case = draw(asked()).case

    def text() -> str | None:
        return pick(draw, TEXTS) if one_in(draw, 3) else None

    def value(kind: Any, **changes: Any) -> Any:
        return kind.model_copy(update={key: new for key, new in changes.items() if new is not None})

    moments = sorted(
        (pick(draw, MOMENTS) for _ in range(2)), key=lambda m: (m.year, m.month, m.day, isinstance(m, datetime))
    )
    chance = Fraction(pick(draw, ("1/3", "1/2", "0", "1")))
    named = {
        "participants": [
            value(p, name=text(), address=at.Participant(id="x", address=pick(draw, ADDRESSES)).address)
            if one_in(draw, 2)
            else value(p, name=text(), probability=chance if one_in(draw, 3) else None)
            for p in case.participants
        ],
        "gatherings": [
            value(g, name=text(), place=text(), start=moments[0] if one_in(draw, 2) else None) for g in case.gatherings
        ],
        "groups": [value(g, name=text()) for g in case.groups],
        "facts": [value(f, name=text(), probability=chance if one_in(draw, 3) else None) for f in case.facts],
        "statements": [
            value(s, source=text(), url=text(), note=text(), probability=chance if one_in(draw, 4) else None)
            for s in case.statements
        ],
        "scenarios": [value(s, name=text(), note=text()) for s in case.scenarios],
        "rules": [value(r, note=text()) for r in case.rules],
    }
    if case.counted[case.gatherings[0].id]:
        who = next(iter(case.counted[case.gatherings[0].id]))
        named["expect"] = {"": {who: "undetermined (open)"}}
    kept = {key: getattr(case, key) for key in type(case).model_fields}
    try:
        found = at.Case(**{**kept, **named, "title": text() or "", "timezone": pick(draw, ("UTC", "Europe/Istanbul"))})
        ends = value(found.gatherings[0], end=moments[1])
        return at.Case(**{**{k: getattr(found, k) for k in kept}, "gatherings": [ends, *found.gatherings[1:]]})
    except at.CaseError:  # an end before its start, a source that a scenario names and nobody has
        return at.Case(**{**kept, "title": text() or ""})


@examples_of(EXAMPLES)
@given(asked())
def test_a_case_comes_back_as_it_was(question):
    text = outcome_of(question.case, question.keywords)
    if text is not None:
        again = at.from_ics(text)
        assert question.case == again
        assert shown(question.case) == shown(again)


@examples_of(EXAMPLES)
@given(dressed())
def test_a_case_with_every_kind_of_text_comes_back_as_it_was(case):
    text = outcome_of(case, {})
    if text is not None:
        again = at.from_ics(text)
        assert case == again
        assert shown(case) == shown(again)
        assert text == at.to_ics(again)
