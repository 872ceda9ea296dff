"""Published numbers of voting power, found again: the Security Council, and the Council of the six.

Security Council: nine of fifteen, and none of the five with a veto against. The index of Shapley and Shubik is printed
in many textbooks: 4/2145 for each of the ten elected members, and the rest for the five. Banzhaf's swings are counted
by hand: C(10, 4) + ... + C(10, 10), and C(9, 3). The six of 1958: Luxembourg, with one vote of 17, never counts
(Games 9 (2), 29, 2018). What this prints is kept in expected/voting_power.txt.
"""

from fractions import Fraction
from math import comb
from pathlib import Path

import attendance as at

SEEDS = Path(__file__).parent.parent / "seeds"

# To attend is to vote in favour. Nobody has said anything, so every set of members is possible.
power = at.pivots(at.load(SEEDS / "security-council-1965.yaml"), "decision is held")
elected = Fraction(4, 2145)
published = {
    "china": ((1 - 10 * elected) / 5, sum(comb(10, k) for k in range(4, 11))),
    "e1": (elected, comb(9, 3)),
}
print("Security Council     Shapley-Shubik  published  swings  by hand  veto")
for name, (shapley, swings) in published.items():
    pivot = power[name]
    print(
        f"{name:20} {pivot.shapley!s:>14} {shapley!s:>10} {pivot.swings:7} {swings:8}  {'yes' if pivot.veto else 'no'}"
    )
ratio = power["china"].shapley / power["e1"].shapley
print(f"One with a veto weighs {float(ratio):.0f} times as much as one without.")
smallest = next(iter(power.minimal_winning()))
print(f"{power.winning} of {2**15:,} votes pass; the smallest majorities have {len(smallest)} members.")

six = at.load(SEEDS / "council-1958.yaml")
print()
print("Council of the six   votes   share of votes   of power: with a proposal   without")
proposed, otherwise = (at.pivots(six, f"{way} is held") for way in ("on-proposal", "otherwise"))
for member in six.participants:
    votes = dict(member.weights)["votes"]
    with_one, without = (float(found[member.id].shapley) for found in (proposed, otherwise))
    print(f"{member.name:20} {votes!s:>5} {int(votes) / 17:16.1%} {with_one:27.1%} {without:9.1%}")

print()
print("How large must the quota be for Luxembourg to count?")
for quota in range(9, 18):
    small = at.pivots(six, f"votes of everyone at least {quota}")["luxembourg"]
    print(f"  {quota:2} of 17: {float(small.shapley):6.2%}" + ("  (the treaty's)" if quota == 12 else ""))
