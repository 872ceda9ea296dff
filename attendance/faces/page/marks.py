"""Verdicts, names and moments as a page shows them: a mark that differs in shape, a word, a colour."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from attendance.markup.html import Html, element, joined
from attendance.model.draft import clock
from attendance.model.printing import print_saying
from attendance.model.statements import Statement

KINDS = {
    "attends": "attends",
    "held": "attends",
    "true": "attends",
    "absent": "absent",
    "not held": "absent",
    "false": "absent",
    "undetermined": "undetermined",
    "unknown": "undetermined",
}
"""Which mark an answer has."""
SHAPES = Html(
    '<svg class="shapes" aria-hidden="true" focusable="false" width="0" height="0"><defs>'
    '<symbol id="mark-attends" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7.5" fill="currentColor"/>'
    '<path class="cut" d="M4.6 8.3l2.3 2.4 4.6-5.1" fill="none" stroke-width="1.8" stroke-linecap="round"'
    ' stroke-linejoin="round"/></symbol>'
    '<symbol id="mark-absent" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor"'
    ' stroke-width="1.6"/><path d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" fill="none" stroke="currentColor"'
    ' stroke-width="1.6" stroke-linecap="round"/></symbol>'
    '<symbol id="mark-undetermined" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.6" fill="none"'
    ' stroke="currentColor" stroke-width="1.6"/><path d="M8 1.4a6.6 6.6 0 0 1 0 13.2z" fill="currentColor"/></symbol>'
    '<symbol id="mark-none" viewBox="0 0 16 16"><path d="M3 8h10" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round"/></symbol>'
    "</defs></svg>"
)
"""Each mark once, for all who use it: full with a tick, empty with a cross, half, and a dash for no answer."""


CAUSES = {
    "conflict": "what was said of them clashes",
    "unstated": "nothing that was said of them counts",
    "open": "what was said leaves them the choice",
    "coordination": "they wait for others who wait for them, in a circle",
    "fact": "it hangs on a fact that is not known",
    "depends": "it hangs on others who are undetermined",
}
"""What each cause of an undetermined verdict means."""


def as_made(words: str = ", as the page was made") -> Html:
    """Words that show while something else is asked, beside what then no longer holds."""
    return element("span", words, class_="as-made")


def mark(answer: str) -> Html:
    """The mark of a verdict, of whether a gathering is held, or of a fact."""
    kind = KINDS.get(answer, "none")
    use = element("use", href=f"#mark-{kind}")
    return element("svg", use, class_=f"mark {kind}", aria_hidden="true", focusable="false")


def answered(answer: str, *more: Html | str | None) -> Html:
    """An answer as its mark and its word."""
    kind = KINDS.get(answer, "none")
    return element("span", mark(answer), " ", element("b", answer, class_="word"), *more, class_=f"answer {kind}")


def named(text: str, id_: str | None = None) -> Html:
    """A name, in its own direction of writing; with the id where it is another."""
    other = None if id_ in (None, text) else joined([" ", element("code", element("bdi", id_), class_="id")])
    return joined([element("bdi", text), other])


def moment(said: date | datetime, zone: tzinfo | None = None) -> Html:
    """A day, with the time by the clocks of the case if there is one."""
    day = f"{said.day} {said:%B %Y}"
    if not isinstance(said, datetime):
        return element("time", day, datetime=said.isoformat())
    here = said if said.tzinfo is None or zone is None else clock(said, zone)
    text = f"{here.day} {here:%B %Y}, {here:%H:%M}"
    return element("time", text, datetime=here.isoformat(timespec="minutes"))


def quoted(statement: Statement, subject: bool = True) -> Html:
    """The words of a statement; with who it is about, or without."""
    return element("q", element("bdi", statement.text if subject else print_saying(statement.says)))


def separated(parts: Iterable[Html | str | None], by: str = " · ") -> Html:
    """The parts that there are, with something in between."""
    found: list[Html | str] = []
    for part in parts:
        if part:
            found += [by, part] if found else [part]
    return joined(found)
