"""A network as a formula in clauses, whose models are the outcomes of any kind.

Variables are numbered from 1, the atoms first, and `-v` is not `v`. A gate has a variable of its own only
where it needs one: who hangs on one condition alone is that condition. Short counts are clauses, long ones
are read off a sum that is sorted once for all its quotas, or off a diagram.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, combinations
from math import comb, gcd
from typing import NamedTuple

from attendance.engines.sorting import comparators
from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import Network, node_of

Clause = list[int]

SHORT = 20
"""A count of which it takes no more clauses to say it in each direction is said in clauses."""

MOST_WRITTEN = 1_000_000
"""The most clauses that are written for sums."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Clauses over variables up to `size`, and the literals of what was asked."""

    clauses: Sequence[Clause]
    size: int
    asked: tuple[int, ...]


class _Terms(NamedTuple):
    """A sum by variable, each once, those of greater weights first; `base` is what it has at least."""

    literals: Sequence[int]
    weights: Sequence[int]
    whole: int
    base: int = 0
    unit: int = 1

    def need(self, quota: int) -> int:
        """What the literals must come to for the sum to reach a quota, in units."""
        return -((self.base - quota) // self.unit)


def formula(network: Network, asked: Iterable[int] = (), check: Callable[[], None] = lambda: None) -> Formula:
    """The formula of a network, and the literals of it by which the asked ones are read.

    `check` is called now and then, and may raise to give up. Raises EngineUnsuitable where only founded
    outcomes count, and for sums that take too many clauses.
    """
    if network.founded:
        raise EngineUnsuitable("sat", "who is there only through others is no formula: circles would hold themselves")
    writer = _Writer(network, check, size=network.atoms)
    clauses = writer.clauses
    clauses += ([a + 1 if value else -a - 1] for a, value in enumerate(network.fixed) if value is not None)
    for x, stance in enumerate(network.stances):
        if network.fixed[x] is None:
            bound = stance.followed
            if bound is None:
                writer.position(x, stance.inclination, stance.lowers, stance.uppers)
            else:
                writer.follow(x, bound)
    clauses += ([writer.literal(q)] for _, q in network.rules)
    clauses += ([writer.literal(q)] for q in network.given)
    read = tuple(map(writer.literal, asked))
    while writer.pending:
        check()
        writer.define(*writer.pending.pop())
    return Formula(clauses, writer.size, read)


def sorting(literals: Sequence[int], size: int) -> tuple[list[int], list[Clause], int]:
    """Literals of which the k-th is true just when k of the given are; the clauses, and the new size."""
    wires, clauses = list(literals), list[Clause]()
    for i, j in comparators(len(wires)):
        a, b, either, both = wires[i], wires[j], size + 1, size + 2
        size += 2
        clauses += ([-a, either], [-b, either], [a, b, -either], [a, -both], [b, -both], [-a, -b, both])
        wires[i], wires[j] = either, both
    return wires, clauses, size


@dataclass(slots=True)
class _Writer:
    """`heads` has the literal of a gate, `bars` that of a sum's reaching a quota; both are defined in the end."""

    network: Network
    check: Callable[[], None]
    size: int
    clauses: list[Clause] = field(default_factory=list)
    heads: dict[int, int] = field(default_factory=dict)
    bars: dict[tuple[int, int], int] = field(default_factory=dict)
    pending: list[tuple[int, int, int]] = field(default_factory=list)
    tables: dict[int, dict[int, int]] = field(default_factory=dict)
    terms: dict[int, _Terms] = field(default_factory=dict)
    wires: dict[int, list[int]] = field(default_factory=dict)
    diagrams: dict[tuple[int, int, int], int] = field(default_factory=dict)
    quotas: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.quotas = [0] * len(self.network.sums)
        for of, _ in {(gate.sum, gate.quota) for gate in self.network.gates}:
            self.quotas[of] += 1

    def variable(self) -> int:
        """A new variable."""
        self.size += 1
        return self.size

    # --- conditions ---

    def literal(self, literal: int) -> int:
        """A literal of the network as one of the formula."""
        node = literal if literal >= 0 else ~literal
        if node < self.network.atoms:
            return node + 1 if literal >= 0 else -node - 1
        found = self.heads.get(node)
        if found is None:
            gate = self.network.gates[node - self.network.atoms]
            low, high = self.reaching(node)
            found = low
            if low != high:
                assert gate.taken is not None
                x, found = gate.taken + 1, self.variable()
                self.clauses += ([x, -low, found], [x, low, -found], [-x, -high, found], [-x, high, -found])
            self.heads[node] = found
        return found if literal >= 0 else -found

    def reaching(self, node: int) -> tuple[int, int]:
        """What a gate is, read off its sum as that stands while who is taken to be there is away, and is there."""
        gate = self.network.gates[node - self.network.atoms]
        away = gate.quota
        if gate.taken is not None:
            table = self.table(gate.sum)
            away += table.get(~gate.taken, 0) - table.get(gate.taken, 0)
        return self.bar(gate.sum, away), self.bar(gate.sum, gate.quota)

    def bar(self, of: int, quota: int) -> int:
        """The literal by which a sum reaches a quota."""
        found = self.bars.get((of, quota))
        if found is None:
            found = self.bars[of, quota] = self.variable()
            self.pending.append((found, of, quota))
        return found

    # --- people ---

    def seen(self, x: int, literal: int) -> tuple[int, int]:
        """A bound of x as it is read while x is away, and while x is there."""
        gate = (literal if literal >= 0 else ~literal) - self.network.atoms
        if gate >= 0 and self.network.gates[gate].taken == x:
            away, there = self.reaching(node_of(literal))
            return (away, there) if literal >= 0 else (-away, -there)
        plain = self.literal(literal)
        return plain, plain

    def follow(self, x: int, literal: int) -> None:
        """That somebody does just what one bound says."""
        own = x + 1
        if not self.named(own, literal):
            away, there = self.seen(x, literal)
            self.clauses += ([own, -away], [-own, there])

    def position(self, x: int, inclination: Inclination, below: Sequence[int], above: Sequence[int]) -> None:
        """That somebody keeps within their bounds and follows their inclination."""
        own, clauses = x + 1, self.clauses
        lowers, uppers = [self.seen(x, q) for q in below], [self.seen(x, q) for q in above]
        clauses += ([own, -away] for away, _ in lowers)
        clauses += ([-own, there] for _, there in uppers)
        if inclination is Inclination.INCLINED:
            clauses.append([own, *(-away for away, _ in uppers)])
        if inclination is Inclination.DISINCLINED:
            clauses.append([-own, *(there for _, there in lowers)])

    def named(self, own: int, literal: int) -> bool:
        """Call a gate that nothing else has a name for by the one whose coming it is, if it can be."""
        node = node_of(literal)
        if node < self.network.atoms or node in self.heads:
            return False
        of, quota, taken = self.network.gates[node - self.network.atoms]
        if taken is not None or (of, quota) in self.bars:
            return False
        head = own if literal >= 0 else -own
        self.heads[node] = self.bars[of, quota] = head
        self.pending.append((head, of, quota))
        return True

    # --- sums ---

    def table(self, of: int) -> dict[int, int]:
        """The literals of a sum with the weight of each, but for those that weigh nothing."""
        table = self.tables.get(of)
        if table is None:
            table = self.tables[of] = {}
            sum_ = self.network.sums[of]
            for literal, weight in zip(sum_.literals, sum_.weights, strict=True):
                if weight:
                    table[literal] = table.get(literal, 0) + weight
        return table

    def of(self, of: int) -> _Terms:
        """A sum as it is written."""
        found = self.terms.get(of)
        if found is None:
            literals, weights = self.network.sums[of]
            if len(set(weights)) == 1 and weights[0] and len(set(map(node_of, literals))) == len(literals):
                found = _Terms([self.literal(q) for q in literals], (1,) * len(literals), len(literals), 0, weights[0])
            else:
                found = self.merged(self.table(of))
            self.terms[of] = found
        return found

    def merged(self, table: Mapping[int, int]) -> _Terms:
        """A sum of different weights, or in which somebody counts twice: of two opposite literals one is true."""
        kept = [(self.literal(q), w - other) for q, w in table.items() if w > (other := table.get(~q, 0))]
        kept.sort(key=lambda term: -term[1])
        unit = gcd(*(w for _, w in kept)) or 1
        weights = [w // unit for _, w in kept]
        base = sum(min(w, table.get(~q, 0)) for q, w in table.items() if q >= 0)
        return _Terms([q for q, _ in kept], weights, sum(weights), base, unit)

    def define(self, head: int, of: int, quota: int) -> None:
        """That a literal is just what a sum reaching a quota is."""
        terms = self.of(of)
        need, size = terms.need(quota), len(terms.literals)
        if need <= 0 or need > terms.whole:
            self.clauses.append([head if need <= 0 else -head])
        elif need <= (least := terms.weights[-1]):
            self.count(head, 1, terms.literals)
        elif need > terms.whole - least:
            self.count(head, size, terms.literals)
        elif terms.weights[0] != least:
            self.same(head, self.diagram(of, need))
        elif max(comb(size, need), comb(size, need - 1)) <= SHORT:
            self.count(head, need, terms.literals)
        elif of not in self.wires and self.quotas[of] * need * (size - need + 1) < size * size.bit_length() ** 2 // 3:
            self.same(head, self.diagram(of, need))
        else:
            self.same(head, self.sorted(of)[need - 1])

    def count(self, head: int, need: int, literals: Sequence[int]) -> None:
        """That a literal is just that so many of others are true, in plain clauses."""
        against = [-q for q in literals]
        self.clauses += [[head, *some] for some in combinations(against, need)]
        self.clauses += [[-head, *some] for some in combinations(literals, len(literals) - need + 1)]

    def same(self, head: int, literal: int) -> None:
        """That two literals are the same."""
        self.clauses += ([-head, literal], [head, -literal])

    def sorted(self, of: int) -> list[int]:
        """The literals of a sum of equal weights in order."""
        found = self.wires.get(of)
        if found is None:
            literals = self.of(of).literals
            self.room(3 * len(literals) * len(literals).bit_length() ** 2 // 2, of)
            found, clauses, self.size = sorting(literals, self.size)
            self.wires[of] = found
            self.clauses += clauses
        return found

    def diagram(self, of: int, need: int) -> int:
        """The literal by which a sum comes to what is needed, decided term after term.

        What its last terms must still come to is shared by all that need the same of them. (After the
        diagrams of Een and Soerensson, Translating pseudo-Boolean constraints into SAT, 2006.)
        """
        terms, known = self.of(of), self.diagrams
        rest = [*accumulate(reversed(terms.weights), initial=0)][::-1]
        levels, nodes = [{need}], 0
        for i, weight in enumerate(terms.weights):
            self.check()
            after = (left - gain for left in levels[i] if (of, i, left) not in known for gain in (weight, 0))
            levels.append({left for left in after if 0 < left <= rest[i + 1]})
            nodes += len(levels[-1])
            self.room(4 * nodes, of)
        for i in reversed(range(len(terms.literals))):
            self.check()
            for left in sorted(levels[i]):
                if (of, i, left) not in known:
                    more = left - terms.weights[i]
                    known[of, i, left] = self.either(
                        terms.literals[i],
                        known[of, i + 1, more] if more > 0 else None,
                        known[of, i + 1, left] if left <= rest[i + 1] else None,
                    )
        return known[of, 0, need]

    def either(self, term: int, more: int | None, less: int | None) -> int:
        """The literal of a choice: with the term `more` is enough (or nothing more), without it `less` (or nothing).

        Whatever is enough without the term is so with it.
        """
        if more is None and less is None:
            return term
        found = self.variable()
        self.clauses.append([found, -term] if more is None else [found, -term, -more])
        self.clauses.append([-found, term] if less is None else [-found, term, less])
        if more is not None:
            self.clauses.append([-found, more])
        if less is not None:
            self.clauses.append([found, -less])
        return found

    def room(self, more: int, of: int) -> None:
        """Raises EngineUnsuitable where a sum takes too many clauses."""
        if len(self.clauses) + more > MOST_WRITTEN:
            raise EngineUnsuitable("sat", f"a sum of {len(self.terms[of].literals)} takes too many clauses")
