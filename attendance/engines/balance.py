"""Where propagation is exact: everything can be switched to pull one way, and nothing can clash.

If the signs can be given to what is undecided so that all is monotone (Harary, 1953: a signed graph is
balanced when no circle of it has an odd number of negative edges), the least and the greatest fixed
point are outcomes, and propagation stops just between them (Knaster and Tarski).
"""

from attendance.network import Network, Stance, node_of


def is_exact(network: Network) -> bool:
    """Whether all that propagation leaves undecided can be true, and can be false, all founded or not.

    Sound, not complete; linear. There is then an outcome, whatever is assumed of whomever.
    """
    return (
        not (network.founded or network.rules or network.given)
        and is_balanced(network)
        and not any(is_tearable(stance) for stance in network.stances)
    )


def is_tearable(stance: Stance) -> bool:
    """Whether both bounds are there, and may ask for opposite things."""
    lowers, uppers = stance.lowers, stance.uppers
    return bool(lowers and uppers) and not set(lowers) == set(uppers) == {lowers[0]}


def is_balanced(network: Network) -> bool:
    """Whether signs can be given to all nodes that people hang on, so that each rises with all that it reads.

    Whoever somebody hangs on comes next, so that a circle that clashes is met, and ends it, soon.
    """
    signs, sums, fixed = Signs(), network.atoms, network.fixed
    seen = bytearray(network.atoms + len(network.sums))  # the nodes here: the atoms, then the sums
    for person in range(network.attendances):
        stack = [] if seen[person] or fixed[person] is not None else [person]
        while stack:
            reader = stack.pop()
            if seen[reader]:
                continue
            seen[reader] = 1
            stance = network.stances[reader] if reader < sums else None
            for literal in network.sums[reader - sums].literals if stance is None else (*stance.lowers, *stance.uppers):
                node = node_of(literal)
                if node >= network.atoms:
                    node = sums + network.gates[node - network.atoms].sum
                elif fixed[node] is not None:
                    continue
                signs.tie(reader, node, literal < 0)
                if not (node >= network.attendances and node < sums):
                    stack.append(node)
            if not signs.sound:
                return False
    return True


class Signs:
    """Union-find with parity: which nodes rise and fall together; unsound once one would do both."""

    def __init__(self) -> None:
        self.sound = True
        self._parent: dict[int, tuple[int, bool]] = {}

    def root(self, node: int) -> tuple[int, bool]:
        """The node that stands for all that are tied to it, and whether it is turned against it."""
        path = []
        turned = False
        while node in self._parent:
            path.append(node)
            node, against = self._parent[node]
            turned ^= against
        whole = turned
        for step in path:
            _, against = self._parent[step]
            self._parent[step] = (node, turned)
            turned ^= against
        return node, whole

    def tie(self, a: int, b: int, against: bool) -> None:
        """Tie two nodes, for or against each other."""
        (x, of_a), (y, of_b) = self.root(a), self.root(b)
        if x != y:
            self._parent[x] = (y, of_a ^ of_b ^ against)
        elif of_a ^ of_b != against:
            self.sound = False
