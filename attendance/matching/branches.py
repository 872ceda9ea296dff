"""Brings a tree of `&` and `|` over tests to the form of a pattern: tests that all hold, and one group of branches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from attendance.matching.bounds import MAX_BRANCHES
from attendance.matching.patterns import Join, LiteralTest, Pattern, Test


@dataclass(frozen=True, slots=True)
class Both:
    """All of these hold."""

    of: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """One of these holds."""

    of: "tuple[Tree, ...]"


Tree = Test | Both | Either
Branches = tuple[tuple[LiteralTest, ...], ...]


class BranchProblem(ValueError):
    """A tree that is not brought to the form of a pattern; the message says why and what to do."""


def pattern_of(alias: str, tree: Tree) -> Pattern:
    """The pattern that says what the tree says, or BranchProblem."""
    parts = list(_flat(tree, Both))
    tests = tuple(p for p in parts if not isinstance(p, Both | Either))
    groups = [_branches(p) for p in parts if isinstance(p, Either)]
    return Pattern(alias, tests, _multiplied(groups) if groups else ())


def _flat(tree: Tree, kind: type[Both] | type[Either]) -> Iterator[Tree]:
    if isinstance(tree, kind):
        for part in tree.of:
            yield from _flat(part, kind)
    else:
        yield tree


def _branches(tree: Tree) -> Branches:
    match tree:
        case Either():
            return _few([b for part in _flat(tree, Either) for b in _branches(part)])
        case Both():
            return _multiplied([_branches(part) for part in _flat(tree, Both)])
        case Join(name, _, alias, other):
            what = f"m.{name} is compared with c.{alias}.{other} inside |"
            raise BranchProblem(f"{what}: put it beside the group, with &, or write a branch of when_any for each case")
        case _:
            return ((tree,),)


def _multiplied(groups: Sequence[Branches]) -> Branches:
    if prod(map(len, groups)) > MAX_BRANCHES:
        raise _too_many(prod(map(len, groups)))
    return tuple(tuple(t for branch in row for t in branch) for row in product(*groups))


def _few(branches: Sequence[tuple[LiteralTest, ...]]) -> Branches:
    if len(branches) > MAX_BRANCHES:
        raise _too_many(len(branches))
    return tuple(branches)


def _too_many(count: int) -> BranchProblem:
    return BranchProblem(
        f"its | come to {count} branches, and at most {MAX_BRANCHES} are taken: "
        "use fewer | in it, or post a property that says which case it is"
    )
