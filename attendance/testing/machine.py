"""A live system beside a model case: what is said to one is said to the other, and their verdicts have to agree."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from attendance.live.desk import Desk
from attendance.model.case import Case
from attendance.model.outcome import find_attendance
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.questions.resolve import resolve
from attendance.testing.composing import cases, with_parts
from attendance.testing.picking import Draw, pick, some
from attendance.testing.speaker import statements
from attendance.testing.world import Wanted

__tracebackhide__ = True  # pytest shows the test that failed, and not how it was found
FIRST = date(2025, 5, 1)
Words = Mapping[str, Any]
"""What is said: the text of a statement as `what`, and the details that it has."""


@st.composite
def _words(draw: Draw, machine: "DeskMachine") -> Words:
    """Something that can be said now."""
    wanted: Wanted = {**machine.wanted, "dated": True}
    said = draw(statements(machine.told, **wanted))
    words: dict[str, Any] = {"what": said.text}
    words |= {key: getattr(said, key) for key in ("said", "source", "also", "inclination") if getattr(said, key)}
    return words


@st.composite
def _assumptions(draw: Draw, machine: "DeskMachine") -> Mapping[str, bool]:
    """What can be supposed now."""
    main = machine.case.roster.main
    people = [f"{p}" for p in machine.case.counted[main]]
    return {key: pick(draw, (True, False)) for key in some(draw, people, 2)}


class DeskMachine(RuleBasedStateMachine):
    """A desk, or your own system, to which random things are said; subclass it, and test `YourMachine.TestCase`.

    It begins with the case `begins`, or with a random one without statements, of the kind that `wanted` says.
    Override `open`, `say`, `withdraw`, `tick`, `suppose`, `verdicts` and `close` for a system that is no desk:
    `self.system` is whatever `open` gave. After each step its verdicts must be those of `resolve` of `self.case`:
    the case with all that was said and not withdrawn.
    """

    begins: ClassVar[Case | None] = None
    wanted: ClassVar[Wanted] = {}

    def __init__(self) -> None:
        super().__init__()
        self.system: Any = None
        self.told = Case()
        self.withdrawn: set[str] = set()
        self.today = FIRST

    # --- the system: override these for your own ---

    def open(self, case: Case) -> Any:
        """The system at its beginning; a desk."""
        return Desk(case)

    def say(self, statement: Statement) -> None:
        """Tell the system what somebody said. The statement has its id."""
        self.system.say(statement)

    def withdraw(self, name: str) -> None:
        """Tell the system that the statement of that id is taken back."""
        self.system.withdraw(name)

    def tick(self, now: date) -> None:
        """Tell the system which day it is."""
        self.system.tick(now)

    def suppose(self, assume: Mapping[str, bool]) -> Mapping[Any, Any] | None:
        """The verdicts if those came or stayed away; None if your system has no such question."""
        return self.system.suppose(assume=assume).verdicts  # type: ignore[no-any-return]

    def verdicts(self) -> Mapping[Any, Any]:
        """The verdicts by attendance, or by its name: "ann", or "ann at dinner"."""
        return self.system.verdicts  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close the system, at the end."""
        if hasattr(self.system, "close"):
            self.system.close()

    # --- what happens to it ---

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """The system opens on a case."""
        if self.begins is None:
            wanted: Wanted = {**self.wanted, "statements": 0, "scenarios": 0}
            self.told = data.draw(cases(**wanted), label="a case")
        else:
            self.told = self.begins
        self.system = self.open(self.told)

    @rule(words=st.runner().flatmap(_words))
    def says(self, words: Words) -> None:
        """Somebody says something."""
        details = {k: v for k, v in words.items() if k != "what"}
        spoken = Statement.model_validate(words["what"])
        self.told = with_parts(self.told, statements=(*self.told.statements, spoken.model_copy(update=details)))
        self.say(self.told.statements[-1])

    @precondition(lambda self: self.standing)
    @rule(name=st.runner().flatmap(lambda machine: st.sampled_from(machine.standing)))
    def withdraws(self, name: str) -> None:
        """Something is taken back."""
        self.withdrawn.add(name)
        self.withdraw(name)

    @rule(assume=st.runner().flatmap(_assumptions))
    def supposes(self, assume: Mapping[str, bool]) -> None:
        """Somebody asks what if; nothing changes by it."""
        found = self.suppose(assume)
        if found is not None:
            self.compare(found, assume)

    @rule(days=st.integers(0, 3))
    def ticks(self, days: int) -> None:
        """Time passes."""
        self.today += timedelta(days=days)
        self.tick(self.today)

    # --- what must be so ---

    @property
    def case(self) -> Case:
        """The case as it stands. What was withdrawn was never said."""
        return self.told.standing([s for s in self.told.statements if s.id not in self.withdrawn])

    @property
    def story(self) -> Case:
        """The case with all that was said; what was withdrawn is so in its scenario `withdrawn`."""
        if not self.withdrawn:
            return self.told
        withdrawn = Scenario(id="withdrawn", withdraw=sorted(self.withdrawn))
        others = [scenario for scenario in self.told.scenarios if scenario.id != withdrawn.id]
        return self.told.standing(self.told.statements, scenarios=(*others, withdrawn))

    @property
    def standing(self) -> list[str]:
        """The ids of what was said and not withdrawn."""
        return [str(s.id) for s in self.case.statements]

    @invariant()
    def stands_as_the_case(self) -> None:
        """The verdicts are those of the case as it stands."""
        self.compare(self.verdicts(), {})

    def compare(self, found: Mapping[Any, Any], assume: Mapping[str, bool]) -> None:
        """Raises AssertionError where verdicts are others than those of the case."""
        right = resolve(self.case, assume=assume)
        told = {_attendance(right.verdicts, key, right.main): str(value) for key, value in found.items()}
        differ = [
            f"{attendance}: the system says {told.get(attendance, 'nothing')}, the case {verdict}"
            for attendance, verdict in right.verdicts.items()
            if told.get(attendance) != str(verdict)
        ]
        differ += [
            f"{attendance}: the system says {value}, the case has no such attendance"
            for attendance, value in told.items()
            if attendance not in right.verdicts
        ]
        if differ:
            raise AssertionError("; ".join([*differ, *([f"with {dict(assume)} assumed"] if assume else [])]))

    def teardown(self) -> None:
        """Close the system."""
        if self.system is not None:
            self.close()


def _attendance(known: Mapping[Attendance, Any], key: Any, main: str) -> Attendance:
    return key if isinstance(key, Attendance) else find_attendance(known, key, main)
