"""Random statements: whatever can be said in a world, plain words first."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Unpack

from hypothesis import strategies as st

from attendance.errors import QuestionError, shown
from attendance.model import conditions as c
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.model.sayings import Attends, Declines, Link, Might, Saying, Sends, WaitsFor
from attendance.model.statements import Statement
from attendance.model.values import parse_moment
from attendance.testing.picking import Draw, below, one_in, pick, some
from attendance.testing.world import Wanted, World, completed, refuse_strangers
from attendance.testing.writer import Writer

DAYS = tuple(date(2025, 5, 1) + timedelta(days=i) for i in range(5))
SOURCES = (None, "radio", "paper")
Link_ = Link | None
PLAIN: tuple[tuple[type[Any], Link_], ...] = ((Attends, None), (Declines, None), (Might, None))
FORMS: tuple[tuple[type[Any], Link_], ...] = (
    *PLAIN,
    *((Attends, Link.ONLY_IF),) * 10,
    *((Attends, Link.IF),) * 10,
    *((Attends, Link.UNLESS),) * 5,
    *((Attends, Link.IF_AND_ONLY_IF),) * 5,
    *((kind, link) for kind in (Declines, Might) for link in (Link.IF, Link.UNLESS) for _ in range(3)),
    *((Might, Link.ONLY_IF),) * 2,
    *((WaitsFor, None),) * 4,
    *((Sends, None),) * 4,
    *PLAIN * 2,
)
"""What can be said, as often as it is. In one list: Hypothesis tries 0 and 1 in the place of any number, and so what
is said at length shrinks to what is said plainly."""
LOWER: tuple[tuple[type[Any], Link_], ...] = ((Attends, None), (Attends, Link.IF), (Attends, Link.IF), (Might, None))
UPPER: tuple[tuple[type[Any], Link_], ...] = (
    (Attends, Link.ONLY_IF),
    (Declines, None),
    (Might, Link.ONLY_IF),
    (Declines, Link.UNLESS),
    (Might, Link.IF),
)
"""What can be said in positive words; of one attendance only the first kind or only the second."""


def statements(
    case: Case | None = None,
    *,
    who: str | Sequence[str] | None = None,
    said: str | date | datetime | None = None,
    **wanted: Unpack[Wanted],
) -> st.SearchStrategy[Statement]:
    """Whatever can be said: in a case, or in a world as it is wanted; of `who` alone, if given.

    All are of the moment `said`, if given; else they are undated unless `dated` is wanted. They have no ids.
    Raises QuestionError.
    """
    whole = completed(wanted)
    world = World.wanted(whole) if case is None else World.of(case, whole["signs"])
    if not whole["circles"]:
        world = World(world.people, world.counted, world.groups, world.facts, world.weights, world.signs, False)
    if not (who is None or isinstance(who, Iterable)):
        raise QuestionError(f"'who' is a name or names, not {shown(who)}")
    names = world.people if who is None else (who,) if isinstance(who, str) else tuple(who)
    refuse_strangers(names, world.people)
    counted = [a for a in world.attendances if a.participant in names]
    besides = [] if case is None else [a for a in _askable(case) if a.participant in names and a not in counted]
    if not (counted or besides):
        raise QuestionError(f"nobody can be spoken of: {', '.join(names) or 'there is nobody'}")
    found = _statements(world, tuple(counted), tuple(besides), whole["dated"])
    return found if said is None else found.map(_of(said))


def _askable(case: Case) -> tuple[Attendance, ...]:
    """Everybody at every gathering where they may be spoken of: anywhere that has no list of the invited."""
    places = case.roster.gatherings.values()
    return tuple(Attendance(p, g.id) for g in places if g.invited is None for p in case.roster.participants)


def _of(said: str | date | datetime) -> Callable[[Statement], Statement]:
    """What gives a statement its moment. Raises QuestionError."""
    try:
        moment = parse_moment(said)
    except ValueError as error:
        raise QuestionError(f"'said': {error}") from None
    return lambda statement: statement.model_copy(update={"said": moment})


@st.composite
def _statements(
    draw: Draw, world: World, counted: tuple[Attendance, ...], besides: tuple[Attendance, ...], dated: bool
) -> Statement:
    """A statement about somebody where they are counted; now and then about somebody where they are not yet."""
    new = not counted or (bool(besides) and one_in(draw, 4))
    return Speaker(draw, world, dated).statement(pick(draw, besides if new else counted))


@st.composite
def _next(draw: Draw, speaker: "Speaker", enough: bool) -> Statement | None:
    """One more statement, or none: drawn as one thing, which can be left out as one.

    That there are enough is drawn as well, so that it reads the same with one less.
    """
    if draw(below(9)) == 0 or enough or not speaker.world.attendances:
        return None
    place, people = pick(draw, [each for each in speaker.world.counted if each[1]])
    return speaker.statement(Attendance(pick(draw, people), place))  # two draws, which read the same with fewer people


class Speaker:
    """Draws statements one after the other; each may hang on what was said before."""

    def __init__(self, draw: Draw, world: World, dated: bool = False) -> None:
        self.draw, self.world, self.dated = draw, world, dated
        self.sides: dict[Attendance, tuple[tuple[type[Any], Link_], ...]] = {}
        self.said: dict[str, int] = {}

    def several(self, most: int) -> list[Statement]:
        """A few statements, so many at most."""
        found: list[Statement] = []
        while (said := self.draw(_next(self, len(found) == most))) is not None:
            found.append(said)
        return found

    def statement(self, about: Attendance) -> Statement:
        """Something said of somebody's attendance."""
        says = self.saying(about) if self.world.signs == "mixed" else self.positive(about)
        earlier = [f"{who}.{i}" for who, times in self.said.items() for i in range(1, times + 1)]
        self.said[about.participant] = self.said.get(about.participant, 0) + 1
        more: dict[str, Any] = {}
        if self.dated:
            more["said"] = pick(self.draw, (*DAYS, None))
            more["source"] = pick(self.draw, SOURCES)
            more["also"] = one_in(self.draw, 6)
            more["supersedes"] = (pick(self.draw, earlier),) if earlier and one_in(self.draw, 6) else ()
        if self.world.signs == "mixed" and one_in(self.draw, 12):
            more["inclination"] = pick(self.draw, ("open", "inclined", "disinclined"))
        at = None if about.gathering == self.world.main else about.gathering
        return Statement(who=about.participant, at=at, says=says, **more)

    def saying(self, about: Attendance) -> Saying:
        """Anything that can be said."""
        who, here = about
        delegates = [p for p in dict(self.world.counted)[here] if self._after(p, who)]
        kind, link = pick(self.draw, FORMS)
        if kind is Sends and delegates:
            condition = self._condition(about) if one_in(self.draw, 2) else None
            return Sends(some(self.draw, delegates, 2, least=1), condition)
        if kind is WaitsFor and (targets := self._targets(who, here)):
            return WaitsFor(tuple(c.Name(*n) for n in some(self.draw, targets, 2, least=1)))
        if kind in (Sends, WaitsFor):
            kind = Might  # there is nobody to be sent, or waited for
        said: Saying = kind(link, self._condition(about) if link else None)
        return said

    def _targets(self, who: str, here: str) -> list[tuple[str, str | None]]:
        """Whom somebody may wait for: anybody else who is seen."""
        return [n for n in self.world.seen_by(who).named_at(here, who) if n[0] != who]

    def positive(self, about: Attendance) -> Saying:
        """What pulls everybody the same way; of one attendance bounds of one kind, so that they cannot clash."""
        if about not in self.sides and one_in(self.draw, 8):
            self.sides[about] = ((Might, None),)
            return Attends(Link.IF_AND_ONLY_IF, self._condition(about))
        side = self.sides.setdefault(about, LOWER if about in self.sides or self.draw(below(2)) == 0 else UPPER)
        kind, link = pick(self.draw, side)
        said: Saying = kind(link, self._condition(about) if link else None)
        return said

    def _after(self, other: str, who: str) -> bool:
        """Whether somebody may be sent: without circles, only those who come later."""
        people = self.world.people
        return other != who and (self.world.circles or people.index(other) > people.index(who))

    def _condition(self, about: Attendance) -> c.Condition:
        return Writer(self.draw, self.world, about.participant, about.gathering).condition(2)
