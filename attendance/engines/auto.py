"""How an answer is found: propagate first, take apart what is left, and solve only that, part by part."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial

from attendance.engines import tables
from attendance.engines.balance import is_exact
from attendance.engines.deadline import Deadline
from attendance.engines.evaluation import evaluate, is_kept
from attendance.engines.parts import Component, Fragment, components, fragment
from attendance.engines.propagation import Propagation, propagate
from attendance.engines.solution import EITHER, Block, Memory, Solution, chosen, possible, repaired, solvable
from attendance.errors import EngineUnsuitable, ImpossibleScenario, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Network, node_of


def solve(network: Network, engine: str, deadline: Deadline, *, mend: bool, memory: Memory | None) -> Solution:
    """What is to be found of a network, by the engine of that name.

    `auto` propagates, and solves only what is left; `propagation` refuses what is left; any other
    engine answers for every connected part alone. Parts without an outcome are mended by their
    minimum repairs, unless only strict outcomes are wanted. With a `memory`, parts that were solved
    before are not solved again. Raises EngineUnsuitable, ResolutionTimeout, and ImpossibleScenario
    where no repair admits an outcome.
    """
    deadline.check()
    run = propagate(network) if engine in ("auto", "propagation") else None
    values = list(run.values[: network.atoms]) if run else list(network.fixed)
    solution = Solution(network, engine, deadline, values, run, Memory() if memory is None else memory)
    sound = _Sound(network, run) if run else None
    if sound is not None and sound.complete:
        solution.settled.update(range(network.atoms))
        return solution
    if sound is not None and engine == "auto" and _solve_at_once(solution, sound, mend):
        return solution
    if mend or engine != "auto":
        _take_apart(solution, sound, mend)
    else:  # that something clashes is known, and what it is can wait until it is asked for
        solution.pending = partial(_take_apart, solution, sound, mend)
    return solution


def _solve_at_once(solution: Solution, sound: "_Sound", mend: bool) -> bool:
    """What is left by propagation, as a whole; False where it has no outcome."""
    try:
        found = _solve_rest(solution, sound, mend)
    except ResolutionTimeout as error:
        for part in components(solution.network):  # what was decided is sound, or there was nothing to search for
            if all(solution.values[a] is not None for a in part.atoms):
                solution.settled.update(part.atoms)
        error.known = solution.known()
        raise
    _number(solution)
    return found


def _take_apart(solution: Solution, sound: "_Sound | None", mend: bool) -> None:
    """Solve what is left part by part, and mend those that are in conflict."""
    try:
        for part in _parts(solution):
            solution.deadline.check()
            _solve_part(solution, part, sound, mend)
        for part in solution.torn if mend else ():
            _repair(solution, part)
    except ResolutionTimeout as error:
        error.known = solution.known()
        raise
    _number(solution)


def _number(solution: Solution) -> None:
    """Note the block of each atom."""
    for number, block in enumerate(solution.blocks):
        solution.block_of.update(dict.fromkeys(block.piece.atoms, number))


def _parts(solution: Solution) -> list[Component]:
    """The connected parts, those that need no search first, so that a time-out leaves them known."""
    parts = components(solution.network)
    return sorted(parts, key=lambda part: any(solution.values[a] is None for a in part.atoms))


def _solve_rest(solution: Solution, sound: "_Sound", mend: bool) -> bool:
    """Make all that is undecided blocks, with what the decided demand of it; False where that has no outcome.

    The smallest pieces come first: where there is no outcome, it is mostly one of them that shows it.
    """
    network, values = solution.network, sound.run.values
    left: list[tuple[list[int], Component]] = []
    for part in components(network, values, sound.run.two_sided):
        undecided = [a for a in part.atoms if values[a] is None]
        if undecided:
            left.append((undecided, part))
        elif not sound.holds(part):
            return False
    free: list[int] = []
    blocks: list[Block] = []
    for undecided, part in sorted(left, key=lambda found: len(found[0])):
        whole = len(undecided) == network.atoms  # nothing is decided, so there is nothing to fold
        piece = Fragment(network, tuple(undecided)) if whole else fragment(network, undecided, values, part)
        if _is_free(piece.network, Component([*range(len(undecided))], [*piece.network.rules], [*piece.network.given])):
            free += undecided
            continue
        block = _known(solution, piece)
        if not _solvable(block, solution, mend):
            return False
        blocks.append(block)
    solution.free.update(free)
    solution.blocks = sorted(blocks, key=lambda block: block.piece.atoms)
    solution.settled.update(a for a in range(network.atoms) if values[a] is not None)
    return True


def _known(solution: Solution, piece: Fragment) -> Block:
    """The block of a fragment: the one that is known, if it was asked about before."""
    return solution.memory.block(piece, lambda: _block(piece, solution.engine))


def _solve_part(solution: Solution, part: Component, sound: "_Sound | None", mend: bool) -> None:
    """Decide a part, or add its free atom or its blocks to the solution, or say that it is in conflict."""
    undecided = [a for a in part.atoms if solution.values[a] is None]
    if not undecided and sound is not None:
        if sound.holds(part):
            solution.settled.update(part.atoms)
        else:
            solution.torn.append(part)
        return
    if _is_free(solution.network, part):
        solution.free.update(part.atoms)
        return
    if solution.engine == "propagation":
        raise EngineUnsuitable("propagation", f"it leaves {len(undecided)} attendances and facts undecided")
    piece = fragment(solution.network, undecided, solution.values, part)
    inner = components(piece.network)
    pieces = [piece] if len(inner) == 1 else [_within(piece, part) for part in inner]
    blocks = [_known(solution, p) for p in pieces]
    if all(_solvable(b, solution, mend) for b in blocks):
        solution.blocks += (b for b in blocks if b.piece.atoms)
        solution.settled.update(a for a in part.atoms if solution.values[a] is not None)
    else:
        solution.torn.append(part)


def _block(piece: Fragment, engine: str) -> Block:
    """A block: where propagation is exact, and leaves all of it open, each atom is known to be either way.

    Else the two states are tried that need no search: that none of it is true, and that all is. In
    the first nobody attends, so it is founded if it is an outcome; the second need not be.
    """
    network = piece.network
    block = Block(piece, chosen(network, engine))
    if engine == "auto" and is_exact(network) and not any(a < network.atoms for a in propagate(network).order):
        block.balanced = block.solvable = True
        block.possible = (EITHER,) * network.atoms
    if engine == "auto" and block.engine is not tables:
        block.none = is_kept(network, (False,) * network.atoms)
        block.all = not network.founded and is_kept(network, (True,) * network.atoms)
    return block


def _solvable(block: Block, solution: Solution, mend: bool) -> bool:
    """Whether a block has an outcome, once found for ever; with what can be in it, where verdicts are wanted."""
    if block.solvable is None:
        network, engine, deadline = block.piece.network, solution.engine, solution.deadline
        if block.none or block.all:
            block.solvable = True
        elif mend:
            block.possible = possible(network, engine, deadline)
            block.solvable = block.possible is not None
        else:
            block.solvable = solvable(network, engine, deadline)
    return block.solvable


def _within(piece: Fragment, component: Component) -> Fragment:
    """A component of a fragment as a fragment of the whole."""
    inner = fragment(piece.network, component.atoms, piece.network.fixed, component)
    return Fragment(inner.network, tuple(piece.atoms[a] for a in inner.atoms))


def _repair(solution: Solution, part: Component) -> None:
    """Make a part without an outcome a block of its minimum repairs."""
    piece = fragment(solution.network, part.atoms, solution.network.fixed, part)

    def mended() -> Block:
        repairs, _ = repaired(piece.network, solution.engine, solution.deadline)
        if not repairs:
            raise ImpossibleScenario("what is assumed and given cannot be met, whatever is set aside")
        size = len(repairs[0])
        return Block(piece, chosen(piece.network, solution.engine, size), size)

    block = solution.memory.block(piece, mended, torn=True)
    for atom in part.atoms:
        solution.values[atom] = None
    if piece.atoms:
        solution.blocks.append(block)


def _is_free(network: Network, part: Component) -> bool:
    """Whether a part is one atom that nothing binds."""
    if len(part.atoms) != 1 or part.rules or part.given:
        return False
    atom = part.atoms[0]
    if atom >= network.attendances:
        return True
    stance = network.stances[atom]
    return not (stance.lowers or stance.uppers) and stance.inclination is Inclination.OPEN


class _Sound:
    """Checks decided parts: whether their one possible state is an outcome.

    Only rules, givens and attendances with bounds on both sides can be broken: any other attendance
    that was decided is content with what its bounds decided.
    """

    def __init__(self, network: Network, run: Propagation) -> None:
        self.network, self.run = network, run

    @cached_property
    def two_sided(self) -> frozenset[int]:
        """The attendances that one bound may have decided against another."""
        return frozenset(self.run.two_sided)

    @cached_property
    def evaluated(self) -> Sequence[bool | None]:
        """Every node, where the run left some open: gates that nothing asked for, or that hang on the undecided."""
        return evaluate(self.network, [bool(v) for v in self.run.values[: self.network.atoms]])

    def holds(self, part: Component) -> bool:
        """Whether every bound, rule and given of a decided part is kept."""
        people = self.two_sided.intersection(part.atoms)
        return self.keeps(people, [*(q for _, q in part.rules), *part.given])

    @cached_property
    def complete(self) -> bool:
        """Whether all is decided, and every bound, rule and given is kept."""
        network = self.network
        if None in self.run.values[: network.atoms]:
            return False
        return self.keeps(self.run.two_sided, [*(q for _, q in network.rules), *network.given])

    def keeps(self, people: Iterable[int], literals: Iterable[int]) -> bool:
        """Whether those literals hold, and those people keep within their bounds."""
        return all(map(self.true, literals)) and all(map(self.true, self.demanded(people)))

    def demanded(self, people: Iterable[int]) -> Iterator[int]:
        """What the bounds demand of those who attend, and of those who stay away.

        Their inclinations demand no more: those who follow one did so since their bounds leave it to them.
        """
        stances, values = self.network.stances, self.run.values
        for x in people:
            for part in stances[x].parts:
                if values[x] and part.upper is not None:
                    yield part.upper
                elif not values[x] and part.lower is not None:
                    yield ~part.lower

    def true(self, literal: int) -> bool:
        """Whether a literal holds in the state that was decided."""
        value = self.run.values[node_of(literal)]
        if value is None:
            value = self.evaluated[node_of(literal)]
        return value is (literal >= 0)
