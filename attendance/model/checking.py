"""What is wrong with a case as a whole, all at once."""

from attendance.errors import Problem
from attendance.model.declarations import added_ids, declaration_problems
from attendance.model.draft import Draft
from attendance.model.references import References
from attendance.model.scenario import Scenario


def problems(draft: Draft) -> list[Problem]:
    """Every mistake that shows only when the case is seen as a whole."""
    found = list(declaration_problems(draft))
    return found + References(draft, draft.roster).all()


def scenario_problems(draft: Draft, scenario: Scenario, after: Scenario | None = None) -> list[Problem]:
    """What is wrong with a call's scenario, put to a sound case, perhaps `after` one of the case's own."""
    of_call = (scenario,) if after is None else (after, scenario)
    found = list(added_ids(draft, (), scenario.add, () if after is None else after.add))
    return found + list(References(draft, draft.roster, of_call).scenario((), scenario))
