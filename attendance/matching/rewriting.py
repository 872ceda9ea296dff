"""Writes rules and facts in the form in which durable-rules joins them rightly.

Each property that a rule looks at goes under a short name of its own, and each value as text in which
order and equality are those of the definition among values of one kind: so 7 and "7" differ, and no
letter needs an escape. Where a rule adds to a number, the number stands there as a number too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from attendance.matching.patterns import (
    Compare,
    Exists,
    Fact,
    Join,
    LiteralTest,
    Missing,
    Pattern,
    Relation,
    Rule,
    Value,
)

CONSTANT = "z"
"""A property that every fact carries: a last, always true equality keeps joins within their memory."""
CATCH_ALL = "all"
"""A rule that every fact fills: so each is stored, and each session runs an action and can be dropped."""
SESSION = "s"

_WORDS: dict[Relation, str] = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_SHIFT = 2**54

Written = dict[str, object]


def encoded(value: Value) -> str:
    """A value as text: one letter for its kind, then digits in the order of the values of that kind."""
    match value:
        case bool():
            return f"b{value:d}"
        case int():
            return f"i{value + _SHIFT:014x}"
        case str():
            return "s" + value.encode().hex()
        case _:
            assert_never(value)


class Rewriting:
    """The rules in the engine's form, and how facts are written for them."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._short: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        for rule in rules:
            self._name_properties(rule)
        written = {str(n): {"all": list(self._patterns(rule))} for n, rule in enumerate(rules)}
        self.definition = json.dumps({**written, CATCH_ALL: {"all": [{"m": {CONSTANT: 1}}]}})

    def fact(self, number: int, fact: Fact) -> str:
        """A fact under its number: what some rule looks at, and no more."""
        written: Written = {"id": str(number), "sid": SESSION, CONSTANT: 1}
        for name, short in self._short.items():
            if name in fact:
                written[short] = encoded(fact[name])
        for name, short in self._numbers.items():
            if type(fact.get(name)) is int:
                written[short] = fact[name]
        return json.dumps(written)

    def _name_properties(self, rule: Rule) -> None:
        """Names without the letter of the constant, and too short for two of them to have the same hash."""
        for pattern in rule.patterns:
            for test in (*pattern.tests, *(t for branch in pattern.any_of for t in branch)):
                names = (test.name, test.other) if isinstance(test, Join) else (test.name,)
                for name in names:
                    self._short.setdefault(name, f"x{len(self._short)}")
                    if isinstance(test, Join) and test.plus:
                        self._numbers.setdefault(name, f"n{len(self._numbers)}")

    def _patterns(self, rule: Rule) -> Iterator[Written]:
        aliases = {p.alias: f"p{n}" for n, p in enumerate(rule.patterns)}
        for pattern in rule.patterns:
            read = sorted({self._forms(j)[1] for p in rule.patterns for j in p.joins if j.alias == pattern.alias})
            yield {aliases[pattern.alias]: {"$and": list(self._pattern(pattern, aliases, read))}}

    def _pattern(self, pattern: Pattern, aliases: Mapping[str, str], read: Sequence[str]) -> Iterator[Written]:
        """The order matters: literals, inequalities, equalities, the constant, and last the branches."""
        yield {CONSTANT: 1}
        yield from map(self._literal, pattern.literals)
        joins = sorted(pattern.joins, key=lambda j: j.relation == "==")
        for name in sorted({*read, *(self._forms(j)[0] for j in joins)}):
            yield {"$ex": {name: 1}}
        yield from (self._join(j, aliases) for j in joins)
        if joins:
            yield {CONSTANT: {aliases[joins[0].alias]: CONSTANT}}
        if pattern.any_of:
            yield {"$or": [self._branch(branch) for branch in pattern.any_of]}

    def _branch(self, branch: Sequence[LiteralTest]) -> Written:
        written = [self._literal(test) for test in branch]
        return {"$and": written} if len(written) > 1 else written[0]

    def _literal(self, test: LiteralTest) -> Written:
        match test:
            case Exists(name):
                return {"$ex": {self._short[name]: 1}}
            case Missing(name):
                return {"$nex": {self._short[name]: 1}}
            case Compare(name, relation, value):
                return _test(self._short[name], relation, encoded(value))
            case _:
                assert_never(test)

    def _join(self, join: Join, aliases: Mapping[str, str]) -> Written:
        mine, others = self._forms(join)
        there: Written = {aliases[join.alias]: others}
        if join.plus:
            there = {"$add" if join.plus > 0 else "$sub": {"$l": there, "$r": abs(join.plus)}}
        return _test(mine, join.relation, there)

    def _forms(self, join: Join) -> tuple[str, str]:
        """The short names of the two properties, in the form that the join reads."""
        names = self._numbers if join.plus else self._short
        return names[join.name], names[join.other]


def _test(name: str, relation: Relation, value: object) -> Written:
    return {name: value} if relation == "==" else {_WORDS[relation]: {name: value}}
