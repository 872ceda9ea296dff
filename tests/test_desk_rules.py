"""Rules at a desk: what they are told, when they fire, and what happens where they go wrong."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import attendance as at
from attendance.matching import session
from tests.cases import Asked
from tests.test_desk import examples, in_turn, sound
from tests.test_timeline import conversations

CASE = """
title: Talks
timezone: Europe/Istanbul
gatherings:
  talks: {start: 2025-05-15T10:00, end: 2025-05-16, held_if: at least 2 of everyone}
participants:
  ann: {of: north, tags: [head]}
  bob: {of: north}
  cem: {of: south}
facts: {rain: unknown}
statements:
  - {who: ann, says: attends only if bob, said: 2025-05-12, source: letter}
"""

durable = pytest.importorskip("durable.lang")
m, c, when_all, when_any = durable.m, durable.c, durable.when_all, durable.when_any


def facts(desk: at.Desk, *kinds: str) -> list[dict[str, Any]]:
    """All facts of those kinds that rules are told of from now on."""
    told: list[dict[str, Any]] = []
    for kind in kinds:
        desk.when(m.kind == kind, lambda match: told.append(dict(match.m)), name=kind)
    return told


def test_the_vocabulary() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        told = facts(
            desk, "statement", "withdrawal", "change", "tally", "held", "consistency", "tick", "silence", "deadline"
        )
        place = {"who": "bob", "at": "talks"}
        desk.say("bob attends only if not rain", said="2025-05-13T12:00", source="radio", id="b")
        said = {"statement": "b", **place, "by": "bob", "verb": "attends", "says": "attends only if not rain"}
        said |= {"source": "radio", "t": 1747126800}
        assert [{"kind": "statement", **said, "n": 2}] == told
        told.clear()
        desk.say("cem sends bob", said="2025-05-14", by="office")
        assert {"verb": "sends", "by": "office", "who": "cem"}.items() <= told[0].items()
        desk.withdraw("cem.1")
        told.clear()
        desk.say("bob attends", said="2025-05-14", id="b2")
        changed = [
            {"kind": "change", "who": "ann", "at": "talks", "old": "undetermined", "new": "attends", "n": 5},
            {"kind": "change", **place, "old": "undetermined", "new": "attends", "n": 5},
            {"kind": "tally", "at": "talks", "attending": 2, "before": 0, "absent": 0, "undetermined": 1, "n": 5},
            {"kind": "held", "at": "talks", "old": "undetermined", "new": "held", "n": 5},
        ]
        assert changed == told[1:]
        told.clear()
        desk.withdraw("b2")
        assert {"kind": "withdrawal", "statement": "b2", "n": 6}.items() <= told[0].items()
        assert "tally" == told[3]["kind"]
        told.clear()
        desk.say("ann attends", said="2025-05-20", source="telegram")
        desk.say("ann declines", said="2025-05-20", source="radio")
        assert [False] == [fact["new"] for fact in told if fact["kind"] == "consistency"]


def test_time_passes_in_facts() -> None:
    day = 86_400
    with at.Desk(at.loads(CASE)) as desk:
        told = facts(desk, "tick", "silence", "deadline")
        desk.tick("2025-05-13T00:00")
        start = 1_747_083_600
        assert {"kind": "tick", "t": start, "n": 2} == told[0]
        silent = {"kind": "silence", "who": "ann", "at": "talks", "since": start - day, "age": day, "before": 0, "n": 2}
        assert silent in told
        assert ["ann"] == [fact["who"] for fact in told if fact["kind"] == "silence"]  # the others begin to be silent
        told.clear()
        desk.tick("2025-05-15")
        assert {"kind": "tick", "t": start + 2 * day, "before": start, "n": 3} == told[0]
        assert [3 * day, 2 * day, 2 * day] == [fact["age"] for fact in told if fact["kind"] == "silence"]
        assert [day, 0, 0] == [fact["before"] for fact in told if fact["kind"] == "silence"]
        due = [(fact["of"], fact["left"], fact["before"]) for fact in told if fact["kind"] == "deadline"]
        assert [("start", 36_000, 36_000 + 2 * day), ("end", day, 3 * day)] == due
        told.clear()
        desk.tick("2025-05-17")
        desk.tick("2025-05-18")
        assert 2 == len([fact for fact in told if fact["kind"] == "deadline"])  # told for the last time once passed


def test_rules_of_several_facts() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        told: list[str] = []

        @desk.when(
            c.head << (m.kind == "member") & (m.group == "head"), c.turn << (m.kind == "change") & (m.who == c.head.who)
        )
        def protocol(match: at.Match) -> str:
            told.append(f"{match.turn.who} {match.turn.new}")
            return f"prepare protocol for {match.head.who}"

        @desk.when(
            when_all(
                c.yes << (m.kind == "statement") & (m.verb == "attends"),
                c.no << (m.kind == "statement") & (m.verb == "declines") & (m.t > c.yes.t) & (m.t <= c.yes.t + 172_800)
                & (m.who == c.yes.who),
            )
        )  # fmt: skip
        def denial(match: at.Match) -> None:
            told.append(f"{match.no.who} denies")

        desk.when(
            (m.kind == "tally") & (m.attending >= 2) & (m.before < 2),
            lambda match: told.append("quorum"),
            name="quorum",
        )
        alerts: list[at.Alert] = []
        desk.on_alert(alerts.append)
        desk.say("bob attends", said="2025-05-13")
        assert ["ann attends", "quorum"] == told
        assert [
            "protocol: prepare protocol for ann",
            "quorum: tally at=talks attending=2 before=0 absent=0 undetermined=1",
        ] == [str(a) for a in alerts]
        desk.say("bob declines", said="2025-05-14")
        assert ["bob denies", "ann absent"] == told[2:]
        desk.say("bob attends", said="2025-05-15")
        desk.say("bob declines", said="2025-05-18")
        assert 1 == told.count("bob denies")
        assert 2 == told.count("quorum")


def test_rules_that_come_later_join_what_was_said_before(tmp_path: Path) -> None:
    def by_bob(desk: at.Desk) -> list[str]:
        told: list[str] = []
        desk.when(
            c.yes << (m.kind == "change") & (m.who == "bob") & (m.new == "attends"),
            c.no << (m.kind == "change") & (m.who == "bob") & (m.new == "absent") & (m.n > c.yes.n),
            lambda match: told.append(f"{match.yes.n} then {match.no.n}"),
        )
        return told

    with at.Desk(at.loads(CASE), tmp_path / "journal") as desk:
        desk.say("bob attends", said="2025-05-13")
        told = by_bob(desk)
        assert [] == told
        desk.say("bob declines", said="2025-05-14")
        assert ["2 then 3"] == told
        desk.say("bob attends", said="2025-05-15")
    with at.Desk(journal=tmp_path / "journal") as desk:
        told = by_bob(desk)
        desk.say("bob declines", said="2025-05-16")
        assert ["2 then 5", "4 then 5"] == told


def test_what_a_rule_may_not_be() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        for wrong in ((), (m.kind,), (True,), (durable.none(m.kind == "change"),), (m.kind.matches("x"),)):
            with pytest.raises(at.RuleError):
                desk.when(*wrong, lambda match: None)
        for wrong in ((), (True,), ("x",), (m.kind == "change", 5)):
            with pytest.raises(at.RuleError):
                desk.when(*wrong)
        with pytest.raises(at.InputError, match="expected a function"):
            desk.when(m.kind == "change")("not a function")
        told = facts(desk, "statement")
        desk.say("bob attends")
        assert 1 == len(told)


@pytest.mark.parametrize("window", [0, -1, 10_001, 2.5, "5"])
def test_a_window_is_a_number_of_facts(window: Any) -> None:
    with pytest.raises(at.RuleError, match="1 to 10,000 facts"):
        at.Desk(at.loads(CASE), window=window)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((m.kind == "chnge",), "no fact is of kind 'chnge'\n    did you mean change?"),
        (((m.kind == "change") & (m.neww == "attends"),), "no fact of kind change has 'neww'\n    did you mean new"),
        ((m.neww == "attends",), "no fact has 'neww'"),
        ((c.a << m.kind == "change", c.b << (m.kind == "tally") & (m.at == c.a.place)), "has 'place'"),
        (((m.kind == "change") & ((m.new == "attends") | (m.oldd == "absent")),), "has 'oldd'"),
    ],
)
def test_a_rule_about_what_there_is_not_is_refused(wrong: Any, message: str) -> None:
    with at.Desk(at.loads(CASE)) as desk, pytest.raises(at.RuleError) as refused:
        desk.when(*wrong, lambda match: None)
    assert message in str(refused.value)


def test_what_is_withdrawn_or_past_is_joined_no_more() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        told: list[object] = []
        desk.when(
            c.yes << (m.kind == "statement") & (m.verb == "attends"),
            c.no << (m.kind == "statement") & (m.verb == "declines") & (m.who == c.yes.who),
            told.append,
        )
        desk.say("cem attends", id="slip", said="2025-05-13")
        desk.withdraw("slip")
        desk.say("cem declines", said="2025-05-14")
        assert [] == told
        desk.say("cem attends", said="2025-05-15")
        desk.say("cem declines", said="2025-05-16")
        assert 2 == len(told)


def test_silence_begins_when_it_is_told_first() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        told = facts(desk, "silence")
        desk.say("bob attends", said="2025-05-12")
        desk.tick("2025-05-15")
        desk.say("bob might attend", said="2025-05-16")
        told.clear()
        desk.tick("2025-05-17")
        ann = next(fact for fact in told if fact["who"] == "ann")
        assert (5 * 86_400, 0) == (ann["age"], ann["before"])
        desk.say("cem attends", id="slip", said="2025-05-17")
        desk.withdraw("slip")
        told.clear()
        desk.tick("2025-05-18")
        ann, cem = (next(fact for fact in told if fact["who"] == who) for who in ("ann", "cem"))
        assert (6 * 86_400, 5 * 86_400) == (ann["age"], ann["before"])
        assert (3 * 86_400, 2 * 86_400) == (cem["age"], cem["before"])  # silent since the first tick


def test_a_window_is_exact() -> None:
    with at.Desk(at.loads(CASE), window=3) as desk:
        told: list[tuple[int, int]] = []
        desk.when(
            c.s1 << (m.kind == "statement"),
            c.s2 << (m.kind == "statement") & (m.n > c.s1.n),
            lambda match: told.append((match.s1.n, match.s2.n)),
        )
        for day in range(1, 6):
            desk.say("cem attends", said=f"2025-05-{day:02}")
        assert [(3, 4), (3, 5), (4, 5), (4, 6), (5, 6)] == told  # the first statement had a change, a tally and more


def test_a_rule_that_joins_too_much_is_taken_out_and_the_others_go_on() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        told = facts(desk, "statement")
        several = [getattr(c, f"f{i}") << (m.kind == "statement") for i in range(8)]
        desk.when(when_all(*several), lambda match: None, name="too_much")
        taken_out: list[str] = []
        for number in range(100):
            try:
                desk.say("bob attends", said=f"2025-05-13T{number // 60:02}:{number % 60:02}")
            except at.RuleError as error:
                taken_out += error.rules
        assert ["too_much"] == taken_out
        assert 100 == len(told)
        sound(desk)


@examples(0.3)
@given(conversations())
def test_with_rules_a_desk_says_the_same(put: Asked) -> None:
    case = in_turn(put.case)
    with at.Desk(case.standing((), ())) as desk, at.Desk(case.standing((), ())) as plain:
        told = facts(desk, "change", "statement")
        turns: list[at.Turn] = []
        plain.on_change(turns.append)
        for statement in case.statements:
            assert desk.say(statement) == plain.say(statement)
            assert plain.verdicts == desk.verdicts
        assert len(case.statements) == len([fact for fact in told if fact["kind"] == "statement"])
        changes = [(f["who"], f["old"], f["new"]) for f in told if f["kind"] == "change"]
        assert [(t.attendance.participant, t.before, t.after) for t in turns] == changes


def test_where_durable_rules_is_missing_the_desk_works_without() -> None:
    code = """
import sys
sys.modules["durable"] = sys.modules["durable_rules_engine"] = None
import attendance as at
told = []
with at.Desk(at.case("ann attends only if bob")) as desk:
    desk.on_change(lambda turn: told.append(str(turn)))
    desk.say("bob attends")
    assert len(told) == 2
    try:
        desk.when(object(), print)
    except at.EngineMissing as error:
        print(error)
    desk.say("bob declines")
try:
    at.resolve(at.case("ann attends"), engine="durable")
except at.EngineMissing as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (0, "") == (done.returncode, done.stderr)
    assert 2 == done.stdout.count("rules need durable-rules")


def test_no_fact_is_lost_where_groups_make_a_rule_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    many = 30 if os.environ.get("ATTENDANCE_THOROUGH") else 10  # 500,000 sets take the engine long
    monkeypatch.setattr(session, "MAX_SETS", 500_000 if many == 30 else 20_000)
    people = [f"p{j}" for j in range(many)]
    case = at.case("\n".join(f"{p} might attend" for p in people), groups={f"g{i}": people for i in range(many)})
    with at.Desk(case) as desk:
        told: list[str] = []
        several = (c.a << (m.kind == "statement"), c.b << (m.kind == "member"), c.d << (m.kind == "member"))
        desk.when(when_all(*several), lambda match: None, name="wide")
        desk.when(m.kind == "statement", lambda match: told.append(match.m.who), name="said")
        wide: list[str] = []
        for p in people:
            try:
                desk.say(f"{p} attends")
            except at.RuleError as error:
                wide += error.rules
        assert people == told
        assert ["wide"] == wide


def test_rules_of_one_name_are_told_apart() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        told: list[int] = []
        for number, name in enumerate(("x (2)", "x", "x", "x", "x (2)")):
            desk.when(m.kind == "statement", lambda match, number=number: told.append(number), name=name)
        desk.say("bob attends")
        assert [0, 1, 2, 3, 4] == sorted(told)


def test_every_listener_hears_an_alert_though_another_fails() -> None:
    with at.Desk(at.loads(CASE)) as desk:
        heard: list[str] = []

        @desk.on_alert
        def fail(alert: at.Alert) -> None:
            raise RuntimeError(alert.rule)

        desk.on_alert(lambda alert: heard.append(alert.rule))
        desk.when(m.kind == "statement", lambda match: "one", name="one")
        desk.when(m.kind == "statement", lambda match: 1 / 0, name="two")
        with pytest.raises(ExceptionGroup) as failed:
            desk.say("bob attends")
        assert ["one"] == heard
        notes = ["".join(error.__notes__) for error in failed.value.exceptions]
        assert [True, True] == ["what was said is kept" in note for note in notes]
        assert any("the rule 'two'" in note for note in notes)
