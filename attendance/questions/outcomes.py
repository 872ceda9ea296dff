"""Every outcome of a case: listed lazily, fewest or most first, or only counted."""

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Literal, Unpack

from attendance.errors import QuestionError
from attendance.model.case import Case
from attendance.model.outcome import Outcome
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.questions.asking import Asked, ask


def outcomes(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    limit: int | None = None,
    order: Literal["fewest", "most"] | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Iterator[Outcome]:
    """Every outcome, once; none where the statements cannot all be kept.

    `order` is by how many attend, over all gatherings. Wrong input is refused at the call, before
    the first outcome is asked for. Raises as `resolve` does.
    """
    if order not in (None, "fewest", "most"):
        raise QuestionError(f"the order is 'fewest' or 'most', not {order!r}")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 0):
        raise QuestionError(f"a limit is a whole number from 0 up, not {limit!r}")
    return _listed(ask(case, scenario, parts, engine, time_limit), limit, order)


def _listed(asked: Asked, limit: int | None, order: Literal["fewest", "most"] | None) -> Iterator[Outcome]:
    least = None if limit is None else min(limit, sys.maxsize)
    return map(asked.outcome, islice(asked.strict.outcomes(order), least))


def count(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> int:
    """The number of outcomes, without listing them where parts are independent. Raises as `resolve` does."""
    return ask(case, scenario, parts, engine, time_limit).strict.count()
