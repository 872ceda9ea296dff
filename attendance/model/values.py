"""What all values of a case share: frozen, strict, and wrong input answered with our own errors."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)

from attendance.errors import CaseError, LanguageError, Problem, did_you_mean
from attendance.errors import shown as shown
from attendance.model.conditions import Condition
from attendance.model.language import parse_condition
from attendance.model.nesting import misfit
from attendance.model.sayings import Said
from attendance.model.words import MAX_DIGITS, MAX_NAME, forbidden, name_problem

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:[0-5]\d)?)?", re.I | re.A)
_NUMBER = re.compile(
    r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.I | re.A
)  # Decimal takes 1_000 and digits of all scripts
_TRUE, _FALSE = frozenset(("true", "yes")), frozenset(("false", "no"))
Guess = Callable[[str, Iterable[str]], str | None]
"""What finds the nearest known names."""
_WANTED = {"tuple_type": "a list", "model_type": "keys and values", "string_type": "text", "string_unicode": "text"}
"""What is wanted where pydantic finds something else."""


class Value(BaseModel):
    """A frozen value. Raises CaseError where pydantic would raise its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    parsers: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    """What reads each field, where validation adds nothing to what text, a list or a mapping makes by it."""

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
            return
        except ValidationError as error:
            problems = problems_of(error, type(self))
        raise CaseError(problems)  # apart from pydantic's error, which has what was given: that may be beyond pickling

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """What is not as usual, as one writes it."""
        usual = _defaults(type(self))
        for key, value in super().__repr_args__():
            if key not in usual or value != usual[key]:
                yield key, str(value) if isinstance(value, Said | StrEnum) else value

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The value that the data makes. Raises CaseError."""
        try:
            return super().model_validate(parse_keys(obj), **options)
        except ValidationError as error:
            problems = problems_of(error, cls)
        raise CaseError(problems)

    @classmethod
    def of_texts(cls, data: object) -> Self | None:
        """The value that texts make, several times quicker than by validation; None where that has to judge."""
        if type(data) is not dict:
            return None
        fields = {}
        for key, text in data.items():
            parse = cls.parsers.get(key)
            if parse is None or type(text) not in (str, list, dict):
                return None
            try:
                fields[key] = parse(text)
            except ValueError:
                return None
        return cls.trusted(fields) if _required(cls) <= fields.keys() else None

    @classmethod
    def trusted(cls, fields: dict[str, Any], given: set[str] | None = None) -> Self:
        """The value with those fields, each known to be sound, and defaults for the rest."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", {**_defaults(cls), **fields})
        object.__setattr__(made, "__pydantic_fields_set__", set(fields) if given is None else given)
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """The value that the JSON makes. Raises CaseError."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            problems = problems_of(error, cls)
        raise CaseError(problems)


@cache
def _required(kind: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, info in kind.model_fields.items() if info.is_required())


@cache
def _defaults(kind: type[BaseModel]) -> dict[str, Any]:
    """Every field with its default, in order; None for one that has to be given."""
    fields = kind.model_fields.items()
    return {name: None if info.is_required() else info.get_default() for name, info in fields}


def problems_of(error: ValidationError, kind: type[BaseModel]) -> list[Problem]:
    """Pydantic's findings in this library's words, each with its path."""
    found: list[Problem] = []
    for item in error.errors():
        path = item["loc"]
        inner = item.get("ctx", {}).get("error")
        match item["type"], inner:
            case _, CaseError():
                found += [_under(path, p) for p in inner.problems]
            case _, LanguageError():
                found.append(Problem(inner.problem, path, inner.text, inner.start, inner.end, inner.hint))
            case "extra_forbidden", _:
                found.append(unknown_key(str(path[-1]), path, kind.model_fields))
            case "missing", _:
                found.append(Problem(f"the key {path[-1]!r} is missing"))
            case _, ValueError():
                found.append(Problem(str(inner), path))
            case wrong, _ if wrong in _WANTED:
                found.append(Problem(f"expected {_WANTED[wrong]}, not {shown(item['input'])}", path))
            case _:
                found.append(Problem(f"{item['msg'][:1].lower()}{item['msg'][1:]}", path))
    return found


_MEANT = {"people": "participants", "persons": "participants", "events": "gatherings", "date": "said", "when": "said"}
"""What people call keys that have another name here."""


def unknown_key(
    key: str, path: tuple[str | int, ...], known: Mapping[str, object] | list[str], *, guess: Guess = did_you_mean
) -> Problem:
    """The problem of a key that nothing knows, with the nearest that is known."""
    meant = _MEANT.get(key) if _MEANT.get(key) in known else None
    hint = f"did you mean {meant}?" if meant else guess(key, known) or f"known are: {', '.join(known)}"
    return Problem(f"unknown key {shown(key)}", path, hint=hint)


def _under(path: tuple[str | int, ...], problem: Problem) -> Problem:
    return Problem(
        problem.message,
        path + problem.path,
        problem.text,
        problem.start,
        problem.end,
        problem.hint,
        word=problem.word,
    )


def parse_keys(value: object) -> object:
    """A mapping whose keys are text, as keywords are; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    if strange := [key for key in value if not isinstance(key, str)]:
        raise CaseError([Problem(f"expected keys that are text, not {shown(strange[0])}")])
    return dict(value)


def parse_pairs(
    pairs: Iterable[tuple[object, object]], key: Callable[[object], K], value: Callable[[object], V]
) -> tuple[tuple[K, V], ...]:
    """What keys and values parse to; every problem is placed at its key."""
    found: list[tuple[K, V]] = []
    wrong: list[Problem] = []
    for name, item in pairs:
        try:
            found.append((key(name), value(item)))
        except ValueError as error:
            wrong.append(Problem(str(error), (str(name),)))
    if wrong:
        raise CaseError(wrong)
    return tuple(found)


def parse_word(value: object, words: type[Word], what: str) -> Word | None:
    """One of a few words, in any letter case; None for none."""
    if value is None:
        return None
    found = next((w for w in words if isinstance(value, str) and value.strip().lower() == w), None)
    if found is None:
        *most, last = words
        raise ValueError(f"{what} is {', '.join(most)} or {last}, not {shown(value)}")
    return found


def parse_bool(value: object) -> bool:
    """True, false, yes or no, in any letter case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUE | _FALSE:
        return value.strip().lower() in _TRUE
    raise ValueError(f"expected true, false, yes or no, not {shown(value)}")


def parse_moment(value: object) -> date | datetime:
    """A date, or a date and time with or without a zone."""
    if isinstance(value, datetime):
        return _in_a_file(value)
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _MOMENT.fullmatch(value.strip()):
        text = value.strip().upper()
        try:
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"there is no such date or time as {value.strip()}") from None
    raise ValueError(f"expected a date like 2025-05-14 or a time like 2025-05-14T10:00, not {shown(value)}")


def _in_a_file(moment: datetime) -> datetime:
    """The moment as a file can say it: by minutes from UTC, if it is aware."""
    offset = moment.utcoffset()
    if offset is None:
        return moment.replace(tzinfo=None, fold=0)
    if offset % timedelta(minutes=1):
        return moment.astimezone(UTC)
    return moment.replace(tzinfo=timezone(offset), fold=0)


def when(moment: date | datetime) -> str:
    """A day in words, with the time if there is one."""
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day} {moment:%H:%M}" if isinstance(moment, datetime) else day


def parse_decimal(value: object) -> Decimal:
    """An exact number from 0 up; a float is what its writer saw."""
    written = not isinstance(value, str) or _NUMBER.fullmatch(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal) or not written:
        raise ValueError(f"expected a number, not {shown(value)}")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except (InvalidOperation, ValueError):
        raise ValueError(f"expected a number, not {shown(value)}") from None
    if not number.is_finite():
        raise ValueError(f"expected a number, not {shown(value)}")
    if abs(number.adjusted()) > MAX_DIGITS or len(format(number, "f").replace(".", "")) > MAX_DIGITS:
        raise ValueError(f"expected a number of at most {MAX_DIGITS} digits, not {shown(value)}")
    if number < 0:
        raise ValueError(f"expected a number from 0 up, not {shown(value)}")
    return number


def parse_probability(value: object) -> Fraction:
    """An exact probability from 0 to 1; `1/3` and `0.9` alike."""
    if isinstance(value, Fraction):
        number = value
    elif isinstance(value, str) and re.fullmatch(r"\s*\d{1,30}\s*/\s*\d{1,30}\s*", value) and int(value.split("/")[1]):
        number = Fraction(value.replace(" ", ""))
    elif isinstance(value, str) and value.strip().endswith("%"):
        raise ValueError(f"a probability is a number from 0 to 1, as 0.8 for 80%, not {shown(value)}")
    else:
        number = Fraction(parse_decimal(value))
    if number > 1 or number < 0:
        raise ValueError(f"a probability is from 0 to 1, not {shown(value)}")
    if isinstance(value, Fraction) and value.denominator >= 10**MAX_DIGITS:
        raise ValueError(f"expected a fraction of numbers with at most {MAX_DIGITS} digits")
    return number


def parse_id(value: object) -> str:
    """A name or id that the language can quote."""
    if value is None:
        raise ValueError("a name is missing")
    if not isinstance(value, str):
        raise ValueError(f"expected a name, not {shown(value)}")
    plain = value.isascii() and value.isidentifier() and len(value) <= MAX_NAME
    if not plain and (problem := name_problem(value)):
        raise ValueError(problem)
    return value


def parse_text(value: object) -> str:
    """Text for people: anything but control characters."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | date):
        raise ValueError(f"expected text, not {shown(value)}")
    text = str(value)
    if len(text) > 20_000:
        raise ValueError("expected at most 20000 characters of text")
    for char in () if text.isprintable() else text:
        if forbidden(char):
            raise ValueError(f"text cannot contain the character U+{ord(char):04X}")
    return text


def parse_ids(value: object) -> tuple[str, ...]:
    """Names, or one of them, as a file has them."""
    return tuple(map(parse_id, value if type(value) is list else (value,)))


def parse_list(value: object) -> object:
    """One thing stands for a list of one; nothing for an empty list."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else in_order(value)


def in_order(value: object) -> object:
    """A set as a list that is the same in every run, anything else as it is."""
    return sorted(value, key=str) if isinstance(value, set | frozenset) else value


def parse_any_condition(value: object) -> Condition:
    """A condition, or its text."""
    if isinstance(value, Condition):
        if problem := misfit(value):
            raise ValueError(problem)
        return value
    if isinstance(value, str):
        return parse_condition(value)
    raise ValueError(f"expected a condition, not {shown(value)}")


Item = Annotated[T, BeforeValidator(parse_keys)]
Bool = Annotated[bool, BeforeValidator(parse_bool)]
Moment = Annotated[date | datetime, BeforeValidator(parse_moment)]
Weight = Annotated[Decimal, BeforeValidator(parse_decimal)]
Probability = Annotated[Fraction, BeforeValidator(parse_probability)]
Id = Annotated[str, BeforeValidator(parse_id)]
Text = Annotated[str, BeforeValidator(parse_text)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(parse_list)]
ConditionField = Annotated[
    Condition, BeforeValidator(parse_any_condition), PlainSerializer(str), WithJsonSchema({"type": "string"})
]
