"""A case in a scenario as the page's evaluator reads it: a network in which anything can still be switched.

`evaluator.js`, beside this file, says what `at.resolve` says of it, whatever is switched. What is exported:

| key | what it holds |
|---|---|
| `atoms` | the key of each atom, as `assume` takes it: first the attendances, then the facts |
| `people`, `facts` | how many atoms are attendances, and how many are facts |
| `fixed` | true or false for what is known or assumed as the case stands, else null |
| `stances` | an inclination, and parts `[id, lower, upper]`, for each attendance, the assumed ones too |
| `sums`, `gates` | `[literals, weights]` (weights null: 1 each) and `[sum, quota, taken]`, as in `attendance.network` |
| `rules`, `given` | `[id, literal]`; literals |
| `founded` | whether founded outcomes alone count |
| `ids`, `alphabet` | statements and rules by name, in the order of the case; the place of each in the alphabet |
| `held`, `crowds` | for each gathering, in order: the literal that says whether it is held; who is counted there |
| `choices` | for each attendance the literal that says that its bounds leave it the choice, or null |

A literal is a node, or `~node`; an id is a number in `ids`. Weights and quotas that JavaScript could not count
exactly are texts of digits.
"""

from collections.abc import Sequence
from typing import Any

from attendance.compiler import Compiled, Compiler
from attendance.model.participants import Attendance
from attendance.model.positions import in_force
from attendance.model.words import quote
from attendance.network import Gate, Network, Stance, Sum

EXACT = 1 << 52
"""JavaScript counts with doubles, which hold every whole number up to twice this."""


def exported(compiled: Compiled) -> dict[str, Any]:
    """The network of a compiled case, JSON-ready, with nothing that is assumed or known folded into it.

    What the scenario assumes, and what is known of facts, is in `fixed` alone; so it can be lifted and changed.
    """
    free = unfixed(compiled)
    ids = [*(str(s.id) for s in free.statements), *(str(r.id) for r in free.case.rules)]
    return wired(free.network.varied(fixed=compiled.network.fixed), ids) | {
        "atoms": [_key(free, atom) for atom in range(free.network.atoms)],
        "held": [*free.held.values()],
        "crowds": [[*free.crowds[g]] for g in free.held],
        "choices": [free.choices.get(x) for x in range(len(free.attendances))],
    }


def wired(network: Network, ids: Sequence[str]) -> dict[str, Any]:
    """A network, JSON-ready, with its statements and rules in the order of `ids`."""
    number = {name: i for i, name in enumerate(ids)}
    alphabet = {name: i for i, name in enumerate(sorted(number))}
    return {
        "people": network.attendances,
        "facts": network.facts,
        "fixed": [*network.fixed],
        "stances": [_stance(stance, number) for stance in network.stances],
        "sums": [[[*s.literals], _weights(s)] for s in network.sums],
        "gates": [_gate(gate, network) for gate in network.gates],
        "rules": [[number[name], literal] for name, literal in network.rules],
        "given": [*network.given],
        "founded": network.founded,
        "ids": [*ids],
        "alphabet": [alphabet[name] for name in ids],
    }


def unfixed(compiled: Compiled) -> Compiled:
    """The case in its scenario compiled as if nothing were assumed or known: everybody's own words are in it."""
    compiler = Compiler(compiled.case, compiled.scenario, fold=False)
    compiler.fixed = [None] * len(compiler.fixed)
    return compiler.compiled(in_force(compiled.case, compiled.scenario))


def _key(compiled: Compiled, atom: int) -> str:
    """The name of an atom as `assume` takes it: with the gathering, where it is not the main one."""
    match compiled.name(atom):
        case Attendance(person, at):
            return person if at == compiled.case.roster.main else f"{quote(person)} at {quote(at)}"
        case fact:
            return fact


def _stance(stance: Stance, number: dict[str, int]) -> list[Any]:
    return [str(stance.inclination), [[number[p.statement], p.lower, p.upper] for p in stance.parts]]


def _weights(of: Sum) -> list[int | str] | None:
    if all(weight == 1 for weight in of.weights):
        return None
    return [weight if sum(of.weights) < EXACT else str(weight) for weight in of.weights]


def _gate(gate: Gate, network: Network) -> list[Any]:
    """A gate; its quota is a text where the weights of its sum are, or where it is itself too great."""
    exact = sum(network.sums[gate.sum].weights) < EXACT and abs(gate.quota) < EXACT
    return [gate.sum, gate.quota if exact else str(gate.quota), gate.taken]
