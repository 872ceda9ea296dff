"""Who decides in the Council of the European Union, where people count and countries count.

A proposal passes with at least 55 % of the 27 members (15) that have at least 65 % of the people, or
if fewer than four are against. Populations are those of 1 January 2024 (Eurostat; Germany about).
What this prints is kept in expected/eu_council.txt.
"""

from itertools import combinations

import attendance as at
from attendance.questions.pivots import pivots

PEOPLE = """
    Belgium 11832049, Bulgaria 6445481, Czechia 10900555, Denmark 5961249, Germany 83445000, Estonia 1374687,
    Ireland 5343805, Greece 10397193, Spain 48610458, France 68401997, Croatia 3861967, Italy 58989749,
    Cyprus 933505, Latvia 1871882, Lithuania 2885891, Luxembourg 672050, Hungary 9584627, Malta 563443,
    Netherlands 17942942, Austria 9158750, Poland 36620970, Portugal 10639726, Romania 19064409,
    Slovenia 2123949, Slovakia 5424687, Finland 5603851, Sweden 10551707
"""
population = {name: int(people) for name, people in (row.split() for row in PEOPLE.split(","))}
whole = sum(population.values())

# To attend is to vote in favour. Nobody has said anything, so every set of members is possible.
council = at.Case(
    title="Council",
    participants=[{"id": name, "weights": {"people": people}} for name, people in population.items()],
)
two_rules = "at least 55% of everyone and people of everyone at least 65%"
power = pivots(council, f"{two_rules} or at least 24 of everyone")
without_third = pivots(council, two_rules)

print(f"{len(power)} members, {power.winning:,} of {1 << len(power):,} coalitions pass a proposal.")
print()
print("               people    Shapley    Banzhaf    share  power for people")
for name in sorted(population, key=population.__getitem__, reverse=True):
    part, pivot = population[name] / whole, power[name]
    print(
        f"{name:12} {part:8.2%}   {float(pivot.shapley):8.4f}   {float(pivot.banzhaf):8.4f} {float(pivot.share):8.2%}"
        f"  {float(pivot.share) / part:16.2f}"
    )

print()
germany, malta = power["Germany"], power["Malta"]
print(
    f"There are {population['Germany'] / population['Malta']:.0f} people in Germany for each in Malta, but it decides"
)
print(f"{float(germany.banzhaf / malta.banzhaf):.1f} times as often if all coalitions are as likely (Banzhaf),")
print(f"{float(germany.shapley / malta.shapley):.1f} times if all orders of joining are (Shapley-Shubik).")

print()
added = power.winning - without_third.winning
most = max(abs(power[name].banzhaf / without_third[name].banzhaf - 1) for name in power)
blocking = [three for three in combinations(population, 3) if 20 * sum(map(population.__getitem__, three)) > 7 * whole]
print(f"Without the third rule {len(blocking)} threesomes, with more than 35 % of the people, could stop the rest.")
print(f"It takes that from them, adds these {added} coalitions, and changes nobody's power by more than", end=" ")
print(f"{float(most):.3%}.")
print(f"With a veto of their own: {', '.join(name for name in power if power[name].veto) or 'nobody'}.")
