"""The live desk: after every act its verdicts are those of `resolve`, and at each moment those of `timeline`."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.live.desk import Desk
from attendance.live.journal import Journal
from attendance.model.positions import in_force
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from tests.cases import Asked, asked
from tests.sizes import shares
from tests.test_timeline import conversations

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 120)
SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.yaml"))
EVER = datetime.min.replace(tzinfo=UTC)
examples = shares(EXAMPLES)


def in_turn(case: at.Case) -> at.Case:
    """The case with its statements in the order of their moments, none of which supersedes a later one."""
    said: set[str] = set()
    statements = []
    for s in sorted(case.statements, key=lambda s: case.moment(s) or EVER):
        statements.append(s.model_copy(update={"supersedes": tuple(n for n in s.supersedes if n in said)}))
        said.add(str(s.id))
    return case.standing(statements, ())


def sound(desk: Desk) -> None:
    """What the desk keeps up to date is what the whole case says."""
    case = desk.case
    assert [s.id for s in in_force(case, Scenario())] == [s.id for s in desk._present.standing.in_force]
    expected = at.resolve(case)
    assert expected == desk.resolution
    assert dict(expected.verdicts) == dict(desk.verdicts)
    assert expected.consistent == desk._present.snapshot.consistent
    assert {g: r.held for g, r in expected.gatherings.items()} == desk._present.snapshot.held


# --- against the definitions ----------------------------------------------------------------------------


@examples(1)
@given(st.one_of(asked(), conversations()))
def test_played_through_a_desk_a_case_gives_its_timeline(put: Asked) -> None:
    case = in_turn(put.case)
    entries = {entry.moment: entry for entry in at.timeline(case)}
    turned: list[at.Turn] = []
    with Desk(case.standing((), ())) as desk:
        desk.on_change(turned.append)
        by_moment: dict[datetime | None, list[Statement]] = {}
        for statement in case.statements:
            by_moment.setdefault(case.moment(statement), []).append(statement)
        for moment, statements in by_moment.items():
            for statement in statements:
                assert statement == desk.say(statement)
                sound(desk)
            entry = entries[None if moment is None else moment]
            if entry.resolution.verdicts.keys() == desk.verdicts.keys():
                assert entry.resolution.verdicts == desk.verdicts
                assert entry.resolution.gatherings == desk.resolution.gatherings
        for turn in turned:
            assert turn.before != turn.after == turn.why.verdict


@examples(0.7)
@given(st.one_of(asked(), conversations()), st.data())
def test_whatever_is_said_and_withdrawn_in_whatever_order(put: Asked, data: st.DataObject) -> None:
    statements = list(put.case.statements)
    own = [s.model_copy(update={"supersedes": ()}) for s in statements[: len(statements) // 3]]
    rest = data.draw(st.permutations(statements[len(own) :]))
    said = {str(s.id) for s in own}
    with Desk(put.case.standing(own, ())) as desk:
        for statement in rest:
            known = tuple(n for n in statement.supersedes if n in said)
            desk.say(statement.model_copy(update={"supersedes": known}))
            said.add(str(statement.id))
            sound(desk)
            if data.draw(st.integers(0, 2)) == 2:
                name = data.draw(st.sampled_from(sorted(said)))
                said.remove(name)
                assert name == desk.withdraw(name).id
                sound(desk)


@examples(0.1)
@given(put=st.one_of(asked(), conversations()), data=st.data())
def test_opened_again_a_desk_is_as_it_was(tmp_path_factory: pytest.TempPathFactory, put: Asked, data: Any) -> None:
    file = tmp_path_factory.mktemp("journal") / "desk.journal"
    later = data.draw(
        st.permutations([s.model_copy(update={"id": None, "supersedes": ()}) for s in put.case.statements])
    )
    with Desk(put.case, file) as desk:
        said: Statement | None = None
        for number, statement in enumerate(later):
            standing = said is not None and said in desk.case.statements
            said = desk.say(statement, supersedes=said.id if said and standing and number % 3 == 2 else None)
            if data.draw(st.integers(0, 4)) == 4:
                desk.withdraw(said.id)
            if data.draw(st.integers(0, 4)) == 4:
                desk.tick(f"2025-06-{number + 1:02}")
        before = desk.case, desk.resolution, desk.verdicts, desk._present._words, desk._present.time
    with Desk(journal=file) as desk:
        assert before == (desk.case, desk.resolution, desk.verdicts, desk._present._words, desk._present.time)
        sound(desk)
    with Desk(put.case, file) as desk:
        assert before[0] == desk.case


@pytest.mark.parametrize("seed", SEEDS, ids=lambda file: file.stem)
def test_the_seeds(seed: Path) -> None:
    case = at.load(seed)
    with Desk(case) as desk:
        assert case == desk.case
        assert at.resolve(case) == desk.resolution


# --- what a desk does -----------------------------------------------------------------------------------

TALKS = """
    ann attends only if bob
    cem attends if ann
"""


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk(at.case(TALKS)) as desk:
        yield desk


def test_what_is_said_changes_verdicts(desk: Desk) -> None:
    told: list[str] = []

    @desk.on_change
    def tell(turn: at.Turn) -> None:
        told.append(str(turn))

    assert () == desk.changes
    said = desk.say("bob attends", said="2025-05-14", source="radio")
    assert ("bob.1", date(2025, 5, 14), "radio") == (said.id, said.said, said.source)
    assert told == [str(turn) for turn in desk.changes]
    assert told == [f"{name} at meeting: undetermined -> attends" for name in ("ann", "bob", "cem")]
    assert "“bob attends” (14 May 2025, radio)" in desk.explain("ann").text()
    assert at.Verdict.ABSENT is desk.suppose(assume={"bob": False})["ann"]
    assert at.Verdict.ATTENDS is desk.resolution["ann"]
    assert said == desk.withdraw("bob.1")
    assert 6 == len(told)
    assert 2 == len(desk.case.statements)
    assert "bob.2" == desk.say("bob declines").id
    assert said == desk.statement("bob.1")
    assert desk.statement("nobody.1") is None


def test_a_changed_verdict_keeps_its_reason(desk: Desk) -> None:
    desk.say("bob attends", said="2025-05-14")
    (ann, *_) = desk.changes
    desk.say("bob declines", said="2025-05-15")
    assert at.Verdict.ATTENDS is ann.why.verdict
    assert ("ann.1", "bob.1") == ann.why.statements


def test_a_clock_dates_what_comes_undated() -> None:
    moments = [datetime(2025, 5, 14, hour, tzinfo=UTC) for hour in (9, 10)]
    with Desk(at.case(TALKS), clock=iter(moments).__next__) as desk:
        assert moments[0] == desk.say("bob attends").said
        assert date(2025, 5, 13) == desk.say("bob declines", said="2025-05-13").said
        assert moments[1] == desk.say({"who": "bob", "says": "declines"}).said
        assert at.Verdict.ABSENT is desk.verdicts[at.Attendance("ann", "meeting")]


@pytest.mark.parametrize(
    ("what", "details", "message"),
    [
        ("dan attends", {}, "unknown participant 'dan'\n    dan attends\n    ^^^\n    did you mean ann?"),
        ("ann attends only if dan", {}, "unknown name 'dan'\n    ann attends only if dan\n                        ^^^"),
        ("ann atends", {}, "did you mean attends"),
        ("ann at dinner attends", {}, "unknown gathering 'dinner'\n    ann at dinner attends\n           ^^^"),
        ("ann at meeting attends", {"at": "dinner"}, "the statement says itself what `at` is"),
        ("ann attends", {"id": "ann.1"}, "the id 'ann.1' is given twice"),
        ("ann attends", {"supersedes": "ann.2"}, "supersedes: unknown statement 'ann.2'\n    did you mean ann.1?"),
        ("ann attends", {"id": "x", "supersedes": "x"}, "supersedes: unknown statement 'x'"),
        ("ann attends", {"said": "yesterday"}, "said: expected a date like 2025-05-14"),
        ("ann attends", {"sead": "2025-05-14"}, "unknown key 'sead'\n    did you mean said?"),
        (7, {}, "expected a statement or its text"),
        ({"who": "ann"}, {}, "the key 'says' is missing"),
        ("", {}, "expected"),
        ("ann attends\nbob attends", {}, "expected"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_said(desk: Desk, what: Any, details: Any, message: str) -> None:
    before = desk.case
    with pytest.raises(at.InputError) as refused:
        desk.say(what, **details)
    assert message in str(refused.value)
    assert before == desk.case
    sound(desk)


def test_what_is_withdrawn_is_gone(desk: Desk) -> None:
    desk.say("bob attends")
    desk.withdraw("bob.1")
    with pytest.raises(at.UnknownName, match="withdrawn already"):
        desk.withdraw("bob.1")
    with pytest.raises(at.UnknownName, match=r"did you mean ann\.1"):
        desk.withdraw("ann.2")
    with pytest.raises(at.CaseError, match="given twice"):
        desk.say("bob attends", id="bob.1")
    with pytest.raises(at.CaseError, match=r"'bob\.1' is withdrawn"):
        desk.say("bob attends", supersedes=["bob.1"])


def test_time_does_not_run_backwards(desk: Desk) -> None:
    desk.tick("2025-05-14")
    desk.tick(datetime(2025, 5, 14, tzinfo=UTC))
    with pytest.raises(at.QuestionError, match="time does not run backwards"):
        desk.tick("2025-05-13")
    with pytest.raises(at.QuestionError, match="expected a date"):
        desk.tick("noon")


def test_what_functions_raise_reaches_whoever_spoke_after_all_were_called(desk: Desk) -> None:
    told: list[at.Turn] = []

    @desk.on_change
    def fail(turn: at.Turn) -> None:
        if turn.attendance.participant != "cem":
            raise ValueError(turn.attendance.participant)

    desk.on_change(told.append)
    with pytest.raises(ExceptionGroup) as failed:
        desk.say("bob attends")
    assert ["ann", "bob"] == [str(error) for error in failed.value.exceptions]
    assert 3 == len(told)
    with pytest.raises(ValueError, match="ann"):
        desk.say("ann declines")
    assert at.Verdict.ATTENDS is desk.resolution["bob"]
    sound(desk)


def test_a_function_may_speak_itself(desk: Desk) -> None:
    heard: list[str] = []

    @desk.on_change
    def answer(turn: at.Turn) -> None:
        heard.append(str(turn))
        if turn.attendance.participant == "ann" and turn.after is at.Verdict.ATTENDS:
            assert "cem.2" == desk.say("cem declines").id
            assert 3 > len(heard)  # what that sets off comes after what was set off before

    desk.say("bob attends")
    assert "cem at meeting: attends -> undetermined" == heard[-1]
    sound(desk)


def test_functions_that_set_each_other_off_are_stopped(desk: Desk) -> None:
    def flip(turn: at.Turn) -> None:
        if turn.attendance.participant == "bob":
            desk.withdraw("bob.odd") if desk.statement("bob.odd") else None
            desk.say("bob declines" if turn.after is at.Verdict.ATTENDS else "bob attends", said="2025-05-14",
                     supersedes=[s.id for s in desk.case.statements if s.who == "bob"])  # fmt: skip

    desk.on_change(flip)
    with patch("attendance.live.desk.MOST_ACTS", 50), pytest.raises(at.DeskError, match="set each other off"):
        desk.say("bob attends", said="2025-05-14")
    sound(desk)


def test_a_closed_desk_says_so(desk: Desk) -> None:
    desk.close()
    desk.close()
    with pytest.raises(at.DeskError, match="closed"):
        desk.say("bob attends")
    with pytest.raises(at.DeskError, match="closed"):
        _ = desk.resolution


def test_a_journal_is_of_one_case(tmp_path: Path) -> None:
    with pytest.raises(at.DeskError, match="a desk needs a case"):
        Desk(journal=tmp_path / "new")
    with Desk(at.case(TALKS), tmp_path / "talks"), pytest.raises(at.JournalBusy):
        Desk(at.case(TALKS), tmp_path / "talks")
    with pytest.raises(at.DeskError, match="another case"):
        Desk(at.case("ann attends"), tmp_path / "talks")
    with pytest.raises(at.QuestionError, match="expected a case"):
        Desk("talks.yaml")  # type: ignore[arg-type]
    with Desk(at.case(TALKS), tmp_path / "talks") as desk:
        assert at.case(TALKS) == desk.case


def test_interrupted_while_it_takes_something_in_a_desk_reads_it_again(desk: Desk) -> None:
    with (
        patch("attendance.live.verdicts.Verdicts.take", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        desk.say("bob attends")
    assert at.Verdict.ATTENDS is desk.resolution["ann"]
    sound(desk)
    assert "bob.2" == desk.say("bob declines").id


def test_many_threads_speak_in_one_order(tmp_path: Path) -> None:
    case = at.Case(participants=[f"p{i}" for i in range(8)])
    each = 1000 if os.environ.get("ATTENDANCE_THOROUGH") else 100
    told: list[at.Turn] = []
    acknowledged: list[list[Statement]] = [[] for _ in range(8)]

    def speak(number: int) -> None:
        for i in range(each):
            says = (
                "attends",
                f"attends only if p{(number + i) % 8}",
                "declines if p0",
                "attends if at least 3 of everyone",
            )
            text = f"p{number} {says[i % 4]}"
            acknowledged[number].append(desk.say(text, said=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=i)))

    with Desk(case, tmp_path / "journal") as desk:
        desk.on_change(told.append)
        threads = [Thread(target=speak, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 8 * each == len(desk.case.statements)
        for number, several in enumerate(acknowledged):
            assert several == [s for s in desk.case.statements if s.who == f"p{number}"]
        sound(desk)
        verdicts, whole = desk.verdicts, desk.case
    with Desk(journal=tmp_path / "journal") as again:
        assert whole == again.case
        assert verdicts == again.verdicts
    now = dict.fromkeys(verdicts, at.Verdict.UNDETERMINED)
    for turn in told:  # every change follows on the one before it
        assert now[turn.attendance] is turn.before
        now[turn.attendance] = turn.after
    assert now == dict(verdicts)


@pytest.mark.parametrize("length", [150, 197, 198, 199, 200])
def test_ids_of_very_long_names_are_read_again(tmp_path: Path, length: int) -> None:
    name = "n" * length
    with Desk(at.Case(participants=[name]), tmp_path / "journal") as desk:
        for number in range(11):
            desk.say(f"{name} attends", said=date(2025, 5, number + 1))
        before = desk.case, desk.verdicts
    with Desk(journal=tmp_path / "journal") as desk:
        assert before == (desk.case, desk.verdicts)


@pytest.mark.parametrize(
    ("act", "verdict"),
    [
        (lambda desk: desk.say("bob declines", said="2025-06-02"), "absent"),
        (lambda desk: desk.withdraw("bob.1"), "undetermined"),
        (lambda desk: desk.tick("2025-06-02"), "attends"),
    ],
    ids=["say", "withdraw", "tick"],
)
def test_interrupted_between_the_journal_and_the_desk_it_reads_again(desk: Desk, act: Any, verdict: str) -> None:
    desk.say("bob attends", said="2025-06-01")
    append = desk._journal.append

    def cut(*arguments: Any, **keywords: Any) -> None:
        append(*arguments, **keywords)
        raise KeyboardInterrupt

    desk._journal.append = cut  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        act(desk)
    desk._journal.append = append  # type: ignore[method-assign]
    desk.say("cem might attend")
    sound(desk)
    assert verdict == desk["bob"]


def test_entries_that_no_desk_writes_are_refused(tmp_path: Path) -> None:
    for number, (kind, body) in enumerate(
        (
            ("withdraw", {"id": "nobody.1"}),
            ("withdraw", {}),
            ("say", {"id": "x", "who": "zoe", "says": "attends"}),
            ("say", {"id": "x", "who": "ann", "says": "attends only if zoe"}),
            ("say", {"who": 5}),
            ("tick", {}),
            ("tick", {"now": "soon"}),
        )
    ):
        file = tmp_path / str(number)
        Desk(at.case(TALKS), file).close()
        with Journal(file) as journal:
            journal.append(kind, body)
        with pytest.raises(at.JournalError, match="entry 2 of the journal is none that a desk writes"):
            Desk(journal=file)


def test_what_listens_must_be_a_function(desk: Desk) -> None:
    for ask in (desk.on_change, desk.on_alert, desk.on_say, desk.on_withdraw, desk.on_fact):
        with pytest.raises(at.InputError, match="expected a function, not 5"):
            ask(5)  # type: ignore[arg-type]
    with pytest.raises(at.InputError, match="expected a function"):
        Desk(at.case(TALKS), clock=5)  # type: ignore[arg-type]


def test_everything_is_told_to_functions(desk: Desk) -> None:
    told: list[str] = []
    desk.on_say(lambda s: told.append(f"said {s.id}"))
    desk.on_withdraw(lambda s: told.append(f"withdrawn {s.id}"))
    desk.on_fact(lambda fact: told.append(str(fact["kind"])))
    desk.on_change(lambda turn: told.append(turn.attendance.participant))
    desk.say("bob attends")
    facts = ["statement", "change", "change", "change", "tally", "held"]
    assert ["said bob.1", "ann", "bob", "cem", *facts] == told
    told.clear()
    desk.withdraw("bob.1")
    assert ("withdrawn bob.1", "withdrawal") == (told[0], told[4])
