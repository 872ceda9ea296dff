"""Bad input of every kind: exactly what is said of it, with its place, a caret under the word, and a hint.

Nothing but the library's own errors may come out: no error of pydantic's, no failed assertion, no RecursionError.
"""

import copy
import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import attendance as at
from attendance.formats.document import MOST_BYTES
from tests.bad_cases import Bad, corpus
from tests.trees import VOCABULARY, examples


def told(ask: Callable[[], Any]) -> str:
    """What the error says, which is one of ours, of input, and survives being copied and pickled."""
    with pytest.raises(at.AttendanceError) as caught:
        ask()
    error = caught.value
    assert isinstance(error, ValueError)
    assert error.__cause__ is None
    assert not isinstance(error.__context__, ValidationError), "what was given would be pickled with it by dask"
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(error) is type(again)
        assert str(error) == str(again)
        assert vars(error) == vars(again)
    return str(error)


# --- files ------------------------------------------------------------------------------------------

PHRASES = {
    "<answers>": "expected attends, absent, undetermined (perhaps with a cause, as in 'undetermined (open)'), held or not held",
    "<sayings>": "expected what is said: attends, declines, might attend, prefers, sends or waits for",
    "<dates>": "expected a date like 2025-05-14 or a time like 2025-05-14T10:00",
    "<shared>": "ids of statements and rules are shared; what has none is numbered, like ann.1 or rule.1",
    "<members>": "and a group says nothing itself",
}
"""What messages have in common; short here, to keep the lines so."""


def spelt_out(expected: str) -> str:
    for short, phrase in PHRASES.items():
        expected = expected.replace(short, phrase)
    return expected


CORPUS = {
    bad.name: bad
    for bad in corpus()
    if bad.arguments[0] == "check" and len(bad.files) == 1 and bad.stderr and ".ics" not in bad.arguments[-1]
}
"""The case files of the corpus: what is said of each stands there."""


def text_of(bad: Bad) -> tuple[str, Any]:
    """The text of the only file, and its format."""
    [(name, content)] = bad.files.items()
    return content if isinstance(content, str) else "", Path(name).suffix[1:]


@pytest.mark.parametrize("name", CORPUS)
def test_every_problem_has_its_place(name: str) -> None:
    text, format = text_of(CORPUS[name])
    [file] = CORPUS[name].files
    if format not in ("yaml", "json", "toml") or not text or MOST_BYTES < len(text):
        return
    assert CORPUS[name].stderr == f"attendance: {told(lambda: at.loads(text, format=format, file=file))}\n"
    with pytest.raises(at.CaseError) as caught:
        at.loads(text, format=format, file=file)
    places = [(p.line, p.column) for p in caught.value.problems]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert sorted(places) == places
    assert all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in places)
    assert all(p.file == file for p in caught.value.problems)


def test_the_parts_of_a_problem() -> None:
    with pytest.raises(at.CaseError) as caught:
        at.loads("participants: {putin: }\nrules: [putin or puttin]", file="x.yaml")
    assert (
        at.Problem(
            "unknown name 'puttin'",
            path=("rules", 0, "rule"),
            text="putin or puttin",
            start=9,
            end=15,
            hint="did you mean putin?",
            word="puttin",
            file="x.yaml",
            line=2,
            column=18,
        ),
    ) == caught.value.problems


def test_a_language_error_has_its_parts() -> None:
    with pytest.raises(at.LanguageError) as caught:
        at.condition("a and\n  b annd c")
    error = caught.value
    assert ("expected 'and', 'or' or the end, but found 'annd'", "did you mean and?") == (error.problem, error.hint)
    assert ("a and\n  b annd c", 10, 14, 2, 5) == (error.text, error.start, error.end, error.line, error.column)
    assert (
        "line 2, column 5: expected 'and', 'or' or the end, but found 'annd'\n      b annd c\n        ^^^^\n    did you mean and?"
        == str(error)
    )


# --- calls ------------------------------------------------------------------------------------------

CASE = at.loads("""
participants: {a: {name: Vladimir Putin, of: g}, b: {}}
gatherings: {talks: , dinner: {invited: [a]}}
facts: {f: }
statements: [{id: list, who: a, says: attends, source: radio}]
scenarios:
  one: {assume: {a: yes}}
  adds: {add: [{id: new, who: b, says: attends}]}
""")

CALLS: dict[str, tuple[Callable[[], Any], str]] = {
    "an unknown scenario": (
        lambda: at.resolve(CASE, scenario="onee"),
        "unknown scenario 'onee'\n    did you mean one?",
    ),
    "an unknown scenario of none": (
        lambda: at.resolve(at.Case(), scenario="x"),
        "unknown scenario 'x'\n    the scenarios are: none",
    ),
    "a scenario that is none": (
        lambda: at.resolve(CASE, scenario=5),
        "expected a scenario or the name of one, not 5",
    ),
    "a scenario as a mapping": (
        lambda: at.resolve(CASE, scenario={"assume": {}}),
        "expected a scenario or the name of one, not {'assume': {}}",
    ),
    "a scenario in a list": (
        lambda: at.resolve(CASE, scenario=["one"]),
        "expected a scenario or the name of one, not ['one']",
    ),
    "a scenario of another case": (
        lambda: at.resolve(CASE, scenario=at.Scenario(assume={"zz": True}, withdraw=["zz"])),
        "assume.zz: unknown participant or fact 'zz'\n    known are: a, b, f\nwithdraw: unknown statement 'zz'",
    ),
    "a part that there is not": (
        lambda: at.resolve(CASE, nonsense=1),
        "unknown part of a scenario: nonsense\n    the parts are: assume, given, add, withdraw, believe, disbelieve, as_of, "
        "reading, founded",
    ),
    "parts that there are not": (
        lambda: at.count(CASE, asume={}, as_off=1),
        "unknown part of a scenario: as_off, asume\n    did you mean as_of?",
    ),
    "an unknown id": (
        lambda: at.resolve(CASE, withdraw="lists"),
        "withdraw: unknown statement 'lists'\n    did you mean list?",
    ),
    "an id that is none": (
        lambda: at.resolve(CASE, withdraw=["list", 3, None]),
        "withdraw.1: expected a name, not 3\nwithdraw.2: a name is missing",
    ),
    "ids that are none": (
        lambda: at.resolve(CASE, withdraw=5),
        "withdraw: expected a list, not 5",
    ),
    "an unknown source": (
        lambda: at.resolve(CASE, believe="rado"),
        "believe: no statement has the source 'rado'\n    did you mean radio?",
    ),
    "an unknown source, disbelieved": (
        lambda: at.resolve(CASE, disbelieve=["radio", "paper"]),
        "disbelieve: no statement has the source 'paper'\n    the sources are: radio",
    ),
    "a source that is none": (
        lambda: at.resolve(CASE, believe=[[]]),
        "believe.0: expected text, not []",
    ),
    "sources that are none": (
        lambda: at.resolve(CASE, believe=5),
        "believe: expected a list, not 5",
    ),
    "an unknown name is assumed": (
        lambda: at.resolve(CASE, assume={"zz": True}),
        "assume.zz: unknown participant or fact 'zz'\n    known are: a, b, f",
    ),
    "a display name is assumed": (
        lambda: at.resolve(CASE, assume={"Vladimir Putin": True}),
        "assume.Vladimir Putin: 'Vladimir Putin' is not a name, nor a name at a gathering\n    did you mean a?",
    ),
    "a group is assumed": (
        lambda: at.resolve(CASE, assume={"g": True}),
        "assume.g: 'g' is a group, not a participant or fact",
    ),
    "a gathering is assumed": (
        lambda: at.resolve(CASE, assume={"talks": True}),
        "assume.talks: 'talks' is a gathering, not a participant or fact",
    ),
    "a fact at a gathering": (
        lambda: at.resolve(CASE, assume={"f at talks": True}),
        "assume.f at talks: 'f' is a fact, and facts are at no gathering",
    ),
    "at an unknown gathering": (
        lambda: at.resolve(CASE, assume={"a at talk": True}),
        "assume.a at talk: unknown gathering 'talk'\n    did you mean talks?",
    ),
    "where they are not invited": (
        lambda: at.resolve(CASE, assume={"b at dinner": True}),
        "assume.b at dinner: 'b' is not invited to 'dinner'",
    ),
    "no name is assumed": (
        lambda: at.resolve(CASE, assume={"a b": True}),
        "assume.a b: 'a b' is not a name, nor a name at a gathering",
    ),
    "maybe": (
        lambda: at.resolve(CASE, assume={"a": "maybe", "b": None, "f": 1, "a at dinner": "yes"}),
        "assume.a: expected true, false, yes or no, not 'maybe'\n"
        "assume.b: expected true, false, yes or no, not None\n"
        "assume.f: expected true, false, yes or no, not 1",
    ),
    "both ways": (
        lambda: at.resolve(CASE, assume={"a": True, "a at talks": False}),
        "assume.a at talks: 'a at talks' is assumed both ways",
    ),
    "a fact both ways": (
        lambda: at.resolve(CASE, assume={"f": True, '"f"': False}),
        'assume."f": \'"f"\' is assumed both ways',
    ),
    "both ways in a row": (
        lambda: at.resolve(CASE, assume=(("a", True), ("a", False))),
        "assume.a: 'a' is assumed both ways",
    ),
    "a list is assumed": (
        lambda: at.resolve(CASE, assume=["a"]),
        "assume: expected a name with yes or no, not 'a'",
    ),
    "a word is assumed": (
        lambda: at.resolve(CASE, assume="a"),
        "assume: expected names with yes or no, not 'a'",
    ),
    "a number is assumed": (
        lambda: at.resolve(CASE, assume=5),
        "assume: expected names with yes or no, not 5",
    ),
    "a number is a key": (
        lambda: at.resolve(CASE, assume={5: True}),
        "assume.5: expected a name, or a name at a gathering, not 5",
    ),
    "nobody is a key": (
        lambda: at.resolve(CASE, assume={at.Attendance(None, "talks"): True}),
        "assume.None at talks: a name is missing",
    ),
    "a given that does not parse": (
        lambda: at.resolve(CASE, given="a and"),
        "given.0: expected a condition, but the text ends here\n    a and\n         ^",
    ),
    "givens of which one does not parse": (
        lambda: at.resolve(CASE, given=["a", "b or and"]),
        "given.1: expected a condition, but found 'and'\n"
        "    b or and\n"
        "         ^^^\n"
        "    'and' is a word of the language; quote it to use it as a name: \"and\"",
    ),
    "an unknown name is given": (
        lambda: at.resolve(CASE, given=["a", "zz or b"]),
        "given.1: unknown name 'zz'\n    zz or b\n    ^^\n    known are: a, b, g, talks, dinner, f",
    ),
    "others are given": (
        lambda: at.resolve(CASE, given=at.any_of("others")),
        "given.0: 'others' means nobody here: no statement is spoken about somebody\n"
        "    any of others\n"
        "           ^^^^^^\n"
        "    say 'everyone'",
    ),
    "a number is given": (
        lambda: at.resolve(CASE, given=5),
        "given: expected a list, not 5",
    ),
    "nothing is given": (
        lambda: at.resolve(CASE, given=[None]),
        "given.0: expected a condition, not None",
    ),
    "a crowd is given": (
        lambda: at.resolve(CASE, given=at.everyone()),
        "given: expected a list, not Crowd(word='everyone', at=None)",
    ),
    "a group speaks": (
        lambda: at.resolve(CASE, add="g attends"),
        "add.0.who: 'g' is a group, <members>\n    say it of its members",
    ),
    "what is added does not parse": (
        lambda: at.resolve(CASE, add=["a atends"]),
        "add.0: <sayings>, but found 'atends'\n    a atends\n      ^^^^^^\n    did you mean attends or sends?",
    ),
    "what is added says nothing": (
        lambda: at.resolve(CASE, add=[{"who": "a"}]),
        "add.0: the key 'says' is missing",
    ),
    "what is added has a strange key": (
        lambda: at.resolve(CASE, add={1: 2}),
        "add.0: expected keys that are text, not 1",
    ),
    "a number is added": (
        lambda: at.resolve(CASE, add=5),
        "add: expected a list, not 5",
    ),
    "an id is added twice": (
        lambda: at.resolve(CASE, add=[{"id": "list", "who": "a", "says": "attends"}]),
        "add.0.id: the id 'list' is given twice\n    <shared>",
    ),
    "ids are added twice": (
        lambda: at.resolve(CASE, scenario="adds", add=[{"id": "new", "who": "a", "says": "attends"}]),
        "add.0.id: the id 'new' is given twice\n    <shared>",
    ),
    "a number is taken": (
        lambda: at.resolve(CASE, scenario="adds", add=["b attends", {"id": "b.2", "who": "a", "says": "attends"}]),
        "add.1.id: the id 'b.2' is given twice\n    <shared>",
    ),
    "an unknown id is superseded": (
        lambda: at.resolve(CASE, add=[{"who": "a", "says": "attends", "supersedes": "lits"}]),
        "add.0.supersedes: unknown statement 'lits'\n    did you mean list?",
    ),
    "a circle is added": (
        lambda: at.resolve(CASE, add=[{"id": "n", "who": "a", "says": "attends", "supersedes": ["n"]}]),
        "add.0.supersedes: statements supersede each other in a circle: n > n",
    ),
    "the uninvited are added": (
        lambda: at.resolve(CASE, add=["b at dinner attends"]),
        "add.0.who: 'b' is not invited to 'dinner'\n    add b to invited, or leave this out",
    ),
    "no date": (
        lambda: at.resolve(CASE, as_of="soon"),
        "as_of: <dates>, not 'soon'",
    ),
    "a number for a date": (
        lambda: at.resolve(CASE, as_of=20250514),
        "as_of: <dates>, not 20250514",
    ),
    "no reading": (
        lambda: at.resolve(CASE, reading="loose"),
        "reading: a reading is conversational or literal, not 'loose'",
    ),
    "a number for a reading": (
        lambda: at.resolve(CASE, reading=1),
        "reading: a reading is conversational or literal, not 1",
    ),
    "founded maybe": (
        lambda: at.resolve(CASE, founded="maybe"),
        "founded: expected true, false, yes or no, not 'maybe'",
    ),
    "all parts at once": (
        lambda: at.resolve(CASE, assume={"zz": 1}, given=5, as_of="x", reading=0, founded=0, withdraw=0, add=0),
        "assume.zz: expected true, false, yes or no, not 1\n"
        "given: expected a list, not 5\n"
        "add: expected a list, not 0\n"
        "withdraw: expected a list, not 0\n"
        "as_of: <dates>, not 'x'\n"
        "reading: a reading is conversational or literal, not 0\n"
        "founded: expected true, false, yes or no, not 0",
    ),
    "no case": (
        lambda: at.resolve(None),
        "expected a case, not NoneType: load one with attendance.load, or make one with attendance.case",
    ),
    "a case as text": (
        lambda: at.resolve("a attends"),
        "expected a case, not str: load one with attendance.load, or make one with attendance.case",
    ),
    "a limit that is none": (
        lambda: at.resolve(CASE, time_limit="soon"),
        "a time limit is a number of seconds above 0, not 'soon'",
    ),
    "a limit of nothing": (
        lambda: at.resolve(CASE, time_limit=0),
        "a time limit is a number of seconds above 0, not 0",
    ),
    "a limit of nan": (
        lambda: at.resolve(CASE, time_limit=float("nan")),
        "a time limit is a number of seconds above 0, not nan",
    ),
    "an unknown name is asked for": (
        lambda: at.resolve(CASE)["zz"],
        "unknown participant 'zz'\n    known are: a, b",
    ),
    "a gathering where they are not counted": (
        lambda: at.resolve(CASE)["b", "dinner"],
        "b at dinner is not counted\n    b is counted at talks",
    ),
    "a number is asked for": (
        lambda: at.resolve(CASE)[5],
        "expected a name, or a name and a gathering, not 5",
    ),
    "too much is asked for": (
        lambda: at.resolve(CASE)["a", "talks", "now"],
        "expected a name, or a name and a gathering, not ('a', 'talks', 'now')",
    ),
    "an unknown name of an outcome": (
        lambda: next(at.outcomes(CASE))["zz"],
        "unknown participant 'zz'\n    known are: a, b",
    ),
    "why nobody": (
        lambda: at.why(CASE, "zz"),
        "unknown participant 'zz'\n    known are: a, b",
    ),
    "an unknown scenario to compare": (
        lambda: at.compare(CASE, "one", "tow"),
        "unknown scenario 'tow'\n    the scenarios are: one, adds",
    ),
    "a case of unknown keys": (
        lambda: at.Case(participant=["a"], nonsense=1),
        "participant: unknown key 'participant'\n"
        "    did you mean participants?\n"
        "nonsense: unknown key 'nonsense'\n"
        "    known are: title, timezone, gatherings, participants, groups, facts, rules, statements, scenarios, expect",
    ),
    "a case of everything wrong": (
        lambda: at.Case(
            participants=["a", {"id": "b", "weights": {"x": -1, "y": None}}, 5, {"id": ""}],
            statements=["a attends if c", "a atends", None],
            rules=["a and", 5, {"rule": at.condition("a"), "at": 5}],
            gatherings=[{"id": "m", "start": "soon", "held_if": 5}],
            facts=5,
            title=b"x",
            timezone=None,
        ),
        "title: expected text, not b'x'\n"
        "timezone: expected text, not None\n"
        "gatherings.0.start: <dates>, not 'soon'\n"
        "gatherings.0.held_if: expected a condition, not 5\n"
        "participants.1.weights.x: expected a number from 0 up, not -1\n"
        "participants.1.weights.y: expected a number, not None\n"
        "participants.2: expected keys and values, not 5\n"
        "participants.3.id: a name cannot be empty\n"
        "facts: expected a list, not 5\n"
        "rules.0.rule: expected a condition, but the text ends here\n"
        "    a and\n"
        "         ^\n"
        "rules.1: expected keys and values, not 5\n"
        "rules.2.at: expected a name, not 5\n"
        "statements.1: <sayings>, but found 'atends'\n"
        "    a atends\n"
        "      ^^^^^^\n"
        "    did you mean attends or sends?\n"
        "statements.2: expected keys and values, not None",
    ),
    "a case that does not fit together": (
        lambda: at.Case(
            participants={"a": {"of": "g"}, "g": None},
            statements=["a attends if zz", "b declines", "g at nowhere attends"],
            rules=["all of others"],
            scenarios={"s": {"assume": {"zz": True}, "withdraw": "x"}},
            expect={"": {"zz": "attends"}, "t": {"a": "held"}},
            timezone="Mars/Olympus",
        ),
        "timezone: unknown time zone 'Mars/Olympus'\n"
        "    use a name like Europe/Istanbul\n"
        "participants.a.of: 'g' is a group here and a participant elsewhere; names are shared by all\n"
        "rules.0.rule: 'others' means nobody here: no statement is spoken about somebody\n"
        "    all of others\n"
        "           ^^^^^^\n"
        "    say 'everyone'\n"
        "statements.0.says: unknown name 'zz'\n"
        "    attends if zz\n"
        "               ^^\n"
        "    known are: a, g, meeting\n"
        "statements.1.who: unknown participant 'b'\n"
        "    known are: a, g\n"
        "statements.2.at: unknown gathering 'nowhere'\n"
        "    known are: meeting\n"
        "scenarios.s.assume.zz: unknown participant or fact 'zz'\n"
        "    known are: a, g\n"
        "scenarios.s.withdraw: unknown statement 'x'\n"
        "expect.\"\".zz: unknown participant or gathering 'zz'\n"
        "    known are: a, g, meeting\n"
        "expect.t: unknown scenario 't'",
    ),
    "mappings of what is none": (
        lambda: at.Case(participants={"a": 5, "b": {"id": "c"}, "d": None}, facts={"f": {"id": "g"}}),
        "participants.a: expected keys and values, not 5\n"
        "participants.b.id: the name is the key: remove the 'id'\n"
        "facts.f.id: the name is the key: remove the 'id'",
    ),
    "participants in a word": (
        lambda: at.Case(participants="a"),
        "participants: expected a list, not 'a'",
    ),
    "statements in a word": (
        lambda: at.Case(statements="a attends"),
        "statements: expected a list, not 'a attends'",
    ),
    "a scenario without a name": (
        lambda: at.Case(scenarios=[{"name": "x"}, {"id": "s"}, {"id": "s"}]),
        "scenarios.None: a scenario of a case needs an id\nscenarios.s: the scenario 's' is there twice",
    ),
    "groups twice": (
        lambda: at.Case(groups=["g", "g"]),
        "groups.g: the group 'g' is declared twice",
    ),
    "expected what is not": (
        lambda: at.Case(participants=["a"], expect={"": {"a": "maybe", "b": 5}, "s": 5}),
        "expect.\"\".a: <answers>, not 'maybe'\n"
        'expect."".b: <answers>, not 5\n'
        "expect.s: expected names with answers, not 5",
    ),
    "expected twice": (
        lambda: at.Case(participants=["a"], expect=[at.Expectation(scenario="", about="a", verdict="attends")] * 2),
        'expect."".a: this answer is expected twice',
    ),
    "an expectation of nothing": (
        lambda: at.Expectation(scenario="", about="a", verdict="perhaps"),
        "<answers>, not 'perhaps'",
    ),
    "an expectation with a cause": (
        lambda: at.Expectation(scenario="", about="a", verdict="attends", cause="open"),
        "<answers>, not 'attends (open)'",
    ),
    "a strange key in a mapping": (
        lambda: at.Participant.model_validate({1: 2}),
        "expected keys that are text, not 1",
    ),
    "a participant of nothing": (
        lambda: at.Participant(),
        "the key 'id' is missing",
    ),
    "a participant of numbers": (
        lambda: at.Participant(id=5, name=["x"], of=7, tags=[None], weights="x", probability="x"),
        "id: expected a name, not 5\n"
        "name: expected text, not ['x']\n"
        "of: expected a list, not 7\n"
        "tags.0: a name is missing\n"
        "weights: expected names with numbers, as in {seats: 1}, not 'x'\n"
        "probability: expected a number, not 'x'",
    ),
    "a float that is none": (
        lambda: at.Fact(id="f", probability=float("nan")),
        "probability: expected a number, not nan",
    ),
    "a vast number": (
        lambda: at.Fact(id="f", probability=10**5000),
        "probability: expected a number of at most 30 digits, not this int",
    ),
    "a fraction of many digits": (
        lambda: at.Fact(id="f", probability=Fraction(1, 10**40)),
        "probability: expected a fraction of numbers with at most 30 digits",
    ),
    "a statement of nothing": (
        lambda: at.Statement(),
        "the key 'who' is missing\nthe key 'says' is missing",
    ),
    "a statement of bytes": (
        lambda: at.Statement(who=b"a", says=b"attends", said=b"2025-05-14", also=b"yes"),
        "who: expected a name, not b'a'\n"
        "says: expected what is said, as in 'attends only if putin', not b'attends'\n"
        "said: <dates>, not b'2025-05-14'\n"
        "also: expected true, false, yes or no, not b'yes'",
    ),
    "a statement of numbers": (
        lambda: at.Statement(who="a", says=1, said=1.5, also=1, supersedes=1, inclination=1, note=1.5),
        "says: expected what is said, as in 'attends only if putin', not 1\n"
        "said: <dates>, not 1.5\n"
        "note: expected text, not 1.5\n"
        "also: expected true, false, yes or no, not 1\n"
        "supersedes: expected a list, not 1\n"
        "inclination: an inclination is inclined, disinclined or open, not 1",
    ),
    "a statement of deep text": (
        lambda: at.Statement(who="a", says="attends if " + "(" * 101 + "a" + ")" * 101),
        "says: conditions can be nested 100 deep at most\n"
        "    ((((((((((((((((((((((((((((((((((((((((((((((((((a)))))))))))))))))))))))))))))))))))))))))))))))))\n"
        "                                                      ^",
    ),
    "a rule of nothing": (
        lambda: at.Rule(rule=None),
        "rule: expected a condition, not None",
    ),
    "control characters": (
        lambda: at.Participant(id="a\x1b", name="\x07", of=["\u202e"]),
        "id: a name cannot contain the character U+001B\n"
        "name: text cannot contain the character U+0007\n"
        "of.0: a name cannot contain the character U+202E",
    ),
    "half a character": (
        lambda: at.Rule(rule="a and \ud800"),
        "rule: the character U+D800 is not allowed\n    a and �\n          ^",
    ),
    "text that is none": (
        lambda: at.loads(None),
        "expected the text of a case file, not None",
    ),
    "bytes": (
        lambda: at.loads(b"title: x"),
        "expected the text of a case file, not b'title: x'",
    ),
    "an unknown format": (
        lambda: at.loads("", format="xml"),
        "the format is yaml, json or toml, not 'xml'",
    ),
    "a format that is none": (
        lambda: at.dumps(CASE, format=[]),
        "the format is yaml, json or toml, not []",
    ),
    "a path that is none": (
        lambda: at.load(5),
        "expected the path of a file, not 5",
    ),
    "a path with a null": (
        lambda: at.load("a\0.yaml"),
        "a path cannot contain the character U+0000: 'a\\x00.yaml'",
    ),
    "no file": (
        lambda: at.load("nowhere/case.yaml"),
        "cannot read nowhere/case.yaml: No such file or directory",
    ),
    "no suffix that is known": (
        lambda: at.load("nowhere/case.txt"),
        "nowhere/case.txt: a case file is YAML, JSON or TOML, by its suffix\n    name it .yaml, .json or .toml",
    ),
    "no folder": (
        lambda: at.dump(CASE, "nowhere/case.yaml"),
        "cannot write nowhere/case.yaml: No such file or directory",
    ),
    "no suffix to write": (
        lambda: at.dump(CASE, "case"),
        "case: a case file is YAML, JSON or TOML, by its suffix\n    name it .yaml, .json or .toml",
    ),
    "no case to write": (
        lambda: at.dumps("a attends"),
        "expected a case, not 'a attends'",
    ),
    "a case of no text": (
        lambda: at.case(None),
        "expected statements, one a line, not None",
    ),
    "facts that are none": (
        lambda: at.case("a attends", facts=5),
        "facts: expected a list, not 5",
    ),
    "a fact that is none": (
        lambda: at.case("a attends", facts=[5]),
        "facts.0: expected keys and values, not 5",
    ),
    "groups that are none": (
        lambda: at.case("a attends", groups={"g": 5}),
        "groups.0.members: expected a list, not 5",
    ),
    "rules that are none": (
        lambda: at.case("a attends", rules=[5, "a and"]),
        "rules.0: expected keys and values, not 5\n"
        "rules.1.rule: expected a condition, but the text ends here\n"
        "    a and\n"
        "         ^",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_with_mistakes(name: str) -> None:
    ask, expected = CALLS[name]
    assert spelt_out(expected) == told(ask)


# --- plain statements -------------------------------------------------------------------------------

PLAIN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "lines that do not parse": (
        """
    a attends        # fine
    a atends
  b declines only if a
\t"c" attends if (b
""",
        """
        <text>:3:7: <sayings>, but found 'atends'
                a atends
                  ^^^^^^
            did you mean attends or sends?
        <text>:4:14: 'declines only if' is not said
              b declines only if a
                         ^^^^
            say 'attends unless ...' or 'declines if ...'
        <text>:5:19: expected ')', but the text ends here
            \t"c" attends if (b
            \t                 ^
        """,
        {},
    ),
    "what does not fit together": (
        """
    a attends if r is represented
    g attends
    b at dinner attends if at least 3 of (a, b)
    b sends b
    rain attends if a
""",
        """
        <text>:2:18: unknown group 'r'
                a attends if r is represented
                             ^
            known are: g
        <text>:3:5: 'g' is a group, <members>
                g attends
                ^
            say it of its members
        <text>:4:10: unknown gathering 'dinner'
                b at dinner attends if at least 3 of (a, b)
                     ^^^^^^
            known are: meeting
        <text>:4:28: 'at least 3 of (a, b)' can never be: there are only 2 of them
                b at dinner attends if at least 3 of (a, b)
                                       ^^^^^^^^^^^^^^^^^^^^
        <text>:5:5: 'b' cannot be sent in their own place
                b sends b
                ^
        <text>:6:5: 'rain' is a fact, not a participant
                rain attends if a
                ^^^^
        """,
        {"groups": {"g": ["a"]}, "facts": ["rain"]},
    ),
    "a comment in quotes": (
        """
    a attends if "#1" and 'b # c' # "d"
    a attends if "\\"#" and # b
    "a # attends
""",
        """
        <text>:3:27: expected a condition, but the text ends here
                a attends if "\\"#" and # b
                                      ^
        <text>:4:5: this quote is never closed
                "a # attends
                ^
            add " after the name
        """,
        {},
    ),
    "line ends of Windows": (
        """
    a attends\r
    a attends if\r
    b attends & a\r
""",
        """
        <text>:3:17: expected a condition, but the text ends here
                a attends if
                            ^
        <text>:4:15: '&' is not a part of the language
                b attends & a
                          ^
            put a name with other characters in quotes: "..."
        """,
        {},
    ),
    "nothing but mistakes in rules": (
        """
    a attends
""",
        """
        rules.0.rule: expected a condition, but the text ends here
            a or
                ^
        """,
        {"rules": ["a or", "all of others"]},
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_statements_with_mistakes(name: str) -> None:
    text, expected, more = PLAIN[name]
    assert spelt_out(dedent(expected).strip("\n")) == told(lambda: at.case(text, **more))


# --- anything at all --------------------------------------------------------------------------------


class Stranger:
    def __repr__(self) -> str:
        raise RecursionError("a stranger's fault")


def strange() -> Iterator[Any]:
    """Values that stand where others should."""
    yield from (None, True, 0, 1, -1, 10**400, 10**5000, 1.5, 1j, float("nan"), float("inf"), float("-inf"))
    yield from ("", " ", "x", "a", "a.1", "a\x00", "\ud800", "\u202e", "9" * 5000, "1e999999999", "x" * 30_000)
    yield from (b"a", bytearray(b"a"), [], [None], [1], ["x"], ["x", "x"], [[[]]], [{}], (), ((),), {}, {1: 2})
    yield from ({"x": 1}, {"x": None}, {None: "x"}, {"\ud800": {}}, set(), {"a"}, {1, "a"}, frozenset({None}))
    yield from (date.min, date.max, datetime.min, datetime.max, Decimal("NaN"), Decimal("sNaN"), Decimal("-0"))
    yield from (Decimal("1e400"), Decimal("1e-999999"), Fraction(1, 3), Fraction(-1, 3), Fraction(1, 10**400))
    yield from (object(), Stranger(), len, int, at.Case, iter([1]), (x for x in [1]), range(3), Ellipsis, Path("x"))
    yield from (at.condition("a"), ~at.condition("a and zz"), at.saying("attends if zz"), at.everyone())
    yield from (at.Participant(id="x"), at.Scenario(), at.Case(), at.Attendance("a", "talks"), at.Verdict.ATTENDS)


NEEDED: Mapping[type[Any], dict[str, Any]] = {
    at.Participant: {"id": "a"},
    at.Group: {"id": "a"},
    at.Gathering: {"id": "a"},
    at.Fact: {"id": "a"},
    at.Statement: {"who": "a", "says": "attends"},
    at.Rule: {"rule": "always"},
    at.Scenario: {},
    at.Expectation: {"scenario": "", "about": "a", "verdict": "attends"},
    at.Case: {},
}


def answered(ask: Callable[[], Any]) -> Any:
    """What comes out, or None if it is refused in our words."""
    try:
        return ask()
    except at.InputError as error:
        refused = error
    assert not isinstance(refused.__context__, ValidationError)
    assert str(refused) == str(pickle.loads(pickle.dumps(refused)))
    assert str(refused).encode()
    return None


@pytest.mark.parametrize(
    ("model", "field"),
    [(m, f) for m in NEEDED for f in m.model_fields],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_a_value_takes_anything_or_refuses_it(model: type[Any], field: str) -> None:
    for value in strange():
        made = answered(lambda given=value: model(**{**NEEDED[model], field: given}))
        if made is not None:
            assert made == pickle.loads(pickle.dumps(made))
            assert hash(made) == hash(copy.deepcopy(made))
            if model is at.Case:
                assert made == at.loads(at.dumps(made))
    for value in strange():
        answered(lambda given=value: model.model_validate({**NEEDED[model], field: given}))
        answered(lambda given=value: model.model_validate(given))


@pytest.mark.parametrize("part", sorted(at.Scenario.model_fields.keys() - {"id", "name", "note"}))
def test_a_question_takes_anything_or_refuses_it(part: str) -> None:
    for value in strange():
        answered(lambda given=value: at.resolve(CASE, **{part: given}))
    for value in strange():
        answered(lambda given=value: at.resolve(CASE, scenario="one", **{part: given}))


def test_everything_else_takes_anything_or_refuses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    takes: tuple[Callable[[Any], Any], ...] = (
        at.condition,
        at.saying,
        at.case,
        at.loads,
        lambda v: at.load(v) if not isinstance(v, int) else None,
        at.dumps,
        lambda v: at.dump(CASE, v),
        lambda v: at.loads("", format=v),
        lambda v: at.dumps(CASE, format=v),
        lambda v: at.case("a attends", title=v),
        lambda v: at.case("a attends", facts=v),
        lambda v: at.case("a attends", groups=v),
        lambda v: at.case("a attends", rules=v),
        lambda v: at.resolve(v),
        lambda v: at.resolve(CASE, scenario=v),
        lambda v: at.resolve(CASE, time_limit=v),
        lambda v: at.resolve(CASE)[v],
        lambda v: next(at.outcomes(CASE))[v],
        lambda v: CASE.scenario(v),
        at.attends,
        lambda v: at.attends("a", v),
        at.fact,
        at.held,
        at.represented,
        at.everyone,
        at.majority,
        at.all_of,
        lambda v: at.at_least(v, "a"),
        lambda v: at.at_most(1, v),
        lambda v: at.exactly(1, "a", weight=v),
        lambda v: at.none_of("a", at=v),
        lambda v: at.attends("a") & v,
        lambda v: at.attends("a") | v,
        lambda v: v & at.attends("a") if not isinstance(v, set | frozenset) else None,
    )
    for take in takes:
        for value in strange():
            answered(lambda given=value, ask=take: ask(given))


KEYS = (
    "title timezone gatherings participants groups facts rules statements scenarios expect id name of tags weights "
    "probability members start end place held_if invited value rule at note who says by said source url also "
    "supersedes inclination assume given add withdraw believe disbelieve as_of reading founded a b g f x a.1 rule.1"
).split()
SECTIONS = "gatherings participants groups facts rules statements scenarios expect".split()
scalars = st.one_of(
    st.sampled_from((None, True, False, 0, 1, -1, 0.5, "", "a", "b", "g", "f", "a.1", "yes", "2025-05-14", "UTC")),
    st.sampled_from(
        ("a attends", "b attends if a", "a at g declines", "all of (a, b)", "g is held", "open", "literal")
    ),
    st.text(max_size=5).filter(lambda text: "\ud800" > text or text.isascii()),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(KEYS), trees, max_size=4)
sections = st.one_of(
    trees, st.lists(bodies, max_size=3), st.dictionaries(st.sampled_from(("a", "b", "g", "f")), bodies)
)
documents = st.dictionaries(st.sampled_from(SECTIONS), sections, max_size=5)


@examples(300)
@given(documents)
def test_any_document_is_a_case_or_refused(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for format in ("json", "yaml"):
        made = answered(lambda kind=format: at.loads(text, format=kind))
        if made is not None:
            assert made == at.loads(at.dumps(made))


TEXTS = [text for bad in CORPUS.values() for text in bad.files.values() if isinstance(text, str) and len(text) < 5000]
SIGNS = [*"\n\t :,-#'\"[]{}()&*!|>%@`~?=.0aé", "\u202e", "\ufeff", "\x00", "- ", ": ", "\n  ", *VOCABULARY]


@examples(400)
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 3), st.sampled_from(SIGNS)), max_size=4),
)
def test_any_text_is_a_case_or_refused(text: str, changes: list[tuple[int, int, str]]) -> None:
    for at_, out, put_in in changes:
        start = at_ % (len(text) + 1)
        text = text[:start] + put_in + text[start + out :]
    for format in ("yaml", "json", "toml"):
        answered(lambda kind=format: at.loads(text, format=kind))
    answered(lambda: at.case(text))
    answered(lambda: at.condition(text))


@examples(200)
@given(st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join), max_size=4).map("\n".join))
def test_any_lines_are_a_case_or_refused(text: str) -> None:
    answered(lambda: at.case(text, facts=["b"], groups={"attend": ["a"]}, rules=["a or b"]))


def test_many_mistakes_are_told_soon() -> None:
    people = "".join(f"  person-{i}: {{name: Person {i}}}\n" for i in range(1500))
    lines = "".join(f"  - person-{i} attends if person_{i}x\n" for i in range(1500))
    began = process_time()
    with pytest.raises(at.CaseError) as caught:
        at.loads(f"participants:\n{people}statements:\n{lines}")
    assert 1500 == len(caught.value.problems)
    assert "did you mean person-0" in str(caught.value.problems[0].hint)
    assert 20 > process_time() - began
