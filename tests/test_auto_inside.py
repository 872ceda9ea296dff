"""How a network is taken apart and put together: who is asked what, what is kept for later, and what is known when time is up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import attendance as at
from attendance import engines
from attendance import network as definition
from attendance.engines import auto, clingo, consistent, enumeration, outcome, solution, solve, tables
from attendance.engines.deadline import NO, Deadline
from attendance.engines.solution import EITHER, Memory
from attendance.errors import EngineMissing, EngineUnsuitable, ImpossibleScenario, ResolutionTimeout
from attendance.network import Gate, Network, Part, Stance, Sum
from tests.networks_by_hand import (
    AWAY,
    DISINCLINED,
    FREE,
    INCLINED,
    OPEN,
    THERE,
    circle,
    comes_if,
    might_if,
    odd,
    only_if,
    people,
    rivals,
    turns,
)
from tests.test_auto import agrees
from tests.test_many_networks import watched

EVERYTHING = ["auto", "tables", "clingo", "enumeration"]
ALWAYS: dict[str, Any] = {"sums": (Sum((), ()),), "gates": (Gate(0, 0),)}
"""One gate, always true."""


def refused(*_: Any, **__: Any) -> Any:
    raise AssertionError("it was searched for")


def test_the_names_of_engines_are_told_to_whoever_uses_another() -> None:
    solve(people(FREE), "enumeration")
    with pytest.raises(EngineMissing) as caught:
        solve(people(FREE), "xyzzy")
    assert str(caught.value) == (
        "unknown engine 'xyzzy'\n    the engines are: auto, propagation, tables, clingo, sat, durable, enumeration"
    )
    with pytest.raises(EngineMissing, match="unknown engine 'tabels'\n    did you mean tables"):
        solve(people(FREE), "tabels")


def test_a_question_is_handed_on_as_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Answer:
        consistent = True

        def outcomes(self) -> Iterator[definition.State]:
            yield from [(True,), (False,)]

    def answer(*values: Any, **more: Any) -> Answer:
        asked.append((*values, more))
        return Answer()

    monkeypatch.setattr(engines, "_solve", answer)
    network, memory, late = people(FREE), Memory(), Deadline.after(9)
    solve(network, "clingo", late, mend=False, memory=memory)
    solve(network)
    assert consistent(network, "clingo", late)
    assert consistent(network)
    assert (True,) == outcome(network, iter(()), "clingo", late)
    outcome(network, iter([0, ~0]), "tables", NO)
    strict, plain = {"mend": False, "memory": None}, {"mend": True, "memory": None}
    kept, given = asked[:-1], asked[-1]
    assert kept == [
        (network, "clingo", late, {"mend": False, "memory": memory}),
        (network, "auto", NO, plain),
        (network, "clingo", late, strict),
        (network, "auto", NO, strict),
        (network, "clingo", late, strict),
    ]
    assert ((0, ~0), "tables", NO, strict) == (given[0].given, *given[1:])


def test_statements_are_set_aside_unless_strict_outcomes_alone_are_wanted() -> None:
    network = people(*odd(3))
    assert definition.repaired_outcomes(network) == sorted(solve(network).outcomes(repaired=True))
    strict = solve(network, mend=False)
    assert [] == strict.torn
    assert [[0, 1, 2]] == [part.atoms for part in strict.conflicted]


ASKED: list[Callable[[Network, str, Deadline], Any]] = [
    solve,
    consistent,
    lambda network, engine, late: outcome(network, (), engine, late),
    lambda network, engine, late: outcome(network, (0,), engine, late),
]


@pytest.mark.parametrize("engine", EVERYTHING)
@pytest.mark.parametrize("ask", ASKED)
def test_a_time_limit_that_has_passed_is_told(ask: Callable[[Network, str, Deadline], Any], engine: str) -> None:
    for network in (people(*circle(3)), people(*odd(3)), people(THERE)):
        with pytest.raises(ResolutionTimeout):
            ask(network, engine, Deadline.after(0))


def test_with_a_memory_nothing_is_solved_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    network, memory = people(*turns(4), *odd(3, 4)), Memory()
    first = solve(network, memory=memory)
    assert 3 == len(memory.blocks)  # both circles as they are, and the second with its repairs
    for name in ("_block", "repaired", "possible", "solvable"):
        monkeypatch.setattr(auto, name, refused)
    again = solve(network, memory=memory)
    assert [id(block) for block in first.blocks] == [id(block) for block in again.blocks]


def test_propagation_answers_where_nothing_is_left() -> None:
    led = people(THERE, only_if(0), comes_if(~1), FREE)
    found = solve(led, "propagation")
    assert [True, True, False, None] == found.values
    agrees(found, led)
    assert not consistent(people(Stance((Part("s", lower=1, upper=~1),), OPEN), THERE), "propagation")


def test_propagation_refuses_what_is_left_and_says_how_much() -> None:
    with pytest.raises(EngineUnsuitable, match=r"propagation.*it leaves 3 attendances and facts undecided"):
        solve(people(THERE, *circle(3, 1), FREE), "propagation")


def test_whoever_nothing_binds_is_free_and_no_block() -> None:
    network = Network((FREE, THERE, FREE), facts=1, fixed=(None,) * 4)
    for engine in ("auto", "propagation"):
        found = solve(network, engine)
        assert ({0, 2, 3}, {1}, []) == (found.free, found.settled, found.blocks)
    for bound in (FREE._replace(inclination=INCLINED), comes_if(0), only_if(0)):
        assert set() == solve(people(bound), "tables").free
    facts = Network((), facts=3, fixed=(None,) * 3, rules=(("r", 1),), given=(2,))
    assert {0} == solve(facts, "tables").free
    assert {0} == solve(facts).free


@pytest.mark.parametrize("mend", [True, False])
def test_blocks_are_the_parts_that_hang_together_in_order(mend: bool) -> None:
    network = people(*circle(3), *circle(2, 3), *circle(2, 5), FREE)
    found = solve(network, mend=mend)
    assert [(0, 1, 2), (3, 4), (5, 6)] == [block.piece.atoms for block in found.blocks]
    assert {0: 0, 1: 0, 2: 0, 3: 1, 4: 1, 5: 2, 6: 2} == found.block_of
    assert {7} == found.free


@pytest.mark.parametrize("clash", [False, True])
@pytest.mark.parametrize("engine", ["auto", "clingo"])
def test_who_hangs_together_through_the_decided_alone_is_solved_apart(clash: bool, engine: str) -> None:
    """1 and 2, and 3 and 4, make circles, each with 0, who is there; the clash of others leads to the slower way."""
    more = odd(3, 5) if clash else []
    atoms = 5 + len(more)
    network = people(
        THERE, only_if(atoms, "a"), only_if(1, "b"), only_if(atoms + 1, "c"), only_if(3, "d"), *more,
        sums=(Sum((0, 2), (1, 1)), Sum((0, 4), (1, 1))), gates=(Gate(0, 2), Gate(1, 2)),
    )  # fmt: skip
    found = solve(network, engine)
    apart = [(1, 2), (3, 4)] if engine == "auto" else [(0, 1, 2, 3, 4)]
    assert [*apart, (5, 6, 7)][: len(apart) + clash] == [block.piece.atoms for block in found.blocks]
    assert ({0} if engine == "auto" else set()) == found.settled  # whatever else is in conflict
    agrees(found, network)


def test_what_pulls_one_way_needs_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("possible", "solvable"):
        monkeypatch.setattr(auto, name, refused)
        monkeypatch.setattr(solution, name, refused)
    for network in (people(*circle(4)), people(*circle(2), **ALWAYS)):
        found = solve(network)
        (block,) = found.blocks
        assert block.balanced
        assert (EITHER,) * network.atoms == block.possible
        assert dict.fromkeys(range(network.atoms), EITHER) == found.known()


def test_what_is_decided_once_it_is_read_with_the_decided_is_not_taken_to_be_open() -> None:
    """Once 2 is away, what 1 asks for holds: at least one of 1, who is taken to be there, and 2."""
    shared = {"sums": (Sum((0, 1, 2), (1, 1, 1)),), "gates": (Gate(0, 1, 1), Gate(0, 2, 0))}
    for first in (might_if(4, "t"), only_if(4, "t"), comes_if(4, "t")):
        for second in (only_if(3), might_if(3), comes_if(3)):
            network = people(first, second, AWAY, **shared)
            agrees(solve(network), network)


@pytest.mark.parametrize(
    ("stances", "none", "full"),
    [
        (rivals(3), True, False),
        ([Stance((Part(f"s{x}", lower=~((x + 1) % 3)),)) for x in range(3)], False, True),
        ([*circle(2), might_if(0)], True, True),
        (odd(2), False, False),
    ],
)
def test_what_may_be_empty_or_full_is_known_without_a_search(
    stances: list[Stance], none: bool, full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solution, "SMALL", -1)
    network = people(*stances)
    states = definition.outcomes(network)
    assert (none, full) == ((False,) * network.atoms in states, (True,) * network.atoms in states)
    agrees(solve(network), network)
    if none or full:
        for name in ("possible", "solvable"):
            monkeypatch.setattr(auto, name, refused)
    (block,) = solve(network).blocks
    assert (none, full) == (block.none, block.all)
    assert consistent(network)


def test_a_founded_part_is_not_full_though_all_would_be_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solution, "SMALL", -1)
    network = people(comes_if(1), only_if(0), might_if(0), founded=True)
    (block,) = solve(network).blocks
    assert (True, False) == (block.none, block.all)
    agrees(solve(network), network)


@pytest.mark.parametrize("mend", [True, False])
def test_an_engine_asked_for_by_name_never_hands_over(mend: bool) -> None:
    for size, engine in ((13, "enumeration"), (17, "tables")):
        with pytest.raises(EngineUnsuitable, match=engine):
            solve(people(*rivals(size)), engine, mend=mend)
    with pytest.raises(EngineUnsuitable, match="sat"):
        solve(people(*rivals(3), founded=True), "sat", mend=mend)


def test_repairs_are_listed_by_the_engine_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    network = people(*odd(3))
    for engine, module in (("enumeration", enumeration), ("tables", tables), ("clingo", clingo), ("auto", tables)):
        (block,) = solve(network, engine).blocks
        assert (module, 1) == (block.engine, block.set_aside)
        with monkeypatch.context() as patched:
            patched.setattr(module, "repairs", refused)
            with pytest.raises(AssertionError, match="it was searched for"):
                solve(network, engine)
    monkeypatch.setattr(tables, "TRIES", 2)  # less than the three ways to set one aside
    found = solve(network)
    assert [clingo] == [block.engine for block in found.blocks]
    assert definition.repaired_outcomes(network) == sorted(found.outcomes(repaired=True))


def test_what_cannot_be_met_whatever_is_set_aside_is_told() -> None:
    for given in ((0, ~0), (0, 1, ~1)):
        with pytest.raises(ImpossibleScenario) as caught:
            solve(people(*circle(2), given=given))
        assert "what is assumed and given cannot be met, whatever is set aside" == str(caught.value)


CLASHING = [
    people(THERE, AWAY, Stance((Part("s", lower=3, upper=~3),)), **ALWAYS),
    people(THERE, AWAY, rules=(("r", 1),)),
    people(THERE, AWAY, rules=(("r", 0), ("q", ~0)), given=(0,)),
    people(THERE, AWAY, rules=(("r", ~2),), **ALWAYS),
    people(Stance((Part("s", lower=1, upper=~1), Part("t", upper=2)), DISINCLINED), THERE, THERE),
    people(*odd(1), THERE),
]
FITTING = [
    people(THERE, AWAY, rules=(("r", 0), ("q", ~1)), given=(2,), **ALWAYS),
    people(THERE, Stance((Part("s", lower=0, upper=0), Part("t", lower=0)))),
    people(  # who takes themselves to be there asks for a gate that nobody looks at once they are decided
        Stance((Part("s", lower=2, upper=3),)), THERE,
        sums=(Sum((0, 1), (1, 1)), Sum((), ())), gates=(Gate(1, 0), Gate(0, 2, 0)),
    ),
]  # fmt: skip


@pytest.mark.parametrize("network", [*CLASHING, *FITTING])
def test_a_decided_part_is_in_conflict_just_if_something_is_broken(network: Network) -> None:
    assert (network in FITTING) == bool(definition.outcomes(network))
    agrees(solve(network), network)
    assert (network in FITTING) == consistent(network) == solve(network, mend=False).consistent


def until(network: Network) -> list[dict[int, tuple[bool, bool]]]:
    """What is known when time is up, later and later."""
    known = []
    for checks in range(1, 60):
        try:
            solve(network, "auto", watched(checks))
            break
        except ResolutionTimeout as error:
            known.append(dict(error.known or {}))
    return known


def test_parts_that_are_decided_are_known_when_time_is_up() -> None:
    stances = [THERE, comes_if(0), AWAY, *turns(4, 3), *turns(4, 7)]
    known = until(people(*stances, rules=(("r", 0),)))
    assert known
    assert all({0: (True, False), 1: (True, False), 2: (False, True)} == of for of in known)
    assert not any(0 in of for of in until(people(*stances, rules=(("r", ~0),))))


def test_parts_that_were_solved_are_known_when_time_is_up_while_others_clash() -> None:
    known = until(people(THERE, AWAY, *turns(4, 2), *turns(6, 6), *odd(3, 12), might_if(0, "x")))
    settled, searched = {0: (True, False), 1: (False, True)}, dict.fromkeys(range(2, 6), EITHER)
    assert any((settled | searched).items() <= of.items() and 6 not in of for of in known)
    assert not any(12 in of for of in known)
    assert {15: EITHER}.items() <= known[-1].items()
    sizes = [len(of) for of in known[1:]]  # the first time was up while it was looked for an outcome of the whole
    assert sorted(sizes) == sizes


def test_one_search_tells_whether_there_is_an_outcome_and_what_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for network in (people(*turns(4)), people(*turns(4), *odd(3, 4))):
        with monkeypatch.context() as patched:
            patched.setattr(auto, "solvable", refused)
            assert [(EITHER,) * 4] == [block.possible for block in solve(network).blocks if not block.set_aside]
        with monkeypatch.context() as patched:
            patched.setattr(auto, "possible", refused)
            found = solve(network, mend=False)
            assert found.consistent == (network.atoms == 4)
            assert [part.atoms for part in found.conflicted] == ([] if found.consistent else [[4, 5, 6]])


def test_who_is_certain_is_told_whatever_is_in_conflict_elsewhere() -> None:
    lines = ["ann attends", "bob attends only if ann and cem", "cem attends only if bob"]
    torn = ["dai attends only if not eve", "eve attends only if not fay", "fay attends only if not dai"]
    for said in (lines, lines + torn):
        certain, *rest = at.engine_choices(at.case("\n".join(said)))
        assert ("propagation", ("ann",), "certain without a search") == (certain.engine, certain.names, certain.reason)
        assert [name for choice in rest for name in choice.names] == ["bob", "cem", "dai", "eve", "fay"][
            : len(said) - 1
        ]
