"""A case with other names for everybody and everything in it: what it means stays the same."""

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from attendance.model import conditions as c
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.roster import assumed_place
from attendance.model.sayings import Saying, Sends, WaitsFor
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement

Rename = Callable[[str], str]


def renamed(case: Case, names: Mapping[str, str] | None = None) -> Case:
    """The case with other names for participants, gatherings, groups and facts; a `z` before each, unless given.

    Ids of statements, sources and weights stay as they are; what the case expects is left out.
    """

    def new(name: str) -> str:
        return f"z{name}" if names is None else names.get(name, name)

    return Case(
        title=case.title,
        timezone=case.timezone,
        gatherings=tuple(
            _with(g, id=new(g.id), held_if=_condition(g.held_if, new), invited=_each(g.invited, new))
            for g in case.gatherings
        ),
        participants=tuple(
            _with(p, id=new(p.id), of=_each(p.of, new), tags=_each(p.tags, new)) for p in case.participants
        ),
        groups=tuple(_with(g, id=new(g.id), members=_each(g.members, new)) for g in case.groups),
        facts=tuple(_with(f, id=new(f.id)) for f in case.facts),
        rules=tuple(_with(r, rule=_condition(r.rule, new), at=_maybe(r.at, new)) for r in case.rules),
        statements=tuple(_statement(s, new) for s in case.statements),
        scenarios=tuple(_scenario(case, s, new) for s in case.scenarios),
    )


def _with(value: Any, **changed: Any) -> Any:
    """The value with other parts; what was not said stays unsaid."""
    return value.model_copy(update={k: v for k, v in changed.items() if k in value.model_fields_set})


def _maybe(name: str | None, new: Rename) -> str | None:
    return None if name is None else new(name)


def _each(names: tuple[str, ...] | None, new: Rename) -> tuple[str, ...] | None:
    return None if names is None else tuple(map(new, names))


def _statement(statement: Statement, new: Rename) -> Statement:
    changed = {"who": new(statement.who), "at": _maybe(statement.at, new), "says": _saying(statement.says, new)}
    by = statement.by if statement.by is None else new(statement.by)
    said: Statement = _with(statement, by=by, **changed)
    return said


def _scenario(case: Case, scenario: Scenario, new: Rename) -> Scenario:
    found: Scenario = _with(
        scenario,
        assume=tuple((_key(case, key, new), value) for key, value in scenario.assume),
        given=tuple(_condition(given, new) for given in scenario.given),
        add=tuple(_statement(s, new) for s in scenario.add),
    )
    return found


def _key(case: Case, key: str, new: Rename) -> str:
    """A key of `assume`: somebody, somebody at a gathering, or a fact."""
    place = assumed_place(case.roster, key)
    return str(_condition(place, new)) if place is not None else key


def _saying(saying: Saying, new: Rename) -> Saying:
    match saying:
        case Sends(delegates, condition):
            return Sends(tuple(map(new, delegates)), _condition(condition, new))
        case WaitsFor(targets):
            return WaitsFor(tuple(c.Name(new(t.name), _maybe(t.at, new)) for t in targets))
        case _:
            return type(saying)(saying.link, _condition(saying.condition, new))


def _condition(condition: Condition | None, new: Rename) -> Any:
    return None if condition is None else _member(condition, new)


def _member(member: c.Member, new: Rename) -> Any:
    match member:
        case c.Constant():
            return member
        case c.Name(name, at):
            return c.Name(new(name), _maybe(at, new))
        case c.Represented(group, at):
            return c.Represented(new(group), _maybe(at, new))
        case c.Held(gathering):
            return c.Held(new(gathering))
        case c.Crowd(word, at):
            return c.Crowd(word, _maybe(at, new))
        case c.Not(of):
            return c.Not(_member(of, new))
        case c.And(parts):
            return c.And(tuple(_member(p, new) for p in parts))
        case c.Or(parts):
            return c.Or(tuple(_member(p, new) for p in parts))
        case c.Tally(relation, quota, of, weight, percent):
            return c.Tally(relation, quota, _selection(of, new), weight, percent)
        case c.Quantifier(quantity, of):
            return c.Quantifier(quantity, _selection(of, new))
        case _:
            assert_never(member)  # type: ignore[arg-type]


def _selection(of: c.Selection, new: Rename) -> c.Selection:
    return c.Selection(tuple(_member(item, new) for item in of.items), _maybe(of.at, new))
