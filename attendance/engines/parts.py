"""Networks taken apart: into connected parts, and down to what is still undecided."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from attendance.gates import FALSE, TRUE, Gates, Weighed, weighed
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


def components(
    network: Network, values: Sequence[bool | None] | None = None, kept: Iterable[int] = ()
) -> list[Component]:
    """The connected parts, in the order of their first atom; fixed atoms connect nothing, and are in none.

    A rule or given that hangs on nothing open is a part of its own. With the `values` of all nodes, decided
    atoms connect nothing either, and only the `kept` of them are in a part: those who tie others.
    """
    links = _Links(network, values, kept)
    found: dict[object, Component] = {}
    for atom in links.atoms:
        found.setdefault(links.find(atom), Component()).atoms.append(atom)
    for rule in network.rules:
        root = links.root(rule[1])
        found.setdefault(rule[0] if root is None else root, Component()).rules.append(rule)
    for literal in network.given:
        root = links.root(literal)
        found.setdefault((literal,) if root is None else root, Component()).given.append(literal)
    return list(found.values())


def inputs(network: Network, node: int) -> Iterator[int]:
    """The nodes that a gate reads."""
    return map(node_of, network.sums[network.gates[node - network.atoms].sum].literals)


def others(network: Network, node: int) -> Iterator[int]:
    """The nodes that a gate reads, but for whom it takes to be there."""
    gate = network.gates[node - network.atoms]
    return (n for n in map(node_of, network.sums[gate.sum].literals) if n != gate.taken)


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


def _undecided(values: Iterable[bool | None]) -> list[int]:
    return [a for a, value in enumerate(values) if value is None]


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
    """Union-find over atoms: what stands in one bound, rule or given is one part.

    Each sum is gone through for the first one that hangs on it, and whoever comes later is tied to that one.
    """

    def __init__(self, network: Network, values: Sequence[bool | None] | None, kept: Iterable[int]) -> None:
        self.network = network
        self.open = _open_nodes(network) if values is None else [v is None for v in values]
        of = range(network.atoms) if values is None else sorted({*_undecided(values[: network.atoms]), *kept})
        self.atoms = [a for a in of if network.fixed[a] is None]
        self.parent = list(range(network.atoms))
        self.first = [-1] * len(network.sums)
        speaking: dict[str, int] = {}  # delegates of one statement are in one part: it is set aside whole
        for x in self.atoms:
            if x < network.attendances:
                for statement, lower, upper in network.stances[x].parts:
                    speaker = speaking.setdefault(statement, x)
                    if speaker != x:
                        self.join(self.find(speaker), x)
                    if lower is not None:
                        self.tie(x, lower)
                    if upper is not None and upper != lower:
                        self.tie(x, upper)
        for literal in [*(rule for _, rule in network.rules), *network.given]:
            atom = self.anchor(literal)
            if atom is not None:
                self.tie(atom, literal)

    def tie(self, atom: int, literal: int) -> None:
        """Tie an atom to all that a literal hangs on."""
        network, open_, first = self.network, self.open, self.first
        atoms, stack, root = network.atoms, [literal], self.find(atom)
        while stack:
            node = stack.pop()
            if node < 0:
                node = ~node
            if not open_[node]:
                continue
            if node < atoms:
                root = self.join(root, node)
                continue
            number = network.gates[node - atoms].sum
            if first[number] < 0:
                first[number] = atom
                stack += network.sums[number].literals
            else:
                root = self.join(root, first[number])

    def anchor(self, literal: int) -> int | None:
        """An open atom that a literal hangs on; None if there is none."""
        stack, seen = [node_of(literal)], set[int]()
        while stack:
            node = stack.pop()
            if node in seen or not self.open[node]:
                continue
            if node < self.network.atoms:
                return node
            seen.add(node)
            stack += inputs(self.network, node)
        return None

    def root(self, literal: int) -> int | None:
        """What stands for the part of a literal; None if that hangs on nothing open."""
        atom = self.anchor(literal)
        return None if atom is None else self.find(atom)

    def find(self, atom: int) -> int:
        """What stands for the part of an atom: the first atom of it."""
        parent = self.parent
        while parent[atom] != atom:
            parent[atom] = atom = parent[parent[atom]]
        return atom

    def join(self, root: int, atom: int) -> int:
        """Make one part of that with this root and an atom's; gives its root."""
        other = self.find(atom)
        low, high = (root, other) if root < other else (other, root)
        self.parent[high] = low
        return low


def fragment(network: Network, atoms: Sequence[int], values: Sequence[bool | None], part: Component) -> Fragment:
    """The network of those atoms of a part (in order), the part's other atoms at their values.

    Those are attendances that propagation has decided. What their bounds still demand becomes a given.
    """
    copy = _Copy(network, Gates(len(atoms)), {atom: i for i, atom in enumerate(atoms)}, values)
    kept = set(atoms)
    stances = tuple(copy.stance(x) for x in atoms if x < network.attendances)
    given = [copy.literal(q) for q in part.given]
    given += [q for x in part.atoms if x not in kept for q in copy.demands(x)]
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
            number, quota, taken = self.network.gates[top - self.network.atoms]
            of = self.sums.get(number)
            if of is None:
                missing, literals = self.copied(number)
                if missing:
                    stack += missing
                    continue
                of = self.sums[number] = weighed(zip(literals, self.network.sums[number].weights, strict=True))
            stack.pop()
            if top not in self.new:
                self.new[top] = self.gates.at_least(quota, of) if taken is None else self.taking(of, top)
        return self.new[node]

    def copied(self, number: int) -> tuple[list[int], list[int]]:
        """The gates that a sum reads and that are still to be copied; if there are none, its literals as copied."""
        new, missing, literals = self.new, [], []
        for q in self.network.sums[number].literals:
            node = q if q >= 0 else ~q
            found = new.get(node)
            if found is None:
                value = self.value(node)
                if value is None:
                    missing.append(node)
                    continue
                found = TRUE if value else FALSE
            literals.append(found if q >= 0 else ~found)
        return missing, literals

    def taking(self, of: Weighed, node: int) -> int:
        """A gate that takes an attendance as true, over a sum that is copied."""
        number, quota, taken = self.network.gates[node - self.network.atoms]
        assert taken is not None
        own = self.new.get(taken)
        if own is None or ~own in of.weight or not self.plain(number):
            return self.gates.at_least(quota, self.sum(number, taken))
        return self.gates.at_least(quota, of, own)

    def plain(self, number: int) -> bool:
        """Whether a sum reads atoms alone, so that no gate of it can fold to the one taken as true."""
        if number not in self.plains:
            atoms = self.network.atoms
            self.plains[number] = all(-atoms <= q < atoms for q in self.network.sums[number].literals)
        return self.plains[number]

    def sum(self, number: int, taken: int) -> Weighed:
        """A sum with an attendance taken as true."""
        of = self.network.sums[number]
        return weighed(
            (TRUE if q == taken else FALSE if q == ~taken else self.literal(q), w)
            for q, w in zip(of.literals, of.weights, strict=True)
        )

    def stance(self, x: int) -> Stance:
        """A position: bounds that can no longer bind are none."""
        stance = self.network.stances[x]
        parts = tuple(
            [Part(name, self.bound(lower, FALSE), self.bound(upper, TRUE)) for name, lower, upper in stance.parts]
        )
        return Stance(parts, stance.inclination, stance.lost)

    def bound(self, literal: int | None, idle: int) -> int | None:
        """A bound as copied, None where it is the constant that asks for nothing."""
        if literal is None:
            return None
        found = self.literal(literal)
        return None if found == idle else self.final(found)

    def demands(self, x: int) -> list[int]:
        """What the bounds of a decided attendance ask of the undecided; its inclination was followed by deciding it."""
        parts = self.network.stances[x].parts
        if self.values[x]:
            return [self.literal(part.upper) for part in parts if part.upper is not None]
        return [~self.literal(part.lower) for part in parts if part.lower is not None]
