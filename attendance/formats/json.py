"""Reads JSON, strictly as RFC 8259 has it, with the place of every node and without recursion."""

import re
from typing import NoReturn

from attendance.formats.document import (
    DEEPEST,
    LONGEST_WRITTEN,
    MOST_DIGITS,
    MOST_NODES,
    TOO_DEEP,
    TOO_LONG_WRITTEN,
    TOO_MANY_DIGITS,
    Escaped,
    Node,
    Place,
    Source,
    Value,
    exact,
    shown,
)
from attendance.model.words import possessive

_TEXT = '"' + possessive(r'[^"\\\0-\x1f]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})')  # without its closing quote
_VALUE = re.compile(
    rf"""[ \t\n]*+(?:
        (?P<open>[\[{{])
      | (?P<text>{_TEXT}")
      | (?P<number>-?(?:0|[1-9][0-9]*+)(?P<fraction>(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?))(?![\w.+-])
      | (?P<word>true|false|null)(?!\w)
    )""",
    re.VERBOSE | re.ASCII,
)
_KEY = re.compile(rf'[ \t\n]*+({_TEXT}")[ \t\n]*+(:?)')
_MARK = re.compile(r"[ \t\n]*+([,\]}]?)")
_UNCLOSED = re.compile(_TEXT)
_SPECIAL = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.")
_MEANINGS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}

_ANYWHERE = {  # of what is often written where JSON wants something else
    r"//|/\*|#": "JSON has no comments: remove this, or write YAML or TOML",
    r"'": "texts are in double quotes in JSON",
}
_FOR_VALUES = {
    r"[+-]?(?:nan|inf(?:inity)?)\b": "JSON has no such number: write null, or leave it out",
    r"(?:true|false|null|none|undefined)\b": "JSON has true, false and null, in small letters",
    r"[+-]?\.?\d": "no number of JSON: it has no '+', no leading 0, and digits on both sides of its point",
    r"[^\W\d]": "text needs double quotes in JSON",
    r",": "a value is missing before this comma",
}


def _meaning(piece: re.Match[str]) -> str:
    """The character that an escape, or a pair of them, stands for."""
    text = piece[0]
    if text[1] != "u":
        return _MEANINGS.get(text[1], text[1])
    first = int(text[2:6], 16)
    return chr(0x10000 + (first - 0xD800) * 0x400 + int(text[8:], 16) - 0xDC00 if len(text) > 6 else first)


def read_json(source: Source) -> Node:
    """The tree of the text."""
    reader = _Reader(source)
    root, at = reader.value(0)
    while reader.open:
        at = reader.step(at)
    at = reader.skip(at)
    if at < len(source.text):
        reader.refuse(at, "the document has ended before this: remove it")
    return root


class _Open:
    """A list or an object whose end has not come yet."""

    __slots__ = ("at", "close", "filled", "values")

    def __init__(self, values: list[Node] | dict[str, Node], at: int) -> None:
        self.values, self.at, self.filled = values, at, False
        self.close = "]" if isinstance(values, list) else "}"


class _Reader:
    """Goes through the text from value to value; each step returns where the next one starts."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text
        self.open: list[_Open] = []

    def skip(self, at: int) -> int:
        """Moves past blanks."""
        blanks = _MARK.match(self.text, at)
        return blanks.start(1) if blanks else at

    def step(self, at: int) -> int:
        """Reads what comes next in the list or object that is open: a member or its end."""
        holder = self.open[-1]
        found = _MARK.match(self.text, at)
        assert found
        if found[1] == holder.close:
            self.open.pop()
            return found.end()
        if holder.filled:
            if found[1] != ",":
                self.refuse(found.start(1), f"expected ',' or '{holder.close}' here")
            at = found.end()
        holder.filled = True
        if isinstance(holder.values, dict):
            return self._member(holder.values, at)
        node, at = self.value(at)
        holder.values.append(node)
        return at

    def value(self, at: int, key: Place | None = None) -> tuple[Node, int]:
        """Reads a value; of a list or object only the start, the rest is left open."""
        found = _VALUE.match(self.text, at)
        if not found:
            self.refuse(self.skip(at), "a value is missing here", _FOR_VALUES)
        kind, start, text = found.lastgroup, found.start(found.lastindex or 0), found[found.lastindex or 0]
        self.source.count(start, MOST_NODES)
        if kind == "open":
            return self._open(text, start, key), found.end()
        if kind == "text":
            return self._string(text, start, key), found.end()
        if kind == "word":
            return Node(_WORDS[text], self.source.place(start), key, text), found.end()
        number: Value = 0
        if found["fraction"]:
            number = self.source.number(exact(text), text, start)
        elif len(text) > MOST_DIGITS:
            self.source.fault(TOO_MANY_DIGITS, start)
        else:
            number = int(text)
        return self.source.scalar(number, text, at=start, key=key), found.end()

    def _member(self, values: dict[str, Node], at: int) -> int:
        """Reads a key and its value; one that was there before is read, noted and dropped."""
        found = _KEY.match(self.text, at)
        if not found:
            self.refuse(self.skip(at), "a key in double quotes is missing here")
        if not found[2]:
            self.refuse(found.end(), "expected ':' after a key")
        self.source.count(found.start(1), MOST_NODES)
        key = self._string(found[1], found.start(1), None)
        node, at = self.value(found.end(), key.place)
        first = values.setdefault(key.text or "", node)
        if first is not node:
            self.source.fault_again(key.text or "", first.key, key.place)
        return at

    def _open(self, mark: str, at: int, key: Place | None) -> Node:
        if len(self.open) == DEEPEST:
            self.source.stop(TOO_DEEP, at)
        node = Node([] if mark == "[" else {}, self.source.place(at), key)
        assert isinstance(node.value, list | dict)
        self.open.append(_Open(node.value, at))
        return node

    def _string(self, raw: str, at: int, key: Place | None) -> Node:
        if len(raw) > LONGEST_WRITTEN:
            self.source.stop(TOO_LONG_WRITTEN, at)
        written = Escaped(raw[:-1], 1, _SPECIAL, _meaning) if "\\" in raw else None
        text = written.content if written else raw[1:-1]
        return self.source.scalar(text, text, at=at, key=key, plain=False, written=written)

    def refuse(self, at: int, message: str, more: dict[str, str] | None = None) -> NoReturn:
        """Ends the reading at what cannot be read, with what is known of it."""
        text = self.text
        if at == len(text):
            at, message = self._unfinished(at)
        elif text[at] == '"':
            at, message = self._puzzle(at, message)
        elif text[at] in "]}" and text[:at].rstrip()[-1:] == ",":
            at, message = text.rindex(",", 0, at), "JSON has no comma before a closing bracket: remove it"
        else:
            for start, advice in {**_ANYWHERE, **(more or {})}.items():
                if re.match(start, text[at : at + 10], re.IGNORECASE):
                    message = advice
                    break
        self.source.stop(message, at)

    def _unfinished(self, at: int) -> tuple[int, str]:
        """What is to be said of a text that ends too early, and where."""
        if not self.open:
            return at, "the document is empty: JSON needs a value"
        at = self.open[-1].at
        return at, f"the '{self.text[at]}' that opens here is not closed"

    def _puzzle(self, at: int, message: str) -> tuple[int, str]:
        """What is to be said of a text in quotes that cannot be read, or has no place here."""
        unclosed = _UNCLOSED.match(self.text, at)
        end = unclosed.end() if unclosed else at
        match self.text[end : end + 1]:
            case '"':
                return at, message
            case "\\" if end + 1 < len(self.text):
                advice = r"write '\\' for a backslash"
                return end, f"{shown(self.text[end : end + 2])} is no escape of JSON: {advice}"
            case "\t":
                return end, r"a tab inside a text is written '\t' in JSON"
            case _:
                return at, "the quote that opens here is not closed in this line"
