"""Anybody's engine, compared with the definition on random networks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, Unpack

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded

import attendance.network as definition
from attendance.errors import EngineUnsuitable, QuestionError, shown
from attendance.network import Network
from attendance.testing.circuits import Sizes, networks
from attendance.testing.picking import refuse_others
from attendance.testing.wording import network_in_words, states_in_words

__tracebackhide__ = True  # pytest shows the test that failed, and not how it was found
Meaning = Literal["all", "founded"]
Finding = tuple[str, str, str]
"""What was asked, what the engine finds, what the definition says; all in words."""


@dataclass(frozen=True)
class Tried:
    """What an engine was tried on: which of its methods, how many networks, how many of those it refused."""

    methods: tuple[str, ...]
    networks: int
    refused: int


def check_engine(
    engine: Any,
    *,
    examples: int = 1000,
    meanings: Sequence[Meaning] = ("all", "founded"),
    refuses: type[Exception] | tuple[type[Exception], ...] = EngineUnsuitable,
    seed: int | None = None,
    **sizes: Unpack[Sizes],
) -> Tried:
    """Raises AssertionError with the smallest network on which an engine finds what the definition does not.

    An engine is a function from a `Network` to its outcomes, or an object with any of `outcomes`, `count`,
    `solvable`, `survey`, `repairs` and `clashes`, which take what those of the definition take. So many
    networks are tried for each meaning, always the same ones unless a `seed` is said. An engine may refuse
    networks by an error that `refuses` names, but not all of them. Raises QuestionError for what is no engine.
    """
    methods = _methods(engine)
    refuse_others("examples", examples, least=1)
    if not all(isinstance(kind, type) and issubclass(kind, Exception) for kind in _as_tuple(refuses)):
        raise QuestionError(f"'refuses' are kinds of errors, not {shown(refuses)}")
    wrong = [meaning for meaning in meanings if meaning not in ("all", "founded")] if _several(meanings) else [meanings]
    if wrong:
        raise QuestionError(f"the meanings are 'all' and 'founded', not {shown(wrong[0])}")
    tried, refused = 0, 0
    for meaning in meanings:
        counts = _try(methods, refuses, examples, seed, {**sizes, "founded": meaning == "founded"})
        if counts[0] == counts[1]:
            raise AssertionError(f"the engine refused all of {counts[0]} networks ({meaning})")
        tried, refused = tried + counts[0], refused + counts[1]
    return Tried(tuple(methods), tried, refused)


def _several(meanings: object) -> TypeGuard[Sequence[object]]:
    return isinstance(meanings, Sequence) and not isinstance(meanings, str) and len(meanings) > 0


def _as_tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


Methods = Mapping[str, Callable[..., Any]]


def _methods(engine: Any) -> Methods:
    found = {name: getattr(engine, name) for name in ASKED if callable(getattr(engine, name, None))}
    if not found and callable(engine):
        return {"outcomes": engine}
    if not found or isinstance(engine, Sequence):  # texts and lists have a `count` of their own
        has = ", ".join(ASKED)
        raise QuestionError(f"an engine is a function of a network, or has any of {has}, not {shown(engine)}")
    return found


def _try(methods: Methods, refuses: Any, examples: int, seed: int | None, sizes: Sizes) -> tuple[int, int]:
    """How many networks were tried, and refused. Raises AssertionError with the smallest that differs."""
    counts = [0, 0]

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=seed is None,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(networks(**sizes))
    def compare(network: Network) -> None:
        counts[0] += 1
        try:
            found = _difference(methods, refuses, network)
        except refuses:
            counts[1] += 1
            return
        if found is not None:
            raise AssertionError(_told(network, found))

    test = compare if seed is None else seeded(seed)(compare)
    try:
        test()
    except AssertionError as error:
        raise AssertionError(str(error)) from error.__cause__
    return counts[0], counts[1]


def _told(network: Network, found: Finding) -> str:
    question, ours, theirs = found
    words = "\n".join(f"    {line}" for line in network_in_words(network).split("\n"))
    differs = f"the engine differs from the definition in its {question}, where"
    return f"{differs}\n{words}\nit finds {ours}\nit should be {theirs}"


def _difference(methods: Methods, refuses: Any, network: Network) -> Finding | None:
    for name, method in methods.items():
        ask, right, words = ASKED[name]
        wanted = right(network)
        try:
            found = ask(method, network)
        except refuses:
            raise
        except Exception as error:
            return name, f"{type(error).__name__}: {error}", words(network, wanted)
        if found != wanted:
            return name, words(network, found), words(network, wanted)
    return None


def _literals(network: Network) -> tuple[Sequence[int], Sequence[Sequence[int]]]:
    """What a survey is asked about: every node, and everybody together."""
    return range(network.atoms + len(network.gates)), (range(network.attendances),)


def _sets(found: Any) -> list[list[str]]:
    """Sets of ids in order; an engine may say besides whether these are all."""
    if isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], bool):
        found = found[0]
    return sorted(map(sorted, found))


def _plain(_network: Network, found: Any) -> str:
    return str(found)


Asked = tuple[Callable[..., Any], Callable[[Network], Any], Callable[[Network, Any], str]]
ASKED: Mapping[str, Asked] = {
    "outcomes": (
        lambda method, network: sorted(tuple(map(bool, state)) for state in method(network)),
        lambda network: sorted(definition.outcomes(network)),
        states_in_words,
    ),
    "count": (lambda method, network: method(network), lambda network: len(definition.outcomes(network)), _plain),
    "solvable": (
        lambda method, network: bool(method(network)),
        lambda network: bool(definition.outcomes(network)),
        _plain,
    ),
    "survey": (
        lambda method, network: method(network, *_literals(network)),
        lambda network: definition.survey(network, *_literals(network)),
        _plain,
    ),
    "repairs": (
        lambda method, network: _sets(method(network)),
        lambda network: _sets(definition.repairs(network)),
        _plain,
    ),
    "clashes": (
        lambda method, network: _sets(method(network)),
        lambda network: _sets(definition.clashes(network)),
        _plain,
    ),
}
"""How each method is asked, what the definition says, and how either is put in words."""
