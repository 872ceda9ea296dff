"""Why an invitation cannot be: a minimal set of reasons, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from attendance.engines.guests import Demand
from attendance.engines.inviting import Inviting
from attendance.engines.parts import reads
from attendance.questions.asking import Asked
from attendance.questions.speech import Speech, listed


@dataclass(frozen=True)
class Wish:
    """What the one who invites wants: a literal that must hold, and the words for it."""

    literal: int
    words: str


class Reasons(NamedTuple):
    """What cannot all be met, in words, and the unknown facts that it hangs on."""

    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def sentence(self, what: str) -> str:
        """That something cannot be, with all that stands in its way."""
        together = " cannot all be met" if len(self.words) > 1 else " stands in the way"
        known = f" Unknown: {listed(self.unknown, len(self.unknown))}." if self.unknown else ""
        return f"{what}: {listed(self.words, len(self.words))}{together}.{known}"


def reasons(asked: Asked, inviting: Inviting, wishes: Sequence[Wish], name: int | None = None) -> Reasons:
    """Reasons that no invitation meets together, none of which can be left out: asked where none meets all.

    With a name, those why nobody invites that attendance.
    """
    wanted = () if name is None else (Demand("given", (), None, (name,)),)
    found = inviting.unmet(wanted)
    assert found, "where nothing is demanded, anybody may be invited"
    compiled, network = asked.compiled, asked.compiled.network
    speech = Speech(compiled)
    words = dict.fromkeys(_words(speech, inviting, wishes, demand) for demand in found)
    people = [network.stances[demand.who] for demand in found if demand.who is not None]
    read = reads(network, [q for stance in people for q in (*stance.lowers, *stance.uppers)])
    facts = sorted(a for a in read if a >= network.attendances and network.fixed[a] is None)
    return Reasons(tuple(words), tuple(str(compiled.name(a)) for a in facts))


def _words(speech: Speech, inviting: Inviting, wishes: Sequence[Wish], demand: Demand) -> str:
    """One reason."""
    if demand.kind == "given":
        return wishes[int(demand.ids[0])].words
    if demand.kind == "rule":
        return speech.quoted(demand.ids[0], cited=True)
    assert demand.who is not None
    quoted = listed((speech.quoted(i, cited=True) for i in demand.ids), len(demand.ids))
    if demand.kind == "regret":
        where = {"addition": "too", "replacement": "in a guest's place"}[inviting.stability]
        name, ids = speech.named(speech.compiled.name(demand.who)), ", ".join(demand.ids)
        return f"that {name}, who would come {where}, is not left out ({ids})"
    if not demand.ids:
        return f"that {speech.named(speech.compiled.name(demand.who))} comes only where they must, which is never"
    return quoted
