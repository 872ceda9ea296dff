"""What generated conditions, statements and cases can name, and of what kind they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypedDict

from attendance.errors import CaseError, QuestionError, did_you_mean, shown
from attendance.model.case import MAIN, Case
from attendance.model.participants import Attendance
from attendance.questions.asking import checked
from attendance.testing.picking import is_number, refuse_others

Sign = Literal["positive", "mixed"]
Contradictions = Literal["never", "allowed", "always"]
Names = int | Sequence[str]
"""A number: up to so many, with names of our own. Names: just those."""

MOST_TOLD = 12
"""So many names are told to who has mistyped one."""
PEOPLE = ("ann", "ben", "cleo", "dora", "emil", "fay", "gus", "hana", "ivo", "june", "kim", "lea")
POOLS = {
    "people": PEOPLE,
    "gatherings": (MAIN, "dinner", "party"),
    "groups": ("north", "south", "east"),
    "facts": ("rain", "deal", "snow"),
    "weights": ("seats", "votes", "debts"),
}
KINDS = {"people": "person", "gatherings": "gathering", "groups": "group", "facts": "fact", "weights": "weight"}


class Wanted(TypedDict, total=False):
    """What can be asked of generated cases, by keyword; a number is a greatest number, names are just those."""

    people: Names
    gatherings: Names
    groups: Names
    facts: Names
    weights: Names
    statements: int
    rules: int
    scenarios: int
    signs: Sign
    circles: bool
    contradictions: Contradictions
    dated: bool


USUAL: Wanted = {
    "people": 3,
    "gatherings": 1,
    "groups": 1,
    "facts": 1,
    "weights": 0,
    "statements": 6,
    "rules": 0,
    "scenarios": 0,
    "signs": "mixed",
    "circles": True,
    "contradictions": "allowed",
    "dated": False,
}
WORDS: dict[str, tuple[object, ...]] = {
    "signs": ("positive", "mixed"),
    "contradictions": ("never", "allowed", "always"),
    "circles": (True, False),
    "dated": (True, False),
}


class Section(NamedTuple):
    """The names of one kind; `fixed` where all of them have to be there."""

    names: tuple[str, ...]
    fixed: bool


@dataclass(frozen=True)
class World:
    """What can be named. `counted` are those who can be spoken of at each gathering."""

    people: tuple[str, ...]
    counted: tuple[tuple[str, tuple[str, ...]], ...]
    groups: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    signs: Sign = "mixed"
    circles: bool = True
    crowds: bool = True

    @classmethod
    def of(cls, case: Case, signs: Sign = "mixed") -> "World":
        """All that the conditions of a case can name. Raises QuestionError for what is no case."""
        roster = checked(case).roster
        return cls(
            people=tuple(roster.participants),
            counted=tuple((g, tuple(people)) for g, people in case.counted.items()),
            groups=tuple(g for g in roster.kinds if roster.kinds[g] == "group"),
            facts=tuple(roster.facts),
            weights=tuple(sorted(roster.weights)),
            signs=signs,
        )

    @classmethod
    def wanted(cls, wanted: Wanted) -> "World":
        """All names that are wanted, everybody counted everywhere."""
        people, gatherings, groups, facts, weights = (section(wanted, key).names for key in POOLS)
        everywhere = tuple((g, people) for g in gatherings)
        return cls(people, everywhere, groups, facts, weights, wanted["signs"], wanted["circles"])

    @property
    def main(self) -> str:
        """The first gathering."""
        return self.counted[0][0]

    @property
    def attendances(self) -> tuple[Attendance, ...]:
        """Everybody who can be spoken of, where."""
        return tuple(Attendance(p, g) for g, people in self.counted for p in people)

    def seen_by(self, who: str | None) -> "World":
        """What may be named when somebody is spoken of: without circles, only those before them."""
        if self.circles or who is None:
            return self
        before = self.people[: self.people.index(who)]
        counted = tuple((g, tuple(p for p in people if p in before)) for g, people in self.counted)
        return replace(self, people=before, counted=counted, groups=(), crowds=False)

    def named_at(self, here: str, who: str | None) -> list[tuple[str, str | None]]:
        """Everybody with the gathering that has to be said: those here first, whoever is spoken of last."""
        found = [(p, None if g == here else g) for g, people in self.counted for p in people]
        return sorted(found, key=lambda each: (each[0] == who, each[1] is not None))


def completed(wanted: Wanted) -> Wanted:
    """What is wanted, with the usual where nothing is. Raises QuestionError for what cannot be had."""
    for key, value in wanted.items():
        if key not in USUAL:
            raise QuestionError(f"unknown option {key!r}: there are {', '.join(USUAL)}")
        if key in WORDS and value not in WORDS[key]:
            raise QuestionError(f"{key!r} is {' or '.join(map(repr, WORDS[key]))}, not {shown(value)}")
        if key in ("statements", "rules", "scenarios"):
            refuse_others(key, value)
    whole: Wanted = {**USUAL, **wanted}
    sections = {key: section(whole, key) for key in POOLS}
    if any(each.fixed for each in sections.values()):
        _refuse_clashes({key: each.names for key, each in sections.items()})
    return whole


def _refuse_clashes(names: Mapping[str, Sequence[str]]) -> None:
    """Raises QuestionError where no case can have all these names."""
    weights = dict.fromkeys(names["weights"], "1")
    people = [{"id": name, "weights": weights} for name in names["people"]]
    others = {key: [{"id": name} for name in names[key]] for key in ("gatherings", "groups", "facts")}
    try:
        Case(participants=people, **others)
    except CaseError as error:
        told = "; ".join(problem.message for problem in error.problems)
        raise QuestionError(f"these names cannot be in one case: {told}") from None


def refuse_strangers(names: Sequence[str], known: Sequence[str]) -> None:
    """Raises QuestionError for the first name that nobody has."""
    for name in names:
        if name not in known:
            hint = did_you_mean(str(name), known) or f"there are {', '.join(known[:MOST_TOLD]) or 'no people'}"
            raise QuestionError(f"nobody is called {shown(name)}\n    {hint}")


def section(wanted: Wanted, key: str) -> Section:
    """The names that are wanted of one kind."""
    value: object = wanted[key]  # type: ignore[literal-required]
    least = 1 if key in ("people", "gatherings") else 0
    if is_number(value):
        pool, number = POOLS[key], int(value)
        names = (*pool[:number], *(f"{KINDS[key]}{i}" for i in range(len(pool) + 1, number + 1)))
        fixed = False
    elif isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(n, str) for n in value):
        names, fixed = tuple(value), True
    else:
        raise QuestionError(f"{key!r} is a number from {least} up, or names, not {shown(value)}")
    if len(names) < least:
        raise QuestionError(f"there has to be at least one of {key!r}")
    return Section(names, fixed)
