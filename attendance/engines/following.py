"""Where all follows from what is varied: one plane a node, each node looked at once, in order."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from attendance.engines.cutset import Cut
from attendance.engines.evaluation import weights_of
from attendance.engines.planes import at_least, place_of, total
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance

Step = Callable[[list[int]], None]


class Following:
    """A network that an empty cut leaves nothing to choose in, as steps over planes; what is fixed in it is varied.

    The plane of node `n` is at `2 n`, and that of its negation at `2 n + 1`, if anybody reads it.
    """

    def __init__(self, network: Network, of: Cut) -> None:
        assert not of.choices, "all must follow"
        self.network = network
        self.full: int
        self.digits: dict[int, list[int]] = {}
        self.read = {place_of(q) for s in network.stances for q in (*s.lowers, *s.uppers)}
        self.read |= {place_of(q) for sum_ in network.sums for q in sum_.literals}
        self.readers = Counter(gate.sum for gate in network.gates)
        self.steps = [step for node in of.order for step in self._steps(node)]

    def run(self, given: Mapping[int, int], full: int) -> list[int]:
        """Where each atom is true, of the planes of the inputs."""
        self.full = full
        self.digits.clear()
        planes = [0] * (2 * (self.network.atoms + len(self.network.gates)))
        for atom, plane in given.items():
            planes[2 * atom], planes[2 * atom + 1] = plane, full ^ plane
        for step in self.steps:
            step(planes)
        return planes[0 : 2 * self.network.atoms : 2]

    def _steps(self, node: int) -> list[Step]:
        network, at = self.network, 2 * node
        if node < network.atoms:
            step = self._stance(at, network.stances[node])
        else:
            step = self._gate(at, network.gates[node - network.atoms])
        if at + 1 not in self.read:
            return [step]

        def negated(planes: list[int]) -> None:
            planes[at + 1] = self.full ^ planes[at]

        return [step, negated]

    def _stance(self, at: int, stance: Stance) -> Step:
        if stance.inclination is Inclination.INCLINED:
            return self._all(at, [place_of(q) for q in stance.uppers])
        return self._any(at, [place_of(q) for q in stance.lowers])

    def _gate(self, at: int, gate: Gate) -> Step:
        table, quota = weights_of(self.network.sums[gate.sum]), gate.quota
        pairs = [(place_of(q), w) for q, w in table.items() if gate.taken not in (q, ~q)]
        if gate.taken is not None:
            quota -= table.get(gate.taken, 0)
        ins, weights = [i for i, _ in pairs], [w for _, w in pairs]
        if ins and min(weights) > 0 and quota == sum(weights):
            return self._all(at, ins)
        if ins and 0 < quota <= min(weights):
            return self._any(at, ins)
        if gate.taken is None and self.readers[gate.sum] > 1:

            def step(planes: list[int]) -> None:
                planes[at] = at_least(self._counted(planes, gate.sum), quota, self.full)
        else:

            def step(planes: list[int]) -> None:
                planes[at] = at_least(total([planes[i] for i in ins], weights), quota, self.full)

        return step

    def _counted(self, planes: list[int], number: int) -> list[int]:
        """The digits of a sum, added up once."""
        found = self.digits.get(number)
        if found is None:
            of = self.network.sums[number]
            found = self.digits[number] = total([planes[place_of(q)] for q in of.literals], of.weights)
        return found

    def _all(self, at: int, ins: Sequence[int]) -> Step:
        match ins:
            case [a]:

                def step(planes: list[int]) -> None:
                    planes[at] = planes[a]
            case [a, b]:

                def step(planes: list[int]) -> None:
                    planes[at] = planes[a] & planes[b]
            case _:

                def step(planes: list[int]) -> None:
                    found = self.full
                    for i in ins:
                        found &= planes[i]
                    planes[at] = found

        return step

    def _any(self, at: int, ins: Sequence[int]) -> Step:
        match ins:
            case [a]:

                def step(planes: list[int]) -> None:
                    planes[at] = planes[a]
            case [a, b]:

                def step(planes: list[int]) -> None:
                    planes[at] = planes[a] | planes[b]
            case _:

                def step(planes: list[int]) -> None:
                    found = 0
                    for i in ins:
                        found |= planes[i]
                    planes[at] = found

        return step
