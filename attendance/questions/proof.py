"""Case splits that refute a theory, each leaf a contradiction by propagation alone: as few as looking ahead finds."""

from collections import Counter
from collections.abc import Iterator

from attendance.certificate import Refuted, Theory, Tree
from attendance.checker import is_refuted, propagate
from attendance.engines.deadline import Deadline
from attendance.engines.parts import components, fragment, node_of
from attendance.network import Network

SPLITS = 5_000
"""The most case splits that are made."""
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
    """Trees that may do, the cheapest to find first: none, one of a connected part alone, one of the whole."""
    yield (None,)
    for part in components(network):
        if part.given or part.rules or len(part.atoms) > 1:
            piece = fragment(network, part.atoms, network.fixed, part)
            tree = splits(piece.network, deadline)
            if tree is not None:
                yield tuple(q if q is None else piece.atoms[q] if q >= 0 else ~piece.atoms[~q] for q in tree)
    whole = splits(network, deadline)
    if whole is not None:
        yield whole


def splits(network: Network, deadline: Deadline) -> Tree | None:
    """Case splits that refute a network; None where there are too many, or there is an outcome."""
    tree: list[int | None] = []
    open_: list[frozenset[int]] = [frozenset()]
    while open_:
        deadline.check()
        split = open_.pop()
        values = propagate(network, split)
        if values is None:
            tree.append(None)
            continue
        literal = _next(network, values, split)
        if literal is None or len(tree) > 2 * SPLITS:
            return None
        tree.append(literal)
        open_ += [split | {~literal}, split | {literal}]
    return tuple(tree)


def _next(network: Network, values: list[bool | None], split: frozenset[int]) -> int | None:
    """The literal to split on: best if both sides are contradictions, or one, or else much is decided on both."""
    best: tuple[tuple[int, int], int] | None = None
    for atom in _much_read(network, values)[:LOOKED_AT]:
        sides = [propagate(network, split | {q}) for q in (atom, ~atom)]
        left = [side.count(None) for side in sides if side is not None]
        score = 2 - len(left), -sum(left)
        literal = atom if sides[0] is None else ~atom  # the shorter case comes first
        if best is None or score > best[0]:
            best = score, literal
        if not left:
            break
    return None if best is None else best[1]


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
