"""What stands of all that was said: what is in force, without the history that newer words superseded."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from attendance.model.case import Case
from attendance.model.positions import Talk, age, superseded, talk_of
from attendance.model.roster import Named, named_in
from attendance.model.statements import Statement

Placed = tuple[int, Statement]
"""A statement with its place in the order of saying."""


class History(Protocol):
    """Everything that was said and not withdrawn."""

    def said(self, name: str) -> Placed | None:
        """The statement of that id."""

    def about(self, talk: Talk) -> Iterable[Placed]:
        """The statements of one speaker about one attendance."""

    def ends(self, name: str) -> bool:
        """Whether a statement supersedes that one by name."""


class Standing:
    """The statements in force, kept up to date one by one; `named` counts who is named where.

    What a newer statement of its speaker supersedes stays superseded whatever else is said, so it is
    forgotten: the memory taken is that of what stands. Only where a statement is withdrawn are older
    ones, which may come back, read from the history.
    """

    def __init__(self, case: Case, history: History) -> None:
        self.case, self.history = case, history
        self.named: Counter[Named] = Counter()
        self._kept: dict[str, Placed] = {}  # in force, or dated and ended by name alone
        self._talks: dict[Talk, set[str]] = {}  # those of the kept that are dated
        self._ended: set[str] = set()  # those of the kept that are ended by name, and some still to be said

    @property
    def in_force(self) -> tuple[Statement, ...]:
        """The statements in force, in the order of saying; `waits for` too."""
        return self.among(self._kept)

    def among(self, names: Iterable[str]) -> tuple[Statement, ...]:
        """Those of the statements that are in force, in the order of saying."""
        kept = sorted((self._kept[n][0], n) for n in names if n in self._kept and n not in self._ended)
        return tuple(self._kept[name][1] for _, name in kept)

    def say(self, number: int, statement: Statement) -> list[Statement]:
        """Take a statement in. Gives those that are in force now and were not, or were and are not."""
        name, talk = str(statement.id), talk_of(self.case, statement)
        around = {name, *self._talks.get(talk, ()), *statement.supersedes}
        before = self.among(around)
        self.named.update(self._names(statement))
        self._kept[name] = number, statement
        for other in statement.supersedes:
            self._end(number, other)
        if statement.said is not None:
            self._talks.setdefault(talk, set()).add(name)
            self._fold(talk)
        elif name in self._ended:
            self._drop(name)
        return self._changed(before, around)

    def withdraw(self, statement: Statement) -> list[Statement]:
        """Take a statement out as if it had never been said, the history having forgotten it. Gives as `say` does."""
        ended = [found for name in statement.supersedes if (found := self.history.said(name))]
        again = {talk_of(self.case, s): None for s in (statement, *(s for _, s in ended)) if s.said is not None}
        around = {str(statement.id), *statement.supersedes}.union(*(self._talks.get(talk, ()) for talk in again))
        before = self.among(around)
        self.named.subtract(self._names(statement))
        self.named = +self.named
        self._drop(str(statement.id))
        self._ended.difference_update(name for name in statement.supersedes if not self.history.ends(name))
        for talk in again:
            around |= self._read(talk)
        for number, other in ended:
            if other.said is None and not self.history.ends(str(other.id)):
                self._kept[str(other.id)] = number, other
        return self._changed(before, around)

    def _read(self, talk: Talk) -> set[str]:
        """What one speaker said of one attendance, read again."""
        for name in [*self._talks.get(talk, ())]:
            self._drop(name)
        found = {str(s.id): (number, s) for number, s in self.history.about(talk) if s.said is not None}
        self._kept.update(found)
        self._talks[talk] = set(found)
        self._ended.update(name for name in found if self.history.ends(name))
        self._fold(talk)
        return set(found)

    def _end(self, number: int, name: str) -> None:
        """A statement is ended by name: it may be one that comes after it in a file."""
        if name in self._kept and self._kept[name][1].said is None:
            self._drop(name)
        elif name in self._kept:
            self._ended.add(name)
        else:
            found = self.history.said(name)
            if found is not None and found[0] > number:
                self._ended.add(name)

    def _fold(self, talk: Talk) -> None:
        """Forget what newer statements of the same speaker supersede."""
        statements = [self._kept[name][1] for name in self._talks[talk]]
        for name in superseded([(age(self.case, s), s) for s in statements]):
            self._drop(name)

    def _drop(self, name: str) -> None:
        found = self._kept.pop(name, None)
        self._ended.discard(name)
        if found is not None and found[1].said is not None:
            self._talks.get(talk_of(self.case, found[1]), set()).discard(name)

    def _changed(self, before: Iterable[Statement], names: Iterable[str]) -> list[Statement]:
        old, new = ({str(s.id): s for s in statements} for statements in (before, self.among(names)))
        return [s for name, s in (old | new).items() if (name in old) != (name in new)]

    def _names(self, statement: Statement) -> Iterator[Named]:
        people = self.case.roster.participants
        return (named for named in named_in(statement, self.case.roster.main) if named[0] in people)
