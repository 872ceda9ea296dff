"""Case and scenario to network: conditions become gates, statements become stances, names become numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from attendance.compiler.chances import Chances, drawn
from attendance.compiler.wiring import Context, Wiring
from attendance.gates import FALSE, TRUE, Gates
from attendance.model.bulk import collector_paused, tuple_of
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.participants import Attendance
from attendance.model.positions import Position, alone, in_force, inclination, leans, positions
from attendance.model.roster import Counted, assumed_place, attendance_of
from attendance.model.sayings import Inclination, Reading, bounds
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.network import Network, Part, Stance

OPEN = Inclination.OPEN
SILENT = Stance()
"""Of whom nothing is said, or whose statements are set aside."""


@dataclass(frozen=True)
class Compiled:
    """A case in a scenario as a network, with the names of its numbers.

    Atom `i` is `attendances[i]`, then come `facts`. `held` has a literal for each gathering,
    `goals` one for each goal asked for, `choices` one for each open attendance: that its bounds
    leave it the choice. `torn` has one for each attendance with both bounds: that the lower one
    holds and the upper one does not. Where things are left to chance, more atoms follow the facts: `coins` has
    the one that an open choice falls with, `kept` the one that says that a statement is kept.
    """

    case: Case
    scenario: Scenario
    network: Network
    attendances: tuple[Attendance, ...]
    facts: tuple[str, ...]
    statements: tuple[Statement, ...]
    held: Mapping[str, int]
    goals: tuple[int, ...]
    choices: Mapping[int, int]
    torn: Mapping[int, int]
    warnings: tuple[str, ...]
    coins: Mapping[int, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)

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
    chances: Chances | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Compiled:
    """The network of a case in a scenario. The scenario is taken as sound (`Case.scenario` checks it).

    What is assumed and known is folded into the gates, unless `fold` is False: then gates read it,
    and an explanation can name it. What is left to `chances` is drawn by atoms that follow the facts.
    `tick` is called all along, and may raise to give up.
    """
    with collector_paused():
        compiler = Compiler(case, scenario, goals, fold=fold, chances=chances, tick=tick)
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
        chances: Chances | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        people = _counted(case, scenario)
        self.case, self.scenario, self.goals, self.tick = case, scenario, goals, tick
        self.attendances = tuple([tuple_of(Attendance, (p, g)) for g in case.roster.gatherings for p in people[g]])
        self.fixed = _fixed(case, scenario, people, self.attendances)
        self.coins: dict[int, int] = {}
        self.kept: dict[str, int] = {}
        if chances is not None:
            self.draw(chances)
        known = self.fixed if fold else [None] * len(self.fixed)
        self.wiring = Wiring(case.roster, people, self.attendances, known, Gates(len(self.fixed)))
        self.reading = scenario.reading or Reading.CONVERSATIONAL
        self.main = case.roster.main
        self._stances: dict[object, Stance] = {}  # by the statements; of one about its speaker, by its id alone

    def draw(self, chances: Chances) -> None:
        """Make an atom for each open choice, and for each statement, that has a probability."""
        for atom, attendance in enumerate(self.attendances):
            if attendance in chances.choices and self.fixed[atom] is None:
                self.coins[atom] = len(self.fixed)
                self.fixed.append(None)
        for id_ in chances.statements:
            self.kept[id_] = len(self.fixed)
            self.fixed.append(None)

    def compiled(self, statements: Sequence[Statement]) -> Compiled:
        """The network where those statements are in force."""
        case, scenario, wiring = self.case, self.scenario, self.wiring
        stances = self.spoken(statements)
        if self.coins or self.kept:
            stances = tuple(drawn(wiring.gates, x, s, self.coins.get(x), self.kept) for x, s in enumerate(stances))
        rules = tuple(
            (str(r.id), wiring.literal(r.rule, r.at or self.main)) for r in case.rules if r.id not in scenario.withdraw
        )
        given = tuple(wiring.literal(c, self.main) for c in scenario.given)
        held = {g: wiring.gates.literal(wiring.held(g)) for g in case.roster.gatherings}
        asked = tuple(wiring.literal(c, self.main) for c in self.goals)
        bound = [(x, s) for x, s in enumerate(stances) if s.followed is None and s.parts]
        choices = {x: wiring.choice(s) for x, s in bound if s.inclination is OPEN}
        torn = {x: wiring.torn(s) for x, s in bound if s.lowers and s.uppers}
        network = Network(
            stances=stances,
            facts=len(self.fixed) - len(self.attendances),
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
            held=held,
            goals=asked,
            choices=choices,
            torn=torn,
            warnings=(*case.roster.mixed, *wiring.warnings),
            coins=self.coins,
            kept=self.kept,
        )

    def spoken(self, statements: Sequence[Statement]) -> tuple[Stance, ...]:
        """Everybody's stance by the statements in force; most of them are the only one about an attendance."""
        single, several = alone(self.case, statements)
        stated = positions(self.case, several, self.reading) if several else {}
        found = []
        for atom, attendance in enumerate(self.attendances):
            who, at = attendance
            statement = single[at].get(who)
            if statement is None:
                found.append(self.stance(atom, stated.get(attendance)))
            else:
                found.append(self.lone(atom, statement))
        return tuple(found)

    def lone(self, atom: int, statement: Statement) -> Stance:
        """The stance that one statement by somebody about themselves makes; the same as by its position."""
        self.tick()
        if self.fixed[atom] is not None:
            return SILENT
        attendance = self.attendances[atom]
        below, above = bounds(statement.says, self.reading)
        part = self.part(statement, below, above, tuple_of(Context, (attendance[1], attendance, attendance[0])))
        own = (statement,) if leans(statement) else ()
        leaning = inclination(self.case, below is not None, above is not None, own, self.reading)
        found = self._stances[statement.id] = tuple_of(Stance, ((part,), leaning, False))
        return found

    def stance(self, atom: int, position: Position | None) -> Stance:
        """A position as literals, the same object when it is asked for again.

        One that is assumed has none, for its statements are set aside.
        """
        self.tick()
        if position is None or self.fixed[atom] is not None:
            return SILENT
        contributions, leaning = position
        attendance = self.attendances[atom]
        own, at = attendance
        if len(contributions) == 1 and contributions[0].statement.who == own:
            key: object = contributions[0].statement.id
        else:
            key = atom, *[c.statement.id for c in contributions]  # their inclination follows from them
        found = self._stances.get(key)
        if found is None:
            parts = []
            for contribution in contributions:
                parts.append(self.part(*contribution, Context(at, attendance, contribution.statement.who)))
            found = self._stances[key] = Stance(tuple(parts), leaning)
        return found

    def part(self, statement: Statement, below: Condition | None, above: Condition | None, context: Context) -> Part:
        """What a statement contributes to a stance by its bounds."""
        wiring, lower, upper = self.wiring, None, None
        if below is not None:
            found = wiring.condition(below, context)
            lower = None if found == FALSE else wiring.gates.literal(found)
        if above is not None:
            found = wiring.condition(above, context)
            upper = None if found == TRUE else wiring.gates.literal(found)
        return tuple_of(Part, (str(statement.id), lower, upper))


def _counted(case: Case, scenario: Scenario) -> Counted:
    """Who is counted at each gathering, with those whom the scenario names."""
    if not (scenario.assume or scenario.given or scenario.add) or any(scenario is own for own in case.scenarios):
        return case.counted
    return case.counting((scenario,))


def _fixed(case: Case, scenario: Scenario, people: Counted, attendances: Sequence[Attendance]) -> list[bool | None]:
    """The value of every assumed attendance and known fact, in the order of the atoms."""
    if not scenario.assume:
        return [*(None,) * len(attendances), *(f.value for f in case.facts)]
    assumed: dict[Attendance | str, bool] = {}
    for key, value in scenario.assume:
        attendance, place = attendance_of(case.roster, people, key), assumed_place(case.roster, key)
        assert place is not None, "checked with the scenario"
        assumed[place.name if attendance is None else attendance] = value
    return [
        *(assumed.get(a) for a in attendances),
        *(assumed.get(f.id, f.value) for f in case.facts),
    ]
