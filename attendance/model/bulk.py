"""Values by the hundred thousand, all of which stay: the collector of circles kept away, and tuples made at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

tuple_of = tuple.__new__
"""Makes a named tuple of its fields in half the time that calling its class takes."""


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
