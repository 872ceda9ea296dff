"""A propagation read backwards: from what was decided to what decided it."""

from attendance.engines.propagation import Propagation, propagate
from attendance.network import Network, node_of


class Chain:
    """The propagation of a network, read backwards: from what was decided to what decided it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.run: Propagation = propagate(network)
        self.rank = {node: i for i, node in enumerate(self.run.order)}

    def to(self, atom: int, value: bool) -> list[int] | None:
        """The atoms that lead to an atom's value, causes first; None where propagation does not get there."""
        if self.run.values[atom] is not value:
            return None
        needed: set[int] = set()
        stack = [atom]
        while stack:
            node = stack.pop()
            if node not in needed:
                needed.add(node)
                stack += self.premises(node)
        return sorted(needed, key=self.rank.__getitem__)

    def ids(self, atom: int) -> list[str]:
        """The statements whose bounds decided an atom."""
        if atom >= self.network.attendances or self.network.fixed[atom] is not None:
            return []
        return [statement for statement, _ in self.reasons(atom)]

    def reasons(self, x: int) -> list[tuple[str, int | None]]:
        """The statements that decided an attendance, each with the literal that did, true or false."""
        stance, value, values = self.network.stances[x], self.run.values[x], self.run.values
        for part in stance.parts:
            bound = part.lower if value else part.upper
            if bound is not None and self.known(bound) is value and self.before(bound, x):
                return [(part.statement, bound)]
        side = [(p.statement, p.upper if value else p.lower) for p in stance.parts]
        assert values[x] is not None, "asked of what is decided"
        return side

    def premises(self, atom: int) -> list[int]:
        """The atoms that an atom's value was read from."""
        if atom >= self.network.attendances or self.network.fixed[atom] is not None:
            return []
        found: dict[int, None] = {}
        stack = [bound for _, bound in self.reasons(atom) if bound is not None]
        while stack:
            literal = stack.pop()
            node = node_of(literal)
            if node < self.network.atoms:
                found[node] = None
            else:
                stack += self.support(node)
        return list(found)

    def before_it(self, atom: int) -> list[int]:
        """The premises of an atom, in the order in which they were decided."""
        return sorted(self.premises(atom), key=self.rank.__getitem__)

    def support(self, node: int) -> list[int]:
        """Enough literals of a gate, in the order they were decided, to decide the gate."""
        gate = self.network.gates[node - self.network.atoms]
        of = self.network.sums[gate.sum]
        value = self.run.values[node]
        weight, whole = 0, sum(of.weights)
        decided = [
            (self.rank[node_of(q)], q, w)
            for q, w in zip(of.literals, of.weights, strict=True)
            if node_of(q) in self.rank and self.before(q, node) and w
        ]
        if gate.taken is not None:
            for q, w in zip(of.literals, of.weights, strict=True):
                if gate.taken in (q, ~q) and (q >= 0) is value:
                    weight += w
        enough: list[int] = []
        for _, q, w in sorted(decided):
            if self.known(q) is not value or gate.taken in (q, ~q):
                continue
            if weight >= (gate.quota if value else whole - gate.quota + 1):
                break
            weight += w
            enough.append(q)
        return enough

    def known(self, literal: int) -> bool | None:
        """The value of a literal, where propagation decides it."""
        value = self.run.values[node_of(literal)]
        return value if value is None or literal >= 0 else not value

    def before(self, literal: int, node: int) -> bool:
        """Whether a literal was decided before a node."""
        return self.rank[node_of(literal)] < self.rank[node]
