"""Whether a case holds what it expects, and what in it deserves a second look."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from attendance.engines import solve
from attendance.errors import ImpossibleScenario, ResolutionTimeout
from attendance.model.case import Case
from attendance.model.expectation import Expectation
from attendance.model.roster import assumed_place
from attendance.model.warnings import warnings
from attendance.network import Stance
from attendance.questions.asking import Asked, ask, checked
from attendance.questions.lint import lint
from attendance.questions.resolve import Resolution, resolution


@dataclass(frozen=True)
class Failure:
    """An expected answer that did not come: what came instead."""

    expected: Expectation
    found: str

    def to_dict(self) -> dict[str, str]:
        """JSON-ready."""
        return {
            "scenario": self.expected.scenario,
            "about": self.expected.about,
            "expected": self.expected.text,
            "found": self.found,
        }

    def __str__(self) -> str:
        where = f" in {self.expected.scenario}" if self.expected.scenario else ""
        return f"{self.expected.about}{where}: expected {self.expected.text}, found {self.found}"


@dataclass(frozen=True)
class Report:
    """What a check found: truthy when every expected answer came. Warnings do not count against it."""

    case: str
    tried: int
    failures: tuple[Failure, ...]
    warnings: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.failures

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "case": self.case,
            "tried": self.tried,
            "failures": [f.to_dict() for f in self.failures],
            "warnings": list(self.warnings),
        }

    def __repr__(self) -> str:
        return f"<{'; '.join(str(self).splitlines())}>"

    def __str__(self) -> str:
        said = f"{self.tried - len(self.failures)} of {self.tried} expected answers came"
        return "\n".join([said, *map(str, self.failures), *(f"warning: {w}" for w in self.warnings)])


def check(case: Case, *, engine: str = "auto", time_limit: float | None = None) -> Report:
    """The case's `expect` tried, scenario by scenario, and its warnings.

    A scenario that is impossible, or takes too long, fails what is expected of it. Raises EngineError.
    """
    failures: list[Failure] = []
    warned: dict[str, None] = dict.fromkeys(warnings(checked(case)))
    scenarios = dict.fromkeys(e.scenario for e in case.expect)
    scenarios.setdefault("")
    for scenario in scenarios:
        expected = [e for e in case.expect if e.scenario == scenario]
        try:
            asked = ask(case, scenario, {}, engine, time_limit)
            found = resolution(asked)
            warned.update(dict.fromkeys([*found.warnings, *_torn(asked)]))
        except (ImpossibleScenario, ResolutionTimeout) as error:
            reason = str(error).splitlines()[0]
            failures += (Failure(e, reason) for e in expected)
            if not expected:
                warned[f"the case as it stands could not be looked at: {reason}"] = None
            continue
        failures += (Failure(e, answer) for e in expected if not _fits(e, answer := _answer(found, e, case)))
    warned.update(dict.fromkeys(lint(case, time_limit)))
    return Report(case.title, len(case.expect), tuple(failures), tuple(warned))


def _torn(asked: Asked) -> Iterator[str]:
    """Attendances whose own statements could ask for both, were nobody else held to anything."""
    compiled = asked.compiled
    nobody = (Stance(),) * compiled.network.attendances
    for x, literal in compiled.torn.items():
        free = replace(compiled.network, stances=nobody, rules=(), given=(literal,), founded=False)
        try:
            solve(free, deadline=asked.deadline)
        except ImpossibleScenario:
            continue
        about = compiled.attendances[x]
        ids = ", ".join(p.statement for p in compiled.network.stances[x].parts)
        yield f"the statements about {about} ({ids}) ask for two things at once in some states"


def _answer(found: Resolution, expected: Expectation, case: Case) -> str:
    place = assumed_place(case.roster, expected.about)
    if place is not None and place.at is None and place.name in found.gatherings:
        return str(found.gatherings[place.name].held)
    attendance = found.attendance(expected.about)
    cause = found.causes.get(attendance)
    return str(found.verdicts[attendance]) + (f" ({cause})" if cause is not None else "")


def _fits(expected: Expectation, answer: str) -> bool:
    return answer == expected.text or (expected.cause is None and answer.partition(" (")[0] == expected.verdict)
