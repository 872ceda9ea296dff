"""Statements and rules: what somebody said of one attendance, and what every outcome must meet."""

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema, model_validator

from attendance.model.language import parse_saying, parse_statement
from attendance.model.printing import print_saying
from attendance.model.sayings import Attends, Declines, Inclination, Might, Saying, Sends, WaitsFor
from attendance.model.values import Bool, ConditionField, Id, Ids, Moment, Probability, Text, Value, shown
from attendance.model.words import quote


def _parse_says(value: object) -> Saying:
    if isinstance(value, Attends | Declines | Might | Sends | WaitsFor):
        return value
    if isinstance(value, str):
        return parse_saying(value)
    raise ValueError(f"expected what is said, as in 'attends only if putin', not {shown(value)}")


def _parse_inclination(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() not in set(Inclination):
        raise ValueError(f"an inclination is inclined, disinclined or open, not {shown(value)}")
    return value.strip().lower() if isinstance(value, str) else value


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
        return {"rule": data} if isinstance(data, str) else data
