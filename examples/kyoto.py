"""The Kyoto Protocol comes into force: ten years of ratifications replayed, and who could have stopped it.

Article 25 asks for 55 % of the emissions of 1990 in the table of Annex I (and for 55 parties of all kinds, of which the
table does not tell). On the ninetieth day after that the protocol is in force. What this prints is kept in
expected/kyoto.txt.
"""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import attendance as at

case = at.load(Path(__file__).parent.parent / "seeds" / "kyoto-1997.yaml")
emissions = {party.id: dict(party.weights)["co2"] for party in case.participants}
names = {party.id: party.name for party in case.participants}
whole = sum(emissions.values())


def share(parties: list[str]) -> Fraction:
    """Their part of the whole, exactly."""
    return Fraction(sum(emissions[party] for party in parties)) / Fraction(whole)


met = None
print("day         ratified        bound            is the share reached?")
for entry in at.timeline(case, assume={"united-states": False}):
    bound = [a.participant for a, verdict in entry.resolution.verdicts.items() if verdict == "attends"]
    held = entry.resolution.gatherings["protocol"].held
    new = [names[statement.who] for statement in entry.statements]
    told = f"{len(new)} parties" if len(new) > 1 else new[0]
    print(f"{entry.when}  {told:18} {float(share(bound)):7.2%}  {'#' * int(40 * share(bound)):26} {held}")
    met = met or (entry.moment.date() if held == "held" else None)

print()
print(f"The share was reached on {met:%d %B %Y}; in force from {met + timedelta(days=90):%d %B %Y}.")

print()
print("Who could have stopped it alone, with the United States out?")
for day in ("2001-03-01", "2002-06-30", "2004-11-17", "2004-11-18"):
    asked = at.Scenario(as_of=day, assume={"united-states": False})
    silent = [
        a.participant for a, verdict in at.resolve(case, scenario=asked).verdicts.items() if verdict == "undetermined"
    ]
    veto = [names[p] for p in silent if not at.ever(case, "protocol is held", scenario=asked, assume={p: False})]
    print(f"  {day}: {', '.join(veto) or 'nobody any more'} ({len(silent)} had not ratified)")

print()
print("What was still missing on the day before Russia ratified:")
found = at.requirements(case, "protocol is held", as_of="2004-11-17")
for needed in found.minimal_sets:
    print("-", " and ".join(names[str(who)] if who in names else str(who) for who in needed))
