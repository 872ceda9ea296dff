"""A case in a scenario, kept to be asked when somebody wants to know more than the answer at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from attendance.engines.deadline import Deadline
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario
from attendance.questions.asking import Asked, ask
from attendance.questions.resolve import Resolution, resolution
from attendance.questions.why import Explanation, explanation


@dataclass(frozen=True)
class Scene:
    """A case in a scenario, asked at most once, and without a time limit."""

    case: Case
    scenario: Scenario
    engine: str

    @cached_property
    def asked(self) -> Asked:
        """The question put."""
        return ask(self.case, self.scenario, {}, self.engine)

    @cached_property
    def resolution(self) -> Resolution:
        """The answer."""
        return resolution(self.asked)

    def why(self, about: Attendance) -> Explanation:
        """Why the verdict on somebody is what it is."""
        return explanation(self.asked, self.resolution, about)

    def reasons(self, people: Iterable[Attendance], deadline: Deadline) -> Mapping[Attendance, Explanation]:
        """The same of several, found by the deadline. Raises ResolutionTimeout."""
        found: dict[Attendance, Explanation] = {}
        asked = replace(self.asked, deadline=deadline)
        for about in people:
            deadline.check()
            found[about] = explanation(asked, self.resolution, about)
        return found

    def __getstate__(self) -> dict[str, Any]:
        return {"case": self.case, "scenario": self.scenario, "engine": self.engine}
