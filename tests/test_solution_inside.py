"""A solution asked about: what is kept, who is asked, and that what shows by itself is asked of nobody."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import clingo, solution, solve, tables
from attendance.engines.deadline import NO, Deadline
from attendance.engines.parts import Fragment
from attendance.engines.solution import Block, Memory
from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import DISINCLINED, INCLINED, Gate, Network, Part, Stance, Sum
from tests.test_auto import has

QUESTIONS = ("solvable", "count", "outcomes", "survey", "repairs")
ENGINES = [name for name in ("tables", "clingo", "enumeration", "sat") if has(name)]


def module(engine: str) -> ModuleType:
    return import_module(f"attendance.engines.{engine}")


def if_(x: int, name: str = "") -> Stance:
    """Attends just if that literal holds."""
    return Stance((Part(name or f"if {x}", lower=x),), DISINCLINED)


def only_if(x: int, name: str = "") -> Stance:
    """Attends just if that literal holds, and would rather."""
    return Stance((Part(name or f"only if {x}", upper=x),), INCLINED)


def might(*uppers: int) -> Stance:
    return Stance(tuple(Part(f"only if {q}", upper=q) for q in uppers), Inclination.OPEN)


def opposed(pairs: int, **parts: Any) -> Network:
    """Pairs of which just one comes: `2 i` or `2 i + 1`."""
    stances = [if_(~(x ^ 1), f"s{x}") for x in range(2 * pairs)]
    return Network(**{"stances": tuple(stances), "fixed": (None,) * (2 * pairs), **parts})


def nobody_asked(monkeypatch: pytest.MonkeyPatch, *engines: str) -> None:
    """From here on, an engine that is asked anything fails."""

    def asked(*_: Any, **__: Any) -> Any:
        raise AssertionError("an engine was asked")

    for engine in engines or ENGINES:
        for question in (*QUESTIONS, "possible"):
            if callable(getattr(module(engine), question, None)):
                monkeypatch.setattr(module(engine), question, asked)


# --- what is kept ---------------------------------------------------------------------------------


def test_a_block_is_made_once_until_too_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solution, "REMEMBERED", 2)
    memory, made = Memory(), []

    def block(of: int, *, torn: bool = False) -> Block:
        piece = Fragment(Network((if_(0),), fixed=(None,)), (of,))

        def make() -> Block:
            made.append(of)
            return Block(piece, tables)

        return memory.block(piece, make, torn=torn)

    first, second = block(1), block(2)
    assert (first, second) == (block(1), block(2))
    assert [1, 2] == made
    block(3)  # there is no room for it
    assert block(1) is not first
    assert [1, 2, 3, 1] == made
    assert block(1, torn=True) is not block(1)


def test_a_network_that_is_decided_is_known_at_once() -> None:
    network = Network((only_if(2), if_(~2), Stance()), facts=0, fixed=(None, None, True))
    assert {0: (True, False), 1: (False, True)}.items() <= solve(network).known().items()


# --- who is asked ---------------------------------------------------------------------------------


def hidden(people: int = 14) -> Network:
    """Nobody may come, and not all: the last would need two others to differ who never do. No table is small."""
    either = people  # of the next one, and not the one after: both ways, so that each must be chosen
    sums = [Sum(((x + 1) % (people - 1), ~((x + 2) % (people - 1))), (1, 1)) for x in range(people - 1)]
    never = Sum((0, ~1), (1, 1))
    stances = [might(either + x) for x in range(people - 1)]
    stances[0], stances[1] = might(1, either), might(0)
    stances.append(might(either + people - 1))
    return Network(
        tuple(stances),
        sums=(*sums, never),
        gates=(*(Gate(x, 1) for x in range(people - 1)), Gate(people - 1, 2)),
        fixed=(None,) * people,
    )


def test_where_only_nobody_may_come_it_is_not_taken_that_all_may() -> None:
    network = hidden()
    found = solve(network)
    (block,) = found.blocks
    assert (True, False) == (block.none, block.all)
    assert (False, True) == found.possible(network.atoms - 1)
    assert (0, 0) == found.turnout([network.atoms - 1])
    assert (0, network.atoms - 1) == found.turnout(range(network.atoms))


TIED = opposed(2, sums=(Sum((0, 2), (1, 1)), Sum((0, 1, 2), (1, 1, 1))), gates=(Gate(0, 2), Gate(1, 1, taken=1)))
TORN = Network(
    (if_(~1, "a"), only_if(0, "b"), if_(~3, "c"), if_(~2, "d")), sums=TIED.sums, gates=(Gate(0, 1),), fixed=(None,) * 4
)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_asked_for_by_name_answers_alone_and_in_time(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    deadline = Deadline.after(600)
    nobody_asked(monkeypatch, *(other for other in ENGINES if other != engine))
    for question in (*QUESTIONS, "possible"):
        if answer := getattr(module(engine), question, None):
            monkeypatch.setattr(module(engine), question, in_time(answer, deadline))
    for network in (TIED, TORN) if engine != "sat" else (TIED,):
        found = solve(network, engine, deadline)
        expected = definition.outcomes(network)
        states = expected or definition.repaired_outcomes(network)
        literals = range(-network.atoms - len(network.gates), network.atoms + len(network.gates))
        survey = definition.summarise(network, states, literals, [[0, 2]])
        assert survey is not None
        assert survey.possible == tuple(found.possible_all(literals))
        assert survey.turnouts == (found.turnout([0, 2]),)
        assert len(expected) == found.count()
        assert states == sorted(found.outcomes(repaired=True))
        assert set(definition.repairs(network)) == {
            *[r for c in found.conflicts() for r in c.repairs],
            *[frozenset()] * bool(expected),
        }
        strict = solve(network, engine, deadline, mend=False)
        assert bool(expected) == strict.consistent
        if expected:
            assert survey.possible[network.atoms + len(network.gates) :][: network.atoms] == tuple(strict.atoms)


def in_time(answer: Callable[..., Any], deadline: Deadline) -> Callable[..., Any]:
    """The same, once it is seen that it is told how much time there is."""

    def told(*given: Any, **named: Any) -> Any:
        assert deadline in (*given, *named.values())
        return answer(*given, **named)

    return told


def tied(people: int, **parts: Any) -> Network:
    """All might come only if the next does, or the one after does not: nobody may come, and all. No table is small."""
    return Network(
        tuple(might(people + x) for x in range(people)),
        sums=tuple(Sum(((x + 1) % people, ~((x + 2) % people)), (1, 1)) for x in range(people)),
        gates=tuple(Gate(x, 1) for x in range(people)),
        fixed=(None,) * people,
        **parts,
    )


WIDE = tied(14, rules=(("r", 0),), given=(~3,))
FOUNDED = replace(WIDE, founded=True)


LATE = Deadline.after(10**9)  # the suite may take long


class Asked:
    """Notes which engine is asked, and answers; it is told how much time there is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.of: list[str] = []
        for engine in ENGINES:
            for question in ("solvable", "survey", "possible"):
                if answer := getattr(module(engine), question, None):
                    monkeypatch.setattr(module(engine), question, self.noted(engine, answer))

    def noted(self, engine: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any, **named: Any) -> Any:
            self.of.append(engine)
            assert LATE in (*given, *named.values())
            return answer(*given, **named)

        return asked


@pytest.mark.parametrize(
    ("network", "engine", "expected"),
    [
        (WIDE, "auto", "sat"),
        (WIDE, "clingo", "clingo"),
        (WIDE, "sat", "sat"),
        (FOUNDED, "auto", "clingo"),
        (TIED, "auto", "tables"),
        (TIED, "clingo", "clingo"),
    ],
)
def test_what_can_be_is_asked_of_the_engine_that_is_quickest(
    monkeypatch: pytest.MonkeyPatch, network: Network, engine: str, expected: str
) -> None:
    pytest.importorskip("pysat")
    asked = Asked(monkeypatch)
    assert solution.solvable(network, engine, LATE)
    assert {expected} == set(asked.of)
    asked.of.clear()
    found = solution.possible(network, engine, LATE)
    assert {expected} == set(asked.of)
    assert tables.survey(network, range(network.atoms), deadline=LATE).possible == found


@pytest.mark.parametrize("refused", [False, True], ids=["not installed", "refused"])
def test_without_sat_clingo_is_asked(monkeypatch: pytest.MonkeyPatch, refused: bool) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise EngineUnsuitable("sat", "it cannot")

    if refused:
        pytest.importorskip("pysat")
        monkeypatch.setattr(module("sat"), "solvable", refuse)
        monkeypatch.setattr(module("sat"), "possible", refuse)
    else:
        nobody_asked(monkeypatch, "sat")
        monkeypatch.setattr(solution, "_has_sat", lambda: False)
    assert solution.solvable(WIDE, "auto", NO)
    assert tables.survey(WIDE, range(14)).possible == solution.possible(WIDE, "auto", NO)


def followers(people: int, choices: int = 1, **parts: Any) -> Network:
    """So many who might come, and the others after them one after the other."""
    stances = [Stance() if x < choices else if_(x - 1) for x in range(people)]
    return Network(tuple(stances), fixed=(None,) * people, **parts)


@pytest.mark.parametrize(
    ("network", "set_aside", "small"),
    [
        (followers(12, 12), 0, True),
        (followers(13, 13), 0, False),
        (replace(followers(13, 13), fixed=(True, *(None,) * 12)), 0, True),
        (followers(40, 12), 0, True),
        (followers(40, 13), 0, False),
        (followers(12, 2), 1, True),
        (followers(12, 1), 1, False),  # eleven sets of one
        (followers(13, 11), 1, False),
        (followers(50, 1), 0, True),
        (followers(51, 1), 0, False),
        (followers(49, 1, sums=(Sum((0,), (1,)),), gates=(Gate(0, 1),)), 0, True),
        (followers(50, 1, sums=(Sum((0,), (1,)),), gates=(Gate(0, 1),)), 0, False),
    ],
)
def test_a_table_answers_for_what_is_small(
    monkeypatch: pytest.MonkeyPatch, network: Network, set_aside: int, small: bool
) -> None:
    monkeypatch.setattr(solution, "WIDE", 50)
    monkeypatch.setattr(tables, "TRIES", 10)
    assert (tables if small else clingo) is solution.chosen(network, "auto", set_aside)
    if not set_aside:
        assert (tables if small else clingo) is solution.chosen(network, "auto")
    assert clingo is solution.chosen(network, "clingo", set_aside)


# --- repairs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["tables", "clingo"])
def test_where_there_are_more_repairs_than_are_listed_that_is_said(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    for most, complete in (1, False), (2, True):
        monkeypatch.setattr(solution, "REPAIRS", most)
        first, *_ = solve(TORN, engine).conflicts()
        assert (most, complete) == (len(first.repairs), first.complete)
    monkeypatch.setattr(solution, "CLASHES", 0)
    first, *_ = solve(TORN, engine).conflicts()
    assert (2, False) == (len(first.repairs), first.complete)


def test_the_solver_mends_what_takes_a_table_too_many_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = sorted(definition.repairs(TORN), key=sorted)
    assert (expected, True) == solution.repaired(TORN, "auto", NO)
    monkeypatch.setattr(tables, "TRIES", 1)
    assert tables is solution.chosen(TORN, "auto")
    assert (expected, True) == solution.repaired(TORN, "auto", NO)
    with pytest.raises(EngineUnsuitable, match="too many sets of 1 of 4 statements to be tried"):
        solution.repaired(TORN, "tables", NO)


def test_what_the_solver_cannot_mend_it_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def repairs(*_: Any, **__: Any) -> Any:
        asked.append("clingo")
        raise EngineUnsuitable("clingo", "it cannot")

    monkeypatch.setattr(clingo, "repairs", repairs)
    with pytest.raises(EngineUnsuitable, match="it cannot"):
        solution.repaired(WIDE, "auto", NO)
    assert ["clingo"] == asked


def test_conflicts_are_told_in_the_order_of_who_is_in_them() -> None:
    """The second needs no search, and the third is of nobody."""
    odd = Stance((Part("never", lower=~2),), DISINCLINED)
    sure = Stance((Part("no", lower=~4, upper=4),), INCLINED)
    network = Network(
        (if_(~1, "a"), only_if(0, "b"), odd, sure),
        sums=(Sum((), ()),),
        gates=(Gate(0, 1),),
        fixed=(None,) * 4,
        rules=(("r", 4),),
    )
    told = [{name for clash in conflict.clashes for name in clash} for conflict in solve(network).conflicts()]
    assert [{"a", "b"}, {"never"}, {"no"}, {"r"}] == told


# --- what shows by itself -------------------------------------------------------------------------


def gated(pairs: int, gates: Sequence[tuple[tuple[int, ...], tuple[int, ...], int, int | None]]) -> Network:
    """Pairs of which just one comes, and gates over them that nobody asks for."""
    sums = tuple(Sum(literals, weights) for literals, weights, _, _ in gates)
    return opposed(pairs, sums=sums, gates=tuple(Gate(i, quota, taken) for i, (_, _, quota, taken) in enumerate(gates)))


def test_all_that_can_be_of_gates_over_several_blocks() -> None:
    """The first four gates are never true, though that takes a search: both of a pair."""
    both = [((2 * i, 2 * i + 1), (1, 1), 2, None) for i in range(3)]
    inner = [*range(6), 6, 7, 8, ~6, ~7]
    wanted = [
        ((a, b), weights, quota, taken)
        for a, b in [(0, 2), (0, 6), (1, 7), (~0, 7), (6, 7), (~6, 7), (~6, ~7), (4, ~7), (0, 1), (2, 7), (~2, 6)]
        for weights in [(1, 1), (1, 0), (0, 1), (2, 1), (1, 2)]
        for quota in (1, 2, 3)
        for taken in (None, 0, 2)
    ]
    wanted += [((0, 2, q), (1, 1, 1), quota, None) for q in inner for quota in (1, 2, 3)]
    network = gated(3, [*both, *wanted])
    found = solve(network)
    assert [(0, 1), (2, 3), (4, 5)] == [block.piece.atoms for block in found.blocks]
    literals = range(network.atoms, network.atoms + len(network.gates))
    expected = definition.survey(network, [*literals, *(~q for q in literals)])
    assert expected is not None
    assert list(expected.possible) == [found.possible(q) for q in (*literals, *(~q for q in literals))]


def test_any_or_all_of_several_blocks_is_told_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    gates = [
        ((0, 2), (1, 1), 1, None),
        ((0, 2), (1, 1), 2, None),
        ((~1, 2), (3, 3), 3, None),
        ((1, ~3), (2, 3), 5, None),
    ]
    network = gated(2, gates)
    found = solve(network)
    assert 2 == len(found.atoms) // 2
    nobody_asked(monkeypatch)
    for gate in range(4, 8):
        assert [(True, True)] * 2 == found.possible_all([gate, ~gate])
    assert [(True, True)] * 4 == found.possible_all(range(4))


def test_what_propagation_decided_is_told_without_a_look_at_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    stances = (Stance((), INCLINED), Stance(), if_(3))
    network = Network(stances, sums=(Sum((0, 1), (1, 1)),), gates=(Gate(0, 1),), fixed=(None,) * 3)
    found = solve(network)
    monkeypatch.setattr(solution, "evaluate", None)
    assert [(True, False), (False, True)] == found.possible_all([3, ~3])


def test_a_gate_that_many_share_is_gone_through_once() -> None:
    """Forty gates that each read the one before twice: there are a million million ways down."""
    sums = [Sum((0, 2), (1, 1)), *(Sum((4 + i, 4 + i, 2), (1, 1, 1)) for i in range(40))]
    network = opposed(2, sums=tuple(sums), gates=tuple(Gate(i, 2) for i in range(41)))
    found = solve(network)
    assert {0, 1} == found.support(4 + 40)
    assert (True, True) == found.possible(4 + 40)


def test_blocks_and_free_atoms_are_put_together_as_they_are() -> None:
    """Two pairs, somebody free, two facts; of two facts and one person it is asked whether all are there."""
    stances = (*opposed(2).stances, Stance())
    network = Network(stances, facts=2, sums=(Sum((0, 4, 5, 6), (1,) * 4),), gates=(Gate(0, 4),), fixed=(None,) * 7)
    found = solve(network)
    support = found.support(7)
    assert {0, ~4, ~5, ~6} == support
    block, asked = found.merged(support, [7, ~7])
    of = block.piece.network
    assert ((0, 1, 4, 5, 6), 3, 2) == (tuple(sorted(block.piece.atoms)), of.attendances, of.facts)
    assert definition.survey(network, [7, ~7]) == definition.survey(of, asked)
    for atom, person in (4, True), (5, False), (6, False):
        alone = found.alone(atom)
        assert ((atom,), int(person)) == (alone.atoms, alone.network.attendances)
        assert ([(False,), (True,)], 1) == (definition.outcomes(alone.network), alone.network.atoms)


def test_blocks_that_are_mended_stay_so_when_they_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    found = solve(TORN)
    assert {0, 1} == {block.set_aside for block in found.blocks}
    monkeypatch.setattr(tables, "TRIES", 2)
    block, _ = found.merged([0, 1], [0])
    assert (1, clingo) == (block.set_aside, block.engine)
    found.engine = "enumeration"
    assert module("enumeration") is found.merged([0, 1], [0])[0].engine
