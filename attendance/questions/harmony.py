"""Where nothing can clash: seen from the signs with which people read each other, without a search."""

from collections.abc import Sequence

from attendance.engines.balance import Signs
from attendance.network import Network, node_of
from attendance.questions.circles import circles


def never_torn(network: Network) -> bool:
    """Whether there is an outcome, founded or not, whatever is assumed of whom nothing binds: sound, not complete.

    So it is where no rule, observation or second bound asks for more, and on every circle of who
    reads whom the signs can be switched so that all is monotone: then circle after circle has a
    fixed point (Tarski), and a founded one (Fages, 1994: such programs have answer sets).
    """
    if network.rules or network.given or any(s.lowers and s.uppers for s in network.stances):
        return False
    around = circles(network, set(range(network.atoms)))
    together = dict.fromkeys(around.of.get(x, (x,)) for x, s in enumerate(network.stances) if s.parts)
    return all(_balanced(network, people) for people in together)


def _balanced(network: Network, people: Sequence[int]) -> bool:
    """Whether signs can be given to those people so that each reads the others as they read them."""
    signs = Signs()
    stack: list[int] = []
    for x in people:
        for literal in (*network.stances[x].lowers, *network.stances[x].uppers):
            signs.tie(x, node_of(literal), literal < 0)
            stack.append(node_of(literal))
    inside, seen = frozenset(people), set[int]()
    while stack:
        node = stack.pop()
        if node < network.atoms or node in seen:
            continue
        seen.add(node)
        gate = network.gates[node - network.atoms]
        for literal in network.sums[gate.sum].literals:
            if node_of(literal) == gate.taken:
                continue
            if literal >= network.atoms or ~literal >= network.atoms or node_of(literal) in inside:
                signs.tie(node, node_of(literal), literal < 0)
                stack.append(node_of(literal))
    return signs.sound
