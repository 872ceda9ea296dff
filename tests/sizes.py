"""How many random examples a test tries."""

from collections.abc import Callable

from hypothesis import HealthCheck, settings


def examples_of(number: int) -> settings:
    """So many examples, however long they take."""
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def shares(most: int) -> Callable[[float], settings]:
    """A share of so many examples, at least one."""
    return lambda share: examples_of(max(1, int(most * share)))
