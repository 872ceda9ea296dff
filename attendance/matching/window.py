"""The facts that count: the newest posted ones and those known beforehand, and which of them go when."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from attendance.matching.patterns import Value
from attendance.matching.sizes import Share

Content = frozenset[tuple[str, type, Value]]


@dataclass(eq=False, slots=True)
class Entry:
    """A fact that counts: posted under a number, or known (then the number is None).

    `serial` is where it stands among those of its sort; `touched` is after how many posts it was last said;
    `shares` is what it adds to the sizes of the rules, `said` what a known fact is known by.
    """

    fact: dict[str, Value]
    number: int | None
    serial: int
    touched: int = 0
    shares: tuple[Share, ...] = ()
    said: Content = frozenset()

    @property
    def place(self) -> tuple[bool, int]:
        """Where it stands among all facts: the known ones first."""
        return self.number is not None, self.serial


def content(fact: dict[str, Value]) -> Content:
    """What a fact says, 7 and "7" and True being different."""
    return frozenset((name, type(value), value) for name, value in fact.items())


class Window:
    """The newest `size` posted facts, and known ones until the first fact after their last touch leaves.

    A fact that has left, or was forgotten, does not come back.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.newest = 0
        self.posted: dict[int, Entry] = {}
        self.known: OrderedDict[Content, Entry] = OrderedDict()  # the last touched last
        self._serial = 0

    def __len__(self) -> int:
        return len(self.posted) + len(self.known)

    def __iter__(self) -> Iterator[Entry]:
        yield from self.known.values()
        yield from self.posted.values()

    def next(self, fact: dict[str, Value]) -> Entry:
        """The entry for a fact that is about to be posted."""
        return Entry(fact, self.newest + 1, self.newest + 1)

    def going(self) -> list[Entry]:
        """Which facts go when one more is posted."""
        if len(self.posted) < self.size:
            return []
        oldest = next(iter(self.posted.values()))
        gone = [oldest]
        for entry in self.known.values():
            if entry.touched >= oldest.serial:
                break
            gone.append(entry)
        return gone

    def post(self, entry: Entry, going: list[Entry]) -> None:
        """Take in a fact, where those go."""
        self.posted[entry.serial] = entry
        self.newest = entry.serial
        for gone in going:
            if gone.number is None:
                del self.known[gone.said]
            else:
                del self.posted[gone.number]

    def touch(self, fact: dict[str, Value]) -> bool:
        """Whether the fact is known; then it was last said now."""
        said = content(fact)
        if said not in self.known:
            return False
        self.known[said].touched = self.newest
        self.known.move_to_end(said)
        return True

    def to_know(self, fact: dict[str, Value]) -> Entry:
        """The entry for a fact that is about to be known."""
        return Entry(fact, None, self._serial + 1, self.newest, said=content(fact))

    def know(self, entry: Entry) -> None:
        """Take in a known fact."""
        self._serial = entry.serial
        self.known[entry.said] = entry

    def has(self, entry: Entry) -> bool:
        """Whether a fact counts."""
        if entry.number is not None:
            return self.posted.get(entry.number) is entry
        return self.known.get(entry.said) is entry

    def forget(self, number: int) -> Entry | None:
        """Take out a posted fact, if it is still there."""
        return self.posted.pop(number, None)
