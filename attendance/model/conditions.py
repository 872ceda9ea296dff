"""The condition tree: what somebody's coming can hang on. Built with functions and `&`, `|`, `~`.

A bare name is one leaf; the case says whether it is a participant (attends), a group (is
represented), a gathering (is held) or a fact (holds). `str` gives the text back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal, assert_never

from attendance.errors import InputError, MisusedCondition, shown
from attendance.model.words import MAX_DIGITS, name_problem

Relation = Literal["at least", "at most", "exactly"]
Quantity = Literal["a majority", "all", "any", "none"]


class Condition:
    """A condition; combine with `&`, `|` and `~`. Values are frozen, comparable and hashable."""

    __slots__ = ()

    def __and__(self, other: "Condition | str") -> "Condition":
        return And((self, _condition(other)))

    def __rand__(self, other: str) -> "Condition":
        return And((_condition(other), self))

    def __or__(self, other: "Condition | str") -> "Condition":
        return Or((self, _condition(other)))

    def __ror__(self, other: str) -> "Condition":
        return Or((_condition(other), self))

    def __invert__(self) -> "Condition":
        return negation(self)

    def __bool__(self) -> bool:
        raise MisusedCondition("a condition has no truth of its own: combine with &, | and ~, not and, or, not")

    def __str__(self) -> str:
        from attendance.model.nesting import misfit
        from attendance.model.printing import print_condition

        if problem := misfit(self):
            raise InputError(problem)
        return print_condition(self)

    def __repr__(self) -> str:
        try:
            return f"condition({str(self)!r})"
        except InputError as error:
            return f"<{error}>"


class Nested(Condition):
    """A condition with others in it: compared, hashed, shown and pickled without recursion, however deep."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Condition):
            return NotImplemented
        from attendance.model.nesting import row

        return self is other or list(row(self)) == list(row(other))

    def __hash__(self) -> int:
        from attendance.model.nesting import row

        return hash(tuple(row(self)))

    def __reduce__(self) -> tuple[object, ...]:
        from attendance.model.nesting import from_row, row

        return from_row, (tuple(row(self)),)


@dataclass(frozen=True, slots=True, repr=False)
class Constant(Condition):
    """`always` or `never`."""

    value: bool

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True, repr=False)
class Name(Condition):
    """A name: somebody attends, a fact holds, a group is represented, a gathering is held."""

    name: str
    at: str | None = None

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True, repr=False)
class Represented(Condition):
    """At least one member of the group attends."""

    group: str
    at: str | None = None

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True, repr=False)
class Held(Condition):
    """The gathering's `held_if` holds."""

    gathering: str

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Not(Nested):
    """The condition does not hold."""

    of: Condition

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class And(Nested):
    """All of two or more conditions hold; nested ones are made flat."""

    of: tuple[Condition, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", _flat(self.of, And))

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Or(Nested):
    """At least one of two or more conditions holds; nested ones are made flat."""

    of: tuple[Condition, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", _flat(self.of, Or))

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True)
class Crowd:
    """`everyone` who has an attendance at the gathering, or `others`: all but the one spoken of."""

    word: Literal["everyone", "others"]
    at: str | None = None


Member = Condition | Crowd


@dataclass(frozen=True, slots=True)
class Selection:
    """Whom a count is taken over: a set of names (a group stands for its members) and conditions."""

    items: tuple[Member, ...]
    at: str | None = None

    def __post_init__(self) -> None:
        if not self.items:
            raise InputError("a count needs at least one name")
        if len(self.items) == 1:  # `(a) at g` and `a at g` are one thing
            object.__setattr__(self, "items", (at_gathering(self.items[0], self.at),))
            if not isinstance(self.items[0], Not | And | Or | Tally | Quantifier | Constant | Held):
                object.__setattr__(self, "at", None)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tally(Nested):
    """A count or a weighted sum compared with a quota: a number, or a share in percent."""

    relation: Relation
    quota: Decimal
    of: Selection
    weight: str | None = None
    percent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "quota", _exact(self.quota))
        if not self.quota.is_finite() or self.quota < 0:
            raise InputError(f"a quota is a number from 0 up, not {self.quota}")
        if abs(self.quota.adjusted()) > MAX_DIGITS or len(format(self.quota, "f")) > MAX_DIGITS:
            raise InputError(f"a number has at most {MAX_DIGITS} digits")
        if self.percent and self.quota > 100:
            raise InputError(f"a share is at most 100%, not {self.quota}%")
        if self.weight is None and not self.percent and self.quota != self.quota.to_integral_value():
            raise InputError(f"people are counted in whole numbers, not {self.quota}")

    __str__ = Condition.__str__


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quantifier(Nested):
    """A majority, all, any or none of a selection."""

    quantity: Quantity
    of: Selection

    __str__ = Condition.__str__


ALWAYS = Constant(True)
NEVER = Constant(False)


def negation(condition: Condition | None) -> Condition:
    """The condition negated; a double negation is taken away."""
    match condition:
        case None:
            raise InputError("there is no condition to negate")
        case Not(of):
            return of
        case Constant(value):
            return Constant(not value)
        case _:
            return Not(condition)


def at_gathering(member: Member, at: str | None) -> Member:
    """The member read at a gathering, unless it names one itself."""
    match member:
        case Name(name, None):
            return Name(name, at)
        case Represented(group, None):
            return Represented(group, at)
        case Crowd(word, None):
            return Crowd(word, at)
        case _:
            return member


def _flat(of: Iterable[Condition], kind: type[And] | type[Or]) -> tuple[Condition, ...]:
    flat = tuple(c for child in of for c in (child.of if isinstance(child, kind) else (child,)))
    if len(flat) < 2:
        raise InputError("'and' and 'or' join at least two conditions")
    return flat


def _condition(value: object) -> Condition:
    if isinstance(value, Condition):
        return value
    if isinstance(value, str):
        from attendance.model.language import parse_condition

        return parse_condition(value)
    raise MisusedCondition(f"expected a condition or its text, not {shown(value)}")


def _exact(number: object) -> Decimal:
    """A number that is exact as it is given: no float."""
    if isinstance(number, float):
        raise InputError(f"give {number} as text or a Decimal: floats are not exact")
    if isinstance(number, bool) or not isinstance(number, int | str | Decimal):
        raise InputError(f"expected a number, or a share like '55%', not {shown(number)}")
    try:
        return Decimal(number)
    except (InvalidOperation, ValueError):
        raise InputError(f"expected a number, or a share like '55%', not {shown(number)}") from None


# --- builders -------------------------------------------------------------------------------------


def attends(name: str, at: str | None = None) -> Name:
    """The condition that somebody attends, at the gathering it is read at or the one named."""
    return Name(_name(name), _place(at))


def fact(name: str) -> Name:
    """The condition that a fact holds."""
    return Name(_name(name))


def held(gathering: str) -> Held:
    """The condition that a gathering is held."""
    return Held(_name(gathering))


def represented(group: str, at: str | None = None) -> Represented:
    """The condition that at least one member of a group attends."""
    return Represented(_name(group), _place(at))


def everyone(at: str | None = None) -> Crowd:
    """All who have an attendance at the gathering, for use in counts."""
    return Crowd("everyone", _place(at))


def others(at: str | None = None) -> Crowd:
    """All of everyone but the one whom the statement is about, for use in counts."""
    return Crowd("others", _place(at))


def at_least(quota: int | str | Decimal, *of: Member | str, weight: str | None = None, at: str | None = None) -> Tally:
    """At least that many (or that weight) of the members; text like "55%" is a share of the whole."""
    return _tally("at least", quota, of, weight, at)


def at_most(quota: int | str | Decimal, *of: Member | str, weight: str | None = None, at: str | None = None) -> Tally:
    """At most that many (or that weight) of the members."""
    return _tally("at most", quota, of, weight, at)


def exactly(quota: int | str | Decimal, *of: Member | str, weight: str | None = None, at: str | None = None) -> Tally:
    """Exactly that many (or that weight) of the members."""
    return _tally("exactly", quota, of, weight, at)


def majority(*of: Member | str, at: str | None = None) -> Quantifier:
    """More than half of the members, there or not."""
    return Quantifier("a majority", _selection(of, at))


def all_of(*of: Member | str, at: str | None = None) -> Quantifier:
    """All of the members; true of nobody."""
    return Quantifier("all", _selection(of, at))


def any_of(*of: Member | str, at: str | None = None) -> Quantifier:
    """At least one of the members."""
    return Quantifier("any", _selection(of, at))


def none_of(*of: Member | str, at: str | None = None) -> Quantifier:
    """None of the members."""
    return Quantifier("none", _selection(of, at))


def _tally(
    relation: Relation,
    quota: int | str | Decimal,
    of: tuple[Member | str, ...],
    weight: str | None,
    at: str | None,
) -> Tally:
    percent = isinstance(quota, str) and quota.rstrip().endswith("%")
    number = _exact(quota.rstrip()[:-1] if percent and isinstance(quota, str) else quota)
    return Tally(relation, number, _selection(of, at), None if weight is None else _name(weight), percent)


def _selection(of: tuple[Member | str, ...], at: str | None) -> Selection:
    return Selection(tuple(map(_member, of)), _place(at))


def _member(member: Member | str) -> Member:
    match member:
        case "everyone" | "others":
            return Crowd(member)
        case Condition() | Crowd():
            return member
        case str():
            return Name(_name(member))
        case _:
            raise InputError(f"expected a name, a condition, everyone() or others(), not {shown(member)}")


def _place(at: str | None) -> str | None:
    return None if at is None else _name(at)


def _name(name: str) -> str:
    if not isinstance(name, str):
        raise InputError(f"expected a name, not {shown(name)}")
    if problem := name_problem(name):
        raise InputError(f"{problem}: {shown(name)}")
    return name


# --- walks ----------------------------------------------------------------------------------------


def leaves(condition: Condition) -> Iterator[Name | Represented | Held | Crowd]:
    """Every name and crowd in the condition, each read at its gathering as far as the text says it."""
    for _, leaf in placed_leaves(condition, None):
        yield leaf


def placed_leaves(condition: Member, at: str | None) -> Iterator[tuple[str | None, Name | Represented | Held | Crowd]]:
    """Every leaf with the gathering it is read at, where `at` is that of the surroundings."""
    match condition:
        case Name() | Represented() | Crowd():
            yield condition.at or at, condition
        case Held():
            yield None, condition
        case Constant():
            return
        case Not(of):
            yield from placed_leaves(of, at)
        case And(of) | Or(of):
            for child in of:
                yield from placed_leaves(child, at)
        case Tally(of=selection) | Quantifier(of=selection):
            for item in selection.items:
                yield from placed_leaves(item, selection.at or at)
        case _:
            assert_never(condition)  # type: ignore[arg-type]
