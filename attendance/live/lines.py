"""Lines that a desk understands: statements as text or JSON, `withdraw: ID` and `tick: TIME`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from attendance.errors import InputError, shown
from attendance.live.desk import Desk
from attendance.model.plain import uncommented
from attendance.model.statements import Statement

LONGEST = 100_000
"""A line has at most so many characters."""
MOST_DIGITS = 1_000
"""A number in a line has at most so many."""
_ACT = re.compile(r"(withdraw|tick)\s*:\s*(.+)?", re.I | re.S)
_BROKEN = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Say:
    """Something is said: a text, or the keys of a statement."""

    what: str | Mapping[str, Any]


@dataclass(frozen=True)
class Withdraw:
    """The statement of that id is taken back."""

    name: str


@dataclass(frozen=True)
class Tick:
    """Time has passed."""

    now: str


Act = Say | Withdraw | Tick


def act_of(line: str) -> Act | None:
    """What a line does; None for an empty one and for a comment. Raises InputError."""
    text = line.strip()
    if len(text) > LONGEST:
        raise InputError(f"a line has at most {LONGEST:,} characters, and this one has more")
    if _BROKEN.search(text):
        raise InputError("this line is no UTF-8: save it as UTF-8")
    if text.startswith("{"):
        return _of_json(text)
    text = uncommented(text).strip()
    named = _ACT.fullmatch(text)
    if named is None:
        return Say(text) if text else None
    if named[2] is None:
        raise InputError("expected `withdraw: ID` or `tick: TIME`")
    return Withdraw(named[2]) if named[1].lower() == "withdraw" else Tick(named[2])


def _of_json(text: str) -> Act:
    try:
        told = json.loads(text, parse_float=str, parse_int=_whole, parse_constant=str, object_pairs_hook=_once)
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is no JSON: {error}") from None
    match told:
        case {"withdraw": str(name), **rest} if not rest:
            return Withdraw(name)
        case {"tick": str(now), **rest} if not rest:
            return Tick(now)
        case {"withdraw": _} | {"tick": _}:
            raise InputError('expected {"withdraw": "ID"} or {"tick": "TIME"} and nothing besides')
        case _:
            return Say(told)


def _whole(digits: str) -> int:
    """A whole number of a length that anything here could take."""
    if len(digits) > MOST_DIGITS:
        raise InputError(f"this line has a number of more than {MOST_DIGITS:,} digits: shorten it")
    return int(digits)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object each of whose keys is there once."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"the key {shown(key)} is there twice")
        found[key] = value
    return found


def take(desk: Desk, act: Act) -> None:
    """Have a desk do it; a statement with an id that the desk has already, and just so, is passed over."""
    match act:
        case Say(what):
            if not _has(desk, what):
                desk.say(what)
        case Withdraw(name):
            desk.withdraw(name)
        case Tick(now):
            desk.tick(now)
        case _:
            assert_never(act)


def _has(desk: Desk, what: str | Mapping[str, Any]) -> bool:
    """Whether that very statement was said before, as when a file is followed again from its beginning."""
    known = desk.statement(what["id"]) if isinstance(what, Mapping) and isinstance(what.get("id"), str) else None
    if known is None:
        return False
    try:
        told = Statement.model_validate(what)
    except InputError:
        return False
    return known == (told if told.said is not None else told.model_copy(update={"said": known.said}))
