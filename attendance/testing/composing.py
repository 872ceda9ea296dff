"""Random whole cases, sound by construction: small ones first, of people called ann, ben and cleo."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar, Unpack

from hypothesis import strategies as st

from attendance.model.case import Case
from attendance.model.participants import Fact, Gathering, Group, Participant
from attendance.model.sayings import Attends, Declines
from attendance.model.statements import Rule, Statement
from attendance.questions.resolve import Resolution, resolve
from attendance.testing.picking import Draw, below, one_in, pick, some
from attendance.testing.speaker import Speaker
from attendance.testing.supposing import scenario_of
from attendance.testing.world import Section, Wanted, World, completed, section
from attendance.testing.writer import Writer

T = TypeVar("T")
WEIGHTS = ("1", "2", "3", "0.5", "0")
SCENARIOS = ("first", "second", "third")


class Resolved(NamedTuple):
    """A case with its resolution."""

    case: Case
    resolution: Resolution


def cases(**wanted: Unpack[Wanted]) -> st.SearchStrategy[Case]:
    """Cases, by what is wanted of them; see `Wanted` for the keywords."""
    return _cases(completed(wanted))


def timelines(**wanted: Unpack[Wanted]) -> st.SearchStrategy[Case]:
    """Cases whose statements have dates and sources, follow and end each other; some are withdrawn in a scenario."""
    return _timelines(completed({**wanted, "dated": True}))


def resolutions(**wanted: Unpack[Wanted]) -> st.SearchStrategy[Resolved]:
    """Cases, each with its resolution."""
    return cases(**wanted).map(lambda case: Resolved(case, resolve(case)))


@st.composite
def _cases(draw: Draw, wanted: Wanted) -> Case:
    return _case(draw, wanted)


@st.composite
def _timelines(draw: Draw, wanted: Wanted) -> Case:
    case = _case(draw, wanted)
    ids = [str(s.id) for s in case.statements]
    gone = some(draw, ids, 2)
    if not gone:
        return case
    withdrawn = {"id": "withdrawn", "withdraw": gone}
    return with_parts(case, scenarios=(*case.scenarios, withdrawn))


def _case(draw: Draw, wanted: Wanted) -> Case:
    """A case in a world of some of what is wanted."""
    world, groups, facts = _world(draw, wanted)
    case = Case(
        gatherings=tuple(_gathering(draw, world, number) for number in range(len(world.counted))),
        participants=tuple(_participant(draw, p, world.weights) for p in world.people),
        groups=groups,
        facts=facts,
        statements=tuple(Speaker(draw, world, wanted["dated"]).several(wanted["statements"])),
        rules=tuple(Rule(rule=c) for c in _rules(draw, world, wanted["rules"])),
    )
    if wanted["contradictions"] == "never":
        case = soothed(case)
    elif wanted["contradictions"] == "always":
        case = _torn(draw, case)
    kept = []
    for number in range(wanted["scenarios"]):
        if not one_in(draw, 2):
            break
        name = SCENARIOS[number] if number < len(SCENARIOS) else f"scenario{number + 1}"
        kept.append(scenario_of(draw, case, name=name))
    return with_parts(case, scenarios=tuple(kept)) if kept else case


def _world(draw: Draw, wanted: Wanted) -> tuple[World, tuple[Group, ...], tuple[Fact, ...]]:
    """Some of the names that are wanted, all of those that were named; with the groups and facts among them."""
    people = _number(draw, section(wanted, "people"), least=1)
    gatherings = _number(draw, section(wanted, "gatherings"), least=1)
    groups = _each(draw, section(wanted, "groups"), lambda g: Group(id=g, members=some(draw, people, 2, least=1)))
    facts = _each(draw, section(wanted, "facts"), lambda f: Fact(id=f, value=pick(draw, (None, None, True, False))))
    world = replace(
        World.wanted(wanted),
        people=people,
        counted=tuple((g, people) for g in gatherings),
        groups=tuple(g.id for g in groups),
        facts=tuple(f.id for f in facts),
        weights=_number(draw, section(wanted, "weights"), least=0),
    )
    return world, groups, facts


def _number(draw: Draw, of: Section, *, least: int) -> tuple[str, ...]:
    """The first names, some number of them."""
    size = len(of.names)
    return of.names if of.fixed or size <= least else of.names[: draw(st.integers(least, size))]


def _each(draw: Draw, of: Section, make: Callable[[str], T]) -> tuple[T, ...]:
    """What is made of the first names, some number of them; each drawn as one thing, that can be left out as one."""
    found: list[T] = []
    while len(found) < len(of.names) and (one := draw(_one_more(of.fixed, make, of.names[len(found)]))) is not None:
        found.append(one)
    return tuple(found)


@st.composite
def _one_more(draw: Draw, fixed: bool, make: Callable[[str], T], name: str) -> T | None:
    return make(name) if fixed or draw(below(3)) else None


def _gathering(draw: Draw, world: World, number: int) -> Gathering:
    """A gathering; now and then one that is held only under a condition on those before it."""
    name, _ = world.counted[number]
    if not one_in(draw, 6):
        return Gathering(id=name)
    before = replace(world, crowds=world.crowds and world.circles, counted=world.counted[: number + 1])
    writer = Writer(draw, replace(before, circles=True), here=name)
    return Gathering(id=name, held_if=writer.quorum())


def _participant(draw: Draw, name: str, weights: Collection[str]) -> Participant:
    return Participant(id=name, weights={w: pick(draw, WEIGHTS) for w in weights})


def _rules(draw: Draw, world: World, most: int) -> list[Any]:
    """A few conditions that every outcome must meet."""
    found: list[Any] = []
    while len(found) < most and one_in(draw, 4):
        found.append(Writer(draw, replace(world, circles=True)).condition(1))
    return found


def with_parts(case: Case, **parts: Any) -> Case:
    """The case with other parts, checked as a whole again."""
    return Case(**{**{key: getattr(case, key) for key in Case.model_fields}, **parts})


def soothed(case: Case) -> Case:
    """The case without what clashes: minimum repairs are left out until all that is left can stand."""
    while not (found := resolve(case)).consistent:
        case = _without(case, set(next(found.repairs)))
    return case


def _without(case: Case, gone: set[str]) -> Case:
    """The case without those statements and rules, the rest numbered anew."""
    kept = [s for s in case.statements if s.id not in gone]
    names: dict[str | None, str] = {}
    times: dict[str, int] = {}
    for statement in kept:
        times[statement.who] = times.get(statement.who, 0) + 1
        names[statement.id] = f"{statement.who}.{times[statement.who]}"
    said = [
        s.model_copy(update={"id": None, "supersedes": tuple(names[i] for i in s.supersedes if i in names)})
        for s in kept
    ]
    rules = [r.model_copy(update={"id": None}) for r in case.rules if r.id not in gone]
    return with_parts(case, statements=tuple(said), rules=tuple(rules))


def _torn(draw: Draw, case: Case) -> Case:
    """The case, with somebody who says yes and no if nothing clashes yet."""
    if not resolve(case).consistent:
        return case
    who = pick(draw, [p.id for p in case.participants])
    both = (Statement(who=who, says=Attends()), Statement(who=who, says=Declines()))
    return with_parts(case, statements=(*case.statements, *both))
