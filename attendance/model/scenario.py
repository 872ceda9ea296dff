"""A scenario: what is supposed, what is seen, as of when, and whom to believe."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, TypedDict

from pydantic import BeforeValidator

from attendance.model.conditions import Condition, Name
from attendance.model.participants import Attendance
from attendance.model.sayings import Reading
from attendance.model.statements import Statement
from attendance.model.values import (
    Bool,
    ConditionField,
    Id,
    Ids,
    Item,
    Moment,
    Text,
    Value,
    in_order,
    parse_bool,
    parse_id,
    parse_list,
    parse_pairs,
    parse_word,
    shown,
    when,
)
from attendance.model.words import quote


class ScenarioParts(TypedDict, total=False):
    """The parts of a scenario as every question takes them, by keyword."""

    assume: Mapping[str, bool | str]
    given: Iterable[str | Condition] | str | Condition
    add: Iterable[str | Statement] | str | Statement
    withdraw: Iterable[str] | str
    believe: Iterable[str] | str
    disbelieve: Iterable[str] | str
    as_of: str | date | datetime | None
    reading: str
    founded: bool


def _parse_assume(value: object) -> object:
    if value is None:
        return ()
    pairs = value.items() if isinstance(value, Mapping) else value
    if not isinstance(pairs, Iterable) or isinstance(pairs, str):
        raise ValueError(f"expected names with yes or no, not {shown(value)}")
    return tuple(dict.fromkeys(parse_pairs(_pairs(pairs), _assume_key, parse_bool)))


def _pairs(pairs: Iterable[object]) -> Iterable[tuple[object, object]]:
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise ValueError(f"expected a name with yes or no, not {shown(pair)}")
        yield pair


def _assume_key(key: object) -> str:
    """`putin`, `putin at ankara`, an Attendance or a leaf: as text."""
    match key:
        case Attendance(participant, gathering):
            return f"{quote(parse_id(participant))} at {quote(parse_id(gathering))}"
        case Name():
            return str(key)
        case str():
            return key
        case _:
            raise ValueError(f"expected a name, or a name at a gathering, not {shown(key)}")


def _parse_conditions(value: object) -> object:
    return (value,) if isinstance(value, str | Condition) else parse_list(value)


def _parse_statements(value: object) -> object:
    return (value,) if isinstance(value, str | Statement | Mapping) else parse_list(value)


def _parse_sources(value: object) -> object:
    return (value,) if isinstance(value, str) else in_order(value)


def _parse_reading(value: object) -> Reading | None:
    return parse_word(value, Reading, "a reading")


class Scenario(Value):
    """What is supposed (`assume`), seen (`given`), added and withdrawn, as of when, whom to believe.

    A part that is None is left as the case, or the scenario it is added to, has it.
    """

    id: Id | None = None
    name: Text | None = None
    note: Text | None = None
    assume: Annotated[tuple[tuple[str, bool], ...], BeforeValidator(_parse_assume)] = ()
    given: Annotated[tuple[ConditionField, ...], BeforeValidator(_parse_conditions)] = ()
    add: Annotated[tuple[Item[Statement], ...], BeforeValidator(_parse_statements)] = ()
    withdraw: Ids = ()
    believe: Annotated[tuple[Text, ...] | None, BeforeValidator(_parse_sources)] = None
    disbelieve: Annotated[tuple[Text, ...], BeforeValidator(parse_list)] = ()
    as_of: Moment | None = None
    reading: Annotated[Reading | None, BeforeValidator(_parse_reading)] = None
    founded: Bool | None = None

    def with_parts(self, other: "Scenario") -> "Scenario":
        """This scenario with the other's parts added; the other wins where they differ."""
        return Scenario(
            id=self.id,
            name=self.name,
            note=self.note,
            assume={**dict(self.assume), **dict(other.assume)},
            given=self.given + other.given,
            add=self.add + other.add,
            withdraw=_union(self.withdraw, other.withdraw),
            believe=_believed(self, other),
            disbelieve=_union((s for s in self.disbelieve if s not in (other.believe or ())), other.disbelieve),
            as_of=self.as_of if other.as_of is None else other.as_of,
            reading=self.reading if other.reading is None else other.reading,
            founded=self.founded if other.founded is None else other.founded,
        )

    def __str__(self) -> str:
        """What it supposes, in a line; empty if it supposes nothing."""
        told = {
            "assumed": [f"{key} = {'yes' if value else 'no'}" for key, value in self.assume],
            "given": [f"“{condition}”" for condition in self.given],
            "without": self.withdraw,
            "added": [f"“{statement}”" for statement in self.add],
            "believed only": self.believe or (),
            "not believed": self.disbelieve,
        }
        parts = [f"{kind}: {', '.join(names)}" for kind, names in told.items() if names]
        parts += [f"as of {when(self.as_of)}"] if self.as_of is not None else []
        parts += ["to the letter"] if self.reading is Reading.LITERAL else []
        parts += ["nobody comes on a circle of promises alone"] if self.founded else []
        return "; ".join(parts)


def _believed(old: Scenario, new: Scenario) -> tuple[str, ...] | None:
    if old.believe is None and new.believe is None:
        return None
    return _union((s for s in old.believe or () if s not in new.disbelieve), new.believe or ())


def _union(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *second]))
