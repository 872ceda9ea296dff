"""The side door: what others test their own cases, systems and engines with. It needs Hypothesis.

    from attendance import testing

    @given(testing.cases(people=3, signs="positive"))
    def test_mine(case): ...

Each name is fetched from its room when it is first used: the plugin of pytest passes by here.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from attendance.errors import QuestionError

if TYPE_CHECKING:
    from attendance.testing.circuits import networks as networks
    from attendance.testing.composing import Resolved as Resolved
    from attendance.testing.composing import cases as cases
    from attendance.testing.composing import resolutions as resolutions
    from attendance.testing.composing import timelines as timelines
    from attendance.testing.engine import Tried as Tried
    from attendance.testing.engine import check_engine as check_engine
    from attendance.testing.laws import LAWS as LAWS
    from attendance.testing.laws import POSITIVE_LAWS as POSITIVE_LAWS
    from attendance.testing.laws import assume_then_given as assume_then_given
    from attendance.testing.laws import engines_agree as engines_agree
    from attendance.testing.laws import explanations_check as explanations_check
    from attendance.testing.laws import given_filters_outcomes as given_filters_outcomes
    from attendance.testing.laws import names_do_not_matter as names_do_not_matter
    from attendance.testing.laws import order_does_not_matter as order_does_not_matter
    from attendance.testing.laws import round_trips as round_trips
    from attendance.testing.laws import sweep_equals_resolve as sweep_equals_resolve
    from attendance.testing.laws import timeline_ends_at_resolve as timeline_ends_at_resolve
    from attendance.testing.machine import DeskMachine as DeskMachine
    from attendance.testing.positive import between_founded_and_greatest as between_founded_and_greatest
    from attendance.testing.positive import further_attends_if_loses_nobody as further_attends_if_loses_nobody
    from attendance.testing.renaming import renamed as renamed
    from attendance.testing.speaker import statements as statements
    from attendance.testing.supposing import scenarios as scenarios
    from attendance.testing.wording import network_in_words as network_in_words
    from attendance.testing.writer import conditions as conditions

_ROOMS = {
    "composing": ("Resolved", "cases", "resolutions", "timelines"),
    "writer": ("conditions",),
    "engine": ("Tried", "check_engine"),
    "laws": (
        "LAWS",
        "POSITIVE_LAWS",
        "assume_then_given",
        "engines_agree",
        "explanations_check",
        "given_filters_outcomes",
        "names_do_not_matter",
        "order_does_not_matter",
        "round_trips",
        "sweep_equals_resolve",
        "timeline_ends_at_resolve",
    ),
    "machine": ("DeskMachine",),
    "circuits": ("networks",),
    "positive": ("between_founded_and_greatest", "further_attends_if_loses_nobody"),
    "renaming": ("renamed",),
    "supposing": ("scenarios",),
    "speaker": ("statements",),
    "wording": ("network_in_words",),
}
_HOMES = {name: f"attendance.testing.{room}" for room, names in _ROOMS.items() for name in names}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'attendance.testing' has no attribute {name!r}")
    try:
        value = getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "hypothesis":
            raise
        raise QuestionError("tests of your own need Hypothesis: pip install 'attendance[testing]'") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
