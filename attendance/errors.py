"""Every error as one family; each says what is wrong, where, and what to do next.

AttendanceError
├── InputError (also ValueError)      what was given cannot be taken
│   ├── LanguageError                 the text of a condition or statement does not parse
│   ├── CaseError                     a case file or a case from values is wrong: all problems at once
│   ├── QuestionError                 a question is put wrongly
│   │   └── UnknownName (also KeyError)   it names what the case does not have
│   ├── RuleError                     a rule, or a fact for rules, is beyond what can be matched
│   ├── MisusedCondition (also TypeError)   a condition stands where it has no meaning, as after `not`
│   └── ImpossibleScenario            what is assumed and given admits no outcome, whatever is set aside
├── EngineError                       an engine asked for by name cannot answer
│   ├── EngineUnsuitable              this network is beyond what it offers
│   └── EngineMissing                 it is not installed here
├── DeskError                         a live desk that is closed, or whose case is another
├── JournalError                      a journal that cannot be opened, read or written
│   ├── JournalBusy                   another process, or another part of this one, is writing in it
│   └── JournalDamaged                some of it is not as it was written
└── ResolutionTimeout                 the time limit passed before the answer was found
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

# Controls, directions of writing, ends of lines, spaces without width, halves of surrogate pairs: never printed.
_UNSEEN = re.compile("[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class AttendanceError(Exception):
    """Whatever this library raises on purpose."""

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[AttendanceError], args: tuple[object, ...], state: dict[str, object]) -> AttendanceError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(AttendanceError, ValueError):
    """What was given cannot be taken; the message says what to do."""


class LanguageError(InputError):
    """Text that does not parse: `.text`, the span `.start` to `.end` in it, `.problem`, `.hint`."""

    def __init__(self, problem: str, text: str, start: int, end: int, hint: str | None = None) -> None:
        self.problem, self.text, self.start, self.end, self.hint = problem, text, start, end, hint
        super().__init__(problem)

    @property
    def line(self) -> int:
        """The line in the text, from 1."""
        return self.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The column in that line, from 1."""
        return self.start - (self.text.rfind("\n", 0, self.start) + 1) + 1

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}: {self.problem}"
        return "\n".join([where, *caret(self.text, self.start, self.end), *advice(self.hint)])


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a case: what, where it is in the case, and where in a file if it came from one.

    `path` leads to the value, as in ("statements", 3, "says"); `text` with `start` and `end` is the
    piece of language that is wrong, if it is one, and `word` the name in it.
    """

    message: str
    path: tuple[str | int, ...] = ()
    text: str | None = None
    start: int = 0
    end: int = 0
    hint: str | None = None
    word: str | None = None
    about_key: bool = False
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.message}" if self.where else self.message]
        if self.text is not None:
            lines += caret(self.text, self.start, self.end)
        return "\n".join([*lines, *advice(self.hint)])

    @property
    def where(self) -> str:
        """File, line and column, or the path in the case."""
        if self.line is not None:
            return f"{visible(self.file or '<text>')}:{self.line}:{self.column}"
        return visible(".".join(str(part) or '""' for part in self.path))


class CaseError(InputError):
    """A case with mistakes: `.problems` has all of them, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class QuestionError(InputError):
    """A question that is put wrongly."""


class UnknownName(QuestionError, KeyError):
    """A question that names what the case does not have: `.name`, `.hint`."""

    def __init__(self, message: str, name: str, hint: str | None = None) -> None:
        self.name, self.hint = name, hint
        super().__init__(message)

    def __str__(self) -> str:
        return "\n".join([str(self.args[0]), *advice(self.hint)])


class RuleError(InputError):
    """A rule, or a fact for rules, beyond what can be matched rightly and safely.

    Where a session took a rule out, `.rules` names it and `.matches` has what the other rules matched.
    """

    def __init__(self, message: str, rules: tuple[str, ...] = (), matches: Sequence[object] = ()) -> None:
        self.rules, self.matches = rules, tuple(matches)
        super().__init__(message)


class MisusedCondition(InputError, TypeError):
    """A condition has no truth of its own, and joins only conditions and their text."""


class ImpossibleScenario(InputError):
    """What is assumed and given admits no outcome, whatever statements are set aside: `.names`."""

    def __init__(self, message: str, names: tuple[str, ...] = ()) -> None:
        self.names = names
        super().__init__(message)


class EngineError(AttendanceError):
    """An engine asked for by name cannot answer."""


class EngineUnsuitable(EngineError):
    """The engine does not offer what this network needs: `.engine`, `.reason`."""

    def __init__(self, engine: str, reason: str) -> None:
        self.engine, self.reason = engine, reason
        super().__init__(f"the engine {engine!r} cannot answer this: {reason}")


class EngineMissing(EngineError, InputError):
    """There is no engine of that name, or it is not installed here."""


class DeskError(AttendanceError):
    """A live desk that is closed, that has no case or another one, or whose rules never come to rest."""


class JournalError(AttendanceError):
    """A journal that cannot be opened, read or written: `.path`."""

    def __init__(self, message: str, path: str | None = None) -> None:
        self.path = path
        super().__init__(message)


class JournalBusy(JournalError):
    """Another process, or another part of this one, is writing in the journal: `.path`."""


class JournalDamaged(JournalError):
    """Some of the journal is not as it was written: `.whole` is how many entries can still be read."""

    def __init__(self, message: str, path: str | None = None, whole: int = 0) -> None:
        self.whole = whole
        super().__init__(message, path)


class ResolutionTimeout(AttendanceError, TimeoutError):
    """The time limit passed before the answer was found; `.known` has what is certain already."""

    def __init__(self, message: str, known: object = None) -> None:
        self.known = known
        super().__init__(message)


class Guesses:
    """Hints with the nearest known names for any number of unknown ones, but no more than take about a second."""

    def __init__(self, most: int = 50_000) -> None:
        self._left = most
        self._found: dict[tuple[str, str], str | None] = {}

    def near(self, what: str, name: str, known: Iterable[str]) -> str | None:
        """A hint with the nearest names of what it should be, or None if none is near or time is up."""
        if (what, name) not in self._found and self._left > 0:
            names = list(known)
            self._left -= len(names)
            self._found[what, name] = did_you_mean(name, names)
        return self._found.get((what, name))


FEW = 12
"""So many names are listed where none is near."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint with the nearest known names, or None if none is near."""
    by_fold: dict[str, str] = {}
    for k in known:
        by_fold.setdefault(k.casefold(), k)
    near = [by_fold[m] for m in get_close_matches(name.casefold(), by_fold, n=3, cutoff=0.6)]
    return f"did you mean {' or '.join(near)}?" if near else None


def round_trip(circle: Sequence[str]) -> str:
    """A circle in words, from its first to its first again; of a long one, the beginning and the end."""
    if len(circle) > 12:
        circle = [*circle[:8], f"... {len(circle) - 11:,} more ...", *circle[-3:]]
    return " > ".join(circle)


def caret(text: str, start: int, end: int) -> list[str]:
    """The line of the text and a line of carets under the span."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    line = text[first:] if last < 0 else text[first:last]
    shift, width = start - first, max(1, min(end, first + len(line)) - start)
    if len(line) > 100:  # a window around the word, so that a long text stays readable
        left = max(0, shift - 50)
        line, shift = line[left : left + 100], shift - left
    pad = "".join("\t" if c == "\t" else " " for c in line[:shift])
    return [f"    {visible(line)}", f"    {pad}{'^' * min(width, max(1, len(line) - shift))}"]


def shown(value: object) -> str:
    """A value as it stands in a message, short."""
    try:
        text = str(value) if isinstance(value, Decimal | date) else repr(value)
    except Exception:  # of a stranger's value, or of a number with too many digits
        text = f"this {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


def visible(text: str) -> str:
    """The text with a mark in the place of each character that is not seen."""
    return _UNSEEN.sub("\ufffd", text)


def advice(hint: str | None) -> list[str]:
    """A hint as a line of its own."""
    return [f"    {hint}"] if hint else []
