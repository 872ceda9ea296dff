"""A page taken apart: its elements, attributes and texts, as a strict reader finds them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta"}

HOSTILE = """\
title: "</script></style><img src=x onerror=alert(1)><script>alert(2)</script> {{7*7}} ${1}"
gatherings:
  g: {name: "<b>bold</b> & \\"quotes\\"", place: "</title><img src=x onerror=alert(1)>", held_if: "__proto__ or b"}
  h: {name: "שלום עולם", start: 2025-05-15}
participants:
  __proto__: {name: "</script><img src=x onerror=alert(1)>"}
  b: {name: "{{constructor.constructor('alert(1)')()}}"}
  c: {name: "محمد بن سلمان آل سعود"}
  d: {name: "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaftspraesidentenstellvertreter"}
  e: {name: "👩‍👩‍👧‍👦 Family 🏳️‍🌈 émigré"}
  "a name, with 'quotes' & $(false) `false`": {name: "x\\" onmouseover=\\"alert(1)"}
  constructor: {name: "javascript:alert(1)"}
facts:
  rain: {name: "<i>rain</i>", value: unknown}
  snow: {name: "\\"snow\\"", value: true}
rules: [{id: "<hr>", rule: at most 12 of everyone, note: "</script>"}]
statements:
  - {who: __proto__, says: attends only if b, said: 2025-05-14, source: "<script>alert(1)</script>", url: "javascript:alert(1)"}
  - {who: b, says: attends if rain or snow, said: 2025-05-14T10:00, url: "https://example.org/?a=1&b=\\"><img src=x>"}
  - {who: b, says: attends if rain or snow, said: 2025-05-13T10:00, url: "HTTPS://example.org/?a=1&b=2", note: "<!-- --> ]]> </script>"}
  - {who: c, says: attends}
  - {who: c, says: declines, by: "<u>someone</u>"}
  - {who: d, at: h, says: attends unless rain}
  - {who: constructor, says: 'attends only if "a name, with ''quotes'' & $(false) `false`"'}
scenarios:
  s1: {name: "</option></select><img src=x onerror=alert(1)>", assume: {rain: yes}}
  s2: {assume: {snow: no}, given: [b]}
  s3: {name: impossible, assume: {b: no}, given: [b]}
"""
"""A case whose names try to be markup, scripts, commands and addresses."""


@dataclass
class Element:
    """An element of a page, with the text in it."""

    tag: str
    attributes: dict[str, str | None]
    path: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page in order. What is not closed, or closed wrongly, is an error."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @classmethod
    def of(cls, text: str) -> "Page":
        """The page that a text is."""
        page = cls()
        page.feed(text)
        page.close()
        assert not page.open
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        found = Element(tag, dict(attrs), tuple(e.tag for e in self.open))
        self.elements.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Those of a tag, with those attributes; `class_` is one class among others."""
        wanted = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items()}
        return [e for e in self.elements if e.tag == tag and all(has(e, k, v) for k, v in wanted.items())]


def has(element: Element, key: str, value: str) -> bool:
    """Whether an element has that value of an attribute."""
    found = element.attributes.get(key) or ""
    return value in found.split() if key == "class" else found == value
