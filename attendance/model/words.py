"""The words of the language: keywords, what a name may be, and text cut into tokens with their places."""

import re
import sys
import unicodedata
from decimal import Decimal
from typing import Literal, NamedTuple, cast

from attendance.errors import LanguageError

KEYWORDS = frozenset(
    "not and or at of if only unless is always never everyone others attends declines absent sends waits for "
    "might all any none least most exactly majority held represented".split()
)
RANGE = ".."
"""Stands between two numbers of people."""
MAX_TEXT = 20_000
MAX_NAME = 200
MAX_DIGITS = 30
BIDIRECTIONAL = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = "\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Unseen, but some scripts and signs are not written without them."""
_JOINED = re.compile(f"[{_JOINERS}]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
"""Characters that nobody sees (Default_Ignorable_Code_Point in Unicode), and those that end a line in some programs."""


_CJK = ("HIRAGANA", "KATAKANA", "HANGUL")
"""Scripts that are written together with Chinese characters."""


def scripts(text: str) -> list[str]:
    """The scripts of the letters in a text, as the first words of their Unicode names tell them."""
    if text.isascii():
        return []
    letters = {c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lo")}
    words = {unicodedata.name(c, "unknown").partition(" ")[0] for c in letters}
    return sorted({("CJK" if word in _CJK else word).capitalize() for word in words})


def possessive(group: str, times: str = "*") -> str:
    """A pattern that repeats a group, by default any number of times, and never goes back into what it took.

    Before Python 3.11.5 that takes too much where the last try of the group fails (CPython's issue 106052);
    there an atomic group says the same, with more memory.
    """
    broken = sys.version_info < (3, 11, 5)
    return f"(?>(?:{group}){times})" if broken else f"(?:{group}){times}+"


_SPACE = re.compile(r"(?:(?![\x0b\x0c\x1c-\x1f\x85])\s)+")  # no control characters but tabs and ends of lines
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ASCII_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_DECIMALS = possessive(r"\.[0-9]++", "?")
_PIECE = re.compile(
    r"[ \t\n\r]*+(?:(?P<word>[A-Za-z_][A-Za-z0-9_-]*+)|(?P<mark>[(),%]|\.\.)"
    rf"|(?P<number>[0-9]++{_DECIMALS})(?![\w.-]))"
    r"(?![^\0-\x7f])"
)
"""Blanks and a piece that any reader would cut alike."""

Kind = Literal["word", "quoted", "number", "mark", "end"]


class Token(NamedTuple):
    """A piece of text: a word (an identifier or a keyword), a quoted name, a number, or a mark."""

    kind: Kind
    text: str
    start: int
    end: int
    keyword: str | None = None
    """The keyword this token is, in lower case, if it is one."""

    @property
    def is_name(self) -> bool:
        """Whether it can stand as a name."""
        return self.kind == "quoted" or (self.kind == "word" and self.keyword is None)

    @property
    def sense(self) -> str | Decimal:
        """What it says, however it is written."""
        return self.keyword or (self.number if self.kind == "number" else self.text)

    @property
    def number(self) -> Decimal:
        """The exact number that it writes."""
        return Decimal(self.text)


def forbidden(char: str) -> bool:
    """Whether a character may stand nowhere: controls, bidirectional controls, lone surrogates."""
    return (char in BIDIRECTIONAL or unicodedata.category(char) in ("Cc", "Cs")) and char not in "\t\n\r"


def name_problem(name: str) -> str | None:
    """Why this cannot be a name, or None if it can."""
    if not name.strip():
        return "a name cannot be empty"
    if len(name) > MAX_NAME:
        return f"a name has at most {MAX_NAME} characters, this one has {len(name)}"
    for char in name:
        if forbidden(char) or char in "\t\n\r":
            return f"a name cannot contain the character U+{ord(char):04X}"
    if unseen := _UNSEEN.search(name):
        return f"a name cannot contain U+{ord(unseen[0]):04X}, which is not seen"
    if name != name.strip():
        return "a name cannot begin or end with a space"
    return None


def is_identifier(name: str) -> bool:
    """Whether a name can be written without quotes."""
    if name.isascii():
        return _ASCII_WORD.fullmatch(name) is not None and name.lower() not in KEYWORDS
    return _starts_word(name[0]) and all(map(_goes_on, name))  # all keywords are ASCII


def quote(name: str) -> str:
    """The name as it stands in text, quoted if it must be."""
    if is_identifier(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def fold(name: str) -> str:
    """What two names share if they differ only by case, space or Unicode normal form, or by what is not seen."""
    if name.isascii():
        return "".join(name.lower().split())
    name = _JOINED.sub("", name)
    return "".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def tokens(text: str) -> list[Token]:
    """The text cut up, with an end token. Raises LanguageError at what cannot be cut."""
    if len(text) > MAX_TEXT:
        raise LanguageError(
            f"the text has {len(text)} characters; at most {MAX_TEXT} are read", text, MAX_TEXT, MAX_TEXT + 1
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        if (piece := _PIECE.match(text, at)) and (plain := _plain(piece)):
            found.append(plain)
            at = piece.end()
            continue
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        found.append(_token(text, at))
        at = found[-1].end
    found.append(Token("end", "", len(text.rstrip()), len(text.rstrip())))
    return found


def _plain(piece: re.Match[str]) -> Token | None:
    """The token of a piece in plain letters; None where it is longer than it may be."""
    kind = cast(Kind, piece.lastgroup)
    text = piece[kind]
    start, end = piece.span(kind)
    if kind == "word":
        return _word(text, start, end) if end - start <= MAX_NAME else None
    return Token(kind, text, start, end) if end - start <= MAX_DIGITS else None


def _word(text: str, start: int, end: int) -> Token:
    lower = text.lower()
    return Token("word", text, start, end, lower if lower in KEYWORDS else None)


def _token(text: str, at: int) -> Token:
    char = text[at]
    if forbidden(char):
        raise LanguageError(f"the character U+{ord(char):04X} is not allowed", text, at, at + 1)
    if _UNSEEN.match(char):
        raise LanguageError(f"the character U+{ord(char):04X} is not seen: remove it", text, at, at + 1)
    if char in "(),%":
        return Token("mark", char, at, at + 1)
    if text.startswith(RANGE, at):
        return Token("mark", RANGE, at, at + 2)
    if char in "\"'":
        return _quoted(text, at)
    if number := _NUMBER.match(text, at):
        return _number(text, at, number.end())
    if word := _ASCII_WORD.match(text, at):
        end = word.end()
    elif _starts_word(char):
        end = at + 1
    else:
        raise LanguageError(
            f"{char!r} is not a part of the language",
            text,
            at,
            at + 1,
            'put a name with other characters in quotes: "..."',
        )
    while end < len(text) and _goes_on(text[end]):
        end += 1
    name = text[at:end]
    if not (name.isascii() and len(name) <= MAX_NAME) and (problem := name_problem(name)):
        raise LanguageError(problem, text, at, end)
    return _word(name, at, end)


def _number(text: str, start: int, end: int) -> Token:
    if end < len(text) and (_goes_on(text[end]) or text[end] == ".") and not text.startswith(RANGE, end):
        stop = end
        while stop < len(text) and (_goes_on(text[stop]) or text[stop] == "."):
            stop += 1
        raise LanguageError(
            f"{text[start:stop]!r} is neither a number nor a name",
            text,
            start,
            stop,
            "write numbers like 12 or 0.5; put names that begin with a digit in quotes",
        )
    if end - start > MAX_DIGITS:
        raise LanguageError(f"a number has at most {MAX_DIGITS} digits", text, start, end)
    return Token("number", text[start:end], start, end)


def _quoted(text: str, start: int) -> Token:
    mark, at, name = text[start], start + 1, ""
    while at < len(text) and text[at] != mark:
        if text[at] == "\\":
            at += 1
            if at == len(text) or text[at] not in "\\\"'":
                raise LanguageError(
                    "a backslash in quotes stands only before a quote or a backslash", text, at - 1, at + 1
                )
        name += text[at]
        at += 1
    if at >= len(text):
        raise LanguageError("this quote is never closed", text, start, start + 1, f"add {mark} after the name")
    if problem := name_problem(name):
        raise LanguageError(problem, text, start, at + 1)
    return Token("quoted", name, start, at + 1)


def _starts_word(char: str) -> bool:
    return char.isalpha() or char == "_"


def _goes_on(char: str) -> bool:
    return char.isalpha() or char in "_-" or unicodedata.category(char) in ("Nd", "Nl", "Mn", "Mc")
