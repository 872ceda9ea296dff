"""Reads simple lines of YAML at once: entries of a list or mapping that mean one thing, whatever is around them.

PyYAML takes some 20 microseconds for a key or value, too long for a hundred thousand statements. Here an
entry is taken by patterns, or left: nothing is refused, and what is left is PyYAML's, error and all. An
entry is simple where it has its lines to itself, and the next entry of the same list or mapping follows.
"""

import re
from sys import intern

from attendance.formats.document import LONGEST_SCALAR, Node, Place
from attendance.model.words import possessive

_LONGEST_KEY = 1000  # a key that is longer than 1024 characters is none for PyYAML
_DEEPEST_FLOW = 4  # brackets in brackets
LEVELS = _DEEPEST_FLOW + 2
"""In how many levels an entry may be nested."""

BLOCK_WORD = possessive(r"[^\0 \t\n:]|:(?![\0 \t\n])", "+")
FLOW_WORD = possessive(r"[^\0 \t\n:,?\[\]{}]|:(?![\0 \t\n,\[\]{}])", "+")
BLOCK_WORDS, FLOW_WORDS = (word + possessive(rf" ++(?!#){word}") for word in (BLOCK_WORD, FLOW_WORD))
EMPTY_LINES = possessive(r" *+(?:#[^\n\0]*+)?\n")  # and comments
_FIRST = r"[^\0 \t\n\-?:,\[\]{}#&*!|>'\"%@`.\u2028\u2029\ufeff]"  # with which plain text may start anywhere
_BLOCK, _FLOW = (rf"(?={_FIRST}){words}" for words in (BLOCK_WORDS, FLOW_WORDS))
_QUOTED = r"""\"[^"\\\0\n]*+"|'[^'\0\n]*+'(?!')"""

_END = re.compile(rf" *+(?:(?<= )#[^\n\0]*+)?\n{EMPTY_LINES}")  # of an entry, with what is between two
_ITEM = re.compile(rf"- ++(?:({_BLOCK})|({_QUOTED})|[\[{{])")
_MEMBER = re.compile(rf"(?:({_BLOCK})|({_QUOTED})):(?: ++(?:({_BLOCK})|({_QUOTED})|(?=[\[{{])))?")
_IN_LIST = re.compile(rf" *+(?:({_FLOW})|({_QUOTED})|(?=[\[{{]))")
_IN_MAP = re.compile(rf" *+(?:({_FLOW})|({_QUOTED})): ++(?:({_FLOW})|({_QUOTED})|(?=[\[{{]))")
_MARK = re.compile(r" *+([,\]}]?)")
_INDENT = re.compile(r" *+")
_NEXT_ITEM = re.compile(r"- ")
_NEXT_MEMBER = re.compile(rf"{_FIRST}|['\"]")
_NOTHING = ("", "~", "null")


class _Unusual(Exception):
    """An entry is not simple."""


class Lines:
    """Entries of one list or mapping, from one that starts `at` a character, in a line that starts at another.

    What was read is in the list or mapping, and `.at`, `.line` and `.start` are those of the next entry.
    """

    def __init__(self, text: str, at: int, line: int, indent: int) -> None:
        self.text, self.at, self.line, self.start = text, at, line, at - indent
        self.indent = " " * indent
        self.nodes = 0  # keys and values that were read
        self._line, self._start, self._nodes = self.line, self.start, 0  # of the entry that is being read

    def items(self, values: list[Node], most: int) -> None:
        """Reads items of a list, which start at a '-'."""
        try:
            while True:
                node, after = self._item()
                if not self._follows(after, _NEXT_ITEM) or self._nodes > most:
                    return
                values.append(node)
                self._taken(after)
        except _Unusual:
            return

    def members(self, values: dict[str, Node], most: int) -> None:
        """Reads members of a mapping, which start at a key."""
        try:
            while True:
                name, node, after = self._member(values, self.at, nested=True)
                if not self._follows(after, _NEXT_MEMBER) or self._nodes > most:
                    return
                values[name] = node
                self._taken(after)
        except _Unusual:
            return

    # --- entries

    def _taken(self, after: int) -> None:
        self.at, self.start, self.line = after + len(self.indent), after, self._line
        self.nodes = self._nodes

    def _follows(self, after: int, start: re.Pattern[str]) -> bool:
        """Whether an entry of this list or mapping is next, in the line that starts there."""
        return self.text.startswith(self.indent, after) and start.match(self.text, after + len(self.indent)) is not None

    def _item(self) -> tuple[Node, int]:
        found = _ITEM.match(self.text, self.at)
        if not found:
            raise _Unusual
        if not found.lastindex:
            node, after = self._brackets(found.end() - 1, None, 0)
            return node, self._end(after)
        if end := _END.match(self.text, found.end()):
            return self._scalar(found, found.lastindex, None), self._line_end(end)
        return self._mapping(found.start(found.lastindex), None, _NEXT_ITEM)

    def _member(self, values: dict[str, Node], at: int, nested: bool) -> tuple[str, Node, int]:
        found = _MEMBER.match(self.text, at)
        if not found:
            raise _Unusual
        name, key = self._key(found, values)
        if found[3] is not None or found[4] is not None:
            return name, self._scalar(found, found.lastindex or 3, key), self._end(found.end())
        at = found.end()
        if self.text[at - 1] == " ":
            node, after = self._brackets(at, key, 0)
            return name, node, self._end(after)
        empty = Node(None, self._place(at), key, "")
        after = self._end(at)
        if not nested or self._follows(after, _NEXT_MEMBER):
            self._nodes += 1
            return name, empty, after
        return name, *self._mapping(after + self._deeper(after), key, _NEXT_MEMBER)

    def _deeper(self, start: int) -> int:
        """How far the line that starts there is indented, which is further than its surroundings."""
        blanks = _INDENT.match(self.text, start)
        size = blanks.end() - start if blanks else 0
        if size <= len(self.indent):
            raise _Unusual
        return size

    def _mapping(self, at: int, key: Place | None, then: re.Pattern[str]) -> tuple[Node, int]:
        """A mapping of simple lines, after which the next entry follows."""
        values: dict[str, Node] = {}
        made = Node(values, self._place(at), key)
        self._nodes += 1
        indent = " " * (at - self._start)
        while True:
            name, node, after = self._member(values, at, nested=False)
            values[name] = node
            if self._follows(after, then):
                return made, after
            at = after + len(indent)
            if not (self.text.startswith(indent, after) and _NEXT_MEMBER.match(self.text, at)):
                raise _Unusual

    # --- pieces

    def _end(self, at: int) -> int:
        """Moves to the line after the one that ends here, and after comments and lines without anything."""
        found = _END.match(self.text, at)
        if not found:
            raise _Unusual
        return self._line_end(found)

    def _line_end(self, found: re.Match[str]) -> int:
        self._line += self.text.count("\n", found.start(), found.end())
        self._start = found.end()
        return self._start

    def _place(self, at: int) -> Place:
        return Place(self._line, at - self._start + 1)

    def _key(self, found: re.Match[str], values: dict[str, Node]) -> tuple[str, Place]:
        """The name and the place of the key that was found; one that may not be there is unusual."""
        name, at = found[1], found.start(1)
        if name is None:
            name, at = found[2][1:-1], found.start(2)
        elif name == "<<":
            raise _Unusual
        if len(name) > _LONGEST_KEY or name in values:
            raise _Unusual
        self._nodes += 1
        return intern(name), self._place(at)

    def _scalar(self, found: re.Match[str], group: int, key: Place | None) -> Node:
        """Plain text where the number of the group is odd, else text in quotes."""
        text, place = found[group], self._place(found.start(group))
        self._nodes += 1
        if len(text) > LONGEST_SCALAR:
            raise _Unusual
        if group % 2 == 0:
            return Node(text[1:-1], place, key, text[1:-1], False)
        if len(text) <= 4 and text.lower() in _NOTHING:
            return Node(None, place, key, text)
        return Node(text, place, key, text)

    def _brackets(self, at: int, key: Place | None, depth: int) -> tuple[Node, int]:
        """A list or mapping in brackets, in one line; and where it ends."""
        if depth == _DEEPEST_FLOW:
            raise _Unusual
        listing = self.text[at] == "["
        items: list[Node] = []
        members: dict[str, Node] = {}
        made = Node(items if listing else members, self._place(at), key)
        self._nodes += 1
        close = "]" if listing else "}"
        at += 1
        mark, after = self._mark(at)
        if mark == close:
            return made, after
        while True:
            found = (_IN_LIST if listing else _IN_MAP).match(self.text, at)
            if not found:
                raise _Unusual
            if listing:
                node, at = self._value(found, None, depth, first=1)
                items.append(node)
            else:
                name, place = self._key(found, members)
                members[name], at = self._value(found, place, depth, first=3)
            mark, at = self._mark(at)
            if mark == close:
                return made, at
            if mark != ",":
                raise _Unusual

    def _mark(self, at: int) -> tuple[str, int]:
        """The mark that is next, if one is, and where it ends."""
        found = _MARK.match(self.text, at)
        return (found[1], found.end()) if found else ("", at)

    def _value(self, found: re.Match[str], key: Place | None, depth: int, first: int) -> tuple[Node, int]:
        """The value that was found in brackets, and where it ends."""
        if (found.lastindex or 0) >= first:
            return self._scalar(found, found.lastindex or first, key), found.end()
        return self._brackets(found.end(), key, depth + 1)
