"""Hypothesis strategies for small whole cases and what is asked of them: circles and clashes are common.

Everything is drawn by picking from options, the simplest first, with a few strategies made once: that is
many times faster than a strategy for every part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import reject
from hypothesis import strategies as st

import attendance as at
from attendance.model import conditions as c
from attendance.model.conditions import Condition
from attendance.model.participants import Fact, Gathering, Group, Participant
from attendance.model.sayings import Attends, Declines, Link, Might, Saying, Sends, WaitsFor
from attendance.model.scenario import Scenario
from attendance.model.statements import Rule, Statement
from attendance.testing.picking import Draw, below, one_in, pick

T = TypeVar("T")

PEOPLE = ("ann", "bob", "cem", "dai")
GATHERINGS = ("talks", "dinner")
WEIGHTS = tuple(map(Decimal, ("0.1", "0.2", "0.3", "1", "17.4", "0")))
QUOTAS = tuple(map(Decimal, ("0.1", "0.2", "0.3", "0.30", "0.4", "0.5", "1", "1.1", "17.4", "17.5", "17.7", "35", "0")))
SHARES = tuple(map(Decimal, ("50", "0", "33.3", "25", "66.7", "75", "100", "1.7")))
RELATIONS = ("at least", "at most", "exactly")
MOMENTS = (
    date(2025, 5, 13),
    date(2025, 5, 14),
    datetime(2025, 5, 13, 0, 0),
    datetime(2025, 5, 13, 23, 59, 59),
    datetime(2025, 5, 13, 22, 0, tzinfo=UTC),
    datetime(2025, 5, 14, 10, 0),
    date(2025, 5, 15),
)
SOURCES = ("radio", "paper")

THEMES = ("mixed", "calm", "calm", "dated", "sent", "crowded")
"""What a case has much of: nothing; promises in circles, where everybody speaks once in turn, undated and
shortly; statements that follow each other and disagree in source; delegations; crowds at two gatherings."""

made = {"kept": 0, "refused": 0}
"""How many draws made a case, and how many the library refused."""


@dataclass(frozen=True)
class Names:
    """What the conditions of a case can name, and who can be spoken of where."""

    people: tuple[str, ...]
    gatherings: tuple[str, ...]
    groups: tuple[str, ...]
    facts: tuple[str, ...]
    weights: tuple[str, ...]
    invited: dict[str, Sequence[str]]
    theme: str


@dataclass(frozen=True, repr=False)
class Asked:
    """A case, the keywords of a call, and the scenario that they come to."""

    case: at.Case
    keywords: dict[str, Any]
    scenario: Scenario

    def __repr__(self) -> str:
        return f"{at.dumps(self.case)}\nasked with {self.keywords}"


def some(draw: Draw, options: Sequence[T], most: int, least: int = 0) -> list[T]:
    """A few of the options, in any order, perhaps one of them twice."""
    return [pick(draw, options) for _ in range(least + draw(below(most - least + 1)))] if options else []


def few(draw: Draw, most: int) -> int:
    """None at all as often as any at all."""
    return pick(draw, (*(0,) * most, *range(1, most + 1)))


# --- conditions -------------------------------------------------------------------------------------


def place(draw: Draw, names: Names) -> str | None:
    """No gathering said, or one of two."""
    return pick(draw, (None, None, None, *names.gatherings)) if len(names.gatherings) > 1 else None


def leaf(draw: Draw, names: Names, gatherings: Sequence[str]) -> Condition:
    """A name of any kind, somebody's most of the time; gatherings are named from those alone."""
    kinds = (
        ["person"] * (14 if names.theme == "calm" else 6)
        + ["fact"] * (2 * bool(names.facts))
        + ["group"] * (2 * bool(names.groups))
    )
    match pick(draw, [*kinds, *["gathering"] * bool(gatherings), "constant"]):
        case "person":
            return c.Name(pick(draw, names.people), place(draw, names))
        case "fact":
            return c.Name(pick(draw, names.facts))
        case "group":
            return pick(draw, (c.Name, c.Represented))(pick(draw, names.groups), place(draw, names))
        case "gathering":
            return pick(draw, (c.Name, c.Held))(pick(draw, gatherings))
        case _:
            return c.Constant(bool(draw(below(2))))


def condition(
    draw: Draw, names: Names, *, about: bool = False, depth: int = 3, gatherings: Sequence[str] | None = None
) -> Condition:
    """A condition nested so deep at most; `others` only where somebody is spoken of."""
    gatherings = names.gatherings if gatherings is None else gatherings

    def deeper() -> Condition:
        return condition(draw, names, about=about, depth=depth - 1, gatherings=gatherings)

    counts = ("count", "share", "quantity", *("sum", "sum") * bool(names.weights))
    inner = (*counts, "not", "and", "or", *counts * (1 + 2 * (names.theme == "crowded")))
    match pick(draw, ("leaf",) * 5 + inner * (depth > 0)):
        case "leaf":
            return leaf(draw, names, gatherings)
        case "not":
            return c.Not(deeper())
        case "and" | "or" as joint:
            parts = tuple(deeper() for _ in range(2 + one_in(draw, 3)))
            return c.And(parts) if joint == "and" else c.Or(parts)
        case "sum":
            of, percent = selection(draw, names, about, None), one_in(draw, 2)
            return c.Tally(
                pick(draw, RELATIONS), pick(draw, SHARES if percent else QUOTAS), of, pick(draw, names.weights), percent
            )
        case "share":
            of = selection(draw, names, about, deeper)
            return c.Tally(pick(draw, RELATIONS), pick(draw, SHARES), of, percent=True)
        case "quantity":
            of = selection(draw, names, about, deeper)
            return c.Quantifier(pick(draw, ("all", "any", "none", "a majority")), of)
        case _:
            of, relation = selection(draw, names, about, deeper), pick(draw, RELATIONS)
            quotas = (1, 2, 0, 3, 4)
            return c.Tally(relation, Decimal(pick(draw, [q for q in quotas if q <= most(names, of, relation)])), of)


def most(names: Names, of: c.Selection, relation: str) -> int:
    """The greatest quota that is not refused: no more than the list has, where its size is plain."""
    plain = all(not isinstance(i, c.Crowd) and getattr(i, "name", None) not in names.groups for i in of.items)
    return len(set(of.items)) if plain and relation != "at most" else 4


def selection(draw: Draw, names: Names, about: bool, deeper: Any) -> c.Selection:
    """A crowd or a list of names, crowds and deeper conditions; of people and groups alone without `deeper`."""
    crowds, named = ("everyone", "others") if about else ("everyone",), (*names.people, *names.groups)
    if one_in(draw, 3):
        return c.Selection((c.Crowd(pick(draw, crowds), place(draw, names)),))
    items: list[Any] = []
    for _ in range(1 + draw(below(4))):
        kind = pick(draw, ("name", "name", "name", "name", "crowd", "deeper", "fact"))
        if kind == "deeper" and deeper is not None and len(items) < 2:
            items.append(deeper())
        elif kind == "fact" and deeper is not None and names.facts:
            items.append(c.Name(pick(draw, names.facts)))
        elif kind == "crowd":
            items.append(c.Crowd(pick(draw, crowds), place(draw, names)))
        else:
            items.append(c.Name(pick(draw, named), place(draw, names)))
    return c.Selection(tuple(items), place(draw, names))


# --- statements -------------------------------------------------------------------------------------


def saying(draw: Draw, names: Names, who: str, at_gathering: str) -> Saying:
    """Everything that can be said at a gathering."""
    kinds = {"calm": ("attends",), "sent": ("sends", "attends", "sends", "might", "declines", "waits")}
    usual = ("attends",) * 6 + ("declines",) * 3 + ("might",) * 3 + ("sends", "waits")
    kind = pick(draw, kinds.get(names.theme, usual))
    delegates = [p for p in names.invited[at_gathering] if p != who]
    if kind == "waits":
        targets = [c.Name(p, place(draw, names)) for p in some(draw, names.people, 2, 1)]
        others = [c.Name(n) for n in some(draw, (*names.groups, *names.facts), 1)]
        return WaitsFor(tuple(dict.fromkeys(targets + others)))
    if kind == "sends" and delegates:
        sent = tuple(dict.fromkeys(some(draw, delegates, 2, 1)))
        return Sends(sent, condition(draw, names, about=True, depth=2) if one_in(draw, 2) else None)
    links: dict[str, tuple[Any, tuple[Link | None, ...]]] = {
        "attends": (Attends, (None, Link.ONLY_IF, Link.IF, Link.ONLY_IF, Link.IF_AND_ONLY_IF, Link.UNLESS)),
        "declines": (Declines, (None, Link.IF, Link.UNLESS)),
        "might": (Might, (None, Link.ONLY_IF, Link.IF, Link.UNLESS)),
    }
    kind_of_saying, possible = links.get(kind, links["might"])
    calm = names.theme == "calm"
    link = pick(draw, possible[calm:])
    depth = draw(below(2)) if calm else 3
    return kind_of_saying(link, condition(draw, names, about=True, depth=depth) if link else None)


def statements(draw: Draw, names: Names, size: int, before: Sequence[Statement] = ()) -> list[Statement]:
    """That many statements, numbered on from those before; some end earlier ones by id."""
    found: list[Statement] = []
    spoken = [(who, g) for g in names.gatherings for who in names.invited[g]]
    calm, dated = names.theme == "calm", names.theme == "dated"
    spoken = spoken[:2] if dated else spoken
    for number in range(size if spoken else 0):
        who, gathering = spoken[(len(before) + number) % len(spoken)] if calm else pick(draw, spoken)
        earlier = [str(s.id) for s in (*before, *found)]
        same = sum(s.who == who for s in (*before, *found))
        at_main = gathering == names.gatherings[0]
        found.append(
            Statement(
                id=f"s{len(before) + number}" if one_in(draw, 2) else f"{who}.{same + 1}",
                who=who,
                at=None if at_main and one_in(draw, 2) else gathering,
                says=saying(draw, names, who, gathering),
                by=pick(draw, PEOPLE) if one_in(draw, 6) else None,
                said=pick(draw, MOMENTS) if not calm and not one_in(draw, 6 if dated else 2) else None,
                source=pick(draw, SOURCES) if one_in(draw, 2) else None,
                also=one_in(draw, 3 if dated else 5),
                supersedes=some(draw, earlier, 2) if one_in(draw, 4 if dated else 8) else (),
                inclination=pick(draw, ("inclined", "disinclined", "open"))
                if one_in(draw, 3 if dated else 8)
                else None,
            )
        )
    return found


def unnumbered(found: list[Statement]) -> list[Statement]:
    """The statements as a file has them: whose id would be given anyway has none."""
    return [s.model_copy(update={"id": None}) if "." in str(s.id) else s for s in found]


# --- scenarios and cases ------------------------------------------------------------------------------


def scenario(
    draw: Draw, names: Names, said: Sequence[Statement], rules: Sequence[str], name: str | None = None
) -> Scenario:
    """What is supposed and seen, added and withdrawn, as of when, whom to believe."""
    added = statements(draw, names, few(draw, 2), said)
    sources = sorted({s.source for s in (*said, *added) if s.source is not None})
    ids = [*(str(s.id) for s in said), *rules]
    rare = 2 if names.theme == "dated" else 5
    return Scenario(
        id=name,
        assume=assumptions(draw, names) if one_in(draw, 2) else {},
        given=[condition(draw, names, depth=2) for _ in range(few(draw, 1 if names.theme == "calm" else 2))],
        add=unnumbered(added),
        withdraw=some(draw, ids, 2) if one_in(draw, rare) else (),
        believe=some(draw, sources, 1, 1) if sources and one_in(draw, rare) else None,
        disbelieve=some(draw, sources, 1) if one_in(draw, rare) else (),
        as_of=pick(draw, MOMENTS) if one_in(draw, rare) else None,
        reading=pick(draw, (None, "literal", "conversational", "literal")),
        founded=pick(draw, (None, True, False, True)),
    )


def assumptions(draw: Draw, names: Names) -> dict[str, bool]:
    """Values of one or two attendances and facts, never both of one by two names."""
    keys = [*names.facts, *(f"{p} at {g}" for g in names.gatherings for p in names.invited[g])]
    keys += [p for p in names.people if any(p in names.invited[g] for g in names.gatherings)]
    found = {pick(draw, keys): one_in(draw, 2) for _ in range(1 + draw(below(2)))} if keys else {}
    return {k: v for k, v in found.items() if not (k.partition(" at ")[0] in found and k != k.partition(" at ")[0])}


@st.composite
def asked(draw: Draw) -> Asked:
    """A case and a call."""
    try:
        found = drawn(draw)
    except at.CaseError:
        made["refused"] += 1
        reject()
    made["kept"] += 1
    return found


def drawn(draw: Draw) -> Asked:
    """A case and a call. Few attendances and unknown facts, so that all states can be listed. Raises CaseError."""
    theme = pick(draw, THEMES)
    gatherings = GATHERINGS[: 2 if theme == "crowded" else pick(draw, (1, 1, 1, 2))]
    people = PEOPLE[: pick(draw, (1, 2, 3, 3, 4, 4, 4) if len(gatherings) == 1 else (1, 2, 3, 3))]
    facts = ("rain", "deal")[: few(draw, 2)]
    groups = ("north", "south")[: 2 if theme == "crowded" else few(draw, 2)]
    weights = ("co2", "seats")[: few(draw, 2)]
    lists = {
        g: list(dict.fromkeys(some(draw, people, 4))) if one_in(draw, 3 if theme == "crowded" else 6) else None
        for g in gatherings
    }
    weighed = {p: {w: pick(draw, WEIGHTS) for w in weights if not one_in(draw, 4)} for p in people}
    borne = tuple(w for w in weights if any(w in weighed[p] for p in people))
    invited = {g: people if lists[g] is None else lists[g] for g in gatherings}
    names = Names(people, gatherings, groups, facts, borne, invited, theme)

    said = statements(draw, names, pick(draw, (2, 3, 4, 4, 4) if theme == "calm" else (0, 1, 2, 3, 4, 4, 5, 5, 6, 6)))
    rules = [
        Rule(id=f"r{i}" if one_in(draw, 2) else None, rule=condition(draw, names, depth=2), at=place(draw, names))
        for i in range(few(draw, 2))
    ]
    rule_ids = [r.id or f"rule.{i}" for i, r in enumerate(rules, 1)]
    kept = {n: scenario(draw, names, said, rule_ids, n) for n in ("one", "two")[: few(draw, 2)]}
    way = pick(draw, ("plain", "parts", "value", "parts", *["named"] * bool(kept)))
    asking, keywords = Scenario(), {}
    if way == "named":
        name = pick(draw, sorted(kept))
        asking, keywords = kept[name], {"scenario": name}
    elif way != "plain":
        asking = scenario(draw, names, said, rule_ids)
        parts = {k: getattr(asking, k) for k in asking.model_fields_set - {"id"}} | {"assume": dict(asking.assume)}
        keywords = {"scenario": asking} if way == "value" else parts
    sides = {p: list(dict.fromkeys(some(draw, groups, 2))) for p in people}
    undeclared = [g for g in groups if any(g in sides[p] for p in people) and one_in(draw, 3)]
    values = (None, True, None, False) if len(people) * len(gatherings) < 6 else (True, False)
    case = at.Case(
        timezone=pick(draw, ("UTC", "Europe/Istanbul")),
        gatherings=[gathering(draw, names, g, lists[g]) for g in gatherings],
        participants=[Participant(id=p, weights=weighed[p], **{pick(draw, ("of", "tags")): sides[p]}) for p in people],
        groups=[group(draw, names, g) for g in groups if g not in undeclared],
        facts=[Fact(id=f, value=pick(draw, values)) for f in facts],
        rules=rules,
        statements=unnumbered(said),
        scenarios=list(kept.values()),
    )
    case.scenario(keywords.get("scenario"), Scenario(**keywords) if way == "parts" else None)
    return Asked(case, keywords, asking)


def gathering(draw: Draw, names: Names, name: str, invited: list[str] | None) -> Gathering:
    """A gathering; one may hang on those before it being held, so that there is no circle."""
    before = names.gatherings[: names.gatherings.index(name)]
    held_if = condition(draw, names, depth=2, gatherings=before) if one_in(draw, 4) else None
    return Gathering(id=name, invited=invited, held_if=held_if)


def group(draw: Draw, names: Names, name: str) -> Group:
    """A group of people, at times with the group after it in it."""
    after = names.groups[names.groups.index(name) + 1 :]
    return Group(id=name, members=list(dict.fromkeys(some(draw, (*names.people, *after, *after), 2))))
