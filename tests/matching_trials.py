"""Random rules over random streams of facts, held against the definition: what is posted answers exactly that.

    python -X faulthandler -m tests.matching_trials COUNT SEED

Runs COUNT trials, with the seeds from SEED on; shows the first difference, and how to repeat it.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from random import Random
from typing import Any

from attendance.matching.patterns import (
    Compare,
    Exists,
    Fact,
    Join,
    LiteralTest,
    Missing,
    Pattern,
    Rule,
    Value,
    matches,
)

NAMES = ("kind", "who", "t", "x_1")
TEXTS = ("7", "true", "a", "ab", "b", "", "é", "日本", 'say "hi"', "back\\slash", "line\nend", "\0", "\U0001f600", "𝒶b")
NUMBERS = (0, 1, 2, 3, 5, 7, 8, -1, -7, 100, 2**53, -(2**53), 2**53 - 5, 10**12)
OPERATIONS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
ALIASES = ("first", "second", "third", "fourth")
MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


# --- rules and facts to try -----------------------------------------------------------------------


class Maker:
    """Makes rules and facts from a few names and values, so that they meet."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names = random.sample(NAMES, random.randint(2, len(NAMES)))
        self.values: list[Value] = [
            *random.sample(TEXTS, random.randint(1, 5)),
            *random.sample(NUMBERS, random.randint(1, 5)),
        ]
        self.values += random.choice([[], [True], [True, False], [7, "7"], [1, True, "1"], ["true", True]])
        self.plain = random.random() < 0.3  # facts that nearly always have everything

    def fact(self) -> dict[str, Value]:
        lacks = 0.03 if self.plain else self.random.choice((0.1, 0.4))
        fact = {n: self.random.choice(self.values) for n in self.names if self.random.random() > lacks}
        return fact or {self.random.choice(self.names): self.random.choice(self.values)}

    def rule(self, name: str) -> tuple[Rule, ...]:
        """A rule, or a row of those for the branches of one."""
        if self.random.random() < 0.15:
            count = self.random.randint(1, 3)
            aliases = ["m"] if count == 1 else [f"m_{n}" for n in range(count)]
            return tuple(Rule(name, (self.pattern(a, []),)) for a in aliases)
        count = self.random.choice((1, 2, 2, 2, 3, 3, 4))
        patterns: list[Pattern] = []
        for place in range(count):
            default = "m" if count == 1 else f"m_{place}"
            alias = self.random.choice((default, ALIASES[place], ALIASES[place]))
            patterns.append(self.pattern(alias, [p.alias for p in patterns]))
        return (Rule(name, tuple(patterns)),)

    def pattern(self, alias: str, before: list[str]) -> Pattern:
        tests = [self.literal() for _ in range(self.random.choice((0, 1, 1, 2)))]
        joins = [self.join(before) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3)))] if before else []
        mixed = [*tests, *joins]
        self.random.shuffle(mixed)
        any_of: tuple[tuple[LiteralTest, ...], ...] = ()
        if self.random.random() < 0.25 or not mixed:
            lengths = [self.random.choice((1, 1, 2)) for _ in range(self.random.randint(2, 3))]
            any_of = tuple(tuple(self.literal() for _ in range(n)) for n in lengths)
        return Pattern(alias, tuple(mixed), any_of)

    def literal(self) -> LiteralTest:
        name = self.random.choice(self.names)
        match self.random.randrange(8):
            case 0:
                return Missing(name)
            case 1:
                return Exists(name)
        value = self.random.choice(self.values)
        relation = self.random.choice(("==", "!=") if isinstance(value, bool) else ("==", "==", "==", *OPERATIONS))
        return Compare(name, relation, value)  # type: ignore[arg-type]

    def join(self, before: list[str]) -> Join:
        own = self.random.choice(self.names)
        other = own if self.random.random() < 0.6 else self.random.choice(self.names)
        plus = self.random.choice((0, 0, 0, 1, -1, 2, 5, 86400, -7, 2**53, -(2**53)))
        return Join(own, self.random.choice(("==", "==", "==", *OPERATIONS)), self.random.choice(before), other, plus)  # type: ignore[arg-type]


# --- the same rules as their users write them -----------------------------------------------------


def written(rules: tuple[Rule, ...], random: Random) -> list[Any]:
    """The rules as expressions of durable-rules."""
    from durable.lang import when_all, when_any

    if len(rules) > 1:
        return [when_any(*(expression(r.patterns[0], random) for r in rules))]
    patterns = [expression(p, random) for p in rules[0].patterns]
    if len(patterns) == 1 and random.random() < 0.1:
        return [when_any(*patterns)]
    return [when_all(*patterns)] if random.random() < 0.5 else patterns


def expression(pattern: Pattern, random: Random) -> Any:
    """A pattern as an expression, its group of branches last, as in `pattern.tests` and `pattern.any_of`."""
    from durable.lang import c

    parts = [tested(t, random) for t in pattern.tests]
    if pattern.any_of:
        parts.append(reduce(or_, (reduce(and_, (tested(t, random) for t in branch)) for branch in pattern.any_of)))
    whole = reduce(and_, parts)
    if len(parts) > 2 and random.random() < 0.5:  # the same, bracketed the other way round
        whole = reduce(lambda right, left: left & right, reversed(parts))
    return whole if pattern.alias.startswith("m") else getattr(c, pattern.alias) << whole


def tested(test: Any, random: Random) -> Any:
    from durable.lang import c, m

    own = getattr(m, test.name)
    match test:
        case Missing():
            return -own
        case Exists():
            return +own
        case Compare(_, relation, value):
            if random.random() < 0.2:
                return OPERATIONS[MIRRORED[relation]](value, own)
            return OPERATIONS[relation](own, value)
        case Join(_, relation, alias, other, plus):
            side = getattr(getattr(c, alias), other)
            if plus and random.random() < 0.5:
                return OPERATIONS[relation](own, side - (-plus))
            return OPERATIONS[relation](own, side + plus if plus else side)


# --- what the definition says ---------------------------------------------------------------------


@dataclass
class Plainly:
    """A session by the definition: all facts that count in a list, joined anew at each post."""

    window: int
    rules: list[Rule] = field(default_factory=list)
    posted: list[tuple[int, Fact]] = field(default_factory=list)
    known: list[list[Any]] = field(default_factory=list)  # content, after how many posts it was last said
    newest: int = 0

    def post(self, fact: Fact) -> list[Any]:
        self.newest += 1
        if len(self.posted) == self.window:
            left, _ = self.posted.pop(0)
            self.known = [k for k in self.known if k[1] >= left]
        self.posted.append((self.newest, fact))
        facts = [*((None, k[0]) for k in self.known), *self.posted]
        new = len(facts) - 1
        return [
            (rule.name, [(p.alias, *facts[n]) for p, n in zip(rule.patterns, row, strict=True)])
            for rule in self.rules
            for row in matches(rule, [f for _, f in facts])
            if new in row
        ]

    def know(self, fact: Fact) -> None:
        for k in self.known:
            if told(k[0]) == told(fact):
                k[1] = self.newest
                return
        self.known.append([fact, self.newest])

    def forget(self, number: int) -> None:
        self.posted = [p for p in self.posted if p[0] != number]


def told(fact: Fact) -> Any:
    """What a fact says, 7 and "7" and True being different."""
    return sorted((n, type(v).__name__, v) for n, v in fact.items())


def plainly(found: Any) -> list[Any]:
    return [(m.rule, [(a, m.numbers[a], dict(m.facts[a])) for a in m.facts]) for m in found]


# --- trials ---------------------------------------------------------------------------------------


def events(maker: Maker, random: Random, window: int) -> Iterator[tuple[str, Any]]:
    """What happens in a session: rules first, then facts, and rules in between now and then."""
    for n in range(random.randint(1, 4)):
        yield "add", maker.rule(f"rule {n}")
    posted = 0
    knows, forgets = random.choice((0, 0.1, 0.2)), random.choice((0, 0.1))
    for n in range(random.choice((8, 15, 25, 40) if window < 20 else (8, 15, 22))):
        kind = random.random()
        if kind < 0.02:
            yield "interrupt", maker.fact()
        elif kind < knows:
            yield "know", maker.fact()
        elif posted and kind < knows + forgets:
            yield "forget", random.randint(max(1, posted - 5), posted)
        elif kind > 0.985:
            yield "add", maker.rule(f"late {n}")
        else:
            posted += 1
            yield "post", maker.fact()


def interrupted(doing: Any, fact: Fact, late: bool) -> bool:
    """Whether it was broken off in the middle of the engine's work: then it is as if nothing was said."""
    from attendance.matching.driving import Drive

    hand = Drive.hand

    def broken(drive: Drive, fact: Fact) -> Any:
        if late:
            hand(drive, fact)
        raise KeyboardInterrupt

    Drive.hand = broken  # type: ignore[method-assign]
    try:
        doing(fact)
    except KeyboardInterrupt:
        return True
    finally:
        Drive.hand = hand  # type: ignore[method-assign]
    return False


def differs(seed: int) -> tuple[str, int]:
    """What went differently from the definition in one trial, "" for nothing, and how many matches there were."""
    from attendance.matching.reading import rules_of
    from attendance.matching.session import Session

    random = Random(seed)
    maker = Maker(random)
    window = random.choice((1, 2, 3, 5, 8, 13, 50))
    story, count = [f"window {window}"], 0
    with Session(window=window) as session:
        plain = Plainly(window)
        for what, about in events(maker, random, window):
            story.append(f"{what} {about!r}")
            if what == "add":
                read = rules_of(about[0].name, written(about, random))
                if repr(read) != repr(about):
                    return "\n".join([*story, f"read: {read!r}"]), count
                session.add(read)
                plain.rules += read
            elif what == "post":
                got, wanted = plainly(session.post(about)), plain.post(about)
                count += len(wanted)
                if repr(got) != repr(wanted):
                    return "\n".join([*story, f"got:    {got!r}", f"wanted: {wanted!r}"]), count
            elif what == "interrupt":
                if not interrupted(random.choice((session.post, session.know)), about, random.random() < 0.5):
                    plain.know(about)  # it was known, and needed no engine
            else:
                getattr(session, what)(about)
                getattr(plain, what)(about)
    return "", count


def main() -> int:
    count, first = (int(a) for a in sys.argv[1:3])
    found = 0
    for seed in range(first, first + count):
        story, matched = differs(seed)
        found += matched
        if story:
            sys.stdout.write(f"{story}\nrepeat with: python -X faulthandler -m tests.matching_trials 1 {seed}\n")
            return 1
    sys.stdout.write(f"{count} trials from {first} on, {found} matches, no difference\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
