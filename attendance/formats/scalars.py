"""How the scalars of YAML are written: their quotes, escapes and folded lines, and what these stand for."""

import re
from dataclasses import dataclass

_FOLD = r"[ \t]++(?:\n[ \t\n]*+)?|\n[ \t\n]*+"  # a run of blanks as a whole, or it were quadratic
_ESCAPE = r"\\(?:x..|u.{4}|U.{8}|\n[ \t\n]*+|.)"
SPECIAL = {
    "": re.compile(_FOLD),
    "'": re.compile(rf"''|{_FOLD}"),
    '"': re.compile(rf"{_ESCAPE}|{_FOLD}", re.DOTALL),
}
_MEANINGS = dict(zip("0abt\tnvfre_NLP", "\0\a\b\t\t\n\v\f\r\x1b\xa0\x85\u2028\u2029", strict=True))


def meaning(piece: re.Match[str]) -> str:
    """What a quote, an escape or a run of blanks and line ends stands for."""
    text = piece[0]
    if text[0] not in "\\'":
        breaks = text.count("\n")
        return "\n" * (breaks - 1) or " " if breaks else text
    if text[1] == "\n":
        return "\n" * (text.count("\n") - 1)
    return chr(int(text[2:], 16)) if text[1] in "xuU" else _MEANINGS.get(text[1], text[1])


@dataclass(frozen=True, slots=True)
class Block:
    """A scalar of lines that '|' or '>' announces."""

    raw: str
    content: str

    def index(self, offset: int) -> int:
        """Where in `raw` the character number `offset` of the content is written."""
        at = self.raw.find("\n") + 1
        there, here = _FIRST.search(self.raw, at), _FIRST.search(self.content)
        if not there or not here:  # nothing but blanks
            return at
        indent = len(there[1]) - len(here[1])
        seen = len(self.content) - len(self.content.lstrip("\n"))
        for line in self.raw[at:].split("\n"):
            if size := max(len(line) - indent, 0):
                end = seen + size
                ends = _ENDS.match(self.content, end)
                after = ends.end() if ends else end + 1  # or a space, where lines were folded
                if offset < after:
                    return at + indent + min(max(offset - seen, 0), size)
                seen = after
            at += len(line) + 1
        return len(self.raw)


_FIRST = re.compile(r"^( *+)[^ \n]", re.MULTILINE)
_ENDS = re.compile(r"\n++")
