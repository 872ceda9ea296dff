"""All that was said at a desk: what its case came with, and what its journal has."""

import json
from collections.abc import Iterator

from attendance.errors import DeskError
from attendance.formats.casefile import dumps
from attendance.live.journal import Journal
from attendance.live.recorded import recorded, told
from attendance.live.recorded import statement as statement_of
from attendance.live.standing import Placed
from attendance.model.case import Case
from attendance.model.positions import Talk, talk_of
from attendance.model.statements import Statement
from attendance.questions.asking import checked


class Annals:
    """Every statement with its place in the order of saying: the case's own before those of the journal."""

    def __init__(self, case: Case, journal: Journal) -> None:
        self._case, self.journal = case, journal
        self.own: dict[str, Placed] = {
            str(s.id): (number, s) for number, s in enumerate(case.statements, -len(case.statements))
        }
        self._talks: dict[Talk, list[str]] = {}
        self._enders: dict[str, list[str]] = {}
        for _, statement in self.own.values():
            self._talks.setdefault(talk_of(case, statement), []).append(str(statement.id))
            for name in statement.supersedes:
                self._enders.setdefault(name, []).append(str(statement.id))

    def case(self) -> Case:
        """The case with everything that was said and not withdrawn."""
        return told(self._case, self.journal.entries())

    def ever(self, name: str) -> Placed | None:
        """The statement of that id, withdrawn or not."""
        if name in self.own:
            return self.own[name]
        entry = self.journal.said(name)
        return None if entry is None else (entry.number, statement_of(entry.body))

    def said(self, name: str) -> Placed | None:
        """The statement of that id; None where there is none, or it is withdrawn."""
        return None if self.journal.is_withdrawn(name) else self.ever(name)

    def about(self, talk: Talk) -> Iterator[Placed]:
        """What one speaker said of one attendance, and did not withdraw."""
        for name in self._talks.get(talk, ()):
            if not self.journal.is_withdrawn(name):
                yield self.own[name]
        for entry in self.journal.about(_topic(talk)):
            yield entry.number, statement_of(entry.body)

    def ends(self, name: str) -> bool:
        """Whether a statement that is not withdrawn supersedes that one by name."""
        own = (n for n in self._enders.get(name, ()) if not self.journal.is_withdrawn(n))
        return next(own, None) is not None or bool(self.journal.enders(name))


def topic_of(case: Case, statement: Statement) -> str:
    """By what the journal finds a statement: who speaks about which attendance."""
    return _topic(talk_of(case, statement))


def _topic(talk: Talk) -> str:
    return json.dumps(talk, ensure_ascii=False)


def case_at(journal: Journal, case: Case | None) -> Case:
    """The case of a journal, which a new journal keeps. Raises DeskError where there is none, or another."""
    kept = next((entry for entry in journal.entries() if entry.kind == "case"), None)
    if kept is None:
        if case is None:
            raise DeskError("a desk needs a case, and this journal is new: open it with the case")
        exact = json.loads(dumps(checked(case), format="json"), parse_float=str)  # no decimal is rounded
        journal.append("case", {"case": exact})
        return case
    found = recorded([kept])
    if case is not None and found != checked(case):
        title = f" ({found.title})" if found.title else ""
        raise DeskError(
            f"the journal is of another case{title}, or of an earlier state of this one\n"
            "    open it without a case, or export it to a case file, change that, and begin a new journal with it"
        )
    return found
