"""Drives durable-rules: one ruleset with one session in it, one fact at a time, on the caller's thread.

Nothing runs in its actions: what it reports is collected, and checked by whoever asked.
"""

import json
import sys
import weakref
from collections.abc import Sequence
from types import ModuleType

from attendance.errors import EngineError, EngineMissing, RuleError
from attendance.matching.patterns import Fact, Rule
from attendance.matching.rewriting import CATCH_ALL, SESSION, Rewriting

MAX_NUMBERS = 400_000
"""Below it no two numbers in digits have the same 32-bit hash (FNV-1a), by which alone the engine tells ids apart."""


def engine() -> ModuleType:
    """The engine of durable-rules, or EngineMissing."""
    try:
        import durable_rules_engine
    except ImportError as error:
        raise missing() from error
    return durable_rules_engine  # type: ignore[no-any-return]


def missing() -> EngineMissing:
    """What to say where durable-rules is not to be had."""
    if sys.version_info >= (3, 13):
        return EngineMissing("rules need durable-rules, which does not run on Python 3.13 or later: use 3.11 or 3.12")
    return EngineMissing(
        "rules need durable-rules, which is not installed: pip install 'attendance[live]' "
        "(needs a C compiler; Python up to 3.12)"
    )


class Drive:
    """The rules in the engine, and the facts handed to it since it was last emptied."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._engine = engine()
        self._rewriting = Rewriting(rules)
        try:
            self._handle = self._engine.create_ruleset("rules", self._rewriting.definition)
        except self._engine.error as error:
            what = f"durable-rules does not take these rules together ({error})"
            raise RuleError(f"{what}: use fewer tests in a pattern, or several sessions") from error
        self._used = [False]  # whether there is a session to drop: shared with the finalizer
        self.held = 0
        self._free = weakref.finalize(self, _free, self._engine, self._handle, self._used)
        self._free.atexit = False

    def hand(self, fact: Fact) -> list[tuple[int, tuple[int, ...]]]:
        """Hand over a fact; the numbers of the rules that it fills, each with those of the facts.

        The number of a fact is how many were handed over before it.
        """
        return [found for text in self._hand(fact) if (found := _found(text)) is not None]

    def hand_back(self, fact: Fact) -> None:
        """Hand over a fact whose matches are known already."""
        self._hand(fact)

    def empty(self) -> None:
        """Take all facts out, and give their memory back."""
        _drop(self._engine, self._handle, self._used)
        self.held = 0

    def close(self) -> None:
        """Give everything back; the drive is of no use afterwards."""
        self.held = 0
        self._free()

    def _hand(self, fact: Fact) -> list[str]:
        if self.held >= MAX_NUMBERS:
            raise EngineError("durable-rules was handed too many facts without being emptied")
        text = self._rewriting.fact(self.held, fact)
        self._used[0] = True
        code, state = self._engine.assert_fact(self._handle, text)
        self.held += 1
        if code:
            raise EngineError(f"durable-rules did not take a fact (it answers {code})")
        return self._actions(state)

    def _actions(self, state: int) -> list[str]:
        """What it reports, to the last."""
        reported = []
        first = self._engine.start_action_for_state(self._handle, state)
        text = first[1] if first else None
        while text:
            reported.append(text)
            text = self._engine.complete_and_start_action(self._handle, state)
        return reported


def _drop(engine: ModuleType, handle: int, used: list[bool]) -> None:
    if used[0]:  # dropping a session that never ran an action would crash
        used[0] = False
        engine.delete_state(handle, SESSION)


def _free(engine: ModuleType, handle: int, used: list[bool]) -> None:
    _drop(engine, handle, used)
    engine.delete_ruleset(handle)


def _found(text: str) -> tuple[int, tuple[int, ...]] | None:
    ((rule, facts),) = json.loads(text).items()
    if rule == CATCH_ALL:
        return None
    return int(rule), tuple(int(facts[f"p{n}"]["id"]) for n in range(len(facts)))
