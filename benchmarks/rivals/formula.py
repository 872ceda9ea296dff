"""The outcomes of a network as the models of a formula: clauses, and counts too long for clauses.

All peers that solve start from here, so that none has a better encoding than another. Variables are numbered
from 1, atoms first, and `-v` is not `v`.
"""

from dataclasses import dataclass, field
from itertools import combinations
from math import comb

from attendance.model.sayings import Inclination
from attendance.network import Network, Stance, node_of
from rivals import NotFitError

SHORT = 20
"""A count of which it takes no more clauses to say it in each direction is said in clauses."""

Clause = list[int]


@dataclass(frozen=True, slots=True)
class Count:
    """The head holds just when the weights of the true literals of that sum reach the quota."""

    head: int
    quota: int
    of: int


@dataclass
class Formula:
    """A formula in the making. Who hangs on one condition alone is that condition: no variable is between."""

    network: Network
    clauses: list[Clause] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    heads: dict[int, int] = field(default_factory=dict)
    bars: dict[tuple[int, int], int] = field(default_factory=dict)
    pending: list[tuple[int, int, int]] = field(default_factory=list)
    sums: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)
    size: int = 0

    def variable(self) -> int:
        self.size += 1
        return self.size

    def literal(self, literal: int) -> int:
        """A literal of the network as one of the formula."""
        node = node_of(literal)
        found = node + 1 if node < self.network.atoms else self.heads.get(node)
        if found is None:
            gate = self.network.gates[node - self.network.atoms]
            away, there = self.quotas(node)
            found = self.heads[node] = self.bar(gate.sum, there) if away == there else self.variable()
            if away != there:
                assert gate.taken is not None
                x, low, high = gate.taken + 1, self.bar(gate.sum, away), self.bar(gate.sum, there)
                self.clauses += [[x, -low, found], [x, low, -found], [-x, -high, found], [-x, high, -found]]
        return found if literal >= 0 else -found

    def quotas(self, node: int) -> tuple[int, int]:
        """What the sum of a gate, as it stands, must reach while who is taken to be there is away, and is there."""
        gate = self.network.gates[node - self.network.atoms]
        if gate.taken is None:
            return gate.quota, gate.quota
        of, x = self.network.sums[gate.sum], gate.taken
        shift = sum(w if q == x else -w if q == ~x else 0 for q, w in zip(of.literals, of.weights, strict=True))
        return gate.quota - shift, gate.quota

    def bar(self, of: int, quota: int) -> int:
        """The variable by which a sum reaches a quota."""
        found = self.bars.get((of, quota))
        if found is None:
            found = self.bars[of, quota] = self.variable()
            self.pending.append((found, of, quota))
        return found

    def seen(self, x: int, literal: int) -> tuple[int, int]:
        """A bound of x as it is read while x is away, and while x is there."""
        node = node_of(literal)
        if node >= self.network.atoms and node not in self.heads:
            gate = self.network.gates[node - self.network.atoms]
            if gate.taken == x:
                away, there = (self.bar(gate.sum, quota) for quota in self.quotas(node))
                return (away, there) if literal >= 0 else (-away, -there)
        plain = self.literal(literal)
        return plain, plain

    def only(self, stance: Stance) -> int | None:
        """The literal that somebody's coming is, if it hangs on nothing else."""
        lowers, uppers = stance.lowers, stance.uppers
        if stance.inclination is Inclination.DISINCLINED and len(lowers) == 1 and not uppers:
            return lowers[0]
        if stance.inclination is Inclination.INCLINED and len(uppers) == 1 and not lowers:
            return uppers[0]
        return None

    def name(self, x: int, literal: int) -> bool:
        """Call a gate that nothing else has a name for by the one who hangs on it."""
        node = node_of(literal)
        if node < self.network.atoms or node in self.heads:
            return False
        gate = self.network.gates[node - self.network.atoms]
        if gate.taken is not None or (gate.sum, gate.quota) in self.bars:
            return False
        head = x + 1 if literal >= 0 else -(x + 1)
        self.heads[node] = self.bars[gate.sum, gate.quota] = head
        self.pending.append((head, gate.sum, gate.quota))
        return True

    def position(self, x: int, stance: Stance) -> None:
        """That somebody is content."""
        own = x + 1
        lowers = [self.seen(x, q) for q in stance.lowers]
        uppers = [self.seen(x, q) for q in stance.uppers]
        self.clauses += ([own, -away] for away, _ in lowers)
        self.clauses += ([-own, there] for _, there in uppers)
        if stance.inclination is Inclination.INCLINED:
            self.clauses.append([own, *(-away for away, _ in uppers)])
        if stance.inclination is Inclination.DISINCLINED:
            self.clauses.append([-own, *(there for _, there in lowers)])

    def members(self, of: int) -> tuple[list[int], list[int]]:
        """The literals of a sum, and their weights, but for those that weigh nothing."""
        found = self.sums.get(of)
        if found is None:
            sum_ = self.network.sums[of]
            kept = [(q, w) for q, w in zip(sum_.literals, sum_.weights, strict=True) if w]
            found = self.sums[of] = [self.literal(q) for q, _ in kept], [w for _, w in kept]
        return found

    def define(self, head: int, of: int, quota: int) -> None:
        """That a variable is just what a sum reaching a quota is."""
        read, weights = self.members(of)
        if quota <= 0 or quota > sum(weights):
            self.clauses.append([head if quota <= 0 else -head])
            return
        need, size = -(-quota // weights[0]), len(read)
        if len(set(weights)) > 1 or (1 < need < size and comb(size, need) > SHORT):
            self.counts.append(Count(head, quota, of))
            return
        self.clauses += ([head, *(-q for q in some)] for some in combinations(read, need))
        self.clauses += ([-head, *some] for some in combinations(read, size - need + 1))


def formula(network: Network) -> Formula:
    """The formula of a network. Raises NotFitError where only founded outcomes count."""
    if network.founded:
        raise NotFitError("foundedness is no formula")
    made = Formula(network, size=network.atoms)
    open_ = [(x, s) for x, s in enumerate(network.stances) if network.fixed[x] is None]
    made.clauses += ([a + 1 if value else -a - 1] for a, value in enumerate(network.fixed) if value is not None)
    for x, stance in open_:
        only = made.only(stance)
        if only is None or not made.name(x, only):
            made.position(x, stance)
    made.clauses += ([made.literal(q)] for _, q in network.rules)
    made.clauses += ([made.literal(q)] for q in network.given)
    while made.pending:
        made.define(*made.pending.pop())
    return made
