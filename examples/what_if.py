"""A case that changes: what each new statement, withdrawal or supposition does to the verdicts.

The case itself is never touched. Each step is a scenario, and `compare` says what it changes.
What this prints is kept in expected/what_if.txt.
"""

import attendance as at

case = at.loads(
    """
    title: A round table with four seats
    participants: {chair: {}, north: {}, south: {}, envoy: {}, press: {}}
    rules:
      - {id: seats, rule: at most 4 of everyone}
    statements:
      - {id: chair-1, who: chair, says: attends, said: 2025-03-03, source: letter}
      - {id: north-1, who: north, says: attends only if south, said: 2025-03-03, source: letter}
      - {id: south-1, who: south, says: attends only if north, said: 2025-03-04, source: call}
      - {id: envoy-1, who: envoy, says: attends unless north and south, said: 2025-03-04, source: letter}
      - {id: press-1, who: press, says: attends if at least 3 of others, said: 2025-03-05, source: letter}
    """
)


def show(title: str, before: at.Scenario, after: at.Scenario) -> None:
    """What differs between the two, and what clashes after."""
    found = at.compare(case, before, after)
    print()
    print(title)
    for change in found.changes:
        was, now = (
            f"{verdict} ({cause})" if cause else f"{verdict}"
            for verdict, cause in ((change.before, change.cause_before), (change.after, change.cause_after))
        )
        print(f"  {change.attendance.participant}: {was} -> {now}")
    for gathering, was, now in found.gatherings:
        print(f"  turnout of the {gathering}: {was.turnout[0]} to {was.turnout[1]}", end=" -> ")
        print(f"{now.turnout[0]} to {now.turnout[1]}")
    for conflict in found.after.conflicts:
        print("  cannot all stand:", "; ".join(" and ".join(clash) for clash in conflict.clashes))
        print("  so set aside:", " or ".join(" and ".join(repair) for repair in conflict.repairs))
    if not found.changes and not found.gatherings:
        print("  nothing")


now = at.Scenario()
print(case.title)
print(at.resolve(case))

north_comes = at.Scenario(assume={"north": True})
show("Suppose that north comes, whatever it said:", now, north_comes)

south_called = at.Scenario(
    add=[{"id": "south-2", "who": "south", "says": "attends", "said": "2025-03-06", "source": "call"}]
)
show("South calls again, and its newer word has no condition:", now, south_called)

calls_doubted = at.Scenario(disbelieve=["call"])
show("For those who believe no calls, South has said nothing at all:", now, calls_doubted)

envoy_silent = at.Scenario(withdraw=["envoy-1"])
show("The envoy's letter is withdrawn:", now, envoy_silent)

north_refuses = at.Scenario(add=["north declines"])
show("Somebody reports beside it that north declines:", now, north_refuses)

north_seen = at.Scenario(add=["south declines"], given=["north"])
show("South is reported to decline, and yet north is seen there:", now, north_seen)

five_come = at.Scenario(assume={"north": True}, add=["envoy attends"])
show("North comes, the envoy promises to come in any case, and there are four seats:", now, five_come)
