"""Everybody's verdict, kept true while statements come and go: only what they are about is read again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from attendance.compiler import Compiler
from attendance.engines import Memory, solve
from attendance.live.standing import Standing
from attendance.model.case import Case
from attendance.model.outcome import Frozen, Verdict
from attendance.model.participants import Attendance
from attendance.model.positions import positions, touched
from attendance.model.roster import Named
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.questions.resolve import Held, verdicts_of

SPARE = 1000
"""After so many statements all is compiled anew, so that nothing is kept of those that stand no longer."""


@dataclass(frozen=True)
class Snapshot:
    """The verdicts at one moment, whether each gathering is held, and whether all statements can be kept."""

    attendances: tuple[Attendance, ...]
    found: tuple[Verdict, ...]
    held: dict[str, Held]
    consistent: bool

    @cached_property
    def verdicts(self) -> Frozen[Attendance, Verdict]:
        """By attendance, in the order of the case."""
        return Frozen(zip(self.attendances, self.found, strict=True))


class Verdicts:
    """A case as a network whose stances change while statements come into force and end."""

    def __init__(self, case: Case, standing: Standing) -> None:
        self.case, self.standing = case, standing
        self._compile()

    def _compile(self) -> None:
        self.named: set[Named] = set(self.standing.named)
        self.memory = Memory()
        self.compiler = Compiler(self.live, Scenario())
        self.index = {a: i for i, a in enumerate(self.compiler.attendances)}
        self.about: dict[Attendance, set[str]] = {}
        statements = self.standing.in_force
        for statement in statements:
            for attendance in touched(self.case, statement):
                self.about.setdefault(attendance, set()).add(str(statement.id))
        compiled = self.compiler.compiled(statements)
        self.network, self.held = compiled.network, compiled.held
        self.taken = 0

    @property
    def live(self) -> Case:
        """The case with the statements in force alone; whom the others named is counted all the same."""
        return self.case.standing(self.standing.in_force, self.standing.named)

    def take(self, changed: Sequence[Statement]) -> bool:
        """Read again whom the statements are about that came into force or ended. Gives whether that is anybody."""
        self.taken += 1
        if self.taken > SPARE or self._others_counted():
            self._compile()
            return True
        if not changed:
            return False
        again: set[Attendance] = set()
        for statement in changed:
            for attendance in touched(self.case, statement):
                self.about.setdefault(attendance, set()).add(str(statement.id))
                again.add(attendance)
        stances = list(self.network.stances)
        for attendance in again:
            theirs = self.standing.among(self.about[attendance])
            self.about[attendance] = {str(s.id) for s in theirs}
            position = positions(self.case, theirs, self.compiler.reading).get(attendance)
            atom = self.index[attendance]
            stances[atom] = self.compiler.stance(atom, position)
        gates = self.compiler.wiring.gates
        if len(gates.gates) > len(self.network.gates):
            self.network = replace(self.network, sums=tuple(gates.sums), gates=tuple(gates.gates), origin=None)
        self.network = self.network.restated(tuple(stances))
        return True

    def _others_counted(self) -> bool:
        """Whether others are counted now than when all was compiled."""
        if self.named == self.standing.named.keys():
            return False
        self.named = set(self.standing.named)
        people = self.live.counted
        return {Attendance(p, g) for g, several in people.items() for p in several} != self.index.keys()

    def snapshot(self) -> Snapshot:
        """The verdicts as they stand."""
        solution = solve(self.network, memory=self.memory)
        found, held = verdicts_of(solution, len(self.index), self.held)
        return Snapshot(self.compiler.attendances, found, held, solution.consistent)
