"""The what-if page: one HTML file with the verdicts and their reasons, and switches that answer at once."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import Any

from attendance.faces.page.evaluator import script as evaluator_script
from attendance.faces.page.marks import SHAPES, as_made, mark, separated
from attendance.faces.page.past import statements, timeline
from attendance.faces.page.people import causes, conflicts, facts, people, sentences, unexplained
from attendance.faces.page.picture import picture
from attendance.faces.page.switches import told_to_script
from attendance.faces.page.table import scenarios
from attendance.faces.page.told import Told, tell
from attendance.markup.html import Child, Html, element, joined
from attendance.model.case import Case

SECTIONS = (
    ("who", "Who attends"),
    ("picture", "Who depends on whom"),
    ("timeline", "How it came about"),
    ("scenarios", "Scenarios side by side"),
    ("statements", "What was said"),
)

MADE = frozenset({"timeline"})
"""Sections that stay as they are, whatever is asked."""


def page(case: Case, **question: Any) -> str:
    """The page of a case as one HTML file; `tell` has the keywords. Raises as `resolve` does."""
    return document(tell(case, **question))


def document(told: Told) -> str:
    """What is told as one file: no request to anywhere, and nothing runs but its own two scripts."""
    style, evaluator, script = Html(_own("style.css")), Html(evaluator_script()), Html(_own("page.js"))
    policy = _policy(style, evaluator, script)
    title = told.case.title or "Who attends"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="generator", content="attendance"),
        element("title", title),
        element("style", style),
    )
    body = element(
        "body",
        element("a", "Skip to who attends", href="#who", class_="skip"),
        SHAPES,
        _header(told, title),
        element("main", *_sections(told)),
        _footer(told),
        element("script", Html(told_to_script(told)), type="application/json", id="told"),
        element("script", evaluator),
        element("script", script),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _policy(style: str, *scripts: str) -> str:
    """What a browser may do with the page: use that style and run those scripts, and nothing else."""
    rules = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": " ".join(map(_hash, scripts)),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _header(told: Told, title: str) -> Html:
    supposed = str(told.scenario)
    named = element("b", element("bdi", told.base.title)) if told.base.id else None
    as_it_stands = not (supposed or told.base.id)
    return element(
        "header",
        element("p", f"Who attends, {'as it stands' if as_it_stands else 'in a scenario'}", as_made(), class_="kicker"),
        element("h1", element("bdi", title)),
        *(element("p", element("bdi", words), class_="answer-line") for words in sentences(told)),
        None if as_it_stands else element("p", separated([named, supposed], ": "), class_="supposed"),
        *(element("p", "Warning: ", element("bdi", w), class_="note") for w in told.resolution.warnings),
        element("p", class_="since", id="since", hidden=True),
        element(
            "nav",
            element("ul", *(element("li", element("a", words, href=f"#{id_}")) for id_, words in SECTIONS)),
            aria_label="On this page",
        ),
        class_="top",
    )


def _sections(told: Told) -> Iterator[Html]:
    parts: dict[str, tuple[Child, ...]] = {
        "who": (
            _panel(told),
            element(
                "div", conflicts(told), unexplained(told), causes(told), *people(told), facts(told), class_="lists"
            ),
        ),
        "picture": (*picture(told),),
        "timeline": (*timeline(told),),
        "scenarios": (*scenarios(told), _legend() if len(told.bases) > 1 else None),
        "statements": (*statements(told),),
    }
    for id_, words in SECTIONS:
        title = element("h2", words, as_made() if id_ in MADE else None, id=f"{id_}-title", tabindex="-1")
        yield element("section", title, *parts[id_], id=id_, aria_labelledby=f"{id_}-title", class_="part")


def _panel(told: Told) -> Html:
    """Where the switches say what they change."""
    options = (
        element("option", base.title, value=str(i), selected=i == told.start) for i, base in enumerate(told.bases)
    )
    return element(
        "aside",
        element("h3", "What if?", id="what-if"),
        element(
            "p",
            "Suppose that somebody comes or stays away: turn their switch, and see at once who would then attend.",
            class_="hint",
        ),
        element("noscript", element("p", "The switches need JavaScript. Everything else on this page does without.")),
        element(
            "p",
            element("label", "Begin with", for_="base"),
            element("select", *options, id="base", disabled=True, autocomplete="off"),
            class_="begin",
        ),
        element(
            "div",
            element("div", id="effect", role="status", aria_live="polite"),
            element(
                "p",
                element("button", "Set back", type="button", id="reset"),
                element("button", "Copy link", type="button", id="copy"),
                class_="buttons",
            ),
            id="result",
            hidden=True,
        ),
        class_="what-if",
        aria_labelledby="what-if",
    )


def _legend() -> Html:
    words = ("attends", "or held"), ("absent", "or not held"), ("undetermined", "in some outcomes, not in others")
    marks = (joined([mark(answer), f" {answer}, {more}  "]) for answer, more in words)
    tint = element("span", element("i", class_="tint"), " another answer than as the case stands")
    return element("p", *(element("span", m) for m in marks), tint, class_="legend")


def _footer(told: Told) -> Html:
    return element(
        "footer",
        element(
            "p",
            "A verdict counts over all outcomes: states in which nobody has broken their word and nobody would change "
            "their mind. Who attends does in every outcome; who is absent, in none; who is undetermined, in some.",
        ),
        element("p", "Made with ", element("code", told.command("report")), "."),
    )


__all__ = ["page"]
