"""What of a case is left to chance, and the worlds that this makes, in independent clusters of connected parts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, assert_never

from attendance.compiler import Compiled
from attendance.compiler.chances import Chances
from attendance.engines.deadline import Deadline
from attendance.engines.frontier import STATES, Weight, turned, weigh
from attendance.engines.rows import combinations
from attendance.engines.stepping import TooWide
from attendance.engines.sweeping import Part, Varied, sweep
from attendance.engines.watching import watched
from attendance.engines.weights import Odds, Scale, odds
from attendance.errors import QuestionError
from attendance.model.outcome import Key
from attendance.model.participants import Attendance
from attendance.model.roster import assumed_place
from attendance.model.sayings import Inclination
from attendance.model.values import parse_probability, shown
from attendance.network import Network
from attendance.questions.asking import Asked
from attendance.questions.harmony import never_torn

FEW, PLANES = 8, 20
"""Worlds of so few random things are all looked at, in planes; of so many, if that is less than a frontier takes."""

Probabilities = Mapping[Any, object]
"""A probability by the name of a fact or participant, or the id of a statement."""
Place = Attendance | tuple[str, str]
"""What has one: somebody's choice, or "fact" or "statement" with its name."""


def chances(asked: Asked, probabilities: Probabilities | None) -> tuple[Chances, list[str]]:
    """What is left to chance: what the case says, and what the call adds; with what that changes nothing about.

    Raises UnknownName, QuestionError.
    """
    if not isinstance(probabilities, Mapping | None):
        raise QuestionError(f"`probabilities` is numbers by name, not {shown(probabilities)}")
    case, warnings = asked.compiled.case, list[str]()
    facts = {f.id: f.probability for f in case.facts if f.probability is not None}
    people = {p.id: p.probability for p in case.participants if p.probability is not None}
    statements = {str(s.id): s.probability for s in asked.compiled.statements if s.probability is not None}
    names = _Names(asked)
    choices = {a: p for name, p in people.items() for a in names.meant(name, warnings)}
    own = [f.id for f in case.facts if f.probability is not None and f.value is not None]
    given = dict(_given(names, probabilities or {}))
    for place, chance in given.items():
        match place:
            case Attendance():
                choices[place] = chance
            case "fact", name:
                facts[name] = chance
            case _, name:
                statements[name] = chance
            case _:
                assert_never(place)
    places = [*given, *(("fact", name) for name in own if ("fact", name) not in given)]
    warnings += (f"{known}: its probability changes nothing" for place in places if (known := names.known(place)))
    warnings += names.settled(choices, statements)
    network, index = asked.compiled.network, asked.compiled.index
    return Chances(
        {name: p for name, p in facts.items() if network.fixed[asked.facts[name]] is None},
        {a: p for a, p in choices.items() if network.fixed[index[a]] is None},
        {name: p for name, p in statements.items() if name in names.said},
    ), warnings


def _given(names: "_Names", probabilities: Probabilities) -> Iterator[tuple[Place, Fraction]]:
    """What the call says: each thing with its probability. Raises UnknownName, QuestionError."""
    found: dict[Place, Fraction] = {}
    for key, value in probabilities.items():
        names.asked.deadline.check()
        place, chance = names.place(key), _chance(key, value)
        if found.setdefault(place, chance) != chance:
            raise QuestionError(f"the probability of {key} is given twice, and differs")
        yield place, chance


def _chance(key: Key, value: object) -> Fraction:
    try:
        return parse_probability(value)
    except ValueError as error:
        raise QuestionError(f"the probability of {key}: {error}") from None


class _Names:
    """What the keys of `probabilities` can name."""

    def __init__(self, asked: Asked) -> None:
        compiled = asked.compiled
        self.asked, self.case, self.main = asked, compiled.case, compiled.case.roster.main
        self.said = {str(s.id) for s in compiled.statements}
        self.ids = {str(s.id) for s in (*compiled.case.statements, *compiled.scenario.add)} | self.said
        self.places: dict[str, list[Attendance]] = {}
        for attendance in compiled.attendances:
            self.places.setdefault(attendance.participant, []).append(attendance)

    def meant(self, name: str, warnings: list[str]) -> Iterator[Attendance]:
        """The attendance that a participant's own probability is about."""
        places = self.places.get(name, [])
        main = [a for a in places if a.gathering == self.main]
        if main or len(places) == 1:
            yield (main or places)[0]
        elif places:
            warnings.append(
                f"{name} is counted at several gatherings: say at which one they come with that probability"
            )

    def place(self, key: Key) -> Place:
        """What a key names: an attendance, a fact, or a statement. Raises UnknownName, QuestionError."""
        kinds = self.case.roster.kinds
        spoken = isinstance(key, str) and key in self.ids
        read = assumed_place(self.case.roster, key) if isinstance(key, str) else None
        name = key if read is None or read.at is not None else read.name
        kind = kinds.get(name) if isinstance(name, str) else None
        if spoken and kind is not None:
            raise QuestionError(f"{key} is a {kind} and a statement: give its probability in the case")
        if spoken:
            return "statement", str(key)
        if kind == "fact":
            return "fact", str(name)
        for attendance in self.places.get(name, []) if isinstance(name, str) else []:
            if attendance.gathering == self.main:
                return attendance
        return self.asked.attendance(key, [*self.asked.facts, *self.ids])

    def settled(self, choices: Iterable[Attendance], statements: Mapping[str, Fraction]) -> Iterator[str]:
        """Whose choice has a probability although their words never leave them one."""
        network, index = self.asked.compiled.network, self.asked.compiled.index
        for attendance in choices:
            stance = network.stances[index[attendance]]
            said = list(dict.fromkeys(part.statement for part in stance.parts))
            if stance.inclination is not Inclination.OPEN and statements.keys().isdisjoint(said):
                yield (
                    f"{attendance.participant} is never open ({', '.join(said)}): their own probability changes "
                    "nothing; let them say that they might come, or give what they said a probability"
                )

    def known(self, place: Place) -> str | None:
        """Why what is named is not left to chance, if so."""
        fixed = self.asked.compiled.network.fixed
        match place:
            case Attendance():
                return f"{place} is assumed" if fixed[self.asked.compiled.index[place]] is not None else None
            case "fact", name:
                return f"{name} is known" if fixed[self.asked.facts[name]] is not None else None
            case _, name:
                return None if name in self.said else f"{name} is not in force"
            case _:
                assert_never(place)


@dataclass(frozen=True, eq=False)
class Cluster:
    """Connected parts whose worlds cannot be told apart: where one may be without outcome, others hang on the same."""

    parts: tuple[Part, ...]
    random: tuple[int, ...]

    def weigh(self, chances: Mapping[int, Odds], targets: Iterable[int], deadline: Deadline) -> Weight:
        """The probabilities. Raises TooWide where they cannot be found exactly, ResolutionTimeout, EngineError."""
        own = self.own(targets)
        try:
            return weigh(self.parts, self.odds(chances), own, deadline, self.states)
        except TooWide:
            return self.swept(own, deadline).weigh(chances)

    def turned(
        self, chances: Mapping[int, Odds], targets: Iterable[int], deadline: Deadline
    ) -> dict[int, tuple[Weight, Weight]]:
        """For each chance the probabilities where it holds, and where it does not. Raises as `weigh` does."""
        own = self.own(targets)
        try:
            return turned(self.parts, self.odds(chances), own, deadline, self.states)
        except TooWide:
            swept = self.swept(own, deadline)
        return {a: (swept.weigh({**chances, a: (0, 1)}), swept.weigh({**chances, a: (1, 0)})) for a in self.random}

    @property
    def states(self) -> int:
        """How much is worth to be spent on a frontier: no more than there are worlds, if these can be listed."""
        if len(self.random) <= FEW or self.parts[0].engine != "auto":
            return -1
        return STATES if len(self.random) > PLANES else 1 << len(self.random)

    def odds(self, chances: Mapping[int, Odds]) -> dict[int, Odds]:
        """The odds of what falls here."""
        return {a: chances[a] for a in self.random}

    def own(self, targets: Iterable[int]) -> list[int]:
        """Those of the targets that are here."""
        inside = {part.atoms[a] for part in self.parts for a in part.inner}
        return [x for x in targets if x in inside]

    def swept(self, own: Sequence[int], deadline: Deadline) -> "Planes":
        """All worlds looked at. Raises TooWide, ResolutionTimeout, EngineError."""
        if len(self.random) > PLANES:
            raise TooWide
        lanes = 1 << len(self.random)
        found = sweep(self.parts, combinations(self.random).planes(0, lanes), lanes, deadline)
        full = (1 << lanes) - 1
        sound = full ^ found.torn
        return Planes(
            self.random,
            sound,
            {x: sound & found.there[x] for x in own},
            {x: sound & (full ^ (found.there[x] | found.open.get(x, 0))) for x in own},
        )


@dataclass(frozen=True)
class Planes:
    """Of all worlds of some chances, those that have an outcome, and where targets are certain there, or cannot be."""

    random: tuple[int, ...]
    sound: int
    certain: Mapping[int, int]
    never: Mapping[int, int]

    def weigh(self, chances: Mapping[int, Odds]) -> Weight:
        """The probabilities, by those of the chances."""
        scale = Scale([chances[a] for a in self.random])

        def share(plane: int) -> Fraction:
            return Fraction(scale.weigh(plane), scale.whole)

        return Weight(
            share(self.sound),
            {x: share(plane) for x, plane in self.certain.items()},
            {x: share(plane) for x, plane in self.never.items()},
            "planes",
        )


@dataclass(frozen=True, eq=False)
class Worlds:
    """A network in which some atoms fall by chance."""

    network: Network
    chances: Mapping[int, Fraction]
    engine: str = "auto"

    @cached_property
    def odds(self) -> dict[int, Odds]:
        """The odds of what falls."""
        return {a: odds(p) for a, p in self.chances.items()}

    @cached_property
    def varied(self) -> Varied:
        """The network with what falls varied."""
        return Varied(self.network, tuple(self.chances), self.engine, mend=False)

    @cached_property
    def clusters(self) -> tuple[Cluster, ...]:
        """The parts to be looked at together: those that hang on the same chances, if one may be without outcome."""
        parts = self.varied.parts
        leader = list(range(len(parts)))

        def root(number: int) -> int:
            while leader[number] != number:
                number = leader[number]
            return number

        @cache
        def safe(number: int) -> bool:
            return never_torn(parts[number].network)

        readers: dict[int, list[int]] = {}
        for number, part in enumerate(parts):
            for atom in part.varied:
                readers.setdefault(atom, []).append(number)
        for numbers in readers.values():
            if len(numbers) > 1 and not all(map(safe, numbers)):
                for number in numbers[1:]:
                    leader[root(number)] = root(numbers[0])
        groups: dict[int, list[Part]] = {}
        for number, part in enumerate(parts):
            groups.setdefault(root(number), []).append(part)
        return tuple(
            Cluster(tuple(group), tuple(sorted({a for part in group for a in part.varied})))
            for group in groups.values()
        )

    def watching(self, literal: int) -> tuple["Worlds", int]:
        """The same with a literal watched, and the attendance that it is."""
        people = self.network.attendances
        moved = {a if a < people else a + 1: p for a, p in self.chances.items()}
        return Worlds(watched(self.network, literal), moved, self.engine), people


def worlds(compiled: Compiled, chances: Chances, engine: str, *, given: bool = True, every: bool = False) -> Worlds:
    """The worlds of a case that is compiled with those chances; without what is given, if asked.

    What is certain to fall one way is no chance, unless `every` one is wanted.
    """
    network = compiled.network if given else compiled.network.varied(given=())
    found = {
        len(compiled.attendances) + i: chances.facts[f] for i, f in enumerate(compiled.facts) if f in chances.facts
    }
    found.update((coin, chances.choices[compiled.attendances[x]]) for x, coin in compiled.coins.items())
    found.update((atom, chances.statements[id_]) for id_, atom in compiled.kept.items())
    certain = {a: p == 1 for a, p in found.items() if p in (0, 1) and not every}
    return Worlds(network.assuming(certain), {a: p for a, p in found.items() if a not in certain}, engine)
