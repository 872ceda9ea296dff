"""Conditions as values: builders, operators, and trees too deep or too strange to be used."""

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.errors import MisusedCondition
from attendance.model.conditions import (
    ALWAYS,
    NEVER,
    And,
    Condition,
    Constant,
    Crowd,
    Held,
    Name,
    Not,
    Or,
    Quantifier,
    Represented,
    Selection,
    Tally,
    negation,
    placed_leaves,
)
from attendance.model.nesting import MAX_PARTS, children, misfit
from attendance.model.printing import print_condition
from tests.trees import conditions, examples

A, B, C = at.attends("a"), at.attends("b"), at.attends("c")
TOO_DEEP = "conditions can be nested 100 deep at most"


# --- builders and operators -------------------------------------------------------------------------

BUILT = {
    "a": lambda: at.attends("a"),
    "a at g": lambda: at.attends("a", "g"),
    "f": lambda: at.fact("f"),
    "g is held": lambda: at.held("g"),
    "r is represented": lambda: at.represented("r"),
    "r at g is represented": lambda: at.represented("r", at="g"),
    "not a": lambda: ~A,
    "a and b": lambda: A & B,
    "a or b": lambda: A | B,
    "a and (b or c)": lambda: A & "b or c",
    "b and c or a": lambda: "b and c" | A,
    "(b or c) and a": lambda: "b or c" & A,
    "a or b and c": lambda: A | B & C,
    "not (a and b) or c": lambda: ~(A & B) | C,
    "at least 2 of (a, b)": lambda: at.at_least(2, "a", "b"),
    "at most 2 of (a, b, not c)": lambda: at.at_most("2", A, "b", ~C),
    "exactly 2 of everyone": lambda: at.exactly(Decimal(2), at.everyone()),
    "at least 2 of others": lambda: at.at_least(2, "others"),
    "at least 2 of (others, a)": lambda: at.at_least(2, "others", "a"),
    "at least 55% of everyone": lambda: at.at_least("55%", "everyone"),
    "at least 33.3% of g": lambda: at.at_least(" 33.3 % ", "g"),
    "co2 of annex1 at least 55%": lambda: at.at_least("55%", "annex1", weight="co2"),
    "co2 of (a, b) at most 0.1": lambda: at.at_most("0.1", "a", "b", weight="co2"),
    "at least 2 of (a, b) at g": lambda: at.at_least(2, "a", "b", at="g"),
    "at least 2 of everyone at g": lambda: at.at_least(2, "everyone", at="g"),
    "a majority of everyone at g": lambda: at.majority(at.everyone("g")),
    "a majority of (a, b, c)": lambda: at.majority("a", "b", "c"),
    "all of (a, b at g)": lambda: at.all_of("a", at.attends("b", "g")),
    "any of others at g": lambda: at.any_of(at.others("g")),
    "none of (a, b and c)": lambda: at.none_of("a", B & C),
    "at most 2 of (a, b) at g": lambda: at.at_most(2, "a", "b", at="g"),
    "co2 of (a, b) at g exactly 0.5": lambda: at.exactly("0.5", "a", "b", weight="co2", at="g"),
    "at least 100% of (a, b)": lambda: at.at_least("100%", "a", "b"),
    "a majority of (a, b) at g": lambda: at.majority("a", "b", at="g"),
    "any of (a, b) at g": lambda: at.any_of("a", "b", at="g"),
    "none of (a, b) at g": lambda: at.none_of("a", "b", at="g"),
    '"not" and "x y"': lambda: at.attends("not") & at.fact("x y"),
}


@pytest.mark.parametrize(("text", "build"), BUILT.items(), ids=BUILT)
def test_what_is_built_is_what_is_written(text: str, build: Any) -> None:
    text = text.replace("b and c)", "(b and c))") if text.startswith("none") else text
    assert at.condition(text) == build()
    assert text == str(build())


def test_a_bare_name_is_one_leaf() -> None:
    assert at.attends("x") == at.fact("x") == at.condition("x") == Name("x")


def test_nested_ones_are_made_flat() -> None:
    assert And((A, B, C)) == (A & B) & C == A & (B & C) == And((A, And((B, C))))
    assert Or((A, B, C)) == (A | B) | C == A | (B | C)
    assert (A, Or((B, C))) == (A & (B | C)).of
    assert (A, A) == (A & A).of


def test_double_negations_are_taken_away() -> None:
    assert ~~A == A
    assert Not(Not(A)) != A
    assert ~ALWAYS == NEVER
    assert ~NEVER == ALWAYS
    assert ~at.condition("not a") == A


def test_a_list_of_one_is_no_list() -> None:
    assert at.all_of(at.attends("a", "g")) == at.all_of("a", at="g")
    assert at.condition("all of (a) at g") == at.condition("all of a at g")
    assert at.condition("all of (a at h) at g") == at.condition("all of a at h")
    assert at.condition("all of (r is represented) at g") == at.condition("all of (r is represented at g)")


def test_leaves_are_read_where_they_stand() -> None:
    tree = at.condition(
        "a and b at g and all of (c, d at h, everyone, (e or f is held)) at i and r is represented and not s"
    )
    places = [
        (place, str(leaf) if isinstance(leaf, Condition) else leaf.word) for place, leaf in placed_leaves(tree, "m")
    ]
    assert [
        ("m", "a"),
        ("g", "b at g"),
        ("i", "c"),
        ("h", "d at h"),
        ("i", "everyone"),
        ("i", "e"),
        (None, "f is held"),
        ("m", "r is represented"),
        ("m", "s"),
    ] == places


# --- values -----------------------------------------------------------------------------------------


def test_they_are_frozen() -> None:
    for condition, field in ((A, "name"), (A & B, "of"), (at.at_least(1, "a"), "quota"), (~A, "of")):
        with pytest.raises(AttributeError):
            setattr(condition, field, None)
        with pytest.raises((AttributeError, TypeError)):
            condition.other = 1


@examples(200)
@given(conditions(), conditions())
def test_equal_ones_are_equal_in_every_way(one: Condition, other: Condition) -> None:
    again = at.condition(str(one))
    assert one == again
    assert hash(one) == hash(again)
    assert (one == other) is (str(one) == str(other))
    assert 1 == len({one, again})
    assert one == pickle.loads(pickle.dumps(one))
    assert one == copy.copy(one) == copy.deepcopy(one)


def test_they_equal_nothing_else() -> None:
    assert A != "a"
    assert (A & B) != "a and b"
    assert (A & B) != (A | B)
    assert (A & B) != (B & A)
    assert (A & B) != None  # noqa: E711
    assert Not(A) != A
    assert at.at_least(1, "a") != at.at_most(1, "a")
    assert at.at_least(1, "a") != at.at_least("1%", "a")
    assert at.at_least(1, "a") != at.at_least(1, "a", weight="w")
    assert at.all_of("a", "b") != at.all_of("a", "b", at="g")
    assert at.at_least("1.0", "a", weight="w") == at.at_least("1.00", "a", weight="w")
    assert at.represented("a") != at.attends("a") != at.held("a")


def test_how_they_are_shown() -> None:
    assert "condition('a and not b')" == repr(A & ~B)
    assert "condition('at least 55% of everyone')" == repr(at.at_least("55%", "everyone"))
    assert "a and not b" == f"{A & ~B}"


# --- no truth ---------------------------------------------------------------------------------------

NO_TRUTH = {
    "and": lambda: A and B,
    "or": lambda: A or B,
    "not": lambda: not A,
    "if": lambda: 1 if A & B else 0,
    "bool": lambda: bool(at.at_least(1, "a")),
    "any": lambda: any([A, B]),
}


@pytest.mark.parametrize("use", NO_TRUTH.values(), ids=NO_TRUTH)
def test_they_have_no_truth(use: Any) -> None:
    with pytest.raises(MisusedCondition) as caught:
        use()
    assert "a condition has no truth of its own: combine with &, | and ~, not and, or, not" == str(caught.value)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, at.InputError)


# --- what cannot be built ---------------------------------------------------------------------------

REFUSED = {
    "a float": (lambda: at.at_least(2.5, "a"), "give 2.5 as text or a Decimal: floats are not exact"),
    "a whole float": (lambda: at.exactly(2.0, "a"), "give 2.0 as text or a Decimal: floats are not exact"),
    "nan": (lambda: at.at_most(float("nan"), "a"), "give nan as text or a Decimal: floats are not exact"),
    "a float sum": (lambda: at.at_least(0.1, "a", weight="w"), "give 0.1 as text or a Decimal: floats are not exact"),
    "decimal nan": (lambda: at.at_least(Decimal("NaN"), "a"), "a quota is a number from 0 up, not NaN"),
    "infinity": (lambda: at.at_least("inf", "a"), "a quota is a number from 0 up, not Infinity"),
    "negative": (lambda: at.at_least(-1, "a"), "a quota is a number from 0 up, not -1"),
    "no number": (lambda: at.at_least("two", "a"), "expected a number, or a share like '55%', not 'two'"),
    "nothing": (lambda: at.at_least("", "a"), "expected a number, or a share like '55%', not ''"),
    "only %": (lambda: at.at_least("%", "a"), "expected a number, or a share like '55%', not ''"),
    "true": (lambda: at.at_least(True, "a"), "expected a number, or a share like '55%', not True"),
    "none": (lambda: at.at_least(None, "a"), "expected a number, or a share like '55%', not None"),
    "a fraction": (
        lambda: at.at_least(Fraction(1, 2), "a"),
        "expected a number, or a share like '55%', not Fraction(1, 2)",
    ),
    "half a person": (lambda: at.at_least("1.5", "a"), "people are counted in whole numbers, not 1.5"),
    "more than all": (lambda: at.at_least("100.1%", "a"), "a share is at most 100%, not 100.1%"),
    "many digits": (lambda: at.at_least("1e30", "a"), "a number has at most 30 digits"),
    "vast": (lambda: at.at_least("1e999999999", "a", weight="w"), "a number has at most 30 digits"),
    "tiny": (lambda: at.at_least("1e-999999999", "a", weight="w"), "a number has at most 30 digits"),
    "nobody": (lambda: at.at_least(1), "a count needs at least one name"),
    "nobody at all": (lambda: at.all_of(), "a count needs at least one name"),
    "a number for a name": (lambda: at.attends(5), "expected a name, not 5"),
    "no name": (lambda: at.fact(None), "expected a name, not None"),
    "bytes": (lambda: at.held(b"g"), "expected a name, not b'g'"),
    "an empty name": (lambda: at.attends(""), "a name cannot be empty: ''"),
    "blanks around": (lambda: at.attends(" a"), "a name cannot begin or end with a space: ' a'"),
    "a line end": (lambda: at.attends("a\nb"), "a name cannot contain the character U+000A: 'a\\nb'"),
    "a direction": (lambda: at.attends("a\u202eb"), "a name cannot contain the character U+202E: 'a\\u202eb'"),
    "a place that is none": (lambda: at.attends("a", at=5), "expected a name, not 5"),
    "a crowd nowhere": (lambda: at.everyone(""), "a name cannot be empty: ''"),
    "a weight that is none": (lambda: at.at_least(1, "a", weight=5), "expected a name, not 5"),
    "a list": (
        lambda: at.at_least(1, ["a", "b"]),
        "expected a name, a condition, everyone() or others(), not ['a', 'b']",
    ),
    "a member that is none": (
        lambda: at.any_of("a", None),
        "expected a name, a condition, everyone() or others(), not None",
    ),
    "and a number": (lambda: A & 5, "expected a condition or its text, not 5"),
    "a number or": (lambda: 5 | A, "expected a condition or its text, not 5"),
    "and everyone": (
        lambda: A & at.everyone(),
        "expected a condition or its text, not Crowd(word='everyone', at=None)",
    ),
    "one alone": (lambda: And((A,)), "'and' and 'or' join at least two conditions"),
    "nothing negated": (lambda: negation(None), "there is no condition to negate"),
    "text that is none": (lambda: at.condition(5), "expected a text, not int"),
    "bytes of text": (lambda: at.condition(b"a"), "expected a text, not bytes"),
    "no saying": (lambda: at.saying(None), "expected a text, not NoneType"),
}


@pytest.mark.parametrize(("build", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_built_is_refused(build: Any, message: str) -> None:
    with pytest.raises(at.InputError) as caught:
        build()
    assert message == str(caught.value)
    assert message == str(pickle.loads(pickle.dumps(caught.value)))


def test_text_beside_an_operator_is_read() -> None:
    with pytest.raises(at.LanguageError, match="expected a condition, but the text ends here"):
        A & "b and"


# --- trees that are too deep ------------------------------------------------------------------------


def deep(levels: int, way: str) -> Condition:
    tree: Condition = A
    for i in range(levels):
        match way:
            case "not":
                tree = Not(tree)
            case "not and":
                tree = ~(tree & B)
            case "and or":
                tree = tree & B if i % 2 else tree | B
            case "count":
                tree = at.at_least(1, tree, "b")
            case "sum":
                tree = at.all_of(tree | at.any_of("b"))
    return tree


WAYS = ("not", "not and", "and or", "count", "sum")


@pytest.mark.parametrize("way", WAYS)
def test_deep_trees_are_values_like_others(way: str) -> None:
    tree, again = deep(3_000, way), deep(3_000, way)
    assert tree == again
    assert hash(tree) == hash(again)
    assert tree == pickle.loads(pickle.dumps(tree))
    assert tree == copy.deepcopy(tree)
    assert tree != deep(2_999, way)
    assert f"<{TOO_DEEP}>" == repr(tree)


@pytest.mark.parametrize("way", WAYS)
def test_deep_trees_are_refused_where_they_are_used(way: str) -> None:
    tree = deep(3_000, way)
    case = at.case("a attends if b")
    for use in (
        lambda: str(tree),
        lambda: at.Case(participants=["a", "b"], rules=[tree]),
        lambda: at.Rule(rule=tree),
        lambda: at.Gathering(id="g", held_if=tree),
        lambda: at.Statement(who="a", says=at.saying("attends if a").__class__(at.saying("attends if a").link, tree)),
        lambda: at.Scenario(given=[tree]),
        lambda: at.resolve(case, given=[tree]),
        lambda: at.resolve(case, given=tree),
    ):
        with pytest.raises(at.InputError) as caught:
            use()
        assert TOO_DEEP in str(caught.value)


@pytest.mark.parametrize("way", WAYS)
def test_the_deepest_trees_can_be_used(way: str) -> None:
    levels = max(n for n in range(1, 220) if misfit(deep(n, way)) is None)
    tree = deep(levels, way)
    assert tree == at.condition(str(tree))
    case = at.Case(participants=["a", "b"], rules=[tree])
    assert case == at.loads(at.dumps(case))
    assert at.resolve(case)["b"] in at.Verdict
    with pytest.raises(at.InputError, match=TOO_DEEP):
        str(deep(levels + 2, way))


GROWTH = {
    "not": Not,
    "and": lambda tree: And((tree, B)),
    "or": lambda tree: Or((B, tree)),
    "list": lambda tree: at.any_of(tree, "b"),
    "list of one": at.all_of,
    "beside a list": lambda tree: And((tree, at.at_least(1, "b"))),
}


@examples(30)
@given(st.lists(st.sampled_from(sorted(GROWTH)), min_size=1, max_size=5))
def test_a_tree_is_refused_exactly_if_its_text_is(ways: list[str]) -> None:
    last = tree = A
    for way in (ways * 210)[:400]:
        if misfit(tree):
            break
        last, tree = tree, GROWTH[way](tree)
    assert last == at.condition(print_condition(last))
    if problem := misfit(tree):
        assert TOO_DEEP == problem
        with pytest.raises(at.LanguageError, match=TOO_DEEP):
            at.condition(print_condition(tree))


def test_vast_trees_are_refused() -> None:
    tree: Condition = A
    for _ in range(40):
        tree = Not(And((tree, tree)))
    with pytest.raises(at.CaseError, match=f"a condition has at most {MAX_PARTS:,} parts"):
        at.Rule(rule=tree)


def test_strangers_are_refused() -> None:
    class Stranger(at.Condition):
        pass

    for tree, name in (
        (at.Condition(), "Condition"),
        (Stranger() & A, "Stranger"),
        (at.all_of(A | Stranger()), "Stranger"),
    ):
        assert f"expected a condition, not {name}" == misfit(tree)
        with pytest.raises(at.CaseError, match=f"expected a condition, not {name}"):
            at.Case(participants=["a"], rules=[{"rule": tree}])


def test_the_parts_of_each_kind() -> None:
    assert [(), (), (), ()] == [children(leaf) for leaf in (Constant(True), A, Held("g"), Represented("r"))]
    assert (A,) == children(Not(A))
    assert (A, B) == children(A | B)
    assert (Selection((A, B)),) == children(at.all_of("a", "b"))
    assert (Crowd("everyone"),) == children(Selection((Crowd("everyone"),)))
    assert isinstance(at.at_least(1, "a"), Tally)
    assert isinstance(at.all_of("a"), Quantifier)
