"""Kripke-Kleene propagation of many scenarios at once: two planes a node, one bit a scenario.

One plane says where a node is certainly true, the other where it is certainly false. Nodes are visited
in the order in which they hang on each other; on a circle, those again whose inputs changed. What is
decided holds in every outcome of the scenario; where a node is both, what is said clashes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attendance.engines.evaluation import weights_of
from attendance.engines.joining import strong_parts
from attendance.engines.planes import at_least, place_of, total
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, Sum, node_of

Step = Callable[[list[Any]], None]
State = list[Any]
"""The planes of every node, true and false in turn; then for each shared sum its `_Digits`, and a place unused."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A node's step, where its planes are, and the units that read it: all of them, and those on its circle."""

    step: Step
    at: int
    readers: tuple[int, ...]
    around: tuple[int, ...]


class Lanes:
    """A network as steps over planes; the scenarios of a run give planes for the atoms that are `inputs`.

    The planes of node `n` are at `2 n` (true) and `2 n + 1` (false); those of a negation are the same,
    the other way round. Sums that many gates read are counted once, in digits. Circles are gone
    round from where they are `cut`.
    """

    full: int
    """All lanes of the last run."""

    def __init__(self, network: Network, inputs: Collection[int], cut: Collection[int] = ()) -> None:
        self.network = network
        self.nodes = network.atoms + len(network.gates)
        self.units: list[_Unit] = []
        self.circles: list[range] = []  # of units, in order; most are of one, and no circle
        self._lay({*inputs, *range(network.attendances, network.atoms)}, cut)

    def run(self, given: Mapping[int, int], full: int) -> State:
        """The planes of every node, of those of the inputs."""
        self.full = full
        planes: State = [0] * (2 * self.nodes) + [_Digits([], [])] * (2 * len(self.network.sums))
        for atom, plane in given.items():
            planes[2 * atom], planes[2 * atom + 1] = plane, full ^ plane
        units = self.units
        for circle in self.circles:
            if units[circle[0]].around:
                self._settle(planes, circle, {}, around=True)
            else:
                units[circle[0]].step(planes)
        return planes

    def further(self, state: State, chosen: Mapping[int, tuple[int, int]], atom: int) -> State:
        """The planes once an atom is chosen too: where each of those `chosen` is true, and where it is false.

        A node is both where the choice cannot be.
        """
        planes = state.copy()
        true, false = chosen[atom]
        planes[2 * atom] |= true
        planes[2 * atom + 1] |= false
        seeds = {2 * a: planes_ for a, planes_ in chosen.items()}
        self._settle(planes, self.readers[atom], seeds, around=False)
        return planes

    def _settle(
        self, planes: State, waiting: Iterable[int], seeds: Mapping[int, tuple[int, int]], *, around: bool
    ) -> None:
        """Take the steps that wait, in order, and those that read what they change; round after round."""
        units = self.units
        marks = bytearray(len(units))
        for number in waiting:
            marks[number] = 1
        number = marks.find(1)
        while number >= 0:
            marks[number] = 0
            unit = units[number]
            at = unit.at
            true, false = planes[at], planes[at + 1]
            unit.step(planes)
            if at in seeds:
                planes[at] |= seeds[at][0]
                planes[at + 1] |= seeds[at][1]
            if planes[at] != true or planes[at + 1] != false:
                for reader in unit.around if around else unit.readers:
                    marks[reader] = 1
            number = marks.find(1, number + 1)
            if number < 0:
                number = marks.find(1)

    # --- how nodes hang on each other ---

    def _lay(self, sources: Collection[int], cut: Collection[int]) -> None:
        """Put the units in the order in which they hang on each other, circle by circle."""
        alone = self._alone()
        reads = self._reads(sources, alone)
        circles: dict[int, list[int]] = {}
        for node, part in strong_parts(reads, range(self.nodes)).items():
            if node not in sources:
                circles.setdefault(part, []).append(node)
        uncut = [[] if node in cut else read for node, read in enumerate(reads)]
        rank = {node: i for i, node in enumerate(strong_parts(uncut, range(len(uncut))))}
        place: dict[int, int] = {}
        for circle in circles.values():
            circle.sort(key=rank.__getitem__)
            self.circles.append(range(len(place), len(place) + len(circle)))
            place.update((node, len(place)) for node in circle)
        readers: list[dict[int, None]] = [{} for _ in reads]
        for node, number in place.items():
            for read in reads[node]:
                readers[read][number] = None
        self.readers: list[tuple[int, ...]] = [tuple(of) for of in readers]
        for units, circle in zip(self.circles, circles.values(), strict=True):
            for node in circle:
                of = self.readers[node]
                around = tuple(n for n in of if n in units)
                self.units.append(_Unit(self._step(node, alone), 2 * node, of, around))

    def _reads(self, sources: Collection[int], alone: Collection[int]) -> list[list[int]]:
        """What each node hangs on: atoms, gates, then sums; whoever a gate takes as true, it reads through its sum."""
        network = self.network
        reads: list[list[int]] = [
            [] if x in sources else [node_of(q) for q in (*s.lowers, *s.uppers)] for x, s in enumerate(network.stances)
        ]
        reads += [[] for _ in range(network.facts)]
        for number, gate in enumerate(network.gates):
            literals = network.sums[gate.sum].literals
            reads.append([node_of(q) for q in literals] if number in alone else [self.nodes + gate.sum])
        reads += [[node_of(q) for q in of.literals] for of in network.sums]
        return reads

    def _alone(self) -> set[int]:
        """The gates that have a sum for themselves, and take nobody as true."""
        readers: dict[int, list[int]] = {}
        for number, gate in enumerate(self.network.gates):
            readers.setdefault(gate.sum, []).append(number)
        gates = self.network.gates
        return {of[0] for of in readers.values() if len(of) == 1 and gates[of[0]].taken is None}

    # --- steps ---

    def _step(self, node: int, alone: set[int]) -> Step:
        network = self.network
        if node < network.atoms:
            return self._stance(2 * node, network.stances[node])
        if node >= self.nodes:
            return self._count(2 * node, network.sums[node - self.nodes])
        gate = network.gates[node - network.atoms]
        of = network.sums[gate.sum]
        if node - network.atoms not in alone:
            return self._shared(2 * node, gate)
        ins = [place_of(q) for q in of.literals]
        whole = sum(of.weights)
        if ins and min(of.weights) > 0:
            if gate.quota == whole:
                return self._all(2 * node, ins)
            if 0 < gate.quota <= min(of.weights):
                return self._all(2 * node + 1, [i ^ 1 for i in ins])
        return self._quota(2 * node, ins, of.weights, gate.quota)

    def _all(self, at: int, ins: Sequence[int]) -> Step:
        """True where all are, false where any is; with all places turned, any of them."""
        against = at ^ 1
        match ins:
            case [a]:

                def step(planes: State) -> None:
                    planes[at], planes[against] = planes[a], planes[a ^ 1]
            case [a, b]:

                def step(planes: State) -> None:
                    planes[at], planes[against] = planes[a] & planes[b], planes[a ^ 1] | planes[b ^ 1]
            case [a, b, c]:

                def step(planes: State) -> None:
                    every, some = planes[a] & planes[b] & planes[c], planes[a ^ 1] | planes[b ^ 1] | planes[c ^ 1]
                    planes[at], planes[against] = every, some  # together: a node may read itself
            case _:

                def step(planes: State) -> None:
                    every, some = self.full, 0
                    for i in ins:
                        every &= planes[i]
                        some |= planes[i ^ 1]
                    planes[at], planes[against] = every, some

        return step

    def _quota(self, at: int, ins: Sequence[int], weights: Sequence[int], quota: int) -> Step:
        beyond = sum(weights) - quota + 1

        def step(planes: State) -> None:
            low = at_least(total([planes[i] for i in ins], weights), quota, self.full)
            high = at_least(total([planes[i ^ 1] for i in ins], weights), beyond, self.full)
            planes[at], planes[at + 1] = low, high

        return step

    def _count(self, at: int, of: Sum) -> Step:
        ins, weights = [place_of(q) for q in of.literals], of.weights

        def step(planes: State) -> None:
            there = total([planes[i] for i in ins], weights)
            away = total([planes[i ^ 1] for i in ins], weights)
            planes[at] = _Digits(there, away)

        return step

    def _shared(self, at: int, gate: Gate) -> Step:
        """A gate over digits that others read too; the attendance it takes as true is counted so."""
        digits, quota = 2 * (self.nodes + gate.sum), gate.quota
        of = self.network.sums[gate.sum]
        beyond = sum(of.weights) - quota + 1
        weights, taken = weights_of(of), gate.taken
        if taken is None or (taken not in weights and ~taken not in weights):

            def step(planes: State) -> None:
                count: _Digits = planes[digits]
                planes[at], planes[at + 1] = count.low(quota, self.full), count.high(beyond, self.full)

            return step
        x, for_, opposed = 2 * taken, weights.get(taken, 0), weights.get(~taken, 0)

        def taking(planes: State) -> None:  # adds to what it found: the count may know less of the attendance
            count: _Digits = planes[digits]
            there, away, full = planes[x], planes[x + 1], self.full
            open_ = full ^ (there | away)
            planes[at] |= (
                count.low(quota - for_, full) & open_
                | count.low(quota, full) & there
                | count.low(quota - for_ + opposed, full) & away
            )
            planes[at + 1] |= (
                count.high(beyond - opposed, full) & open_
                | count.high(beyond, full) & there
                | count.high(beyond + for_ - opposed, full) & away
            )

        return taking

    def _stance(self, at: int, stance: Stance) -> Step:
        lowers, uppers = [place_of(q) for q in stance.lowers], [place_of(q) for q in stance.uppers]
        inclined = stance.inclination is Inclination.INCLINED
        disinclined = stance.inclination is Inclination.DISINCLINED
        if inclined and not lowers:
            return self._all(at, uppers)
        if disinclined and not uppers:
            return self._all(at + 1, [i ^ 1 for i in lowers])

        def step(planes: State) -> None:
            every, none = self.full, self.full
            there = away = 0
            for i in lowers:
                there |= planes[i]
                none &= planes[i ^ 1]
            for i in uppers:
                away |= planes[i ^ 1]
                every &= planes[i]
            planes[at] = there | every if inclined else there
            planes[at + 1] = away | none if disinclined else away

        return step


class _Digits:
    """What is certainly there of a sum, and what is certainly not, in digits; each quota compared once."""

    __slots__ = ("away", "highs", "lows", "there")

    def __init__(self, there: list[int], away: list[int]) -> None:
        self.there, self.away = there, away
        self.lows: dict[int, int] = {}
        self.highs: dict[int, int] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Digits) and (self.there, self.away) == (other.there, other.away)

    __hash__ = None  # type: ignore[assignment]

    def low(self, quota: int, full: int) -> int:
        """Where what is certainly there reaches the quota."""
        found = self.lows.get(quota)
        if found is None:
            found = self.lows[quota] = at_least(self.there, quota, full)
        return found

    def high(self, quota: int, full: int) -> int:
        """Where what is certainly not there reaches the quota."""
        found = self.highs.get(quota)
        if found is None:
            found = self.highs[quota] = at_least(self.away, quota, full)
        return found
