"""Granovetter's crowd: a hundred people, and one of them decides about all the others.

Each joins if at least so many others do: the thresholds are 0, 1, 2, up to 99. Then one person changes, and the sum of
what all want stays nearly the same (Granovetter, Threshold Models of Collective Behavior, 1978). What this prints is
kept in expected/thresholds.txt.
"""

import attendance as at


def crowd(thresholds: list[int]) -> at.Case:
    """Everybody is called by their place: p0, p1, and so on."""
    return at.case("\n".join(f"p{i} attends if at least {k} of others" for i, k in enumerate(thresholds)))


def bar(number: int) -> str:
    """A hundred people in fifty characters."""
    return "#" * ((number + 1) // 2)


riot = crowd(list(range(100)))
tantrum = crowd([0, 2, *range(2, 100)])

for name, case in {"0, 1, 2, 3 ... 99": riot, "0, 2, 2, 3 ... 99": tantrum}.items():
    story = at.cascade(case)
    lasting = sorted(len(outcome.attending) for outcome in at.outcomes(case))
    print(f"{name}: {len(story.settled.attending):3} there after {len(story.rounds)} rounds;", end=" ")
    print("states that last:", " or ".join(map(str, lasting)))

print()
print("Somebody is kept at home. How many come then?")
for away in (0, 1, 25, 50, 75, 99):
    there = len(at.cascade(riot, assume={f"p{away}": False}).settled.attending)
    print(f"  p{away:<2} {there:3} {bar(there)}")

print()
print("One person is varied, in the crowd that stops at one:")
varied = at.sweep(tantrum, over=["p1"], founded=True)
for who in ("p0", "p2", "p50", "p99"):
    print(f"  {who:3} attends when: {varied.rule(who)}")
others = [f"p{i}" for i in range(1, 100)]
enough = [who for who in others if len(at.cascade(tantrum, assume={who: True}).settled.attending) == 100]
print(f"Any one of {len(enough)} people could bring all hundred, by promising to come.")
print(at.why(tantrum, "p3", assume={"p99": True}, founded=True))
