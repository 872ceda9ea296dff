"""How likely is the concert? Players with probabilities, promises that go in a circle, and news that comes in.

Each probability is a fact of its own, and independent of the others. Answers are exact fractions, rounded only to be
printed. What this prints is kept in expected/concert.txt.
"""

from fractions import Fraction
from itertools import product

import attendance as at

CHANCES = {"train-runs": "0.9", "vera-well": "0.8", "max-free": "0.5", "tom-free": "0.5", "snow": "0.3"}
concert = at.case(
    """
    vera attends if vera-well and train-runs         # first violin
    ada attends only if vera                         # viola: not without her
    max attends if max-free or tom                   # two friends, each of whom comes for the other
    tom attends if tom-free or max
    ines attends unless snow                         # cello
    """,
    title="Concert",
    facts=list(CHANCES),
)
asked = {"probabilities": CHANCES, "founded": True}  # nobody comes by a circle of promises alone
quartet = "at least 4 of everyone"

print("How many come?")
for number in range(6):
    found = at.probability(concert, f"exactly {number} of everyone", **asked)
    print(f"  {number}: {float(found.lower):7.2%} {'#' * round(50 * found.lower)}")
found = at.probability(concert, quartet, **asked)
print(f"A quartet at least: {found.lower} = {float(found.lower):.2%}, {'exactly' if found.exact else 'sampled'}.")


def comes(held: dict[str, bool]) -> int:
    """By hand: how many there are in one world, where each of the friends comes if either is free."""
    violin, friends = held["vera-well"] and held["train-runs"], held["max-free"] or held["tom-free"]
    return 2 * violin + 2 * friends + (not held["snow"])


by_hand = Fraction(0)
for state in product((False, True), repeat=len(CHANCES)):
    weight = Fraction(1)
    for chance, holds in zip(CHANCES.values(), state, strict=True):
        weight *= Fraction(chance) if holds else 1 - Fraction(chance)
    by_hand += weight * (comes(dict(zip(CHANCES, state, strict=True))) >= 4)
print("The same by listing all 32 worlds:", by_hand == found.lower)

print()
print("If friends may also come just because the other does, it is an interval:")
wide = at.probability(concert, quartet, probabilities=CHANCES)
print(f"  {float(wide.lower):.2%} to {float(wide.upper):.2%}")

print()
print("News comes in (an observation, by Bayes):")
for news in ("ada", "snow", "tom", "not max"):
    seen = at.probability(concert, quartet, given=[news], **asked)
    print(f"  {news:8} {float(seen.lower):7.2%}   (that itself: {float(seen.evidence):.0%})")

print()
print("What is worth a telephone call? For each point more, the quartet gains:")
slopes = at.sensitivity(concert, quartet, **asked)
for fact in sorted(CHANCES, key=lambda name: -abs(slopes[name][0])):
    print(f"  {fact:11} {float(slopes[fact][0]):+.3f}")
