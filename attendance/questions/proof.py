"""Case splits that refute a theory, each leaf a contradiction by propagation alone: as few as looking ahead finds."""

from collections import Counter
from collections.abc import Iterator, Sequence

from attendance.certificate import Refuted, Theory, Tree
from attendance.checker import is_refuted
from attendance.consequences import Consequences
from attendance.engines.deadline import Deadline
from attendance.engines.parts import components, fragment
from attendance.network import Network, node_of

STEPS = 600
"""How often is propagated before it is given up."""
LOOKED_AT = 32
"""How many atoms are tried before one is split on."""


def refutation(network: Network, theory: Theory, deadline: Deadline) -> Refuted | None:
    """The refutation of a theory that has no outcome; None where it would take too many splits."""
    for tree in _trees(theory.of(network), deadline):
        found = Refuted(theory, tree)
        if is_refuted(network, found):
            return found
    return None


def _trees(network: Network, deadline: Deadline) -> Iterator[Tree]:
    """Trees that may do, the cheapest to find first: none, one of a connected part alone, one of the whole.

    Of a part alone constants are folded, so that more may follow there than in the whole.
    """
    yield (None,)
    found = False
    for part in components(network):
        if part.given or part.rules or any(network.stances[a].parts for a in part.atoms if a < network.attendances):
            piece = fragment(network, part.atoms, network.fixed, part)
            tree = splits(piece.network, deadline)
            if tree is not None:
                found = True
                yield tuple(q if q is None else piece.atoms[q] if q >= 0 else ~piece.atoms[~q] for q in tree)
    whole = splits(network, deadline) if found else None
    if whole is not None:
        yield whole


def splits(network: Network, deadline: Deadline) -> Tree | None:
    """Case splits that refute a network; None where there are too many, or there is an outcome."""
    consequences, tree, steps = Consequences(network), list[int | None](), 0
    open_: list[frozenset[int]] = [frozenset()]
    while open_:
        deadline.check()
        split = open_.pop()
        values = consequences.of(split)
        if values is None:
            tree.append(None)
            continue
        atoms = _much_read(network, values)[:LOOKED_AT]
        steps += 1 + 2 * len(atoms)
        if not atoms or steps > STEPS:
            return None
        literal = _best(consequences, atoms, split)
        tree.append(literal)
        open_ += [split | {~literal}, split | {literal}]
    return tuple(tree)


def _best(consequences: Consequences, atoms: Sequence[int], split: frozenset[int]) -> int:
    """The literal to split on: best if both sides are contradictions, or one, or else much is decided on both."""
    found: list[tuple[int, int, int]] = []
    for atom in atoms:
        sides = [consequences.of(split | {q}) for q in (atom, ~atom)]
        left = [side.count(None) for side in sides if side is not None]
        found.append((2 - len(left), -sum(left), atom if sides[0] is None else ~atom))  # the shorter case first
        if not left:
            break
    return max(found, key=lambda score: score[:2])[2]


def _much_read(network: Network, values: list[bool | None]) -> list[int]:
    """The open atoms, those first that most of what is open reads."""
    reads: Counter[int] = Counter(dict.fromkeys((a for a in range(network.atoms) if values[a] is None), 0))
    for node, gate in enumerate(network.gates, network.atoms):
        if values[node] is None:
            reads.update(node_of(q) for q in network.sums[gate.sum].literals if node_of(q) in reads)
    for x, stance in enumerate(network.stances):
        if values[x] is None:
            bounds = [node_of(q) for q in (*stance.lowers, *stance.uppers)]
            reads.update(q for q in (x, *bounds) if q in reads)
    return [atom for atom, _ in reads.most_common()]
