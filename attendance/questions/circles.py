"""Who reads whom: the names in each attendance's bounds, and the circles among the undetermined."""

from collections.abc import Iterator
from dataclasses import dataclass

from attendance.engines.parts import reads
from attendance.network import Network, node_of


@dataclass(frozen=True)
class Circles:
    """For each attendance on a circle, all who are on it, in order; and what bounds read."""

    network: Network
    of: dict[int, tuple[int, ...]]

    def reads(self, x: int) -> list[int]:
        """The atoms in the bounds of an attendance, itself not among them, in order."""
        return sorted(reads(self.network, _bounds(self.network, x)) - {x})


def circles(network: Network, open_: set[int]) -> Circles:
    """The circles of undetermined attendances through their bounds.

    Strongly connected components (Tarjan, 1972, without recursion) of a graph in which gates and
    shared sums are nodes too, so that a crowd that everybody speaks of costs its size once.
    """
    of: dict[int, tuple[int, ...]] = {}
    for component in _components(network, open_):
        people = tuple(sorted(n for n in component if n < network.attendances))
        if len(people) > 1:
            of.update(dict.fromkeys(people, people))
    return Circles(network, of)


def _bounds(network: Network, x: int) -> Iterator[int]:
    for part in network.stances[x].parts:
        for literal in (part.lower, part.upper):
            if literal is not None:
                yield node_of(literal)


def _components(network: Network, open_: set[int]) -> Iterator[list[int]]:
    search = _Tarjan(network, open_)
    for root in sorted(x for x in open_ if x < network.attendances):
        if root not in search.index:
            yield from search.from_(root)


class _Tarjan:
    """Tarjan's search with a stack of its own; nodes after the gates are the sums."""

    def __init__(self, network: Network, open_: set[int]) -> None:
        self.network, self.open = network, open_
        self.sums = network.atoms + len(network.gates)
        self.index: dict[int, int] = {}
        self.low: dict[int, int] = {}
        self.stack: list[int] = []
        self.on: set[int] = set()
        self.work: list[tuple[int, Iterator[int]]] = []

    def from_(self, root: int) -> Iterator[list[int]]:
        """The components that are reached from a node and not from one before."""
        self.visit(root)
        while self.work:
            node, rest = self.work[-1]
            for n in rest:
                if n not in self.index:
                    self.visit(n)
                    break
                if n in self.on:
                    self.low[node] = min(self.low[node], self.index[n])
            else:
                self.work.pop()
                if self.work:
                    parent = self.work[-1][0]
                    self.low[parent] = min(self.low[parent], self.low[node])
                if self.low[node] == self.index[node]:
                    yield self.closed(node)

    def visit(self, node: int) -> None:
        self.index[node] = self.low[node] = len(self.index)
        self.stack.append(node)
        self.on.add(node)
        self.work.append((node, self.following(node)))

    def closed(self, node: int) -> list[int]:
        component: list[int] = []
        while not component or component[-1] != node:
            component.append(self.stack.pop())
        self.on.difference_update(component)
        return component

    def following(self, node: int) -> Iterator[int]:
        network = self.network
        if node >= self.sums:
            inner: Iterator[int] = (node_of(q) for q in network.sums[node - self.sums].literals)
        elif node >= network.atoms:
            inner = iter((self.sums + network.gates[node - network.atoms].sum,))
        elif node >= network.attendances:
            inner = iter(())
        else:
            inner = _bounds(network, node)
        return (n for n in inner if n >= network.atoms or n in self.open)
