"""What deserves a second look in a case that is sound: nothing here is refused."""

import unicodedata
from collections.abc import Iterator

from attendance.model.case import Case
from attendance.model.words import fold


def warnings(case: Case) -> Iterator[str]:
    """Warnings on the names of a case, each a sentence."""
    yield from _alike(case)
    yield from _mixed(case)


def _alike(case: Case) -> Iterator[str]:
    """Names of two kinds that a reader would take for one."""
    seen: dict[str, str] = {}
    for name in case.roster.kinds:
        first = seen.setdefault(fold(name), name)
        if first != name:
            kinds = case.roster.kinds
            yield (
                f"the {kinds[name]} {name!r} and the {kinds[first]} {first!r} "
                "differ only by case, space or Unicode form"
            )


def _mixed(case: Case) -> Iterator[str]:
    """Names whose letters are of several scripts, as a forged one would be."""
    for name in case.roster.kinds:
        scripts = {_script(c) for c in name if c.isalpha()}
        if len(scripts) > 1:
            yield f"the name {name!r} mixes letters of {' and '.join(sorted(scripts))}"


def _script(char: str) -> str:
    """The script of a letter, as the first word of its Unicode name tells it."""
    word = unicodedata.name(char, "unknown").partition(" ")[0]
    return {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK"}.get(word, word).capitalize()
