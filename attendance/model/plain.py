"""A case from plain statements, one a line: names are declared by use, as participants of one gathering."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from attendance.errors import CaseError, LanguageError, Problem
from attendance.model.case import MAIN, Case
from attendance.model.conditions import Condition, Name, placed_leaves
from attendance.model.language import locate, parse_condition, parse_statement
from attendance.model.roster import condition_of
from attendance.model.sayings import Sends, WaitsFor
from attendance.model.statements import Statement


def case(
    text: str,
    *,
    title: str = "",
    facts: Iterable[str] | Mapping[str, Any] = (),
    groups: Mapping[str, Any] | None = None,
    rules: Iterable[str] = (),
) -> Case:
    """The case that the statements make, one a line, `#` for comments.

    Every name that is not a fact, a group or the gathering `meeting` is a participant.
    Raises CaseError with all problems at once, each with its line and column.
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if _said(line)]
    found: list[Problem] = []
    statements, places = [], []
    for number, line in lines:
        try:
            spoken = parse_statement(_said(line))
        except LanguageError as error:
            found.append(_placed(error, number, line))
            continue
        statements.append(Statement(who=spoken.who, at=spoken.at, says=spoken.saying))
        places.append((number, line))
    rules = (rules,) if isinstance(rules, str) else tuple(rules)
    if found:
        raise CaseError(found)
    declared: dict[str, Any] = {
        "facts": facts if isinstance(facts, Mapping) else _listed(facts),
        "groups": groups or {},
    }
    other = {*declared["groups"], *([*facts] if isinstance(facts, Mapping) else declared["facts"]), MAIN}
    people = [n for n in _people(statements, rules, groups or {}) if n not in other]
    try:
        return Case(
            title=title,
            participants=[{"id": p} for p in people],
            statements=statements,
            rules=rules,
            **declared,
        )
    except CaseError as error:
        raise CaseError(_in_lines(p, places) for p in error.problems) from None


def _said(line: str) -> str:
    """The line without its comment, where a `#` in quotes is no comment."""
    quoted = None
    for i, char in enumerate(line):
        if quoted is None and char == "#":
            return line[:i].rstrip()
        if char in "\"'" and quoted in (None, char):
            quoted = char if quoted is None else None
    return line.rstrip() if line.strip() else ""


def _listed(names: Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _people(statements: list[Statement], rules: Iterable[str], groups: Mapping[str, Any]) -> list[str]:
    """Every name used, in the order of its first use."""
    found: dict[str, None] = {}
    for statement in statements:
        found[statement.who] = None
        match statement.says:
            case Sends(delegates):
                found.update(dict.fromkeys(delegates))
            case WaitsFor(targets):
                found.update(dict.fromkeys(t.name for t in targets))
            case _:
                pass
        found.update(dict.fromkeys(_names(condition_of(statement.says))))
    for rule in rules:
        found.update(dict.fromkeys(_names(parse_condition(rule) if isinstance(rule, str) else rule)))
    for body in groups.values():
        members = body.get("members", ()) if isinstance(body, Mapping) else body
        found.update(dict.fromkeys(_listed(members or ())))
    return list(found)


def _names(condition: Condition | None) -> list[str]:
    if condition is None:
        return []
    return [leaf.name for _, leaf in placed_leaves(condition, None) if isinstance(leaf, Name)]


def _placed(error: LanguageError, number: int, line: str) -> Problem:
    return Problem(
        error.problem,
        (),
        line,
        error.start,
        error.end,
        error.hint,
        file="<text>",
        line=number,
        column=error.start + 1,
    )


def _in_lines(problem: Problem, places: list[tuple[int, str]]) -> Problem:
    """The problem with the line and column of its statement, where it is in one."""
    if problem.path[:1] != ("statements",) or len(problem.path) < 2:
        return problem
    number, line = places[int(problem.path[1])]
    start, end = locate(_said(line), problem.word) if problem.word else (len(line) - len(line.lstrip()), len(line))
    return replace(problem, text=line, start=start, end=end, file="<text>", line=number, column=start + 1)
