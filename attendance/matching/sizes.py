"""Upper bounds on how many sets of facts the engine would hold for a rule, kept up as facts come and go.

A set is what the first two, three, ... patterns of a rule are filled with. Where patterns are joined by
equality along one property, such as who it is about, the sets are counted value by value; what stands
apart from these multiplies them.
"""

from collections import Counter
from collections.abc import Iterable

from attendance.matching.patterns import Fact, Join, Pattern, Rule, Value, alone

Key = tuple[type, Value]
Share = tuple[tuple[int, Key | None], ...]


class Most:
    """How often each value is there, and the most that any is."""

    def __init__(self) -> None:
        self.times: Counter[Key] = Counter()
        self._sizes: Counter[int] = Counter()
        self.most = 0

    def change(self, value: Key, by: int) -> None:
        """Count one more or, where `by` is -1, one less."""
        before = self.times[value]
        after = before + by
        self._sizes[before] -= 1
        self._sizes[after] += 1
        if after:
            self.times[value] = after
        else:
            del self.times[value]
        if after > self.most or (before == self.most and not self._sizes[before]):
            self.most = after


class Sizes:
    """The bounds for a row of rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._of = [RuleSizes(rule) for rule in rules]

    def shares(self, fact: Fact) -> tuple[Share, ...]:
        """What a fact adds to each rule: it stays the same as long as the rules do."""
        return tuple(sizes.share(fact) for sizes in self._of)

    def add(self, shares: tuple[Share, ...]) -> None:
        """A fact comes."""
        for sizes, share in zip(self._of, shares, strict=True):
            sizes.change(share, 1)

    def take(self, shares: tuple[Share, ...]) -> None:
        """A fact goes."""
        for sizes, share in zip(self._of, shares, strict=True):
            sizes.change(share, -1)

    @property
    def bounds(self) -> list[int]:
        """The bound for each rule."""
        return [sizes.bound for sizes in self._of]


class RuleSizes:
    """The bound for one rule."""

    def __init__(self, rule: Rule) -> None:
        self._patterns = rule.patterns
        self._needed = [_needed(rule, p) for p in rule.patterns]
        self._along = _along(rule)
        self._equal = [_equality(p) for p in rule.patterns]
        self._by = [self._along.get(place, name) for place, name in enumerate(self._equal)]
        self._values = [Most() for _ in rule.patterns]
        self._count = [0] * len(rule.patterns)
        self._sums = [0] * (len(rule.patterns) + 1)  # of the patterns joined along one property, by how many patterns

    def share(self, fact: Fact) -> Share:
        """In which patterns a fact can stand, each with its value in the equality that the pattern is counted by."""
        if len(self._patterns) < 2:
            return ()
        return tuple(
            (place, None if name is None else (type(fact[name]), fact[name]))
            for place, (pattern, name) in enumerate(zip(self._patterns, self._by, strict=True))
            if self._needed[place] <= fact.keys() and alone(pattern, fact)
        )

    def change(self, share: Share, by: int) -> None:
        """A fact with that share comes or, where `by` is -1, goes."""
        for place, value in share:
            self._count[place] += by
            if value is not None:
                self._values[place].change(value, by)
                if place in self._along:
                    self._change_sums(place, value, by)

    @property
    def bound(self) -> int:
        """At most so many sets of two or more facts."""
        total, apart = 0, 1
        for place in range(len(self._patterns)):
            if place not in self._along:
                apart *= self._count[place] if self._equal[place] is None else self._values[place].most
            if place:
                joined = self._sums[place + 1] if any(p <= place for p in self._along) else 1
                total += joined * apart
        return total

    def _change_sums(self, place: int, value: Key, by: int) -> None:
        product = by
        for until in range(len(self._patterns)):
            if until in self._along and until != place:
                product *= self._values[until].times.get(value, 0)
            if until >= place:
                self._sums[until + 1] += product


def _needed(rule: Rule, pattern: Pattern) -> frozenset[str]:
    """The properties that joins read of a fact in this pattern."""
    own = {j.name for j in pattern.joins}
    return frozenset(own | {j.other for p in rule.patterns for j in p.joins if j.alias == pattern.alias})


def _equality(pattern: Pattern) -> str | None:
    """A property that an earlier fact determines, if there is one."""
    return next((j.name for j in pattern.joins if j.relation == "=="), None)


def _along(rule: Rule) -> dict[int, str]:
    """The most patterns that are joined by equality along one property, each with its name for it."""
    places = {p.alias: n for n, p in enumerate(rule.patterns)}
    groups: list[set[tuple[int, str]]] = []
    for place, pattern in enumerate(rule.patterns):
        for join in pattern.joins:
            if _is_plain(join):
                ends = {(place, join.name), (places[join.alias], join.other)}
                touched = [g for g in groups if g & ends]
                groups = [g for g in groups if not g & ends] + [ends.union(*touched)]
    best = max(groups, key=lambda g: len({place for place, _ in g}), default=set())
    return dict(sorted(best, reverse=True))


def _is_plain(join: Join) -> bool:
    return join.relation == "==" and not join.plus
