"""A network written as an answer-set program: ground and propositional, rule by rule, never as text.

Outcomes of any kind are written as choices, gates that are defined from them, and constraints. For
founded outcomes attendances are derived instead, so that the answer sets are founded by themselves:
each gate that is needed is then written in negation normal form, once for each sign it is read with.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd
from typing import Protocol

from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, node_of

Weighted = Sequence[tuple[int, int]]
"""Program literals with their weights."""

WORD = 30
"""Sums are kept below two to this power: clingo counts in 32 signed bits, and wraps silently."""

MOST_WRITTEN = 40_000_000
"""The most weighted literals that are written for one program."""


class Backend(Protocol):
    """What is used of clingo's backend."""

    def add_atom(self) -> int:
        """A new atom."""

    def add_rule(self, head: Sequence[int], body: Sequence[int] = (), choice: bool = False) -> None:
        """A rule, a choice, or (without a head) a constraint."""

    def add_weight_rule(self, head: Sequence[int], lower: int, body: Weighted) -> None:
        """A rule whose body holds when the weight of what is true in it reaches the lower bound."""


@dataclass(frozen=True, slots=True)
class Program:
    """Where to find what was written: the program literals of atoms, of what was asked, and of ids gone."""

    atoms: tuple[int, ...]
    asked: tuple[int, ...]
    gone: tuple[int, ...]


def write(
    network: Network,
    backend: Backend,
    *,
    asked: Sequence[int] = (),
    removable: Sequence[str] = (),
    check: Callable[[], None] = lambda: None,
) -> Program:
    """Writes the network; its answer sets are its outcomes, each of `removable` set aside or not.

    `check` is called now and then, and may raise to give up. Raises EngineUnsuitable for a sum of very
    many very large weights.
    """
    writer = _Writer(network, backend, check, always=backend.add_atom())
    backend.add_rule([writer.always])
    for name in removable:
        writer.gone[name] = backend.add_atom()
    if removable:
        backend.add_rule([*writer.gone.values()], [], choice=True)
    writer.atoms()
    writer.gates(asked)
    for x, stance in writer.deciding():
        writer.stance(x, stance)
    for name, literal in network.rules:
        writer.must(literal, unless=name)
    for literal in network.given:
        writer.must(literal)
    return Program(
        tuple(writer.true[: network.atoms]),
        tuple(writer.read(literal) for literal in asked),
        tuple(writer.gone.values()),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A condition as it is read of the others when the one who says it is still to join, away, or there."""

    joining: int
    away: int
    there: int


@dataclass(slots=True)
class _Writer:
    """`true` and `false` have the program literal by which a node is read plainly and negated."""

    network: Network
    backend: Backend
    check: Callable[[], None]
    always: int
    true: list[int] = field(default_factory=list)
    false: list[int] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)
    tables: dict[tuple[int, bool], dict[int, int]] = field(default_factory=dict)
    thresholds: dict[tuple[int, bool, int], int] = field(default_factory=dict)
    counters: dict[tuple[int, bool], list[int]] = field(default_factory=dict)
    quotas: list[set[int]] = field(init=False)
    users: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.users = [0] * len(self.network.sums)
        self.quotas = [set() for _ in self.network.sums]
        for gate in self.network.gates:
            self.users[gate.sum] += 1
            self.quotas[gate.sum].add(gate.quota)

    def deciding(self) -> Iterator[tuple[int, Stance]]:
        """The attendances that are not assumed, with their stances."""
        for x, stance in enumerate(self.network.stances):
            self.check()
            if self.network.fixed[x] is None:
                yield x, stance

    def read(self, literal: int) -> int:
        """The program literal by which a literal of the network is read."""
        return self.true[literal] if literal >= 0 else self.false[~literal]

    def atoms(self) -> None:
        """Every atom: what is fixed, and choices; people are chosen only where anything goes."""
        network, backend = self.network, self.backend
        self.true = [backend.add_atom() for _ in range(network.atoms)]
        self.false = [-atom for atom in self.true]
        for node, value in enumerate(network.fixed):
            chosen = node >= network.attendances or not network.founded
            if value or (value is None and chosen):
                backend.add_rule([self.true[node]], [], choice=value is None)

    def gates(self, asked: Sequence[int]) -> None:
        """Every gate that something depends on, with the signs that it is read with."""
        network = self.network
        plain, negated = _needed(network, *self.roots(asked))
        for node, gate in enumerate(network.gates, network.atoms):
            self.check()
            for needed, sign in ((plain, True), (negated, False)):
                literal = self.gate(gate, sign) if needed[node] else 0
                (self.true if sign else self.false).append(literal)
            if not network.founded:
                self.false[node] = -self.true[node]

    def roots(self, asked: Sequence[int]) -> tuple[list[int], list[tuple[int, bool]]]:
        """The literals that are read, and the sums that are read themselves, with their signs."""
        literals = [*asked, *(literal for _, literal in self.network.rules), *self.network.given]
        sums = []
        for x, stance in self.deciding():
            for literal in (*stance.lowers, *stance.uppers):
                own = self.own(x, literal)
                if own is None:
                    literals.append(literal)
                else:
                    sums.append((own.sum, self.sign(literal)))
        return literals, sums

    def sign(self, literal: int) -> bool:
        """The sign with which a gate is written: a negated one has its own form only where it is founded."""
        return literal >= 0 or not self.network.founded

    def own(self, x: int, literal: int) -> Gate | None:
        """The gate of a literal, if it takes x to be there in a sum that other gates share."""
        node = node_of(literal)
        if node < self.network.atoms:
            return None
        gate = self.network.gates[node - self.network.atoms]
        return gate if gate.taken == x and self.users[gate.sum] > 1 else None

    def seen(self, x: int, literal: int) -> _Seen:
        """A bound of x. Where it takes x to be there, it is told from the shared sum as it then stands."""
        gate = self.own(x, literal)
        if gate is None:
            plain = self.read(literal)
            return _Seen(plain, plain, plain)
        sign = self.sign(literal)
        table, quota = self.table(gate.sum, sign), self.quota(gate, sign)
        others = quota - table.get(x, 0)
        joining, away, there = (self.threshold(gate.sum, sign, q) for q in (others, others + table.get(~x, 0), quota))
        negated = literal < 0 and sign
        return _Seen(-joining, -away, -there) if negated else _Seen(joining, away, there)

    def quota(self, gate: Gate, sign: bool) -> int:
        """What the sum has to reach, or for the other sign the sum of the negated."""
        return gate.quota if sign else sum(self.table(gate.sum, sign).values()) - gate.quota + 1

    def gate(self, gate: Gate, sign: bool) -> int:
        """The literal of a gate: that its sum reaches the quota, or for the other sign that it does not."""
        table, quota = self.table(gate.sum, sign), self.quota(gate, sign)
        there, away = (0, 0) if gate.taken is None else (table.get(gate.taken, 0), table.get(~gate.taken, 0))
        if there == away == 0:
            return self.threshold(gate.sum, sign, quota)
        if self.users[gate.sum] > 1 and not self.network.founded:
            return self.apart(gate, quota, quota - there + away)
        others = [(self.read(a), w) for a, w in table.items() if gate.taken not in (a, ~a)]
        return self.reaches(quota - there, others)

    def apart(self, gate: Gate, with_them: int, without: int) -> int:
        """A gate that takes somebody to be there, told from the sum as it is, with them and without."""
        assert gate.taken is not None
        head, x = self.backend.add_atom(), self.true[gate.taken]
        there, away = self.threshold(gate.sum, True, with_them), self.threshold(gate.sum, True, without)
        self.backend.add_rule([head], [there] if with_them >= without else [x, there])
        self.backend.add_rule([head], [away] if without >= with_them else [-x, away])
        return head

    def table(self, number: int, sign: bool) -> dict[int, int]:
        """The literals of a sum, or their negations, with the weight of each."""
        table = self.tables.get((number, sign))
        if table is None:
            table = self.tables[number, sign] = {}
            sum_ = self.network.sums[number]
            for literal, weight in zip(sum_.literals, sum_.weights, strict=True):
                key = literal if sign else ~literal
                table[key] = table.get(key, 0) + weight
        return table

    def threshold(self, number: int, sign: bool, quota: int) -> int:
        """The literal that a sum reaches a quota, shared by all gates that say the same."""
        key = (number, sign, quota)
        known = self.thresholds.get(key)
        if known is None:
            weighted = [(self.read(a), w) for a, w in self.table(number, sign).items() if w]
            if len(self.quotas[number]) > len(weighted).bit_length() ** 2 and len({w for _, w in weighted}) == 1:
                known = self.counted(key, weighted)
            else:
                known = self.reaches(quota, weighted)
            self.thresholds[key] = known
        return known

    def counted(self, key: tuple[int, bool, int], weighted: Weighted) -> int:
        """The same of a sum of equal weights with many quotas: it is sorted once, and read off there."""
        number, sign, quota = key
        wires = self.counters.get((number, sign))
        if wires is None:
            wires = self.counters[number, sign] = write_sorted(self.backend, [literal for literal, _ in weighted])
        count = -(-quota // weighted[0][1])
        if count <= 0:
            return self.always
        return wires[count - 1] if count <= len(wires) else -self.always

    def reaches(self, quota: int, weighted: Weighted) -> int:
        """The literal that some weights reach a quota: an atom of its own, unless there is one already."""
        if quota <= 0:
            return self.always
        if sum(weight for _, weight in weighted) < quota:
            return -self.always
        if len(weighted) == 1:
            return weighted[0][0]
        head = self.backend.add_atom()
        write_threshold(self.backend, head, quota, weighted)
        return head

    def must(self, literal: int, unless: str | None = None) -> None:
        """What has to hold, unless its rule is set aside."""
        self.backend.add_rule([], [-self.read(literal), *self.kept([unless] if unless else [])])

    def kept(self, names: Iterable[str]) -> list[int]:
        """The literals by which none of them is set aside."""
        return [-self.gone[name] for name in names if name in self.gone]

    def stance(self, x: int, stance: Stance) -> None:
        """The bounds and the inclination of one attendance; they go with the statements set aside."""
        add, atom = self.backend.add_rule, self.true[x]
        lowers = [(self.seen(x, p.lower), p.statement) for p in stance.parts if p.lower is not None]
        uppers = [(self.seen(x, p.upper), p.statement) for p in stance.parts if p.upper is not None]
        whole = self.kept(part.statement for part in stance.parts)
        for upper, name in uppers:
            add([], [atom, -upper.there, *self.kept([name])])
        if self.network.founded:
            self.join(x, lowers, [upper for upper, _ in uppers])
        else:
            for lower, name in lowers:
                add([], [-atom, lower.away, *self.kept([name])])
        if stance.inclination is Inclination.INCLINED:
            add([], [-atom, *(upper.away for upper, _ in uppers), *whole])
        if stance.inclination is Inclination.DISINCLINED:
            add([], [atom, *(-lower.there for lower, _ in lowers), *whole])

    def join(self, x: int, lowers: Iterable[tuple[_Seen, str]], uppers: Sequence[_Seen]) -> None:
        """How somebody comes to attend where only the founded do."""
        add, atom, stance = self.backend.add_rule, self.true[x], self.network.stances[x]
        names = [part.statement for part in stance.parts]
        for lower, name in lowers:
            self.joins(atom, [lower], self.kept([name]))
        if stance.inclination is Inclination.INCLINED:
            self.joins(atom, uppers, self.kept(names))
        if stance.inclination is Inclination.OPEN:
            add([atom], [upper.joining for upper in uppers], choice=True)
        if stance.lost:
            add([atom], [], choice=True)
        for kept in self.kept(names):
            add([atom], [-kept], choice=True)

    def joins(self, atom: int, conditions: Sequence[_Seen], kept: Sequence[int]) -> None:
        """Whoever is away would have to come; whoever attends may have come by what held before."""
        self.backend.add_rule([atom], [*(c.away for c in conditions), *kept])
        if any(c.joining != c.away for c in conditions):
            self.backend.add_rule([atom], [*(c.joining for c in conditions), *kept], choice=True)


def _needed(network: Network, literals: Iterable[int], sums: Iterable[tuple[int, bool]]) -> tuple[bytearray, bytearray]:
    """For every node, whether it is read plainly, and whether negated; backwards from what is read.

    Without foundedness a negated gate is the negation of the plain one, and signs are not told apart.
    """
    size = network.atoms + len(network.gates)
    plain, negated = bytearray(size), bytearray(size)
    seen: set[tuple[int, bool]] = set()

    def mark(literal: int) -> None:
        if literal >= 0:
            plain[literal] = 1
        else:
            (negated if network.founded else plain)[~literal] = 1

    def open_sum(number: int, sign: bool) -> None:
        if (number, sign) not in seen:
            seen.add((number, sign))
            for literal in network.sums[number].literals:
                mark(literal if sign else ~literal)

    for literal in literals:
        mark(literal)
    for number, sign in sums:
        open_sum(number, sign)
    for node in range(size - 1, network.atoms - 1, -1):
        for needed, sign in ((plain, True), (negated, False)):
            if needed[node]:
                open_sum(network.gates[node - network.atoms].sum, sign)
    return plain, negated


def write_sorted(backend: Backend, literals: Sequence[int]) -> list[int]:
    """Literals of which the k-th holds when at least k of the given do: Batcher's sorting by merging.

    (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M; n log^2 n comparisons.)
    """
    wires, steps = list(literals), (len(literals) - 1).bit_length()
    for stage in reversed(range(steps)):
        rest, apart = 0, 1 << stage
        for reach in range(steps - 1, stage - 1, -1):
            for i in range(len(wires) - apart):
                if i & 1 << stage == rest:
                    either, both = backend.add_atom(), backend.add_atom()
                    backend.add_rule([either], [wires[i]])
                    backend.add_rule([either], [wires[i + apart]])
                    backend.add_rule([both], [wires[i], wires[i + apart]])
                    wires[i], wires[i + apart] = either, both
            rest, apart = 1 << stage, (1 << reach) - (1 << stage)
    return wires


def write_range(backend: Backend, literals: Sequence[int], low: int, high: int) -> None:
    """Constraints by which at least `low` and at most `high` of the literals are true."""
    enough, more = backend.add_atom(), backend.add_atom()
    write_threshold(backend, enough, low, [(literal, 1) for literal in literals])
    write_threshold(backend, more, high + 1, [(literal, 1) for literal in literals])
    backend.add_rule([], [-enough])
    backend.add_rule([], [more])


def write_threshold(backend: Backend, head: int, quota: int, weighted: Weighted) -> None:
    """Rules by which the head holds when the weight of what is true reaches the quota.

    All of them are monotone in the literals, so that the head is founded when they are.
    """
    if quota <= 0:
        backend.add_rule([head])
        return
    capped = [(literal, min(weight, quota)) for literal, weight in weighted if weight > 0]
    whole = sum(weight for _, weight in capped)
    if whole < quota:
        return
    least = min(weight for _, weight in capped)
    if least >= quota:
        for literal, _ in capped:
            backend.add_rule([head], [literal])
    elif whole - least < quota:
        backend.add_rule([head], [literal for literal, _ in capped])
    else:
        unit = reduce(gcd, (weight for _, weight in capped))
        scaled = [(literal, weight // unit) for literal, weight in capped]
        _write_sum(backend, head, -(-quota // unit), scaled)


def _write_sum(backend: Backend, head: int, quota: int, weighted: Weighted) -> None:
    """One weight rule, or for numbers too large several, digit by digit with the carries in unary.

    The quota is rounded up to a multiple of the last digit's place, and the difference given to the
    sum for nothing; so the digits below only matter by what they carry. (After the "global polynomial
    watchdog" of Bailleux, Boufkhad and Roussel.)
    """
    bits = WORD - len(weighted).bit_length()
    places = 0
    while sum(weight >> bits * places for _, weight in weighted) >> WORD:
        places += 1
    if not places:
        backend.add_weight_rule([head], quota, weighted)
        return
    if places * len(weighted) ** 2 > MOST_WRITTEN:
        raise EngineUnsuitable("clingo", f"a sum of {len(weighted)} weights that come to {WORD} bits or more")
    gift = -quota % (1 << bits * places)
    carries: list[tuple[int, int]] = []
    for place in range(places):
        free = gift >> bits * place & (1 << bits) - 1
        digits = [(a, d) for a, w in weighted if (d := w >> bits * place & (1 << bits) - 1)]
        column = [*digits, *carries]
        carries = []
        for carry in range(1, (sum(d for _, d in column) + free >> bits) + 1):
            atom = backend.add_atom()
            write_threshold(backend, atom, (carry << bits) - free, column)
            carries.append((atom, 1))
    top = [(a, d) for a, w in weighted if (d := w >> bits * places)]
    write_threshold(backend, head, quota + gift >> bits * places, [*top, *carries])
