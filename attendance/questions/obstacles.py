"""Why nothing does: what is forbidden and would, or what stands in the way of a goal, in words."""

from collections.abc import Sequence

from attendance.engines import consistent
from attendance.engines.clashing import shrink
from attendance.model.conditions import Condition
from attendance.model.participants import Attendance
from attendance.network import Network, Stance
from attendance.questions.asking import Asked
from attendance.questions.speech import Speech, listed
from attendance.questions.ways import Search


def obstacle(asked: Asked, condition: Condition, search: Search, forbidden: set[int]) -> str:
    """A sentence that says why no set that is allowed makes a goal hold."""
    speech = Speech(asked.compiled)
    ids = _in_the_way(asked, search.without(forbidden))
    quoted = listed((speech.quoted(i, cited=True) for i in ids or ()), len(ids or ()))
    stands = f"{quoted} {'stands' if ids and len(ids) == 1 else 'stand'} in the way" if ids else ""
    way = next(search.ways(), None) if forbidden else None
    if way is not None:
        only = _forbidden(speech, condition, search, {a: v for a, v in way.items() if a in forbidden})
        return f"{only}: {stands}." if ids else f"{only}."
    held = "hold" if search.mode == "some" else "hold for certain"
    if ids is None:
        return f"“{condition}” cannot be made to {held}: whatever is assumed, it may yet turn out otherwise."
    if not ids:
        return f"“{condition}” cannot hold, whatever is assumed and whatever anybody says."
    return f"“{condition}” cannot hold, whatever is assumed: {stands}."


def _forbidden(speech: Speech, condition: Condition, search: Search, way: dict[int, bool]) -> str:
    """That only what is forbidden would do: by name, where there is no other way than with that."""
    names = listed(_told(speech, atom, value) for atom, value in way.items())
    are = "is" if len(way) == 1 else "are"
    if next(search.without(way).ways(), None) is None:
        return f"“{condition}” can be had only {names}, which {are} forbidden"
    return f"“{condition}” can be had only in ways that are forbidden, for instance {names}"


def _told(speech: Speech, atom: int, value: bool) -> str:
    thing = speech.compiled.name(atom)
    if isinstance(thing, Attendance):
        return f"{'with' if value else 'without'} {speech.named(thing)}"
    return f"if {speech.name(thing)} {'holds' if value else 'does not hold'}"


def _in_the_way(asked: Asked, search: Search) -> tuple[str, ...] | None:
    """Statements and rules that keep the goal from holding even when all that may be assumed is as it likes.

    None where it could hold: then it is other outcomes that remain.
    """
    network = search.network
    free = set(search.over)
    stances = tuple(Stance() if x in free else stance for x, stance in enumerate(network.stances))
    loose = network.observing([search.goal]).varied(stances=stances, founded=False)
    ids = loose.removable

    def stands(kept: Sequence[str]) -> bool:
        left: Network = loose.without(set(ids) - set(kept))
        return consistent(left, search.engine, search.deadline)

    if stands(ids):
        return None
    return tuple(sorted(shrink(ids, stands), key=network.removable.index))
