"""Kripke-Kleene propagation: what is certain in every outcome, in one linear pass.

Three-valued and forward only, after Dowling and Gallier (1984): each gate keeps how much it still
needs to be true, and how much it can lose before it is false. What is decided holds in every
outcome, founded or not; that there is an outcome at all is not noticed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import chain, islice
from operator import gt
from types import MappingProxyType
from weakref import WeakKeyDictionary

from attendance.engines.evaluation import weights_of
from attendance.model.bulk import collector_paused
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, Sum, node_of

NOTHING: Mapping[int, bool | None] = MappingProxyType({})
CHANGED = 4
"""A circuit is changed rather than built anew if less than one in so many atoms is different."""
NOBODY: list[int] = []
"""The readers of a literal that none reads: one list for all, never added to."""
INCLINED, DISINCLINED = Inclination.INCLINED, Inclination.DISINCLINED


@dataclass(frozen=True, slots=True)
class Propagation:
    """The value of every node, None where it is not certain; and the decided literals in the order of deciding.

    `two_sided` are the attendances that may have been decided by one bound against another. Any other
    that was decided is content: its bounds are on one side only, or say the same.
    """

    values: Sequence[bool | None]
    trail: Sequence[int]
    two_sided: Sequence[int] = ()

    @property
    def order(self) -> list[int]:
        """The nodes in the order in which they were decided."""
        return [q if q >= 0 else ~q for q in self.trail]


def propagate(network: Network, turned: Mapping[int, bool | None] = NOTHING) -> Propagation:
    """What is certain in every outcome. Time and space are linear in the network.

    Atoms that are `turned` have that value, or none, whatever they are fixed at and whatever is said of
    them. Asking a network again, with others turned, is quicker than the first time.
    """
    return _circuit(network).run(turned)


def _circuit(network: Network) -> "_Circuit":
    """The circuit of a network: kept, changed from that of its origin where little is different, or built."""
    circuit, origin = _CIRCUITS.get(network), network.origin
    if circuit is not None:
        return circuit
    if origin is not None and origin.gates is network.gates and origin.sums is network.sums:
        changed = [a for a, v in enumerate(network.fixed) if v is not origin.fixed[a]]
        changed += [x for x, stance in enumerate(network.stances) if stance is not origin.stances[x]]
        if len(changed) * CHANGED < network.atoms:
            circuit = _circuit(origin).changed(origin, network, set(changed))
    if circuit is None:
        with collector_paused():
            circuit = _Circuit(network)
    _CIRCUITS[network] = circuit
    return circuit


class _Circuit:
    """A network as counters; built once, run as often as asked.

    A gate is a counter under its own number, and so is an attendance by its bounds: it is true once it has
    what it `needs`, and false once it has lost its `slack`. A sum that several gates read is a counter too,
    numbered after all nodes, and its gates are on two ladders. Lists of readers have a place for each
    literal: negations are counted from the end. It does not hold the network, which would keep both alive
    for ever.
    """

    def __init__(self, network: Network) -> None:
        self.nodes = network.atoms + len(network.gates)
        self.readers: list[list[int]] = [NOBODY] * (2 * self.nodes)  # each counts 1 for the literal
        self.heavy: dict[int, list[tuple[int, int]]] = {}  # and these its weight
        self.forced: dict[int, list[int]] = {}  # the literals that are true with this one
        self.needs = [0] * self.nodes
        self.slacks = [0] * self.nodes
        self.ladders: list[_Ladder] = []  # two for each shared sum
        self.fixed = _fixed(network)
        self.sure: list[int] = []  # gates that need nothing, or can never be
        self.led: list[int] = []  # attendances by their inclination alone
        self.two_sided: list[int] = []
        self.gates(network)
        fixed = network.fixed
        self.people((x, stance) for x, stance in enumerate(network.stances) if fixed[x] is None)

    def gates(self, network: Network) -> None:
        """Every sum that is read: the counter of one gate, or one with ladders for several."""
        sums, gates, atoms = network.sums, network.gates, network.atoms
        sole = [-1] * len(sums)
        several: dict[int, list[int]] = {}
        for node, (number, _, taken) in enumerate(gates, atoms):
            if taken is None and sole[number] < 0:
                sole[number] = node
            elif number in several:
                several[number].append(node)
            else:
                several[number] = [node]
        for number, (of, node) in enumerate(zip(sums, sole, strict=True)):
            if number in several:
                readers = several[number] if node < 0 else [node, *several[number]]
                self.crowd(of, [(n, gates[n - atoms]) for n in readers])
            elif node >= 0:
                quota = gates[node - atoms].quota
                slack = sum(of.weights) - quota + 1
                if quota <= 0 or slack <= 0:
                    self.sure.append(node if quota <= 0 else ~node)
                else:
                    self.needs[node], self.slacks[node] = quota, slack
                    self.read(of, node)

    def crowd(self, of: Sum, readers: Sequence[tuple[int, Gate]]) -> None:
        """A sum that several gates read, or that takes an attendance as true.

        A gate that takes an attendance as true needs that much less, or can lose so much less; once the
        attendance is decided, nothing asks for the gate any more.
        """
        whole = sum(of.weights)
        nodes = [node for node, _ in readers]
        takens = [gate.taken for _, gate in readers]
        quotas = [gate.quota for _, gate in readers]
        rising, falling = quotas, [whole + 1 - quota for quota in quotas]
        if any(taken is not None for taken in takens):
            weigh = weights_of(of).get
            rising = [q if x is None else q - weigh(x, 0) for q, x in zip(rising, takens, strict=True)]
            falling = [q if x is None else q - weigh(~x, 0) for q, x in zip(falling, takens, strict=True)]
        up = _Ladder(rising, nodes, takens, whole)
        down = _Ladder(falling[::-1], [~node for node in reversed(nodes)], takens[::-1], whole)
        self.ladders += (up, down)
        self.needs.append(up.bars[0])
        self.slacks.append(down.bars[0])
        self.read(of, len(self.needs) - 1)

    def read(self, of: Sum, counter: int) -> None:
        """A counter reads a sum."""
        readers, weights = self.readers, of.weights
        if weights.count(1) == len(weights):
            for q in of.literals:
                if readers[q] is NOBODY:
                    readers[q] = [counter]
                else:
                    readers[q].append(counter)
        else:
            for q, weight in zip(of.literals, weights, strict=True):
                if weight:
                    self.heavy.setdefault(q, []).append((counter, weight))

    def people(self, stances: Iterable[tuple[int, Stance]]) -> None:
        """Attendances as counters of their bounds.

        Those of one side are counted, and those of the other, if there are any, force the attendance.
        """
        readers, needs, slacks = self.readers, self.needs, self.slacks
        for x, stance in stances:
            followed, inclination = stance.followed, stance.inclination
            if followed is not None:  # the most frequent case
                needs[x] = slacks[x] = 1
                if readers[followed] is NOBODY:
                    readers[followed] = [x]
                else:
                    readers[followed].append(x)
                continue
            lowers, uppers = stance.lowers, stance.uppers
            if inclination is INCLINED and not uppers:
                self.led.append(x)
                continue
            if inclination is DISINCLINED and not lowers:
                self.led.append(~x)
                continue
            counted: Sequence[int]
            if lowers == uppers:  # each bound says when they come, and when they do not
                counted, needs[x], slacks[x] = lowers, 1, 1
            elif inclination is INCLINED or not lowers:
                counted, slacks[x] = uppers, 1
                needs[x] = len(uppers) + (inclination is not INCLINED)  # one more is never reached
                self.force(lowers, x)
            else:
                counted, needs[x] = lowers, 1
                slacks[x] = len(lowers) + (inclination is not DISINCLINED)
                self.force([~q for q in uppers], ~x)
            if lowers and uppers and (lowers != uppers or len(lowers) > 1):
                self.two_sided.append(x)
            for q in counted:
                if readers[q] is NOBODY:
                    readers[q] = [x]
                else:
                    readers[q].append(x)

    def force(self, literals: Iterable[int], literal: int) -> None:
        """The literal is true with each of those."""
        for q in literals:
            self.forced.setdefault(q, []).append(literal)

    def changed(self, origin: Network, network: Network, atoms: set[int]) -> "_Circuit":
        """The circuit of a variation, in which only what is known or said of those atoms is different.

        All is in the order in which it would be built, so that it is the same circuit.
        """
        made = copy(self)
        made.readers, made.forced = self.readers.copy(), self.forced.copy()
        made.needs, made.slacks = self.needs.copy(), self.slacks.copy()
        made.fixed = _fixed(network)
        made.led = [q for q in self.led if node_of(q) not in atoms]
        made.two_sided = [x for x in self.two_sided if x not in atoms]
        people = sorted(x for x in atoms if x < network.attendances)
        touched = {q for x in people for net in (origin, network) for q in _bounds(net.stances[x])}
        for q in touched:
            made.readers[q] = [x for x in self.readers[q] if x not in atoms]
            for side in (q, ~q):
                if side in self.forced:
                    made.forced[side] = [forced for forced in self.forced[side] if node_of(forced) not in atoms]
        made.people((x, network.stances[x]) for x in people if network.fixed[x] is None)
        made.led.sort(key=node_of)
        made.two_sided.sort()
        for q in touched:
            made.readers[q].sort(key=lambda x: x if x < network.atoms else -1)  # the people come after the gates
            for side in (q, ~q):
                if side in made.forced:
                    made.forced[side].sort(key=node_of)
        return made

    def run(self, turned: Mapping[int, bool | None]) -> Propagation:
        """One pass: every consequence of what is decided, in the order of deciding."""
        values: list[bool | None] = [None] * len(self.needs)
        queue = [atom if value else ~atom for atom, value in turned.items() if value is not None]
        for atom in turned:
            values[atom] = True  # for now, so that nothing decides it
        for q in chain(self.fixed, self.sure, self.led):
            if values[q if q >= 0 else ~q] is None:
                values[q if q >= 0 else ~q] = q >= 0
                queue.append(q)
        nodes, readers, heavy, forced = self.nodes, self.readers, self.heavy, self.forced
        needs, slacks, decide, plain = self.needs.copy(), self.slacks.copy(), queue.append, not (heavy or forced)
        climb = _Climb(self.ladders, values, queue)
        climb.begin(needs, slacks, nodes)
        for q in queue:  # grows while it is read
            for x in readers[q]:
                if values[x] is None:
                    if needs[x] > 1:
                        needs[x] -= 1
                    elif x < nodes:
                        values[x] = True
                        decide(x)
                    else:
                        needs[x] = climb.on(2 * (x - nodes), 0)
            for x in readers[~q]:
                if values[x] is None:
                    if slacks[x] > 1:
                        slacks[x] -= 1
                    elif x < nodes:
                        values[x] = False
                        decide(~x)
                    else:
                        slacks[x] = climb.on(2 * (x - nodes) + 1, 0)
            if plain:
                continue
            for other in forced.get(q, ()):
                if values[node_of(other)] is None:
                    values[node_of(other)] = other >= 0
                    decide(other)
            for side, left in ((q, needs), (~q, slacks)):
                for x, weight in heavy.get(side, ()):
                    left[x] -= weight
                    if left[x] > 0 or values[x] is not None:
                        continue
                    if x < nodes:
                        values[x] = left is needs
                        decide(x if left is needs else ~x)
                    else:
                        left[x] = climb.on(2 * (x - nodes) + (left is slacks), left[x])
        for atom, value in turned.items():
            values[atom] = value
        del values[nodes:]
        return Propagation(values, queue, self.two_sided)


class _Ladder:
    """The gates of a shared sum, by the weight at which each is decided: of what is true, or of what is false."""

    __slots__ = ("bars", "literals", "takens", "top")

    def __init__(self, bars: list[int], literals: list[int], takens: list[int | None], whole: int) -> None:
        if any(map(gt, bars, islice(bars, 1, None))):  # they come in the order of their gates
            order = sorted(range(len(bars)), key=bars.__getitem__)
            bars, literals = [bars[i] for i in order], [literals[i] for i in order]
            takens = [takens[i] for i in order]
        self.bars, self.literals, self.takens = bars, literals, takens
        self.top = max(whole, bars[-1]) + 1  # never reached


class _Climb:
    """How far each ladder has been climbed in a run."""

    __slots__ = ("at", "ladders", "queue", "values")

    def __init__(self, ladders: Sequence[_Ladder], values: list[bool | None], queue: list[int]) -> None:
        self.ladders, self.values, self.queue = ladders, values, queue
        self.at = [0] * len(ladders)

    def begin(self, needs: list[int], slacks: list[int], nodes: int) -> None:
        """Decide the gates that need no weight at all."""
        for number, ladder in enumerate(self.ladders):
            left = slacks if number % 2 else needs
            if ladder.bars[0] <= 0:
                left[nodes + number // 2] = self.on(number, ladder.bars[0])

    def on(self, number: int, left: int) -> int:
        """Decide the gates whose bar is passed, by as much as `left` is below 0. Gives what is left to the next."""
        ladder, first, values = self.ladders[number], self.at[number], self.values
        reached = ladder.bars[first] - left
        last = self.at[number] = bisect_right(ladder.bars, reached, first)
        for rung in range(first, last):
            literal, taken = ladder.literals[rung], ladder.takens[rung]
            node = literal if literal >= 0 else ~literal
            if values[node] is None and (taken is None or values[taken] is None):
                values[node] = literal >= 0
                self.queue.append(literal)
        return (ladder.bars[last] if last < len(ladder.bars) else ladder.top) - reached


def _fixed(network: Network) -> list[int]:
    """What is assumed and known, as literals."""
    return [a if v else ~a for a, v in enumerate(network.fixed) if v is not None]


def _bounds(stance: Stance) -> tuple[int, ...]:
    return (*stance.lowers, *stance.uppers)


_CIRCUITS: "WeakKeyDictionary[Network, _Circuit]" = WeakKeyDictionary()
