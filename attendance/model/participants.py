"""Who and what a case speaks of: participants, groups, gatherings, facts; and an attendance."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, BeforeValidator, model_validator

from attendance.model.values import (
    ConditionField,
    Id,
    Ids,
    Moment,
    Probability,
    Text,
    Value,
    Weight,
    parse_bool,
    parse_decimal,
    parse_id,
    parse_ids,
    parse_pairs,
    parse_probability,
    parse_text,
    shown,
)

AT = " at "
MAX_ADDRESS = 1_000
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[^\s\x00-\x20\x7f\"<>\\]++")


class Attendance(NamedTuple):
    """That a participant attends a gathering (comes, if it takes place)."""

    participant: str
    gathering: str

    def __str__(self) -> str:
        return f"{self.participant}{AT}{self.gathering}"


def attendances_called(text: str) -> Iterator[Attendance]:
    """Each way to read a text as what an attendance is called, whose participant has the longest name first."""
    cut = text.rfind(AT)
    while cut >= 0:
        yield Attendance(text[:cut], text[cut + len(AT) :])
        cut = text.rfind(AT, 0, cut + len(AT) - 1)


def _parse_weights(value: object) -> object:
    if value is None:
        return ()
    pairs = value.items() if isinstance(value, Mapping) else value
    several = isinstance(value, Mapping | list | tuple)
    if isinstance(pairs, Iterable) and several and all(isinstance(p, tuple) and len(p) == 2 for p in pairs):
        found = parse_pairs(pairs, parse_id, parse_decimal)
        return tuple(dict(found).items())
    raise ValueError(f"expected names with numbers, as in {{seats: 1}}, not {shown(value)}")


def _parse_fact_value(value: object) -> bool | None:
    if value is None or (isinstance(value, str) and value.strip().lower() == "unknown"):
        return None
    try:
        return parse_bool(value)
    except ValueError:
        raise ValueError(f"a fact is true, false or unknown, not {shown(value)}") from None


def parse_address(value: object) -> str:
    """The address of a calendar user: a mail address, or another URI."""
    text = parse_text(value).strip()
    if "@" in text and ":" not in text:
        text = f"mailto:{text}"
    if len(text) > MAX_ADDRESS or _ADDRESS.fullmatch(text) is None:
        raise ValueError(f"expected an address like anna@example.org, not {shown(value)}")
    return text


class Participant(Value):
    """Somebody who attends or does not. `of` and `tags` name their groups; `weights` count in sums."""

    id: Id
    name: Text | None = None
    address: Annotated[Text | None, BeforeValidator(lambda value: None if value is None else parse_address(value))] = (
        None
    )
    of: Ids = ()
    tags: Ids = ()
    weights: Annotated[tuple[tuple[Id, Weight], ...], BeforeValidator(_parse_weights)] = ()
    probability: Probability | None = None
    parsers: ClassVar = {
        "id": parse_id,
        "name": parse_text,
        "address": parse_address,
        "of": parse_ids,
        "tags": parse_ids,
        "weights": _parse_weights,
        "probability": parse_probability,
    }

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"id": data} if isinstance(data, str) else data

    def weight(self, name: str) -> Decimal:
        """This participant's weight of that name; 0 if they have none."""
        return dict(self.weights).get(name, Decimal(0))


class Group(Value):
    """A named set of participants and groups, beside those who name it with `of` or `tags`."""

    id: Id
    name: Text | None = None
    members: Ids = ()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"id": data} if isinstance(data, str) else data


def _each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


class Gathering(Value):
    """What is attended. `invited`, if given, are exactly those counted; `held_if` is its quorum."""

    id: Id
    name: Text | None = None
    start: Moment | None = None
    end: Moment | None = None
    place: Text | None = None
    held_if: ConditionField | None = None
    invited: Annotated[Ids, AfterValidator(_each_once)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"id": data} if isinstance(data, str) else data


class Fact(Value):
    """An outside proposition: true, false, or None for unknown."""

    id: Id
    name: Text | None = None
    value: Annotated[bool | None, BeforeValidator(_parse_fact_value)] = None
    probability: Probability | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"id": data} if isinstance(data, str) else data
