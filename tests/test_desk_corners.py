"""The desk where something seldom is said, in a seldom order: each a plain case with its answer."""

from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.live import present, verdicts
from attendance.live.desk import Desk
from attendance.live.journal import Journal, read
from attendance.live.recorded import recorded
from attendance.matching import session
from attendance.model.sayings import Attends
from tests.test_desk import TALKS, sound

# --- what stands ------------------------------------------------------------------------------------------

ENDED = """
participants: {bob: {}}
statements:
  - {id: yes, who: bob, says: attends, supersedes: ['no']}
  - {id: 'no', who: bob, says: declines SAID}
"""


@pytest.mark.parametrize("said", ["", ", said: 2025-05-01"])
def test_what_a_case_ends_before_it_is_said_comes_back_when_that_is_withdrawn(said: str) -> None:
    with Desk(at.loads(ENDED.replace(" SAID", said))) as desk:
        sound(desk)
        assert "attends" == desk["bob"]
        desk.withdraw("yes")
        sound(desk)
        assert "absent" == desk["bob"]


@pytest.mark.parametrize("day", [None, "2025-05-01"])
def test_what_is_ended_by_its_id_comes_back_too(day: str | None) -> None:
    with Desk(at.case(TALKS)) as desk:
        desk.say("bob declines", id="no", said=day)
        desk.say("bob attends", id="yes", supersedes="no")
        sound(desk)
        assert "attends" == desk["bob"]
        desk.withdraw("yes")
        sound(desk)
        assert "absent" == desk["bob"]


def test_what_two_end_comes_back_when_both_are_withdrawn() -> None:
    with Desk(at.case(TALKS)) as desk:
        desk.say("bob declines", id="no")
        for name in ("one", "two"):
            desk.say("bob attends", id=name, supersedes="no")
        for name, verdict in (("one", "attends"), ("two", "absent")):
            desk.withdraw(name)
            sound(desk)
            assert verdict == desk["bob"]


def test_what_newer_words_superseded_may_be_ended_as_well() -> None:
    with Desk(at.case(TALKS)) as desk:
        desk.say("bob attends", id="old", said="2025-05-01")
        desk.say("bob declines", id="new", said="2025-05-02")
        desk.say("bob might attend", id="end", supersedes="old")
        sound(desk)
        desk.withdraw("new")
        sound(desk)
        assert "undetermined" == desk["bob"]
        desk.withdraw("end")
        sound(desk)
        assert "attends" == desk["bob"]


PLACES = at.loads("participants: {ann: {}, bob: {}}\ngatherings: {x: {}, y: {}}\nstatements: [ann at y attends]")


def test_whoever_is_counted_for_the_first_time_changes_as_all_do() -> None:
    with Desk(PLACES) as desk:
        told: list[dict[str, Any]] = []
        desk.on_fact(lambda fact: told.append(dict(fact)))
        assert [("bob", "x"), ("ann", "y")] == [(a.participant, a.gathering) for a in desk.verdicts]
        desk.say("bob at y attends")
        sound(desk)
        assert "attends" == desk["bob", "y"]
        assert [("bob", "y", "undetermined", "attends")] == [
            (fact["who"], fact["at"], fact["old"], fact["new"]) for fact in told if fact["kind"] == "change"
        ]


def test_after_very_many_acts_all_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "SPARE", 3)
    with Desk(at.case(TALKS)) as desk:
        for number in range(10):
            desk.say(f"bob {('attends', 'declines')[number % 2]}", said=f"2025-05-{number + 1:02}")
            sound(desk)
            assert ("attends", "absent")[number % 2] == desk["bob"] == desk["ann"] == desk["cem"]


# --- what is written --------------------------------------------------------------------------------------


def test_of_a_long_journal_only_the_last_entries_are_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present, "RECALLED", 2)
    with Desk(at.case(TALKS), tmp_path / "j") as desk:
        for day in range(1, 5):
            desk.say(f"bob {('attends', 'declines')[day % 2]}", said=f"2025-05-{day:02}")
            desk.tick(f"2025-05-{day:02}T12:00:00Z")
        before = desk.case, desk.verdicts, desk._present.time
    with Desk(journal=tmp_path / "j") as desk:
        assert before == (desk.case, desk.verdicts, desk._present.time)
        sound(desk)
        assert {8, 9} >= {fact["n"] for fact in desk._present.recalled}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0.25", "0.25"), ("1/3", "1/3"), ("2/8", "0.25"), (1, "1")],
    ids=["decimal", "third", "2/8", "1"],
)
def test_a_probability_is_kept_to_the_last_digit(tmp_path: Path, given: Any, kept: str) -> None:
    with Desk(at.case(TALKS), tmp_path / "j") as desk:
        said = desk.say("bob might attend", probability=given, inclination="open", said="2025-05-01")
        assert "open" == said.inclination
    assert [("open", kept)] == [(e.body["inclination"], e.body["probability"]) for e in [*read(tmp_path / "j")][1:]]
    with Desk(journal=tmp_path / "j") as desk:
        assert said == desk.statement(said.id)


def test_a_statement_may_be_said_as_it_is_and_a_text_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with Desk(at.case(TALKS), tmp_path / "j") as desk:
        assert desk.say(at.Statement(who="bob", says="declines", note="n")).note == "n"
        half = at.condition(" or ".join(["ann", "cem"] * 1_400))
        with pytest.raises(at.InputError, match=r"^a text of \d+ characters cannot be read again: "):
            desk.say(at.Statement(who="bob", says=Attends("if", half & ~half)))
        assert 2 == len(list(read(tmp_path / "j")))


def test_an_id_that_somebody_took_is_not_given_again() -> None:
    with Desk(at.case(TALKS)) as desk:
        desk.say("cem declines", id="bob.1")
        desk.say("cem declines", id="bob.2")
        assert "bob.3" == desk.say("bob attends").id


def test_what_a_scenario_adds_is_no_statement_that_was_said(tmp_path: Path) -> None:
    case = at.loads("participants: {ann: {}}\nstatements: [ann attends]\nscenarios: {s: {add: [ann might attend]}}")
    with Desk(case, tmp_path / "j") as desk:
        assert "ann.2" == desk.say("ann declines").id
        desk.withdraw("ann.1")
    found = recorded(read(tmp_path / "j"))
    assert [("ann.2", "declines")] == [(s.id, str(s.says)) for s in found.statements]
    assert [("ann.3", "might attend")] == [(s.id, str(s.says)) for s in found.scenarios[0].add]
    assert found == at.loads(at.dumps(found))


BOB = {"who": "bob", "says": "attends"}


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([BOB | {"id": "x", "supersedes": ["y"]}], "entry 2 .*: it ends 'y', which nobody said"),
        (
            [
                BOB | {"id": "x", "said": "2025-05-01"},
                BOB | {"id": "x", "said": "2025-05-01", "who": "ann"},
                BOB | {"id": "y", "said": "2025-05-02"},
                BOB | {"id": "z", "said": "2025-05-03"},
            ],
            r"entry \d .*: it does not fit the entries before it",
        ),
    ],
)
def test_entries_that_no_desk_writes_are_told(tmp_path: Path, entries: list[dict[str, Any]], told: str) -> None:
    Desk(at.case(TALKS), tmp_path / "j").close()
    with Journal(tmp_path / "j") as journal:
        for body in entries:
            journal.append("say", body)
    with pytest.raises(at.JournalError, match=told):
        Desk(journal=tmp_path / "j")


# --- what rules are told ----------------------------------------------------------------------------------


def test_a_text_that_is_very_long_ends_early_in_a_fact() -> None:
    with Desk(at.case(TALKS)) as desk:
        told: list[dict[str, Any]] = []
        desk.on_fact(lambda fact: told.append(dict(fact)))
        names = " or ".join(["ann", "cem"] * 200)
        desk.say(f"bob attends if {names}", source="s")
        says = told[0]["says"]
        assert isinstance(says, str)
        assert (1000, "\u2026") == (len(says), says[-1])
        assert "s" == told[0]["source"]


@pytest.mark.parametrize(
    ("limit", "most", "rules", "told"),
    [
        ("MAX_SETS", 17, ("wide",), "wide"),
        ("MAX_KNOWN", 2, (), "2 facts are known already, and no more can be"),
    ],
)
def test_members_who_are_too_many_cost_no_other_rule_its_fact(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, rules: tuple[str, ...], told: str
) -> None:
    durable = pytest.importorskip("durable.lang")
    monkeypatch.setattr(session, limit, most)
    people = ["ann", "bob", "cem"]
    case = at.Case(participants=people, groups=[{"id": "g", "members": people}, {"id": "h", "members": people[2:]}])
    m, c, heard = durable.m, durable.c, []
    with Desk(case) as desk:
        three = (c.a << (m.kind == "statement"), c.b << (m.kind == "member"), c.d << (m.kind == "member"))
        desk.when(durable.when_all(*three), lambda match: None, name="wide")
        desk.when(m.kind == "statement", lambda match: heard.append(match.m.who), name="said")
        for who in people[:2]:
            desk.say(f"{who} attends")
        with pytest.raises((at.RuleError, ExceptionGroup)) as caught:  # several, if several facts are about her
            desk.say("cem attends")
        errors = getattr(caught.value, "exceptions", (caught.value,))
        assert all(told in str(error) and rules == tuple(error.rules) for error in errors)
        assert people == heard
