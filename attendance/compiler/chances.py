"""What is left to chance, wired: a fact more for each open choice that is drawn, and for each statement that may fail.

Where a statement is not kept, it is set aside: whoever it is about is then open within what is left of their word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from attendance.gates import FALSE, TRUE, Gates
from attendance.model.participants import Attendance
from attendance.model.sayings import Inclination
from attendance.network import Part, Stance


@dataclass(frozen=True)
class Chances:
    """The probability of facts that hold, of open choices that fall on coming, and of statements that are kept."""

    facts: Mapping[str, Fraction]
    choices: Mapping[Attendance, Fraction]
    statements: Mapping[str, Fraction]


def drawn(gates: Gates, x: int, stance: Stance, coin: int | None, kept: Mapping[str, int]) -> Stance:
    """The stance of an attendance `x` whose open choice falls as a coin does, and whose word holds while it is kept.

    Between their bounds they come if they are inclined and all their word is kept, or if they are open (for
    a broken word makes them so) and the coin says so.
    """
    promises = [kept[part.statement] for part in stance.parts if part.statement in kept]
    if coin is None and not promises:
        return stance
    parts = tuple(_while_kept(gates, part, kept.get(part.statement)) for part in stance.parts)
    bounds = Stance(parts)
    whole = gates.all_of(promises)
    own = Part(f"\0{x}")  # no statement's id: it ties nobody to anybody
    if coin is not None:
        inclined, is_open = stance.inclination is Inclination.INCLINED, stance.inclination is Inclination.OPEN
        falls = gates.all_of([TRUE if is_open else ~whole, coin])
        comes = gates.all_of([*bounds.uppers, gates.any_of([whole if inclined else FALSE, falls])])
        alone = parts if bounds.lowers else ()  # whoever comes by that alone keeps within the upper bounds
        return Stance((*alone, own._replace(lower=gates.literal(comes))), Inclination.DISINCLINED)
    match stance.inclination:
        case Inclination.INCLINED:
            own = own._replace(lower=gates.literal(gates.all_of([*bounds.uppers, whole])))
        case Inclination.DISINCLINED:
            own = own._replace(upper=gates.literal(gates.any_of([*bounds.lowers, ~whole])))
    return Stance((*parts, own))


def _while_kept(gates: Gates, part: Part, kept: int | None) -> Part:
    """What a statement asks for while it is kept."""
    if kept is None:
        return part
    lower = None if part.lower is None else gates.literal(gates.all_of([part.lower, kept]))
    upper = None if part.upper is None else gates.literal(gates.any_of([part.upper, ~kept]))
    return Part(part.statement, lower, upper)
