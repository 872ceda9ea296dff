"""Values by the hundred thousand, all of which stay: the collector of circles kept away, and tuples made at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

tuple_of = tuple.__new__
"""Makes a named tuple of its fields in half the time that calling its class takes."""

MANY = 100_000
"""So many new objects, and more, are made old at once; fewer are gone through as ever, in a few milliseconds."""
OFTEN = 16
"""After so many times everything is gone through: Python does not count what was made old like this."""
_times = count(1)


@contextmanager
def collector_paused() -> Iterator[None]:
    """For a few seconds: it would go through all that was made again and again, which takes as long as the making."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
        if gc.get_count()[0] >= MANY and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()  # what was made is old now: it would all be gone through at once if it were young
            if next(_times) % OFTEN == 0:
                gc.collect()
    finally:
        gc.enable()
