"""durable-rules as an engine: the least outcome and the greatest, joined from facts by three generic rules.

It answers where everything pulls one way: then whoever attends in the least outcome attends in all,
and whoever is absent in the greatest is absent in all. Bounds are facts; that somebody joins, or stays
away, is one more; a rule says who follows. Sums are counted here, for durable-rules cannot.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal
from weakref import WeakKeyDictionary

from attendance.engines.deadline import NO, Deadline
from attendance.engines.evaluation import evaluate
from attendance.engines.joining import Counter as Counted
from attendance.engines.joining import Joining, is_monotone, joining
from attendance.errors import EngineUnsuitable, RuleError
from attendance.matching.patterns import Compare, Fact, Join, Pattern, Rule
from attendance.matching.session import MAX_WINDOW, Session
from attendance.model.sayings import Inclination
from attendance.network import Network, State, Survey, node_of


def _one(alias: str, kind: str, *joins: Join) -> Pattern:
    return Pattern(alias, (Compare("kind", "==", kind), *joins))


RULES = (
    Rule("any of", (_one("way", "any"), _one("fact", "true", Join("node", "==", "way", "of")))),
    Rule(
        "all of",
        (
            _one("way", "all"),
            _one("fact", "true", Join("node", "==", "way", "left")),
            _one("other", "true", Join("node", "==", "way", "right")),
        ),
    ),
    Rule(
        "at least",
        (
            _one("way", "bar"),
            _one(
                "count",
                "count",
                Join("total", ">=", "way", "need"),
                Join("before", "<", "way", "need"),
                Join("of", "==", "way", "of"),
            ),
        ),
    ),
)
"""What follows from an edge, from a pair, and from a sum that has passed a bar."""


def solvable(network: Network, *, deadline: Deadline = NO) -> bool:
    """Whether there is an outcome: where everything pulls one way there is."""
    _refuse(network)
    return True


def count(network: Network, *, set_aside: int = 0, deadline: Deadline = NO) -> int:
    """How many outcomes there are, if there is but one."""
    return len(list(outcomes(network, set_aside=set_aside, deadline=deadline)))


def outcomes(
    network: Network,
    *,
    set_aside: int = 0,
    order: Literal["fewest", "most"] | None = None,
    deadline: Deadline = NO,
) -> Iterator[State]:
    """The outcome, where there is but one."""
    least, greatest = _bounds(network, set_aside, deadline)
    if least != greatest:
        raise EngineUnsuitable("durable", "it finds the least and the greatest outcome, and there may be others")
    yield least


def survey(
    network: Network,
    literals: Sequence[int],
    crowds: Sequence[Sequence[int]] = (),
    *,
    set_aside: int = 0,
    deadline: Deadline = NO,
) -> Survey | None:
    """What is true of all outcomes, of literals that pull the same way as everything else."""
    least, greatest = _bounds(network, set_aside, deadline)
    few, many = evaluate(network, least), evaluate(network, greatest)
    possible = []
    for literal in literals:
        node = node_of(literal)
        can, cannot = bool(few[node] or many[node]), not (few[node] and many[node])
        if can != cannot and least != greatest and node >= network.atoms and not is_monotone(network, node):
            raise EngineUnsuitable("durable", "what is asked hangs on who stays away")
        possible.append((can, cannot) if literal >= 0 else (cannot, can))
    turnouts = tuple((sum(least[x] for x in crowd), sum(greatest[x] for x in crowd)) for crowd in crowds)
    return Survey(tuple(possible), turnouts)


def repairs(network: Network, *, limit: int = 1000, deadline: Deadline = NO) -> tuple[list[frozenset[str]], bool]:
    """The minimum repairs: none is needed."""
    _refuse(network)
    return [frozenset()], True


# --- the least outcome and the greatest ---------------------------------------------------------------


def _bounds(network: Network, set_aside: int, deadline: Deadline) -> tuple[State, State]:
    _refuse(network, set_aside)
    found = _FOUND.get(network)
    if found is None:
        least = _joined(joining(network), network, deadline)
        if network.founded:  # whoever may attend or not does, and everybody joins from there
            greatest = _joined(_willing(network), network, deadline)
            greatest = (*greatest[: network.attendances], *(True,) * network.facts)
        else:
            greatest = tuple(not away for away in _joined(joining(network, leaving=True), network, deadline))
        found = _FOUND[network] = least, greatest
    return found


def _willing(network: Network) -> Joining:
    """The steps by which all join who can, everybody who is open being willing, and all facts being so."""
    stances = tuple(
        s._replace(inclination=Inclination.INCLINED) if s.inclination is Inclination.OPEN else s
        for s in network.stances
    )
    steps = joining(replace(network, stances=stances))
    return Joining(steps.nodes, steps.counters, [*steps.start, *range(network.attendances, network.atoms)])


def _refuse(network: Network, set_aside: int = 0) -> None:
    """Refuse a network that does not pull one way."""
    if not is_monotone(network):
        raise EngineUnsuitable("durable", _obstacle(network))
    if set_aside:
        raise EngineUnsuitable("durable", "it sets no statements aside")


def _obstacle(network: Network) -> str:
    """Why a network does not pull one way."""
    if network.rules or network.given:
        return "it knows statements alone: there are rules, or something is given"
    if any(s.lowers and s.uppers for s in network.stances):
        return "somebody has both said when they come and when they do not, so that they may contradict themselves"
    return "it knows no absence as a reason: somebody attends, or is absent, because somebody else stays away"


def _joined(steps: Joining, network: Network, deadline: Deadline) -> State:
    """Who has joined in the end, as a state."""
    try:
        closure = _Closure(steps)
        with Session(RULES, window=MAX_WINDOW) as session:
            closure.run(session, deadline)
    except RuleError as error:
        raise EngineUnsuitable("durable", f"this is more than durable-rules can safely join ({error})") from None
    return tuple(bool(mark) for mark in closure.joined[: network.atoms])


class _Closure:
    """Steps as facts for the rules: edges, pairs, and bars that a count must pass."""

    def __init__(self, steps: Joining) -> None:
        self.known: list[Fact] = []
        self.start = list(steps.start)
        self.joined = [False] * steps.nodes
        self.counted: list[list[tuple[int, int]]] = [[] for _ in range(steps.nodes)]  # in which counts, how much
        self.totals = [0] * len(steps.counters)
        self.unless: dict[object, int | None] = {}  # of a bar: who must not have joined yet
        for number, counter in enumerate(steps.counters):
            self._read(number, counter)
        posts = steps.nodes + sum(map(len, self.counted))
        if posts > MAX_WINDOW:
            raise RuleError(f"it takes up to {posts:,} facts, and {MAX_WINDOW:,} can be")

    def _read(self, number: int, counter: Counted) -> None:
        """A counter as facts."""
        weights: Counter[int] = Counter()
        for node, weight in counter.premises:
            weights[node] += weight
        nodes, bars = [*+weights], False
        for need, target, unless in counter.thresholds:
            if need <= 0:
                self.start.append(target)
            elif unless is None and need <= min(weights.values(), default=0):
                self.known += ({"kind": "any", "of": node, "to": target} for node in nodes)
            elif unless is None and len(nodes) == 2 and max(weights.values()) < need <= weights.total():
                self.known.append({"kind": "all", "left": nodes[0], "right": nodes[1], "to": target})
            else:
                self.known.append({"kind": "bar", "of": number, "need": need, "to": target})
                self.unless[number, target, need] = unless
                bars = True
        for node in nodes if bars else ():
            self.counted[node].append((number, weights[node]))

    def run(self, session: Session, deadline: Deadline) -> None:
        """Join whoever joins, one after the other."""
        for fact in self.known:
            session.know(fact)
        queue = list(dict.fromkeys(self.start))
        for node in queue:
            self.joined[node] = True
        for node in queue:  # grows while it is read
            deadline.check()
            found = session.post({"kind": "true", "node": node})
            for number, weight in self.counted[node]:
                before, total = self.totals[number], self.totals[number] + weight
                self.totals[number] = total
                found += session.post({"kind": "count", "of": number, "total": total, "before": before})
            for match in found:
                way = match.way
                target = int(way["to"])
                unless = self.unless.get((way.get("of"), target, way.get("need")))
                if not self.joined[target] and (unless is None or not self.joined[unless]):
                    self.joined[target] = True
                    queue.append(target)


_FOUND: "WeakKeyDictionary[Network, tuple[State, State]]" = WeakKeyDictionary()
