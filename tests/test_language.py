"""The language: what text means, that what is printed reads the same, and where its limits are."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.model.conditions import (
    ALWAYS,
    NEVER,
    And,
    Condition,
    Crowd,
    Held,
    Name,
    Not,
    Or,
    Quantifier,
    Represented,
    Selection,
    Tally,
)
from attendance.model.language import Spoken, locate, parse_condition, parse_place, parse_saying, parse_statement
from attendance.model.sayings import Attends, Declines, Link, Might, Saying, Sends, WaitsFor
from attendance.model.words import Token, is_identifier, name_problem, quote, tokens
from tests.trees import any_names, conditions, examples, names, sayings, spoken

A, B, C = Name("a"), Name("b"), Name("c")


def some(*items: Condition | Crowd, at: str | None = None) -> Selection:
    return Selection(items, at)


def tally(relation: str, quota: str, *items: Condition | Crowd, **more: object) -> Tally:
    place = more.pop("at", None)
    return Tally(relation, Decimal(quota), Selection(items, place), **more)


# --- what text means --------------------------------------------------------------------------------

MEANINGS = {
    "a": A,
    "a attends": A,
    "a is absent": Not(A),
    "not a": Not(A),
    "not a is absent": Not(Not(A)),
    "a at g": Name("a", "g"),
    "a attends at g": Name("a", "g"),
    "a at g attends": Name("a", "g"),
    "a is absent at g": Not(Name("a", "g")),
    "a at g is absent": Not(Name("a", "g")),
    '"a b" at "c d"': Name("a b", "c d"),
    "'it\\'s'": Name("it's"),
    '"a\\"b\\\\c"': Name('a"b\\c'),
    "g is represented": Represented("g"),
    "g is represented at h": Represented("g", "h"),
    "g at h is represented": Represented("g", "h"),
    "g is held": Held("g"),
    "always": ALWAYS,
    "never": NEVER,
    "not always": Not(ALWAYS),
    "not not a": Not(Not(A)),
    "a and b or c": Or((And((A, B)), C)),
    "a or b and c": Or((A, And((B, C)))),
    "(a or b) and c": And((Or((A, B)), C)),
    "a and (b and c)": And((A, B, C)),
    "a or (b or c) or a": Or((A, B, C, A)),
    "not a and b": And((Not(A), B)),
    "not (a and b)": Not(And((A, B))),
    "((a))": A,
    "at least 2 of (a, b)": tally("at least", "2", A, B),
    "at most 2 of (a, b)": tally("at most", "2", A, B),
    "exactly 2 of (a, b)": tally("exactly", "2", A, B),
    "not at least 2 of (a, b)": Not(tally("at least", "2", A, B)),
    "at least 0 of a": tally("at least", "0", A),
    "at least 50% of everyone": tally("at least", "50", Crowd("everyone"), percent=True),
    "at least 33.3 % of everyone": tally("at least", "33.3", Crowd("everyone"), percent=True),
    "at least 2 of everyone at g": tally("at least", "2", Crowd("everyone", "g")),
    "at least 2 of others at g": tally("at least", "2", Crowd("others", "g")),
    "at least 2 of (everyone at g, a)": tally("at least", "2", Crowd("everyone", "g"), A),
    "at least 2 of (a, b) at g": tally("at least", "2", A, B, at="g"),
    "at least 1 of (a) at g": tally("at least", "1", Name("a", "g")),
    "at least 1 of a at g": tally("at least", "1", Name("a", "g")),
    "at least 1 of (a at g)": tally("at least", "1", Name("a", "g")),
    "at least 55 of everyone and a": And((tally("at least", "55", Crowd("everyone")), A)),
    "all of (a, (b and c))": Quantifier("all", some(A, And((B, C)))),
    "all of (a, not b)": Quantifier("all", some(A, Not(B))),
    "all of (a, b is absent, g is held)": Quantifier("all", some(A, Not(B), Held("g"))),
    "any of g": Quantifier("any", some(Name("g"))),
    "none of (a, b)": Quantifier("none", some(A, B)),
    "a majority of everyone": Quantifier("a majority", some(Crowd("everyone"))),
    "majority of everyone": Quantifier("a majority", some(Crowd("everyone"))),
    "a and a majority of b": And((A, Quantifier("a majority", some(B)))),
    "co2 of annex1 at least 55%": tally("at least", "55", Name("annex1"), weight="co2", percent=True),
    "co2 of (a, b) at most 0.5": tally("at most", "0.5", A, B, weight="co2"),
    "seats of everyone at g exactly 12": tally("exactly", "12", Crowd("everyone", "g"), weight="seats"),
    "a of b at least 1": tally("at least", "1", B, weight="a"),
    "any of (any of (a, b), c)": Quantifier("any", some(Quantifier("any", some(A, B)), C)),
    "x-1 and _y": And((Name("x-1"), Name("_y"))),
    "Zoë or 王毅": Or((Name("Zoë"), Name("王毅"))),
    "attend": Name("attend"),
    "\ta\r\n and\n\nb ": And((A, B)),
    '"a"and"b"': And((A, B)),
}


@pytest.mark.parametrize(("text", "tree"), MEANINGS.items(), ids=[ascii(text) for text in MEANINGS])
def test_what_a_condition_means(text: str, tree: Condition) -> None:
    assert tree == at.condition(text)


SAYINGS = {
    "attends": Attends(),
    "attends if a": Attends(Link.IF, A),
    "attends only if a": Attends(Link.ONLY_IF, A),
    "attends if and only if a": Attends(Link.IF_AND_ONLY_IF, A),
    "attends unless a": Attends(Link.UNLESS, A),
    "attends only if a and b": Attends(Link.ONLY_IF, And((A, B))),
    "declines": Declines(),
    "declines if a": Declines(Link.IF, A),
    "declines unless a": Declines(Link.UNLESS, A),
    "might attend": Might(),
    "might attend if a": Might(Link.IF, A),
    "might attend only if a": Might(Link.ONLY_IF, A),
    "might attend unless a": Might(Link.UNLESS, A),
    "sends b": Sends(("b",)),
    "sends b, c": Sends(("b", "c")),
    "sends b, b": Sends(("b",)),
    "sends b, c if a": Sends(("b", "c"), A),
    "waits for a": WaitsFor((A,)),
    "waits for a, b at g": WaitsFor((A, Name("b", "g"))),
}


@pytest.mark.parametrize(("text", "saying"), SAYINGS.items(), ids=SAYINGS)
def test_what_is_said(text: str, saying: Saying) -> None:
    assert saying == at.saying(text)
    assert Spoken("x", "y", saying) == parse_statement(f"x at y {text}")


PREFERRED = {
    "prefers 3..7": "attends only if at least 3 of everyone and at most 7 of everyone",
    "PREFERS 3 .. 7": "attends only if at least 3 of everyone and at most 7 of everyone",
    "prefers 0..2": "attends only if at least 0 of everyone and at most 2 of everyone",
    "prefers 3..": "attends only if at least 3 of everyone",
    "prefers ..7": "attends only if at most 7 of everyone",
    "prefers 4": "attends only if exactly 4 of everyone",
    "prefers 4..4": "attends only if exactly 4 of everyone",
}


@pytest.mark.parametrize(("text", "printed"), PREFERRED.items(), ids=PREFERRED)
def test_how_large_a_party_is_preferred(text: str, printed: str) -> None:
    assert printed == str(at.saying(text))
    assert Spoken("prefers", "y", at.saying(printed)) == parse_statement(f"prefers at y {text}")


NOT_PREFERRED = {
    "prefers": (7, 8, "expected how many, as in 'prefers 3..7', but the text ends here", None),
    "prefers ..": (10, 11, "expected how many, as in 'prefers 3..7', but the text ends here", None),
    "prefers few": (8, 11, "expected how many, as in 'prefers 3..7', but found 'few'", None),
    "prefers 7..3": (8, 12, "the smaller number comes first", "say 'prefers 3..7'"),
    "prefers 0": (8, 9, "whoever comes is one already", "say 'declines'"),
    "prefers 0..0": (8, 12, "whoever comes is one already", "say 'declines'"),
    "prefers 1.5..2": (8, 11, "people are counted in whole numbers", None),
    "prefers 3 of everyone": (10, 12, "expected how many, as in 'prefers 3..7', and the end, but found 'of'", None),
    "prefer 3": (
        0,
        6,
        "expected what is said: attends, declines, might attend, prefers, sends or waits for, but found 'prefer'",
        "did you mean prefers?",
    ),
}


@pytest.mark.parametrize(("text", "told"), NOT_PREFERRED.items(), ids=NOT_PREFERRED)
def test_what_is_not_preferred(text: str, told: tuple[int, int, str, str | None]) -> None:
    with pytest.raises(at.LanguageError) as caught:
        at.saying(text)
    error = caught.value
    assert told == (error.start, error.end, error.problem, error.hint)


PRINTED = {
    "a attends": "a",
    "a is absent": "not a",
    "a attends at g": "a at g",
    "a at g is represented": "a at g is represented",
    "g is represented at h": "g at h is represented",
    "majority of a": "a majority of a",
    "NOT a AND ALL OF (b)": "not a and all of b",
    "at least 02.50% of (a,b)": "at least 2.5% of (a, b)",
    "'a'": "a",
    "'not'": '"not"',
    "'_a'": "_a",
    "'a\u2163'": "a\u2163",
    "'X\u00e9'": "X\u00e9",
    "'a b'": '"a b"',
    "'say \"x\"'": '"say \\"x\\""',
    "(a) and ((b) or (c))": "a and (b or c)",
    "all of (a) at g": "all of a at g",
    "all of (not a) at g": "all of (not a) at g",
    "all of (everyone at g)": "all of everyone at g",
    "w of (a) at least 1.0": "w of a at least 1",
}


@pytest.mark.parametrize(("text", "printed"), PRINTED.items(), ids=PRINTED)
def test_how_it_is_printed(text: str, printed: str) -> None:
    assert printed == str(at.condition(text))


def test_a_place() -> None:
    assert Name("putin", "ankara") == parse_place("putin at ankara")
    assert Name("putin at ankara") == parse_place('"putin at ankara"')


# --- what is printed reads the same -----------------------------------------------------------------


@examples(500)
@given(conditions())
def test_a_condition_survives_its_text(condition: Condition) -> None:
    text = str(condition)
    assert condition == parse_condition(text)
    assert text == str(parse_condition(text))


@examples(500)
@given(sayings())
def test_a_saying_survives_its_text(saying: Saying) -> None:
    text = str(saying)
    assert saying == parse_saying(text)
    assert text == str(parse_saying(text))


@examples(200)
@given(spoken())
def test_a_statement_survives_its_text(said: Spoken) -> None:
    statement = at.Statement(who=said.who, at=said.at, says=said.saying)
    assert said == parse_statement(statement.text)
    assert statement == at.Statement.model_validate(statement.text)


@examples(500)
@given(any_names())
def test_any_name_can_be_quoted(name: str) -> None:
    assert Name(name) == parse_condition(quote(name))
    for mark in "\"'":
        escaped = name.replace("\\", "\\\\").replace(mark, "\\" + mark)
        assert Name(name, name) == parse_condition(f"{mark}{escaped}{mark}AT{mark}{escaped}{mark}")
    if is_identifier(name):
        assert Name(name) == parse_condition(name)


@examples(300)
@given(st.text(max_size=6))
def test_unquoted_text_is_a_name_exactly_if_it_is_an_identifier(text: str) -> None:
    try:
        tree = parse_condition(text)
    except at.LanguageError:
        assert not (text and is_identifier(text))
    else:
        found = [t for t in tokens(text) if t.kind == "word" and t.keyword is None]
        assert all(is_identifier(t.text) and name_problem(t.text) is None for t in found)
        assert tree == parse_condition(str(tree))


def is_a_word_of_the_language(before: Token, token: Token, after: Token) -> bool:
    """Keywords; also `attend` after `might`, and `a` before `majority`."""
    attend = token.text == "attend" and before.keyword == "might"
    return token.keyword is not None or attend or (token.text == "a" and after.keyword == "majority")


def recased(text: str, upper: list[bool]) -> str:
    """The text with the words of the language in other letter cases."""
    found = tokens(text)
    out, end = [], 0
    for i, (token, after) in enumerate(pairwise(found)):
        word = text[token.start : token.end]
        if is_a_word_of_the_language(found[i - 1], token, after):
            word = "".join(c.upper() if upper[k % len(upper)] else c for k, c in enumerate(word))
        out += [text[end : token.start], word]
        end = token.end
    return "".join(out)


@examples(300)
@given(spoken(), st.lists(st.booleans(), min_size=1, max_size=7))
def test_keywords_are_read_in_any_letter_case(said: Spoken, upper: list[bool]) -> None:
    text = at.Statement(who=said.who, at=said.at, says=said.saying).text
    assert said == parse_statement(recased(text, upper))


@examples(300)
@given(conditions(), st.lists(st.sampled_from((" ", "\n", "\t", "\r\n", "   ", "\u00a0")), min_size=1, max_size=5))
def test_blanks_are_all_alike(condition: Condition, blanks: list[str]) -> None:
    text = str(condition)
    out, end = [], 0
    for i, token in enumerate(tokens(text)):
        gap = text[end : token.start]
        out += [gap and blanks[i % len(blanks)], text[token.start : token.end]]
        end = token.end
    assert condition == parse_condition("".join(out))


@examples(200)
@given(conditions(names()), st.data())
def test_every_name_is_located(condition: Condition, data: st.DataObject) -> None:
    text = str(condition)
    quoted = [t for t in tokens(text) if t.is_name and not (t.text == "a" and "majority" in text)]
    if quoted:
        name = data.draw(st.sampled_from(quoted)).text
        start, end = locate(text, name)
        assert Name(name) == parse_condition(text[start:end])


def test_what_is_not_there_is_located_everywhere() -> None:
    assert (0, 5) == locate("a if ", "b")
    assert (0, 4) == locate("a 'b", "b")
    assert (5, 24) == locate("a if AT LEAST 2.0 OF (b) and c", "at least 2 of (b)")


# --- limits -----------------------------------------------------------------------------------------


def test_brackets_are_read_a_hundred_deep() -> None:
    assert A == at.condition("(" * 100 + "a" + ")" * 100)
    assert 100 == str(at.condition("all of (a, " * 100 + "b" + ")" * 100)).count("all of")
    for n, refused in ((100, False), (101, True)):
        for start, end in (("not (", ")"), ("not (a and ", ")"), ("a and (b or ", ")"), ("any of (b, (c and ", "))")):
            text = start * (n // (2 if "))" in end else 1)) + "a" + end * (n // (2 if "))" in end else 1))
            text = f"({text})" if refused and "))" in end else text
            if refused:
                with pytest.raises(at.LanguageError, match="conditions can be nested 100 deep at most"):
                    at.condition(text)
            else:
                tree = at.condition(text)
                assert tree == at.condition(str(tree))


def test_what_is_said_has_no_speaker() -> None:
    for text in ("ann attends", "ann might attend if b", "ann attends only if b"):
        with pytest.raises(at.LanguageError, match=r"expected what is said: attends, declines, .*, but found 'ann'"):
            at.saying(text)


def test_what_stands_side_by_side_is_not_deep() -> None:
    for piece in ("(b or c)", "any of (b, not c, (d or e))", "not not b"):
        many = " and ".join([piece] * 150)
        assert 150 == str(at.condition(many)).count("b")
        deepest = f"{many} and {'(' * 100}x{')' * 100} and {'not ' * 100}y"
        assert str(at.condition(deepest)).endswith("y")
        for more in (f"{many} and {'(' * 101}x{')' * 101}", f"{many} and {'not ' * 101}y"):
            with pytest.raises(at.LanguageError, match="conditions can be nested 100 deep at most"):
                at.condition(more)


def test_not_is_read_a_hundred_times() -> None:
    tree: Condition = A
    for _ in range(100):
        tree = Not(tree)
    assert tree == at.condition("not " * 100 + "a")
    with pytest.raises(at.LanguageError, match="conditions can be nested 100 deep at most"):
        at.condition("not " * 101 + "a")


def test_twenty_thousand_characters_are_read() -> None:
    assert A == at.condition("a" + " " * 19_999)
    with pytest.raises(at.LanguageError, match="the text has 20001 characters; at most 20000 are read") as caught:
        at.condition("a" + " " * 20_000)
    assert (1, 20_001) == (caught.value.line, caught.value.column)


def test_numbers_have_thirty_digits() -> None:
    assert Decimal("9" * 30) == at.condition(f"w of a at least {'9' * 30}").quota
    with pytest.raises(at.LanguageError, match="a number has at most 30 digits"):
        at.condition(f"w of a at least {'9' * 31}")


def test_numbers_of_people_have_thirty_digits() -> None:
    assert f"at least {'9' * 30} of everyone" in str(at.saying(f"prefers {'9' * 30}.."))
    with pytest.raises(at.LanguageError, match="a number has at most 30 digits"):
        at.saying(f"prefers {'9' * 31}..")


def test_names_that_differ_by_a_space_are_told() -> None:
    for one, other in (("a b", "ab"), ("\u00e9 b", "\u00e9b")):
        with pytest.raises(at.CaseError, match=f"the participant '{other}' differs from '{one}' only by case, space"):
            at.Case(participants=[one, other])


def test_names_have_two_hundred_characters() -> None:
    assert Name("n" * 200) == at.condition(f'"{"n" * 200}"')
    with pytest.raises(at.LanguageError, match="a name has at most 200 characters, this one has 201"):
        at.condition(f'"{"n" * 201}"')


def test_unquoted_names_have_two_hundred_characters_too() -> None:
    assert Name("n" * 200) == at.condition("n" * 200)
    with pytest.raises(at.LanguageError, match="a name has at most 200 characters, this one has 201"):
        at.condition("n" * 201)
