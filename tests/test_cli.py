"""The command line: every command and option, what is printed where, and how it ends."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from time import sleep
from typing import Any

import click
import pytest

import attendance as at
from attendance.faces.cli import COMMANDS, cli, main

SEEDS = Path(__file__).parent.parent / "seeds"
SEED = str(SEEDS / "istanbul-2025.yaml")
SMALL = """\
title: Dinner
participants: {ann: {name: Ann}, bob: {name: Bob}, cem: }
facts: {rain: {name: It rains}}
statements:
  - {id: a1, who: ann, says: attends only if bob, said: 2025-05-12, source: letter}
  - {id: b1, who: bob, says: attends unless rain, said: 2025-05-13, source: radio}
scenarios:
  wet: {name: If it rains, assume: {rain: true}}
expect:
  wet: {ann: absent, meeting: undetermined}
"""


@pytest.fixture(autouse=True)
def _digits() -> Iterator[None]:
    """The program lets numbers be as long as they are; the tests after it do not want to know."""
    before = sys.get_int_max_str_digits()
    yield
    sys.set_int_max_str_digits(before)


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


Attend = Callable[..., Ended]


@pytest.fixture
def attend(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Attend:
    """Runs the command line here, on that standard input."""

    def run(*arguments: str, stdin: str | bytes = "") -> Ended:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(data)))
        status: Any = 0
        try:
            main(list(arguments))
        except SystemExit as error:
            status = error.code
        return Ended(status or 0, *capsys.readouterr())

    return run


@pytest.fixture
def small(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def refused(ended: Ended, *messages: str) -> None:
    """Bad input: the reason on standard error, and nothing on standard output."""
    assert (2, "") == (ended.status, ended.out)
    assert "Traceback" not in ended.err
    for message in messages:
        assert message in ended.err


# --- resolve --------------------------------------------------------------------------------------


def test_resolve_istanbul(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025

Direct talks in Istanbul, 15 May 2025 10:00, Dolmabahce Palace: not held; 2 attend
Vladimir Putin (putin)         absent   declines
Volodymyr Zelensky (zelensky)  absent   attends only if putin; waits for russia
Donald Trump (trump)           absent   declines
Vladimir Medinsky (medinsky)   attends  attends
Marco Rubio (rubio)            attends  attends

Meeting in Ankara, 15 May 2025, Ankara: held; 2 attend
Volodymyr Zelensky (zelensky)   attends  attends
Recep Tayyip Erdogan (erdogan)  attends  attends
"""
    assert Ended(0, expected, "") == attend("resolve", SEED)


def test_resolve_a_small_case(attend: Attend, small: str) -> None:
    expected = """\
Dinner

meeting: whether it is held is undetermined; 0 to 3 attend
Ann (ann)  undetermined (depends: bob)  attends only if bob
Bob (bob)  undetermined (fact: rain)    attends unless rain
cem        undetermined (unstated)      says nothing

It rains (rain): unknown
"""
    assert Ended(0, expected, "") == attend("resolve", small)


def test_resolve_a_scenario_with_parts_of_the_call(attend: Attend, small: str) -> None:
    expected = """\
Dinner (wet)
If it rains
assumed: rain = yes, bob = yes; without: a1; added: “ann attends only if cem”; as of 14 May 2025

meeting: held; 1 to 3 attend
Ann (ann)  undetermined (depends: cem)  attends only if cem
Bob (bob)  attends                      assumed; set aside: attends unless rain
cem        undetermined (unstated)      says nothing

It rains (rain): yes
"""
    parts = ["--assume", "bob=yes", "--withdraw", "a1", "--add", "ann attends only if cem", "--as-of", "2025-05-14"]
    assert Ended(0, expected, "") == attend("resolve", small, "--scenario", "wet", *parts)


def test_resolve_a_conflict(attend: Attend) -> None:
    out = attend("resolve", SEED, "--scenario", "zelensky-seen").out
    expected = """\
These cannot all be kept (about putin, zelensky):
  z     zelensky attends only if putin  2025-05-14  video address
  list  putin declines                  2025-05-14  Kremlin statement
It takes setting aside z, or list.
"""
    assert expected == out[-len(expected) :]
    assert out.startswith(
        "Istanbul talks, 15 May 2025 (zelensky-seen)\nZelensky is seen at the table\ngiven: “zelensky”\n\n"
    )


def test_resolve_rules_warnings_and_who_sends_whom(attend: Attend) -> None:
    case = """\
gatherings: {talks: {invited: [ann, bob]}, lunch: {invited: []}}
participants: {ann: , bob: , cem: }
rules: [not bob]
statements: [ann sends bob, "bob attends only if cem", "ann attends if cem"]
"""
    expected = """\
Who attends

talks: whether it is held is undetermined; 0 to 1 attend
ann  undetermined (conflict)  sends bob; attends if cem
bob  absent                   ann sends bob; attends only if cem

lunch: not held; nobody attends
nobody is counted here

These cannot all be kept (about ann, bob):
  ann.1  ann sends bob
  bob.1  bob attends only if cem

Nor can these (about ann, bob):
  ann.1   ann sends bob
  rule.1  rule: not bob
It takes setting aside ann.1.

warning: cem is not counted at talks: a condition on that is false
"""
    assert expected == attend("resolve", "-", stdin=case).out


def test_resolve_all_scenarios(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025

Direct talks in Istanbul, 15 May 2025 10:00, Dolmabahce Palace
scenario         putin           zelensky   trump           medinsky    rubio       held
---------------  --------------  ---------  --------------  ----------  ----------  --------
(as it stands)   absent          absent     absent          attends     attends     not held
putin-comes      attends         attends    absent          attends     attends     held
evening-11-may   ? unstated      attends    ? unstated      ? unstated  ? unstated  ?
evening-12-may   ? unstated      attends    ? open          ? unstated  ? unstated  ?
evening-13-may   ? unstated      attends    ? open          ? unstated  ? unstated  ?
evening-14-may   absent          absent     absent          attends     attends     not held
putin-on-13-may  attends         attends    ? open          ? unstated  ? unstated  held
mutual-loop      ? coordination  ? depends  ? coordination  attends     attends     ?
no-list          ? unstated      ? depends  absent          attends     attends     ?
zelensky-seen    ? conflict      attends    absent          attends     attends     held

Meeting in Ankara, 15 May 2025, Ankara
scenario         zelensky    erdogan     held
---------------  ----------  ----------  ----
(as it stands)   attends     attends     held
putin-comes      attends     attends     held
evening-11-may   ? unstated  ? unstated  ?
evening-12-may   ? unstated  ? unstated  ?
evening-13-may   ? unstated  ? unstated  ?
evening-14-may   ? unstated  ? unstated  ?
putin-on-13-may  ? unstated  ? unstated  ?
mutual-loop      attends     attends     held
no-list          attends     attends     held
zelensky-seen    attends     attends     held

? is undetermined, and why
"""
    assert Ended(0, expected, "") == attend("resolve", SEED, "--scenarios")


def test_of_very_many_ways_to_mend_a_conflict_not_all_are_told(attend: Attend) -> None:
    case = f"participants: {{a: }}\nstatements: [{', '.join(['a attends', 'a declines'] * 11)}]"
    told = attend("resolve", "-", stdin=case)
    assert (0, "") == (told.status, told.err)
    assert "There are more such sets than are listed." in told.out.splitlines()


def test_few_scenarios_stand_side_by_side_and_impossible_ones_too(attend: Attend) -> None:
    case = "participants: {ann: , bob: , cem: }\nscenarios: {no: {given: [never]}, yes: {assume: {ann: yes}}}"
    expected = """\
All scenarios

scenario  (as it stands)  no          yes
--------  --------------  ----------  ----------
ann       ? unstated      impossible  attends
bob       ? unstated      impossible  ? unstated
cem       ? unstated      impossible  ? unstated
held      ?               impossible  held

? is undetermined, and why
"""
    assert expected == attend("resolve", "-", "--scenarios", stdin=case).out
    found = json.loads(attend("resolve", "-", "--scenarios", "--json", stdin=case).out)
    assert ["", "no", "yes"] == list(found)
    assert "impossible" == found["no"]
    assert {"ann": "attends"}.items() <= found["yes"]["verdicts"]["meeting"].items()


# --- the other commands ---------------------------------------------------------------------------


def test_why(attend: Attend) -> None:
    expected = """\
Volodymyr Zelensky is absent.
1. Vladimir Putin is absent: “putin declines” (14 May 2025, Kremlin statement).
2. Volodymyr Zelensky is absent: “zelensky attends only if putin” (14 May 2025, video address), and \
Vladimir Putin is absent.
"""
    assert Ended(0, expected, "") == attend("why", SEED, "zelensky")
    assert at.why(at.load(SEED), "zelensky at ankara").text() + "\n" == attend("why", SEED, "zelensky at ankara").out


def test_outcomes(attend: Attend, small: str) -> None:
    expected = """\
2 outcomes
1. talks: medinsky, rubio; ankara: zelensky, erdogan
2. talks: putin, zelensky, trump, medinsky, rubio; ankara: zelensky, erdogan
"""
    assert Ended(0, expected, "") == attend("outcomes", SEED, "--scenario", "mutual-loop", "--order", "fewest")
    most = attend("outcomes", SEED, "--scenario", "mutual-loop", "--order", "most", "--limit", "1").out
    assert (
        "2 outcomes\n1. talks: putin, zelensky, trump, medinsky, rubio; ankara: zelensky, erdogan\n... and 1 more\n"
        == most
    )
    assert "1 outcome\n1. cem; rain\n" == attend("outcomes", small, "--assume", "rain=yes", "--given", "cem").out
    for count in (["--count"], ["--limit", "0"]):
        assert "4 outcomes\n" == attend("outcomes", small, *count).out
    torn = "0 outcomes\nThe statements cannot all be kept: `attendance resolve` says which ones clash.\n"
    assert torn == attend("outcomes", small, "--add", "bob attends", "--add", "bob declines").out


def test_numbers_that_are_vast(attend: Attend) -> None:
    silent = json.dumps({"participants": [f"p{i}" for i in range(15_000)]})
    assert "about 2.81 * 10^4515 outcomes\n" == attend("outcomes", "-", "--count", stdin=silent).out
    found = json.loads(attend("outcomes", "-", "--count", "--json", stdin=silent).out)
    assert {"count": 2**15_000, "outcomes": []} == found
    thirty = json.dumps({"participants": [f"p{i}" for i in range(30)]})
    assert "1,073,741,824 outcomes\n" == attend("outcomes", "-", "--count", stdin=thirty).out


CALM = """
participants: {ann: }
statements: [ann attends]
scenarios: {away: {assume: {ann: no}}}
"""


def test_scenarios_in_which_all_is_known(attend: Attend, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CALM)
    told = attend("resolve", str(file), "--scenarios")
    assert (0, "", False) == (told.status, told.err, "?" in told.out)


def test_compare(attend: Attend) -> None:
    expected = """\
Istanbul talks, 15 May 2025: as it stands -> putin-comes

Vladimir Putin (putin), Direct talks in Istanbul: absent -> attends
  1. Vladimir Putin attends: so it is assumed.

Volodymyr Zelensky (zelensky), Direct talks in Istanbul: absent -> attends
  1. Vladimir Putin attends: so it is assumed.
  2. Volodymyr Zelensky attends: “zelensky attends only if putin” (14 May 2025, video address), and \
Vladimir Putin attends.

Direct talks in Istanbul: not held, 2 attend -> held, 4 attend
"""
    assert Ended(0, expected, "") == attend("compare", SEED, "", "putin-comes")
    same = "Istanbul talks, 15 May 2025: no-list -> no-list\nNothing differs.\n"
    assert same == attend("compare", SEED, "no-list", "no-list").out


def test_compare_counts_the_same_people_in_both(attend: Attend) -> None:
    """Whom one scenario names, or the command line, is counted in the other as well."""
    case = "participants: {a: , b: , c: }\ngatherings: {x: , y: }\nscenarios: {s: {add: [a at y attends]}}"
    told = attend("compare", "-", "s", "", "--add", "b at y declines", stdin=case).out
    assert "a, y: attends -> undetermined (unstated)" in told.splitlines()
    assert "b, y" not in told
    assert "not counted" not in told


def test_show(attend: Attend, small: str) -> None:
    case = """\
title: All of it
timezone: Europe/Istanbul
gatherings:
  talks: {name: Talks, start: 2025-05-15T10:00, place: A palace, held_if: ann and bob}
  lunch: {invited: [ann]}
participants: {ann: {name: Ann, of: north, tags: [chief]}, bob: }
groups: {both: {name: The two, members: [north, bob]}}
facts: {rain: {name: It rains, value: no}}
rules: [{id: seats, rule: at most 1 of everyone, at: lunch}]
statements:
  - {id: late, who: ann, says: declines, said: 2025-05-14T10:00, by: the press}
  - {id: early, who: bob, says: attends, said: 2025-05-12, source: radio}
  - {id: later, who: bob, says: declines, said: 2025-05-13}
  - bob might attend
scenarios:
  letter: {reading: literal, founded: yes, believe: [radio], disbelieve: []}
"""
    expected = """\
All of it

Gatherings
talks  Talks, 15 May 2025 10:00, A palace; held if ann and bob
lunch  lunch; invited: ann

Participants
ann  Ann  north, chief
bob

Groups
north           ann
chief           ann
both   The two  ann, bob

Facts
rain  It rains  no

Rules
seats  at most 1 of everyone (at lunch)

Statements, times of Europe/Istanbul
bob.3                    bob might attend
early  2025-05-12        bob attends                    radio
later  2025-05-13        bob declines                          not yet said
late   2025-05-14 10:00  ann declines (says the press)         not yet said

Scenarios
letter    believed only: radio; to the letter; nobody comes on a circle of promises alone
"""
    assert Ended(0, expected, "") == attend("show", "-", "--as-of", "2025-05-12", stdin=case)
    later = [line.split()[-1] for line in attend("show", "-", stdin=case).out.split("\n") if line.startswith("early")]
    assert ["superseded"] == later


@pytest.mark.parametrize("format", ["yaml", "json", "toml"])
def test_show_converts(attend: Attend, format: str) -> None:
    ended = attend("show", SEED, "--to", format)
    assert Ended(0, at.dumps(at.load(SEED), format=format), "") == ended  # type: ignore[arg-type]
    assert at.load(SEED) == at.loads(ended.out, format=format)  # type: ignore[arg-type]


def test_schema(attend: Attend) -> None:
    ended = attend("schema")
    assert (0, "") == (ended.status, ended.err)
    assert at.schema() == json.loads(ended.out)


# --- JSON -----------------------------------------------------------------------------------------


def test_json_is_the_answer(attend: Attend) -> None:
    case = at.load(SEED)
    for arguments, answer in (
        (["resolve", SEED], at.resolve(case)),
        (["resolve", SEED, "--scenario", "zelensky-seen"], at.resolve(case, scenario="zelensky-seen")),
        (["why", SEED, "zelensky"], at.why(case, "zelensky")),
        (["why", SEED, "trump", "--as-of", "2025-05-13"], at.why(case, "trump", as_of="2025-05-13")),
        (["compare", SEED, "", "no-list"], at.compare(case, "", "no-list")),
        (["check", SEED], at.check(case)),
    ):
        ended = attend(*arguments, "--json")
        assert (0, "") == (ended.status, ended.err)
        assert answer.to_dict() == json.loads(ended.out)
    listed = json.loads(attend("outcomes", SEED, "--scenario", "mutual-loop", "--json").out)
    outcomes = [o.to_dict() for o in at.outcomes(case, scenario="mutual-loop")]
    assert {"count": 2, "outcomes": outcomes} == listed
    table = json.loads(attend("resolve", SEED, "--scenarios", "--json").out)
    names = ["", *(s.id for s in case.scenarios)]
    assert {n: at.resolve(case, scenario=n).to_dict() for n in names} == table


def test_the_shape_of_resolve(attend: Attend) -> None:
    found = json.loads(attend("resolve", SEED, "--assume", "putin=yes", "--as-of", "2025-05-13", "--json").out)
    expected = {
        "case": "Istanbul talks, 15 May 2025",
        "scenario": "",
        "consistent": True,
        "verdicts": {
            "talks": {
                "putin": "attends",
                "zelensky": "attends",
                "trump": "undetermined",
                "medinsky": "undetermined",
                "rubio": "undetermined",
            },
            "ankara": {"zelensky": "undetermined", "erdogan": "undetermined"},
        },
        "causes": {
            "talks": {
                "trump": {"cause": "open", "on": []},
                "medinsky": {"cause": "unstated", "on": []},
                "rubio": {"cause": "unstated", "on": []},
            },
            "ankara": {
                "zelensky": {"cause": "unstated", "on": []},
                "erdogan": {"cause": "unstated", "on": []},
            },
        },
        "gatherings": {
            "talks": {"held": "held", "turnout": [2, 5]},
            "ankara": {"held": "undetermined", "turnout": [0, 2]},
        },
        "facts": {},
        "conflicts": [],
        "warnings": [],
    }
    assert expected == found
    assert list(expected) == list(found)


def test_what_is_asked_of_istanbul_first_of_all(attend: Attend) -> None:
    verdicts = json.loads(attend("resolve", SEED, "--json").out)["verdicts"]
    assert {"putin": "absent", "zelensky": "absent", "trump": "absent"}.items() <= verdicts["talks"].items()
    assert {"medinsky": "attends", "rubio": "attends"}.items() <= verdicts["talks"].items()
    assert {"zelensky": "attends", "erdogan": "attends"} == verdicts["ankara"]
    supposed = json.loads(attend("resolve", SEED, "--assume", "putin=yes", "--json").out)["verdicts"]["talks"]
    assert ("attends", "absent") == (supposed["zelensky"], supposed["trump"])
    tuesday = attend("resolve", SEED, "--as-of", "2025-05-13", "--assume", "putin=yes", "--json").out
    assert "undetermined" == json.loads(tuesday)["verdicts"]["talks"]["trump"]
    assert "open" == json.loads(tuesday)["causes"]["talks"]["trump"]["cause"]


# --- the options of every question ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--scenario", "wet"], {"scenario": "wet"}),
        (["--scenario", ""], {}),
        (["--assume", "bob=yes", "--assume", "rain = no"], {"assume": {"bob": True, "rain": False}}),
        (["--assume", "bob at meeting=NO"], {"assume": {"bob at meeting": False}}),
        (["--given", "bob", "--given", "at most 2 of everyone"], {"given": ["bob", "at most 2 of everyone"]}),
        (["--add", "cem attends", "--add", "ann declines"], {"add": ["cem attends", "ann declines"]}),
        (["--withdraw", "a1", "--withdraw", "b1"], {"withdraw": ["a1", "b1"]}),
        (["--as-of", "2025-05-12"], {"as_of": "2025-05-12"}),
        (["--as-of", "2025-05-12T23:59"], {"as_of": "2025-05-12T23:59"}),
        (["--believe", "radio"], {"believe": ["radio"]}),
        (["--disbelieve", "radio", "--disbelieve", "letter"], {"disbelieve": ["radio", "letter"]}),
        (["--literal"], {"reading": "literal"}),
        (["--founded", "--add", "bob attends only if ann"], {"founded": True, "add": ["bob attends only if ann"]}),
        (["--engine", "enumeration"], {"engine": "enumeration"}),
        (["--time-limit", "20"], {"time_limit": 20}),
    ],
)
def test_options_are_the_parts_of_a_scenario(
    attend: Attend, small: str, options: list[str], parts: dict[str, Any]
) -> None:
    case = at.load(small)
    for command, answer in (
        (["resolve", small], at.resolve(case, **parts)),
        (["why", small, "ann"], at.why(case, "ann", **parts)),
    ):
        assert answer.to_dict() == json.loads(attend(*command, *options, "--json").out)
    if "scenario" not in parts and "--scenario" not in options:
        found = json.loads(attend("compare", small, "", "wet", *options, "--json").out)
        assert at.compare(case, "", "wet", **parts).to_dict() == found
    number = at.count(case, **parts)
    assert number == json.loads(attend("outcomes", small, "--count", *options, "--json").out)["count"]


# --- check ----------------------------------------------------------------------------------------


def test_check_of_a_folder_and_of_files(attend: Attend, small: str, tmp_path: Path) -> None:
    ended = attend("check", str(SEEDS))
    assert (0, "") == (ended.status, ended.err)
    files = sorted(SEEDS.glob("*.yaml"))
    assert [f"{f}: {n} of {n} expected answers came" for f, n in ((f, len(at.load(f).expect)) for f in files)] == [
        line for line in ended.out.splitlines() if not line.startswith("  ")
    ]
    both = attend("check", small, SEED)
    warned = "  warning: nobody speaks of cem, and nothing hangs on their coming: speak of them, or leave them out\n"
    assert f"{small}: 2 of 2 expected answers came\n{warned}{SEED}: 90 of 90 expected answers came\n" == both.out
    listed = json.loads(attend("check", small, SEED, "--json").out)
    expected = [{"file": f, **at.check(at.load(f)).to_dict()} for f in (small, SEED)]
    (tmp_path / "below").mkdir()  # is not looked into
    (tmp_path / "below" / "broken.yaml").write_text("titel: x")
    assert expected == listed
    assert expected[:1] == json.loads(attend("check", str(tmp_path), "--json").out)
    assert Ended(0, f"-: 2 of 2 expected answers came\n{warned}", "") == attend("check", "-", stdin=SMALL)


def test_check_of_an_answer_that_does_not_come(attend: Attend, tmp_path: Path) -> None:
    file = tmp_path / "torn.yaml"
    file.write_text(
        """\
participants: {ann: , bob: , Bob2: }
facts: {ann2: }
statements: [ann attends, ann attends only if bob]
scenarios: {s: {given: [never]}, t: {assume: {bob: no}}}
expect:
  "": {ann: attends, bob: undetermined, meeting: not held}
  s: {ann: absent}
  t: {ann: undetermined (open)}
""",
        encoding="utf-8",
    )
    expected = f"""\
{file}: 1 of 5 expected answers came
  bob: expected undetermined, found attends
  meeting: expected not held, found held
  ann in s: expected absent, found no outcome can meet this, whatever statements are set aside (given: never)
  ann in t: expected undetermined (open), found undetermined (conflict)
  warning: nobody speaks of Bob2, and nothing hangs on their coming: speak of them, or leave them out
  warning: nothing reads the fact ann2: use it in a condition, or leave it out
  warning: the statements about ann at meeting (ann.1, ann.2) ask for two things at once in some states
"""
    assert Ended(1, expected, "") == attend("check", str(file))
    found = attend("check", str(file), "--json")
    assert (1, 4) == (found.status, len(json.loads(found.out)["failures"]))
    good = attend("check", SEED, str(file))
    assert 1 == good.status
    assert good.out.startswith(f"{SEED}: 90 of 90 expected answers came\n{file}: 1 of 5")


def test_check_of_broken_files_tells_all_problems_of_all_of_them(attend: Attend, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("statements: [ann atends, bob attends only if]\nparticipants: {ann: , bob: }")
    (tmp_path / "two.json").write_text('{"participants": ["ann"], "titel": "x"}')
    (tmp_path / "three.toml").write_text("participants = [")
    (tmp_path / "good.yaml").write_text(SMALL)
    (tmp_path / "notes.txt").write_text("no case file")
    ended = attend("check", str(tmp_path), str(tmp_path / "none.yaml"))
    refused(ended, "did you mean attends", "unknown key 'titel'", "cannot read", "one.yaml:1:18", "three.toml:1:")
    assert 2 == ended.err.count("/one.yaml:")
    refused(
        attend("check", SEED, str(tmp_path / "two.json")), "two.json:1:27: unknown key 'titel'\n    did you mean title?"
    )


def test_check_of_a_folder_without_case_files(attend: Attend, tmp_path: Path) -> None:
    message = f"attendance: {tmp_path}: there is no case file in this folder\n"
    refused(attend("check", str(tmp_path)), message)
    refused(attend("check", str(tmp_path), SEED, "none.yaml"), f"{message}cannot read none.yaml")


def test_check_of_a_folder_passes_over_no_link_and_no_closed_folder(
    attend: Attend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.yaml").write_text(SMALL)
    (tmp_path / "gone.yaml").symlink_to("nowhere.yaml")
    refused(attend("check", str(tmp_path)), f"cannot read {tmp_path / 'gone.yaml'}: No such file or directory")
    (tmp_path / "gone.yaml").unlink()
    (tmp_path / "linked.yaml").symlink_to("good.yaml")
    assert 2 == attend("check", str(tmp_path)).out.count("2 of 2 expected answers came")

    def closed(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", closed)
    refused(attend("check", str(tmp_path), "none.yaml"), f"cannot read {tmp_path}: Permission denied\n", "none.yaml")


def test_check_writes_a_hostile_name_of_a_file_so_that_it_does_nothing(attend: Attend, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.yaml").write_text(SMALL)
    told = attend("check", str(tmp_path)).out
    assert "\x1b" not in told
    assert "[31m.yaml: 2 of 2 expected answers came" in told
    empty = tmp_path / "b\x1b[31m"
    empty.mkdir()
    assert "\x1b" not in attend("check", str(empty)).err


def test_check_with_engines_and_limits(attend: Attend) -> None:
    assert 0 == attend("check", SEED, "--engine", "clingo", "--time-limit", "60").status
    refused(attend("check", SEED, "--engine", "clngo"), "unknown engine 'clngo'\n    did you mean clingo?")
    refused(attend("check", SEED, "--engine", "propagation"), "the engine 'propagation' cannot answer this")
    refused(
        attend("check", SEED, "--time-limit", "0"),
        "a time limit is a number of seconds above 0, not 0.0",
    )


# --- standard input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["resolve", "-"], ["why", "-", "ann"], ["outcomes", "-"], ["compare", "-", "", "wet"]]
)
def test_a_case_from_standard_input(attend: Attend, command: list[str]) -> None:
    as_json = at.dumps(at.loads(SMALL), format="json")
    printed = {attend(*command, stdin=text).out for text in (SMALL, as_json, f"\ufeff\n {as_json}", f"\ufeff{SMALL}")}
    assert 1 == len(printed)
    assert attend("show", "-", stdin=SMALL) == attend("show", "-", stdin=as_json)


def test_bad_standard_input(attend: Attend, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(attend("resolve", "-", stdin="statements: [ann atends]"), "attendance: <stdin>:1:18: expected what is said")
    refused(attend("resolve", "-", stdin=b"title: \xff"), "<stdin>:1:8: the byte 0xFF is no UTF-8")
    refused(attend("resolve", "-", stdin='{"title": 1,}'), "<stdin>:1:")
    assert 0 == attend("resolve", "-", stdin="").status, "an empty case is a case"
    done = subprocess.run(
        [sys.executable, "-m", "attendance", "resolve", "-"], capture_output=True, preexec_fn=close_input
    )
    assert (2, b"") == (done.returncode, done.stdout)
    assert b"attendance: standard input is closed: name a file instead of -\n" == done.stderr


def close_input() -> None:
    os.close(0)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["resolve", SEED, "--assume", "putin=maybe"], "expected true, false, yes or no, not 'maybe'"),
        (["resolve", SEED, "--assume", "putin"], "--assume putin: say what is assumed, as in --assume putin=yes"),
        (["resolve", SEED, "--assume", "=yes"], "--assume =yes: say what is assumed"),
        (
            ["resolve", SEED, "--assume", "putin=yes", "--assume", "putin=no"],
            "--assume putin is given twice, and differs",
        ),
        (["resolve", SEED, "--assume", "putn=yes"], "unknown participant or fact 'putn'\n    did you mean putin?"),
        (["resolve", SEED, "--assume", "putin at ankra=yes"], "unknown gathering 'ankra'\n    did you mean ankara?"),
        (["resolve", SEED, "--given", "exactly 1 off everyone"], "    exactly 1 off everyone\n              ^^^\n"),
        (["resolve", SEED, "--given", "putn"], "unknown name 'putn'"),
        (
            ["resolve", SEED, "--given", "never"],
            "no outcome can meet this, whatever statements are set aside (given: never)",
        ),
        (["resolve", SEED, "--given", "a\x1b[31m"], "the character U+001B is not allowed"),
        (["resolve", SEED, "--as-of", "yesterday"], "expected a date like 2025-05-14"),
        (["resolve", SEED, "--as-of", "2025-13-40"], "there is no such date or time as 2025-13-40"),
        (["resolve", SEED, "--believe", "Kremln"], "no statement has the source 'Kremln'"),
        (["resolve", SEED, "--disbelieve", "Kremln"], "no statement has the source 'Kremln'"),
        (["resolve", SEED, "--withdraw", "lst"], "unknown statement 'lst'\n    did you mean list?"),
        (["resolve", SEED, "--add", "putn attends"], "unknown participant 'putn'"),
        (["resolve", SEED, "--add", "putin atends"], "did you mean attends"),
        (["resolve", SEED, "--engine", "clngo"], "unknown engine 'clngo'\n    did you mean clingo?"),
        (["resolve", SEED, "--engine", "propagation", "--scenario", "mutual-loop"], "'propagation' cannot answer this"),
        (
            ["resolve", SEED, "--time-limit", "-1"],
            "a time limit is a number of seconds above 0, not -1.0",
        ),
        (
            ["resolve", SEED, "--time-limit", "nan"],
            "a time limit is a number of seconds above 0, not nan",
        ),
        (["resolve", SEED, "--time-limit", "x"], "'x' is not a valid float"),
        (["resolve", SEED, "--scenario", "putin-come"], "did you mean putin-comes"),
        (
            ["resolve", SEED, "--scenarios", "--scenario", "no-list"],
            "--scenarios shows all of them: leave --scenario out",
        ),
        (["resolve", SEED, "--nonsense"], "No such option '--nonsense'"),
        (["resolve"], "Missing argument 'FILE'"),
        (["resolve", "none.yaml"], "attendance: cannot read none.yaml: No such file or directory"),
        (["resolve", str(SEEDS)], "a case file is YAML, JSON or TOML, by its suffix"),
        (["resolve", __file__], "a case file is YAML, JSON or TOML, by its suffix\n    name it .yaml, .json or .toml"),
        (["why", SEED, "putn"], "unknown participant 'putn'\n    did you mean putin?"),
        (["why", SEED, "russia"], "russia is a group, not a participant"),
        (["why", SEED], "Missing argument 'WHO'"),
        (["outcomes", SEED, "--limit", "-1"], "-1 is not in the range x>=0"),
        (["outcomes", SEED, "--order", "up"], "'up' is not one of 'fewest', 'most'"),
        (["compare", SEED, "", "putin-come"], "did you mean putin-comes"),
        (["compare", SEED, ""], "Missing argument 'AFTER'"),
        (["compare", SEED, "", "no-list", "--scenario", "no-list"], "compare takes two scenarios as arguments"),
        (["check"], "Missing argument 'FILE...'"),
        (
            ["check", "none.yaml", "neither.yaml"],
            "cannot read none.yaml: No such file or directory\ncannot read neither.yaml",
        ),
        (["show", SEED, "--to", "xml"], "'xml' is not one of 'yaml', 'json', 'toml'"),
        (["show", SEED, "--as-of", "never"], "expected a date like 2025-05-14"),
        (["schema", "x"], "Got unexpected extra argument (x)"),
        (["resolv", SEED], "No such command 'resolv'. Did you mean 'resolve'?"),
        ([], "Usage: attendance [OPTIONS] COMMAND [ARGS]..."),
    ],
)
def test_bad_input_is_refused_with_its_reason(attend: Attend, arguments: list[str], message: str) -> None:
    refused(attend(*arguments), message)
    refused(attend(*arguments, *(["--json"] if arguments[:1] and arguments[0] not in ("show", "schema") else [])))


def test_too_little_time(attend: Attend, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any, **__: Any) -> None:
        raise at.ResolutionTimeout("no answer within 1 s: allow more time, or ask for less", {})

    monkeypatch.setattr("attendance.questions.asking.solve", late)
    refused(attend("resolve", SEED, "--time-limit", "1"), "attendance: no answer within 1 s: allow more time")


# --- help -----------------------------------------------------------------------------------------


def command_of(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(attend: Attend, command: str) -> None:
    shown = attend(command, "--help")
    assert (0, "") == (shown.status, shown.err)
    assert shown.out == attend(command, "-h").out
    assert f"Example: attendance {command} " in " ".join(shown.out.split())
    assert all(option.help for option in command_of(command).params if option.param_type_name == "option")


def test_every_example_in_help_runs(attend: Attend, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(SEEDS, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for name in sorted(COMMANDS, key=lambda name: name == "journal"):  # of the journal that `live` makes
        [example] = re.findall(r"Example: attendance (.*)", command_of(name).help or "")
        arguments = [a.strip("'") for a in example.partition(" > ")[0].split()]
        assert name == arguments[0]
        assert 0 == attend(*arguments).status, example


def test_the_first_help(attend: Attend) -> None:
    shown = attend("--help").out
    assert "Example: attendance resolve seeds/istanbul-2025.yaml" in shown
    assert "..." not in shown.replace("[ARGS]...", ""), "a summary is cut short"
    assert list(COMMANDS) == sorted(COMMANDS) == re.findall(r"^  (\w+) +[A-Z]", shown, re.M)
    assert COMMANDS == {name: (command_of(name).help or "").split("\n\n")[0] for name in COMMANDS}
    assert f"{at.__version__}\n" == attend("--version").out


# --- as a program ---------------------------------------------------------------------------------


def program(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command line as a program of its own."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **options.pop("env", {})}
    command = [sys.executable, "-m", "attendance", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=env, timeout=60, **options)


def test_the_program(attend: Attend) -> None:
    done = program("resolve", SEED)
    assert (0, attend("resolve", SEED).out, "") == (done.returncode, done.stdout, done.stderr)
    done = program("resolve", "-", input="statements: [ann atends]")
    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("attendance: <stdin>:1:18: expected what is said")
    done = program("check", "-", input=SMALL.replace("ann: absent", "ann: attends"))
    assert (1, "") == (done.returncode, done.stderr)


def shell(line: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A line of the shell, in which `$attendance` is the program."""
    variables = {**os.environ, "attendance": f"{sys.executable} -m attendance", "SEED": SEED, **env}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=variables, timeout=60)


@pytest.mark.parametrize(
    "command", ["resolve $SEED", "resolve $SEED --json", "show $SEED --to json", "schema", "check $SEED"]
)
def test_a_broken_pipe_ends_quietly(command: str) -> None:
    done = shell(f"$attendance {command} | head -0; echo ${{PIPESTATUS[0]}}")
    assert ("0\n", "") == (done.stdout, done.stderr)


def test_an_output_that_cannot_be_written() -> None:
    full = shell("$attendance resolve $SEED > /dev/full; echo $?")
    assert ("2\n", "attendance: standard output: No space left on device\n") == (full.stdout, full.stderr)
    closed = shell("$attendance resolve $SEED >&-; echo $?")
    assert ("0\n", "") == (closed.stdout, closed.stderr)


def test_an_output_that_knows_no_unicode() -> None:
    done = program("why", SEED, "zelensky", env={"PYTHONIOENCODING": "ascii"})
    assert (0, "") == (done.returncode, done.stderr)
    assert "\\u201cputin declines\\u201d" in done.stdout
    done = program("why", SEED, "zelensky", "--json", env={"PYTHONIOENCODING": "ascii"})
    assert at.why(at.load(SEED), "zelensky").to_dict() == json.loads(done.stdout)


def test_an_interrupt_ends_quietly() -> None:
    code = "import sys, attendance.faces.cli as c; print('ready', flush=True); c.main(['resolve', '-'])"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"ready\n" == process.stdout.readline()
        sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert 130 == process.wait(30)
        assert (b"", b"") == (process.stdout.read(), process.stderr.read().strip())


# --- on a terminal --------------------------------------------------------------------------------


def on_terminal(*arguments: str, columns: int = 100, prelude: str = "", **env: str) -> str:
    """What the program writes to a terminal."""
    leader, follower = pty.openpty()
    quiet = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLORTERM")}
    code = f"{prelude}\nfrom attendance.faces.cli import main\nmain()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        env={**quiet, "TERM": "xterm-256color", "COLUMNS": str(columns), "PYTHONIOENCODING": "utf-8", **env},
    ) as process:
        os.close(follower)
        written = b"".join(chunks(leader))
        assert 0 == process.wait(30)
    os.close(leader)
    return written.decode().replace("\r\n", "\n")


def chunks(leader: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # the other end is closed
            return
        if not chunk:
            return
        yield chunk


def uncoloured(text: str) -> str:
    return "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n"))


RED, GREEN, YELLOW = "\x1b[31m", "\x1b[32m", "\x1b[33m"


def test_colours_on_a_terminal(attend: Attend) -> None:
    written = on_terminal("resolve", SEED, "--scenarios")
    assert f"{RED}absent" in written
    assert f"{GREEN}attends" in written
    assert f"{YELLOW}? open" in written
    wide = on_terminal("resolve", SEED, columns=200)
    assert attend("resolve", SEED).out == uncoloured(wide)
    assert f"{RED}absent " in wide
    assert f"{RED}declines" not in wide
    assert f"{GREEN}attends only" not in wide


def test_no_colours_where_none_are_wanted(attend: Attend) -> None:
    plain = attend("resolve", SEED).out
    assert "\x1b" not in plain
    bold = on_terminal("resolve", SEED, columns=200, NO_COLOR="1")
    assert not re.search(r"\x1b\[3[0-9]", bold)
    assert plain == uncoloured(bold)
    assert plain == on_terminal("resolve", SEED, TERM="dumb")
    assert plain == on_terminal("resolve", SEED, prelude="import sys; sys.modules['rich.console'] = None")


def test_a_table_that_is_too_wide_is_folded() -> None:
    lines = uncoloured(on_terminal("resolve", SEED, "--scenarios", columns=60)).split("\n")
    assert 60 >= max(map(len, lines))
    assert ["scenario         putin           zelensky   trump"] == [
        line for line in lines if "zelensky   trump" in line
    ]
    assert ["scenario         medinsky    rubio       held"] == [line for line in lines if "medinsky" in line]
    assert 3 == sum(line.startswith("mutual-loop") for line in lines)
    assert "…" not in "".join(lines)


def test_long_lines_are_indented_where_they_go_on() -> None:
    lines = uncoloured(on_terminal("why", SEED, "zelensky", columns=60)).split("\n")
    expected = [
        "Volodymyr Zelensky is absent.",
        "1. Vladimir Putin is absent: “putin declines” (14 May 2025,",
        "   Kremlin statement).",
        "2. Volodymyr Zelensky is absent: “zelensky attends only if",
        "   putin” (14 May 2025, video address), and Vladimir Putin",
        "   is absent.",
        "",
    ]
    assert expected == lines
    compared = uncoloured(on_terminal("compare", SEED, "", "putin-comes", columns=60))
    assert "\n  2. Volodymyr Zelensky attends: “zelensky attends only if\n     putin” (14 May" in compared


def test_what_was_said_is_wrapped_before_names_are() -> None:
    shown = uncoloured(on_terminal("resolve", SEED, columns=70))
    assert "Volodymyr Zelensky (zelensky)  absent   attends only if putin; waits\n" in shown
    assert f"\n{' ' * 40}for russia\n" in shown


HOSTILE = {
    "a": "[bold]Bold[/] [link=http://example.org]link[/link] [/]",
    "b": "very " * 30 + "long",
    "c": "習近平 주석 金正恩",
    "d": "محمد بن سلمان שלום",
    "e": ":smile: {x} %s \\n `ls` $(ls) <b>&amp;",
}


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    file = tmp_path / "hostile.json"
    content = {
        "title": "[red]Title[/red]",
        "participants": {key: {"name": name} for key, name in HOSTILE.items()},
        "facts": {"f": {"name": "[blink]fact[/]", "value": True}},
        "statements": [
            {"who": "a", "says": "attends only if b and f", "source": "[reverse]source[/]"},
            "b attends",
            "c attends only if d",
        ],
    }
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


def test_hostile_names_are_printed_as_they_are(attend: Attend, hostile: str) -> None:
    everywhere = [
        attend("resolve", hostile).out,
        uncoloured(on_terminal("resolve", hostile, columns=400)),
        attend("show", hostile).out,
        uncoloured(on_terminal("show", hostile, columns=400)),
    ]
    for text in everywhere:
        assert "[red]Title[/red]\n" in text
        assert "[blink]fact[/]" in text
        for key, name in HOSTILE.items():
            assert re.search(rf"(^|\s){re.escape(name)}(\s|$)", text, re.M), key
    for text in (attend("why", hostile, "a").out, uncoloured(on_terminal("why", hostile, "a", columns=800))):
        assert text.startswith(f"{HOSTILE['a']} attends.\n")
        assert "([reverse]source[/])" in text
        assert "“[blink]fact[/]” holds: that is known." in text


def test_hostile_names_are_whole_on_a_narrow_terminal(hostile: str) -> None:
    written = uncoloured(on_terminal("resolve", hostile, columns=40))
    assert "…" not in written
    for name in HOSTILE.values():
        for word in name.split():
            first = word[:6]
            assert first in written, name


def test_wide_letters_are_counted_as_wide(attend: Attend, hostile: str) -> None:
    from attendance.faces.screen import width

    lines = attend("resolve", hostile).out.split("\n")[3:8]
    starts = {width(re.match(r".*\([a-e]\)\s+", line)[0]) for line in lines}  # type: ignore[index]
    assert 1 == len(starts)
    assert [4, 1, 0, 2, 6] == [width(text) for text in ("習近", "é", "\u200b", "e\u0301o", "a習b한")]


def test_names_of_several_lines_stay_in_theirs(attend: Attend) -> None:
    case = json.dumps({"participants": {"a": {"name": "one\ntwo\tthree"}}, "statements": ["a attends"]})
    assert "one two three (a)  attends  attends\n" in attend("resolve", "-", stdin=case).out
    assert "one two three attends.\n1. one two three attends: “a attends”.\n" == attend("why", "-", "a", stdin=case).out
