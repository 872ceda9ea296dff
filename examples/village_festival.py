"""A village festival that takes place only with enough stalls and enough hands, kept at a desk for a week.

What is said is in a journal: in the middle of the week the desk is closed, and opened again where it was.
A plain function announces when the quorum is reached, and when it is lost. What this prints is kept in
expected/village_festival.txt.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import attendance as at

festival = at.Case(
    title="Village festival",
    gatherings=[at.Gathering(id="festival", held_if="at least 4 of stalls and at least 2 of hands")],
    participants=["baker", "brewer", "potter", "puppets", "band", "ida", "jan", "lea"],
    groups={"stalls": ["baker", "brewer", "potter", "puppets", "band"], "hands": ["ida", "jan", "lea"]},
    facts=["rain"],
)
NEWS = {
    at.Held.HELD: "The quorum is reached: the festival takes place.",
    at.Held.UNDETERMINED: "The quorum is lost: nothing is certain any more.",
    at.Held.NOT_HELD: "The quorum cannot be reached: the festival is off.",
}


def open_desk(journal: Path, case: at.Case | None = None) -> at.Desk:
    """A desk that announces what becomes of the quorum."""
    desk = at.Desk(case, journal)
    known = [desk.resolution.gatherings["festival"].held]

    @desk.on_change
    def announce(turn: at.Turn) -> None:
        held = desk.resolution.gatherings["festival"].held
        if held is not known[-1]:
            known.append(held)
            print(f"    *** {NEWS[held]}")

    return desk


def tell(desk: at.Desk) -> None:
    """What the last act changed."""
    for turn in desk.changes:
        print(f"    {turn.attendance.participant}: {turn.before} -> {turn.after}")


def hear(desk: at.Desk, day: str, *texts: str) -> None:
    """What was said on a day."""
    for text in texts:
        print(f"  {text}")
        desk.say(text, said=day)
        tell(desk)


with TemporaryDirectory() as folder:
    journal = Path(folder) / "festival.journal"

    with open_desk(journal, festival) as desk:
        print("Monday")
        hear(desk, "2025-06-02", "baker attends", "potter attends unless rain")
        hear(desk, "2025-06-02", "puppets attends only if at least 2 of hands")
        hear(desk, "2025-06-02", "brewer attends only if at least 4 of stalls", "band attends only if brewer")
        print("Tuesday")
        hear(desk, "2025-06-03", "ida attends", "jan attends only if ida")

    print("The desk is closed, and opened again.")
    with open_desk(journal) as desk:
        print("Wednesday")
        hear(desk, "2025-06-04", "brewer attends")
        for weather, rain in (("dry", False), ("wet", True)):
            supposed = desk.suppose(assume={"rain": rain}).gatherings["festival"]
            print(f"  If it is {weather}: {supposed.held}, {supposed.turnout[0]} to {supposed.turnout[1]} come.")
        print("Thursday")
        print("  It was another Ida who called: her word is withdrawn.")
        desk.withdraw("ida.1")
        tell(desk)
        hear(desk, "2025-06-05", "ida declines")
        print("Friday")
        hear(desk, "2025-06-06", "lea attends", "jan attends")

        print()
        print(desk.explain("puppets"))
        print()
        print("They stand, in the order of saying:")
        for statement in desk.case.statements:
            print(f"- {statement.id}: {statement.text}")
