"""Case and scenario to network: conditions become gates, statements become stances, names become numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from attendance.compiler.wiring import Context, Wiring
from attendance.gates import FALSE, TRUE, Gates
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.participants import Attendance
from attendance.model.positions import Contribution, Position, in_force, positions
from attendance.model.roster import Counted, assumed_place, attendance_of
from attendance.model.sayings import Inclination, Reading
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.network import Network, Part, Stance

SILENT = Stance()
"""Of whom nothing is said, or whose statements are set aside."""


@dataclass(frozen=True)
class Compiled:
    """A case in a scenario as a network, with the names of its numbers.

    Atom `i` is `attendances[i]`, then come `facts`. `held` has a literal for each gathering,
    `goals` one for each goal asked for, `choices` one for each open attendance: that its bounds
    leave it the choice. `torn` has one for each attendance with both bounds: that the lower one
    holds and the upper one does not.
    """

    case: Case
    scenario: Scenario
    network: Network
    attendances: tuple[Attendance, ...]
    facts: tuple[str, ...]
    statements: tuple[Statement, ...]
    positions: Mapping[Attendance, Position]
    held: Mapping[str, int]
    goals: tuple[int, ...]
    choices: Mapping[int, int]
    torn: Mapping[int, int]
    warnings: tuple[str, ...]

    @cached_property
    def index(self) -> dict[Attendance, int]:
        """The atom of each attendance."""
        return {attendance: i for i, attendance in enumerate(self.attendances)}

    @cached_property
    def crowds(self) -> dict[str, tuple[int, ...]]:
        """The atoms counted at each gathering."""
        found: dict[str, list[int]] = {g.id: [] for g in self.case.gatherings}
        for i, attendance in enumerate(self.attendances):
            found[attendance.gathering].append(i)
        return {g: tuple(atoms) for g, atoms in found.items()}

    def name(self, atom: int) -> Attendance | str:
        """The attendance or the fact that an atom is."""
        people = len(self.attendances)
        return self.attendances[atom] if atom < people else self.facts[atom - people]


def compile_case(
    case: Case,
    scenario: Scenario,
    goals: Sequence[Condition] = (),
    *,
    fold: bool = True,
    tick: Callable[[], None] = lambda: None,
) -> Compiled:
    """The network of a case in a scenario. The scenario is taken as sound (`Case.scenario` checks it).

    What is assumed and known is folded into the gates, unless `fold` is False: then gates read it,
    and an explanation can name it. `tick` is called all along, and may raise to give up.
    """
    compiler = Compiler(case, scenario, goals, fold=fold, tick=tick)
    return compiler.compiled(in_force(case, scenario))


class Compiler:
    """A case in a scenario made a network, with whatever statements are in force; each is made gates once."""

    def __init__(
        self,
        case: Case,
        scenario: Scenario,
        goals: Sequence[Condition] = (),
        *,
        fold: bool = True,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        own = () if scenario == Scenario() else (scenario,)
        people = case.counting(own) if own else case.counted
        self.case, self.scenario, self.goals, self.tick = case, scenario, goals, tick
        self.attendances = tuple(Attendance(p, g) for g in case.roster.gatherings for p in people[g])
        self.fixed = _fixed(case, scenario, people, self.attendances)
        known = self.fixed if fold else [None] * len(self.fixed)
        self.wiring = Wiring(case.roster, people, self.attendances, known, Gates(len(self.fixed)))
        self.reading = scenario.reading or Reading.CONVERSATIONAL
        self.main = case.roster.main
        self._stances: dict[tuple[Attendance, tuple[str, ...], Inclination], Stance] = {}

    def compiled(self, statements: Sequence[Statement]) -> Compiled:
        """The network where those statements are in force."""
        case, scenario, wiring = self.case, self.scenario, self.wiring
        stated = positions(case, statements, self.reading)
        stances = self.stances(stated)
        rules = tuple(
            (str(r.id), wiring.literal(r.rule, r.at or self.main)) for r in case.rules if r.id not in scenario.withdraw
        )
        given = tuple(wiring.literal(c, self.main) for c in scenario.given)
        held = {g: wiring.gates.literal(wiring.held(g, Context(g))) for g in case.roster.gatherings}
        asked = tuple(wiring.literal(c, self.main) for c in self.goals)
        choices = {x: wiring.choice(s) for x, s in enumerate(stances) if s.inclination is Inclination.OPEN and s.parts}
        torn = {x: wiring.torn(s) for x, s in enumerate(stances) if s.lowers and s.uppers}
        network = Network(
            stances=stances,
            facts=len(case.facts),
            sums=tuple(wiring.gates.sums),
            gates=tuple(wiring.gates.gates),
            fixed=tuple(self.fixed),
            rules=rules,
            given=given,
            founded=bool(scenario.founded),
        )
        return Compiled(
            case=case,
            scenario=scenario,
            network=network,
            attendances=self.attendances,
            facts=tuple(f.id for f in case.facts),
            statements=tuple(statements),
            positions=stated,
            held=held,
            goals=asked,
            choices=choices,
            torn=torn,
            warnings=tuple(wiring.warnings),
        )

    def stances(self, stated: Mapping[Attendance, Position]) -> tuple[Stance, ...]:
        """Everybody's stance by their positions; the same object for one that is asked for again."""
        return tuple(self.stance(i, stated.get(a)) for i, a in enumerate(self.attendances))

    def stance(self, atom: int, position: Position | None) -> Stance:
        """A position as literals; one that is assumed has none, for its statements are set aside."""
        self.tick()
        if position is None or self.fixed[atom] is not None:
            return SILENT
        attendance = self.attendances[atom]
        key = attendance, tuple(str(c.statement.id) for c in position.contributions), position.inclination
        found = self._stances.get(key)
        if found is None:
            parts = (self.part(attendance, contribution) for contribution in position.contributions)
            found = self._stances[key] = Stance(tuple(parts), position.inclination)
        return found

    def part(self, attendance: Attendance, contribution: Contribution) -> Part:
        """What a statement contributes to a stance."""
        statement, wiring = contribution.statement, self.wiring
        context = Context(attendance.gathering, attendance, Attendance(statement.who, attendance.gathering))
        lower, upper = (
            None if c is None else wiring.condition(c, context) for c in (contribution.lower, contribution.upper)
        )
        return Part(
            str(statement.id),
            None if lower is None or lower == FALSE else wiring.gates.literal(lower),
            None if upper is None or upper == TRUE else wiring.gates.literal(upper),
        )


def _fixed(case: Case, scenario: Scenario, people: Counted, attendances: Sequence[Attendance]) -> list[bool | None]:
    """The value of every assumed attendance and known fact, in the order of the atoms."""
    assumed: dict[Attendance | str, bool] = {}
    for key, value in scenario.assume:
        attendance, place = attendance_of(case.roster, people, key), assumed_place(case.roster, key)
        assert place is not None, "checked with the scenario"
        assumed[place.name if attendance is None else attendance] = value
    return [
        *(assumed.get(a) for a in attendances),
        *(assumed.get(f.id, f.value) for f in case.facts),
    ]
