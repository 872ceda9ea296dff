"""A literal watched: it becomes an attendance of its own, so that it has a verdict as anybody has."""

from attendance.model.sayings import Inclination
from attendance.network import Network, Part, Stance, Sum


def watched(network: Network, literal: int) -> Network:
    """The network with one attendance more, after all others, which is what the literal is.

    Facts and gates are numbered one higher. Founded or not, it attends just where the literal holds in
    an outcome.
    """
    people = network.attendances

    def moved(q: int) -> int:
        return q + 1 if q >= people else q if q >= 0 else ~moved(~q)

    def stance(of: Stance) -> Stance:
        parts = tuple(
            Part(name, None if lower is None else moved(lower), None if upper is None else moved(upper))
            for name, lower, upper in of.parts
        )
        return of._replace(parts=parts)

    own = Stance((Part("\0watched", lower=moved(literal)),), Inclination.DISINCLINED)
    return Network(
        (*map(stance, network.stances), own),
        network.facts,
        tuple(Sum(tuple(map(moved, of.literals)), of.weights) for of in network.sums),
        network.gates,
        (*network.fixed[:people], None, *network.fixed[people:]),
        tuple((name, moved(q)) for name, q in network.rules),
        tuple(map(moved, network.given)),
        network.founded,
    )
