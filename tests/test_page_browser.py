"""The what-if page in Chromium, opened from disk: switches, keyboard, links, hostile names, sizes, colours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import attendance as at
from attendance.faces.page import page
from tests.chromium import SECONDS, browser
from tests.pages import HOSTILE
from tests.test_seeds import SEEDS, every_seed

ISTANBUL = next(seed for seed in SEEDS if seed.stem == "istanbul-2025")


@pytest.fixture(scope="module")
def opened() -> Iterator[Any]:
    """One browser for all that is looked at here."""
    with browser() as found:
        yield found


@dataclass
class Seen:
    """A page as somebody sees it, and whatever it does besides."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def answer(self, who: str) -> str:
        """The verdict shown of somebody, by the key of their switch."""
        return str(self.row(who).locator(".answer .word").inner_text())

    def row(self, who: str) -> Any:
        """The row of somebody."""
        found = self.page.locator("li.row").filter(has=self.page.locator(f"css=code.id >> text='{who}'"))
        return found.first

    def turn(self, who: str, position: str) -> None:
        """Turn a switch, as a hand does."""
        self.row(who).locator("label").filter(has_text=position).click()

    @property
    def effect(self) -> str:
        """What the page says that a switch changes."""
        return str(self.page.locator("#effect").inner_text())


Look = Callable[..., Seen]


@pytest.fixture
def look(opened: Any, tmp_path: Path) -> Iterator[Look]:
    """Opens a page from disk; in the end nothing must have gone wrong, and nothing been asked for but the file."""
    contexts: list[Any] = []
    shown: list[Seen] = []

    def open_(case: at.Case, fragment: str = "", width: int = 1280, scheme: str = "light", **of: Any) -> Seen:
        file = tmp_path / f"page {len(shown)}.html"
        file.write_text(page(case, **of.pop("question", {})), encoding="utf-8")
        context = opened.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **of)
        contexts.append(context)
        seen = Seen(context.new_page())
        shown.append(seen)
        seen.page.set_default_timeout(SECONDS * 1000)
        seen.page.on("console", lambda message: seen.complaints.append(f"console: {message.text}"))
        seen.page.on("pageerror", lambda error: seen.complaints.append(f"error: {error}"))
        seen.page.on("dialog", lambda dialog: seen.complaints.append(f"dialog: {dialog.message}"))
        address = file.as_uri()
        seen.page.on("request", lambda r: None if r.url.split("#")[0] == address else seen.complaints.append(r.url))
        seen.page.goto(address + fragment)
        return seen

    yield open_
    for context in contexts:
        context.close()
    assert [] == [complaint for seen in shown for complaint in seen.complaints]


# --- switches -------------------------------------------------------------------------------------


def test_zelensky_comes_when_putin_is_switched_on(look: Look) -> None:
    seen = look(at.load(ISTANBUL))
    assert "absent" == seen.answer("zelensky")
    seen.turn("putin", "comes")
    assert "attends" == seen.answer("zelensky")
    assert "was absent" in seen.row("zelensky").inner_text()
    assert "Suppose that Vladimir Putin comes." in seen.effect
    assert "Volodymyr Zelensky attends, was absent" in " ".join(seen.effect.split())
    assert "Direct talks in Istanbul: held, was not held" in " ".join(seen.effect.split())
    assert "attendance resolve FILE --assume putin=yes" == seen.page.locator("#effect .command").text_content()
    assert "4 attend" == seen.page.locator("[data-turnout='0']").inner_text()
    assert "attends" in seen.page.locator("#graph-n1").get_attribute("class")
    seen.turn("putin", "as stated")
    assert "absent" == seen.answer("zelensky")
    assert not seen.page.locator("#result").is_visible()


ASKED = ("#comes=putin", "#base=evening-12-may", "#away=rubio&base=putin-comes")


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("asked", ASKED)
def test_what_no_longer_holds_says_that_it_is_as_the_page_was_made(asked: str, media: str, look: Look) -> None:
    seen = look(at.load(ISTANBUL), asked)
    seen.page.emulate_media(media=media)
    reasons = seen.page.locator(".row summary").all_inner_texts()
    assert ["Why, as the page was made"] * 7 == reasons
    assert "as the page was made" in seen.page.locator(".kicker").inner_text().lower()
    assert "Now the page is asked: " in seen.page.locator("#since").inner_text()
    seen.page.emulate_media(media="screen")
    seen.page.locator("#reset").click()
    assert ["Why"] * 7 == seen.page.locator(".row summary").all_inner_texts()
    assert not seen.page.locator("#since").is_visible()
    assert "made" not in seen.page.locator(".kicker").inner_text().lower()


def test_reasons_are_marked_where_the_answer_is_too_hard(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance.faces.page.switches.BUDGET", 3)
    seen = look(at.load(ISTANBUL), "#comes=putin")
    assert ["Why, as the page was made"] * 7 == seen.page.locator(".row summary").all_inner_texts()
    assert "To that the page has no answer." in seen.page.locator("#since").inner_text()


def test_what_was_said_is_that_of_the_scenario(look: Look) -> None:
    case = at.loads(
        "participants: {ann: , ben: }\n"
        "statements: [{id: s1, who: ann, says: attends}, {id: s2, who: ben, says: declines}]\n"
        "scenarios:\n  one: {assume: {ann: no}}\n  two: {withdraw: [s1], add: [ann attends only if ben]}\n"
    )
    seen = look(case, question={"scenario": "one"})
    said = seen.page.locator(".row .said").first
    assert "assumed: stays away" in said.inner_text()
    seen.page.locator("#base").select_option(value="2")
    assert "assumed" not in said.inner_text()
    assert "not counted here" in said.inner_text()
    assert "ann attends only if ben" in said.inner_text()
    assert "not counted here" in seen.page.locator(".statements li").first.inner_text()
    seen.page.locator("#base").select_option(value="1")
    assert "assumed: stays away" in said.inner_text()
    assert "only if ben" not in said.inner_text()


FRAMES = {
    "srcdoc": "(text) => { const f = document.createElement('iframe'); f.srcdoc = text; document.body.append(f); }",
    "blob": "(text) => { const f = document.createElement('iframe'); document.body.append(f);"
    "f.src = URL.createObjectURL(new Blob([text], {type: 'text/html'})); }",
    "data": "(text) => { const f = document.createElement('iframe'); document.body.append(f);"
    "f.src = 'data:text/html;charset=utf-8,' + encodeURIComponent(text); }",
}


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("sandbox", [False, True])
def test_a_page_within_a_page_answers_too(kind: str, sandbox: bool, opened: Any) -> None:
    seen = opened.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    seen.on("pageerror", lambda error: errors.append(str(error)))
    make = FRAMES[kind].replace("f.src", "f.sandbox = 'allow-scripts'; f.src", 1) if sandbox else FRAMES[kind]
    seen.evaluate(make, page(at.load(ISTANBUL)))
    seen.locator("iframe").evaluate("f => { f.width = 1200; f.height = 800; }")
    frame = seen.frame_locator("iframe")
    row = frame.locator("li.row").first
    row.locator("label").nth(1).click()
    assert "Suppose that Vladimir Putin comes." in frame.locator("#effect").inner_text()
    if kind == "srcdoc":
        assert "The address of this page cannot keep" in frame.locator("#effect").inner_text()
    frame.locator("#reset").click()
    assert row.locator("input").first.is_checked()
    assert not frame.locator("#result").is_visible()
    assert [] == errors
    seen.close()


def test_a_switch_by_keyboard(look: Look) -> None:
    seen = look(at.load(ISTANBUL))
    seen.row("putin").locator("input").first.focus()
    seen.page.keyboard.press("ArrowRight")
    assert "attends" == seen.answer("zelensky")
    seen.page.keyboard.press("ArrowRight")
    assert "Suppose that Vladimir Putin stays away." in seen.effect
    assert "absent" == seen.answer("zelensky")
    seen.page.keyboard.press("Tab")  # a switch is one stop: the next is why, and then somebody else's switch
    seen.page.keyboard.press("Tab")
    assert "s-1" == seen.page.evaluate("document.activeElement.name")
    ring = seen.page.evaluate("getComputedStyle(document.activeElement.nextElementSibling).outlineStyle")
    assert "solid" == ring


def test_the_address_keeps_what_is_switched(look: Look) -> None:
    seen = look(at.load(ISTANBUL))
    seen.turn("putin", "comes")
    seen.turn("trump", "stays away")
    seen.page.locator("#base").select_option(label="As of Tuesday evening")
    address = seen.page.url
    assert address.endswith("#base=evening-13-may&comes=putin&away=trump")
    again = look(at.load(ISTANBUL), "#" + address.partition("#")[2])
    assert "attends" == again.answer("zelensky")
    assert "absent" == again.answer("trump")
    assert "undetermined" == again.answer("rubio")
    assert again.row("putin").locator("input[value=yes]").is_checked()
    assert seen.effect.replace("\n", " ") == again.effect.replace("\n", " ")
    again.page.locator("#reset").click()
    assert "#" not in again.page.url
    assert "attends" == again.answer("rubio")


def test_a_place_on_the_page_is_no_switch_and_loses_none(look: Look) -> None:
    seen = look(at.load(ISTANBUL), "#timeline")
    assert not seen.page.locator("#result").is_visible()
    seen.turn("putin", "comes")
    seen.page.locator(".top nav a").nth(2).click()
    assert seen.page.url.endswith("#comes=putin")
    assert "timeline-title" == seen.page.evaluate("document.activeElement.id")
    seen.page.locator("a.skip").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.url.endswith("#comes=putin")
    assert "who-title" == seen.page.evaluate("document.activeElement.id")


def test_a_link_to_another_case_is_told(look: Look) -> None:
    seen = look(at.load(ISTANBUL), "#comes=nobody&base=never&true=putin")
    assert "The link names what is not in this case: never, nobody, putin." in seen.effect
    assert "absent" == seen.answer("zelensky")


def test_a_link_of_nothing_or_of_two_things(look: Look) -> None:
    assert not look(at.load(ISTANBUL), "#=").page.locator("#result").is_visible()
    seen = look(at.load(ISTANBUL), "#comes=putin&away=putin")
    assert "The link says two things of Vladimir Putin. The last counts." in seen.effect
    assert "Suppose that Vladimir Putin stays away." in seen.effect


def test_a_fact_that_turns_is_told(look: Look) -> None:
    case = at.case("ann attends if rain", facts={"rain": None}, rules=["not ann or rain", "not rain or ann"])
    seen = look(case, "#comes=ann")
    assert "“rain”: true, was unknown" in " ".join(seen.effect.split())
    assert "Nothing else turns" not in seen.effect


def test_facts_are_switched_too(look: Look) -> None:
    seen = look(at.case("ann attends if rain\nben attends unless rain", facts={"rain": None}))
    row = seen.page.locator("li.row").nth(2)
    row.locator("label").filter(has_text="true").click()
    words = seen.page.locator("li.row .answer .word").all_inner_texts()
    assert ["attends", "absent", "true"] == words
    assert seen.page.url.endswith("#true=rain")


def test_what_clashes_is_told(look: Look) -> None:
    seen = look(
        at.case("ann attends\nben attends only if not ann\nben attends if ann", rules=["at most 1 of everyone"])
    )
    seen.page.locator("li.row").first.locator("label").filter(has_text="comes").click()
    assert "These cannot all stand:" in seen.effect
    assert "It takes setting aside" in seen.effect


def test_what_nothing_can_meet_is_told(look: Look) -> None:
    case = at.case("ann attends")
    seen = look(case, question={"given": ["ann"]})
    seen.page.locator("li.row").first.locator("label").filter(has_text="stays away").click()
    assert "No outcome can meet this" in seen.effect
    assert "not known here" == seen.page.locator("li.row .answer .word").inner_text()


def test_too_hard_is_told_with_the_command(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance.faces.page.switches.BUDGET", 3)
    seen = look(at.load(ISTANBUL), question={"file": "talks.yaml"})
    seen.turn("putin", "comes")
    assert "too hard for this page" in seen.effect
    assert "attendance resolve talks.yaml --assume putin=yes" in seen.effect
    assert "not known here" == seen.answer("zelensky")


@every_seed
def test_each_scenario_shows_what_python_says(seed: Path, look: Look) -> None:
    case = at.load(seed)
    seen = look(case)
    for number, name in enumerate(("", *(str(s.id) for s in case.scenarios))):
        seen.page.locator("#base").select_option(index=number)
        found = at.resolve(case, scenario=name)
        shown = seen.page.locator("li.row[data-atom] .answer .word").all_inner_texts()
        assert [str(v) for v in found.verdicts.values()] == shown[: len(found.verdicts)]


@pytest.mark.parametrize("name", ["hostile", "istanbul-2025", "buergenstock-2024", "mutual-promises"])
def test_the_script_says_it_in_the_same_words(name: str, look: Look) -> None:
    case = at.loads(HOSTILE) if name == "hostile" else at.load(ISTANBUL.with_stem(name))
    seen = look(case)
    written = seen.page.locator("li.row .answer").all_inner_texts()
    for number in (*range(1, len(case.scenarios) + 1), 0):
        seen.page.locator("#base").select_option(index=number)
    assert written == seen.page.locator("li.row .answer").all_inner_texts()


# --- hostile names --------------------------------------------------------------------------------


def test_hostile_names_change_nothing(look: Look) -> None:
    seen = look(at.loads(HOSTILE))
    count = "document.querySelectorAll('img, iframe, object, embed, b b, u, script').length"
    assert 3 == seen.page.evaluate(count)
    for row in range(seen.page.locator("li.row").count()):
        seen.page.locator("li.row").nth(row).locator("label").nth(1).click()
    for base in range(4):
        seen.page.locator("#base").select_option(index=base)
    assert 3 == seen.page.evaluate(count)
    assert not seen.page.evaluate("Object.prototype.name ?? Object.prototype.key ?? null")
    assert "</script><img src=x onerror=alert(1)>" in seen.page.locator("li.row").first.inner_text()


def test_a_hostile_link_changes_nothing(look: Look) -> None:
    seen = look(at.load(ISTANBUL), "#comes=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&__proto__=x&base=constructor")
    assert "<img src=x onerror=alert(1)>" in seen.effect
    assert 0 == seen.page.locator("img").count()


# --- looks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("name", ["istanbul", "hostile"])
def test_nothing_is_wider_than_the_screen(width: int, name: str, look: Look) -> None:
    case = at.load(ISTANBUL) if name == "istanbul" else at.loads(HOSTILE)
    seen = look(case, width=width)
    seen.page.locator("li.row").first.locator("label").nth(1).click()
    seen.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert width >= seen.page.evaluate("document.documentElement.scrollWidth")


CONTRASTS = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (c) => {
    const [r, g, b] = c.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll("body *:not(svg, svg *, script, option)")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color).slice(0, 3)), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push([e.tagName, e.className, e.textContent.slice(0, 40)]);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(scheme: str, look: Look) -> None:
    seen = look(at.load(ISTANBUL), "#base=zelensky-seen&comes=trump", scheme=scheme, reduced_motion="reduce")
    seen.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert [] == seen.page.evaluate(CONTRASTS)


def test_dark_is_dark_and_print_is_not(look: Look) -> None:
    seen = look(at.load(ISTANBUL), "#comes=putin", scheme="dark", reduced_motion="reduce")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = seen.page.evaluate(ground)
    seen.page.emulate_media(media="print")
    assert ("rgb(20, 21, 22)", "rgb(255, 255, 255)") == (dark, seen.page.evaluate(ground))
    assert not seen.page.locator("fieldset.switch").first.is_visible()
    assert "Suppose that Vladimir Putin comes." in seen.effect


def test_all_reasons_are_printed(look: Look) -> None:
    seen = look(at.load(ISTANBUL))
    seen.page.emulate_media(media="print")
    steps = seen.page.locator("details li")
    assert all(steps.nth(i).is_visible() for i in range(steps.count()))
    assert seen.page.pdf(format="A4").startswith(b"%PDF")


def test_a_head_is_printed_with_what_it_is_of(look: Look) -> None:
    seen = look(at.load(ISTANBUL))
    seen.page.emulate_media(media="print")
    head = "(() => { const s = getComputedStyle(document.querySelector('.gathering-head')); "
    assert ["avoid", "avoid"] == seen.page.evaluate(head + "return [s.breakAfter, s.breakInside]; })()")


def test_whether_it_is_held_is_seen_of_a_wide_table(look: Look) -> None:
    case = at.loads(
        "participants: {" + ", ".join(f"p{i}: {{name: Representative Montgomery {i}}}" for i in range(12)) + "}\n"
        "scenarios: {one: {assume: {p1: yes}}}\n"
    )
    seen = look(case, width=1200)
    assert seen.page.locator(".sideways").is_visible()
    held = seen.page.locator(".matrix thead th").nth(1)
    assert "held" == held.inner_text()
    assert held.bounding_box()["x"] < 600
    seen.page.locator("#scenarios .scroll").evaluate("box => { box.scrollLeft = 9999; }")
    assert seen.page.locator(".matrix thead th").first.bounding_box()["x"] >= 0
    assert not look(at.load(ISTANBUL), width=1200).page.locator(".sideways").first.is_visible()


def test_motion_is_only_for_those_who_like_it(look: Look) -> None:
    still = look(at.load(ISTANBUL), reduced_motion="reduce")
    assert "0s" == still.page.evaluate("getComputedStyle(document.querySelector('.row')).transitionDuration")


def test_without_javascript_all_is_there_but_the_switches(look: Look) -> None:
    seen = look(at.load(ISTANBUL), java_script_enabled=False)
    assert "The switches need JavaScript." in seen.page.locator(".what-if").inner_text()
    assert not seen.page.locator("fieldset.switch").first.is_visible()
    assert "absent" == seen.answer("zelensky")
    seen.row("zelensky").locator("summary").click()
    assert "Vladimir Putin is absent" in seen.row("zelensky").inner_text()
