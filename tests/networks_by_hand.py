"""Small networks written down: circles, clashes, and people who say one thing each."""

from typing import Any

from attendance.model.sayings import Inclination
from attendance.network import Network, Part, Stance

OPEN, INCLINED, DISINCLINED = Inclination.OPEN, Inclination.INCLINED, Inclination.DISINCLINED
THERE, AWAY, FREE = Stance((), INCLINED), Stance((), DISINCLINED), Stance()


def people(*stances: Stance, **more: Any) -> Network:
    return Network(stances, **{"fixed": (None,) * len(stances), **more})


def only_if(bound: int, name: str = "s") -> Stance:
    return Stance((Part(name, upper=bound),), INCLINED)


def comes_if(bound: int, name: str = "s") -> Stance:
    return Stance((Part(name, lower=bound),), DISINCLINED)


def might_if(bound: int, name: str = "s") -> Stance:
    """May come or not, but not unless that holds."""
    return Stance((Part(name, upper=bound),), OPEN)


def circle(size: int, first: int = 0) -> list[Stance]:
    """Each comes only if the next one does: nobody or everybody."""
    return [only_if(first + (i + 1) % size, f"s{first + i}") for i in range(size)]


def odd(size: int, first: int = 0) -> list[Stance]:
    """Each comes just when the next one does not: of an odd number no outcome, and propagation does not see it."""
    return [only_if(~(first + (i + 1) % size), f"s{first + i}") for i in range(size)]


def rivals(size: int, first: int = 0) -> list[Stance]:
    """Each may come, but not with the next one: nobody can, everybody cannot."""
    return [might_if(~(first + (i + 1) % size), f"s{first + i}") for i in range(size)]


def turns(size: int, first: int = 0) -> list[Stance]:
    """Every second one comes: of an even number two outcomes, that only a search tells."""
    bounds = [(~(first + (i - 1) % size), ~(first + (i + 1) % size)) for i in range(size)]
    return [Stance((Part(f"s{first + i}", lower, upper),)) for i, (lower, upper) in enumerate(bounds)]
