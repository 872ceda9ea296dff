"""Random scenarios of a case: what is supposed, seen, added and withdrawn, as of when, whom to believe."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeVar, get_args

from hypothesis import strategies as st

from attendance.errors import ImpossibleScenario, QuestionError, shown
from attendance.model.case import Case
from attendance.model.scenario import Scenario
from attendance.questions.asking import checked
from attendance.questions.resolve import resolve
from attendance.testing.picking import Draw, one_in, pick, some
from attendance.testing.speaker import DAYS, Speaker
from attendance.testing.world import World
from attendance.testing.writer import Writer

Part = Literal["assume", "given", "add", "withdraw", "believe", "disbelieve", "as_of", "reading", "founded"]
PARTS: tuple[Part, ...] = get_args(Part)
T = TypeVar("T")
READINGS = ("conversational", "literal")


def scenarios(
    case: Case, *, parts: Sequence[Part] = PARTS, readings: Sequence[str] = READINGS, possible: bool = True
) -> st.SearchStrategy[Scenario]:
    """Scenarios of a case that vary those parts, in those readings.

    What is seen (`given`) is left out where it could not be, unless what is impossible is wanted too.
    """
    chosen = _among("parts", parts, PARTS), _among("readings", readings, READINGS)
    return _scenarios(checked(case), *chosen, possible)


def _among(option: str, wanted: Sequence[T], there: Sequence[T]) -> tuple[T, ...]:
    """What is wanted of what there is. Raises QuestionError for anything else."""
    if isinstance(wanted, str) or not isinstance(wanted, Iterable):
        raise QuestionError(f"{option!r} are some of {', '.join(map(str, there))}, not {shown(wanted)}")
    wanted = tuple(wanted)
    unknown = [one for one in wanted if one not in there]
    if unknown:
        raise QuestionError(f"unknown {option[:-1]} {shown(unknown[0])}: there are {', '.join(map(str, there))}")
    return wanted


@st.composite
def _scenarios(draw: Draw, case: Case, parts: tuple[Part, ...], readings: tuple[str, ...], possible: bool) -> Scenario:
    return scenario_of(draw, case, parts=parts, readings=readings, possible=possible)


def scenario_of(
    draw: Draw,
    case: Case,
    *,
    name: str | None = None,
    parts: Sequence[Part] = PARTS,
    readings: Sequence[str] = READINGS,
    possible: bool = True,
) -> Scenario:
    """A scenario of a case."""
    world = World.of(case)
    sources = sorted({s.source for s in case.statements if s.source is not None})
    made: dict[str, Any] = {}
    for part in parts:
        if one_in(draw, 2 if part == "assume" else 3):
            made[part] = _part(draw, part, world, case, sources)
    if "reading" in made:
        made["reading"] = pick(draw, (None, *readings))
    found = Scenario(id=name, **{k: v for k, v in made.items() if v not in (None, ())})
    return found if not possible or _is_possible(case, found) else found.model_copy(update={"given": ()})


def _part(draw: Draw, part: Part, world: World, case: Case, sources: Sequence[str]) -> Any:
    """One part of a scenario; nothing, where there is nothing for it."""
    match part:
        case "assume":
            main = [a.participant if a.gathering == world.main else str(a) for a in world.attendances]
            return {key: not one_in(draw, 2) for key in some(draw, (*main, *world.facts), 2)}
        case "given":
            return (Writer(draw, world).condition(1),) if world.attendances else ()
        case "add":
            return tuple(Speaker(draw, world).several(2))
        case "withdraw":
            return some(draw, [str(s.id) for s in case.statements], 2)
        case "believe" | "disbelieve":
            return some(draw, sources, 1)
        case "as_of":
            return pick(draw, (None, *DAYS))
        case _:
            return one_in(draw, 2)


def _is_possible(case: Case, scenario: Scenario) -> bool:
    """Whether anything can meet what is assumed and given."""
    if not scenario.given:
        return True
    try:
        resolve(case, scenario=scenario)
    except ImpossibleScenario:
        return False
    return True
