"""A game whose equilibria are known: who buys the lawn mower, where one in the neighbourhood is enough?

Each comes to do the work unless a neighbour does. The equilibria of this best-shot game (Bramoulle and Kranton 2007)
are the maximal independent sets of the network; on a ring their number is a Perrin number (Bisdorff and Marichal,
Journal of Integer Sequences 11, 2008). An outcome is an equilibrium here, so the library has to find just these.
What this prints is kept in expected/best_shot.txt.
"""

from itertools import product

import attendance as at

COST, GOOD = 1, 2


def game(network: dict[str, list[str]]) -> at.Case:
    """Each does the work unless a neighbour does."""
    return at.case("\n".join(f"{who} attends unless {' or '.join(near)}" for who, near in network.items()))


def payoff(who: str, working: set[str], network: dict[str, list[str]]) -> int:
    """What it is worth: the good, if anybody near provides it, less the cost of one's own work."""
    return GOOD * bool(working & {who, *network[who]}) - COST * (who in working)


def equilibria(network: dict[str, list[str]]) -> set[frozenset[str]]:
    """By the definition: the sets in which nobody would be better off by changing their mind alone."""
    sets = [
        {who for who, works in zip(network, state, strict=True) if works}
        for state in product((0, 1), repeat=len(network))
    ]
    return {
        frozenset(working)
        for working in sets
        if all(payoff(who, working, network) >= payoff(who, working ^ {who}, network) for who in network)
    }


def ring(size: int) -> dict[str, list[str]]:
    """Neighbours in a circle."""
    return {f"p{i}": [f"p{(i - 1) % size}", f"p{(i + 1) % size}"] for i in range(size)}


STAR = {"hub": ["a", "b", "c", "d"], "a": ["hub"], "b": ["hub"], "c": ["hub"], "d": ["hub"]}
CLIQUE = {who: [other for other in "abcde" if other != who] for who in "abcde"}
print("network     equilibria  by the definition")
for name, network in {"star": STAR, "everybody": CLIQUE, "ring of 10": ring(10)}.items():
    found = {outcome.attending for outcome in at.outcomes(game(network))}
    print(f"{name:10}  {len(found):10}  {'the same' if found == equilibria(network) else 'DIFFERENT'}")

print()
print("On a star:", " or ".join(", ".join(sorted(o.attending)) for o in at.outcomes(game(STAR), order="fewest")))
fewest, most = at.resolve(game(ring(30))).gatherings["meeting"].turnout
print(f"On a ring of 30 between {fewest} and {most} do the work.")

perrin = [3, 0, 2]
while len(perrin) <= 30:
    perrin.append(perrin[-2] + perrin[-3])
print()
print("ring  equilibria     Perrin")
for size in (3, 4, 5, 10, 20, 30):
    print(f"{size:4}  {at.count(game(ring(size))):10,} {perrin[size]:10,}")

print()
print("Everybody looks at the left only:")
for size in (4, 5):
    left = at.case("\n".join(f"p{i} attends unless p{(i - 1) % size}" for i in range(size)))
    found = [sorted(outcome.attending) for outcome in at.outcomes(left)]
    print(
        f"  {size} in a circle:", " or ".join(map(", ".join, found)) if found else "no equilibrium (the circle is odd)"
    )
