"""What every test can count on, however the suite was started."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def interrupts() -> Iterator[None]:
    """An interrupt is heard: whoever starts the suite in the background has it ignored, here and in what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
