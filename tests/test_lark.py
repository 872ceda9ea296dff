"""The language against a second reading of it: a grammar in Lark's terms, written from the contract.

Lark finds out by Earley's method whether a text is one of the language; the hand-written parser has to accept
the same texts.
"""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark, Token, Tree
from lark.exceptions import LarkError

import attendance as at
from attendance.model.language import parse_condition, parse_saying, parse_statement
from attendance.model.words import KEYWORDS, quote
from tests.trees import ODD, PLAIN, conditions, examples, near_misses, sayings, soups

WORDS = (
    "not and or at of if only unless is always never everyone others attends declines absent sends waits for "
    "might all any none least most exactly majority held represented"
).split()
"""The keywords that the contract names."""


END = r"(?![\w-])"
ENDED = r"(?:(?=\.\.)|(?![\w.-]))"
"""A number ends before two dots, and else where no letter, digit or dot goes on."""
ANY_WORD = f"(?ai:{'|'.join(WORDS)}){END}"

RULES = """
statement: _name [AT _name] saying

saying: ATTENDS [_link c]
    | DECLINES [(IF | UNLESS) c]
    | MIGHT ATTEND [(IF | ONLY IF | UNLESS) c]
    | SENDS _name ("," _name)* [IF c]
    | WAITS FOR _place ("," _place)*
    | prefers
prefers: PREFERS (_number [RANGE [_number]] | RANGE _number)
_number: WHOLE | LARGE
_link: IF | ONLY IF | IF AND ONLY IF | UNLESS

c: conjunction (OR conjunction)*
conjunction: negation (AND negation)*
negation: NOT* _single
_single: ALWAYS | NEVER | "(" c ")" | count | quantity | sum | leaf

leaf: _place [ATTENDS]
    | _name ATTENDS AT _name
    | _place IS (ABSENT | REPRESENTED)
    | _name IS (ABSENT | REPRESENTED) AT _name
    | _name IS HELD
count: _relation (_whole OF selection | _share OF selection)
sum: _name OF selection _relation (_whole | PART | FINE | _share)
quantity: (A MAJORITY | MAJORITY | ALL | ANY | NONE) OF selection
selection: (_name | EVERYONE | OTHERS | "(" _member ("," _member)* ")") [AT _name]
_member: (EVERYONE | OTHERS) [AT _name] | negation

_relation: AT LEAST | AT MOST | EXACTLY
_whole: WHOLE | LARGE
_share: (WHOLE | PART) "%"
_place: _name [AT _name]
_name: IDENTIFIER | QUOTED | A | ATTEND | PREFERS
"""

TERMINALS = rf"""
{"".join(f"{word.upper()}: /(?ai:{word}){END}/{chr(10)}" for word in WORDS)}
A.1: /(?ai:a){END}/
ATTEND.1: /(?ai:attend){END}/
PREFERS.1: /(?ai:prefers){END}/
IDENTIFIER: /(?!{ANY_WORD})[^\W\d][\w-]*/
QUOTED: /"(?!\s)(?:[^"\\]|\\["'\\])+(?<!\s)"|'(?!\s)(?:[^'\\]|\\["'\\])+(?<!\s)'/
WHOLE.2: /(?:[0-9][0-9]?|100)(?:\.0+)?{ENDED}/
LARGE.1: /[0-9]{{3,30}}{ENDED}/
PART.1: /[0-9][0-9]?\.[0-9]+{ENDED}/
FINE.1: /[0-9]{{3,30}}\.[0-9]+{ENDED}/
RANGE: ".."
%ignore /[ \t\r\n]+/
"""

STARTS = {"c": parse_condition, "saying": parse_saying, "statement": parse_statement}
LARKS = {start: Lark(RULES + TERMINALS, start=start, parser="earley", lexer="basic") for start in STARTS}

starts = st.sampled_from(sorted(STARTS))


def lark_accepts(start: str, text: str) -> bool:
    try:
        tree = LARKS[start].parse(text)
    except LarkError:
        return False
    return all(map(fits, tree.find_data("prefers")))


def fits(preferred: Tree[Token]) -> bool:
    """What no grammar says: the smaller number of people comes first, and nobody alone is none."""
    of = [token for token in preferred.scan_values(lambda token: token is not None) if token.type != "PREFERS"]
    numbers = [Decimal(token) for token in of if token.type != "RANGE"]
    return numbers == sorted(numbers) and (of[-1].type == "RANGE" or numbers[-1] > 0)


def ours_accepts(start: str, text: str) -> bool:
    try:
        STARTS[start](text)
    except at.LanguageError:
        return False
    return True


def test_the_keywords_are_those_of_the_contract() -> None:
    assert sorted(WORDS) == sorted(KEYWORDS)


KNOWN = {
    "a": True,
    "Zoë and 王毅 or x-1": True,
    "at least 2 of (a, b)": True,
    "at least 101 of everyone": True,
    "at least 101% of everyone": False,
    "at least 1.5 of everyone": False,
    "w of everyone at least 1.5": True,
    "a of b at least 3": True,
    "a majority of b": True,
    "a majority": False,
    "(a, b)": False,
    "all of (a, b and c)": False,
    "all of (a, (b and c))": True,
    "all of ((a)) at g": True,
    "(a) at g": False,
    "g at h is held": False,
    "everyone": False,
    "not": False,
    '"not"': True,
    "notnot": True,
    "not-not": True,
    "'a'and\"b\"": True,
    "2a": False,
    '" a"': False,
    "": False,
}


@pytest.mark.parametrize(("text", "accepted"), KNOWN.items(), ids=KNOWN)
def test_what_both_say_of_a_few(text: str, accepted: bool) -> None:
    assert (accepted, accepted) == (ours_accepts("c", text), lark_accepts("c", text))


# --- sentences of the grammar -----------------------------------------------------------------------


def spelled(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from((word, word.upper(), word.capitalize())).map(lambda drawn: f"{drawn} ")


TERMS: dict[str, st.SearchStrategy[str]] = {
    **{word.upper(): spelled(word) for word in (*WORDS, "a", "attend", "prefers")},
    "IDENTIFIER": st.sampled_from(PLAIN).map(lambda drawn: f"{drawn} "),
    "QUOTED": st.sampled_from(ODD).map(lambda drawn: f"{quote(drawn)} "),
    "WHOLE": st.sampled_from(("0 ", "1 ", "2 ", "55 ", "100 ")),
    "LARGE": st.sampled_from(("101 ", "9" * 30 + " ")),
    "PART": st.sampled_from(("0.5 ", "33.3 ", "99.99 ")),
    "FINE": st.sampled_from(("100.5 ", "1000.01 ")),
    "RANGE": st.just(".. "),
}
"""What stands for each terminal where sentences are drawn: a blank comes after every word."""


def drawn_from(start: str) -> st.SearchStrategy[str]:
    """Sentences of the grammar."""
    lark = Lark(RULES + "".join(f'{name}: "{name}"\n' for name in TERMS), start=start)
    used = {terminal.name for terminal in lark.terminals}
    terms = {name: strategy for name, strategy in TERMS.items() if name in used}
    return from_lark(lark, start=start, explicit=terms).filter(lambda text: len(text) < 2_000)


DRAWN = {start: drawn_from(start) for start in STARTS}


@examples(300)
@given(starts, st.data())
def test_sentences_of_the_grammar_are_read(start: str, data: st.DataObject) -> None:
    text = data.draw(DRAWN[start])
    assume(lark_accepts(start, text))
    tree = STARTS[start](text)
    if start != "statement":
        assert tree == STARTS[start](str(tree))


# --- texts that say nothing -------------------------------------------------------------------------

SAID = sayings(conditions(st.sampled_from(PLAIN + ODD))).map(str)
SENTENCES = {
    "c": conditions(st.sampled_from(PLAIN + ODD)).map(str),
    "saying": SAID,
    "statement": SAID.map(lambda said: f"x at g {said}"),
}


@examples(300)
@given(starts, soups())
def test_soups_are_accepted_alike(start: str, text: str) -> None:
    assert lark_accepts(start, text) == ours_accepts(start, text)


@examples(300)
@given(starts, st.data())
def test_near_misses_are_accepted_alike(start: str, data: st.DataObject) -> None:
    text = data.draw(near_misses(SENTENCES[start]))
    assert lark_accepts(start, text) == ours_accepts(start, text)


@examples(150)
@given(starts, st.data())
def test_whatever_is_printed_is_accepted(start: str, data: st.DataObject) -> None:
    text = data.draw(SENTENCES[start])
    assert (True, True) == (lark_accepts(start, text), ours_accepts(start, text))
