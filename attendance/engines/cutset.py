"""What must be chosen so that all else follows: the open attendances, unknown facts, and a cut of every circle.

Whoever is inclined attends just when all that they ask for holds, whoever is disinclined just when any
lower bound does: so those values follow, one after the other, wherever no circle leads back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from attendance.engines.joining import strong_parts
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, node_of

AT_ONCE = 50
"""One in so many people of a circle are cut out of it at once."""
DIRECT = 64
"""Gates that take an attendance as true read so small a sum without it; a larger one as a whole."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Atoms to choose values for, and the other nodes in an order in which each follows from those before."""

    choices: tuple[int, ...]
    order: tuple[int, ...]


def cut(network: Network, most: int) -> Cut | None:
    """A small cut of a network; None if more than `most` atoms are chosen.

    The circles are cut greedily, at those who ask the most and are asked about the most: a feedback vertex
    set that need not be the smallest.
    """
    given = {a for a, v in enumerate(network.fixed) if v is not None}
    choices = {a for a in range(network.atoms) if a not in given and not _follows(network, a)}
    if len(choices) > most:
        return None
    reads = _reads(network, given | choices)
    asked = [0] * len(reads)
    for read in reads:
        for node in read:
            asked[node] += 1
    part = strong_parts(reads, range(len(reads)))
    circles = _circles(part, reads)
    while circles:
        found = []
        for circle in circles:
            people = [x for x in circle if x < network.attendances]
            best = nlargest(len(people) // AT_ONCE + 1, people, key=lambda x: (len(reads[x]) * asked[x], -x))
            choices.update(best)
            if len(choices) > most:
                return None
            for x in best:
                reads[x] = []
            inside = set(circle)
            kept: Mapping[int, list[int]] = {n: [r for r in reads[n] if r in inside] for n in circle}
            found += _circles(strong_parts(kept, circle), kept)
        circles = found
    order = strong_parts(reads, range(network.atoms + len(network.gates)))
    return Cut(
        tuple(sorted(choices)),
        tuple(n for n in order if n < network.atoms + len(network.gates) and n not in given and n not in choices),
    )


def _follows(network: Network, atom: int) -> bool:
    """Whether the value of an atom follows from what it reads."""
    if atom >= network.attendances:
        return False
    stance = network.stances[atom]
    return stance.inclination is not Inclination.OPEN and not stance.lost


def _reads(network: Network, sources: set[int]) -> list[list[int]]:
    """What each node hangs on: atoms, gates, then the sums that gates share."""
    sums = network.atoms + len(network.gates)
    reads: list[list[int]] = []
    for x, stance in enumerate(network.stances):
        of = stance.uppers if stance.inclination is Inclination.INCLINED else stance.lowers
        reads.append([] if x in sources else [node_of(q) for q in of])
    reads += [[] for _ in range(network.facts)]
    reads += [_inputs(network, gate, sums) for gate in network.gates]
    reads += [[node_of(q) for q in of.literals] for of in network.sums]
    return reads


def _inputs(network: Network, gate: Gate, sums: int) -> list[int]:
    of = network.sums[gate.sum]
    if gate.taken is not None and len(of.literals) <= DIRECT:
        return [node_of(q) for q in of.literals if node_of(q) != gate.taken]
    return [sums + gate.sum]


def _circles(part: Mapping[int, int], reads: Mapping[int, list[int]] | Sequence[list[int]]) -> list[list[int]]:
    """The strongly connected parts in which anybody hangs on themselves."""
    found: dict[int, list[int]] = {}
    for node, number in part.items():
        found.setdefault(number, []).append(node)
    return [nodes for nodes in found.values() if len(nodes) > 1 or nodes[0] in reads[nodes[0]]]
