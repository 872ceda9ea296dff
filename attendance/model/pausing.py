"""Keeps Python's collector of circles away while very many values are made, all of which stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """For a few seconds: it would go through all that was made again and again, which takes as long as the making."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()  # what was made is old now: it would all be gone through at once if it were young
        gc.enable()
