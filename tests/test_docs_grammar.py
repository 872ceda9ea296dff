"""The grammar as it is published: read by Lark, it accepts what the parser accepts, and each rule has an example."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import LarkError

from attendance.errors import LanguageError
from attendance.model.language import parse_condition, parse_place, parse_saying, parse_statement
from tests.test_lark import DRAWN, SENTENCES, TERMINALS, WORDS, lark_accepts, starts
from tests.trees import examples, near_misses, soups

PAGE = (Path(__file__).parent.parent / "docs/reference/language.md").read_text(encoding="utf-8")
GRAMMAR = re.search(r"^```text\n(statement .*?)^```", PAGE, flags=re.M | re.S)[1]
RULES = dict(re.findall(r"^(\w+) *::=(.*?)(?=^\w+ *::=|\Z)", GRAMMAR, flags=re.M | re.S))
TABLE = re.search(r"^Each rule with an example:\n\n(.*?)\n\n", PAGE, flags=re.M | re.S)[1]
EXAMPLES = dict(re.findall(r"^\| `(\w+)` \| `(.*)` \|$", TABLE, flags=re.M))
PARSERS = {"statement": parse_statement, "saying": parse_saying, "C": parse_condition, "place": parse_place}
AROUND = {
    "link": "anna attends {} ben",
    "relation": "anna attends if {} 2 of everyone",
    "selection": "anna attends if all of {}",
    "member": "anna attends if any of (zoe, {})",
}
"""Where a rule stands that the parser is never asked for alone; any other is a condition."""
NAMES = """
name: IDENTIFIER | QUOTED | A | ATTEND | PREFERS
number: WHOLE | LARGE | PART | FINE
"""
MARK = re.compile(r'"\("|"\)"|\.\.|\w+|\S')


def in_lark(rule: str) -> str:
    """The right side of a published rule in Lark's terms."""
    marks = {"{": "(", "}": ")*", "[": "[", "]": "]", "(": "(", ")": ")", "|": "|", '"("': '"("', '")"': '")"'}
    found = []
    for mark in MARK.findall(rule):
        if mark in marks:
            found.append(marks[mark])
        elif mark == "..":
            found.append("RANGE")
        elif mark in RULES or mark in ("NAME", "NUMBER"):
            found.append(mark.lower())
        elif mark.isalpha():
            found.append(mark.upper())
        else:
            found.append(f'"{mark}"')
    return " ".join(found)


def published(start: str) -> Lark:
    rules = "".join(f"{name.lower()}: {in_lark(rule)}\n" for name, rule in RULES.items())
    return Lark(rules + NAMES + TERMINALS, start=start.lower(), parser="earley", lexer="basic")


LARKS = {rule: published(rule) for rule in RULES}


def published_accepts(rule: str, text: str) -> bool:
    try:
        LARKS[rule].parse(text)
    except LarkError:
        return False
    return True


def test_every_rule_has_an_example_and_every_example_a_rule():
    assert list(EXAMPLES) == list(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_the_example_of_a_rule_is_accepted_by_it_and_by_the_parser(rule):
    assert published_accepts(rule, EXAMPLES[rule])
    if rule in AROUND:
        assert parse_statement(AROUND[rule].format(EXAMPLES[rule])) is not None
    else:
        assert PARSERS.get(rule, parse_condition)(EXAMPLES[rule]) is not None


def test_every_keyword_stands_in_the_grammar():
    words = set(re.findall(r"\b[a-z]+\b", " ".join(RULES.values())))
    assert set(WORDS) <= words


ROWS = re.findall(r"^\| (`.*`) \|", PAGE.split("## The grammar")[0], flags=re.M)
SAID = [example for row in ROWS for example in re.findall(r"`([^`]+)`", row)]


def test_there_are_examples_to_be_read():
    assert len(SAID) > 40


@pytest.mark.parametrize("text", SAID)
def test_what_the_tables_show_is_accepted(text):
    said = any(re.search(rf"\b{verb}\b", text) for verb in ("declines", "might", "prefers", "sends", "waits"))
    rule = "statement" if said or text.startswith("anna attends") else "C"
    assert PARSERS[rule](text) is not None
    assert published_accepts(rule, text)


def texts(start: str) -> st.SearchStrategy[str]:
    """Sentences, near misses, and words in any order."""
    return st.one_of(DRAWN[start], SENTENCES[start], near_misses(SENTENCES[start]), soups())


def parsed(start: str, text: str) -> bool:
    try:
        PARSERS["C" if start == "c" else start](text)
    except LanguageError:
        return False
    return True


@examples(60)
@given(starts, st.data())
def test_what_the_parser_accepts_the_published_grammar_accepts(start, data):
    text = data.draw(texts(start))
    assume(parsed(start, text))
    assert published_accepts("C" if start == "c" else start, text)


@examples(60)
@given(starts, st.data())
def test_without_numbers_the_published_grammar_is_the_whole_truth(start, data):
    text = data.draw(texts(start).filter(lambda text: not re.search(r"\d", text)))
    assert published_accepts("C" if start == "c" else start, text) == lark_accepts(start, text)
