"""Statements and rules: what somebody said of one attendance, and what every outcome must meet."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema, model_validator

from attendance.model.conditions import Condition
from attendance.model.language import parse_saying, parse_statement
from attendance.model.printing import print_saying
from attendance.model.sayings import Attends, Declines, Inclination, Might, Saying, Sends, WaitsFor
from attendance.model.values import (
    Bool,
    ConditionField,
    Id,
    Ids,
    Moment,
    Probability,
    Text,
    Value,
    parse_any_condition,
    parse_bool,
    parse_id,
    parse_ids,
    parse_moment,
    parse_probability,
    parse_text,
    parse_word,
    shown,
)
from attendance.model.words import quote


def _parse_says(value: object) -> Saying:
    if isinstance(value, Attends | Declines | Might | Sends | WaitsFor):
        if not isinstance(value, WaitsFor) and value.condition is not None:
            parse_any_condition(value.condition)
        return value
    if isinstance(value, str):
        return parse_saying(value)
    raise ValueError(f"expected what is said, as in 'attends only if putin', not {shown(value)}")


def _parse_inclination(value: object) -> Inclination | None:
    return parse_word(value, Inclination, "an inclination")


Says = Annotated[
    Attends | Declines | Might | Sends | WaitsFor,
    BeforeValidator(_parse_says),
    PlainSerializer(print_saying),
    WithJsonSchema({"type": "string"}),
]


class Statement(Value):
    """What somebody said of one attendance: `who` at which gathering, what, when, through which source.

    A case gives an id to a statement that has none. `by` is the speaker, the participant unless given.
    """

    id: Id | None = None
    who: Id
    says: Says
    at: Id | None = None
    by: Text | None = None
    said: Moment | None = None
    source: Text | None = None
    url: Text | None = None
    note: Text | None = None
    also: Bool = False
    supersedes: Ids = ()
    inclination: Annotated[Inclination | None, BeforeValidator(_parse_inclination)] = None
    probability: Probability | None = None
    parsers: ClassVar = {
        "id": parse_id,
        "who": parse_id,
        "says": _parse_says,
        "at": parse_id,
        "by": parse_text,
        "said": parse_moment,
        "source": parse_text,
        "url": parse_text,
        "note": parse_text,
        "also": parse_bool,
        "supersedes": parse_ids,
        "inclination": _parse_inclination,
        "probability": parse_probability,
    }

    @classmethod
    def of_texts(cls, data: object) -> Self | None:
        """The statement that texts make, or its short form; None where validation has to judge."""
        if type(data) is not str:
            return super().of_texts(data)
        try:
            spoken = parse_statement(data)
        except ValueError:
            return None
        return cls.trusted({"who": spoken.who, "says": spoken.saying, "at": spoken.at})

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        spoken = parse_statement(data)
        return {"who": spoken.who, "at": spoken.at, "says": spoken.saying}

    @property
    def speaker(self) -> str:
        """Who said it: the participant unless given."""
        return self.by if self.by is not None else self.who

    @property
    def text(self) -> str:
        """The statement in its short form, subject first."""
        at = f" at {quote(self.at)}" if self.at is not None else ""
        return f"{quote(self.who)}{at} {print_saying(self.says)}"

    def __str__(self) -> str:
        return self.text

    @property
    def binds(self) -> bool:
        """Whether it is part of a position; `waits for` is not."""
        return not isinstance(self.says, WaitsFor)


class Rule(Value):
    """A condition that nobody states but every outcome must meet, read at `at` or the main gathering."""

    id: Id | None = None
    rule: ConditionField
    at: Id | None = None
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"rule": data} if isinstance(data, str | Condition) else data


def number_statements(statements: Sequence[Statement], before: Iterable[Statement] = ()) -> tuple[Statement, ...]:
    """The statements with an id each: the participant and how many statements they have by then."""
    count: dict[str, int] = {}
    for statement in before:
        count[statement.who] = count.get(statement.who, 0) + 1
    numbered = []
    for statement in statements:
        count[statement.who] = count.get(statement.who, 0) + 1
        name = statement.id or f"{statement.who}.{count[statement.who]}"
        numbered.append(statement if statement.id else _named(statement, name))
    return tuple(numbered)


def _named(statement: Statement, name: str) -> Statement:
    """The statement with that id; quicker than a copy of the model."""
    return Statement.trusted({**statement.__dict__, "id": name}, {*statement.model_fields_set, "id"})


def number_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules with an id each: `rule.1` is the first."""
    return tuple(r if r.id else r.model_copy(update={"id": f"rule.{i}"}) for i, r in enumerate(rules, 1))
