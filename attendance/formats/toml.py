"""Reads TOML: the values by Python's own tomllib, their places by a scan of the text.

The scan goes first, and without recursion, so that what is nested too deeply or is too long never gets
to tomllib. It takes more than TOML does, and gives up where it is lost: then tomllib says what is wrong.
Should tomllib know better, what the scan has not seen gets the place of what is around it.
"""

import re
import tomllib
from datetime import date, time
from decimal import Decimal
from typing import NoReturn

from attendance.formats.document import (
    DEEPEST,
    LONGEST_WRITTEN,
    MOST_DIGITS,
    TOO_DEEP,
    TOO_LONG_WRITTEN,
    TOO_MANY_DIGITS,
    Escaped,
    Node,
    Place,
    Source,
    exact,
)
from attendance.model.words import possessive

MOST_TOML_NODES = 250_000  # keys and values; it takes about 15 microseconds to scan and to parse one

_GAP = possessive(r"[ \t\n]++|#[^\n]*+")
_QUOTED = possessive(r'[^"\\\n]++|\\[^\n]') + '"'
_QUOTED_LINES = possessive(r'[^"\\]++|\\.|""?(?!")') + '"{3,5}'
_LITERAL_LINES = possessive(r"[^']++|''?(?!')") + "'{3,5}"
_SKIP = re.compile(_GAP)
_REST = re.compile(r"[ \t]*+(?:#[^\n]*+)?(?:\n|\Z)")
_BLANKS = re.compile(r"[ \t]*+")
_PART = re.compile(rf"""[A-Za-z0-9_-]++|"{_QUOTED}|'[^'\n]*+'""")
_SCALAR = re.compile(
    rf"""
      \"""{_QUOTED_LINES} | '''{_LITERAL_LINES}
    | "(?!""){_QUOTED} | '(?!'')[^'\n]*+'
    | (?:\d{{4}}-\d\d-\d\d[ ]\d\d:[^ \t\n,\[\]{{}}\#"'=]*+ | [^ \t\n,\[\]{{}}\#"'=]++)
    """,
    re.VERBOSE | re.DOTALL,
)
_HEX = r"u[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4}"
_ESCAPE = re.compile(rf"\\(?:{_HEX}|[ \t]*+\n[ \t\n]*+|.)", re.DOTALL)
_COMMA = re.compile(f"{_GAP},?{_GAP}")
_EQUALS = re.compile(r"=")
_CLOSING = (re.compile(r"\]"), re.compile(r"\]\]"))
_NOTHING = re.compile(r"(?!)")
_MEANINGS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def read_toml(source: Source) -> Node:
    """The tree of the text; an empty mapping where there is nothing."""
    finder = _Finder(source)
    finder.run()
    try:
        values = tomllib.loads(source.text, parse_float=exact)
    except RecursionError:
        source.stop(TOO_DEEP, finder.at)
    except tomllib.TOMLDecodeError as error:
        _explain(str(error), finder)
    return _node(source, values, finder.root, Place(1, 1))


def _meaning(piece: re.Match[str]) -> str:
    """What an escape stands for: a character, or nothing at the end of a line."""
    text = piece[0]
    if text[1] in " \t\n":
        return ""
    return chr(int(text[2:], 16)) if len(text) > 2 else _MEANINGS.get(text[1], text[1])


def _written(raw: str) -> Escaped:
    """How a text in quotes is written; if that is not known, all of it is at its place."""
    if not raw:
        return Escaped(raw, 0, _NOTHING, _meaning)
    quotes = 3 if raw[:3] in ('"""', "'''") else 1
    opening = quotes + (quotes == 3 and raw[3] == "\n")
    return Escaped(raw[:-quotes], opening, _ESCAPE if raw[0] == '"' else _NOTHING, _meaning)


class _Spot:
    """Where a value stands, and where its members or items do."""

    __slots__ = ("declared", "depth", "items", "key", "members", "place", "raw")

    def __init__(self, place: Place, depth: int, key: Place | None = None) -> None:
        self.place, self.depth, self.key, self.raw = place, depth, key, ""
        self.members: dict[str, _Spot] | None = None
        self.items: list[_Spot] | None = None
        self.declared = False  # complete as it is: no [header] may open it again


class _Lost(Exception):
    """The scan meets what it does not know."""


class _Finder:
    """Goes through the text once and remembers where every key and value is."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text
        self.at = 0  # in the end, where the scan was lost
        self.open: list[_Spot] = []  # the lists and tables in brackets that this is in
        self.root = self.table(_Spot(Place(1, 1), 1))
        self.twice: list[tuple[str, Place | None, Place]] = []  # keys, where they are first and again

    def run(self) -> None:
        """Finds all places, or those before the first mistake."""
        table = self.root
        try:
            self.take(_SKIP)
            while self.at < len(self.text):
                if self.text[self.at] == "[":
                    table = self.header()
                else:
                    self.value(self.slot(table))
                self.take(_REST)
                self.take(_SKIP)
        except _Lost:
            pass

    def take(self, pattern: re.Pattern[str]) -> str:
        """Moves past what is expected here, and returns it."""
        found = pattern.match(self.text, self.at)
        if not found:
            raise _Lost
        self.at = found.end()
        return found[0]

    def keys(self) -> list[tuple[str, Place]]:
        """The parts of a dotted key, and their places."""
        parts: list[tuple[str, Place]] = []
        while True:
            self.take(_BLANKS)
            start = self.at
            if len(parts) == DEEPEST:
                self.source.stop(TOO_DEEP, start)
            raw = self.take(_PART)
            written = _written(raw) if raw[0] in "\"'" else None
            name = written.content if written else raw
            key = self.source.scalar(name, name, at=start, plain=not written, written=written)
            parts.append((name, key.place))
            self.source.count(start, MOST_TOML_NODES)
            self.take(_BLANKS)
            if self.text[self.at : self.at + 1] != ".":
                return parts
            self.at += 1

    def header(self) -> _Spot:
        """The table that a [header] or a [[header]] starts."""
        start, double = self.source.place(self.at), self.text.startswith("[[", self.at)
        self.source.count(self.at, MOST_TOML_NODES)
        self.at += 1 + double
        *way, (name, key) = self.keys()
        self.take(_CLOSING[double])
        holder = self.root
        for part, place in way:
            holder = self.inside(holder, part, place, start)
        members, spot = self.members(holder), _Spot(start, holder.depth + 1, key)
        known = members.setdefault(name, spot)
        if known is not spot and (known.declared or (known.items if double else known.members) is None):
            self.twice.append((name, known.key, key))
            known = spot
        if not double:
            known.declared = True
            return known if known.members is not None else self.table(known)
        items = known.items if known.items is not None else self.array(known)
        items.append(self.table(_Spot(start, known.depth + 1)))
        return items[-1]

    def slot(self, holder: _Spot) -> _Spot:
        """The spot for the value of the key that comes next."""
        *way, (name, key) = parts = self.keys()
        self.take(_EQUALS)
        for (part, place), (_, following) in zip(way, parts[1:], strict=True):
            holder = self.inside(holder, part, place, following)
            holder.declared = True
        spot = _Spot(key, holder.depth + 1, key)
        first = self.members(holder).setdefault(name, spot)
        if first is not spot:
            self.twice.append((name, first.key, key))
        return spot

    def value(self, spot: _Spot | None) -> None:
        """Finds where a value and all that is in it stand."""
        while spot:
            self.take(_SKIP)
            start = self.at
            spot.place = self.source.place(start)
            self.source.count(start, MOST_TOML_NODES)
            mark = self.text[start : start + 1]
            if mark in ("[", "{"):
                self.at += 1
                self.open.append(spot)
                spot.declared = True
                _ = self.array(spot) if mark == "[" else self.table(spot)
            else:
                self.scalar(spot)
            spot = self.following()

    def scalar(self, spot: _Spot) -> None:
        """Takes the text of a scalar."""
        start = self.at
        spot.raw = self.take(_SCALAR)
        if len(spot.raw) > LONGEST_WRITTEN:
            self.source.stop(TOO_LONG_WRITTEN, start)
        if len(spot.raw) > MOST_DIGITS and spot.raw[0] not in "\"'":
            self.source.stop(TOO_MANY_DIGITS, start)

    def following(self) -> _Spot | None:
        """The spot of the next value in the brackets that are open, if there are any."""
        while self.open:
            holder = self.open[-1]
            self.take(_COMMA)
            if self.text[self.at : self.at + 1] == ("}" if holder.items is None else "]"):
                self.at += 1
                self.open.pop()
            elif holder.items is None:
                return self.slot(holder)
            else:
                holder.items.append(_Spot(holder.place, holder.depth + 1))
                return holder.items[-1]
        return None

    def inside(self, holder: _Spot, name: str, key: Place, start: Place) -> _Spot:
        """The table of that name, or the last of the tables; a new one if there is none."""
        members = self.members(holder)
        if name not in members:
            members[name] = self.table(_Spot(start, holder.depth + 1, key))
        spot = members[name]
        return spot.items[-1] if spot.items else spot

    def members(self, spot: _Spot) -> dict[str, _Spot]:
        """What is in a table; where it is none, tomllib will say so."""
        if spot.members is None:
            raise _Lost
        return spot.members

    def table(self, spot: _Spot) -> _Spot:
        """The spot, as that of an empty table."""
        if spot.depth > DEEPEST:
            self.source.stop(TOO_DEEP, spot.place)
        spot.members, spot.items = {}, None
        return spot

    def array(self, spot: _Spot) -> list[_Spot]:
        """The spot made that of an empty list; its items."""
        if spot.depth > DEEPEST:
            self.source.stop(TOO_DEEP, spot.place)
        spot.members, spot.items = None, []
        return spot.items


def _node(source: Source, value: object, spot: _Spot | None, around: Place) -> Node:
    """The value with the places that were found; what was not found gets that of what is around it."""
    place, key, raw = (spot.place, spot.key, spot.raw) if spot else (around, None, "")
    if isinstance(value, dict):
        members = spot.members or {} if spot else {}
        nodes = {name: _node(source, member, members.get(name), place) for name, member in value.items()}
        return Node(nodes, place, key)
    if isinstance(value, list):
        items: list[_Spot | None] = [*(spot.items or [])] if spot else []
        items += [None] * (len(value) - len(items))
        return Node([_node(source, *both, place) for both in zip(value, items, strict=False)], place, key)
    if isinstance(value, str):
        written = None if len(raw) == len(value) + 2 and "\n" not in raw else _written(raw)
        return source.scalar(value, value, at=place, key=key, plain=False, written=written)
    text = raw or str(value)
    if isinstance(value, Decimal):
        value = source.number(value, text, place)
    elif isinstance(value, time):
        value = text
    assert isinstance(value, bool | int | Decimal | date | str)
    return source.scalar(value, text, at=place, key=key, written=None if raw else _written(raw))


_ESCAPES = "Unescaped|Invalid hex|Escaped"
_ADVICE = {
    r"Invalid value": "this is no value of TOML: text needs quotes, true and false small letters",
    r"Invalid statement": "a line starts with a key, a [table] or a comment: put other keys in quotes",
    r"Invalid initial": "a key is missing here, of letters, digits, - and _: put others in quotes",
    r"Expected '=' after": "expected '=' after a key, of letters, digits, - and _: put others in quotes",
    r"Expected newline": "the line should end here: text needs quotes, and a `key = value` a line of its own",
    r"Expected '\]": "the bracket of this table is not closed",
    r"Unterminated|Expected \"'|Illegal character '\\n'": "a quote is not closed",
    r"Unclosed": "expected ',' or a closing bracket here; a table in braces stands in one line",
    _ESCAPES: r"no escape of TOML: write '\\' for a backslash, or use single quotes",
    r"Cannot|Duplicate": "this key or table is given twice: remove one of them",
    r"Invalid date": "there is no such date or time",
}


def _explain(problem: str, finder: _Finder) -> NoReturn:
    """Ends the reading with what tomllib found, in plain words."""
    source, text, at = finder.source, finder.text, finder.at
    for name, first, again in finder.twice:
        source.fault_again(name, first, again)
    if problem.startswith(("Cannot", "Duplicate")):
        source.check()
    known = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", problem, re.DOTALL)
    said = known[1] if known else problem
    if known and known[2]:
        lines = text.split("\n", int(known[2]))[: int(known[2]) - 1]
        at = sum(map(len, lines)) + len(lines) + int(known[3]) - 1
    elif finder.open and at == len(text):
        source.stop("the bracket that opens here is not closed", finder.open[-1].place)
    if said == "Invalid value" and text[at : at + 1] in ("", "\n", "#", ",", "]", "}"):
        source.stop("a value is missing here", at)
    if re.match(_ESCAPES, said):  # tomllib tells where the escape ends
        at = max(text.rfind("\\", 0, at), 0) if known and known[2] else text.rindex("\\")
    source.stop(next((advice for start, advice in _ADVICE.items() if re.match(start, said)), said), at)
