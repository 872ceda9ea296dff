"""A session: facts are posted one by one, and each post answers with what it completes.

What durable-rules finds is checked again here; and everything that would be lost with its memory
stands in the window, so that the engine can be thrown away and filled again at any moment.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Self

from attendance.errors import RuleError, shown
from attendance.matching.bounds import check_rule, check_together
from attendance.matching.driving import Drive, engine
from attendance.matching.facts import checked_fact
from attendance.matching.matched import Match, Seen
from attendance.matching.patterns import Rule, holds
from attendance.matching.sizes import Sizes
from attendance.matching.window import Entry, Window

MAX_WINDOW = 10_000
"""How many posted facts count at most."""
MAX_KNOWN = 10_000
"""How many known facts count at most."""
MAX_SETS = 500_000
"""How many sets of two or more facts the rules of a session may come to, by the bound that is kept: some 200 MB."""
MAX_HELD = 20_000
"""How many facts the engine holds before those that count no more are swept out, where they are few."""


class Session:
    """Rules, and the facts that count for them: the newest `window` posted ones and those known beforehand.

    Posting a fact answers with every match that it completes, each once, in the order of the rules and
    then of the facts. A session may be used from several threads. Use it in a `with`, or close it.
    """

    def __init__(self, rules: Iterable[Rule] = (), *, window: int = 5000) -> None:
        if type(window) is not int or not 1 <= window <= MAX_WINDOW:
            raise RuleError(f"a window is 1 to {MAX_WINDOW} facts, not {shown(window)}")
        engine()
        self._lock = Lock()
        self._closed = False
        self._window = Window(window)
        self._rules: tuple[Rule, ...] = ()
        self._sizes = Sizes(())  # of the facts that count
        self._broken: tuple[Rule, ...] | None = None  # inside a call: the rules to go on with if it breaks off
        self._drive: Drive | None = None
        self._held: list[Entry] = []  # what the drive holds, by its numbers
        self._held_sizes = Sizes(())
        self.add(rules)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are matched, in order."""
        return self._rules

    @property
    def newest(self) -> int:
        """The running number of the fact that was posted last; 0 before the first."""
        return self._window.newest

    def close(self) -> None:
        """Give back the memory of the engine; the session cannot be used any more."""
        with self._lock:
            self._closed = True
            self._throw_away()

    def add(self, rules: Iterable[Rule]) -> None:
        """Add rules, all or none: they see the facts of the window, and report what is completed from now on."""
        new = tuple(rules)
        for rule in new:
            if not isinstance(rule, Rule):
                raise RuleError(f"expected rules, as rules_of(name, expressions) makes them, not {shown(rule)}")
            check_rule(rule)
        with self._call():
            together = (*self._rules, *new)
            self._check_bounds(together)
            self._take_rules(together)

    def post(self, fact: object) -> list[Match]:
        """Post a fact, and answer with the matches that it completes.

        Where it would bring a rule to more than MAX_SETS sets of facts, the rule is taken out, and
        RuleError says so; the fact is posted all the same, and the error has the other rules' `.matches`.
        """
        checked = checked_fact(fact)
        with self._call():
            entry, going = self._window.next(checked), self._window.going()
            out = self._make_room(entry, going)
            matches = self._matches(self._hand(entry), entry, frozenset(going))
            self._window.post(entry, going)
        if out:
            raise _taken_out(out, matches)
        return matches

    def know(self, fact: object) -> None:
        """Take in a fact that may take part in matches, but completes none; the same again only touches it.

        It goes when the first fact that was posted after its last touch leaves the window by age.
        """
        checked = checked_fact(fact)
        with self._call():
            if self._window.touch(checked):
                return
            if len(self._window.known) >= MAX_KNOWN:
                raise RuleError(f"{MAX_KNOWN} facts are known already, and no more can be: post some instead")
            entry = self._window.to_know(checked)
            out = self._make_room(entry, [])
            self._hand(entry)
            self._window.know(entry)
        if out:
            raise _taken_out(out, [])

    def forget(self, number: int) -> None:
        """Take the fact of that running number out: no later match has it. What has left already, has left."""
        with self._call():
            if type(number) is not int or not 1 <= number <= self._window.newest:
                raise RuleError(f"no fact has the number {shown(number)}: the newest has {self._window.newest}")
            entry = self._window.forget(number)
            if entry is not None:
                self._sizes.take(entry.shares)

    @contextmanager
    def _call(self) -> Iterator[None]:
        """One call at a time; where the last one was broken off in the middle, what it said was not said."""
        with self._lock:
            if self._closed:
                raise RuleError("the session is closed: open another")
            if self._broken is not None:
                self._take_rules(self._broken)
            self._broken = self._rules
            try:
                yield
            except RuleError:  # it was refused before anything changed
                self._broken = None
                raise
            self._broken = None

    def _check_bounds(self, rules: tuple[Rule, ...]) -> None:
        check_together(rules)
        sizes = Sizes(rules)
        for entry in self._window:
            sizes.add(sizes.shares(entry.fact))
        if sum(sizes.bounds) > MAX_SETS:
            worst = sizes.bounds.index(max(sizes.bounds))
            raise RuleError(f"{_too_many(rules[worst], sizes.bounds[worst])}; nothing was added")
        Drive(rules).close()  # it must take them, all together

    def _take_rules(self, rules: tuple[Rule, ...]) -> None:
        """Match by these rules from now on, with the facts that count."""
        self._throw_away()
        self._rules = rules
        sizes = Sizes(rules)
        for entry in self._window:
            entry.shares = sizes.shares(entry.fact)
            sizes.add(entry.shares)
        self._sizes = sizes

    def _make_room(self, entry: Entry, going: list[Entry]) -> list[tuple[Rule, int]]:
        """Count a fact in and those out that go; the rules that it would bring too far are taken out."""
        out: list[tuple[Rule, int]] = []
        while True:
            for gone in going:
                self._sizes.take(gone.shares)
            entry.shares = self._sizes.shares(entry.fact)
            self._sizes.add(entry.shares)
            bounds = self._sizes.bounds
            if sum(bounds) <= MAX_SETS:
                return out
            worst = bounds.index(max(bounds))
            out.append((self._rules[worst], bounds[worst]))
            self._take_rules(self._rules[:worst] + self._rules[worst + 1 :])

    def _hand(self, entry: Entry) -> list[tuple[int, tuple[Entry, ...]]]:
        """Hand a fact to the engine, after all that count, and as few as can be of those that do not."""
        drive = self._drive
        if drive is None:
            drive = self._drive = Drive(self._rules)
            self._fill(drive)
        self._held_sizes.add(entry.shares)
        if self._is_stuffed(drive):
            self._fill(drive)
            self._held_sizes.add(entry.shares)
        self._held.append(entry)
        return [(rule, tuple(self._held[n] for n in facts)) for rule, facts in drive.hand(entry.fact)]

    def _is_stuffed(self, drive: Drive) -> bool:
        """Whether so much in the engine counts no more that it should be filled anew."""
        counting = len(self._window)
        dead, size = drive.held - counting, self._window.size
        if dead >= max(min(size, 1000), min(size, MAX_HELD - counting)):
            return True
        return dead > 0 and sum(self._held_sizes.bounds) > 2 * MAX_SETS

    def _fill(self, drive: Drive) -> None:
        """Begin anew with the facts that count; what they match among themselves was reported before."""
        drive.empty()
        self._held = []
        self._held_sizes = Sizes(self._rules)
        for entry in self._window:
            self._held.append(entry)
            self._held_sizes.add(entry.shares)
            drive.hand_back(entry.fact)

    def _matches(
        self, found: Iterable[tuple[int, tuple[Entry, ...]]], new: Entry, going: frozenset[Entry]
    ) -> list[Match]:
        """What was found, checked again, each once and in order."""
        kept = {}
        for number, entries in found:
            key = number, tuple(e.place for e in entries)
            if key not in kept and new in entries and self._stands(self._rules[number], entries, new, going):
                kept[key] = entries
        return [_match(self._rules[number], kept[number, places]) for number, places in sorted(kept)]

    def _stands(self, rule: Rule, entries: tuple[Entry, ...], new: Entry, going: frozenset[Entry]) -> bool:
        if len(set(entries)) < len(entries) or not going.isdisjoint(entries):
            return False
        for entry in entries:
            if entry is not new and not self._window.has(entry):
                return False
        return holds(rule, [e.fact for e in entries])

    def _throw_away(self) -> None:
        """Let go of the engine; it is built and filled again when it is needed."""
        drive, self._drive = self._drive, None
        self._held, self._held_sizes = [], Sizes(())
        if drive is not None:
            drive.close()


def _match(rule: Rule, entries: tuple[Entry, ...]) -> Match:
    aliases = [p.alias for p in rule.patterns]
    facts = {alias: Seen(entry.fact) for alias, entry in zip(aliases, entries, strict=True)}
    return Match(rule.name, facts, {alias: entry.number for alias, entry in zip(aliases, entries, strict=True)})


def _too_many(rule: Rule, bound: int) -> str:
    return (
        f"rule {shown(rule.name)}: its facts could be combined in {bound} ways, and all rules together are held to "
        f"{MAX_SETS}: say how its facts belong together, as in m.who == c.first.who"
    )


def _taken_out(out: list[tuple[Rule, int]], matches: list[Match]) -> RuleError:
    said = "\n".join(f"{_too_many(rule, bound)}; the rule was taken out" for rule, bound in out)
    return RuleError(said, tuple(rule.name for rule, _ in out), matches)
