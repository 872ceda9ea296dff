"""The inputs that fuzzing by coverage kept: each reader takes or refuses them as it should (tests/fuzz)."""

import pytest

from tests.fuzz.__main__ import kept
from tests.fuzz.targets import READERS


@pytest.mark.parametrize("reader", READERS)
def test_what_was_kept_is_taken_or_refused(reader: str) -> None:
    inputs = list(kept(reader))
    for data in inputs:
        READERS[reader](data)
    assert len(inputs) == len(set(inputs)) > 50
