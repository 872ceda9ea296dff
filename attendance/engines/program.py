"""A network written as an answer-set program: ground and propositional, rule by rule, never as text.

Outcomes of any kind are written as choices, gates that are defined from them, and constraints; who hangs on
one condition alone is that condition, if it is a short one. For
founded outcomes attendances are derived instead, so that the answer sets are founded by themselves:
each gate that is needed is then written in negation normal form, once for each sign it is read with.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from attendance.engines.weighing import Backend, Weighted, short, write_count, write_sorted, write_threshold
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, node_of


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
        backend.add_rule([*writer.gone.values()], choice=True)
    writer.atoms()
    writer.names()
    writer.gates(asked)
    for x, stance in writer.deciding():
        if x in writer.named:
            writer.follow(*writer.named[x])
        else:
            writer.stance(x, stance)
    for name, literal in network.rules:
        writer.must(literal, name)
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
    named: dict[int, tuple[int, int]] = field(default_factory=dict)
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
                backend.add_rule([self.true[node]], choice=value is None)

    def names(self) -> None:
        """Calls a short condition by the one who comes just if it holds, if somebody does whatever is set aside."""
        if self.network.founded or self.gone:
            return
        for x, stance in self.deciding():
            literal = _following(stance)
            gate = None if literal is None else self.gate_of(literal)
            if literal is not None and gate is not None and gate.taken is None:
                key = (gate.sum, True, gate.quota)
                weights = [w for w in self.table(gate.sum, True).values() if w]
                if key not in self.thresholds and short(gate.quota, weights):
                    self.thresholds[key] = self.true[x] if literal >= 0 else -self.true[x]
                    self.named[x] = (gate.sum, gate.quota)

    def follow(self, number: int, quota: int) -> None:
        """That somebody comes, or stays away, just if the condition that is called by them holds."""
        weighted = [(self.read(a), w) for a, w in self.table(number, True).items() if w]
        need = short(quota, [w for _, w in weighted])
        assert need is not None
        write_count(self.backend, self.thresholds[number, True, quota], need, [literal for literal, _ in weighted])

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

    def gate_of(self, literal: int) -> Gate | None:
        """The gate of a literal, if it is one of a gate."""
        number = node_of(literal) - self.network.atoms
        return self.network.gates[number] if number >= 0 else None

    def own(self, x: int, literal: int) -> Gate | None:
        """The gate of a literal, if it takes x to be there in a sum that other gates share."""
        gate = self.gate_of(literal)
        return gate if gate is not None and gate.taken == x and self.users[gate.sum] > 1 else None

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
        need = None if self.network.founded else short(quota, [weight for _, weight in weighted])
        if need is None:
            write_threshold(self.backend, head, quota, weighted)
        else:
            self.backend.add_rule([head], choice=True)
            write_count(self.backend, head, need, [literal for literal, _ in weighted])
        return head

    def must(self, literal: int, *unless: str) -> None:
        """What has to hold, unless its rule is set aside."""
        self.backend.add_rule([], [-self.read(literal), *self.kept(unless)])

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
            add([atom], choice=True)
        for kept in self.kept(names):
            add([atom], [-kept], choice=True)

    def joins(self, atom: int, conditions: Sequence[_Seen], kept: Sequence[int]) -> None:
        """Whoever is away would have to come; whoever attends may have come by what held before."""
        self.backend.add_rule([atom], [*(c.away for c in conditions), *kept])
        if any(c.joining != c.away for c in conditions):
            self.backend.add_rule([atom], [*(c.joining for c in conditions), *kept], choice=True)


def _following(stance: Stance) -> int | None:
    """The literal that somebody's coming is, if it hangs on one bound alone."""
    lowers, uppers = stance.lowers, stance.uppers
    if stance.inclination is Inclination.DISINCLINED and len(lowers) == 1 and not uppers:
        return lowers[0]
    if stance.inclination is Inclination.INCLINED and len(uppers) == 1 and not lowers:
        return uppers[0]
    return None


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
