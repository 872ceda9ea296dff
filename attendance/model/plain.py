"""A case from plain statements, one a line: names are declared by use, as participants of one gathering."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from attendance.errors import CaseError, InputError, LanguageError, Problem
from attendance.model.case import MAIN, Case
from attendance.model.conditions import Condition, Name, placed_leaves
from attendance.model.language import locate, parse_statement
from attendance.model.roster import condition_of
from attendance.model.sayings import Sends, WaitsFor
from attendance.model.statements import Rule, Statement
from attendance.model.values import shown
from attendance.model.words import possessive

_QUOTED = [mark + possessive(rf"[^{mark}\\]++|\\.") + rf"(?:{mark}|\\?$)" for mark in ('"', "'")]
_SAID = re.compile(possessive("|".join([r"""[^#"']++""", *_QUOTED])))
"""A line without its comment: a `#` in quotes begins none."""


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
    if not isinstance(text, str):
        raise InputError(f"expected statements, one a line, not {shown(text)}")
    statements, places, found = _statements(text)
    facts, groups, rules = _several(facts), _several(groups), _several(rules)
    other = {*_names_of(facts), *_names_of(groups), MAIN}
    people = [{"id": p} for p in _people(statements, rules, groups) if p not in other]
    try:
        made = Case(title=title, participants=people, groups=groups, facts=facts, rules=rules, statements=statements)
    except CaseError as error:
        found += (_in_lines(p, places) for p in error.problems)
    if found:
        raise CaseError(sorted(found, key=lambda p: (p.line or sys.maxsize, p.column or 0)))
    return made


def _statements(text: str) -> tuple[list[Statement], list[tuple[int, str]], list[Problem]]:
    """The statements of the text, the line of each with its number, and what does not parse."""
    statements, places, found = [], [], []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not uncommented(line):
            continue
        try:
            spoken = parse_statement(uncommented(line))
        except LanguageError as error:
            found.append(_placed(error, number, line))
        else:
            statements.append(Statement(who=spoken.who, at=spoken.at, says=spoken.saying))
            places.append((number, line))
    return statements, places, found


def uncommented(line: str) -> str:
    """A line without its comment."""
    said = _SAID.match(line)
    return said[0].rstrip(" \t\r") if said else ""


def _several(value: Any) -> Any:
    """One thing as a list of one; a list for anything that can be gone through but once."""
    if isinstance(value, str | Condition):
        return (value,)
    return tuple(value) if isinstance(value, Iterator) else value


def _people(statements: list[Statement], rules: object, groups: object) -> list[str]:
    """Every name used, in the order of its first use."""
    found: dict[str, None] = {}
    for statement in statements:
        found[statement.who] = None
        match statement.says:
            case Sends(delegates):
                found.update(dict.fromkeys(delegates))
            case WaitsFor(targets):
                found.update(dict.fromkeys(t.name for t in targets))
        found.update(dict.fromkeys(_names(condition_of(statement.says))))
    for rule in rules if isinstance(rules, Iterable) else ():
        found.update(dict.fromkeys(_names(_condition(rule))))
    for body in groups.values() if isinstance(groups, Mapping) else ():
        found.update(dict.fromkeys(_names_of(body.get("members") if isinstance(body, Mapping) else body)))
    return list(found)


def _names_of(value: object) -> list[str]:
    """The names in a list or a mapping, or a name alone; what is none is left to the case to refuse."""
    several = (value,) if isinstance(value, str) or not isinstance(value, Iterable) else value
    return [name for v in several if isinstance(name := getattr(v, "id", v), str)]


def _condition(rule: object) -> Condition | None:
    """The condition of a rule, if it is one; what is none is left to the case to refuse."""
    try:
        return Rule.model_validate(rule).rule
    except ValueError:
        return None


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
    if problem.path[:1] != ("statements",) or problem.word is None:
        return problem
    number, line = places[int(problem.path[1])]
    start, end = locate(uncommented(line), problem.word)
    return replace(problem, text=line, start=start, end=end, file="<text>", line=number, column=start + 1)
