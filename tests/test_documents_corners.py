"""Documents that are wrong in a seldom way: each is refused with its place, in JSON, TOML and YAML."""

import gc
import sys
from collections.abc import Callable

import pytest

import attendance as at

HUGE = "1e9999999999999999999999"


@pytest.mark.parametrize(
    ("format", "text", "wanted"),
    [
        ("json", '{"title" 1}', "1:10: expected ':' after a key"),
        ("json", '{"title": "x" "y"}', "1:15: expected ',' or '}' here"),
        ("json", '{"title": x" y"}', "1:11: text needs double quotes in JSON"),
        ("json", r'{"title": "x\q"}', r"1:13: '\\q' is no escape of JSON: write '\\' for a backslash"),
        (
            "json",
            f'{{"participants": {{"a": {{"weights": {{"w": {HUGE}}}}}}}}}',
            f"1:42: '{HUGE}' is no number to reckon with: write it out, or leave it out",
        ),
        (
            "toml",
            f"participants = {{a = {{weights = {{w = {HUGE}}}}}}}",
            f"1:37: '{HUGE}' is no number to reckon with: write it out, or leave it out",
        ),
        ("toml", "title = 1\ntitle.a = 2", "2:10: this key or table is given twice: remove one of them"),
        ("toml", "a = 1\n[a.b]\nb = 1", "2:5: this key or table is given twice: remove one of them"),
        ("toml", "title = [1,", "1:9: the bracket that opens here is not closed"),
        ("toml", "title = \n", "1:9: a value is missing here"),
        ("toml", 'title = "', "1:9: a quote is not closed"),
        *(
            (
                "toml",
                f"title = {text}",
                f"1:{at}: no escape of TOML: write '\\\\' for a backslash, or use single quotes",
            )
            for text, at in ((r'"a\q"', 11), (r'"a\q', 11), (r'"\ud800"', 10), (r'"""\q', 12))
        ),
        ("yaml", f"[{',' * 6_000_002}", "1:1: the document has more than 3,000,000 keys and values: split it"),
        ("yaml", "title: {a: 1}", "1:8: expected text, not {'a': '1'}"),
        ("yaml", f"title: {'x' * 20_001}", "1:8: expected at most 20000 characters of text"),
        ("yaml", "[? ", "1:1: the '[' that opens here is not closed"),
        ("yaml", "%x\n", "1:1: a line with '%' first is a directive: put it in quotes"),
        ("yaml", "rules:\n- |\n  \n", "3:1: expected a condition, but the text ends here\n    \n    ^"),
    ],
)
def test_it_is_refused_at_its_place(format: str, text: str, wanted: str) -> None:
    with pytest.raises(at.CaseError) as caught:
        at.loads(text, format=format)
    assert [f"<text>:{wanted}"] == [str(problem) for problem in caught.value.problems][:1]


def below(depth: int, ask: Callable[[], object]) -> object:
    """The answer, asked so deep."""
    return ask() if depth == 0 else below(depth - 1, ask)


def test_where_the_caller_is_deep_already_lists_in_lists_are_refused_and_nothing_breaks() -> None:
    """The reader of TOML calls itself, and may find no room for that."""
    text = f"title = {'[' * 60}{']' * 60}"
    told = set()
    for depth in range(0, sys.getrecursionlimit() - 100, 10):
        try:
            below(depth, lambda: at.loads(text, format="toml"))
        except at.CaseError as error:
            told.add(str(error).partition(": ")[2].partition(" [")[0])
        except RecursionError:  # no room for anything at all
            break
    assert {
        "expected text, not",
        "lists and mappings are nested here in more than 64 levels: make it flatter",
    } == {line.partition(":")[0] if line.startswith("expected") else line for line in told}


def test_an_empty_title_in_quotes_is_none() -> None:
    assert "" == at.loads('title = ""', format="toml").title


def test_a_collector_that_is_off_stays_off() -> None:
    was, text = gc.isenabled(), "participants: {a: {}}\nstatements: [a attends]"
    gc.disable()
    try:
        case = at.loads(text)
        assert not gc.isenabled()
    finally:
        if was:
            gc.enable()
    assert case == at.loads(text)
    assert was == gc.isenabled()


def test_what_was_set_aside_from_the_collector_stays_so() -> None:
    gc.freeze()
    try:
        assert at.loads("participants: {a: {}}\nstatements: [a attends]").participants
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()


@pytest.mark.parametrize("end", "\u2028\u2029")
def test_what_others_take_for_the_end_of_a_line_is_kept_in_a_title(end: str) -> None:
    case = at.Case(title=f"Talks{end}in spring")
    for format in ("yaml", "json", "toml"):
        assert case == at.loads(at.dumps(case, format=format), format=format)
    assert end not in at.dumps(case)
