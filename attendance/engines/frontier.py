"""The weight of all worlds in which an attendance is certain, or cannot be: the frontier as a plane.

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
from attendance.engines.elimination import End, Program, Step, TooWide, ordered, steps
from attendance.engines.planes import pattern
from attendance.engines.sweeping import Part
from attendance.engines.weights import Odds
from attendance.model.sayings import Inclination

STATES = 3_000_000
"""The frontier is given up where so many changes of a plane, or of so much of a wide one, are looked at."""

Layer = dict[int, int]
"""The weight of the worlds that lead to each plane."""
Case = tuple[int, int, int]
"""What a combination of random atoms weighs, and the lanes that it keeps, and moves."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Probabilities: that there is an outcome, and of each target that there is one and it is certain, or cannot be."""

    sound: Fraction
    certain: Mapping[int, Fraction]
    never: Mapping[int, Fraction]


def weigh(parts: Sequence[Part], odds: Mapping[int, Odds], targets: Iterable[int], deadline: Deadline) -> Weight:
    """The probabilities of some connected parts and their atoms, all that is random falling by its odds.

    Raises TooWide where the frontier is, ResolutionTimeout.
    """
    founded = any(part.network.founded for part in parts)
    targets = tuple(targets)
    program = Program(parts, frozenset(odds), End.OUTCOME)
    if program.is_total():
        order = ordered(program, causes_first=True)
        if order is not None:
            return _forward(list(steps(program, order)), odds, targets, deadline)
    if program.rises():
        least = _around(Program(parts, frozenset(odds), End.LEAST), odds, targets, deadline)
        if founded and not any(_is_open(part) for part in parts):
            return Weight(least.sound, least.certain, _rest(least))
        top = Program(parts, frozenset(odds), End.JOINED if founded else End.GREATEST)
        most = _around(top, odds, targets, deadline)
        return Weight(least.sound, least.certain, _rest(most) if founded else most.never)
    if founded:
        raise TooWide
    return _around(program, odds, targets, deadline)


def _is_open(part: Part) -> bool:
    """Whether anything of a part is left open, neither random nor bound."""
    network = part.network
    free = network.facts > sum(i >= network.attendances for i in part.inputs)
    return free or any(s.inclination is Inclination.OPEN for s in network.stances)


def _rest(of: Weight) -> dict[int, Fraction]:
    """Where there is only the one outcome: an attendance that is not certain cannot be."""
    return {x: 1 - certain for x, certain in of.certain.items()}


def _shares(masses: Mapping[int, int], whole: int) -> dict[int, Fraction]:
    return {x: Fraction(mass, whole) for x, mass in masses.items()}


def _whole(plan: Iterable[Step], odds: Mapping[int, Odds]) -> int:
    """The weight of all worlds of what falls."""
    return prod(sum(odds[a]) for step in plan for a in step.random)


class _Effort:
    """What may still be spent."""

    def __init__(self, deadline: Deadline) -> None:
        self.left, self.deadline = STATES, deadline

    def spend(self, step: Step, states: int) -> None:
        """Look at so many planes. Raises TooWide, ResolutionTimeout."""
        self.deadline.check()
        self.left -= states * len(step.masks) * (1 + (1 << step.width >> 10))
        if self.left < 0:
            raise TooWide


def _cases(step: Step, odds: Mapping[int, Odds]) -> list[Case]:
    """The combinations of what falls in a step: what does the same is one."""
    weights = [1]
    for atom in step.random:
        weights = [weight * of for of in odds[atom] for weight in weights]
    merged: dict[tuple[int, int], int] = {}
    for weight, masks in zip(weights, step.masks, strict=True):
        if weight:
            merged[masks] = merged.get(masks, 0) + weight
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


def _next(step: Step, cases: Sequence[Case], layer: Layer) -> Layer:
    """The planes after a step."""
    found: Layer = {}
    shift = step.shift
    for plane, mass in layer.items():
        entered = _entered(step, plane)
        for weight, keep, moved in cases:
            after = entered & keep
            if shift:
                more = after & moved
                after = after ^ more | more << shift
            if after:
                after = _dropped(step, after)
                found[after] = found.get(after, 0) + mass * weight
    return found


def _forward(plan: Sequence[Step], odds: Mapping[int, Odds], targets: Iterable[int], deadline: Deadline) -> Weight:
    """All weights where each demand can be met whatever was met before: so they are known at once."""
    effort, whole, so_far = _Effort(deadline), _whole(plan, odds), 1
    wanted, certain, never = set(targets), dict[int, int](), dict[int, int]()
    layer: Layer = {1: 1}
    for step in plan:
        cases = _cases(step, odds)
        effort.spend(step, len(layer))
        so_far *= prod(sum(odds[a]) for a in step.random)
        new = [x for x in step.new if x in wanted]
        last = [x for x in new if x in step.gone]
        if last:
            before = _next(_kept(step), cases, layer)
            _weigh(before, step, last, whole // so_far, certain, never)
        layer = _next(step, cases, layer)
        _weigh(layer, step, [x for x in new if x not in step.gone], whole // so_far, certain, never)
    return Weight(Fraction(1), _shares(certain, whole), _shares(never, whole))


def _kept(step: Step) -> Step:
    """The step with nothing done with."""
    return replace(step, drop=())


def _weigh(
    layer: Layer, step: Step, atoms: Iterable[int], by: int, certain: dict[int, int], never: dict[int, int]
) -> None:
    """Note where atoms are true in all assignments of a plane, and where in none."""
    for x in atoms:
        there = pattern(step.place[x], step.width)
        of = [(plane & there, plane, mass) for plane, mass in layer.items()]
        certain[x] = certain.get(x, 0) + by * sum(mass for true, plane, mass in of if true == plane)
        never[x] = never.get(x, 0) + by * sum(mass for true, _, mass in of if not true)


def _around(program: Program, odds: Mapping[int, Odds], targets: Sequence[int], deadline: Deadline) -> Weight:
    """All weights, whatever a demand makes of those before it."""
    kept = frozenset(targets) if len(targets) == 1 else frozenset[int]()
    order = ordered(program, causes_first=False, kept=kept)
    if order is None:
        raise TooWide
    plan, effort = list(steps(program, order, kept)), _Effort(deadline)
    layers: list[Layer] = [{1: 1}]
    for step in plan:
        effort.spend(step, len(layers[-1]))
        layers.append(_next(step, _cases(step, odds), layers[-1]))
    whole, sound = _whole(plan, odds), sum(layers[-1].values())
    certain, never = dict.fromkeys(targets, 0), dict.fromkeys(targets, 0)
    if kept and plan:
        ends = {_picked(program.end, plane): 0 for plane in layers[-1]}
        for plane, mass in layers[-1].items():
            ends[_picked(program.end, plane)] += mass
        _weigh(ends, plan[-1], targets, 1, certain, never)
    elif not kept:
        _backward(program, plan, layers, odds, frozenset(targets), (certain, never), effort)
    return Weight(Fraction(sound, whole), _shares(certain, whole), _shares(never, whole))


def _picked(end: End, plane: int) -> int:
    """The assignments of a plane that count at that end."""
    match end:
        case End.OUTCOME:
            return plane
        case End.GREATEST:
            return 1 << (plane.bit_length() - 1)
    return plane & -plane


def _backward(
    program: Program,
    plan: Sequence[Step],
    layers: Sequence[Layer],
    odds: Mapping[int, Odds],
    targets: frozenset[int],
    found: tuple[dict[int, int], dict[int, int]],
    effort: _Effort,
) -> None:
    """From the end back, what survives of each plane; each atom is weighed where it is last seen."""
    after: dict[int, Layer] = {1: {1: 1}}
    for step, layer in zip(reversed(plan), reversed(layers[:-1]), strict=True):
        effort.spend(step, sum(map(len, after.values())))
        cases = _cases(step, odds)
        seen: Layer | None = {} if not targets.isdisjoint(step.gone) else None
        after = {plane: _survivors(program.end, step, cases, plane, after, mass, seen) for plane, mass in layer.items()}
        if seen:
            _weigh(seen, step, sorted(targets.intersection(step.gone)), 1, *found)


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
        before = reached = entered & keep
        if shift:
            more = before & moved
            reached = before ^ more | more << shift
        for left, share in after.get(_dropped(step, reached), _NOTHING).items():
            for by, _ in reversed(step.drop):
                left |= left << by
            left = _picked(end, left & reached)
            if seen is not None:
                seen[left] = seen.get(left, 0) + mass * weight * share
            if shift:
                left = left & (before ^ before & moved) | left >> shift & (before & moved)
            for by, lanes in step.spread:
                left = (left | left >> by) & lanes
            found[left] = found.get(left, 0) + weight * share
    return found


_NOTHING: Layer = {}
