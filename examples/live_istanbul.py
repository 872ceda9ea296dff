"""The week of the Istanbul talks at a live desk: every statement in the order of its moment, and four rules.

The rules are written with durable-rules (extra `live`); where that is not installed, changes are told
all the same. `attendance live FILE --rules examples/live_istanbul.py` takes the rules from here too.
Nobody speaks of Ankara before the last day, so until then Erdogan counts at the talks. What this prints
with the rules is kept in expected/live_istanbul.txt.
"""

from datetime import timedelta
from pathlib import Path

import attendance as at

DAY = 24 * 3600  # durations are whole seconds
WITHIN = 2 * DAY


def rules(desk: at.Desk) -> None:
    """The four rules. What their functions give back is the text of the alert."""
    from durable.lang import c, m, when_all

    # both of one delegation, in either order; `theirs` and `same` say which delegation it is
    @desk.when(
        when_all(
            c.yes << (m.kind == "statement") & (m.says == "attends"),
            c.no << (m.kind == "statement")
            & (m.verb == "declines")
            & (m.t >= c.yes.t - WITHIN)
            & (m.t <= c.yes.t + WITHIN),
            c.theirs << (m.kind == "member") & (m.who == c.yes.who) & (m.group != "heads"),
            c.same << (m.kind == "member") & (m.who == c.no.who) & (m.group == c.theirs.group),
        )
    )
    def denial(match: at.Match) -> str:
        return f"{match.yes.who} confirms and {match.no.who} declines for {match.same.group}, within 48 hours"

    @desk.when(
        when_all(
            c.turn << (m.kind == "change") & (m.new == "attends"),
            c.head << (m.kind == "member") & (m.group == "heads") & (m.who == c.turn.who),
        )
    )
    def protocol(match: at.Match) -> str:
        return f"a head of state comes to {match.turn.at}: prepare for {match.turn.who}"

    @desk.when((m.kind == "tally") & (m.attending >= 2) & (m.before < 2))
    def quorum(match: at.Match) -> str:
        return f"{match.m.attending} are certain at {match.m.at}"

    @desk.when((m.kind == "silence") & (m.age >= 3 * DAY) & (m.before < 3 * DAY))
    def chase(match: at.Match) -> str:
        return f"silent for three days about {match.m.at}: {match.m.who}"


def main() -> None:
    """Play the week."""
    week = at.load(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
    case = at.Case(  # as it was before the first word; four of them are heads of state
        title=week.title,
        timezone=week.timezone,
        gatherings=week.gatherings,
        participants=week.participants,
        groups=[*week.groups, at.Group(id="heads", members=["putin", "zelensky", "trump", "erdogan"])],
    )
    with at.Desk(case) as desk:
        try:
            rules(desk)
        except ImportError:
            print("durable-rules is not installed: changes are told, and there are no alerts.")
        desk.on_change(lambda turn: print(f"    {turn}"))
        desk.on_alert(lambda alert: print(f"    ! {alert}"))

        said = sorted(week.statements, key=lambda statement: statement.said)
        day = said[0].said
        while day <= said[-1].said:
            print(f"{day.day} {day:%B %Y}")
            desk.tick(day)
            for statement in said:
                if statement.said == day:
                    print(f"  {statement.id}: {statement.text} ({statement.source})")
                    desk.say(statement)
            day += timedelta(days=1)

        print()
        print(desk.explain("zelensky"))
        print()
        print("The verdicts of the file, asked at once, are the same:", at.resolve(week).verdicts == desk.verdicts)


if __name__ == "__main__":
    main()
