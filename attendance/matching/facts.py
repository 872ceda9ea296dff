"""Checks facts and the names of properties against what can be matched rightly and safely."""

import re
from collections.abc import Mapping

from attendance.errors import RuleError, shown
from attendance.matching.patterns import Value

MAX_PROPERTIES = 64
"""How many properties a fact has at most."""
MAX_NAME = 64
"""How many letters the name of a property or an alias has at most."""
MAX_TEXT = 1000
"""How many characters a text in a fact has at most."""
MAX_NUMBER = 2**53
"""How far from 0 a number in a fact may be."""

NAME = re.compile("[a-z][a-z0-9_]*")

TAKEN = frozenset("id sid u k_ exception running label chart".split())
"""Names that mean something to durable-rules in a fact."""

NOT_PROPERTIES = frozenset("alias define matches imatches".split())
"""Names that mean something else in a pattern: `m.alias` is not the property `alias`."""


def checked_fact(fact: object) -> dict[str, Value]:
    """A copy of the fact, of plain values, or RuleError."""
    if not isinstance(fact, Mapping):
        raise RuleError(f"a fact is a mapping such as {{'kind': 'statement'}}, not {shown(fact)}")
    if not 1 <= len(fact) <= MAX_PROPERTIES:
        raise RuleError(f"a fact has 1 to {MAX_PROPERTIES} properties, not {len(fact)}: post what rules look at")
    found: dict[str, Value] = {}
    for name, value in fact.items():
        if problem := name_problem(name):
            raise RuleError(f"the fact {shown(dict(fact))}: {problem}")
        if problem := value_problem(value):
            raise RuleError(f"the fact {shown(dict(fact))}, property {name}: {problem}")
        found[str.__str__(name)] = plain(value)
    return found


def name_problem(name: object) -> str | None:
    """What is wrong with the name of a property, if anything is, and what to do."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return f"a property is named with a small letter, then small letters, digits and _, not {shown(name)}"
    if len(name) > MAX_NAME:
        return f"the name of a property has at most {MAX_NAME} letters, not {len(name)}: shorten {shown(name)}"
    if name in TAKEN or name in NOT_PROPERTIES:
        return f"{name!r} means something else to durable-rules: call the property something else"
    return None


def value_problem(value: object) -> str | None:
    """What is wrong with a value, if anything is, and what to do."""
    match value:
        case bool():
            return None
        case int():
            if abs(value) > MAX_NUMBER:
                return "a number is at most 2**53 from 0: give what is longer as text"
        case str():
            return _text_problem(value)
        case float():
            return f"{shown(value)} is not exact: give a whole number (in seconds or cents, say) or text"
        case None:
            return "there is no value None: leave the property away, and test that with -m.name"
        case _:
            return f"a value is text, a whole number or a truth, not {shown(value)}: post a fact for each part"
    return None


def plain(value: object) -> Value:
    """A value that passed, as one of the three plain types, whatever it descends from."""
    if isinstance(value, bool):
        return value
    return str.__str__(value) if isinstance(value, str) else int.__int__(value)  # type: ignore[arg-type]


def _text_problem(text: str) -> str | None:
    if len(text) > MAX_TEXT:
        return f"a text has at most {MAX_TEXT} characters, not {len(text)}: post a short name for it"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "a text has half of a surrogate pair, which is no character: decode it rightly"
    return None
