"""The strategies of our types, as `st.from_type` finds them."""

from hypothesis import strategies as st

from attendance.model.scenario import Scenario
from attendance.questions.resolve import Resolution
from attendance.questions.timeline import Timeline, timeline
from attendance.testing.composing import cases, resolutions, timelines
from attendance.testing.speaker import statements
from attendance.testing.supposing import scenarios
from attendance.testing.writer import conditions

__all__ = ["any_resolutions", "any_scenarios", "any_timelines", "cases", "conditions", "statements"]


def any_scenarios() -> st.SearchStrategy[Scenario]:
    """Scenarios of cases that are not said: they name ann, ben, cleo and rain, and suppose or see them."""
    return cases(people=("ann", "ben", "cleo"), facts=("rain",), groups=0, statements=0, rules=0).flatmap(
        lambda case: scenarios(case, parts=("assume", "given", "as_of", "reading", "founded"))
    )


def any_resolutions() -> st.SearchStrategy[Resolution]:
    """The resolutions of cases."""
    return resolutions().map(lambda resolved: resolved.resolution)


def any_timelines() -> st.SearchStrategy[Timeline]:
    """The timelines of cases whose statements have dates."""
    return timelines().map(timeline)
