"""How it came about: each moment with what was said and whom it turned; and all that was said, with its sources."""

from collections.abc import Iterator
from datetime import UTC, datetime

from attendance.faces.commands.timeline import moment as when
from attendance.faces.page.marks import answered, moment, quoted, separated
from attendance.faces.page.people import reasons, saying, source, state
from attendance.faces.page.told import Told
from attendance.markup.html import Html, element, joined
from attendance.model.statements import Statement
from attendance.questions.timeline import Entry, Turn

EARLIEST = datetime.min.replace(tzinfo=UTC)


def timeline(told: Told) -> Iterator[Html]:
    """The moments in order, oldest first."""
    if told.moments is None:
        yield element(
            "p",
            "This cannot be replayed: at some moment no outcome can meet what is supposed, or it takes too long.",
            class_="note",
        )
        return
    if not told.moments:
        yield element("p", "Nothing was said.", class_="soft")
        return
    if not told.explained and any(entry.changes for entry in told.moments):
        changes = sum(len(entry.changes) for entry in told.moments)
        yield element(
            "p",
            f"{changes} changes are more than this page explains. Ask for the reasons: ",
            element("code", told.command("timeline")),
            class_="note",
        )
    yield element("ol", *(_entry(told, entry) for entry in told.moments), class_="timeline")


def _entry(told: Told, entry: Entry) -> Html:
    spoken = (element("li", saying(told, s, dated=entry.moment is None)) for s in entry.statements)
    turned = [_turn(told, turn) for turn in entry.changes]
    turned += [_held(told, *change) for change in entry.gatherings]
    return element(
        "li",
        element("h3", when(entry)),
        element("ul", *spoken, class_="spoken"),
        element("ul", *turned, class_="turns") if turned else element("p", "Nothing changes.", class_="soft"),
        class_="moment" if turned else "moment quiet",
    )


def _turn(told: Told, turn: Turn) -> Html:
    change = _change(str(turn.before), str(turn.after))
    line = joined([element("bdi", told.speech.named(turn.attendance)), " ", change])
    if not told.explained:
        return element("li", line)
    return element("li", element("details", element("summary", line), *reasons(turn.why), class_="why"))


def _held(told: Told, name: str, before: str, after: str) -> Html:
    label = told.case.roster.gatherings[name].name or name
    return element("li", element("bdi", label), " ", _change(before, after), class_="flat")


def _change(before: str, after: str) -> Html:
    arrow = joined([element("span", "→", aria_hidden="true"), element("span", "to", class_="unseen")])
    return element("span", answered(before), " ", arrow, " ", answered(after), class_="change")


def statements(told: Told) -> Iterator[Html]:
    """All statements, undated ones first and then oldest first, and whether they still stand; then the rules."""
    fallen = told.states(told.base)
    ordered = sorted(told.everything, key=lambda s: told.case.moment(s) or EARLIEST)
    if ordered:
        yield element("ul", *(_statement(told, s, fallen.get(str(s.id), "")) for s in ordered), class_="statements")
    else:
        yield element("p", "Nothing was said.", class_="soft")
    if told.case.rules:
        yield element("h3", "Rules that every outcome must meet")
        rules = (_rule(str(r.id), str(r.rule), r.at, r.note, fallen.get(str(r.id), "")) for r in told.case.rules)
        yield element("ul", *rules, class_="statements")


def _statement(told: Told, statement: Statement, fallen: str) -> Html:
    by = None if statement.by is None else joined(["says ", element("bdi", told.speech.speaker(statement))])
    when = moment(statement.said, told.case.zone) if statement.said is not None else "undated"
    return element(
        "li",
        element("p", when, class_="date"),
        element(
            "div",
            element("p", quoted(statement), " ", state(fallen)),
            element("p", element("bdi", statement.note), class_="remark") if statement.note else None,
            element(
                "p",
                separated([by, source(statement), element("code", element("bdi", str(statement.id)))]),
                class_="cite",
            ),
        ),
        class_="past" if fallen else None,
        data_said=str(statement.id),
    )


def _rule(id_: str, words: str, at: str | None, note: str | None, fallen: str) -> Html:
    where = joined(["at ", element("bdi", at)]) if at else None
    return element(
        "li",
        element("p", "rule", class_="date"),
        element(
            "div",
            element(
                "p",
                element("q", element("bdi", words)),
                " ",
                state(fallen),
            ),
            element("p", element("bdi", note), class_="remark") if note else None,
            element("p", separated([where, element("code", element("bdi", id_))]), class_="cite"),
        ),
        class_="past" if fallen else None,
        data_said=id_,
    )
