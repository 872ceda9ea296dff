"""From the expressions that users write with durable-rules (`when_all`, `when_any`, `m`, `c`) to rules.

The objects are only looked into: to compare them, or to ask them for an attribute, would make others
or change them. So all of that goes past what they define.
"""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from attendance.errors import RuleError, shown
from attendance.matching.bounds import MAX_TESTS, check_rule, refusal
from attendance.matching.branches import Both, BranchProblem, Either, Tree, pattern_of
from attendance.matching.driving import missing
from attendance.matching.facts import value_problem
from attendance.matching.patterns import Compare, Exists, Join, Missing, Pattern, Relation, Rule, Test

_RELATIONS: dict[str, Relation] = {"$eq": "==", "$neq": "!=", "$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}

_INSTEAD = {
    "count": "count is not offered: compare a number that a fact has, such as m.attending >= 3",
    "cap": "cap is not offered: every match is reported, each once; take as many as you want",
    "pri": "pri is not offered: matches come in the order of the rules",
    "dist": "distinct is not offered: facts in a match are always different; compare a property with != for more",
    "none": "none is not offered: look for a fact that says what is absent, such as m.kind == 'silence'",
    "all": "all and any do not nest: write one when_all, or one when_any with a branch for each case",
    "$iall": "lists are not looked into: post a fact for each item",
    "$iany": "lists are not looked into: post a fact for each item",
    "$mt": "matches is not offered: compare the whole text, or look into it in your function",
    "$imt": "imatches is not offered: compare the whole text, or look into it in your function",
    "$s": "s. is not offered: rules see facts alone; post what you want to test and use m.",
    "$i": "item is not offered: post a fact for each item of a list",
}


def rules_of(name: str, expressions: Iterable[object]) -> tuple[Rule, ...]:
    """The rules that `when_all(...)`, `when_any(...)` or bare patterns say; `when_any` gives one for each branch.

    What Python makes of an expression before it comes here cannot be seen: `m.x == 1 and m.y == 2` and
    `0 < m.y < 2` are their last comparison alone, and `-(m.x == 1)` is `-m.x`. Join with `&` and `|`.
    """
    lang = _language()
    reader = _Reader(name, lang)
    if isinstance(expressions, lang.value | lang.avalue | lang.rule | lang.closure | str | dict):
        given: list[object] = [expressions]
    elif isinstance(expressions, Iterable):
        given = list(expressions)
    else:
        given = [expressions]
    rules = tuple(reader.rules(given))
    for rule in rules:
        check_rule(rule)
    return rules


def _language() -> ModuleType:
    try:
        from durable import lang
    except ImportError as error:
        raise missing() from error
    return lang  # type: ignore[no-any-return]


class _Reader:
    """Reads the expressions of one rule."""

    def __init__(self, name: str, lang: ModuleType) -> None:
        self._name, self._lang = name, lang
        self._read: dict[int, object] = {}  # sides of joins that were read, by identity: each may stand once

    def rules(self, given: list[object]) -> Iterator[Rule]:
        """One rule, or one for each branch."""
        lang = self._lang
        if len(given) == 1 and isinstance(given[0], lang.when_all | lang.when_any):
            patterns = self._patterns(self._within(given[0]))
            if isinstance(given[0], lang.when_any):
                yield from (Rule(self._name, (p,)) for p in patterns)
                return
        else:
            patterns = self._patterns(given)
        yield Rule(self._name, patterns)

    def _within(self, rule: object) -> list[object]:
        """The expressions in a when_all or when_any that says nothing else."""
        parts = vars(rule)
        for extra in ("count", "pri", "cap", "dist"):
            if parts[extra] is not None:
                raise self._refusal(_INSTEAD[extra])
        if parts["alias"] is not None:
            raise self._refusal("an alias stands before a pattern: c.first << (m.kind == ...), not before when_all")
        if type(parts["func"]) is not list or parts["func"]:
            raise self._no_expression(parts["func"])
        return list(parts["expression"])

    def _patterns(self, given: list[object]) -> tuple[Pattern, ...]:
        if not given:
            raise self._refusal("it has no pattern: give at least one, such as m.kind == 'statement'")
        for one in given:
            if not isinstance(one, self._lang.value):
                raise self._no_expression(one)
        found = []
        for place, one in enumerate(given):
            default = "m" if len(given) == 1 else f"m_{place}"
            found.append(self._pattern(one, default))
        return tuple(found)

    def _pattern(self, root: object, default: str) -> Pattern:
        alias = vars(root)["alias"]
        self._look_over(root, alias)
        try:
            return pattern_of(default if alias is None else alias, self._tree(root))
        except BranchProblem as problem:
            raise self._refusal(str(problem)) from None

    def _look_over(self, root: object, alias: str | None) -> None:
        """Check the size, so that the tree can be walked, and that the alias stands before the whole."""
        stack, seen = [root], 0
        while stack:
            node = stack.pop()
            if not isinstance(node, self._lang.value):
                raise self._no_expression(node)
            parts, seen = vars(node), seen + 1
            if parts["alias"] is not None and parts["alias"] != alias:
                before = f"c.{parts['alias']} << (... & ...)"
                raise self._refusal(f"the alias {parts['alias']} stands inside a pattern: put it before all, {before}")
            if parts["_op"] in ("$and", "$or"):
                stack += (parts["_left"], parts["_right"])
            if seen > 2 * MAX_TESTS:
                raise self._refusal(f"a pattern has more than {MAX_TESTS} tests: split the rule, or post fewer cases")

    def _tree(self, root: object) -> Tree:
        parts = vars(root)
        if parts["_op"] not in ("$and", "$or"):
            return self._test(parts)
        kind = Both if parts["_op"] == "$and" else Either
        of = tuple(self._tree(node) for node in _operands(root, parts["_op"]))
        return kind(of)

    def _test(self, parts: dict[str, Any]) -> Test:
        name, op, right = self._property(parts), parts["_op"], parts["_right"]
        match op:
            case None:
                raise self._refusal(f"m.{name} says nothing alone: compare it, or +m.{name} where it must be there")
            case "$ex":
                return Exists(name)
            case "$nex":
                return Missing(name)
            case _ if op in _INSTEAD:
                raise self._refusal(_INSTEAD[op])
        if isinstance(right, self._lang.avalue):
            return self._join(name, _RELATIONS[op], right)
        return Compare(name, _RELATIONS[op], self._literal(name, right))

    def _property(self, parts: dict[str, Any]) -> str:
        kind, name = parts["_type"], parts["_left"]
        if kind in ("$s", "$i"):
            raise self._refusal(_INSTEAD[kind])
        if kind != "$m" or name is None:
            raise self._refusal("m alone says nothing: test a property of it, such as m.kind == 'statement'")
        if not isinstance(name, str):
            raise self._refusal("what is compared, or has + or - before it, is one property of m, not an expression")
        return self._flat(name)

    def _flat(self, name: str) -> str:
        if "." in name:
            flat = name.replace(".", "_")
            raise self._refusal(f"{name} is nested, and facts are flat: post it as {flat}, say")
        return name

    def _literal(self, name: str, right: object) -> Any:
        if isinstance(right, self._lang.value):
            raise self._own(name)
        if isinstance(right, self._lang.rule | self._lang.closure):
            raise self._refusal(f"m.{name} is compared with what has no value")
        if problem := value_problem(right):
            raise self._refusal(f"the test of {name}: {problem}")
        return right

    def _join(self, name: str, relation: Relation, right: object) -> Join:
        if id(right) in self._read:
            raise self._refusal(
                "one c.alias.property object stands in two tests, and + or - changes it: write it anew in each"
            )
        self._read[id(right)] = right
        parts, plus = vars(right), 0
        while parts["_op"] is not None:
            plus += self._added(parts["_op"], parts["_right"])
            if not isinstance(parts["_left"], self._lang.avalue):
                break
            parts = vars(parts["_left"])
        alias, other = parts["_name"], parts["_left"]
        if alias in ("$m", "$s", "$i"):
            raise self._own(name) if alias == "$m" else self._refusal(_INSTEAD[alias])
        if not isinstance(other, str):
            raise self._refusal(f"c.{alias} alone has no value: compare with a property, such as c.{alias}.who")
        return Join(name, relation, alias, self._flat(other), plus)

    def _own(self, name: str) -> RuleError:
        what = f"m.{name} is compared with a property of the same fact"
        return self._refusal(f"{what}: compare with c.alias.property of an earlier one, or post what it comes to")

    def _added(self, op: str, number: object) -> int:
        if op not in ("$add", "$sub"):
            raise self._refusal("only + and - are offered in a comparison: post the product or share as a property")
        if type(number) is not int:
            raise self._refusal(f"only a whole number is added to c.alias.property, not {self._called(number)}")
        return number if op == "$add" else -number

    def _no_expression(self, given: object) -> RuleError:
        lang = self._lang
        match given:
            case lang.none():
                return self._refusal(_INSTEAD["none"])
            case lang.rule():
                return self._refusal(_INSTEAD["all"])
            case dict() if len(given) == 1 and next(iter(given)) in _INSTEAD:
                return self._refusal(_INSTEAD[next(iter(given))])
            case lang.avalue() | lang.closure():
                return self._refusal("c names earlier facts: begin a pattern with c.first << (m.kind == ...)")
        return self._refusal(
            f"{self._called(given)} is no expression: write m.kind == 'statement' and the like, "
            "in brackets, and join with & and |, not with and, or, not, in "
            "(m.alias, m.define, m.matches and m.imatches are no properties)"
        )

    def _called(self, given: object) -> str:
        return "an expression" if isinstance(given, self._lang.value | self._lang.avalue) else shown(given)

    def _refusal(self, problem: str) -> RuleError:
        return refusal(self._name, problem)


def _operands(root: object, op: str) -> list[object]:
    """What the same operator joins, however it is nested, from left to right."""
    found, stack = [], [root]
    while stack:
        parts = vars(node := stack.pop())
        if parts["_op"] == op:
            stack += (parts["_right"], parts["_left"])
        else:
            found.append(node)
    return found
