"""An answer that a case checks itself against."""

import re
from collections.abc import Mapping

from attendance.model.values import Value, shown

_EXPECTED = re.compile(r"(attends|absent|undetermined|held|not held)(?:\s*\((\w+)\))?")
_CAUSES = ("conflict", "unstated", "open", "coordination", "fact", "depends")


class Expectation(Value):
    """An answer that a case checks itself against: of whom or what, in which scenario ("" for none)."""

    scenario: str
    about: str
    verdict: str
    cause: str | None = None

    @property
    def text(self) -> str:
        """The answer as the file has it, as in `undetermined (open)`."""
        return self.verdict if self.cause is None else f"{self.verdict} ({self.cause})"


def parse_expectation(scenario: str, about: str, text: object) -> Expectation:
    """An expected answer from its text. Raises ValueError where it is none."""
    found = _EXPECTED.fullmatch(" ".join(text.lower().split())) if isinstance(text, str) else None
    if found is None or (found[2] and (found[2] not in _CAUSES or found[1] != "undetermined")):
        raise ValueError(
            f"expected attends, absent, undetermined (perhaps with a cause, as in 'undetermined (open)'), "
            f"held or not held, not {shown(text)}"
        )
    return Expectation(scenario=scenario, about=about, verdict=found[1], cause=found[2])


def parse_expectations(value: object) -> object:
    """Expected answers from a mapping of scenarios to names to texts."""
    if not isinstance(value, Mapping):
        return () if value is None else value
    found = []
    for scenario, answers in value.items():
        if not isinstance(answers, Mapping):
            raise ValueError(f"{scenario!r}: expected names with answers, not {shown(answers)}")
        found += [parse_expectation(str(scenario), str(about), text) for about, text in answers.items()]
    return tuple(found)
