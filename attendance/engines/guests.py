"""What an invitation has to meet, as gates over who is invited: nobody is taken to be there any more.

A bound is read with the one who speaks there. Of a guest that is so anyway; of somebody left out it makes
each sum that much greater, so that its quota can be lowered instead. So whoever counts the same crowd reads
the same sum, guest or not; and all of those in whose place somebody would come, and who weigh the same in
what that somebody said, are looked at together.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from attendance.engines.deadline import Deadline
from attendance.engines.evaluation import evaluate
from attendance.gates import FALSE, TRUE, Gates, Weighed, weighed
from attendance.network import DISINCLINED, INCLINED, Gate, Network, Stability, Stance, node_of


class Demand(NamedTuple):
    """A reason why an invitation may not do: of a guest, of somebody left out, or of all.

    What is `said` must hold of a guest: all of the literals, and any of the others, if there are some to choose
    from. What somebody would `regret` to miss must not hold of one left out, with them there. `rule` and
    `given` must hold. `ids` are those of the statements, or the rule's, or say which of the givens it is.
    """

    kind: Literal["said", "regret", "rule", "given"]
    ids: tuple[str, ...]
    who: int | None
    every: tuple[int, ...]
    any: tuple[int, ...] | None = None


def demands(network: Network, stability: Stability) -> tuple[Demand, ...]:
    """All that an invitation has to meet, in the order of the case; the assumed are not asked."""
    return tuple(_demands(network, stability))


def _demands(network: Network, stability: Stability) -> Iterator[Demand]:
    for x, stance in enumerate(network.stances):
        if network.fixed[x] is not None:
            continue
        for part in stance.parts:
            if part.upper is not None:
                yield Demand("said", (part.statement,), x, (part.upper,))
        led = stance.inclination is INCLINED
        if stance.inclination is DISINCLINED:
            below = tuple(dict.fromkeys(p.statement for p in stance.parts if p.lower is not None))
            yield Demand("said", below, x, (), stance.lowers)
        if stability != "none" and (led or stance.lowers):
            ids = tuple(dict.fromkeys(p.statement for p in stance.parts))
            yield Demand("regret", ids, x, stance.uppers, None if led else stance.lowers)
    for name, literal in network.rules:
        yield Demand("rule", (name,), None, (literal,))
    for number, literal in enumerate(network.given):
        yield Demand("given", (str(number),), None, (literal,))


class Reading(NamedTuple):
    """How a condition is read: of somebody left out as if there, in the place of somebody, with facts known."""

    outside: int | None = None
    gone: int | None = None
    inside: int | None = None
    facts: tuple[tuple[int, bool], ...] = ()


@dataclass(eq=False)
class Terms:
    """Conditions of a network rebuilt in gates of their own, in which nobody is taken to be there."""

    network: Network

    def __post_init__(self) -> None:
        network = self.network
        self.gates = Gates(network.atoms)
        self.unknown = [a for a in range(network.attendances, network.atoms) if network.fixed[a] is None]
        self._built: dict[Reading, dict[int, int]] = {}
        self._cones: dict[int, tuple[int, ...]] = {}
        self._inner: dict[int, tuple[int, ...]] = {}
        self._rivals: dict[object, tuple[tuple[int, ...], ...]] = {}
        self._tables: dict[int, dict[int, tuple[int, int]]] = {}
        self._sums: dict[tuple[int, tuple[int, ...], int | None], Weighed] = {}

    def demanded(self, demand: Demand, reading: Reading) -> int:
        """The literal of a demand as it is read, constants as such."""
        every = [self.literal(q, reading) for q in demand.every]
        if demand.any is not None:
            every.append(self.gates.any_of([self.literal(q, reading) for q in demand.any]))
        return self.gates.all_of(every)

    def literal(self, literal: int, reading: Reading) -> int:
        """A literal of the network as it is read."""
        node = node_of(literal)
        if node < self.network.atoms:
            found = self.atom(node, reading)
        else:
            new = self._built.setdefault(reading, {})
            for each in self.cone(node):
                if each not in new:
                    new[each] = self.gate(self.network.gates[each - self.network.atoms], reading, new)
            found = new[node]
        return found if literal >= 0 else ~found

    def atom(self, atom: int, reading: Reading) -> int:
        """An atom, or its value where that is known."""
        value = self.network.fixed[atom]
        if value is None and atom >= self.network.attendances:
            value = dict(reading.facts).get(atom)
        if atom in (reading.inside, reading.outside, reading.gone):
            value = atom != reading.gone
        return atom if value is None else TRUE if value else FALSE

    def gate(self, gate: Gate, reading: Reading, new: Mapping[int, int]) -> int:
        """A gate whose inner ones are built: the sum as it is, and the quota by so much lower as it would rise."""
        known = (None, reading.inside, reading.outside, reading.gone)
        of = self.weighed(gate.sum, reading, new, None if gate.taken in known else gate.taken)
        quota = gate.quota
        table = self._table(gate.sum)  # not the weights as built: an inner gate may have folded to somebody
        if reading.outside is not None:
            plain, negated = table.get(reading.outside, (0, 0))
            quota -= plain - negated
        if reading.gone is not None and gate.taken != reading.gone:
            plain, negated = table.get(reading.gone, (0, 0))
            quota -= negated - plain
        return self.gates.at_least(quota, of)

    def weighed(self, number: int, reading: Reading, new: Mapping[int, int], taken: int | None) -> Weighed:
        """A sum with its inner gates as they are built; `taken` is read as true in it, if anybody is."""
        of = self.network.sums[number]
        inner = self._within_sum(number)
        built = tuple([self._within(of.literals[i], reading, new) for i in inner])
        found = self._sums.get((number, built, taken))
        if found is None:
            literals = [self._plain(q, taken) for q in of.literals]
            for i, q in zip(inner, built, strict=True):
                literals[i] = q
            found = self._sums[number, built, taken] = weighed(zip(literals, of.weights, strict=True))
        return found

    def _within_sum(self, number: int) -> tuple[int, ...]:
        """At which places of a sum there is no attendance, but a fact or a gate."""
        found = self._inner.get(number)
        if found is None:
            literals = enumerate(self.network.sums[number].literals)
            found = self._inner[number] = tuple(i for i, q in literals if node_of(q) >= self.network.attendances)
        return found

    def _gates_in(self, number: int) -> list[int]:
        """The gates that a sum reads."""
        literals = self.network.sums[number].literals
        return [n for i in self._within_sum(number) if (n := node_of(literals[i])) >= self.network.atoms]

    def _within(self, literal: int, reading: Reading, new: Mapping[int, int]) -> int:
        node = node_of(literal)
        found = new[node] if node >= self.network.atoms else self.atom(node, reading)
        return found if literal >= 0 else ~found

    def _plain(self, literal: int, taken: int | None) -> int:
        node = node_of(literal)
        value = True if node == taken else self.network.fixed[node] if node < self.network.atoms else None
        return literal if value is None else TRUE if value is (literal >= 0) else FALSE

    def cone(self, node: int) -> tuple[int, ...]:
        """The gates that a gate hangs on, itself the last."""
        found = self._cones.get(node)
        if found is None:
            seen, stack, atoms = set[int](), [node], self.network.atoms
            while stack:
                top = stack.pop()
                if top not in seen:
                    seen.add(top)
                    stack += self._gates_in(self.network.gates[top - atoms].sum)
            found = self._cones[node] = tuple(sorted(seen))
        return found

    def rivals(self, demand: Demand, place: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """Those at a place in whose stead somebody might come, together where they weigh the same in what was said."""
        nodes = {node_of(q) for q in (*demand.every, *(demand.any or ()))}
        cone = sorted({n for node in nodes if node >= self.network.atoms for n in self.cone(node)})
        gates = [self.network.gates[n - self.network.atoms] for n in cone]
        alone = frozenset(place) & ({*nodes, *(gate.taken for gate in gates)} - {demand.who})
        numbers = tuple(n for n in dict.fromkeys(gate.sum for gate in gates) if self._table(n))
        found = self._rivals.get((numbers, alone, place[0]))
        if found is None:
            tables = [self._table(number) for number in numbers]
            roles: dict[object, list[int]] = {}
            for y in place:
                role = (y if y in alone else None, *[table.get(y) for table in tables])
                roles.setdefault(role, []).append(y)
            found = self._rivals[numbers, alone, place[0]] = tuple(map(tuple, roles.values()))
        return found

    def _table(self, number: int) -> dict[int, tuple[int, int]]:
        """The weights of each attendance in a sum, plain and negated."""
        found = self._tables.get(number)
        if found is None:
            found = self._tables[number] = {}
            for q, weight in zip(*self.network.sums[number], strict=True):
                if node_of(q) < self.network.attendances:
                    plain, negated = found.get(node_of(q), (0, 0))
                    found[node_of(q)] = (plain + weight, negated) if q >= 0 else (plain, negated + weight)
        return found

    # --- values ---

    def values(self, people: Sequence[bool]) -> list[bool | None]:
        """The value of every node of these gates where those people attend, None where unknown facts decide."""
        network = self.network
        atoms = [*people, *network.fixed[network.attendances :]]
        return evaluate(self.built(atoms), atoms)

    def built(
        self, fixed: Sequence[bool | None], stances: tuple[Stance, ...] | None = None, given: tuple[int, ...] = ()
    ) -> Network:
        """A network of these gates, with what is asked of its people."""
        network, gates = self.network, self.gates
        stances = (Stance(),) * network.attendances if stances is None else stances
        return Network(stances, network.facts, tuple(gates.sums), tuple(gates.gates), tuple(fixed), given=given)

    def valuation(
        self, literal: int, wanted: bool, people: Sequence[bool], deadline: Deadline
    ) -> tuple[tuple[int, bool], ...] | None:
        """Values of the unknown facts with which a literal has the value wanted, where those people attend.

        Facts are tried one after the other, as long as they leave it open; those that decide nothing are false.
        """
        cone = self._read(literal)
        unknown = [a for a in self.unknown if a in cone]
        known = dict(enumerate([*people, *self.network.fixed[len(people) :]]))
        stack: list[dict[int, bool]] = [{}]
        while stack:
            deadline.check()
            facts = stack.pop()
            value = self._value(literal, cone, {**known, **facts})
            if value is wanted:
                return tuple((a, facts.get(a, False)) for a in self.unknown)
            if value is None:
                fact = next(a for a in unknown if a not in facts)
                stack += [{**facts, fact: True}, {**facts, fact: False}]
        return None

    def _read(self, literal: int) -> list[int]:
        """The nodes of these gates that a literal hangs on, in order."""
        seen, stack, base = set[int](), [node_of(literal)] if literal not in (TRUE, FALSE) else [], self.network.atoms
        while stack:
            top = stack.pop()
            if top not in seen:
                seen.add(top)
                if top >= base:
                    stack += map(node_of, self.gates.sums[self.gates.gates[top - base].sum].literals)
        return sorted(seen)

    def _value(self, literal: int, cone: Sequence[int], of: dict[int, bool | None]) -> bool | None:
        """What is decided of a literal, of the values of atoms."""
        if literal in (TRUE, FALSE):
            return literal == TRUE
        for node in cone[bisect_left(cone, self.network.atoms) :]:
            gate = self.gates.gates[node - self.network.atoms]
            low = high = 0
            for q, weight in zip(*self.gates.sums[gate.sum], strict=True):
                value = of[node_of(q)]
                low += weight if value is (q >= 0) else 0
                high += weight if value is not (q < 0) else 0
            of[node] = True if low >= gate.quota else False if high < gate.quota else None
        value = of[node_of(literal)]
        return value if value is None or literal >= 0 else not value
