"""A case: who is asked to which gatherings, what was said, and the scenarios to try."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PrivateAttr, model_validator

from attendance.errors import CaseError, Problem, QuestionError, UnknownName, did_you_mean
from attendance.markup.diagram import Diagram
from attendance.markup.html import Html
from attendance.markup.pictured import Pictured
from attendance.model.checking import problems, scenario_problems
from attendance.model.draft import Draft, Path, instant, utc, zone
from attendance.model.expectation import Expectation, parse_expectations
from attendance.model.participants import Fact, Gathering, Group, Participant
from attendance.model.roster import Counted, Named, Roster, counted
from attendance.model.scenario import Scenario
from attendance.model.statements import Rule, Statement, number_rules, number_statements
from attendance.model.values import Item, Text, Value, in_order, shown

MAIN = "meeting"


def _by_id(value: object) -> object:
    """A mapping of ids to bodies as a list of bodies with ids."""
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        return in_order(value)
    found, wrong = [], []
    for key, body in value.items():
        if isinstance(body, Mapping) and "id" in body:
            wrong.append(Problem("the name is the key: remove the 'id'", (str(key), "id")))
        elif body is None or isinstance(body, Mapping):
            found.append({"id": key, **(body or {})})
        else:
            wrong.append(Problem(f"expected keys and values, not {shown(body)}", (str(key),)))
    if wrong:
        raise CaseError(wrong)
    return tuple(found)


def _facts(value: object) -> object:
    """Facts, where a bare value is short for `{value: ...}`."""
    return _by_id(_written_out(value, "value"))


def _groups(value: object) -> object:
    """Groups, where a list is short for `{members: ...}`."""
    return _by_id(_written_out(value, "members"))


def _written_out(value: object, short: str) -> object:
    if not isinstance(value, Mapping):
        return value
    return {k: body if body is None or isinstance(body, Mapping) else {short: body} for k, body in value.items()}


def _gatherings(value: tuple[Gathering, ...]) -> tuple[Gathering, ...]:
    return value or (Gathering(id=MAIN),)


def _by_scenario(value: tuple[Expectation, ...]) -> tuple[Expectation, ...]:
    """Expected answers in the order of a file, which has those of a scenario together."""
    first = {e.scenario: i for i, e in reversed(list(enumerate(value)))}
    return tuple(sorted(value, key=lambda e: first[e.scenario]))


class Parts(Value):
    """The parts of a case, each sound by itself, before they are seen as a whole."""

    title: Text = ""
    timezone: Text = "UTC"
    gatherings: Annotated[tuple[Item[Gathering], ...], BeforeValidator(_by_id), AfterValidator(_gatherings)] = (
        Gathering(id=MAIN),
    )
    participants: Annotated[tuple[Item[Participant], ...], BeforeValidator(_by_id)] = ()
    groups: Annotated[tuple[Item[Group], ...], BeforeValidator(_groups)] = ()
    facts: Annotated[tuple[Item[Fact], ...], BeforeValidator(_facts)] = ()
    rules: Annotated[tuple[Item[Rule], ...], AfterValidator(number_rules)] = ()
    statements: Annotated[tuple[Item[Statement], ...], AfterValidator(number_statements)] = ()
    scenarios: Annotated[tuple[Item[Scenario], ...], BeforeValidator(_by_id)] = ()
    expect: Annotated[tuple[Expectation, ...], BeforeValidator(parse_expectations), AfterValidator(_by_scenario)] = ()


class Case(Pictured, Parts):
    """Participants, gatherings, facts, rules, statements and scenarios, checked as a whole.

    The first gathering is the main one; without any there is one, `meeting`. Raises CaseError
    with every problem at once.
    """

    _besides: frozenset[Named] = PrivateAttr(default=frozenset())

    @model_validator(mode="after")
    def _whole(self) -> "Case":
        found = problems(self.draft)
        if found:
            raise CaseError(found)
        return self

    @classmethod
    def checked(cls, draft: Draft, title: str) -> "Case":
        """The case of a draft in which nothing was found wrong: its values are not looked at again."""
        sections = ("gatherings", "participants", "groups", "facts", "rules", "statements", "scenarios")
        values: dict[str, Any] = {key: tuple(value for _, value in getattr(draft, key)) for key in sections}
        values["expect"] = _by_scenario(tuple(e for _, e in draft.expect))
        made = cls.model_construct(title=title, timezone=draft.timezone, **values)
        made.__dict__["roster"] = draft.roster
        return made

    @cached_property
    def draft(self) -> Draft:
        """The case's values with their paths, as the checks want them."""
        return Draft(
            gatherings=_paths("gatherings", self.gatherings),
            participants=_paths("participants", self.participants),
            groups=_paths("groups", self.groups),
            facts=_paths("facts", self.facts),
            rules=_paths("rules", self.rules),
            statements=_paths("statements", self.statements),
            scenarios=_paths("scenarios", self.scenarios),
            expect=[(("expect", e.scenario, e.about), e) for e in self.expect],
            timezone=self.timezone,
        )

    @cached_property
    def roster(self) -> Roster:
        """Who is who."""
        return Roster(self.gatherings, self.participants, self.groups, self.facts)

    @cached_property
    def counted(self) -> Counted:
        """Who has an attendance at each gathering, without what a call's own scenario names."""
        return self.counting(())

    def counting(self, scenarios: Sequence[Scenario]) -> Counted:
        """The same with what those scenarios of a call name."""
        return counted(self.roster, self.statements, self.rules, (*self.scenarios, *scenarios), self._besides)

    def standing(self, statements: Sequence[Statement], besides: Iterable[Named] = (), **others: Any) -> "Case":
        """The case with those statements, scenarios or expected answers in place of its own, taken as sound.

        Whoever is named `besides` is counted as if a statement named them there.
        """
        own = {key: getattr(self, key) for key in Case.model_fields}
        made = Case.model_construct(**{**own, "statements": tuple(statements), **others})
        made._besides = frozenset(besides)
        made.__dict__["roster"] = self.roster
        return made

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone of dates and of times without one."""
        found = zone(self.timezone)
        assert found is not None, "checked when the case was made"
        return found

    def moment(self, statement: Statement) -> datetime | None:
        """When the statement was made, as an aware time; None if it is undated."""
        return None if statement.said is None else instant(statement.said, self.zone)

    def until(self, as_of: date | datetime) -> datetime:
        """The last instant that `as_of` includes: the time itself, or the end of the day."""
        if isinstance(as_of, datetime):
            return instant(as_of, self.zone)
        try:
            next_day = instant(as_of + timedelta(days=1), self.zone)
        except OverflowError:
            return datetime.max.replace(tzinfo=self.zone)
        begins = utc(instant(as_of, self.zone))  # not before its end where the zone left the day out, as Samoa did once
        return max(begins, utc(next_day) - timedelta(microseconds=1))

    def scenario(self, named: str | Scenario | None = None, parts: Scenario | None = None) -> Scenario:
        """The scenario of that name with the parts added. Raises QuestionError, CaseError."""
        match named:
            case None | "":
                found = Scenario()
            case Scenario():
                found = named
                self._refuse(found)
            case str():
                known = {str(s.id): s for s in self.scenarios}
                if named not in known:
                    hint = did_you_mean(named, known) or f"the scenarios are: {', '.join(known) or 'none'}"
                    raise UnknownName(f"unknown scenario {named!r}", named, hint)
                found = known[named]
            case _:
                raise QuestionError(f"expected a scenario or the name of one, not {shown(named)}")
        if parts is None or parts == Scenario():
            return found
        self._refuse(parts, found)
        return found.with_parts(parts)

    def _refuse(self, scenario: Scenario, after: Scenario | None = None) -> None:
        found = scenario_problems(self.draft, scenario, after)
        if found:
            raise CaseError(found)

    @property
    def diagram(self) -> Diagram:
        """Who is named in whose conditions, without an answer; `graph` has the verdicts."""
        from attendance.model.portrait import diagram

        return diagram(self)

    def html(self) -> Html:
        """Everything that was said, as a table."""
        from attendance.model.portrait import html

        return html(self)

    def __str__(self) -> str:
        return f"{self.title or 'a case'}: {len(self.participants)} participants, {len(self.statements)} statements"


def _paths(key: str, values: Sequence[Any]) -> list[tuple[Path, Any]]:
    """Each value with its path: by id in a mapping of a file, by number in a list."""
    if key in ("rules", "statements"):
        return [((key, i), value) for i, value in enumerate(values)]
    return [((key, value.id), value) for value in values]
