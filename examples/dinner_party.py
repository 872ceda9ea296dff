"""A dinner party in plain statements: no file and no declarations, for every name is a guest.

A couple comes both or neither, Finn comes unless Greta does, and the cook wants at least four at the
table. What this prints is kept in expected/dinner_party.txt.
"""

import attendance as at

party = at.case(
    """
    ann attends only if ben                            # a couple
    ben attends only if ann
    carla attends
    dan attends only if at least 4 of everyone         # himself counted
    emma might attend
    finn attends unless greta
    greta attends if emma
    hugo attends unless carla
    """,
    title="Dinner",
    rules=["at least 4 of everyone"],  # for fewer the cook does not cook
)

print(f"{at.count(party)} dinners are possible:")
for outcome in at.outcomes(party, order="fewest"):
    print("-", ", ".join(sorted(outcome.attending)))

print()
dinner = at.resolve(party)
for guest, verdict in dinner.verdicts.items():
    line = f"{guest.participant:6} {verdict}"
    if guest in dinner.causes:
        cause = dinner.causes[guest]
        others = ", ".join(name.participant for name in cause.on if name != guest)
        line += f" ({cause}: {others})" if others else f" ({cause})"
    print(line)
fewest, most = dinner.gatherings["meeting"].turnout
print(f"Lay the table for {fewest} to {most}.")

print()
print("Why is Dan sure to come?")
print(at.why(party, "dan"))

print()
print(f"With Ben's promise to come in any case: {at.count(party, assume={'ben': True})} dinners.")
print(f"Without the couple: {at.count(party, assume={'ann': False, 'ben': False})}.")
print(f"Where Greta was seen: {at.count(party, given=['greta'])}.")
print(f"Where nobody comes on a circle of promises alone: {at.count(party, founded=True)}.")
print(f"Without the cook's rule: {at.count(party, withdraw=['rule.1'])}.")
