"""The rules that users write for a desk: facts go in, and what their functions are to be called with comes out."""

from collections import deque
from collections.abc import Callable, Container, Iterable
from itertools import chain, count
from typing import TYPE_CHECKING, Any, cast

from attendance.errors import RuleError, did_you_mean, shown
from attendance.live.vocabulary import PROPERTIES, Fact
from attendance.matching.patterns import Compare, Join, Rule, Value
from attendance.matching.session import MAX_WINDOW, Session
from attendance.model.case import Case

if TYPE_CHECKING:
    from attendance.matching.matched import Match

Reaction = Callable[["Match"], object]
RECALLED = 1000
"""So many facts are kept for rules that are still to come."""
PASSING = frozenset(("silence", "deadline"))
"""Kinds of facts of which only those of the last tick hold."""


class Reactions:
    """Rules with their functions, and the facts that they join."""

    def __init__(self, case: Case, window: int) -> None:
        if type(window) is not int or not 1 <= window <= MAX_WINDOW:
            raise RuleError(f"rules join the last 1 to {MAX_WINDOW:,} facts, not {shown(window)}")
        self.window = window
        self.functions: dict[str, Reaction] = {}
        self._session: Session | None = None
        self._recent: deque[Fact] = deque(maxlen=min(window, RECALLED))
        self._passing: list[int] = []
        self._said: dict[str, int] = {}  # the numbers of the facts that statements were told by
        self._groups: dict[str, list[str]] = {}
        for group, people in case.roster.members.items():
            for who in people:
                self._groups.setdefault(who, []).append(group)

    def when(self, name: str, expressions: Iterable[Any], function: Reaction) -> None:
        """Have a function called for what the expressions match. Raises RuleError, EngineMissing."""
        from attendance.matching.reading import rules_of

        names = chain([name], (f"{name} ({number})" for number in count(2)))
        name = next(free for free in names if free not in self.functions)
        rules = rules_of(name, tuple(expressions))
        for rule in rules:
            _check(rule)
        if self._session is None:
            self._session = Session(window=self.window)
            for fact in self._recent:
                self._meet(fact, [])  # there are no rules yet that could be too wide
                self._post(fact)
            self._recent.clear()
        self._session.add(rules)
        self.functions[name] = function

    def tell(self, facts: Iterable[Fact]) -> tuple[list["Match"], list[RuleError]]:
        """What the facts, told one after the other, complete; and the rules that had to be taken out."""
        found: list[Match] = []
        wrong: list[RuleError] = []
        for fact in facts:
            if fact["kind"] == "tick":
                self._forget(self._passing)
                self._keep_but("kind", PASSING)
            elif fact["kind"] == "withdrawal":
                self._forget([number] if (number := self._said.pop(str(fact["statement"]), 0)) else [])
                self._keep_but("statement", (fact["statement"],))
            if self._session is None:
                self._recent.append(fact)
                continue
            self._meet(fact, wrong)
            try:
                found += self._post(fact)
            except RuleError as error:
                found += cast("tuple[Match, ...]", error.matches)
                wrong.append(error)
        return found, wrong

    def _meet(self, fact: Fact, wrong: list[RuleError]) -> None:
        """Whoever a fact is about is known with their groups before it is told."""
        who, session = fact.get("who"), self._session
        if session is None or not isinstance(who, str):
            return
        for group in self._groups.get(who, ()):
            try:
                session.know({"kind": "member", "who": who, "group": group})
            except RuleError as error:
                wrong.append(error)
                if not error.rules:  # no more can be known
                    break

    def _post(self, fact: Fact) -> list["Match"]:
        session = self._session
        assert session is not None, "there are rules"
        try:
            return session.post(fact)
        finally:
            if fact["kind"] in PASSING:
                self._passing.append(session.newest)
            elif fact["kind"] == "statement":
                self._said[str(fact["statement"])] = session.newest
                if len(self._said) > 2 * self.window:
                    self._said = {name: n for name, n in self._said.items() if n > session.newest - self.window}

    def _forget(self, numbers: list[int]) -> None:
        """Take facts out that hold no longer: no rule joins them any more."""
        for number in numbers:
            assert self._session is not None, "without rules no fact has a number"
            self._session.forget(number)
        numbers.clear()

    def _keep_but(self, name: str, gone: Container[object]) -> None:
        """The same of the facts that are kept for rules still to come."""
        kept = [fact for fact in self._recent if fact.get(name) not in gone]
        self._recent.clear()
        self._recent.extend(kept)

    def close(self) -> None:
        """Let go of the rules."""
        if self._session is not None:
            self._session.close()


def _check(rule: Rule) -> None:
    """Refuse a rule that looks for facts, or for properties of facts, that there are not."""
    kinds: dict[str, tuple[Value, ...]] = {}
    for pattern in rule.patterns:
        wanted = (t for t in pattern.tests if isinstance(t, Compare) and (t.name, t.relation) == ("kind", "=="))
        kinds[pattern.alias] = tuple(dict.fromkeys(test.value for test in wanted))
        for kind in kinds[pattern.alias]:
            if kind not in PROPERTIES:
                raise _unknown(rule, "no fact is of kind", kind, PROPERTIES)
        for test in (*pattern.tests, *(test for branch in pattern.any_of for test in branch)):
            _known(rule, test.name, kinds[pattern.alias])
            if isinstance(test, Join):
                _known(rule, test.other, kinds[test.alias])


def _known(rule: Rule, name: str, kinds: tuple[Value, ...]) -> None:
    """Refuse a property that no fact of those kinds has, or none at all."""
    known = {"kind", "n"}.union(*(PROPERTIES[str(kind)] for kind in kinds or PROPERTIES))
    if name not in known:
        of = f"no fact of kind {kinds[0]} has" if kinds else "no fact has"
        raise _unknown(rule, of, name, known)


def _unknown(rule: Rule, what: str, name: object, known: Iterable[str]) -> RuleError:
    hint = did_you_mean(str(name), known) or f"known are: {', '.join(sorted(known))}"
    return RuleError(f"rule {rule.name!r}: {what} {shown(name)}\n    {hint}")
