"""The collector of circles is kept away for a while, and what others leave behind still goes."""

import gc
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest

import attendance as at
from attendance.formats.casefile import loads
from attendance.model import bulk
from attendance.model.bulk import MANY, OFTEN, collector_paused


@pytest.fixture(autouse=True)
def everything_gone_through() -> Iterator[None]:
    """What earlier tests left is none of this."""
    gc.collect()
    yield
    gc.collect()


def in_a_circle() -> None:
    """Leaves something that only the collector can take."""
    circle: list[Any] = []
    circle.append(circle)


def test_it_is_only_paused() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_a_refused_file_leaves_is_young_garbage() -> None:
    for _ in range(50):
        with pytest.raises(at.CaseError):
            loads("participants: {a: {}")
    gc.collect(1)
    assert gc.collect() < 50, "nothing was made old: a service that refuses files would keep it all for ever"


def test_what_a_small_case_leaves_is_young_garbage() -> None:
    for _ in range(50):
        with collector_paused():
            in_a_circle()
    gc.collect(1)
    assert gc.collect() < 50


def test_what_is_made_old_is_gone_through_in_the_end() -> None:
    for _ in range(OFTEN):
        with collector_paused():
            made: list[Any] = [[] for _ in range(MANY)]
            in_a_circle()
        del made
    assert gc.collect() < OFTEN - 1


@pytest.mark.parametrize("times", [1, OFTEN])
def test_now_and_then_everything_is_gone_through(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_times", repeat(times))
    with collector_paused():
        made: list[Any] = [[] for _ in range(MANY)]
        all_before = gc.get_stats()[2]["collections"]
    assert gc.get_stats()[2]["collections"] == all_before + (times == OFTEN)
    assert len(made) == MANY


def test_many_that_stay_are_old_at_once() -> None:
    with collector_paused():
        made: list[Any] = [[] for _ in range(MANY)]
    assert gc.get_count()[0] < MANY, "they would all be gone through soon"
    assert len(made) == MANY


def test_it_stays_on_after_an_error() -> None:
    with pytest.raises(at.CaseError), collector_paused():
        raise at.CaseError([])
    assert gc.isenabled()
