"""What a rule matched, as its user sees it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from attendance.errors import did_you_mean, shown
from attendance.matching.patterns import Value


class Seen(Mapping[str, Value]):
    """A fact in a match: `fact["who"]` or, where the name is free, `fact.who`."""

    __slots__ = ("_properties",)
    _properties: dict[str, Value]

    def __init__(self, properties: dict[str, Value]) -> None:
        object.__setattr__(self, "_properties", properties)

    def __getitem__(self, name: str) -> Value:
        try:
            return self._properties[name]
        except KeyError:
            raise KeyError(_unknown("the fact", "property", name, self)) from None

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_"):  # as copies and pickles ask before there is anything
            raise AttributeError(name)
        try:
            return self._properties[name]
        except KeyError:
            raise AttributeError(_unknown("the fact", "property", name, self)) from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a fact in a match cannot be changed")

    def __contains__(self, name: object) -> bool:
        return name in self._properties

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def __len__(self) -> int:
        return len(self._properties)

    def __hash__(self) -> int:
        return hash(frozenset(self._properties.items()))

    def __repr__(self) -> str:
        return f"Seen({self._properties!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return Seen, (self._properties,)


@dataclass(frozen=True, slots=True)
class Match:
    """A rule and the facts that fill it: `match.first.who` or `match.facts["first"]["who"]`.

    `numbers` has for each alias the running number of the fact, None where it was known beforehand.
    """

    rule: str
    facts: Mapping[str, Seen]
    numbers: Mapping[str, int | None]

    def __getattr__(self, alias: str) -> Seen:
        if alias.startswith("_") or alias in ("rule", "facts", "numbers"):
            raise AttributeError(alias)
        try:
            return self.facts[alias]
        except KeyError:
            raise AttributeError(_unknown(f"the match of {self.rule!r}", "fact", alias, self.facts)) from None

    def __hash__(self) -> int:
        return hash((self.rule, tuple(self.facts.items()), tuple(self.numbers.items())))


def _unknown(where: str, what: str, name: object, known: Mapping[str, object]) -> str:
    hint = did_you_mean(name, known) if isinstance(name, str) else None
    return f"{where} has no {what} {shown(name)}: {hint or 'it has ' + ', '.join(known)}"
