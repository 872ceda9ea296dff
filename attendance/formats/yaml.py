"""Reads YAML: a composer of our own over PyYAML's events, in which every scalar stays text.

PyYAML says where tokens and events are; its constructors are never used. Its loops over single
characters are done by patterns here, which is quicker and keeps every input linear. Only a line feed
ends a line, as in YAML 1.2, so that no unseen character can hide a line; directives are skipped.
"""

import re
from typing import NoReturn

import yaml
from yaml.error import Mark
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from yaml.reader import ReaderError
from yaml.scanner import ScannerError
from yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEntryToken,
    DirectiveToken,
    KeyToken,
    ScalarToken,
    TagToken,
    ValueToken,
)

from attendance.formats.document import (
    DEEPEST,
    LONGEST_WRITTEN,
    MOST_FAULTS,
    MOST_NODES,
    TOO_DEEP,
    TOO_LONG_WRITTEN,
    Escaped,
    Node,
    Place,
    Source,
    Written,
    shown,
    too_many,
)
from attendance.formats.lines import BLOCK_WORDS, EMPTY_LINES, FLOW_WORDS, LEVELS, Lines
from attendance.formats.scalars import SPECIAL, Block, meaning
from attendance.model.words import possessive

MOST_YAML_NODES = 250_000  # keys and values that are not in simple lines: PyYAML takes 20 microseconds for each
_TOO_UNUSUAL = (
    "the document has more than {:,} keys and values that are not in simple lines: "
    "write one item or key a line, or split it"
)
_SEPARATORS = (",", ": ", ":\n", "- ", "-\n", "? ", "[", "{")  # each makes a key or value, or is in text


def read_yaml(source: Source) -> Node:
    """The tree of the one document in the text; an empty mapping where there is nothing."""
    composer = _Composer(source)
    if sum(map(source.text.count, _SEPARATORS)) > 2 * MOST_NODES:  # far too many: no need to try
        source.stop(too_many(MOST_NODES), 0)
    try:
        scanner = _Scanner(source.text)
        scanner.composer = composer
        while scanner.check_event():
            composer.take(scanner.get_event())  # type: ignore[no-untyped-call]
    except ReaderError as error:  # U+FFFE, U+FFFF
        code = f"U+{error.character:04X}"
        source.stop(f"the character {code} is not allowed in YAML: remove it", error.position)
    except yaml.MarkedYAMLError as error:
        _explain(error, composer)
    root = composer.root
    return Node({}, Place(1, 1)) if root is None or (root.text == "" and root.plain) else root


# --- events to nodes


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = ("at", "awaits_key", "key", "name", "values")

    def __init__(self, values: list[Node] | dict[str, Node], at: int) -> None:
        self.values, self.at = values, at
        self.awaits_key = isinstance(values, dict)
        self.name: str | None = None  # of the member that comes next; None if its key was refused
        self.key: Place | None = None  # where that key is


class _Composer:
    """Makes a tree of events, taken one after the other, without recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Node | None = None
        self.documents = 0
        self.open: list[_Open] = []
        self.unusual = 0  # keys and values that PyYAML found

    def take(self, event: Event) -> None:
        """Adds to the tree what the event says."""
        if isinstance(event, NodeEvent):
            self.source.count(_start(event), MOST_NODES)
            self.unusual += 1
            if self.unusual > MOST_YAML_NODES:
                self.source.stop(_TOO_UNUSUAL.format(MOST_YAML_NODES), _start(event))
            key = self.open[-1].key if self.open else None
            if isinstance(event, ScalarEvent):
                self._put(self._scalar(event, key))
            elif isinstance(event, CollectionStartEvent):
                self._collection(event, key)
            else:
                advice = "write out what is meant, or put the text in quotes"
                self.source.fault(f"'*' starts an alias, which is not allowed: {advice}", _start(event))
                self._put(Node(None, self.source.place(_start(event)), key))
        elif isinstance(event, CollectionEndEvent):
            self.open.pop()
        elif isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                advice = "keep one, or put this one into a file of its own"
                self.source.stop(f"a second document starts here: {advice}", _start(event))

    def _scalar(self, event: ScalarEvent, key: Place | None) -> Node:
        self._refuse_properties(event, event.tag)
        at, text, plain = _start(event), event.value, event.style is None
        if key and plain and not text and self.source.text[at - 1] != ":":
            return Node(None, key, key, "")  # no value, and no ':' either: this stands at its key
        value = None if plain and text.lower() in ("", "~", "null") else text
        return self.source.scalar(value, text, at=at, key=key, plain=plain, written=self._written(event))

    def _collection(self, event: CollectionStartEvent, key: Place | None) -> None:
        self._refuse_properties(event, event.tag)
        at = _start(event)
        if len(self.open) == DEEPEST:
            self.source.stop(TOO_DEEP, at)
        values: list[Node] | dict[str, Node] = [] if isinstance(event, SequenceStartEvent) else {}
        self._put(Node(values, self.source.place(at), key))
        self.open.append(_Open(values, at))

    def _put(self, node: Node) -> None:
        """Adds a node to the list or mapping that is open: an item, a key or a value."""
        holder = self.open[-1] if self.open else None
        if holder is None:
            self.root = node
        elif isinstance(holder.values, list):
            holder.values.append(node)
        elif holder.awaits_key:
            holder.awaits_key, holder.key, holder.name = False, node.place, self._name(holder.values, node)
        else:
            if holder.name is not None:
                holder.values[holder.name] = node
            holder.awaits_key, holder.key = True, None

    def _name(self, members: dict[str, Node], key: Node) -> str | None:
        """The name of the member that comes next; None, and noted, if it cannot have that."""
        if isinstance(key.value, list | dict):
            advice = "if it is text with brackets, put it in quotes"
            self.source.fault(f"a key is one text, not a list or mapping: {advice}", key.place)
        elif key.plain and key.text == "":
            self.source.fault("a key is missing before this ':'", key.place)
        elif key.plain and key.text == "<<":
            self.source.fault("'<<' merges mappings, which is not allowed: write the keys out", key.place)
        elif key.text in members:
            self.source.fault_again(key.text, members[key.text].key, key.place)
        else:
            return key.text  # None if it is an alias
        return None

    def _refuse_properties(self, event: NodeEvent, tag: str | None) -> None:
        text, at = self.source.text, _start(event)
        advice = "which is not allowed: remove it, or put the text in quotes"
        if event.anchor is not None:
            self.source.fault(f"'&' starts an anchor, {advice}", text.index("&", at))
        if tag is not None:
            self.source.fault(f"{shown(tag)} is a tag, {advice}", text.index("!", at))

    def _written(self, event: ScalarEvent) -> Written | None:
        """How the scalar is written, if that is not just its content, or that in quotes."""
        assert event.end_mark is not None
        raw = self.source.text[_start(event) : event.end_mark.index]
        style, quotes = event.style or "", 2 if event.style else 0
        if style in ("|", ">"):
            return Block(raw, event.value)
        if len(raw) == len(event.value) + quotes and "\n" not in raw:
            return None
        return Escaped(raw[:-1] if style else raw, len(style), SPECIAL[style], meaning)


def _start(event: Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.index


# --- text to tokens

_GAP = re.compile(rf"{EMPTY_LINES} *+(?:#[^\n\0]*+)?")
_LINE_ENDS = re.compile(r" *+\n")
_DIRECTIVES = re.compile(possessive(rf"%[^\n\0]*+(?:\n{EMPTY_LINES})?", "+"))
_NAME = re.compile(r"[&*][^\0 \t\n,\[\]{}:]*+")
_TAG = re.compile(r"![^\0 \t\n,\[\]{}]*+")
_SEPARATOR = re.compile(r"\n(?:---|\.\.\.)[\0 \t\n]")
_WORDS = [BLOCK_WORDS, FLOW_WORDS]
_ONE_LINE = [re.compile(words) for words in _WORDS]
_QUOTED = {
    "'": re.compile("'" + possessive(r"[^'\0]++|''")),
    '"': re.compile(
        '"'
        + possessive(
            r'[^"\\\0]++|\\(?:[0abt\tnvfre "/\\N_LP\n]|x[\da-fA-F]{2}|u[\da-fA-F]{4}'
            r"|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4})"
        )
    ),
}
_HEADER = re.compile(r"[|>](?:([+-])([1-9])?|([1-9])([+-])?)?(?: ++(?:#[^\n\0]*+)?)?(?:\n|(?=\0))")
_BLANKS = re.compile(possessive(r" *+\n") + " *+")
_FOLDED = re.compile(r"^([^ \t\n][^\n]*+)\n(\n*+)(?=[^ \t\n])", re.MULTILINE)


class _Scanner(yaml.SafeLoader):
    """PyYAML's scanner, by patterns; what cannot be read it says in our words."""

    ends = 0
    composer: _Composer  # which takes simple lines at once

    # --- simple lines, taken at once

    def parse_block_sequence_entry(self) -> Event:
        self.skip([BlockEntryToken])
        return super().parse_block_sequence_entry()  # type: ignore[no-any-return, no-untyped-call]

    def parse_indentless_sequence_entry(self) -> Event:
        self.skip([BlockEntryToken])
        return super().parse_indentless_sequence_entry()  # type: ignore[no-any-return, no-untyped-call]

    def parse_block_mapping_key(self) -> Event:
        self.skip([KeyToken, ScalarToken, ValueToken])
        return super().parse_block_mapping_key()  # type: ignore[no-any-return, no-untyped-call]

    def skip(self, start: list[type]) -> None:
        """Has simple entries read from here on, where one starts with these tokens; goes on after them."""
        mark, source = self.peek_token().start_mark, self.composer.source  # type: ignore[no-untyped-call]
        entry, depth = [type(token) for token in self.tokens], len(self.composer.open)
        if entry != start or mark.column != self.indent or depth > DEEPEST - LEVELS:
            return
        lines = Lines(self.buffer, mark.index, mark.line + 1, mark.column)
        values = self.composer.open[-1].values
        if isinstance(values, list):
            lines.items(values, MOST_NODES - source.nodes)
        else:
            lines.members(values, MOST_NODES - source.nodes)
        if lines.nodes:
            source.nodes += lines.nodes
            self.tokens.clear()
            self.possible_simple_keys.clear()
            self.allow_simple_key = True
            self.pointer = self.index = lines.at
            self.line, self.column = lines.line - 1, mark.column

    # --- tokens by patterns

    def refuse(self, message: str, index: int | None = None) -> NoReturn:
        mark = self.get_mark()
        mark.index = self.index if index is None else index
        raise ScannerError(None, None, message, mark)

    def find(self, pattern: re.Pattern[str]) -> str:
        """What the pattern finds here; may be nothing."""
        found = pattern.match(self.buffer, self.pointer)
        return found[0] if found else ""

    def take(self, text: str) -> tuple[Mark, Mark]:
        """Moves past the text, which is here; returns where it starts and ends."""
        if len(text) > LONGEST_WRITTEN:
            self.refuse(TOO_LONG_WRITTEN)
        start = self.get_mark()
        self.forward(len(text))
        return start, self.get_mark()

    def forward(self, length: int = 1) -> None:
        end = self.pointer + length
        if self.buffer.find("\n", self.pointer, end) < 0:
            self.column += length
        else:
            self.line += self.buffer.count("\n", self.pointer, end)
            self.column = end - self.buffer.rindex("\n", self.pointer, end) - 1
        self.pointer = self.index = end

    def need_more_tokens(self) -> bool:
        if self.done or not self.tokens:
            return not self.done
        for key in self.possible_simple_keys.values():  # the first token may be the start of a key
            if key.token_number != self.tokens_taken:
                return False
            self.stale_possible_simple_keys()
            return key in self.possible_simple_keys.values()
        return False

    def stale_possible_simple_keys(self) -> None:
        # The keys come in the order of their levels and places, so the first to be given up is the first.
        while self.possible_simple_keys:
            level, key = next(iter(self.possible_simple_keys.items()))
            if key.line == self.line and self.index - key.index <= 1024:
                return
            if key.required:
                super().stale_possible_simple_keys()
            del self.possible_simple_keys[level]

    def fetch_flow_collection_start(self, kind: type) -> None:
        if self.flow_level == DEEPEST:  # PyYAML takes the square of it
            self.refuse(TOO_DEEP)
        super().fetch_flow_collection_start(kind)

    def fetch_document_end(self) -> None:
        self.ends += 1  # PyYAML would go on and on with no event
        if self.ends > MOST_FAULTS:
            self.refuse("the document has ended before this: remove it")
        super().fetch_document_end()

    def scan_to_next_token(self) -> None:
        line = self.line
        self.forward(len(self.find(_GAP)))
        if self.line > line and not self.flow_level:
            self.allow_simple_key = True

    def scan_directive(self) -> DirectiveToken:
        return DirectiveToken("skipped", None, *self.take(self.find(_DIRECTIVES)))

    def scan_anchor(self, kind: type[AnchorToken | AliasToken]) -> AnchorToken | AliasToken:
        name = self.find(_NAME)
        return kind(name, *self.take(name))

    def scan_tag(self) -> TagToken:
        tag = self.find(_TAG)
        return TagToken((None, tag), *self.take(tag))

    def scan_plain(self) -> ScalarToken:
        raw = self.find(_ONE_LINE[self.flow_level > 0])
        if self.buffer[self.pointer + len(raw)] in " \n":  # it may go on in the next line
            indent = 0 if self.flow_level else self.indent + 1
            words = _WORDS[self.flow_level > 0]
            blanks = possessive(r" *+\n", "+")
            more = rf"{blanks} {{{indent}}} *+(?!#|(?<=\n)(?:---|\.\.\.)[\0 \t\n]){words}"
            raw = self.find(re.compile(words + possessive(more)))
        start, end = self.take(raw)
        self.allow_simple_key = bool(self.find(_LINE_ENDS))
        return ScalarToken(SPECIAL[""].sub(meaning, raw) if "\n" in raw else raw, True, start, end)

    def scan_flow_scalar(self, style: str) -> ScalarToken:
        raw = self.find(_QUOTED[style])
        end = self.pointer + len(raw)
        if self.buffer[end] == "\\" and self.buffer[end + 1] != "\0":  # which stands for the end
            advice = r"write '\\' for a backslash, or put the text in single quotes"
            self.refuse(f"{shown(self.buffer[end : end + 2])} is no escape of YAML: {advice}", end)
        if self.buffer[end] != style or _SEPARATOR.search(self.buffer, self.pointer, end):
            self.refuse("the quote that opens here is not closed")
        start, after = self.take(raw + style)
        text = raw[1:]
        if any(sign in text for sign in ("\n", "\\", "''")):
            text = SPECIAL[style].sub(meaning, text)
        return ScalarToken(text, False, start, after, style)

    def scan_block_scalar(self, style: str) -> ScalarToken:
        header = _HEADER.match(self.buffer, self.pointer)
        if not header:
            advice = "its text starts in the next line; if this is the text, put it in quotes"
            self.refuse(f"'{style}' announces lines of text: {advice}")
        start, _ = self.take(header[0])
        keep, digit = header[1] or header[4], header[2] or header[3]
        indent = max(self.indent + 1, 1)
        if digit:
            indent += int(digit) - 1
        else:
            blanks = self.find(_BLANKS)
            if len(blanks) > LONGEST_WRITTEN:
                self.refuse(TOO_LONG_WRITTEN)
            indent = max(indent, *map(len, blanks.split("\n")))
        raw = self.find(re.compile(possessive(rf" {{0,{indent}}}\n| {{{indent}}}[^\n\0]++(?:\n|(?=\0))")))
        _, end = self.take(raw)
        text = re.sub(rf"(?m)^ {{1,{indent}}}", "", raw)
        body = text.rstrip("\n")
        if style == ">":
            body = _FOLDED.sub(lambda lines: lines[1] + (lines[2] or " "), body)
        ends = text[len(text.rstrip("\n")) :] if keep == "+" or (body and keep != "-") else ""
        return ScalarToken(body + (ends if keep == "+" else ends[:1]), False, start, end, style)


# --- what PyYAML says, in plain words

_ADVICE = {
    r"found character '\\t'": "a tab stands where YAML takes only spaces: replace it with spaces, or {quote}",
    r"found character (.*) that": "text cannot start with {0}: {quote}",
    r"mapping values are not": "a ':' with a space after it is in a value: {quote}, or mend the indentation",
    r"mapping keys are not": "a '?' with a space after it starts a key, and none can be here: {quote}",
    r"sequence entries are not": "a '-' with a space after it starts an item, and none can be here: {quote}",
    r"could not find expected ':'": "this has no ':' with a space after it, as in `key: value`",
    r"expected ',' or '(.)'": "the bracket in {place} needs ',' or '{0}' before this: close it, or {quote}",
    r"expected the node content, but found ':'": "a key is missing before this ':'",
    r"expected the node content, but found '([\],}])'": "a value is missing before this '{0}'",
    r"expected the node content": "a value is missing here",
    r"expected <block end>, but found '<scalar>'": "text follows a quote or bracket: {quote}, all of it",
    r"expected <block end>": "this is no part of what starts in {place}: mend the indentation, or {quote}",
    r"expected '<document start>'": "the document has ended before this: mend the indentation, or {quote}",
}


def _explain(error: yaml.MarkedYAMLError, composer: _Composer) -> NoReturn:
    """Ends the reading with what PyYAML found, in plain words."""
    source, problem, context = composer.source, error.problem or "", error.context_mark
    mark = context if problem.startswith("could not find") else error.problem_mark
    at = mark.index if mark else len(source.text)
    if re.search(r"(got|found) '<(stream|document)", problem):
        for holder in reversed(composer.open):
            if source.text[holder.at] in "[{":
                source.stop(f"the '{source.text[holder.at]}' that opens here is not closed", holder.at)
    if not composer.documents and problem.startswith("expected '<document start>'"):
        source.stop("a line with '%' first is a directive: put it in quotes", source.text.index("%"))
    for pattern, advice in _ADVICE.items():
        if said := re.match(pattern, problem):
            start = source.place(context.index if context else 0)
            place = f"line {start.line}, column {start.column}"
            problem = advice.format(*said.groups(), place=place, quote="put the text in quotes")
            break
    source.stop(problem, at)
