"""Case files: what YAML, JSON and TOML mean, and that what is written reads the same."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.formats.schema import schema
from attendance.model.conditions import Condition, Crowd, Held, Name, Represented, placed_leaves
from attendance.model.nesting import Part, children
from attendance.model.roster import condition_of
from attendance.model.sayings import Inclination, Reading, Saying, Sends, WaitsFor
from attendance.model.words import fold, quote
from tests.trees import any_names, conditions, examples, sayings

SEED = Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml"
FORMATS = ("yaml", "json", "toml")

every_format = pytest.mark.parametrize("format", FORMATS)


# --- one case in three formats ----------------------------------------------------------------------

YAML = """\
# yaml-language-server: $schema=case.schema.json
title: Istanbul talks, 15 May 2025
timezone: Europe/Istanbul
gatherings:
  talks: {name: Direct talks, start: 2025-05-15T10:00, place: Dolmabahce Palace, held_if: russia is represented}
  ankara: {name: Meeting in Ankara, start: 2025-05-15, invited: [zelensky]}
participants:
  putin: {name: Vladimir Putin, of: russia, tags: [head-of-state], weights: {seats: 1, co2: 17.40}}
  zelensky:
    of: [ukraine]
    probability: 1/3
  erdogan:
groups:
  russia: {name: Russia}
  principals: {members: [putin, zelensky]}
  hosts: [erdogan]
facts:
  ceasefire: {name: A ceasefire is agreed, probability: 0.1}
  rain: unknown
  spring: yes
rules:
  - {id: seats, rule: at most 12 of everyone, at: ankara, note: "a small room"}
  - putin or zelensky
statements:
  - {id: list, who: putin, says: declines, said: 2025-05-14, source: Kremlin list, url: "https://x.y/#z", note: n}
  - {id: z, who: zelensky, says: attends only if putin, by: office, inclination: open, also: Yes, supersedes: [list]}
  - zelensky at ankara attends
scenarios:
  putin-comes: {assume: {putin: true, zelensky at ankara: NO}}
  tuesday: {as_of: 2025-05-13, reading: literal, founded: true, name: Tuesday, note: n}
  seen: {given: [zelensky], withdraw: list, believe: [], disbelieve: Kremlin list, add: [putin attends]}
expect:
  "": {putin: absent, ankara: undetermined}
  putin-comes: {zelensky: Undetermined (open)}
"""

JSON = {
    "$schema": "case.schema.json",
    "title": "Istanbul talks, 15 May 2025",
    "timezone": "Europe/Istanbul",
    "gatherings": {
        "talks": {
            "name": "Direct talks",
            "start": "2025-05-15T10:00",
            "place": "Dolmabahce Palace",
            "held_if": "russia is represented",
        },
        "ankara": {"name": "Meeting in Ankara", "start": "2025-05-15", "invited": "zelensky"},
    },
    "participants": {
        "putin": {
            "name": "Vladimir Putin",
            "of": ["russia"],
            "tags": "head-of-state",
            "weights": {"seats": 1, "co2": 17.4},
        },
        "zelensky": {"of": "ukraine", "probability": "1/3"},
        "erdogan": None,
    },
    "groups": {
        "russia": {"name": "Russia"},
        "principals": {"members": ["putin", "zelensky"]},
        "hosts": ["erdogan"],
    },
    "facts": {"ceasefire": {"name": "A ceasefire is agreed", "probability": 0.1}, "rain": None, "spring": True},
    "rules": [
        {"id": "seats", "rule": "at most 12 of everyone", "at": "ankara", "note": "a small room"},
        {"rule": "putin or zelensky"},
    ],
    "statements": [
        {
            "id": "list",
            "who": "putin",
            "says": "declines",
            "said": "2025-05-14",
            "source": "Kremlin list",
            "url": "https://x.y/#z",
            "note": "n",
        },
        {
            "id": "z",
            "who": "zelensky",
            "says": "attends only if putin",
            "by": "office",
            "inclination": "open",
            "also": True,
            "supersedes": "list",
        },
        {"who": "zelensky", "at": "ankara", "says": "attends", "id": None},
    ],
    "scenarios": {
        "putin-comes": {"assume": {"putin": "yes", "zelensky at ankara": False}},
        "tuesday": {"as_of": "2025-05-13", "reading": "Literal", "founded": "YES", "name": "Tuesday", "note": "n"},
        "seen": {
            "given": "zelensky",
            "withdraw": ["list"],
            "believe": [],
            "disbelieve": ["Kremlin list"],
            "add": [{"who": "putin", "says": "attends"}],
        },
    },
    "expect": {"": {"putin": "absent", "ankara": "undetermined"}, "putin-comes": {"zelensky": "undetermined (open)"}},
}

TOML = """\
title = "Istanbul talks, 15 May 2025"
timezone = "Europe/Istanbul"
rules = [
    {id = "seats", rule = "at most 12 of everyone", at = "ankara", note = "a small room"},
    "putin or zelensky",
]
statements = [
    {id = "list", who = "putin", says = "declines", said = 2025-05-14, source = "Kremlin list", url = "https://x.y/#z", note = "n"},
    {id = "z", who = "zelensky", says = "attends only if putin", by = "office", inclination = "open", also = true, supersedes = ["list"]},
    "zelensky at ankara attends",
]

[gatherings]
talks = {name = "Direct talks", start = 2025-05-15T10:00:00, place = "Dolmabahce Palace", held_if = "russia is represented"}

[gatherings.ankara]
name = "Meeting in Ankara"
start = 2025-05-15
invited = ["zelensky"]

[participants]
putin.name = "Vladimir Putin"
putin.of = "russia"
putin.tags = ["head-of-state"]
putin.weights = {seats = 1, co2 = 17.40}
zelensky = {of = ["ukraine"], probability = "1/3"}
erdogan = {}

[groups]
russia.name = "Russia"
principals.members = ["putin", "zelensky"]
hosts = ["erdogan"]

[facts]
ceasefire = {name = "A ceasefire is agreed", probability = 0.1}
rain = "unknown"
spring = true

[scenarios.putin-comes.assume]
putin = true
"zelensky at ankara" = "no"

[scenarios.tuesday]
as_of = 2025-05-13
reading = "literal"
founded = true
name = "Tuesday"
note = "n"

[scenarios.seen]
given = ["zelensky"]
withdraw = "list"
believe = []
disbelieve = "Kremlin list"
add = "putin attends"

[expect.""]
putin = "absent"
ankara = "undetermined"

[expect]
putin-comes.zelensky = "undetermined (open)"
"""

CASE = at.Case(
    title="Istanbul talks, 15 May 2025",
    timezone="Europe/Istanbul",
    gatherings=[
        at.Gathering(
            id="talks",
            name="Direct talks",
            start=datetime(2025, 5, 15, 10),
            place="Dolmabahce Palace",
            held_if=at.represented("russia"),
        ),
        at.Gathering(id="ankara", name="Meeting in Ankara", start=date(2025, 5, 15), invited=["zelensky"]),
    ],
    participants=[
        at.Participant(
            id="putin",
            name="Vladimir Putin",
            of=["russia"],
            tags=["head-of-state"],
            weights={"seats": Decimal(1), "co2": Decimal("17.4")},
        ),
        at.Participant(id="zelensky", of=["ukraine"], probability=Fraction(1, 3)),
        at.Participant(id="erdogan"),
    ],
    groups=[
        at.Group(id="russia", name="Russia"),
        at.Group(id="principals", members=["putin", "zelensky"]),
        at.Group(id="hosts", members=["erdogan"]),
    ],
    facts=[
        at.Fact(id="ceasefire", name="A ceasefire is agreed", probability=Fraction(1, 10)),
        at.Fact(id="rain"),
        at.Fact(id="spring", value=True),
    ],
    rules=[
        at.Rule(id="seats", rule=at.at_most(12, "everyone"), at="ankara", note="a small room"),
        at.Rule(id="rule.2", rule=at.attends("putin") | at.attends("zelensky")),
    ],
    statements=[
        at.Statement(
            id="list",
            who="putin",
            says=at.saying("declines"),
            said=date(2025, 5, 14),
            source="Kremlin list",
            url="https://x.y/#z",
            note="n",
        ),
        at.Statement(
            id="z",
            who="zelensky",
            says=at.saying("attends only if putin"),
            by="office",
            inclination=Inclination.OPEN,
            also=True,
            supersedes=["list"],
        ),
        at.Statement(id="zelensky.2", who="zelensky", at="ankara", says=at.saying("attends")),
    ],
    scenarios=[
        at.Scenario(id="putin-comes", assume={"putin": True, "zelensky at ankara": False}),
        at.Scenario(
            id="tuesday", as_of=date(2025, 5, 13), reading=Reading.LITERAL, founded=True, name="Tuesday", note="n"
        ),
        at.Scenario(
            id="seen",
            given=[at.attends("zelensky")],
            withdraw=["list"],
            believe=[],
            disbelieve=["Kremlin list"],
            add=[at.Statement(who="putin", says=at.saying("attends"))],
        ),
    ],
    expect=[
        at.Expectation(scenario="", about="putin", verdict="absent"),
        at.Expectation(scenario="", about="ankara", verdict="undetermined"),
        at.Expectation(scenario="putin-comes", about="zelensky", verdict="undetermined", cause="open"),
    ],
)


@pytest.mark.parametrize(("format", "text"), [("yaml", YAML), ("json", json.dumps(JSON)), ("toml", TOML)], ids=FORMATS)
def test_each_format_says_the_same(format: Any, text: str) -> None:
    assert CASE == at.loads(text, format=format)


def test_json_is_yaml_too() -> None:
    assert CASE == at.loads(json.dumps(JSON), format="yaml")


@every_format
def test_the_whole_case_survives(format: Any) -> None:
    assert CASE == at.loads(at.dumps(CASE, format=format), format=format)


def test_how_yaml_is_written() -> None:
    assert """\
title: Istanbul talks, 15 May 2025
timezone: Europe/Istanbul
gatherings:
  talks:
    name: Direct talks
    start: 2025-05-15T10:00:00
    place: Dolmabahce Palace
    held_if: russia is represented
  ankara:
    name: Meeting in Ankara
    start: 2025-05-15
    invited:
    - zelensky
participants:
  putin:
    name: Vladimir Putin
    of:
    - russia
    tags:
    - head-of-state
    weights:
      seats: 1
      co2: 17.4
  zelensky:
    of:
    - ukraine
    probability: 1/3
  erdogan: {}
groups:
  russia:
    name: Russia
  principals:
    members:
    - putin
    - zelensky
  hosts:
    members:
    - erdogan
facts:
  ceasefire:
    name: A ceasefire is agreed
    probability: 0.1
  rain: unknown
  spring:
    value: true
rules:
- id: seats
  rule: at most 12 of everyone
  at: ankara
  note: a small room
- putin or zelensky
statements:
- id: list
  who: putin
  says: declines
  said: 2025-05-14
  source: Kremlin list
  url: https://x.y/#z
  note: n
- id: z
  who: zelensky
  says: attends only if putin
  by: office
  also: true
  supersedes:
  - list
  inclination: open
- zelensky at ankara attends
scenarios:
  putin-comes:
    assume:
      putin: true
      zelensky at ankara: false
  tuesday:
    name: Tuesday
    note: n
    as_of: 2025-05-13
    reading: literal
    founded: true
  seen:
    given:
    - zelensky
    add:
    - putin attends
    withdraw:
    - list
    believe: []
    disbelieve:
    - Kremlin list
expect:
  '':
    putin: absent
    ankara: undetermined
  putin-comes:
    zelensky: undetermined (open)
""" == at.dumps(CASE)


def test_how_toml_is_written() -> None:
    small = at.Case(
        title='a "b" \\ \t\x7f'.replace("\x7f", ""),
        participants=["a b", "c"],
        facts={"f": None, "g": True},
        rules=["'a b'"],
        statements=[{"who": "a b", "says": "attends if c", "said": datetime(2025, 5, 1, tzinfo=UTC)}],
        scenarios={"s.t": {"assume": {"a b": True}, "founded": False}},
        expect={"": {"c": "undetermined"}},
    )
    assert """\
title = "a \\"b\\" \\\\ \\t"

rules = [
    "\\"a b\\"",
]

statements = [
    {who = "a b", says = "attends if c", said = 2025-05-01T00:00:00+00:00},
]

[participants."a b"]

[participants.c]

[facts.f]
value = "unknown"

[facts.g]
value = true

[scenarios."s.t"]
assume = {"a b" = true}
founded = false

[expect.""]
c = "undetermined"
""" == at.dumps(small, format="toml")
    assert small == at.loads(at.dumps(small, format="toml"), format="toml")


def test_how_json_is_written() -> None:
    written = json.loads(at.dumps(CASE, format="json"))
    assert {"seats": 1, "co2": "17.4"} == written["participants"]["putin"]["weights"]
    assert "2025-05-15T10:00:00" == written["gatherings"]["talks"]["start"]
    assert "zelensky at ankara attends" == written["statements"][2]
    assert at.dumps(CASE, format="json").endswith("}\n")


@every_format
def test_an_empty_case_is_written(format: Any) -> None:
    empty = at.Case()
    assert {"yaml": "{}\n", "json": "{}\n", "toml": "\n"}[format] == at.dumps(empty, format=format)
    assert empty == at.loads(at.dumps(empty, format=format), format=format)


def test_an_empty_file_is_an_empty_case() -> None:
    for text in ("", "\n\n", "# nothing\n", "---\n", "{}", "participants:\n", "title:\nstatements: []\nexpect: {}"):
        assert at.Case() == at.loads(text)
    assert at.Case() == at.loads("", format="toml")
    assert at.Case() == at.loads("{}", format="json")


# --- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["case.yaml", "case.YML", "case.json", "case.v2.toml"])
def test_a_file_is_read_by_its_suffix(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    at.dump(CASE, file)
    assert [file] == list(tmp_path.iterdir())
    assert CASE == at.load(file) == at.load(str(file))
    at.dump(at.Case(title="ü"), str(file))
    assert at.Case(title="ü") == at.load(file)


def test_line_ends_and_marks_of_byte_order_do_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + YAML.replace("\n", "\r\n").encode())
    assert CASE == at.load(file)
    file = tmp_path / "case.toml"
    file.write_bytes(TOML.replace("\n", "\r\n").encode())
    assert CASE == at.load(file)


def test_the_seed_survives() -> None:
    seed = at.load(SEED)
    for format in FORMATS:
        assert seed == at.loads(at.dumps(seed, format=format), format=format)


def test_a_text_that_cannot_be_read_again_is_not_written() -> None:
    long = at.Case(participants=["a"], rules=[at.all_of(*(["a"] * 7_000))])
    with pytest.raises(at.InputError, match=r"a text of 21007 characters cannot be read again: 'all of \(a, a"):
        at.dumps(long)


# --- short forms ------------------------------------------------------------------------------------

SHORT = {
    "participants in a list": (
        "participants: [a, {id: b, name: B}]",
        {"participants": ["a", {"id": "b", "name": "B"}]},
    ),
    "participants without keys": ("participants: {a: , b: {}, c: null, d: ~}", {"participants": ["a", "b", "c", "d"]}),
    "one group": ("participants: {a: {of: g, tags: h}}", {"participants": [{"id": "a", "of": ["g"], "tags": ["h"]}]}),
    "one member": (
        "participants: [a]\ngroups: {g: a, h: [a], i: {members: a}, j: }",
        {"participants": ["a"], "groups": {"g": ["a"], "h": ["a"], "i": ["a"], "j": []}},
    ),
    "facts": (
        "facts: {a: , b: unknown, c: true, d: NO, e: {}, f: {value: Yes}, g: {value: }, h: Unknown}",
        {"facts": {"a": None, "b": None, "c": True, "d": False, "e": None, "f": True, "g": None, "h": None}},
    ),
    "facts in a list": ("facts: [a, {id: b, value: no}]", {"facts": ["a", {"id": "b", "value": False}]}),
    "gatherings in a list": ("gatherings: [g, h]", {"gatherings": ["g", "h"]}),
    "a rule": ("facts: [f]\nrules: [f, {rule: not f}]", {"facts": ["f"], "rules": ["f", "not f"]}),
    "a list of one": (
        "participants: [a]\nscenarios: {s: {given: a, add: a attends, withdraw: a.1, believe: x, disbelieve: x}}\n"
        "statements: [{who: a, says: declines, source: x, supersedes: a.2}, a might attend]",
        {
            "participants": ["a"],
            "statements": [{"who": "a", "says": "declines", "source": "x", "supersedes": ["a.2"]}, "a might attend"],
            "scenarios": {
                "s": {"given": ["a"], "add": ["a attends"], "withdraw": ["a.1"], "believe": ["x"], "disbelieve": ["x"]}
            },
        },
    ),
    "words that YAML 1.1 takes for others": (
        "participants: {no: , on: , Off: , null: , ~: , 1.5: , 0x10: , 2025-05-01: , 12:30: }\n"
        'statements: [\'"no" attends if "12:30" and "~" and "1.5" and "null"\']',
        {
            "participants": ["no", "on", "Off", "null", "~", "1.5", "0x10", "2025-05-01", "12:30"],
            "statements": ['"no" attends if "12:30" and "~" and "1.5" and "null"'],
        },
    ),
    "names with signs in them": (
        "participants: {'a # b': , 'c: d': , \"e\\\"f\": , 'g''h': , '- i': , '[j]': , '{k}': , '*l': , '&m': , '!n': }",
        {"participants": ["a # b", "c: d", 'e"f', "g'h", "- i", "[j]", "{k}", "*l", "&m", "!n"]},
    ),
    "names of keys": (
        "participants: {members: {of: participants}, id: , assume: , given: }\n"
        "statements: [members attends if assume and given]\nscenarios: {given: {assume: {assume: no}}}",
        {
            "participants": [{"id": "members", "of": ["participants"]}, "id", "assume", "given"],
            "statements": ["members attends if assume and given"],
            "scenarios": {"given": {"assume": {"assume": False}}},
        },
    ),
    "lines": (
        "participants: [a, b]\nstatements:\n  - >-\n    a attends\n    if b\n  - |\n    b attends if\n    a\n  - a\n    declines",
        {"participants": ["a", "b"], "statements": ["a attends if b", "b attends if\na\n", "a declines"]},
    ),
    "a key without a value is as good as none": (
        "participants: [a]\nstatements: [{who: a, says: attends, said: , source: ~, also: null, id: }]",
        {"participants": ["a"], "statements": ["a attends"]},
    ),
}


@pytest.mark.parametrize(("text", "values"), SHORT.values(), ids=SHORT)
def test_short_forms(text: str, values: dict[str, Any]) -> None:
    made = at.Case(**values)
    assert made == at.loads(text)
    for format in FORMATS:
        assert made == at.loads(at.dumps(made, format=format), format=format)


@pytest.mark.parametrize(
    "word", ["null", "NULL", "nUlL", "~", "", "no", "1.5", "2025-05-01", "=", "<<", "- a", "a: b", "#"]
)
def test_words_that_yaml_knows_are_text(word: str) -> None:
    made = at.Case(
        title=word,
        participants=[{"id": "a", "name": word}],
        statements=[{"who": "a", "says": "attends", "source": word, "note": word, "by": word}],
        scenarios={"s": {"believe": [word], "name": word}},
    )
    for format in FORMATS:
        assert made == at.loads(at.dumps(made, format=format), format=format)
    if word.strip("~"):
        made = at.Case(participants=[word], expect={"": {quote(word): "undetermined"}}, groups={"g": [word]})
        assert made == at.loads(at.dumps(made))


def test_weights_of_nothing_are_kept() -> None:
    zero, none = at.Participant(id="a", weights={"w": 0}), at.Participant(id="a")
    assert zero != none
    assert (0, 0) == (zero.weight("w"), none.weight("w"))
    for format in FORMATS:
        made = at.Case(participants=[zero], rules=["w of everyone at least 0"])
        assert made == at.loads(at.dumps(made, format=format), format=format)


def test_numbers_are_exact() -> None:
    text = "participants: {a: {weights: {u: 0.1, v: 1e2, w: 0.10}}}\nfacts: {f: {probability: 0.3333333333333333333333333}}"
    made = at.loads(text)
    assert {"u": Decimal("0.1"), "v": Decimal(100), "w": Decimal("0.1")} == dict(made.participants[0].weights)
    assert Fraction(3333333333333333333333333, 10**25) == made.facts[0].probability
    for format in FORMATS:
        assert made == at.loads(at.dumps(made, format=format), format=format)
    third = at.loads('{"facts": {"f": {"probability": 0.1000000000000000000000001}}}', format="json")
    assert Fraction(1, 10) + Fraction(1, 10**25) == third.facts[0].probability


# --- dates and zones --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "said", "instant"),
    [
        ("Europe/Istanbul", "2025-05-15", "2025-05-14T21:00:00+00:00"),
        ("Europe/Istanbul", "2025-05-15T10:00", "2025-05-15T07:00:00+00:00"),
        ("Europe/London", "2025-05-15T10:00", "2025-05-15T09:00:00+00:00"),
        ("Europe/London", "2025-12-15T10:00", "2025-12-15T10:00:00+00:00"),
        ("Europe/London", "2025-05-15T10:00Z", "2025-05-15T10:00:00+00:00"),
        ("Europe/London", "2025-05-15T10:00+03:00", "2025-05-15T07:00:00+00:00"),
        ("Europe/London", "2025-03-30T01:30", "2025-03-30T01:30:00+00:00"),
        ("Europe/London", "2025-10-26T01:30", "2025-10-26T00:30:00+00:00"),
        ("Asia/Kathmandu", "2025-05-15", "2025-05-14T18:15:00+00:00"),
        ("UTC", "2025-05-15T10:00:00.5", "2025-05-15T10:00:00.500000+00:00"),
    ],
)
def test_moments_are_read_in_the_zone_of_the_case(zone: str, said: str, instant: str) -> None:
    made = at.loads(f"timezone: {zone}\nparticipants: [a]\nstatements: [{{who: a, says: attends, said: '{said}'}}]")
    moment = made.moment(made.statements[0])
    assert moment is not None
    assert instant == moment.astimezone(UTC).isoformat()
    for format in FORMATS:
        assert made == at.loads(at.dumps(made, format=format), format=format)


def test_toml_has_dates_of_its_own() -> None:
    for written, said in (
        ("2025-05-14", date(2025, 5, 14)),
        ("2025-05-14T10:00:00", datetime(2025, 5, 14, 10)),
        ("2025-05-14 10:00:00.25", datetime(2025, 5, 14, 10, 0, 0, 250_000)),
        ("2025-05-14T10:00:00Z", datetime(2025, 5, 14, 10, tzinfo=UTC)),
        ("2025-05-14T10:00:00-03:30", datetime(2025, 5, 14, 10, tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
        ('"2025-05-14"', date(2025, 5, 14)),
    ):
        text = f'participants = ["a"]\nstatements = [{{who = "a", says = "attends", said = {written}}}]'
        assert said == at.loads(text, format="toml").statements[0].said


def test_zones_of_python_are_written_as_offsets() -> None:
    for moment in (
        datetime(2025, 10, 26, 2, 30, fold=0, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(1800, 1, 1, tzinfo=ZoneInfo("Europe/Istanbul")),
        datetime(2025, 10, 26, 2, 30, fold=1),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime.max,
    ):
        made = at.Case(participants=["a"], statements=[at.Statement(who="a", says="attends", said=moment)])
        for format in FORMATS:
            assert made == at.loads(at.dumps(made, format=format), format=format)


# --- random cases -----------------------------------------------------------------------------------


class Names:
    """The names of a random case, by kind, no two alike."""

    def __init__(self, draw: st.DrawFn) -> None:
        drawn = draw(st.lists(any_names(), min_size=4, max_size=12, unique_by=fold))
        third = max(1, len(drawn) // 3)
        self.people, rest = drawn[:third], drawn[third:]
        self.gatherings, rest = rest[:1] + rest[4:5], rest[1:4] + rest[5:]
        self.groups, self.facts = rest[:2], rest[2:]
        self.weights = draw(st.lists(any_names(), max_size=2, unique=True))

    def all(self) -> list[str]:
        return [*self.people, *self.gatherings, *self.groups, *self.facts]


def renamed(names: Names, condition: Condition, about: bool) -> str:
    """The text of a condition with names of the case in the place of its own, or `always` where it cannot be."""
    text = str(condition)
    try:
        at.Case(
            participants=[
                {"id": p, "of": names.groups, "weights": dict.fromkeys(names.weights, 1)} for p in names.people
            ],
            gatherings=names.gatherings,
            facts=names.facts,
            rules=[] if about else [text],
            statements=[{"who": names.people[0], "says": f"attends if {text}"}] if about else [],
        )
    except at.CaseError:
        return "always"
    return text


@st.composite
def typed_cases(draw: st.DrawFn) -> at.Case:
    """Cases with every key in use, of odd names and texts."""
    names = Names(draw)
    tree = conditions(st.sampled_from([*names.all(), *names.weights]))

    def maybe(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(st.one_of(st.none(), st.none(), strategy))

    def condition(about: bool = False) -> str:
        return renamed(names, draw(tree), about)

    def statement(i: int) -> dict[str, Any]:
        link = draw(st.sampled_from(("if", "only if", "if and only if", "unless")))
        says = draw(st.sampled_from(("attends", "declines", "might attend", f"attends {link} {condition(True)}")))
        return {
            "id": maybe(st.just(f"s{i}")),
            "who": draw(st.sampled_from(names.people)),
            "says": says,
            "at": maybe(st.sampled_from(names.gatherings)),
            "by": maybe(texts),
            "said": maybe(moments),
            "source": maybe(texts),
            "url": maybe(texts),
            "note": maybe(texts),
            "also": draw(st.booleans()),
            "inclination": maybe(st.sampled_from(Inclination)),
            "probability": maybe(chances),
        }

    statements = [statement(i) for i in range(draw(st.integers(0, 3)))]
    sources = [s["source"] for s in statements if s["source"] is not None]
    scenario = {
        "name": maybe(texts),
        "note": maybe(texts),
        "assume": maybe(st.dictionaries(st.sampled_from([*names.people, *names.facts]), st.booleans(), max_size=2)),
        "given": [condition() for _ in range(draw(st.integers(0, 1)))],
        "add": [statement(9) for _ in range(draw(st.integers(0, 1)))],
        "withdraw": maybe(st.just([s["id"] for s in statements if s["id"]])),
        "believe": maybe(st.just(sources)),
        "disbelieve": draw(st.sampled_from([[], sources])),
        "as_of": maybe(moments),
        "reading": maybe(st.sampled_from(Reading)),
        "founded": maybe(st.booleans()),
    }
    return at.Case(
        title=draw(texts),
        timezone=draw(st.sampled_from(("UTC", "Europe/Istanbul"))),
        gatherings=[
            {"id": g, "name": maybe(texts), "start": maybe(moments), "place": maybe(texts)} for g in names.gatherings
        ],
        participants=[
            {
                "id": p,
                "name": maybe(texts),
                "of": draw(st.sampled_from((names.groups, ()))),
                "tags": draw(st.sampled_from((names.groups[:1], ()))),
                "weights": {w: draw(weights) for w in names.weights},
                "probability": maybe(chances),
            }
            for p in names.people
        ],
        groups=[
            {"id": g, "name": maybe(texts), "members": draw(st.sampled_from((names.people, ())))} for g in names.groups
        ],
        facts=[
            {"id": f, "name": maybe(texts), "value": maybe(st.booleans()), "probability": maybe(chances)}
            for f in names.facts
        ],
        rules=[
            {
                "id": maybe(st.just(f"r{i}")),
                "rule": condition(),
                "at": maybe(st.sampled_from(names.gatherings)),
                "note": maybe(texts),
            }
            for i in range(draw(st.integers(0, 2)))
        ],
        statements=statements,
        scenarios=[{"id": draw(any_names()), **scenario}] if draw(st.booleans()) else [],
        expect={"": {quote(names.people[0]): draw(st.sampled_from(("attends", "undetermined (open)")))}}
        if draw(st.booleans())
        else {},
    )


texts = st.one_of(
    st.sampled_from(
        ("", "null", "NuLL", "~", "yes", "1", "1.50", "2025-05-01", " x ", "a\nb", "a\r\nb\n", "\t", "---", "...")
    ),
    st.text(
        st.characters(
            exclude_categories=("Cc", "Cs"),
            exclude_characters="\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        ),
        max_size=8,
    ),
    st.text("ab:#-'\"\\,[]{}&*!|>%@` \n\t\u00a0\u0301\u2028\ufeff\U0001f600", max_size=8),
)
zones = st.one_of(st.none(), st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))))
moments = st.one_of(
    st.dates(),
    st.datetimes(),
    st.builds(lambda day, clock, zone: datetime.combine(day, clock, zone), st.dates(), st.times(), zones),
    st.builds(lambda day: datetime.combine(day, time()), st.dates()),
)
weights = st.one_of(
    st.integers(0, 10**29).map(Decimal),
    st.decimals(0, 1000, places=4),
    st.sampled_from(("0", "1e10", "1e-28", "0.10", "123456789012345.67890")).map(Decimal),
)
chances = st.one_of(
    st.fractions(0, 1, max_denominator=10**9),
    st.decimals(0, 1, places=6).map(Fraction),
    st.sampled_from((Fraction(0), Fraction(1), Fraction(1, 2**29), Fraction(1, 2**60), Fraction(1, 10**29))),
)


@examples(120)
@given(typed_cases())
def test_random_cases_survive_in_every_format(case: at.Case) -> None:
    for format in FORMATS:
        text = at.dumps(case, format=format)
        again = at.loads(text, format=format)
        assert case == again
        assert text == at.dumps(again, format=format)
        assert hash(case) == hash(again)


@examples(100)
@given(sayings())
def test_random_sayings_survive_in_every_format(says: Saying) -> None:
    made = case_of(says)
    if made is not None:
        for format in FORMATS:
            assert made == at.loads(at.dumps(made, format=format), format=format)


def case_of(says: Saying) -> at.Case | None:
    """A case in which somebody says this, if it can be made: every name in it is what it has to be."""
    people, groups, gatherings = {"speaker": None}, {}, {"main": None}
    weighted = set()
    condition = condition_of(says)
    for _, leaf in placed_leaves(condition, None) if condition is not None else ():
        match leaf:
            case Name(name, place):
                people[name] = None
                gatherings.update({place: None} if place else {})
            case Represented(group, place):
                groups[group] = []
                gatherings.update({place: None} if place else {})
            case Held(gathering):
                gatherings[gathering] = None
            case Crowd(_, place):
                gatherings.update({place: None} if place else {})
    if condition is not None:
        rest: list[Part] = [condition]
        while rest:
            part = rest.pop()
            weighted |= {getattr(part, "weight", None)} - {None}
            gatherings.update({place: None} if (place := getattr(part, "at", None)) else {})
            rest += children(part)
    match says:
        case Sends(delegates):
            people.update(dict.fromkeys(delegates))
        case WaitsFor(targets):
            people.update(dict.fromkeys(t.name for t in targets))
            gatherings.update(dict.fromkeys(t.at for t in targets if t.at))
    try:
        return at.Case(
            participants=[{"id": p, "weights": dict.fromkeys(weighted, 1)} for p in people],
            groups=groups,
            gatherings=gatherings,
            statements=[at.Statement(who="speaker", says=says)],
        )
    except at.CaseError:
        return None


# --- plain statements -------------------------------------------------------------------------------


def test_plain_statements_declare_names_by_their_use() -> None:
    made = at.case(
        """
        # the eve of the talks
        putin declines                     # on the list
        zelensky attends only if putin and rain

        trump sends rubio, "vance # 2" if kellogg
            rubio waits for lavrov, hawks
        'it\\'s # me' attends if meeting is held
        """,
        title="Istanbul",
        facts={"rain": "no"},
        groups={"hawks": ["bolton", "doves"], "doves": {"members": "putin"}},
        rules=["lavrov or fidan", at.attends("erdogan")],
    )
    named = ["putin", "zelensky", "trump", "rubio", "vance # 2", "kellogg", "lavrov", "it's # me", "fidan", "erdogan"]
    assert ("Istanbul", [*named, "bolton"]) == (made.title, [p.id for p in made.participants])
    assert [("hawks", ("bolton", "doves")), ("doves", ("putin",))] == [(g.id, g.members) for g in made.groups]
    assert [("rain", False)] == [(f.id, f.value) for f in made.facts]
    assert ["rule.1", "rule.2"] == [r.id for r in made.rules]
    assert ["putin.1", "zelensky.1", "trump.1", "rubio.1", "it's # me.1"] == [s.id for s in made.statements]
    assert ["meeting"] == [g.id for g in made.gatherings]
    assert made == at.loads(at.dumps(made))


def test_plain_statements_without_any() -> None:
    assert at.Case() == at.case("") == at.case("\n  # nothing\r\n\t\n")


def test_facts_groups_and_rules_in_other_shapes() -> None:
    for facts in (["f"], "f", ("f",), {"f": None}, (f for f in ["f"]), [at.Fact(id="f")], {"f"}):
        assert at.case("a attends if f", facts=["f"]) == at.case("a attends if f", facts=facts)
    for rules in (["a"], "a", at.attends("a"), [{"rule": "a"}], [at.Rule(rule="a")], iter(["a"])):
        assert at.case("a attends", rules=["a"]) == at.case("a attends", rules=rules)
    for groups in ({"g": ["b"]}, {"g": "b"}, {"g": {"members": ["b"]}}, {"g": ("b",)}):
        assert at.case("a attends if g", groups={"g": ["b"]}) == at.case("a attends if g", groups=groups)


def test_the_schema_is_json() -> None:
    assert schema() == json.loads(json.dumps(schema())) == at.schema()


# --- big files


def big(count: int) -> dict[str, Any]:
    said = [
        {"id": f"s{i}", "who": f"p{i}", "says": f"attends only if p{i - 1}", "said": "2025-05-14"}
        for i in range(1, count)
    ]
    return {
        "participants": {f"p{i}": {"name": f"Person {i}"} for i in range(count)},
        "statements": ["p0 attends", *said],
    }


def as_yaml(tree: dict[str, Any]) -> str:
    people = "".join(f"  {name}: {{name: {body['name']}}}\n" for name, body in tree["participants"].items())
    first, *said = tree["statements"]
    rows = "".join("  - {" + ", ".join(f"{k}: {v}" for k, v in one.items()) + "}\n" for one in said)
    return f"participants:\n{people}statements:\n  - {first}\n{rows}"


def test_a_big_case_is_the_same_in_every_format() -> None:
    tree = big(2000)
    case = at.loads(as_yaml(tree))
    assert case == at.loads(json.dumps(tree), format="json") == at.loads(at.dumps(case))
    assert case == at.Case(participants=tree["participants"], statements=tree["statements"])
    assert case.roster.participants == at.Case(participants=tree["participants"]).roster.participants


def test_mistakes_in_a_big_case_are_where_they_are() -> None:
    tree = big(5000)
    tree["statements"][4000]["says"] = "attends only if p9999"
    tree["statements"][4990] = {"who": "p1", "says": "attends unlike p2", "said": "2025-13-01"}
    with pytest.raises(at.CaseError) as caught:
        at.loads(as_yaml(tree))
    assert [(9003, 51), (9993, 29), (9993, 46)] == [(p.line, p.column) for p in caught.value.problems]
    assert "    attends only if p9999\n                    ^^^^^\n" in str(caught.value)


def test_every_name_of_a_big_case_may_be_unknown() -> None:
    tree = big(20_000)
    tree["participants"] = {f"q{i}": {"name": "x"} for i in range(20_000)}
    with pytest.raises(at.CaseError) as caught:
        at.loads(as_yaml(tree))
    assert 2 * 20_000 - 1 == len(caught.value.problems)


def test_a_case_file_has_only_so_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance.formats.casefile.MOST_ITEMS", 10)
    assert at.loads(as_yaml(big(5)))
    with pytest.raises(at.CaseError) as caught:
        at.loads(as_yaml(big(6)))
    (problem,) = caught.value.problems
    assert (8, 1, True) == (problem.line, problem.column, "at most 10 participants, statements" in problem.message)
