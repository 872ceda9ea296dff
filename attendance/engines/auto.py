"""How an answer is found: propagate first, take apart what is left, and solve only that, part by part."""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import cast

from attendance.engines import tables
from attendance.engines.deadline import NO, Deadline
from attendance.engines.evaluation import evaluate
from attendance.engines.parts import Component, Fragment, components, fragment
from attendance.engines.propagation import Propagation, propagate
from attendance.engines.solution import Block, Memory, Solution, chosen, repaired
from attendance.errors import EngineUnsuitable, ImpossibleScenario, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Network, holds, is_content, node_of


def solve(
    network: Network, engine: str = "auto", deadline: Deadline = NO, *, mend: bool = True, memory: Memory | None = None
) -> Solution:
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
    if sound is not None and None not in values and sound.everywhere():
        solution.settled.update(range(network.atoms))
        return solution
    try:
        _solve_parts(solution, sound)
        for part in solution.conflicted if mend else ():
            _repair(solution, part)
    except ResolutionTimeout as error:
        error.known = solution.known()
        raise
    for number, block in enumerate(solution.blocks):
        solution.block_of.update(dict.fromkeys(block.piece.atoms, number))
    return solution


def _solve_parts(solution: Solution, sound: "_Sound | None") -> None:
    """Every connected part, those that need no search first, so that a time-out leaves them known."""
    parts = components(solution.network)
    parts.sort(key=lambda part: any(solution.values[a] is None for a in part.atoms))
    for part in parts:
        solution.deadline.check()
        _solve_part(solution, part, sound)


def _solve_part(solution: Solution, part: Component, sound: "_Sound | None") -> None:
    """Decide a part, or add its free atom or its blocks to the solution, or say that it is in conflict."""
    undecided = [a for a in part.atoms if solution.values[a] is None]
    if not undecided and sound is not None:
        if sound.holds(part):
            solution.settled.update(part.atoms)
        else:
            solution.conflicted.append(part)
        return
    if _is_free(solution.network, part):
        solution.free.update(part.atoms)
        return
    if solution.engine == "propagation":
        raise EngineUnsuitable("propagation", f"it leaves {len(undecided)} attendances and facts undecided")
    piece = fragment(solution.network, undecided, solution.values, part)
    inner = components(piece.network) if sound is not None else [Component(list(range(piece.network.atoms)))]
    if len(inner) == 1 and len(inner[0].atoms) == piece.network.atoms:
        pieces = [piece]
    else:
        pieces = [_within(piece, component) for component in inner]
    blocks = [solution.memory.block(p, lambda p=p: _block(p, solution.engine)) for p in pieces]  # type: ignore[misc]
    if all(_solvable(b, solution.deadline) for b in blocks):
        solution.blocks += (b for b in blocks if b.piece.atoms)
    else:
        solution.conflicted.append(part)


def _block(piece: Fragment, engine: str) -> Block:
    """A block, with the two states tried that need no search: that none of it is true, and that all is.

    In the first nobody attends, so it is founded if it is an outcome; the second need not be.
    """
    network = piece.network
    block = Block(piece, chosen(network, engine))
    if engine == "auto" and block.engine is not tables:
        block.none = _is_outcome(network, False)
        block.all = not network.founded and _is_outcome(network, True)
    return block


def _solvable(block: Block, deadline: Deadline) -> bool:
    """Whether a block has an outcome, once found for ever."""
    if block.solvable is None:
        block.solvable = block.none or block.all or bool(block.engine.solvable(block.piece.network, deadline=deadline))
    return block.solvable


def _is_outcome(network: Network, value: bool) -> bool:
    """Whether the state in which every atom has that value is an outcome, founded or not."""
    of = cast("list[bool]", evaluate(network, [value] * network.atoms))
    return (
        all(is_content(network, x, of) for x in range(network.attendances))
        and all(holds(q, of) for _, q in network.rules)
        and all(holds(q, of) for q in network.given)
    )


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
    """Checks decided parts: whether their one possible state is an outcome."""

    def __init__(self, network: Network, run: Propagation) -> None:
        self.network, self.run = network, run

    @cached_property
    def evaluated(self) -> Sequence[bool | None]:
        """Every node, where the run left some open: gates that nothing asked for, or that hang on the undecided."""
        return evaluate(self.network, [bool(v) for v in self.run.values[: self.network.atoms]])

    def holds(self, part: Component) -> bool:
        """Whether every bound, rule and given of a decided part is kept."""
        people = [x for x in part.atoms if x < self.network.attendances]
        return self.keeps(people, [q for _, q in part.rules], part.given)

    def everywhere(self) -> bool:
        """Whether every bound, rule and given is kept, where all is decided."""
        network = self.network
        people = [x for x, value in enumerate(network.fixed[: network.attendances]) if value is None]
        return self.keeps(people, [q for _, q in network.rules], network.given)

    def keeps(self, people: Sequence[int], rules: Sequence[int], given: Sequence[int]) -> bool:
        network, values = self.network, self.run.values
        stances = [network.stances[x] for x in people]
        read = chain(rules, given, *(s.lowers for s in stances), *(s.uppers for s in stances))
        known = all(values[node_of(q)] is not None for q in read)
        of = cast("Sequence[bool]", values if known else self.evaluated)
        return (
            all(is_content(network, x, of) for x in people)
            and all(holds(q, of) for q in rules)
            and all(holds(q, of) for q in given)
        )
