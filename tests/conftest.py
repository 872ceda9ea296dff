"""What every test can count on, however the suite was started."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import Phase, settings

pytest.register_assert_rewrite("tests.fuzz.targets", "tests.pages", "tests.reference")  # or python -O drops theirs

if os.environ.get("ATTENDANCE_MUTANTS"):  # the same examples each time, and the first failure is enough
    settings.register_profile(
        "mutants", derandomize=True, database=None, report_multiple_bugs=False, phases=(Phase.explicit, Phase.generate)
    )
    settings.load_profile("mutants")


@pytest.fixture(scope="session", autouse=True)
def interrupts() -> Iterator[None]:
    """An interrupt is heard: whoever starts the suite in the background has it ignored, here and in what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
