"""What of a case is left to chance, and the worlds that this makes, in independent clusters of connected parts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from attendance.compiler import Compiled
from attendance.compiler.chances import Chances
from attendance.engines.deadline import Deadline
from attendance.engines.elimination import TooWide
from attendance.engines.frontier import Weight, weigh
from attendance.engines.rows import combinations
from attendance.engines.sweeping import Part, Varied, sweep
from attendance.engines.watching import watched
from attendance.engines.weights import Odds, Scale, odds
from attendance.errors import QuestionError
from attendance.model.case import Case
from attendance.model.outcome import Key
from attendance.model.participants import Attendance
from attendance.model.values import parse_probability, shown
from attendance.network import Network
from attendance.questions.asking import Asked
from attendance.questions.harmony import never_torn

PLANES = 20
"""Worlds of so many random things are all looked at, in planes."""

Probabilities = Mapping[Key, object]
"""A probability by the name of a fact or participant, or the id of a statement."""


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
    choices = {a: p for name, p in people.items() for a in _meant(asked, name, warnings)}
    for key, value in (probabilities or {}).items():
        chance, place = _chance(key, value), _place(asked, case, key)
        match place:
            case Attendance():
                choices[place] = chance
            case "fact", name:
                facts[name] = chance
            case "statement", name:
                statements[name] = chance
        if (known := _known(asked, place)) is not None:
            warnings.append(f"{known}: its probability changes nothing")
    network, index = asked.compiled.network, asked.compiled.index
    return Chances(
        {name: p for name, p in facts.items() if network.fixed[asked.facts[name]] is None},
        {a: p for a, p in choices.items() if network.fixed[index[a]] is None},
        {name: p for name, p in statements.items() if any(s.id == name for s in asked.compiled.statements)},
    ), warnings


def _chance(key: Key, value: object) -> Fraction:
    try:
        return parse_probability(value)
    except ValueError as error:
        raise QuestionError(f"the probability of {key}: {error}") from None


def _meant(asked: Asked, name: str, warnings: list[str]) -> Iterator[Attendance]:
    """The attendance that a participant's own probability is about."""
    places = [a for a in asked.compiled.attendances if a.participant == name]
    main = [a for a in places if a.gathering == asked.compiled.case.roster.main]
    if main or len(places) == 1:
        yield (main or places)[0]
    elif places:
        warnings.append(f"{name} is counted at several gatherings: say at which one they come with that probability")


def _place(asked: Asked, case: Case, key: Key) -> Attendance | tuple[str, str]:
    """What a key of `probabilities` names. Raises UnknownName, QuestionError."""
    ids = [str(s.id) for s in (*case.statements, *asked.compiled.scenario.add)]
    ids += [str(s.id) for s in asked.compiled.statements]
    spoken = isinstance(key, str) and key in ids
    kind = case.roster.kinds.get(key) if isinstance(key, str) else None
    if spoken and kind is not None:
        raise QuestionError(f"{key} is a {kind} and a statement: give its probability in the case")
    if spoken:
        return "statement", str(key)
    if kind == "fact":
        return "fact", str(key)
    return asked.attendance(key, [*asked.facts, *ids])


def _known(asked: Asked, place: Attendance | tuple[str, str]) -> str | None:
    """Why what is named is not left to chance, if so."""
    fixed = asked.compiled.network.fixed
    match place:
        case Attendance():
            return f"{place} is assumed" if fixed[asked.compiled.index[place]] is not None else None
        case "fact", name:
            return f"{name} is known" if fixed[asked.facts[name]] is not None else None
        case _, name:
            return None if any(s.id == name for s in asked.compiled.statements) else f"{name} is not in force"


@dataclass(frozen=True, eq=False)
class Cluster:
    """Connected parts whose worlds cannot be told apart: where one may be without outcome, others hang on the same."""

    parts: tuple[Part, ...]
    random: tuple[int, ...]

    @property
    def method(self) -> str:
        """How it is weighed, where that can be done exactly."""
        return "planes" if len(self.random) <= PLANES or self.parts[0].engine != "auto" else "frontier"

    def weigh(self, chances: Mapping[int, Odds], targets: Iterable[int], deadline: Deadline) -> Weight:
        """The probabilities. Raises TooWide where they cannot be found exactly, ResolutionTimeout, EngineError."""
        inside = {part.atoms[a] for part in self.parts for a in part.inner}
        own = [x for x in targets if x in inside]
        if self.method == "planes":
            return self.in_planes(chances, own, deadline)
        return weigh(self.parts, {a: chances[a] for a in self.random}, own, deadline)

    def in_planes(self, chances: Mapping[int, Odds], own: Sequence[int], deadline: Deadline) -> Weight:
        """All worlds looked at."""
        if len(self.random) > PLANES:
            raise TooWide
        scale = Scale([chances[a] for a in self.random])
        full = (1 << scale.lanes) - 1
        found = sweep(self.parts, combinations(self.random).planes(0, scale.lanes), scale.lanes, deadline)
        sound = full ^ found.torn

        def share(plane: int) -> Fraction:
            return Fraction(scale.weigh(plane), scale.whole)

        certain = {x: share(sound & found.there[x]) for x in own}
        away = {x: sound & (full ^ (found.there[x] | found.open.get(x, 0))) for x in own}
        return Weight(share(sound), certain, {x: share(plane) for x, plane in away.items()})


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

        readers: dict[int, list[int]] = {}
        for number, part in enumerate(parts):
            for atom in part.varied:
                readers.setdefault(atom, []).append(number)
        doubtful = {number for number, part in enumerate(parts) if not never_torn(part.network)}
        for numbers in readers.values():
            if not doubtful.isdisjoint(numbers):
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
