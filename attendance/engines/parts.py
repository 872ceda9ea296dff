"""Networks taken apart: into connected parts, and down to what is still undecided."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from attendance.gates import FALSE, TRUE, Gates, Weighed, weighed
from attendance.model.sayings import Inclination
from attendance.network import Network, Part, Stance, node_of


@dataclass(slots=True)
class Component:
    """A connected part: the atoms that bounds, rules and givens tie together, and those that tie them."""

    atoms: list[int] = field(default_factory=list)
    rules: list[tuple[str, int]] = field(default_factory=list)
    given: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A network of some atoms of another: `atoms` has the old number of each."""

    network: Network
    atoms: tuple[int, ...]


def components(network: Network, values: Sequence[bool | None] | None = None) -> list[Component]:
    """The connected parts, in the order of their first atom; fixed atoms connect nothing, and are in none.

    A rule or given that hangs on nothing open is a part of its own. With the `values` of all nodes, decided
    atoms connect nothing either, and only those are in a part that have bounds on both sides.
    """
    links = _Links(network, values)
    found: dict[object, Component] = {}
    for atom in links.atoms:
        found.setdefault(links.find(atom), Component()).atoms.append(atom)
    for rule in network.rules:
        root = links.find(node_of(rule[1]))
        found.setdefault(root if root in found else rule[0], Component()).rules.append(rule)
    for literal in network.given:
        root = links.find(node_of(literal))
        found.setdefault(root if root in found else (literal,), Component()).given.append(literal)
    return list(found.values())


def inputs(network: Network, node: int) -> Iterator[int]:
    """The nodes that a gate reads."""
    return map(node_of, network.sums[network.gates[node - network.atoms].sum].literals)


def reads(
    network: Network, literals: Iterable[int], inputs: Callable[[Network, int], Iterable[int]] = inputs
) -> set[int]:
    """The atoms that literals hang on through gates; `inputs` says what a gate reads."""
    found: set[int] = set()
    seen: set[int] = set()
    stack = [node_of(q) for q in literals]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node < network.atoms:
            found.add(node)
        else:
            stack += inputs(network, node)
    return found


def _open_nodes(network: Network) -> list[bool]:
    """Which nodes hang on an atom that is not fixed: what is constant ties nothing together."""
    open_ = [value is None for value in network.fixed]
    sums: list[bool | None] = [None] * len(network.sums)
    for gate in network.gates:
        found = sums[gate.sum]
        if found is None:
            found = sums[gate.sum] = any(open_[node_of(q)] for q in network.sums[gate.sum].literals)
        open_.append(found)
    return open_


class _Links:
    """Union-find over atoms, gates and sums: what stands in one bound, rule or given is one part."""

    def __init__(self, network: Network, values: Sequence[bool | None] | None = None) -> None:
        self.network = network
        self.sums = network.atoms + len(network.gates)
        self.atoms = [a for a, v in enumerate(network.fixed) if v is None]
        self.open = _open_nodes(network) if values is None else [v is None for v in values]
        if values is not None:
            stances, people = network.stances, network.attendances
            self.atoms = [
                a for a in self.atoms if values[a] is None or (a < people and stances[a].lowers and stances[a].uppers)
            ]
        self.parent = list(range(self.sums + len(network.sums)))
        self.seen = bytearray(len(self.parent))
        speaking: dict[str, int] = {}  # delegates of one statement are in one part: it is set aside whole
        for x in self.atoms:
            if x < network.attendances:
                for part in network.stances[x].parts:
                    self.join(speaking.setdefault(part.statement, x), x)
                    for literal in (part.lower, part.upper):
                        if literal is not None:
                            self.tie(x, node_of(literal))
        for literal in [*(rule for _, rule in network.rules), *network.given]:
            self.tie(node_of(literal), node_of(literal))

    def tie(self, node: int, to: int) -> None:
        """Link two nodes and, once, all that the second one reads."""
        stack = [(node, to)]
        while stack:
            a, b = stack.pop()
            if b < self.sums and not self.open[b]:
                continue
            self.join(a, b)
            if self.seen[b]:
                continue
            self.seen[b] = 1
            if b >= self.sums:
                stack += ((b, node_of(q)) for q in self.network.sums[b - self.sums].literals)
            elif b >= self.network.atoms:
                stack.append((b, self.sums + self.network.gates[b - self.network.atoms].sum))

    def find(self, node: int) -> int:
        parent = self.parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, a: int, b: int) -> None:
        a, b = self.find(a), self.find(b)
        if a != b:
            self.parent[max(a, b)] = min(a, b)


def fragment(network: Network, atoms: Sequence[int], values: Sequence[bool | None], part: Component) -> Fragment:
    """The network of those atoms of a part (in order), the part's other atoms at their values.

    What the part's decided attendances still demand of the others becomes a given: those with bounds on
    both sides, for any other was decided by its bound itself.
    """
    copy = _Copy(network, Gates(len(atoms)), {atom: i for i, atom in enumerate(atoms)}, values)
    kept = set(atoms)
    stances = tuple(copy.stance(x) for x in atoms if x < network.attendances)
    given = [copy.literal(q) for q in part.given]
    given += [q for x in part.atoms if x not in kept and x < network.attendances for q in copy.demands(x)]
    rules = tuple((name, copy.final(copy.literal(q))) for name, q in part.rules)
    held = tuple(copy.final(q) for q in dict.fromkeys(given) if q != TRUE)
    return Fragment(_network(copy.gates, stances, len(atoms), rules, held, network.founded), tuple(atoms))


def combined(
    pieces: Sequence[Fragment], network: Network, values: Sequence[bool | None], asked: Iterable[int]
) -> tuple[Fragment, tuple[int, ...]]:
    """Independent fragments as one, and the literals asked for (of the whole network) in its numbers."""
    found = [(atom < network.attendances, atom) for piece in pieces for atom in piece.atoms]
    atoms = tuple(atom for _, atom in sorted(found, key=lambda pair: not pair[0]))
    new = {atom: i for i, atom in enumerate(atoms)}
    gates = Gates(len(atoms))
    stances: dict[int, Stance] = {}
    rules: list[tuple[str, int]] = []
    given: list[int] = []
    for piece in pieces:
        own = piece.network
        copy = _Copy(own, gates, {i: new[atom] for i, atom in enumerate(piece.atoms)}, own.fixed)
        stances.update((new[piece.atoms[x]], copy.stance(x)) for x in range(own.attendances))
        rules += ((name, copy.final(copy.literal(q))) for name, q in own.rules)
        given += (copy.final(copy.literal(q)) for q in own.given)
    copy = _Copy(network, gates, new, values)
    literals = tuple(copy.final(copy.literal(q)) for q in asked)
    ordered = tuple(stances[x] for x in sorted(stances))
    return Fragment(_network(gates, ordered, len(atoms), tuple(rules), tuple(given), network.founded), atoms), literals


def _network(
    gates: Gates,
    stances: tuple[Stance, ...],
    atoms: int,
    rules: tuple[tuple[str, int], ...],
    given: tuple[int, ...],
    founded: bool,
) -> Network:
    return Network(
        stances,
        atoms - len(stances),
        tuple(gates.sums),
        tuple(gates.gates),
        (None,) * atoms,
        rules,
        given,
        founded,
    )


class _Copy:
    """Literals of one network in the numbers of another, with decided atoms folded away."""

    def __init__(self, network: Network, gates: Gates, new: Mapping[int, int], values: Sequence[bool | None]) -> None:
        self.network, self.gates, self.final = network, gates, gates.literal
        self.new = dict(new)
        self.values = values
        self.sums: dict[int, Weighed] = {}
        self.plains: dict[int, bool] = {}

    def literal(self, literal: int) -> int:
        node = node_of(literal)
        found = self.new.get(node)
        if found is None:
            value = self.value(node)
            found = self.gate(node) if value is None else TRUE if value else FALSE
        return found if literal >= 0 else ~found

    def value(self, node: int) -> bool | None:
        """What is known of a node that is not copied; of an atom, something is."""
        if node < self.network.atoms and self.network.fixed[node] is not None:
            return self.network.fixed[node]
        return self.values[node] if node < len(self.values) else None

    def gate(self, node: int) -> int:
        """Copy a gate after all that it reads, without recursion."""
        stack = [node]
        while stack:
            top = stack[-1]
            gate = self.network.gates[top - self.network.atoms]
            inner = [node_of(q) for q in self.network.sums[gate.sum].literals] if gate.sum not in self.sums else []
            missing = [n for n in inner if n not in self.new and self.value(n) is None]
            if missing:
                stack += missing
                continue
            stack.pop()
            if top not in self.new:
                self.new[top] = self.copy(top)
        return self.new[node]

    def copy(self, node: int) -> int:
        gate = self.network.gates[node - self.network.atoms]
        of = self.sums.get(gate.sum)
        if of is None:
            of = self.sums[gate.sum] = self.sum(gate.sum, None)
        if gate.taken is None:
            return self.gates.at_least(gate.quota, of)
        taken = self.new.get(gate.taken)
        if taken is None or ~taken in of.weight or not self.plain(gate.sum):
            return self.gates.at_least(gate.quota, self.sum(gate.sum, gate.taken))
        return self.gates.at_least(gate.quota, of, taken)

    def plain(self, number: int) -> bool:
        """Whether a sum reads atoms alone, so that no gate of it can fold to the one taken as true."""
        if number not in self.plains:
            atoms = self.network.atoms
            self.plains[number] = all(-atoms <= q < atoms for q in self.network.sums[number].literals)
        return self.plains[number]

    def sum(self, number: int, taken: int | None) -> Weighed:
        of = self.network.sums[number]
        return weighed(
            (TRUE if q == taken else FALSE if taken is not None and q == ~taken else self.literal(q), w)
            for q, w in zip(of.literals, of.weights, strict=True)
        )

    def stance(self, x: int) -> Stance:
        stance = self.network.stances[x]
        parts = []
        for part in stance.parts:
            lower = None if part.lower is None else self.literal(part.lower)
            upper = None if part.upper is None else self.literal(part.upper)
            parts.append(
                Part(
                    part.statement,
                    None if lower is None or lower == FALSE else self.final(lower),
                    None if upper is None or upper == TRUE else self.final(upper),
                )
            )
        return Stance(tuple(parts), stance.inclination, stance.lost)

    def demands(self, x: int) -> list[int]:
        """What the bounds of a decided attendance ask of the undecided."""
        stance = self.network.stances[x]
        if not (stance.lowers and stance.uppers):
            return []
        lowers = [self.literal(q) for q in stance.lowers]
        uppers = [self.literal(q) for q in stance.uppers]
        if self.values[x]:
            wanted = stance.inclination is Inclination.DISINCLINED
            return uppers + ([self.gates.any_of(lowers)] if wanted else [])
        wanted = stance.inclination is Inclination.INCLINED
        return [~q for q in lowers] + ([~self.gates.all_of(uppers)] if wanted else [])
