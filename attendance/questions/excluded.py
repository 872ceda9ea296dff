"""Why an invitation cannot be: a minimal set of reasons, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance.engines.guests import Demand
from attendance.engines.inviting import Inviting
from attendance.questions.asking import Asked
from attendance.questions.speech import Speech, listed


@dataclass(frozen=True)
class Wish:
    """What the one who invites wants: a literal that must hold, and the words for it."""

    literal: int
    words: str


def reasons(
    asked: Asked, inviting: Inviting, wishes: Sequence[Wish], name: int | None = None
) -> tuple[str, ...] | None:
    """Reasons that no invitation meets together, none of which can be left out; None where one meets all.

    With a name, those why nobody invites that attendance.
    """
    wanted = () if name is None else (Demand("given", (), None, (name,)),)
    found = inviting.unmet(wanted)
    if found is None:
        return None
    speech = Speech(asked.compiled)
    return tuple(dict.fromkeys(_words(speech, inviting, wishes, demand) for demand in found))


def sentence(what: str, told: Sequence[str]) -> str:
    """That something cannot be, with all that stands in its way."""
    if not told:
        return f"{what}."
    together = " cannot all be met" if len(told) > 1 else " stands in the way"
    return f"{what}: {listed(told, len(told))}{together}."


def _words(speech: Speech, inviting: Inviting, wishes: Sequence[Wish], demand: Demand) -> str:
    """One reason."""
    if demand.kind == "given":
        return wishes[int(demand.ids[0])].words
    if demand.kind == "rule":
        return speech.quoted(demand.ids[0], cited=True)
    assert demand.who is not None
    quoted = listed((speech.quoted(i, cited=True) for i in demand.ids), len(demand.ids))
    if demand.kind == "regret":
        where = {"addition": "where they would come too", "replacement": "where they would come in a guest's place"}
        ids = ", ".join(demand.ids)
        name = speech.named(speech.compiled.name(demand.who))
        return f"that {name} must not be left out {where[inviting.stability]} ({ids})"
    if not demand.ids:
        return f"that {speech.named(speech.compiled.name(demand.who))} stays away unless they must come"
    return quoted
