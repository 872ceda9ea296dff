"""Checks rules against what can be matched rightly and safely, one by one and all together."""

from collections.abc import Iterable, Sequence

from attendance.errors import RuleError, advice, did_you_mean, shown
from attendance.matching.facts import MAX_NAME, MAX_NUMBER, NAME, name_problem, plain, value_problem
from attendance.matching.patterns import Compare, Join, Pattern, Relation, Rule, Test, Value

MAX_PATTERNS = 8
"""How many patterns a rule has at most."""
MAX_TESTS = 64
"""How many tests a pattern has at most, those in its branches among them."""
MAX_JOINS = 10
"""How many tests in a pattern look at earlier facts at most: the engine holds a row of 29 such steps, with branches."""
MAX_BRANCHES = 30
"""How many branches of `|` a pattern has at most, multiplied out."""
MAX_WIDE = 8
"""How many of these consist of several tests at most."""
MAX_ALL_PATTERNS = 60
"""How many patterns and branches all rules of a session have at most, together."""
MAX_ALL_TESTS = 400
"""How many tests all rules of a session have at most, together."""

TAKEN_ALIASES = frozenset(
    "s host post assert_fact retract_fact start_timer cancel_timer renew_action_lease delete_state get_facts "
    "get_pending_events rule facts numbers".split()
)
"""Names that mean something else in what a rule is handed."""


def check_rule(rule: Rule) -> None:
    """Raise RuleError, naming the rule, for what lies outside the bounds."""
    if not isinstance(rule.name, str) or not 1 <= len(rule.name) <= 200:
        raise RuleError(f"a rule needs a name of at most 200 letters, not {shown(rule.name)}")
    if not 1 <= len(rule.patterns) <= MAX_PATTERNS:
        raise refusal(rule.name, f"it has {len(rule.patterns)} patterns: a rule has 1 to {MAX_PATTERNS}")
    before: list[str] = []
    for pattern in rule.patterns:
        _check_alias(rule, pattern.alias, before)
        for test in (*pattern.tests, *(t for branch in pattern.any_of for t in branch)):
            _check_test(rule.name, test)
        if problem := _size_problem(pattern):
            raise refusal(rule.name, f"{pattern.alias} has {problem}")
        for join in pattern.joins:
            _check_join(rule, pattern, join, before)
        before.append(pattern.alias)


def check_together(rules: Sequence[Rule]) -> None:
    """Raise RuleError for more patterns, branches or tests than go into one session."""
    patterns = sum(1 + len(p.any_of) for p in all_patterns(rules))
    if patterns > MAX_ALL_PATTERNS:
        what = f"{patterns} patterns and branches of |"
        raise RuleError(f"the rules have {what} together, and at most {MAX_ALL_PATTERNS} go into one session{_SPLIT}")
    tests = sum(map(tests_of, all_patterns(rules)))
    if tests > MAX_ALL_TESTS:
        raise RuleError(
            f"the rules have {tests} tests together, and at most {MAX_ALL_TESTS} go into one session{_SPLIT}"
        )


_SPLIT = ": use fewer rules with data in facts, or several sessions"


def all_patterns(rules: Iterable[Rule]) -> Iterable[Pattern]:
    """The patterns of all rules."""
    return (p for r in rules for p in r.patterns)


def tests_of(pattern: Pattern) -> int:
    """How many tests a pattern has, with those in its branches."""
    return len(pattern.tests) + sum(map(len, pattern.any_of))


def refusal(rule: str, problem: str, hint: str | None = None) -> RuleError:
    """The error for a rule, by its name."""
    return RuleError("\n".join([f"rule {shown(rule)}: {problem}", *advice(hint)]))


def alias_problem(alias: object) -> str | None:
    """What is wrong with an alias, if anything is."""
    if not isinstance(alias, str) or not NAME.fullmatch(alias) or len(alias) > MAX_NAME:
        return f"an alias is a small letter, then small letters, digits and _ (at most {MAX_NAME}), not {shown(alias)}"
    if alias in TAKEN_ALIASES:
        return f"the alias {alias!r} means something else in a match: use another, such as first"
    return None


def _size_problem(pattern: Pattern) -> str | None:
    """What a pattern has too many of, and how many it may have."""
    if not all(pattern.any_of):
        return "a branch without a test"
    for count, most, what in (
        (tests_of(pattern), MAX_TESTS, "tests"),
        (len(pattern.joins), MAX_JOINS, "comparisons with earlier facts"),
        (len(pattern.any_of), MAX_BRANCHES, "branches of |"),
        (sum(len(b) > 1 for b in pattern.any_of), MAX_WIDE, "branches of | with several tests, multiplied out"),
    ):
        if count > most:
            return f"{count} {what}: at most {most}; split the rule, or post a property that says which case it is"
    return None


def _check_alias(rule: Rule, alias: str, before: list[str]) -> None:
    if problem := alias_problem(alias):
        raise refusal(rule.name, problem)
    if alias == "m" and len(rule.patterns) > 1:
        raise refusal(rule.name, "the alias m is for a rule of a single pattern: use another, such as first")
    if alias in before:
        what = f"the alias {alias} is given twice"
        raise refusal(
            rule.name, what, "build a pattern anew for each alias: c.a << ... changes the pattern it is given"
        )


def _check_test(rule: str, test: Test) -> None:
    if problem := name_problem(test.name):
        raise refusal(rule, problem)
    match test:
        case Compare(name, relation, value):
            if problem := value_problem(value) or _order_problem(relation, plain(value)):
                raise refusal(rule, f"the test of {name}: {problem}")
        case Join(other=other, plus=plus):
            if problem := name_problem(other):
                raise refusal(rule, problem)
            if type(plus) is not int or abs(plus) > MAX_NUMBER:
                raise refusal(rule, f"what is added is a whole number at most 2**53 from 0, not {shown(plus)}")


def _order_problem(relation: Relation, value: Value) -> str | None:
    if isinstance(value, bool) and relation not in ("==", "!="):
        return f"truths have no order: use == or !=, not {relation} {value}"
    return None


def _check_join(rule: Rule, pattern: Pattern, join: Join, before: list[str]) -> None:
    if join.alias in before:
        return
    where = f"{pattern.alias}.{join.name} is compared with c.{join.alias}.{join.other}"
    if any(p.alias == join.alias for p in rule.patterns):
        what = f"{where}, which is not earlier: put the test into the later of the two patterns"
        raise refusal(rule.name, what)
    known = f"the earlier aliases are {', '.join(before)}" if before else "there is no earlier pattern"
    raise refusal(rule.name, f"{where}, but no pattern has that alias", did_you_mean(join.alias, before) or known)
