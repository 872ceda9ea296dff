"""A network written as an answer-set program: ground and propositional, rule by rule, never as text.

Outcomes of any kind are written as choices, gates that are defined from them, and constraints. For
founded outcomes attendances are derived instead, so that the answer sets are founded by themselves:
each gate that is needed is then written in negation normal form, once for each sign it is read with.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd
from typing import Protocol

from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance

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


def write(network: Network, backend: Backend, *, asked: Sequence[int] = (), removable: Sequence[str] = ()) -> Program:
    """Writes the network; its answer sets are its outcomes, each of `removable` set aside or not."""
    writer = _Writer(network, backend, always=backend.add_atom())
    backend.add_rule([writer.always])
    for name in removable:
        writer.gone[name] = backend.add_atom()
    if removable:
        backend.add_rule([*writer.gone.values()], [], choice=True)
    writer.atoms()
    writer.gates([*_bounds(network), *asked])
    for x, stance in enumerate(network.stances):
        if network.fixed[x] is None:
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


def _bounds(network: Network) -> Iterator[int]:
    """The literals that decide what is an outcome."""
    for x, stance in enumerate(network.stances):
        if network.fixed[x] is None:
            yield from stance.lowers
            yield from stance.uppers
    yield from (literal for _, literal in network.rules)
    yield from network.given


@dataclass(slots=True)
class _Writer:
    """`true` and `false` have the program literal by which a node is read plainly and negated."""

    network: Network
    backend: Backend
    always: int
    true: list[int] = field(default_factory=list)
    false: list[int] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)
    tables: dict[tuple[int, bool], dict[int, int]] = field(default_factory=dict)
    thresholds: dict[tuple[int, bool, int], int] = field(default_factory=dict)

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

    def gates(self, roots: Iterable[int]) -> None:
        """Every gate that a root depends on, with the signs that it is read with."""
        network = self.network
        plain, negated = _needed(network, roots)
        users = Counter(gate.sum for gate in network.gates)
        for node, gate in enumerate(network.gates, network.atoms):
            for needed, sign in ((plain, True), (negated, False)):
                atom = self.gate(gate, sign, shared=users[gate.sum] > 1) if needed[node] else 0
                (self.true if sign else self.false).append(atom)
            if not network.founded:
                self.false[node] = -self.true[node]

    def gate(self, gate: Gate, sign: bool, shared: bool) -> int:
        """The literal of a gate: that its sum reaches the quota, or for the other sign that it does not."""
        table = self.table(gate.sum, sign)
        quota = gate.quota if sign else sum(table.values()) - gate.quota + 1
        there, away = (0, 0) if gate.taken is None else (table.get(gate.taken, 0), table.get(~gate.taken, 0))
        if there == away == 0:
            return self.threshold(gate.sum, sign, quota)
        if shared and not self.network.founded:
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
            weighted = [(self.read(a), w) for a, w in self.table(number, sign).items()]
            known = self.thresholds[key] = self.reaches(quota, weighted)
        return known

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
        return [-self.gone[name] for name in dict.fromkeys(names) if name in self.gone]

    def stance(self, x: int, stance: Stance) -> None:
        """The bounds and the inclination of one attendance; they go with the statements set aside."""
        add, atom = self.backend.add_rule, self.true[x]
        whole = self.kept(part.statement for part in stance.parts)
        for part in stance.parts:
            kept = self.kept([part.statement])
            if part.lower is not None:
                if self.network.founded:
                    add([atom], [self.read(part.lower), *kept])
                else:
                    add([], [-atom, self.read(part.lower), *kept])
            if part.upper is not None:
                add([], [atom, -self.read(part.upper), *kept])
        uppers = [self.read(literal) for literal in stance.uppers]
        if self.network.founded:
            self.join(atom, stance, [*uppers, *whole])
        if stance.inclination is Inclination.INCLINED:
            add([], [-atom, *uppers, *whole])
        if stance.inclination is Inclination.DISINCLINED:
            add([], [atom, *(-self.read(literal) for literal in stance.lowers), *whole])

    def join(self, atom: int, stance: Stance, content: list[int]) -> None:
        """How somebody comes to attend beside their lower bounds, where only the founded do."""
        if stance.lost:
            self.backend.add_rule([atom], [], choice=True)
        for gone in self.kept(part.statement for part in stance.parts):
            self.backend.add_rule([atom], [-gone], choice=True)
        if stance.inclination is Inclination.OPEN:
            self.backend.add_rule([atom], content, choice=True)
        if stance.inclination is Inclination.INCLINED:
            self.backend.add_rule([atom], content)


def _needed(network: Network, roots: Iterable[int]) -> tuple[bytearray, bytearray]:
    """For every node, whether it is read plainly, and whether negated; backwards from the roots.

    Without foundedness a negated gate is the negation of the plain one, and signs are not told apart.
    """
    size = network.atoms + len(network.gates)
    plain, negated = bytearray(size), bytearray(size)

    def mark(literal: int) -> None:
        if literal >= 0:
            plain[literal] = 1
        else:
            (negated if network.founded else plain)[~literal] = 1

    for literal in roots:
        mark(literal)
    seen: set[tuple[int, bool]] = set()
    for node in range(size - 1, network.atoms - 1, -1):
        number = network.gates[node - network.atoms].sum
        for needed, sign in ((plain, True), (negated, False)):
            if needed[node] and (number, sign) not in seen:
                seen.add((number, sign))
                for literal in network.sums[number].literals:
                    mark(literal if sign else ~literal)
    return plain, negated


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
