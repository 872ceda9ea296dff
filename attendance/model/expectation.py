"""An answer that a case checks itself against."""

import re
from collections.abc import Mapping

from pydantic import model_validator

from attendance.errors import CaseError, Problem
from attendance.model.values import Text, Value, shown

_CAUSE = "conflict|unstated|open|coordination|fact|depends"
_EXPECTED = re.compile(rf"(attends|absent|held|not held|undetermined)|undetermined ?\(({_CAUSE})\)")


class Expectation(Value):
    """An answer that a case checks itself against: of whom or what, in which scenario ("" for none)."""

    scenario: Text
    about: Text
    verdict: Text
    cause: Text | None = None

    @model_validator(mode="after")
    def _answer(self) -> "Expectation":
        if not _EXPECTED.fullmatch(self.text):
            raise ValueError(_wanted(self.text))
        return self

    @property
    def text(self) -> str:
        """The answer as the file has it, as in `undetermined (open)`."""
        return self.verdict if self.cause is None else f"{self.verdict} ({self.cause})"


def parse_expectation(scenario: str, about: str, text: object) -> Expectation:
    """An expected answer from its text. Raises ValueError where it is none."""
    found = _EXPECTED.fullmatch(" ".join(text.lower().split())) if isinstance(text, str) else None
    if found is None:
        raise ValueError(_wanted(text))
    return Expectation(scenario=scenario, about=about, verdict=found[1] or "undetermined", cause=found[2])


def _wanted(found: object) -> str:
    return (
        "expected attends, absent, undetermined (perhaps with a cause, as in 'undetermined (open)'), "
        f"held or not held, not {shown(found)}"
    )


def parse_expectations(value: object) -> object:
    """Expected answers from a mapping of scenarios to names to texts. Raises CaseError with all that are none."""
    if not isinstance(value, Mapping):
        return () if value is None else value
    found: list[Expectation] = []
    wrong: list[Problem] = []
    for scenario, answers in value.items():
        if not isinstance(answers, Mapping):
            wrong.append(Problem(f"expected names with answers, not {shown(answers)}", (str(scenario),)))
            continue
        for about, text in answers.items():
            try:
                found.append(parse_expectation(str(scenario), str(about), text))
            except ValueError as error:
                wrong.append(Problem(str(error), (str(scenario), str(about))))
    if wrong:
        raise CaseError(wrong)
    return tuple(found)
