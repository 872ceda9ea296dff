"""Whom to invite to a wedding: feuds, small tables, an uncle who comes anyway, and a list that nobody regrets.

An invitation has to content everybody who is on it. It is stable if nobody who is left out would come too. Some wishes
cannot all be met, and then the library proves that, and says which ones. What this prints is kept in
expected/wedding.txt.
"""

import attendance as at

wedding = at.loads(
    """
    title: Wedding
    participants:
      uncle: {name: Uncle Otto, weights: {presents: 5}}
      aunt: {name: Aunt Adele, weights: {presents: 4}}
      bea: {name: Bea, weights: {presents: 1}}
      carl: {name: Carl, weights: {presents: 1}}
      dora: {name: Dora, weights: {presents: 2}}
      emil: {name: Emil, weights: {presents: 1}}
      flora: {name: Flora, weights: {presents: 3}}
    facts:
      garden: {name: It is held in the garden, value: true}
    statements:
      - uncle attends
      - aunt attends only if not uncle                # since 1987
      - bea attends only if carl
      - carl attends only if bea
      - dora prefers ..4                              # no crowds
      - emil attends only if garden and dora
      - flora prefers 3..
    """
)


def show(title: str, **wishes: object) -> None:
    """The best list, or why there is none."""
    found = at.invitations(wedding, **wishes)
    print(f"{title}:")
    if found:
        print(f"  {', '.join(found.invited)} ({found.size})")
    else:
        print("  nobody can be invited so:", *found.reasons, sep="\n  - ")


show("As many as will come")
show("With the finest presents", weight="presents")
show("So that nobody left out would have come too", stability="addition")
show("The same, with the finest presents", stability="addition", weight="presents")
show("With Dora and Emil", must=["dora", "emil"])
show("With both Adele and Otto", must=["aunt", "uncle"])
show("Without Otto, and so that he does not regret it", forbid=["uncle"], stability="addition")
show("Three chairs, and Flora", must=["flora"], capacity=3)
show("The fewest with six presents", goal="presents of everyone at least 6", costs={})

print()
best = at.invitations(wedding)
for who in ("aunt", "emil"):
    print(f"Why is {who} not on the first list? {best.why_not(who).text}")

print()
answer = at.resolve(wedding, assume={p.id: p.id in best for p in wedding.participants})
print("If just those of the first list come, all is as they said:", answer.consistent)
for p in wedding.participants:
    if p.id not in best:
        eager = at.resolve(wedding, assume={q.id: q.id in best for q in wedding.participants if q.id != p.id})
        print(f"  {p.name} would {'come too' if eager[p.id] == 'attends' else 'not have come'}")
