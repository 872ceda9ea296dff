"""Readable ids for those whom a calendar knows by address, and for its events."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from attendance.formats.ics.values import address_of, id_in, same
from attendance.model.words import MAX_NAME, fold, is_identifier

LONGEST = 60
"""Characters of an id that is made of a name."""
_NUMBERED = re.compile("id-[0-9a-f]{32}")
LONGEST_MADE = 300
"""Characters of an address that is made of an id."""


def addresses(people: Iterable[tuple[str, str | None]], groups: Iterable[str]) -> dict[str, str]:
    """Everybody's address in a calendar, by id: their own, or one that has their id in it.

    Nobody shares an address: of two with the same one, the second gets one made of the id. Where that is the
    same for two ids, or very long, it has a number that is made of the id.
    """
    people, groups = list(people), list(groups)
    names = dict.fromkeys([*(name for name, _ in people), *groups])
    made = {name: address_of(name) for name in names}
    alike = Counter(map(same, made.values()))
    for name, usual in made.items():
        if alike[same(usual)] > 1 or len(usual) > LONGEST_MADE:
            made[name] = address_of(f"id-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}")
    taken: set[str] = set()
    for name, address in people:
        if address and id_in(address) is None and same(address) not in taken:
            made[name] = address
        taken.add(same(made[name]))
    return made


@dataclass
class Names:
    """Which names are taken, and which address is whose."""

    taken: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def keep(self, name: str, address: str | None = None) -> str:
        """Takes a name, perhaps for an address."""
        self.taken.add(fold(name))
        if address is not None:
            self.ids[same(address)] = name
        return name

    def known(self, address: str) -> str | None:
        """Whose address it is."""
        return self.ids.get(same(address))

    def fresh(self, *wanted: str | None) -> str:
        """A name that is free, made of the first text that makes one."""
        stem = next(filter(None, map(slug, filter(None, wanted))), "guest")
        found, number = stem, self.counts.get(stem, 1)
        while fold(found) in self.taken or not is_identifier(found):
            number += 1
            found = f"{stem}-{number}"
        self.counts[stem] = number
        return self.keep(found)

    def of(self, address: str, name: str | None) -> str:
        """The id of whoever has that address: a new one, of their name or address, if they were not known."""
        found = self.known(address)
        if found is None:
            made = id_in(address)
            mailbox = address.partition(":")[2].rpartition("@")[0] or address.partition(":")[2]
            named = (
                None if name is not None and same(name) in (same(address), same(address.partition(":")[2])) else name
            )
            if made is not None and _NUMBERED.fullmatch(made) and name is not None:
                made = None
            if made is not None and made.strip() and len(made) <= MAX_NAME and fold(made) not in self.taken:
                found = self.keep(made)
            else:
                found = self.fresh(named, mailbox)
            self.keep(found, address)
        return found


def slug(text: str) -> str:
    """A text as an identifier: letters, digits and hyphens."""
    kept = "".join(sign if sign.isalnum() or sign in "_" else " " for sign in text.lower())
    found = "-".join(kept.split())[:LONGEST].strip("-")
    while found and not (found[0].isalpha() or found[0] == "_"):
        found = found[1:].lstrip("-")
    return found if found and is_identifier(f"{found}-0") else ""
