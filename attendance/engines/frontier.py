"""The probability that an attendance is certain, or cannot be: worlds that leave the same to chance weigh together.

Atoms are looked at a few at a time. What was met so far is summed up in the values that the atoms still
to be met can take together: a set of assignments, one plane, and the worlds that lead to the same plane
weigh together. Where people hang on themselves and the least outcome is asked for, these planes are the
closure systems of the frontier. From the end back, each plane is told how likely which of its
assignments survive, so that one pass finds everybody's weight.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from attendance.engines.deadline import Deadline
from attendance.engines.elimination import End, Program, ordered
from attendance.engines.planes import pattern
from attendance.engines.stepping import Step, TooWide, steps
from attendance.engines.sweeping import Part
from attendance.engines.weights import Odds
from attendance.model.sayings import Inclination

STATES = 3_000_000
"""The frontier is given up where so many changes of a plane, or of so much of a wide one, are looked at."""

Layer = dict[int, int]
"""The weight of the worlds that lead to each plane."""
Case = tuple[int, int, int]
"""What a combination of random atoms weighs, and the lanes that it keeps, and moves."""
Share = tuple[int, int, int]
"""The weight of worlds with an outcome, of those where the target is certain, and of those where it cannot be."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Probabilities: that there is an outcome, and of each target that there is one and it is certain, or cannot be."""

    sound: Fraction
    certain: Mapping[int, Fraction]
    never: Mapping[int, Fraction]
    method: str = "frontier"


def weigh(
    parts: Sequence[Part], odds: Mapping[int, Odds], targets: Sequence[int], deadline: Deadline, states: int = STATES
) -> Weight:
    """The probabilities of some connected parts and their atoms, all that is random falling by its odds.

    Raises TooWide where the frontier is, or it would take more than so many `states`; ResolutionTimeout.
    """
    programs = _programs(parts, frozenset(odds), deadline, states)
    return _together(programs, [_weigh(program, odds, targets, _Effort(deadline, states)) for program in programs])


def turned(
    parts: Sequence[Part], odds: Mapping[int, Odds], targets: Sequence[int], deadline: Deadline, states: int = STATES
) -> dict[int, tuple[Weight, Weight]]:
    """What `weigh` gives of one target, or none, where a random atom is true, and where it is false: for each of them.

    Those that change nothing are left out. Raises as `weigh` does.
    """
    programs = _programs(parts, frozenset(odds), deadline, states)
    runs = [_Run.of(program, targets, odds, _Effort(deadline, states)) for program in programs]
    whole, found = [run.weight() for run in runs], [run.turns() for run in runs]
    result = {}
    for atom in sorted({atom for turns in found for atom in turns}):
        pairs = [turns.get(atom, (weight, weight)) for turns, weight in zip(found, whole, strict=True)]
        true, false = (_together(programs, list(weights)) for weights in zip(*pairs, strict=True))
        result[atom] = true, false
    return result


def _programs(parts: Sequence[Part], random: frozenset[int], deadline: Deadline, states: int) -> list[Program]:
    """What is to be gone through: all outcomes, or the least and the greatest one by themselves. Raises TooWide."""
    if states <= 0:
        raise TooWide
    founded = any(part.network.founded for part in parts)
    program = Program(parts, random, End.OUTCOME, deadline)
    if program.causes_first is not None:
        return [program]
    if program.rises():
        least = Program(parts, random, End.LEAST, deadline)
        if founded and not any(map(_is_open, parts)):
            return [least]
        return [least, Program(parts, random, End.JOINED if founded else End.GREATEST, deadline)]
    if founded:
        raise TooWide
    return [program]


def _together(programs: Sequence[Program], weights: Sequence[Weight]) -> Weight:
    """The probabilities from what was found of each program: whoever is not in the last outcome is in none."""
    first, last = weights[0], weights[-1]
    if programs[-1].end is End.OUTCOME:
        return first
    return Weight(first.sound, first.certain, {x: 1 - certain for x, certain in last.certain.items()})


def _is_open(part: Part) -> bool:
    """Whether anything of a part is left open, neither random nor bound."""
    network = part.network
    free = network.facts > sum(i >= network.attendances for i in part.inputs)
    return free or any(s.inclination is Inclination.OPEN for s in network.stances)


class _Effort:
    """What may still be spent: so many changes of a plane."""

    def __init__(self, deadline: Deadline, states: int) -> None:
        self.left, self.states, self.deadline = states, states, deadline

    def again(self) -> "_Effort":
        """As much once more."""
        return _Effort(self.deadline, self.states)

    def spend(self, step: Step, states: int) -> None:
        """Look at so many planes. Raises TooWide, ResolutionTimeout."""
        self.deadline.check()
        self.left -= states * len(step.masks) * (1 + (1 << step.width >> 12))
        if self.left < 0:
            raise TooWide


def _weigh(program: Program, odds: Mapping[int, Odds], targets: Sequence[int], effort: _Effort) -> Weight:
    if program.causes_first is not None:
        return _forward(list(steps(program, program.causes_first)), odds, targets, effort)
    if len(targets) > 1:
        try:
            return _Run.of(program, (), odds, effort).everybody(targets)
        except TooWide:
            return _one_by_one(program, odds, targets, effort.again())
    return _Run.of(program, targets, odds, effort).weight()


def _one_by_one(program: Program, odds: Mapping[int, Odds], targets: Sequence[int], effort: _Effort) -> Weight:
    """The probabilities where what survives cannot be told of all targets in one pass."""
    found = [_Run.of(program, [x], odds, effort).weight() for x in targets]
    certain, never = dict[int, Fraction](), dict[int, Fraction]()
    for of in found:
        certain.update(of.certain)
        never.update(of.never)
    return Weight(found[0].sound, certain, never)


def _whole(plan: Iterable[Step], odds: Mapping[int, Odds]) -> int:
    """The weight of all worlds of what falls."""
    return prod(sum(odds[a]) for step in plan for a in step.random)


def _shares(masses: Mapping[int, int], whole: int) -> dict[int, Fraction]:
    return {x: Fraction(mass, whole) for x, mass in masses.items()}


def _cases(step: Step, odds: Mapping[int, Odds]) -> list[Case]:
    """The combinations of what falls in a step: what does the same is one."""
    weights = [1]
    for atom in step.random:
        weights = [weight * of for of in odds[atom] for weight in weights]
    merged: dict[tuple[int, int], int] = {}
    for weight, masks in zip(weights, step.masks, strict=True):
        merged[masks] = merged.get(masks, 0) + weight  # also of what never falls so: it may be asked what if
    return [(weight, keep, moved) for (keep, moved), weight in merged.items() if keep]


def _entered(step: Step, plane: int) -> int:
    """The plane with the atoms that enter, either way."""
    for by, _ in step.spread:
        plane |= plane << by
    return plane


def _dropped(step: Step, plane: int) -> int:
    """The plane without the digits that are done with."""
    for by, lanes in step.drop:
        plane = (plane | plane >> by) & lanes
    return plane


def _met(step: Step, entered: int, keep: int, moved: int) -> int:
    """What a combination keeps of a plane, its counter moved."""
    plane = entered & keep
    if step.shift:
        more = plane & moved
        plane = plane ^ more | more << step.shift
    return plane


def _next(step: Step, cases: Sequence[Case], layer: Layer) -> Layer:
    """The planes after a step."""
    found: Layer = {}
    for plane, mass in layer.items():
        entered = _entered(step, plane)
        for weight, keep, moved in cases:
            after = _dropped(step, _met(step, entered, keep, moved))
            if after:
                found[after] = found.get(after, 0) + mass * weight
    return found


def _forward(plan: Sequence[Step], odds: Mapping[int, Odds], targets: Iterable[int], effort: _Effort) -> Weight:
    """All weights where each demand can be met whatever was met before: so they are known at once."""
    whole, so_far = _whole(plan, odds), 1
    wanted, certain, never = set(targets), dict[int, int](), dict[int, int]()
    layer: Layer = {1: 1}
    for step in plan:
        cases = _cases(step, odds)
        effort.spend(step, len(layer))
        so_far *= prod(sum(odds[a]) for a in step.random)
        new = [x for x in step.new if x in wanted]
        last = [x for x in new if x in step.gone]
        if last:
            before = _next(replace(step, drop=()), cases, layer)
            _count(before, step, last, whole // so_far, certain, never)
        layer = _next(step, cases, layer)
        _count(layer, step, [x for x in new if x not in step.gone], whole // so_far, certain, never)
    return Weight(Fraction(1), _shares(certain, whole), _shares(never, whole))


def _count(
    layer: Layer, step: Step, atoms: Iterable[int], by: int, certain: dict[int, int], never: dict[int, int]
) -> None:
    """Note where atoms are true in all assignments of a plane, and where in none."""
    for x in atoms:
        there = pattern(step.place[x], step.width)
        of = [(plane & there, plane, mass) for plane, mass in layer.items()]
        certain[x] = by * sum(mass for true, plane, mass in of if true == plane)
        never[x] = by * sum(mass for true, _, mass in of if not true)


def _picked(end: End, plane: int) -> int:
    """The assignments of a plane that count at that end."""
    match end:
        case End.OUTCOME:
            return plane
        case End.GREATEST:
            return 1 << (plane.bit_length() - 1)
    return plane & -plane


@dataclass(frozen=True)
class _Run:
    """A program gone through from the beginning to the end: the planes before each step, and after the last.

    The things `kept` are on the frontier to the end.
    """

    end: End
    plan: Sequence[Step]
    layers: Sequence[Layer]
    kept: tuple[int, ...]
    odds: Mapping[int, Odds]
    effort: _Effort

    @classmethod
    def of(cls, program: Program, kept: Sequence[int], odds: Mapping[int, Odds], effort: _Effort) -> "_Run":
        """Raises TooWide, ResolutionTimeout."""
        order = program.causes_first or ordered(program, causes_first=False, kept=frozenset(kept))
        assert order is not None, "wide sums wait for each other in no circle"
        plan = list(steps(program, order, frozenset(kept)))
        layers: list[Layer] = [{1: 1}]
        for step in plan:
            effort.spend(step, len(layers[-1]))
            layers.append(_next(step, _cases(step, odds), layers[-1]))
        return cls(program.end, plan, layers, tuple(kept), odds, effort)

    def weight(self) -> Weight:
        """The probabilities, that of what is kept among them."""
        return self.told(
            ((mass, self.said(plane)) for plane, mass in self.layers[-1].items()), _whole(self.plan, self.odds)
        )

    def told(self, masses: Iterable[tuple[int, Share]], whole: int) -> Weight:
        """The probabilities from masses, and what share of each is sound, certain and never."""
        sound = certain = never = 0
        for mass, share in masses:
            sound += mass * share[0]
            certain += mass * share[1]
            never += mass * share[2]
        surely, not_at_all = (dict.fromkeys(self.kept, Fraction(of, whole)) for of in (certain, never))
        return Weight(Fraction(sound, whole), surely, not_at_all)

    def said(self, plane: int) -> Share:
        """What a plane at the end says of the thing kept: whether it is certain, and cannot be."""
        if not self.kept:
            return 1, 0, 0
        there = pattern(self.plan[-1].place[self.kept[0]], self.plan[-1].width)
        picked = _picked(self.end, plane)
        return 1, int(picked & there == picked), int(not picked & there)

    def everybody(self, targets: Sequence[int]) -> Weight:
        """The probabilities of all targets: from the end back, each is weighed where it is last seen."""
        whole, wanted = _whole(self.plan, self.odds), frozenset(targets)
        certain, never = dict.fromkeys(targets, 0), dict.fromkeys(targets, 0)
        after: dict[int, Layer] = {1: {1: 1}}
        for step, layer in zip(reversed(self.plan), reversed(self.layers[:-1]), strict=True):
            self.effort.spend(step, sum(map(len, after.values())))
            cases = _cases(step, self.odds)
            seen: Layer | None = {} if not wanted.isdisjoint(step.gone) else None
            after = {p: _survivors(self.end, step, cases, p, after, mass, seen) for p, mass in layer.items()}
            if seen:
                _count(seen, step, sorted(wanted.intersection(step.gone)), 1, certain, never)
        return Weight(Fraction(sum(self.layers[-1].values()), whole), _shares(certain, whole), _shares(never, whole))

    def turns(self) -> dict[int, tuple[Weight, Weight]]:
        """For each random atom the probabilities where it is true, and where it is false: also from the end back."""
        found = {}
        whole = _whole(self.plan, self.odds)
        after = {plane: self.said(plane) for plane in self.layers[-1]}
        for step, layer in zip(reversed(self.plan), reversed(self.layers[:-1]), strict=True):
            for atom in step.random:
                true, false = (
                    self.told(((mass, _ahead(step, cases, plane, after)) for plane, mass in layer.items()), rest)
                    for rest in [whole // sum(self.odds[atom])]
                    for cases in (_cases(step, {**self.odds, atom: sure}) for sure in ((0, 1), (1, 0)))
                )
                found[atom] = true, false
            cases = _cases(step, self.odds)
            after = {plane: _ahead(step, cases, plane, after) for plane in layer}
        return found


def _ahead(step: Step, cases: Sequence[Case], plane: int, after: Mapping[int, Share]) -> Share:
    """What share of the weight still to come is sound, certain and never, from a plane before a step."""
    sound = certain = never = 0
    entered = _entered(step, plane)
    for weight, keep, moved in cases:
        share = after.get(_dropped(step, _met(step, entered, keep, moved)))
        if share is not None:
            sound += weight * share[0]
            certain += weight * share[1]
            never += weight * share[2]
    return sound, certain, never


def _survivors(
    end: End,
    step: Step,
    cases: Sequence[Case],
    plane: int,
    after: Mapping[int, Layer],
    mass: int,
    seen: Layer | None,
) -> Layer:
    """How much weighs each part of a plane that may survive what is still to come."""
    found: Layer = {}
    entered, shift = _entered(step, plane), step.shift
    for weight, keep, moved in cases:
        reached, heavy = _met(step, entered, keep, moved), mass * weight
        for left, share in after.get(_dropped(step, reached), _NOTHING).items():
            for by, _ in step.drop:
                left |= left << by
            left = _picked(end, left & reached)
            if seen is not None:
                seen[left] = seen.get(left, 0) + heavy * share
            if shift:  # whether a lane was moved does not hang on what was counted
                left = left ^ left & moved | left >> shift & moved
            for by, lanes in step.spread:
                left = (left | left >> by) & lanes
            found[left] = found.get(left, 0) + weight * share
    return found


_NOTHING: Layer = {}
