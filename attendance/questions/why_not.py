"""What keeps somebody away, and the nearest scenarios in which they come."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Unpack

from attendance.engines import solve
from attendance.errors import ImpossibleScenario
from attendance.model.case import Case
from attendance.model.conditions import Name
from attendance.model.outcome import Key, Verdict, verdict
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.questions.asking import Asked, ask
from attendance.questions.requirements import requirements
from attendance.questions.resolve import resolution
from attendance.questions.speech import Speech, listed
from attendance.questions.why import Explanation, explanation

RANKS = (Verdict.ABSENT, Verdict.UNDETERMINED, Verdict.ATTENDS)
"""How near somebody is to coming."""
MOST = 5
"""How many scenarios of a kind are told."""
DEEP = 4
"""How often older statements that stand again are looked at."""


def why_not(
    case: Case,
    who: Key,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Explanation:
    """What keeps somebody away (or unsure), with `.nearest`: the nearest scenarios in which they come, or may.

    Nearest are those that assume fewest attendances and facts of others, and those that withdraw
    fewest statements and rules. Raises as `why` does.
    """
    asked = ask(case, scenario, parts, engine, time_limit)
    resolved = resolution(asked)
    about = asked.attendance(who)
    found = explanation(asked, resolved, about)
    speech = Speech(asked.compiled)
    if found.verdict is Verdict.ATTENDS:
        return replace(found, notes=(*found.notes, f"Nothing keeps {speech.named(about)} away."))
    nearest = [*_supposing(asked, about), *_withdrawing(asked, about, found.verdict)]
    nearest.sort(key=lambda pair: pair[1] is not Verdict.ATTENDS)
    notes = [_told(speech, about, change, then) for change, then in nearest]
    notes = notes or [f"Nothing that could be assumed or withdrawn would bring {speech.named(about)}."]
    return replace(found, nearest=tuple(change for change, _ in nearest), notes=(*found.notes, *notes))


def _supposing(asked: Asked, about: Attendance) -> Iterator[tuple[Scenario, Verdict]]:
    """What assumed of others brings them for sure, by fewest; or what may bring them, where nothing is sure to."""
    compiled = asked.compiled
    for mode in ("every", "some"):
        found = requirements(
            compiled.case,
            Name(about.participant, about.gathering),
            scenario=compiled.scenario,
            mode=mode,
            limit=MOST,
            engine=asked.engine,
            time_limit=_left(asked),
        )
        fewest = [way for way in found if found.minimum is not None and len(way) == len(found.minimum)]
        ways = [Scenario(assume=dict(way)) for way in fewest if way]
        yield from ((change, _verdict(_changed(asked, change), about)) for change in ways)
        if ways:
            return


def _withdrawing(asked: Asked, about: Attendance, now: Verdict) -> Iterator[tuple[Scenario, Verdict]]:
    """The fewest statements and rules without which they come, or may, which they may not now; each is needed.

    What was superseded may stand again once the newer is withdrawn; then that is looked at in turn.
    """
    better = RANKS[RANKS.index(now) + 1 :]
    open_: list[tuple[tuple[str, ...], Asked]] = [((), asked)]
    for _ in range(DEEP):
        found: list[tuple[str, ...]] = []
        for gone, changed in open_:
            found += [(*gone, *ids) for ids in _in_the_way(changed, changed.compiled.index[about])]
        ways = [Scenario(withdraw=gone) for gone in sorted(dict.fromkeys(found), key=len)[:MOST]]
        told = [(change, _changed(asked, change)) for change in ways]
        helping = [(change.withdraw, then) for change, to in told if (then := _verdict(to, about)) in better]
        needed = dict.fromkeys((_needed(asked, about, ids, then), then) for ids, then in helping)
        yield from ((Scenario(withdraw=ids), then) for ids, then in needed)
        if needed:
            return
        open_ = [(change.withdraw, to) for change, to in told]


def _needed(asked: Asked, about: Attendance, ids: tuple[str, ...], then: Verdict) -> tuple[str, ...]:
    """Those without which the verdict would not be as good: where others clash as well, not all are needed."""
    for one in ids if len(ids) > 1 else ():
        fewer = tuple(i for i in ids if i != one)
        if RANKS.index(_verdict(_changed(asked, Scenario(withdraw=fewer)), about)) >= RANKS.index(then):
            return _needed(asked, about, fewer, then)
    return ids


def _in_the_way(asked: Asked, atom: int) -> list[tuple[str, ...]]:
    """The minimum sets of ids that would have to be set aside for an attendance; none where that is no help.

    What the scenario itself adds cannot be withdrawn from it.
    """
    network, case = asked.compiled.network, asked.compiled.case
    known = {str(s.id) for s in case.statements} | {str(r.id) for r in case.rules}
    there = network.observing([atom])
    try:
        torn = solve(there, asked.engine, asked.deadline)
    except ImpossibleScenario:
        return []
    repairs = [
        ids for part in torn.conflicted if atom in part.atoms for ids in torn.conflict(part).repairs if ids <= known
    ]
    return [tuple(i for i in network.removable if i in ids) for ids in repairs[:MOST]]


def _changed(asked: Asked, change: Scenario) -> Asked:
    """The same question in the scenario with a change."""
    compiled = asked.compiled
    return ask(compiled.case, compiled.scenario.with_parts(change), {}, asked.engine, _left(asked))


def _left(asked: Asked) -> float | None:
    """The seconds left, more than none. Raises ResolutionTimeout."""
    asked.deadline.check()
    left = asked.deadline.left()
    return None if left is None else max(left, 0.001)


def _verdict(asked: Asked, about: Attendance) -> Verdict:
    """What becomes of them."""
    return verdict(*asked.solution.atoms[asked.compiled.index[about]])


def _told(speech: Speech, about: Attendance, change: Scenario, then: Verdict) -> str:
    """A scenario as a sentence."""
    come = "attends" if then is Verdict.ATTENDS else "may attend"
    supposed = [speech.fact(speech.thing(key), value) for key, value in change.assume]
    gone = [speech.quoted(i, cited=True) for i in change.withdraw]
    without = f"without {listed(gone, len(gone))}" if gone else ""
    ifs = f"if {listed(supposed, len(supposed))}" if supposed else ""
    return f"{speech.named(about)} {come} {ifs or without}."
