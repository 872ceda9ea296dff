"""What can come of a case: one outcome, and the verdict over all of them."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from attendance.errors import FEW, LanguageError, UnknownName, did_you_mean, shown
from attendance.model.language import parse_place
from attendance.model.participants import Attendance
from attendance.model.words import quote

K = TypeVar("K")
V = TypeVar("V")


class Verdict(StrEnum):
    """Whether somebody attends in every outcome, in none, or in some."""

    ATTENDS = "attends"
    ABSENT = "absent"
    UNDETERMINED = "undetermined"


def verdict(can: bool, cannot: bool) -> Verdict:
    """The verdict on what can be true and can be false."""
    if can and cannot:
        return Verdict.UNDETERMINED
    return Verdict.ATTENDS if can else Verdict.ABSENT


class Frozen(Mapping[K, V], Generic[K, V]):
    """A mapping that never changes, keeps its order, and can be hashed and pickled."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


Key = str | tuple[str, str] | Attendance


def find_attendance(known: Iterable[Attendance], key: Key, main: str, others: Iterable[str] = ()) -> Attendance:
    """Whom a key means: a name alone at the main gathering, or at the only one where they are counted.

    Raises UnknownName, with the name that may have been meant, one of `others` perhaps.
    """
    known = list(known)
    if not isinstance(key, str):
        if not (isinstance(key, tuple) and len(key) == 2 and all(isinstance(part, str) for part in key)):
            raise UnknownName(f"expected a name, or a name and a gathering, not {shown(key)}", shown(key))
        wanted = Attendance(*key)
        if wanted in known:
            return wanted
        if elsewhere := [a.gathering for a in known if a.participant == key[0]]:
            raise UnknownName(f"{wanted} is not counted", key[0], f"{key[0]} is counted at {', '.join(elsewhere)}")
        raise _unknown(f"{wanted} is not counted", key[0], known)
    found = [a for a in known if a.participant == key]
    at_main = [a for a in found if a.gathering == main]
    if at_main:
        return at_main[0]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(a.gathering for a in found)
        raise UnknownName(f"{key!r} is counted at several gatherings", key, f"name one of {places} too")
    by_text = [a for a in known if str(a) == key]
    if by_text:
        return by_text[0]
    others = list(others)
    if (spelled := _spelled(key)) != key:
        return find_attendance(known, spelled, main, others)
    kind = "name" if others else "participant"
    raise _unknown(f"unknown {kind} {key!r}", key, known, others)


def find_fact(known: Container[str], key: Key) -> str | None:
    """Which of those facts a key means, bare or in quotes; None if none of them."""
    if not isinstance(key, str) or key in known:
        return key if isinstance(key, str) else None
    spelled = _spelled(key)
    return spelled if isinstance(spelled, str) and spelled in known else None


def _spelled(key: str) -> str | tuple[str, str]:
    """What a key names as the language has it, quoted or at a gathering; the key itself, where it is no such text."""
    try:
        place = parse_place(key)
    except LanguageError:
        return key
    return place.name if place.at is None else (place.name, place.at)


def _unknown(message: str, name: str, known: Iterable[Attendance], others: Iterable[str] = ()) -> UnknownName:
    names = list(dict.fromkeys([*(a.participant for a in known), *others]))
    hint = did_you_mean(name, names)
    if hint is None and 0 < len(names) <= FEW:
        hint = f"known are: {', '.join(map(quote, names))}"
    return UnknownName(message, name, hint)


@dataclass(frozen=True)
class Outcome:
    """A state that all could live with: who attends what, and which facts hold."""

    attendances: Frozen[Attendance, bool]
    facts: Frozen[str, bool]
    main: str

    @cached_property
    def attending(self) -> frozenset[str]:
        """Who attends the main gathering."""
        return self.attending_at(self.main)

    def attending_at(self, gathering: str) -> frozenset[str]:
        """Who attends that gathering."""
        return frozenset(a.participant for a, there in self.attendances.items() if there and a.gathering == gathering)

    def __getitem__(self, key: Key) -> bool:
        fact = find_fact(self.facts, key)
        if fact is not None:
            return self.facts[fact]
        return self.attendances[find_attendance(self.attendances, key, self.main)]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: who attends each gathering, and the facts."""
        found: dict[str, list[str]] = {}
        for attendance, there in self.attendances.items():
            found.setdefault(attendance.gathering, [])
            if there:
                found[attendance.gathering].append(attendance.participant)
        return {"attending": found, "facts": dict(self.facts)}

    def __str__(self) -> str:
        return "; ".join(_lines(self.to_dict()))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    several = len(found["attending"]) > 1
    for gathering, people in found["attending"].items():
        yield (f"{gathering}: " if several else "") + (", ".join(people) or "nobody")
    for fact, value in found["facts"].items():
        yield fact if value else f"not {fact}"
