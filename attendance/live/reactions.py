"""The rules that users write for a desk: facts go in, and what their functions are to be called with comes out."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from attendance.errors import RuleError, shown
from attendance.live.vocabulary import Fact
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
        self.case, self.window = case, window
        self.functions: dict[str, Reaction] = {}
        self._session: Session | None = None
        self._recent: deque[Fact] = deque(maxlen=min(window, RECALLED))
        self._passing: list[int] = []
        self._groups: dict[str, list[str]] = {}
        for group, people in case.roster.members.items():
            for who in people:
                self._groups.setdefault(who, []).append(group)

    def when(self, name: str, expressions: Iterable[Any], function: Reaction) -> None:
        """Have a function called for what the expressions match. Raises RuleError, EngineMissing."""
        from attendance.matching.reading import rules_of

        if name in self.functions:
            name = f"{name} ({sum(other.partition(' (')[0] == name for other in self.functions) + 1})"
        rules = rules_of(name, tuple(expressions))
        if self._session is None:
            self._session = Session(window=self.window)
            for fact in self._recent:
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
                self._forget()
            if self._session is None:
                self._recent.append(fact)
                continue
            try:
                found += self._post(fact)
            except RuleError as error:
                found += cast("tuple[Match, ...]", error.matches)
                wrong.append(error)
        return found, wrong

    def _post(self, fact: Fact) -> list["Match"]:
        session = self._session
        assert session is not None, "there are rules"
        who = fact.get("who")
        for group in self._groups.get(who, ()) if isinstance(who, str) else ():
            session.know({"kind": "member", "who": str(who), "group": group})
        try:
            return session.post(fact)
        finally:
            if fact["kind"] in PASSING:
                self._passing.append(session.newest)

    def _forget(self) -> None:
        """What was so at the tick before holds no longer."""
        for number in self._passing:
            if self._session is not None:
                self._session.forget(number)
        self._passing.clear()
        if self._session is None:
            kept = [fact for fact in self._recent if fact["kind"] not in PASSING]
            self._recent.clear()
            self._recent.extend(kept)

    def close(self) -> None:
        """Let go of the rules."""
        if self._session is not None:
            self._session.close()
