"""Who attends, gathering by gathering: each verdict with what was said, why, and a switch; facts; what clashes."""

import re
from collections.abc import Iterable, Iterator, Sequence

from attendance.faces.page.marks import CAUSES, answered, as_made, mark, moment, named, quoted, separated
from attendance.faces.page.told import Told
from attendance.markup.html import Html, element, joined
from attendance.model.conditions import Condition
from attendance.model.outcome import Verdict
from attendance.model.participants import Attendance, Gathering
from attendance.model.statements import Statement
from attendance.questions.resolve import Conflict, Held, Reason
from attendance.questions.speech import listed
from attendance.questions.why import Explanation

HEADLINES = 3
"""So many gatherings are told at the top."""
DOTS = 300
"""Up to this many people are shown as a dot each."""
MANY = 20
"""Up to this many repairs of a conflict are shown."""
WORLD_WIDE = re.compile(r"https?://[^\s\x00-\x1f\x7f\\\"'<>]+", re.IGNORECASE)
"""An address that a link may lead to."""
SEATS = ("as stated", "comes", "stays away")
WORTH = {None: "unknown", True: "true", False: "false"}


def sentence(told: Told, gathering: Gathering) -> str:
    """The answer on a gathering in a sentence."""
    found = told.resolution
    there = [a for a in found.verdicts if a.gathering == gathering.id]
    if not there:
        return "Nobody is counted here."
    by = {v: [told.speech.name(a) for a in there if found.verdicts[a] is v] for v in Verdict}
    verbs = {
        Verdict.ATTENDS: ("attends", "attend"),
        Verdict.ABSENT: ("is absent", "are absent"),
        Verdict.UNDETERMINED: ("is undetermined", "are undetermined"),
    }
    parts = [
        f"{listed(names, 4)} {verb[len(names) > 1]}"
        if len(names) <= 4 or len(there) <= 8
        else f"{len(names)} {verb[1]}"
        for v, verb in verbs.items()
        if (names := by[v])
    ]
    parts = parts if by[Verdict.ATTENDS] else ["nobody is sure to attend", *parts]
    answer = found.gatherings[gathering.id].held
    held = "whether it is held is undetermined" if answer is Held.UNDETERMINED else str(answer)
    named_ = f"{gathering.name}: {held}" if gathering.name else held[0].upper() + held[1:]
    return f"{named_}; {'; '.join(parts)}."


def sentences(told: Told) -> Iterator[str]:
    """The answer on each gathering in a sentence, the first few of many."""
    gatherings = told.case.gatherings
    yield from (sentence(told, gathering) for gathering in gatherings[:HEADLINES])
    more = len(gatherings) - HEADLINES
    if more > 0:
        yield f"And {more} more gathering{'s' if more > 1 else ''}."


def people(told: Told) -> Iterator[Html]:
    """A section for each gathering."""
    for number, gathering in enumerate(told.case.gatherings):
        yield _gathering(told, number, gathering)


def _gathering(told: Told, number: int, gathering: Gathering) -> Html:
    found = told.resolution.gatherings[gathering.id]
    about = [moment(gathering.start, told.case.zone) if gathering.start else None, _place(gathering)]
    quorum = (
        None
        if gathering.held_if is None
        else joined(["held if ", element("q", element("bdi", str(gathering.held_if)))])
    )
    rows = [(x, a) for x, a in enumerate(told.compiled.attendances) if a.gathering == gathering.id]
    head = element(
        "header",
        element("h3", element("bdi", gathering.name or gathering.id), id=f"g-{number}"),
        element("p", separated([*about, quorum]), class_="about") if any([*about, quorum]) else None,
        element(
            "p",
            element("span", answered(str(found.held)), class_="held", data_held=str(number)),
            element("span", found.coming, class_="turnout", data_turnout=str(number)),
            class_="state",
        ),
        _dots(told, rows),
        class_="gathering-head",
    )
    body = (
        element("ul", *(_person(told, x, a) for x, a in rows), class_="rows")
        if rows
        else element("p", "Nobody is counted here.", class_="soft")
    )
    return element("section", head, body, class_="gathering", aria_labelledby=f"g-{number}")


def _place(gathering: Gathering) -> Html | None:
    return element("bdi", gathering.place) if gathering.place else None


def _dots(told: Told, rows: Sequence[tuple[int, Attendance]]) -> Html | None:
    if not 2 < len(rows) <= DOTS:
        return None
    verdicts = told.resolution.verdicts
    order = [Verdict.ATTENDS, Verdict.UNDETERMINED, Verdict.ABSENT]
    found = sorted((order.index(verdicts[a]), x, a) for x, a in rows)
    return element("p", *(mark(str(verdicts[a])) for _, _, a in found), class_="dots", aria_hidden="true")


def _person(told: Told, x: int, about: Attendance) -> Html:
    verdict = str(told.resolution.verdicts[about])
    label = told.speech.name(about)
    return element(
        "li",
        element(
            "div",
            element("p", named(label, about.participant), class_="name", id=f"n-{x}"),
            _standing(told, about),
            class_="who",
        ),
        element("p", answered(verdict, _cause(told, about)), element("span", class_="was"), class_="verdict"),
        switch(x, label, SEATS),
        _why(told, about),
        class_="row",
        data_atom=str(x),
        data_answer=verdict,
    )


def _standing(told: Told, about: Attendance) -> Html:
    """What is in force about somebody, and what is assumed."""
    fixed = told.compiled.network.fixed[told.compiled.index[about]]
    assumed = element("li", element("b", "assumed: comes" if fixed else "assumed: stays away"), class_="assumed")
    lines = [] if fixed is None else [assumed]
    for statement in told.base.standing.get(about, ()):
        line = joined([saying(told, statement, about), " ", state()])
        lines.append(element("li", line, data_said=str(statement.id)))
    return element("ul", *(lines or [element("li", "says nothing", class_="soft nothing")]), class_="said")


def state(word: str = "") -> Html:
    """Whether a statement does not stand; the script of the page says it of the scenario that is chosen."""
    return element("span", word, class_="state-word", hidden=not word)


def saying(told: Told, statement: Statement, about: Attendance | None = None, *, dated: bool = True) -> Html:
    """What was said, by whom, when and through which source; of oneself, without the name."""
    own = about is not None and statement.who == about.participant
    by = None if statement.by is None else joined(["says ", element("bdi", told.speech.speaker(statement))])
    when = moment(statement.said, told.case.zone) if dated and statement.said is not None else None
    meta = separated([by, when, source(statement)], ", ")
    return joined([quoted(statement, subject=not own), " ", element("span", meta, class_="cite") if meta else None])


def source(statement: Statement) -> Html | None:
    """The source of a statement, as a link where it has an address of the web."""
    words = element("bdi", statement.source) if statement.source else None
    if statement.url is None:
        return words
    if WORLD_WIDE.fullmatch(statement.url):
        return element("a", words or element("bdi", statement.url), href=statement.url, rel="noreferrer noopener")
    return separated([words, element("bdi", statement.url)], ", ")


def _cause(told: Told, about: Attendance) -> Html | None:
    cause = told.resolution.causes.get(about)
    if cause is None:
        return None
    named_ = (
        told.speech.name(n) if isinstance(n, str) or n.gathering == about.gathering else told.speech.named(n)
        for n in cause.on
    )
    names = f": {listed(named_, 2)}" if cause.cause in (Reason.FACT, Reason.DEPENDS) else ""
    return joined([" ", element("span", f"{cause}{names}", class_="cause", title=CAUSES[str(cause)])])


def _why(told: Told, about: Attendance) -> Html | None:
    found = told.reasons.get(about)
    if found is None:
        return None
    return element("details", element("summary", "Why", as_made()), *reasons(found), class_="why")


def reasons(found: Explanation) -> Iterator[Html]:
    """An explanation: its steps, numbered, and its notes."""
    if found.steps:
        yield element("ol", *(element("li", element("bdi", step.text)) for step in found.steps))
    yield from (element("p", element("bdi", note)) for note in found.notes)


def unexplained(told: Told) -> Html | None:
    """Of how many verdicts the reasons are left out, and how to ask for them."""
    left = len(told.resolution.verdicts) - len(told.reasons)
    if not left:
        return None
    there = f"The first {len(told.reasons)} verdicts are explained here, the other {left} are not."
    return element(
        "p",
        there if told.reasons else "No verdict is explained here.",
        " Ask for the reasons of anybody: ",
        element("code", told.command("why", "WHO")),
        class_="note",
    )


def switch(atom: int, label: str, seats: Iterable[str]) -> Html:
    """A switch of three positions; it is idle until the script of the page wakes it."""
    buttons = (
        element(
            "label",
            element("input", type="radio", name=f"s-{atom}", value=value, checked=not value, autocomplete="off"),
            element("span", word),
        )
        for value, word in zip(("", "yes", "no"), seats, strict=True)
    )
    legend = element("legend", "Suppose of ", element("bdi", label), class_="unseen")
    return element("fieldset", legend, *buttons, class_="switch", disabled=True)


def causes(told: Told) -> Html:
    """What the causes mean that there are; the script of the page shows those of another answer."""
    there = {str(cause) for cause in told.resolution.causes.values()}
    terms = (
        element("li", element("b", word), f": {meaning}", data_cause_word=word, hidden=word not in there)
        for word, meaning in CAUSES.items()
    )
    title = element("p", "Why somebody is undetermined:")
    return element("div", title, element("ul", *terms), class_="causes", hidden=not there)


def facts(told: Told) -> Html | None:
    """What nobody controls, with what is known of it."""
    if not told.resolution.facts:
        return None
    first, rows = len(told.compiled.attendances), []
    for x, (fact, value) in enumerate(told.resolution.facts.items(), first):
        label = told.case.roster.facts[fact].name or fact
        known = told.compiled.network.fixed[x] is not None
        rows.append(
            element(
                "li",
                element("div", element("p", named(label, fact), class_="name", id=f"n-{x}"), class_="who"),
                element("p", answered(WORTH[value]), element("span", class_="was"), class_="verdict"),
                switch(x, label, ("as stated" if known else "unknown", "true", "false")),
                class_="row",
                data_atom=str(x),
                data_answer=WORTH[value],
            )
        )
    head = element("header", element("h3", "Facts that nobody controls", id="facts"), class_="gathering-head")
    return element("section", head, element("ul", *rows, class_="rows"), class_="gathering", aria_labelledby="facts")


def conflicts(told: Told) -> Html | None:
    """What cannot stand together, and what could be set aside."""
    found = told.resolution.conflicts
    if not found:
        return None
    given = told.scenario.given
    return element(
        "section",
        element("h3", "These cannot all stand", as_made(), id="conflicts"),
        element("p", "Seen: ", *_conditions(given), ".") if given else None,
        *(part for conflict in found for part in _conflict(told, conflict)),
        class_="conflict",
        aria_labelledby="conflicts",
    )


def _conditions(given: Iterable[Condition]) -> Iterator[Html]:
    yield separated((element("q", element("bdi", str(c))) for c in given), ", ")


def _conflict(told: Told, conflict: Conflict) -> Iterator[Html]:
    for clash in conflict.clashes:
        yield element("ul", *(element("li", _named_saying(told, name)) for name in clash), class_="clash")
    ways = [" and ".join(ids) for ids in conflict.repairs]
    more = len(ways) - MANY
    shown = [element("code", element("bdi", way)) for way in ways[:MANY]]
    rest = f", or one of {more} other sets" if more > 0 else None
    yield element("p", "It takes setting aside ", separated(shown, ", or "), rest, ".")
    if not conflict.complete:
        yield element("p", "There are more such sets than are listed.", class_="note")


def _named_saying(told: Told, name: str) -> Html:
    """A statement or a rule, with the id by which it can be withdrawn."""
    id_ = element("code", element("bdi", name), class_="id")
    match told.speech.said[name]:
        case Statement() as statement:
            return joined([saying(told, statement), " ", id_])
        case rule:
            return joined(["the rule ", element("q", element("bdi", str(rule.rule))), " ", id_])
