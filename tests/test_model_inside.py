"""The rooms of the model at their edges: limits, order, places of mistakes, and what is told of them."""

import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timezone, tzinfo
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import attendance as at
from attendance.errors import CaseError, InputError, LanguageError, Problem
from attendance.model import checking, nesting
from attendance.model.case import Case
from attendance.model.conditions import ALWAYS, Name, placed_leaves
from attendance.model.draft import problem, utc, zone
from attendance.model.expectation import Expectation
from attendance.model.language import locate, parse_condition, parse_statement
from attendance.model.participants import Attendance, Fact, Participant, parse_address
from attendance.model.positions import alone, in_force, replayed
from attendance.model.roster import attendance_of
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.model.warnings import warnings
from attendance.model.words import MAX_TEXT, Token, fold, quote, scripts, tokens

MEETING, DINNER = {"id": "meeting"}, {"id": "dinner"}


def case(*people: str, **keys: Any) -> Case:
    return Case(participants=people, **keys)


def problems(make: Any) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        make()
    return caught.value.problems


def statement(who: str, says: str = "attends", **keys: Any) -> Statement:
    return Statement(who=who, says=says, **keys)


# --- words ------------------------------------------------------------------------------------------


def test_names_are_alike_however_wide_or_tall_their_letters_are() -> None:
    assert fold("Ann") == fold("\uff21nn") == fold("ANN") == fold("a nn")


@pytest.mark.parametrize("name", ["_é", "ne\u0301e", "न\u093e", "é5", "éⅣ"])
def test_words_of_all_scripts_need_no_quotes(name: str) -> None:
    assert quote(name) == name
    assert [name, ""] == [t.text for t in tokens(name)]


@pytest.mark.parametrize("name", ["é+", "é x", "é²"])
def test_other_signs_need_quotes(name: str) -> None:
    assert quote(name) == f'"{name}"'


def test_the_longest_text_is_read() -> None:
    longest = "ann" + " " * (MAX_TEXT - 3)
    assert [Token("word", "ann", 0, 3), Token("end", "", 3, 3)] == tokens(longest)
    with pytest.raises(LanguageError, match="the text has 20001 characters; at most 20000 are read") as caught:
        tokens(longest + " ")
    assert (MAX_TEXT, MAX_TEXT + 1) == (caught.value.start, caught.value.end)


def test_a_backslash_stands_before_quotes_and_backslashes_alone() -> None:
    assert [r"""a\"'""", ""] == [t.text for t in tokens(r'''"a\\\"\'"''')]
    with pytest.raises(LanguageError, match="a backslash in quotes stands only before a quote or a backslash"):
        tokens(r'"a\X"')


def test_letters_are_of_scripts() -> None:
    assert scripts("ann") == scripts("12\u00b2") == []
    assert scripts("Aé") == ["Latin"]
    assert scripts("\u0410a") == ["Cyrillic", "Latin"]
    assert scripts("\u1f88a") == ["Greek", "Latin"]
    assert scripts("a\u0430\u03b1") == ["Cyrillic", "Greek", "Latin"]
    assert scripts("\u4e2d\u3042\u30a2\uac00") == ["Cjk"]
    assert scripts("\u05d0\uff41") == ["Hebrew", "Latin"]
    assert scripts("\U00017000") in (["Unknown"], ["Tangut"])  # not every Python knows its name


# --- language and nesting ---------------------------------------------------------------------------


def test_brackets_that_are_closed_count_no_more() -> None:
    deepest = "(" * 100 + "a" + ")" * 100
    for before in ("(a)", "((a))", "(a) and (a) and (a)"):
        assert parse_condition(f"{before} and {deepest}") is not None
        with pytest.raises(LanguageError, match="conditions can be nested 100 deep at most"):
            parse_condition(f"{before} and ({deepest})")


def test_a_hundred_nots_are_read() -> None:
    assert parse_condition("not " * 100 + "a") == parse_condition("not " * 98 + "not (not a)")
    with pytest.raises(LanguageError, match="conditions can be nested 100 deep at most"):
        parse_condition("not " * 101 + "a")


@pytest.mark.parametrize("crowd", ["everyone", "others"])
def test_a_crowd_alone_is_no_condition(crowd: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_condition(crowd)
    assert f"'{crowd}' alone is not a condition" == caught.value.problem
    assert f"say how many: 'all of {crowd}', 'at least 3 of {crowd}'" == caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("ann attends iff bob", "did you mean if and only if?"),
        ("ann attends unles bob", "did you mean unless?"),
        ("ann declines iff bob", "did you mean if?"),
        ("ann attends and bob", None),
        ("ann attends at meeting", "put 'at' after the name, as in 'zelensky at ankara attends'"),
    ],
)
def test_what_was_meant_by_another_link(text: str, hint: str | None) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_statement(text)
    assert hint == caught.value.hint


def test_a_part_of_a_text_is_found_where_it_stands_first() -> None:
    assert locate("a if 2 of b", "b") == (10, 11)
    assert locate("x or not  a and not a", "not a") == (5, 11)
    assert locate("x or not a", "not b") == locate("x or not a", "") == (0, 10)


@pytest.mark.parametrize(
    ("text", "brackets"),
    [("a and b", 0), ("not (a and b)", 1), ("not (a or b)", 1), ("a and (b or c)", 1), ("not (a and (b or c))", 2)],
)
def test_brackets_are_counted_as_the_text_has_them(text: str, brackets: int) -> None:
    condition = parse_condition(text)
    assert text == str(condition)
    assert brackets == max(found for _, found, _ in nesting.depths(condition))


def test_as_many_parts_are_taken_as_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    condition = parse_condition("a and b")
    monkeypatch.setattr(nesting, "MAX_PARTS", 3)
    assert nesting.misfit(condition) is None
    monkeypatch.setattr(nesting, "MAX_PARTS", 2)
    assert nesting.misfit(condition) == "a condition has at most 2 parts"


def test_always_names_nobody() -> None:
    assert list(placed_leaves(ALWAYS, "dinner")) == []
    assert list(placed_leaves(ALWAYS | Name("a"), "dinner")) in ([], [("dinner", Name("a"))])


# --- values -----------------------------------------------------------------------------------------


def test_a_value_is_made_of_attributes_where_that_is_asked_for() -> None:
    assert Fact.model_validate(SimpleNamespace(id="f"), from_attributes=True) == Fact(id="f")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Participant.model_validate({"id": "ann", "tag": "x"}),
        lambda: Participant.model_validate_json('{"id": "ann", "tag": "x"}'),
    ],
)
def test_a_key_that_nobody_knows_is_told_with_the_nearest(make: Any) -> None:
    (found,) = problems(make)
    assert ("unknown key 'tag'", ("tag",), "did you mean tags?") == (found.message, found.path, found.hint)


def test_a_missing_key_is_told_where_it_is_missing() -> None:
    (found,) = problems(lambda: Case(participants=["ann", {}]))
    assert ("the key 'id' is missing", ("participants", 1)) == (found.message, found.path)


def test_what_texts_make_is_a_value_like_others() -> None:
    found = Participant.of_texts({"id": "ann", "name": "Ann"})
    assert found is not None
    assert found.__getstate__() == Participant(id="ann", name="Ann").__getstate__()


class Nowhere(tzinfo):
    """A zone that says nothing."""

    def utcoffset(self, _: datetime | None) -> None:
        return None

    tzname = dst = utcoffset  # type: ignore[assignment]


def test_a_zone_that_says_nothing_is_none() -> None:
    assert statement("ann", said=datetime(2025, 5, 1, tzinfo=Nowhere())).said.tzinfo is None  # type: ignore[union-attr]


def test_a_set_of_anything_is_judged_one_by_one() -> None:
    assert Scenario(withdraw={"b", "a"}).withdraw == ("a", "b")
    (found,) = problems(lambda: Scenario(withdraw={"a", 1}))
    assert "expected a name, not 1" == found.message


def test_one_condition_is_a_list_of_one() -> None:
    assert Scenario(given=at.attends("ann")).given == (Name("ann"),) == Scenario(given="ann").given


def test_the_longest_address_is_taken() -> None:
    longest = "mailto:" + "a" * 993
    assert longest == parse_address(longest)
    with pytest.raises(ValueError, match="address"):
        parse_address(longest + "a")


def test_a_scenario_says_what_it_supposes() -> None:
    scenario = Scenario(
        assume={"ann": True, "bob": False},
        given=["cem", "not dai"],
        add=["eve attends"],
        withdraw=["x.1", "y.1"],
        believe=["press"],
        disbelieve=["rumour"],
        as_of=date(2025, 5, 1),
        reading="literal",
        founded=True,
    )
    assert str(scenario) == (
        "assumed: ann = yes, bob = no; given: “cem”, “not dai”; without: x.1, y.1; added: “eve attends”; "
        "believed only: press; not believed: rumour; as of 1 May 2025; to the letter; "
        "nobody comes on a circle of promises alone"
    )
    assert str(Scenario(reading="conversational", founded=False)) == ""


def test_the_time_is_told_where_there_is_one() -> None:
    assert "as of 1 May 2025 10:30" == str(Scenario(as_of=datetime(2025, 5, 1, 10, 30)))


def test_a_value_shows_what_is_not_as_usual() -> None:
    assert "Participant(id='ann')" == repr(Participant(id="ann"))
    assert "Statement(who='ann', says='attends if bob', said=datetime.date(2025, 5, 1))" == repr(
        statement("ann", "attends if bob", said="2025-05-01")
    )
    assert "Scenario(assume=(('ann', True),), reading='literal')" == repr(
        Scenario(assume={"ann": "yes"}, reading="literal")
    )


def test_no_expected_answers_are_none() -> None:
    assert case("ann", expect=None).expect == ()


def test_all_expected_answers_that_are_none_are_told() -> None:
    found = problems(lambda: case("ann", expect={"": 5, "s": "x", "t": {"ann": "comes"}}))
    assert [("expect", ""), ("expect", "s"), ("expect", "t", "ann")] == [p.path for p in found]


# --- times ------------------------------------------------------------------------------------------


@pytest.fixture
def zones(tmp_path: Path) -> Iterator[Path]:
    zoneinfo.reset_tzpath(to=[tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    yield tmp_path
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


def test_no_zone_of_the_machine_is_taken(zones: Path) -> None:
    tokyo = files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").read_bytes()
    for name in ("localtime", "Mine"):
        (zones / name).write_bytes(tokyo)
    assert zone("localtime") is None
    assert zone("posixrules") is None
    assert zone("Mine") is not None


def test_utc_is_utc_on_every_machine() -> None:
    moment = utc(datetime(2025, 5, 1, 3, tzinfo=timezone(date.resolution / 8)))
    assert datetime(2025, 5, 1, 0, tzinfo=UTC) == moment
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [
        ("2025-05-01T10:00", "2025-05-01T02:00Z", True),
        ("2025-05-01T10:00", "2025-05-01T00:30Z", False),
        ("2025-05-01T02:00Z", "2025-05-01T10:00", False),
        ("2025-05-01T00:30Z", "2025-05-01T10:00", True),
    ],
)
def test_a_time_without_a_zone_is_by_the_clocks_of_the_case(start: str, end: str, right: bool) -> None:
    def make() -> Case:
        return case("ann", timezone="Asia/Tokyo", gatherings=[{"id": "talks", "start": start, "end": end}])

    if right:
        assert make()
    else:
        assert ["talks ends before it starts"] == [p.message for p in problems(make)]


# --- references and declarations --------------------------------------------------------------------


def test_what_is_declared_twice_is_told_by_its_name() -> None:
    (found,) = problems(lambda: case("ann", "ann"))
    assert ("the participant 'ann' is declared twice", "ann") == (found.message, found.word)


@pytest.mark.parametrize("key", ["of", "tags"])
def test_tags_that_look_alike_are_told_where_they_stand(key: str) -> None:
    people = [{"id": "ann", key: ["EU"]}, {"id": "bob", key: ["eu"]}]
    (found,) = problems(lambda: Case(participants=people))
    assert ("participants", "bob", key) == found.path


def test_a_group_is_guessed_by_its_display_name() -> None:
    groups = {"f": {"name": "The Friends", "members": ["ann"]}, "g": ["The friends"]}
    (found,) = problems(lambda: case("ann", groups=groups))
    assert ("unknown participant or group 'The friends'", "did you mean f?") == (found.message, found.hint)


def test_mistakes_in_rules_are_told_by_their_number() -> None:
    (found,) = problems(lambda: case("ann", rules=["ann", "bob"]))
    assert ("rules", 1, "rule") == found.path


def test_an_answer_that_is_expected_twice_is_told_at_its_key() -> None:
    made = case("ann", expect=[Expectation(scenario="", about="ann", verdict="attends")])
    (found,) = checking.problems(replace(made.draft, expect=made.draft.expect * 2))
    assert ("this answer is expected twice", True) == (found.message, found.about_key)


def test_the_deepest_condition_can_read_a_gathering() -> None:
    gatherings = [MEETING, {"id": "dinner", "held_if": "ann at meeting"}]
    made = case("ann", gatherings=gatherings, rules=["not " * 100 + "meeting"])
    assert len(made.rules) == 1


def test_others_mean_nobody_in_a_rule() -> None:
    (found,) = problems(lambda: case("ann", rules=["at least 1 of others"]))
    assert ("others", "at least 1 of others", 14, 20) == (found.word, found.text, found.start, found.end)


def test_what_has_no_weight_is_shown_in_its_sum() -> None:
    people = [{"id": "ann", "weights": {"w": 1}}]
    (found,) = problems(lambda: Case(participants=people, facts=["f"], rules=["w of (ann, f) at least 1"]))
    assert "only participants have a weight 'w', not 'f'" == found.message
    assert ("w of (ann, f) at least 1", 11, 12) == (found.text, found.start, found.end)


@pytest.mark.parametrize(
    ("people", "hint"),
    [
        ([], "known are: meeting"),
        (["p x", "q"], 'known are: "p x", q, meeting'),
        ([f"p{i}" for i in range(11)], f"known are: {', '.join(f'p{i}' for i in range(11))}, meeting"),
        ([f"p{i}" for i in range(12)], None),
    ],
)
def test_a_few_known_names_are_told(people: list[str], hint: str | None) -> None:
    (found,) = problems(lambda: case(*people, rules=["zzzzzzzz"]))
    assert ("unknown name 'zzzzzzzz'", hint) == (found.message, found.hint)


def test_where_to_declare_what_nothing_is_yet() -> None:
    (found,) = problems(lambda: case(gatherings=[{"id": "meeting", "invited": ["ann"]}]))
    assert "no participant is declared yet: declare it under 'participants'" == found.hint
    (found,) = problems(lambda: case("ann", rules=["bob is represented"]))
    assert "no group is declared yet: declare it under 'groups'" == found.hint


def test_a_problem_without_a_word_has_no_text() -> None:
    assert problem("no", ("rules",), "a or b") == Problem("no", ("rules",))
    assert problem("no", ("rules",), "a or b", "b") == Problem("no", ("rules",), "a or b", 5, 6, word="b")


def test_sources_that_a_scenario_of_a_call_brings_can_be_believed_after_it() -> None:
    brought = Scenario(add=[statement("ann", source="press")])
    asked = case("ann").scenario(brought, Scenario(believe="press"))
    assert ("press",) == asked.believe
    with pytest.raises(CaseError, match="no statement has the source 'press'"):
        case("ann").scenario(None, Scenario(believe="press"))


def test_ids_go_on_after_those_that_a_scenario_of_a_call_brings() -> None:
    made = case("ann", statements=[statement("ann")])
    brought = Scenario(add=[statement("ann", "declines")])
    with pytest.raises(CaseError, match=r"the id 'ann\.2' is given twice"):
        made.scenario(brought, Scenario(add=[statement("ann", id="ann.2")]))


# --- plain statements -------------------------------------------------------------------------------


def test_mistakes_of_one_line_are_told_from_left_to_right() -> None:
    found = problems(lambda: at.case("f at there attends\n@", facts="f"))
    assert [(1, 1), (1, 6), (2, 1)] == [(p.line, p.column) for p in found]
    assert {"<text>"} == {p.file for p in found}


def test_only_blanks_end_a_line() -> None:
    assert ["ann", "X"] == [p.id for p in at.case("ann attends if X").participants]
    (found,) = problems(lambda: at.case("ann attends\x0c"))
    assert "the character U+000C is not allowed" == found.message


def test_arrows_say_who_waits() -> None:
    arrows = at.case("ann waits for bob\ncem attends if dai").diagram.arrows
    assert ["", "waits"] == sorted(arrow.label for arrow in arrows)


# --- who is counted where ---------------------------------------------------------------------------


def test_at_the_only_gathering_those_invited_are_counted() -> None:
    assert {"meeting": ("ann",)} == case("ann", "bob", gatherings=[{"id": "meeting", "invited": ["ann"]}]).counted
    assert {"meeting": ("ann", "bob")} == case("ann", "bob").counted


def test_whoever_is_named_besides_is_counted_there() -> None:
    made = case("ann", "bob", gatherings=[MEETING, DINNER])
    assert {"meeting": ("ann", "bob"), "dinner": ()} == made.counted
    assert {"meeting": ("ann",), "dinner": ("bob",)} == made.standing((), [("bob", "dinner")]).counted


def test_a_name_alone_is_assumed_wherever_they_are_counted() -> None:
    made = case("ann", "bob", gatherings=[MEETING, DINNER])
    assert {"meeting": ("ann", "bob"), "dinner": ()} == made.counting([Scenario(assume={"bob": True})])
    supposed = Scenario(assume={"bob": True, "bob at dinner": True})
    assert {"meeting": ("ann",), "dinner": ("bob",)} == made.counting([supposed])
    with pytest.raises(
        CaseError, match="'bob' alone is bob at dinner here: say 'bob at meeting' if they come there too"
    ):
        made.scenario(None, Scenario(assume={"bob": True, "bob at dinner": False}))


def test_what_is_expected_of_no_names_is_told_of_each() -> None:
    with pytest.raises(CaseError) as caught:
        at.loads('{participants: [ann], expect: {"": {a b: attends, c d: attends}}}')
    assert ["'a b'", "'c d'"] == [found.message[:5] for found in caught.value.problems]


def test_one_attendance_is_assumed_both_ways_under_two_spellings() -> None:
    made = case("ann", "bob", gatherings=[MEETING, DINNER])
    with pytest.raises(CaseError, match="'bob at dinner' is assumed both ways") as caught:
        made.scenario(None, Scenario(assume={'"bob" at dinner': True, "bob at dinner": False}))
    assert [None] == [found.hint for found in caught.value.problems]


@pytest.mark.parametrize("said", [{"given": "bob"}, {"add": [statement("bob")]}])
def test_whom_a_scenario_names_is_counted_at_the_first_gathering(said: dict[str, Any]) -> None:
    made = case("ann", "bob", gatherings=[MEETING, DINNER], statements=[statement("bob", at="dinner")])
    assert {"meeting": ("ann",), "dinner": ("bob",)} == made.counted
    assert {"meeting": ("ann", "bob"), "dinner": ("bob",)} == made.counting([Scenario(**said)])


def test_what_is_no_name_is_nobody() -> None:
    made = case("ann")
    assert attendance_of(made.roster, made.counted, "ann at") is None
    assert attendance_of(made.roster, made.counted, "ann") == Attendance("ann", "meeting")


# --- positions --------------------------------------------------------------------------------------


def test_what_is_said_of_one_gathering_replaces_nothing_at_another() -> None:
    said = [
        statement("ann", "declines", said="2025-05-01", at="dinner"),
        statement("ann", said="2025-05-02", at="meeting"),
        statement("ann", "might attend", said="2025-05-03"),
    ]
    made = case("ann", gatherings=[MEETING, DINNER], statements=said)
    assert ["ann.1", "ann.3"] == [s.id for s in in_force(made, Scenario())]


def test_those_of_whom_one_thing_is_said_are_apart() -> None:
    made = at.case("ann attends\nbob attends\nann declines\ncem waits for ann")
    found, rest = alone(made, made.statements)
    assert {"meeting": {"bob": made.statements[1]}} == found
    assert [made.statements[0], *made.statements[2:]] == rest


def test_what_is_undated_comes_before_all_time() -> None:
    said = [statement("ann", said="0001-01-01T00:00Z"), statement("bob")]
    made = case("ann", "bob", statements=said)
    assert [None, datetime(1, 1, 1, tzinfo=UTC)] == [moment for moment, _, _ in replayed(made, Scenario())]


# --- warnings ---------------------------------------------------------------------------------------

EMPTY = {"id": "dinner", "invited": []}


@pytest.mark.parametrize("rule", ["dinner is held", "dinner", "at most 1 of everyone at dinner"])
@pytest.mark.parametrize("quorum", [{}, {"held_if": "ann at meeting"}])
def test_a_gathering_that_a_rule_reads_is_not_idle(rule: str, quorum: dict[str, str]) -> None:
    def made(*rules: str) -> list[str]:
        return list(warnings(case("ann", gatherings=[MEETING, EMPTY | quorum], rules=["ann", *rules])))

    assert ["nothing reads the gathering dinner: use it in a condition, or leave it out"] == made()
    assert [] == made(rule)


def test_whoever_speaks_or_is_spoken_of_is_not_idle() -> None:
    assert [] == list(warnings(case("ann", "bob", statements=[statement("bob", by="ann")])))
    (told,) = warnings(case("ann", "bob", statements=[statement("bob")]))
    assert told.startswith("nobody speaks of ann,")


@pytest.mark.parametrize("rule", ["meeting", "meeting is held", "at least 1 of everyone"])
def test_whoever_makes_a_gathering_held_is_not_idle(rule: str) -> None:
    assert [] == list(warnings(case("ann", "bob", rules=[rule])))


@pytest.mark.parametrize(("number", "listed"), [(1, "p0"), (5, "p0, p1, p2, p3, p4"), (6, "p0, p1, p2, p3, 2 more")])
def test_up_to_five_names_are_listed(number: int, listed: str) -> None:
    (told,) = warnings(case(*(f"p{i}" for i in range(number))))
    assert told.startswith(f"nobody speaks of {listed}, and nothing hangs on their coming")


def test_a_vast_condition_is_not_shown() -> None:
    deep = parse_condition("a")
    for _ in range(101):
        deep = ~(deep & "b")
    assert repr(deep) == "<conditions can be nested 100 deep at most>"
    with pytest.raises(InputError, match="nested 100 deep"):
        str(deep)
    assert repr(parse_condition("a and b")) == "condition('a and b')"
