"""What is said at a desk, as a statement that its case can take in: parsed, numbered and checked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypedDict

from attendance.errors import CaseError, InputError, Problem, UnknownName, did_you_mean, shown
from attendance.live.present import Present
from attendance.model.case import Case
from attendance.model.language import locate, parse_statement
from attendance.model.references import References
from attendance.model.statements import Statement
from attendance.model.words import MAX_NAME


class Details(TypedDict, total=False):
    """The keys of a statement that its text does not have."""

    id: str | None
    at: str | None
    by: str | None
    said: str | date | datetime | None
    source: str | None
    url: str | None
    note: str | None
    also: bool
    supersedes: Iterable[str] | str
    inclination: str | None
    probability: str | int | float | Decimal | Fraction | None


class Clerk:
    """Checks what is said against the case, and gives ids."""

    def __init__(self, present: Present) -> None:
        self.case, self.annals, self.present = present.case, present.annals, present
        adds = (s for scenario in present.case.scenarios for s in scenario.add)
        self.taken = {value.id for several in (present.case.rules, adds) for value in several}

    def statement(
        self, what: object, details: Mapping[str, Any], clock: Callable[[], datetime] | None = None
    ) -> Statement:
        """What is said, with an id, dated by the clock if it has no date.

        Raises LanguageError where the text does not parse, CaseError where the case cannot take it in.
        """
        made = _statement(what, details, clock)
        found = list(self._references.statement((), made))
        if found:  # asked anew, so that there are hints however many have been given
            found = list(References(self._silent.draft, self.case.roster).statement((), made))
        found += self._ids(made)
        if found:
            raise CaseError(_within(problem, what) for problem in found)
        return made if made.id else made.model_copy(update={"id": self._free(made.who)})

    def to_withdraw(self, name: str) -> Statement:
        """The statement of that id, which is not withdrawn. Raises UnknownName."""
        if not isinstance(name, str):
            raise InputError(f"expected the id of a statement, not {shown(name)}")
        found = self.annals.said(name)
        if found is not None:
            return found[1]
        if self.annals.ever(name) is not None:
            raise UnknownName(f"the statement {name!r} is withdrawn already", name)
        raise UnknownName(f"unknown statement {name!r}", name, self._near(name))

    @cached_property
    def _silent(self) -> Case:
        """The case without what was said."""
        return self.case.standing((), ())

    @cached_property
    def _references(self) -> References:
        return References(self._silent.draft, self.case.roster)

    def _ids(self, statement: Statement) -> Iterator[Problem]:
        """What is wrong with the ids that a statement gives and names."""
        if statement.id is not None and (statement.id in self.taken or self.annals.ever(statement.id) is not None):
            hint = "ids of statements and rules are shared, and what was withdrawn keeps its own"
            yield Problem(f"the id {statement.id!r} is given twice", ("id",), hint=hint)
        for name in statement.supersedes:
            if self.annals.said(name) is None:
                known = self.annals.ever(name) is not None
                message = f"the statement {name!r} is withdrawn" if known else f"unknown statement {name!r}"
                yield Problem(message, ("supersedes",), hint=None if known else self._near(name))

    def _near(self, name: str) -> str | None:
        return did_you_mean(name, (str(s.id) for s in self.present.standing.in_force))

    def _free(self, who: str) -> str:
        """An id for somebody's next statement, as case files number them."""
        number = self.present.numbers[who] + 1
        while (name := _id(who, number)) in self.taken or self.annals.ever(name) is not None:
            number += 1
        return name


def _id(who: str, number: int) -> str:
    """An id as case files give it; of a very long name the beginning."""
    return f"{who[: MAX_NAME - 1 - len(str(number))]}.{number}"


def _statement(what: object, details: Mapping[str, Any], clock: Callable[[], datetime] | None) -> Statement:
    match what:
        case Statement():
            data = {key: getattr(what, key) for key in what.model_fields_set}
        case str():
            parsed = parse_statement(what)
            data = {"who": parsed.who, "says": parsed.saying} | ({} if parsed.at is None else {"at": parsed.at})
        case Mapping():
            data = dict(what)
        case _:
            raise InputError(f"expected a statement or its text, as in 'putin attends', not {shown(what)}")
    given = {key: value for key, value in details.items() if value is not None}
    twice = [key for key in given if data.get(key) and data[key] != given[key]]
    if twice:
        raise InputError(f"the statement says itself what `{twice[0]}` is: leave that out")
    data |= given
    if clock is not None and data.get("said") is None:
        data["said"] = clock()
    return Statement.model_validate(data)


def _within(problem: Problem, what: object) -> Problem:
    """The problem shown in the text that was said, where it is about a word of it."""
    if not isinstance(what, str) or problem.word is None:
        return problem
    start, end = locate(what, problem.word)
    return replace(problem, path=(), text=what, start=start, end=end)
