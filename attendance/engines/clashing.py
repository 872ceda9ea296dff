"""Minimal clashing sets: which statements and rules cannot stand together, found by asking and shrinking."""

from collections.abc import Callable, Sequence

from attendance.engines.deadline import Deadline

Stands = Callable[[Sequence[str]], bool]
"""Whether those statements and rules alone, all others set aside, admit an outcome."""


def clashes(
    ids: Sequence[str], stands: Stands, *, limit: int, tries: int, deadline: Deadline
) -> tuple[list[frozenset[str]], bool]:
    """All minimal clashing sets up to the limit, and whether these are all.

    Reiter's hitting-set tree (1987): a set that clashes is shrunk to a minimal one, and then each
    member of that is left out in turn. Looks at no more than `tries` nodes of the tree.
    """
    found: list[frozenset[str]] = []
    seen: set[frozenset[str]] = set()
    open_: list[frozenset[str]] = [frozenset()]
    while open_:
        gone = open_.pop(0)
        if gone in seen:
            continue
        if len(seen) >= tries or len(found) >= limit:
            return _sorted(found), False
        deadline.check()
        seen.add(gone)
        clash = next((c for c in found if not c & gone), None)
        if clash is None:
            kept = [i for i in ids if i not in gone]
            if stands(kept):
                continue
            clash = shrink(kept, stands)
            found.append(clash)
        open_ += (gone | {i} for i in sorted(clash))
    return _sorted(found), True


def shrink(ids: Sequence[str], stands: Stands) -> frozenset[str]:
    """A minimal clashing set within one that clashes, by QuickXplain (Junker, 2004)."""

    def explain(background: list[str], changed: bool, rest: list[str]) -> list[str]:
        if changed and not stands(background):
            return []
        if len(rest) == 1:
            return rest
        left, right = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        second = explain(background + left, bool(left), right)
        first = explain(background + second, bool(second), left)
        return first + second

    if not ids or not stands([]):
        return frozenset()
    return frozenset(explain([], False, list(ids)))


def _sorted(found: list[frozenset[str]]) -> list[frozenset[str]]:
    return sorted(found, key=lambda clash: (len(clash), sorted(clash)))
