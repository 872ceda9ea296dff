"""Who joins whom in a network where everything pulls one way, and how such a network falls apart.

In a monotone network the fewest who can attend are reached from nobody, step by step, and the most
are left by those who stay away, step by step. Both are one closure; `leaving` says which.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from attendance.engines.evaluation import weights_of
from attendance.model.sayings import Inclination
from attendance.network import Network, node_of


def is_monotone(network: Network, goal: int | None = None) -> bool:
    """Whether more attending can only make more attend and the goal hold, and nothing can clash.

    The goal may be negated: then it is what it negates that is looked at.
    """
    if network.rules or network.given or any(v is not None for v in network.fixed):
        return False
    seen: set[int] = set()
    stack = [] if goal is None else [node_of(goal)]
    for stance in network.stances:
        match stance.inclination:
            case Inclination.INCLINED if stance.lowers:
                return False
            case Inclination.DISINCLINED if stance.uppers:
                return False
            case Inclination.OPEN if stance.lowers and stance.uppers:
                return False
        stack += (*stance.lowers, *stance.uppers)
    while stack:
        node = stack.pop()
        if node < 0:
            return False
        if node >= network.atoms and node not in seen:
            seen.add(node)
            stack += network.sums[network.gates[node - network.atoms].sum].literals
    return True


@dataclass(frozen=True, slots=True)
class Counter:
    """Weights of nodes; a target joins once enough has, by the thresholds in order.

    A threshold with a node holds only while that node has not joined.
    """

    premises: tuple[tuple[int, int], ...]
    thresholds: tuple[tuple[int, int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a closure has come: who has joined (a mark for each node), and what is counted so far."""

    marks: bytearray
    totals: list[int]
    passed: list[int]

    def copy(self) -> "Reached":
        """The same, to go on from."""
        return Reached(bytearray(self.marks), self.totals.copy(), self.passed.copy())


class Joining:
    """Steps by which nodes join: after Dowling and Gallier (1984), each shared sum counted once."""

    def __init__(self, nodes: int, counters: Sequence[Counter], start: Iterable[int] = ()) -> None:
        self.nodes, self.counters, self.start = nodes, tuple(counters), tuple(start)
        self.on: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
        for number, counter in enumerate(self.counters):
            for node, weight in counter.premises:
                self.on[node].append((number, weight))
        self.bars = [counter.thresholds for counter in self.counters]

    def beginning(self) -> Reached:
        """Who joins from nobody."""
        reached = Reached(bytearray(self.nodes), [0] * len(self.counters), [0] * len(self.counters))
        self.join(reached, [*self.start, *(t for bars in self.bars for need, t, _ in bars if need <= 0)])
        return reached

    def join(self, reached: Reached, nodes: Iterable[int], barred: bytearray | None = None) -> bool:
        """Let those join, and whoever follows; False, half done, as soon as somebody barred would."""
        barred = barred or bytearray(self.nodes)
        marks, totals, passed, bars, on = reached.marks, reached.totals, reached.passed, self.bars, self.on
        stack = []
        for node in nodes:
            if not marks[node]:
                marks[node] = 1
                stack.append(node)
        while stack:
            for number, weight in on[stack.pop()]:
                total = totals[number] = totals[number] + weight
                bar, at = bars[number], passed[number]
                while at < len(bar) and bar[at][0] <= total:
                    _, node, unless = bar[at]
                    at += 1
                    if not marks[node] and (unless is None or not marks[unless]):
                        if barred[node]:
                            return False
                        marks[node] = 1
                        stack.append(node)
                passed[number] = at
        return True

    def within(self, kept: frozenset[int], given: Iterable[int]) -> "Joining":
        """The steps of those nodes alone, those given having joined from the start."""
        sure = set(given)
        counters = []
        for counter in self.counters:
            bars = tuple(bar for bar in counter.thresholds if bar[1] in kept)
            if bars:
                premises = tuple(p for p in counter.premises if p[0] in kept or p[0] in sure)
                counters.append(replace(counter, premises=premises, thresholds=bars))
        return Joining(self.nodes, counters, [n for n in (*self.start, *sure) if n in kept or n in sure])

    def reads(self) -> list[list[int]]:
        """For each node, the nodes that its joining hangs on; the counters come after them as nodes."""
        found: list[list[int]] = [[] for _ in range(self.nodes)]
        for number, counter in enumerate(self.counters):
            for _, node, _ in counter.thresholds:
                found[node].append(self.nodes + number)
            found.append([node for node, weight in counter.premises if weight])
        return found


def joining(network: Network, *, leaving: bool = False) -> Joining:
    """The steps of a monotone network; of staying away, if `leaving`."""
    readers: list[list[int]] = [[] for _ in network.sums]
    for number, gate in enumerate(network.gates):
        readers[gate.sum].append(number)
    counters = []
    for of, gates in zip(network.sums, readers, strict=True):
        if gates:
            bars = [bar for g in gates for bar in _thresholds(network, g, leaving)]
            counters.append(_counter(zip(of.literals, of.weights, strict=True), bars))
    start = []
    for x, stance in enumerate(network.stances):
        any_of, all_of = (stance.uppers, stance.lowers) if leaving else (stance.lowers, stance.uppers)
        whole = stance.inclination is (Inclination.DISINCLINED if leaving else Inclination.INCLINED)
        if whole and not all_of:
            start.append(x)
        elif whole:
            counters.append(_counter(((n, 1) for n in all_of), [(len(all_of), x, None)]))
        elif any_of:
            counters.append(_counter(((n, 1) for n in any_of), [(1, x, None)]))
    return Joining(network.atoms + len(network.gates), counters, start)


def _counter(premises: Iterable[tuple[int, int]], bars: Iterable[tuple[int, int, int | None]]) -> Counter:
    return Counter(tuple(premises), tuple(sorted(bars)))


def _thresholds(network: Network, number: int, leaving: bool) -> Iterator[tuple[int, int, int | None]]:
    """What must be counted for a gate to join: the attendance that it takes as true is counted, or never is."""
    gate = network.gates[number]
    node, of = network.atoms + number, network.sums[gate.sum]
    taken = 0 if gate.taken is None else weights_of(of).get(gate.taken, 0)
    if not leaving:
        yield gate.quota, node, None
        if taken:
            yield gate.quota - taken, node, gate.taken
    else:
        need = sum(of.weights) - gate.quota + 1
        yield need + taken, node, None
        if taken:
            yield need, node, gate.taken


@dataclass(frozen=True, slots=True)
class Quest:
    """A part of what is wanted, for itself: steps, what must join, and who may be asked to."""

    steps: Joining
    wanted: tuple[int, ...]
    candidates: tuple[int, ...]


def quests(steps: Joining, wanted: Iterable[int], candidates: Iterable[int]) -> list[Quest]:
    """What is wanted, taken apart: an answer to the whole is one answer to each part, put together.

    A node that is wanted will have joined in the end, so whoever hangs on it from another strongly
    connected part may take it as given; what hangs on anything else of another part is one with it.
    """
    reads = steps.reads()
    sought = _needed(steps, wanted, set(candidates))
    part = strong_parts(reads, sorted(sought))
    parent = list(range(len(part)))

    def find(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for node, number in part.items():
        for read in reads[node]:
            if read not in sought:
                parent[find(part[read])] = find(number)
    kept: dict[int, set[int]] = {}
    for node, number in part.items():
        kept.setdefault(find(number), set()).add(node)
    free = set(candidates)
    groups = sorted(kept.values(), key=min)
    return [_quest(steps, reads, group, sought, free) for group in groups]


def _quest(steps: Joining, reads: Sequence[list[int]], group: set[int], sought: set[int], free: set[int]) -> Quest:
    given = {read for node in group for read in reads[node] if read in sought and read not in group}
    return Quest(steps.within(frozenset(group), given), tuple(sorted(group & sought)), tuple(sorted(group & free)))


def _needed(steps: Joining, wanted: Iterable[int], free: set[int]) -> set[int]:
    """What is wanted, and what must join for it: all that counts for a node with no other way to join."""
    ways: dict[int, list[Counter | None]] = {node: [None] for node in steps.start}
    for counter in steps.counters:
        for need, node, _ in counter.thresholds:
            weights = [w for _, w in counter.premises if w]
            ways.setdefault(node, []).append(counter if need > sum(weights) - min(weights, default=0) else None)
    found: set[int] = set()
    stack = list(wanted)
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            match ways.get(node):
                case [Counter() as only] if node not in free:
                    stack += (n for n, w in only.premises if w)
    return found


def strong_parts(reads: Mapping[int, list[int]] | Sequence[list[int]], roots: Iterable[int]) -> dict[int, int]:
    """The strongly connected part, by number, of every node that is reached from the roots (Tarjan, 1972)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    part: dict[int, int] = {}
    stack: list[int] = []
    for root in roots:
        work = [] if root in index else [(root, iter(reads[root]))]
        if work:
            index[root] = low[root] = len(index)
            stack.append(root)
        while work:
            node, rest = work[-1]
            for n in rest:
                if n not in index:
                    index[n] = low[n] = len(index)
                    stack.append(n)
                    work.append((n, iter(reads[n])))
                    break
                if n not in part:
                    low[node] = min(low[node], index[n])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    _close(stack, node, part)
    return part


def _close(stack: list[int], node: int, part: dict[int, int]) -> None:
    number = next(reversed(part.values())) + 1 if part else 0
    while True:
        top = stack.pop()
        part[top] = number
        if top == node:
            return
