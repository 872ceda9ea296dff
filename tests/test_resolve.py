"""The resolution as a value: how it is asked for, what is in it, and that nothing but the case decides it."""

import json
import os
import pickle
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import attendance as at
from attendance.questions.resolve import Conflict

SEED = Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml"
THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or (20_000 if THOROUGH else 150))
many = settings(
    max_examples=EXAMPLES, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def istanbul() -> at.Case:
    return at.load(SEED)


def causes(found: at.Resolution) -> dict[str, tuple[str, list[str]]]:
    """Every cause with the names it hangs on, by participant."""
    return {
        a.participant: (str(c.cause), [n.participant if isinstance(n, at.Attendance) else n for n in c.on])
        for a, c in found.causes.items()
    }


# --- looking up -----------------------------------------------------------------------------------


def test_a_verdict_by_every_kind_of_key(istanbul: at.Case) -> None:
    found = at.resolve(istanbul)
    assert at.Verdict.ABSENT is found["zelensky"]
    for key in (("zelensky", "ankara"), at.Attendance("zelensky", "ankara"), "zelensky at ankara"):
        assert at.Verdict.ATTENDS is found[key]
    assert at.Verdict.ATTENDS is found["erdogan"], "counted at one gathering alone"
    assert "absent" == found["zelensky", "talks"]
    assert found["putin"] is found.verdicts[found.attendance("putin")]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("putn", "unknown participant 'putn'\n    did you mean putin?"),
        (("putn", "talks"), "putn at talks is not counted\n    did you mean putin?"),
        (("putin", "ankara"), "putin at ankara is not counted\n    putin is counted at talks"),
        (at.Attendance("putin", "ankara"), "putin at ankara is not counted\n    putin is counted at talks"),
        ("russia", "unknown participant 'russia'\n    known are: putin, zelensky, trump, medinsky, rubio, erdogan"),
    ],
)
def test_unknown_names_are_refused(istanbul: at.Case, key: Any, message: str) -> None:
    found = at.resolve(istanbul)
    with pytest.raises(at.UnknownName) as error:
        found[key]
    assert message == str(error.value)
    assert isinstance(error.value, KeyError)
    assert isinstance(error.value, ValueError)


def test_a_name_at_several_gatherings_but_the_main_one() -> None:
    case = at.Case(
        gatherings=["opening", "talks", "dinner"],
        participants=["a", "b"],
        statements=["a at talks attends", "a at dinner declines"],
    )
    found = at.resolve(case)
    with pytest.raises(at.UnknownName, match="'a' is counted at several gatherings\n    name one of talks, dinner too"):
        found["a"]
    assert ["absent", "undetermined"] == [found["a", "dinner"], found["b"]]


# --- causes ---------------------------------------------------------------------------------------


def test_every_cause() -> None:
    case = at.case(
        """
        clashing attends
        clashing declines
        open might attend if always
        one attends only if other
        other attends only if one
        weather attends unless rain
        follower attends only if weather and (open or rain) and silent
        """,
        facts=["rain"],
    )
    expected = {
        "clashing": ("conflict", []),
        "open": ("open", []),
        "one": ("coordination", ["one", "other"]),
        "other": ("coordination", ["one", "other"]),
        "weather": ("fact", ["rain"]),
        "follower": ("depends", ["open", "weather", "silent", "rain"]),
        "silent": ("unstated", []),
    }
    found = at.resolve(case)
    assert expected == causes(found)
    assert ["conflict"] == [str(c) for a, c in found.causes.items() if a.participant == "clashing"]
    assert {"rain": None} == dict(found.facts)


def test_the_first_cause_that_fits_is_told() -> None:
    """Open before coordination; a waiting alone is no statement about coming."""
    found = at.resolve(at.case("a might attend only if b\nb might attend only if a\nc waits for a"))
    assert {"a": ("open", []), "b": ("open", []), "c": ("unstated", [])} == causes(found)


def test_the_undetermined_alone_are_named() -> None:
    found = at.resolve(at.case("a attends only if b and c and f\nc attends", facts={"f": True, "g": None}))
    assert ("depends", ["b"]) == causes(found)["a"]


def test_who_is_at_another_gathering_is_named_with_it() -> None:
    case = at.Case(
        gatherings=["talks", "dinner"], participants=["a", "b"], statements=["a attends only if b at dinner"]
    )
    found = at.resolve(case)
    assert (at.Attendance("b", "dinner"),) == found.causes[at.Attendance("a", "talks")].on
    assert {"cause": "depends", "on": ["b at dinner"]} == found.to_dict()["causes"]["talks"]["a"]


# --- gatherings -----------------------------------------------------------------------------------


def test_held_and_turnout() -> None:
    case = at.Case(
        gatherings=[
            {"id": "talks", "held_if": "a and b"},
            {"id": "lunch", "held_if": "at least 2 of everyone"},
            {"id": "dinner"},
            {"id": "empty"},
        ],
        participants=["a", "b", "c"],
        statements=["a attends", "c attends if b", "a at lunch attends", "b at lunch attends", "c at dinner declines"],
    )
    expected = {
        "talks": ("undetermined", (1, 3), "undetermined, 1 to 3 attend"),
        "lunch": ("held", (2, 2), "held, 2 attend"),
        "dinner": ("not held", (0, 0), "not held, nobody attends"),
        "empty": ("not held", (0, 0), "not held, nobody attends"),
    }
    found = at.resolve(case).gatherings
    assert expected == {g: (r.held, r.turnout, str(r)) for g, r in found.items()}
    assert "held, 1 attends" == str(at.resolve(at.case("a attends")).gatherings["meeting"])


def test_facts(istanbul: at.Case) -> None:
    found = at.resolve(at.case("a attends if f or g", facts={"f": None, "g": False}), given=["a"])
    assert {"f": True, "g": False} == dict(found.facts)
    assert {} == dict(at.resolve(istanbul).facts)


# --- conflicts ------------------------------------------------------------------------------------


def test_conflicts_are_told_for_each_connected_part() -> None:
    text = """
        a attends
        a declines
        b attends only if c
        b attends
        c declines
        d attends only if a
        e attends
    """
    found = at.resolve(at.case(text))
    expected = (
        Conflict(("a",), (("a.1", "a.2"),), True, (("a.1",), ("a.2",))),
        Conflict(("b", "c"), (("b.1", "b.2", "c.1"),), True, (("b.1",), ("b.2",), ("c.1",))),
    )
    assert not found.consistent
    assert expected == found.conflicts
    whole = [(a, b) for a in ("a.1", "a.2") for b in ("b.1", "b.2", "c.1")]
    assert whole == list(found.repairs)
    told = {a.participant: str(v) for a, v in found.verdicts.items()}
    undetermined = dict.fromkeys("abcd", "undetermined")
    assert undetermined | {"e": "attends"} == told
    assert ("depends", ["a"]) == causes(found)["d"]
    assert 0 == at.count(at.case(text))


def test_rules_clash_too() -> None:
    found = at.resolve(at.case("a attends\nb attends", rules=["not (a and b)"]))
    assert (
        Conflict(("a", "b"), (("a.1", "b.1", "rule.1"),), True, (("a.1",), ("b.1",), ("rule.1",))),
    ) == found.conflicts
    alone = at.resolve(at.case("a attends", rules=["never"]))
    assert (Conflict((), (("rule.1",),), True, (("rule.1",),)),) == alone.conflicts
    assert "attends" == alone["a"]


def test_what_is_said_of_several_is_set_aside_whole() -> None:
    found = at.resolve(at.case("a sends b, c\nb declines\na declines"))
    assert (("a.1", "b.1"),) == found.conflicts[0].clashes
    assert ("a", "b", "c") == found.conflicts[0].participants


def test_a_consistent_case_needs_no_repair(istanbul: at.Case) -> None:
    found = at.resolve(istanbul)
    assert found.consistent
    assert () == found.conflicts
    assert [()] == list(found.repairs)


def test_so_many_clashes_that_not_all_are_listed() -> None:
    found = at.resolve(at.case("\n".join(["a attends", "a declines"] * 11)))
    assert [False] == [c.complete for c in found.conflicts]


# --- as a value -----------------------------------------------------------------------------------

CASES = [
    ("istanbul", {}),
    ("istanbul", {"scenario": "mutual-loop"}),
    ("istanbul", {"scenario": "zelensky-seen"}),
    ("clash", {}),
]
TEXTS = {"clash": "a attends\na declines\nb attends only if a\nc attends unless f\nd attends if e\ne attends if d"}


def named(name: str) -> at.Case:
    return at.load(SEED) if name == "istanbul" else at.case(TEXTS[name], facts=["f"])


@pytest.mark.parametrize(("name", "parts"), CASES)
def test_equal_cases_have_equal_answers(name: str, parts: dict[str, str]) -> None:
    first, second = at.resolve(named(name), **parts), at.resolve(named(name), **parts)
    assert first == second
    assert hash(first) == hash(second)
    assert first.to_dict() == second.to_dict()
    assert json.dumps(first.to_dict()) == json.dumps(second.to_dict())
    assert first == pickle.loads(pickle.dumps(first))
    assert first.to_dict() == json.loads(json.dumps(first.to_dict()))


@pytest.mark.parametrize(
    "attribute", ["case", "scenario", "verdicts", "causes", "gatherings", "facts", "conflicts", "warnings", "main"]
)
def test_nothing_of_it_can_be_changed(attribute: str) -> None:
    found = at.resolve(at.case("a attends"))
    with pytest.raises(AttributeError):
        setattr(found, attribute, None)
    with pytest.raises(TypeError):
        found.verdicts[at.Attendance("a", "meeting")] = at.Verdict.ABSENT  # type: ignore[index]


def test_its_shape_as_json(istanbul: at.Case) -> None:
    expected = {
        "case": "Istanbul talks, 15 May 2025",
        "scenario": "zelensky-seen",
        "consistent": False,
        "verdicts": {
            "talks": {
                "putin": "undetermined",
                "zelensky": "attends",
                "trump": "absent",
                "medinsky": "attends",
                "rubio": "attends",
            },
            "ankara": {"zelensky": "attends", "erdogan": "attends"},
        },
        "causes": {"talks": {"putin": {"cause": "conflict", "on": []}}, "ankara": {}},
        "gatherings": {
            "talks": {"held": "held", "turnout": [3, 4]},
            "ankara": {"held": "held", "turnout": [2, 2]},
        },
        "facts": {},
        "conflicts": [
            {
                "participants": ["putin", "zelensky"],
                "clashes": [["z", "list"]],
                "repairs": [["z"], ["list"]],
                "complete": True,
            }
        ],
        "warnings": [],
    }
    assert expected == at.resolve(istanbul, scenario="zelensky-seen").to_dict()


def test_in_words(istanbul: at.Case) -> None:
    expected = """\
putin              undetermined (conflict)
zelensky           attends
trump              absent
medinsky           attends
rubio              attends
zelensky at ankara  attends
erdogan at ankara   attends
these cannot all stand: z, list"""
    lines = [" ".join(line.split()) for line in expected.split("\n")]
    assert lines == [" ".join(line.split()) for line in str(at.resolve(istanbul, scenario="zelensky-seen")).split("\n")]


def test_the_same_under_every_hash_seed() -> None:
    code = f"""
import json, attendance as at
case = at.load({str(SEED)!r})
for name in ("", "mutual-loop", "zelensky-seen"):
    found = at.resolve(case, scenario=name)
    print(json.dumps(found.to_dict()), list(found.repairs), hash(found) is None)
    print([o.to_dict() for o in at.outcomes(case, scenario=name)])
    print([at.why(case, a, scenario=name).to_dict() for a in found.verdicts])
case = at.case({TEXTS["clash"]!r}, facts=["f"])
print(at.resolve(case).to_dict(), [o.to_dict() for o in at.outcomes(case)])
"""
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "4242")
    }
    assert 1 == len(printed)


# --- how it is asked ------------------------------------------------------------------------------


def test_a_scenario_by_name_by_value_and_by_parts(istanbul: at.Case) -> None:
    by_name = at.resolve(istanbul, scenario="putin-on-13-may")
    by_value = at.resolve(istanbul, scenario=at.Scenario(assume={"putin": True}, as_of="2025-05-13"))
    by_parts = at.resolve(istanbul, assume={"putin": "yes"}, as_of=date(2025, 5, 13))
    mixed = at.resolve(istanbul, scenario="putin-comes", as_of="2025-05-13")
    moment = at.resolve(istanbul, assume={"putin at talks": True}, as_of=datetime(2025, 5, 13, 23, 59))
    verdicts = [by_name.verdicts, by_value.verdicts, by_parts.verdicts, mixed.verdicts, moment.verdicts]
    assert [by_name.verdicts] * 5 == verdicts
    assert ["putin-on-13-may", "", "", "putin-comes"] == [r.scenario for r in (by_name, by_value, by_parts, mixed)]


def test_parts_win_over_the_named_scenario(istanbul: at.Case) -> None:
    assert "absent" == at.resolve(istanbul, scenario="putin-comes", assume={"putin": False})["zelensky"]
    assert "undetermined" == at.resolve(istanbul, scenario="putin-comes", reading="literal")["zelensky"]


def test_every_part_counts() -> None:
    case = at.loads(
        """
        participants: {a: , b: , c: }
        facts: {f: unknown}
        statements:
          - {id: one, who: a, says: attends, source: radio}
          - {id: two, who: b, says: attends only if a, source: paper}
          - {id: three, who: c, says: attends only if c and b}
        """
    )
    told = {
        "nothing": at.resolve(case),
        "assume": at.resolve(case, assume={"a": False}),
        "given": at.resolve(case, given="not b"),
        "add": at.resolve(case, add="a declines"),
        "withdraw": at.resolve(case, withdraw="one"),
        "believe": at.resolve(case, believe=["paper"]),
        "disbelieve": at.resolve(case, disbelieve="radio"),
        "literal": at.resolve(case, reading="literal"),
        "none of them": at.resolve(case, assume={}, given=[], add=[], withdraw=[], believe=None, as_of=None),
    }
    short = {"attends": "+", "absent": "-", "undetermined": "?"}
    expected = {
        "nothing": "+++",
        "assume": "---",
        "given": "?--",
        "add": "???",
        "withdraw": "???",
        "believe": "???",
        "disbelieve": "???",
        "literal": "+??",
        "none of them": "+++",
    }
    assert expected == {what: "".join(short[r[who]] for who in "abc") for what, r in told.items()}
    circle = at.case("a attends only if b\nb attends only if a")
    assert ["undetermined", "absent"] == [at.resolve(circle, founded=f)["a"] for f in (False, True)]


def test_what_is_added_counts_on() -> None:
    found = at.resolve(at.case("a attends"), add=["a declines", "a might attend"])
    assert (("a.1", "a.2"),) == found.conflicts[0].clashes


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
@pytest.mark.parametrize("scenario", ["", "mutual-loop", "zelensky-seen", "putin-on-13-may"])
def test_every_engine_gives_the_same_answer(istanbul: at.Case, engine: str, scenario: str) -> None:
    assert at.resolve(istanbul, scenario=scenario) == at.resolve(istanbul, scenario=scenario, engine=engine)


def test_propagation_answers_or_says_that_it_cannot(istanbul: at.Case) -> None:
    assert at.resolve(istanbul) == at.resolve(istanbul, engine="propagation")
    with pytest.raises(at.EngineUnsuitable, match="'propagation' cannot answer this: it leaves 3 attendances"):
        at.resolve(istanbul, scenario="mutual-loop", engine="propagation")


def test_unknown_engines_are_refused(istanbul: at.Case) -> None:
    with pytest.raises(at.EngineMissing, match="unknown engine 'clngo'\n    did you mean clingo"):
        at.resolve(istanbul, engine="clngo")
    with pytest.raises(
        at.EngineMissing, match="the engines are: auto, propagation, tables, clingo, sat, durable, enumeration"
    ):
        at.resolve(istanbul, engine="xyz")


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf"), "1", True, -0.5])
def test_a_time_limit_is_a_number_above_nothing(istanbul: at.Case, limit: Any) -> None:
    with pytest.raises(at.QuestionError, match="a time limit is a number of seconds above 0, not"):
        at.resolve(istanbul, time_limit=limit)


@pytest.mark.parametrize("limit", [None, 60, 0.5])
def test_a_time_limit_that_is_kept_changes_nothing(istanbul: at.Case, limit: float | None) -> None:
    assert at.resolve(istanbul) == at.resolve(istanbul, time_limit=limit)


def test_wrong_questions_are_refused(istanbul: at.Case) -> None:
    with pytest.raises(at.QuestionError, match=r"expected a case, not str: load one with attendance\.load"):
        at.resolve("seeds/istanbul-2025.yaml")  # type: ignore[arg-type]
    with pytest.raises(at.QuestionError, match="unknown part of a scenario: asume"):
        at.resolve(istanbul, asume={"putin": True})  # type: ignore[call-arg]
    with pytest.raises(at.UnknownName, match="unknown scenario 'putin-come'\n    did you mean putin-comes"):
        at.resolve(istanbul, scenario="putin-come")
    for parts in ({"assume": {"putn": True}}, {"given": "putn"}, {"withdraw": "lst"}, {"believe": ["Kremln"]}):
        with pytest.raises(at.CaseError):
            at.resolve(istanbul, **parts)


def test_what_is_impossible_is_named() -> None:
    case = at.case("a attends", facts={"f": True, "g": None})
    with pytest.raises(at.ImpossibleScenario) as error:
        at.resolve(case, assume={"a": False, "g": True}, given=["a", "f"])
    expected = (
        "no outcome can meet this, whatever statements are set aside "
        "(given: a, f; assumed: a = no, g = yes; known facts: f = yes)\n    assume or give less"
    )
    assert expected == str(error.value)
    assert ("a", "f", "a = no", "g = yes") == error.value.names
    assert isinstance(error.value, ValueError)
    assert str(error.value) == str(pickle.loads(pickle.dumps(error.value)))


def test_conditions_on_the_uninvited_are_warned_of() -> None:
    case = at.Case(
        gatherings=[{"id": "talks", "invited": ["a"]}, {"id": "dinner", "invited": ["a", "b"]}],
        participants=["a", "b"],
        statements=["a attends only if b"],
        rules=[{"rule": "b or a at dinner", "at": "talks"}],
    )
    found = at.resolve(case)
    assert ("b is not counted at talks: a condition on that is false",) == found.warnings
    assert "absent" == found["a"]


# --- many -----------------------------------------------------------------------------------------


def test_contradictions_without_end_do_not_touch_each_other() -> None:
    people = [f"p{i}" for i in range(200)]
    case = at.case("\n".join(f"{p} attends\n{p} declines" for p in people) + "\nlast attends")
    found = at.resolve(case)
    assert 200 == len(found.conflicts)
    assert all(c.complete and 2 == len(c.repairs) for c in found.conflicts)
    assert "attends" == found["last"]
    assert (1, 201) == found.gatherings["meeting"].turnout
    assert tuple(f"{p}.1" for p in people) == next(iter(found.repairs))


def test_a_thousand_silent_people_are_no_trouble() -> None:
    case = at.Case(participants=[f"p{i}" for i in range(1000)])
    found = at.resolve(case)
    assert 2**1000 == at.count(case)
    assert {("unstated", ())} == {(str(c.cause), c.on) for c in found.causes.values()}
    assert (0, 1000) == found.gatherings["meeting"].turnout
    assert "undetermined" == found.gatherings["meeting"].held


def test_a_thousand_who_wait_for_half_of_all() -> None:
    case = at.case("\n".join(f"p{i} attends only if at least 500 of everyone" for i in range(1000)))
    found = at.resolve(case)
    assert {"coordination"} == {str(c.cause) for c in found.causes.values()}


# --- whatever the order and the names -------------------------------------------------------------

PEOPLE = ("ann", "bob", "cem", "dai", "eva")
CONDITIONS = (
    "{a}",
    "not {a}",
    "{a} and {b}",
    "{a} or not {b}",
    "at least 2 of ({a}, {b}, {c})",
    "at most 1 of everyone",
    "exactly 2 of others",
    "a majority of ({a}, {b})",
    "rain",
    "rain or {a}",
)
SAYINGS = (
    "attends",
    "declines",
    "might attend",
    "attends only if {}",
    "attends only if {}",
    "attends if {}",
    "attends unless {}",
    "declines if {}",
    "might attend only if {}",
    "attends if and only if {}",
)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A few statements, with circles and clashes among them."""
    found = []
    for _ in range(draw(st.integers(1, 7))):
        who, *others = draw(st.permutations(PEOPLE))
        condition = draw(st.sampled_from(CONDITIONS)).format(a=others[0], b=others[1], c=others[2])
        found.append(f"{who} {draw(st.sampled_from(SAYINGS)).format(condition)}")
    return found


def told(lines: list[str], names: dict[str, str]) -> dict[str, Any]:
    """Everything that does not speak of ids: by the first names again."""
    people = [names[p] for p in PEOPLE]
    silent = [f"{p} waits for {p2}" for p, p2 in zip(people, people[1:] + people[:1], strict=True)]
    case = at.case("\n".join([*lines, *silent]), facts=["rain"])
    found = at.resolve(case)
    back = {new: old for old, new in names.items()}
    return {
        "verdicts": {back[a.participant]: v for a, v in found.verdicts.items()},
        "causes": {back[a.participant]: c.cause for a, c in found.causes.items()},
        "held": found.gatherings["meeting"],
        "facts": dict(found.facts),
        "repairs": sorted(len(r) for r in found.repairs),
        "outcomes": {frozenset(back[p] for p in o.attending) for o in at.outcomes(case)},
    }


@many
@given(said=lines(), order=st.randoms(use_true_random=False))
def test_the_order_of_statements_decides_nothing(said: list[str], order: Any) -> None:
    same = {p: p for p in PEOPLE}
    shuffled = list(said)
    order.shuffle(shuffled)
    assert told(said, same) == told(shuffled, same)


@many
@given(said=lines(), new=st.permutations(("zoe", "ümit", "Ann", "_x", "bob")))
def test_names_decide_nothing(said: list[str], new: list[str]) -> None:
    names = dict(zip(PEOPLE, new, strict=True))
    renamed = [" ".join(translated(word, names) for word in line.split(" ")) for line in said]
    assert told(said, {p: p for p in PEOPLE}) == told(renamed, names)


def translated(word: str, names: dict[str, str]) -> str:
    """A word with the name in it replaced, and its brackets and commas kept."""
    bare = word.strip("(),")
    return word.replace(bare, names[bare]) if bare in names else word


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
def test_a_share_that_nobody_can_make_is_read_in_its_parts(engine: str) -> None:
    """Steps of 0.1 never make half of 0.3; founded outcomes still read `at least` and `at most`, as the letter says."""
    case = at.loads("""
        gatherings: {talks: {}, dinner: {}}
        participants: {ann: {weights: {co2: 0.1}}, bob: {weights: {co2: 0.1}}, cem: {weights: {co2: 0.1}}}
        statements:
          - {who: bob, at: dinner, says: declines if co2 of everyone at talks exactly 50%}
          - {who: bob, at: talks, says: attends only if at least 1 of everyone at dinner}
    """)
    assert 4 == at.count(case, engine=engine)
    found = at.outcomes(case, order="fewest", founded=True, engine=engine)
    assert [["bob"], ["ann", "bob", "cem"]] == [sorted(o.attending) for o in found]
