"""How likely is it: the probability that a goal holds in every outcome, and that it does in some."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Unpack

from attendance.compiler import Compiled, compile_case
from attendance.engines import known_engine
from attendance.engines.stepping import TooWide
from attendance.errors import ImpossibleScenario, QuestionError, ResolutionTimeout
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.outcome import Frozen
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.values import shown
from attendance.questions.asking import Asked, ask
from attendance.questions.asking import goal as goal_of
from attendance.questions.interval import Interval, Marginals, Sample, Sensitivity
from attendance.questions.likelihood import CONFIDENCE, Weighed, Without, slopes, weighed
from attendance.questions.worlds import Probabilities, Worlds, chances, worlds

MOST = 10_000_000
"""The most worlds that are drawn."""


def probability(
    case: Case,
    goal: str | Condition,
    *,
    probabilities: Probabilities | None = None,
    no_outcome: Without = "undetermined",
    sample: int | None = None,
    seed: int = 0,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Interval:
    """How likely a goal is: the probability that it holds in every outcome, and that it does in some.

    A world fixes everything with a probability, each for itself: facts, the open choices of participants,
    whether statements are kept. `probabilities` has more of them, by name or id, and wins over the case.
    Worlds without an outcome count as undetermined, or are `"excluded"`: divided away. What is `given`
    is always divided by: then the worlds count that have an outcome that meets it.

    Exact, in fractions, where that is in reach: in planes of up to 2^20 worlds of a connected part; by a
    frontier, where few people hang together at once. Else 100,000 worlds are sampled, and the answer
    says so; `sample` asks for so many in any case, or with 0 for an error instead.

    Raises as `resolve` does, LanguageError, UnknownName; QuestionError, also where there is no exact
    answer in reach and `sample` is 0; ImpossibleScenario where no world is left to divide by.
    """
    aim = goal_of(case, goal)
    chance = _Chance(ask(case, scenario, parts, engine, time_limit), probabilities, no_outcome, [aim])
    of, target = chance.worlds.watching(chance.compiled.goals[0])
    return replace(chance.intervals(of, [target], sample, seed)[target], goal=str(aim))


def marginals(
    case: Case,
    *,
    probabilities: Probabilities | None = None,
    no_outcome: Without = "undetermined",
    sample: int | None = None,
    seed: int = 0,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Marginals:
    """Everybody's probability of attending, all at once: what `probability` gives for each of them.

    Raises as `probability` does.
    """
    chance = _Chance(ask(case, scenario, parts, engine, time_limit), probabilities, no_outcome, [])
    everybody = range(len(chance.compiled.attendances))
    found = chance.intervals(chance.worlds, list(everybody), sample, seed)
    return Marginals(
        case=chance.compiled.case.title,
        scenario=chance.compiled.scenario.id or "",
        intervals=Frozen((chance.compiled.attendances[x], replace(found[x], warnings=())) for x in everybody),
        inconsistent=chance.inconsistent,
        evidence=chance.evidence,
        main=chance.compiled.case.roster.main,
        warnings=chance.warnings,
    )


def sensitivity(
    case: Case,
    goal: str | Condition,
    *,
    probabilities: Probabilities | None = None,
    no_outcome: Without = "undetermined",
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Sensitivity:
    """Whose probability moves a goal most: the exact derivatives of both ends by each probability.

    Raises as `probability` does; QuestionError where there is no exact answer in reach.
    """
    aim = goal_of(case, goal)
    chance = _Chance(ask(case, scenario, parts, engine, time_limit), probabilities, no_outcome, [aim], every=True)
    of, target = chance.worlds.watching(chance.compiled.goals[0])
    now = chance.weighed(of, [target], 0, 0)
    interval = replace(chance.told(now, [target], 0, 0)[target], goal=str(aim))
    try:
        found = slopes(of, now, target, chance.divided, chance.asked.deadline)
    except TooWide:
        raise _out_of_reach() from None
    names = chance.names(of)
    ranked = sorted(found.items(), key=lambda item: (-max(map(abs, item[1])), item[0]))
    return Sensitivity(interval, Frozen((names[a], slope) for a, slope in ranked))


class _Chance:
    """A question about a case in which something is left to chance."""

    def __init__(
        self,
        asked: Asked,
        probabilities: Probabilities | None,
        no_outcome: str,
        goals: list[Condition],
        *,
        every: bool = False,
    ) -> None:
        if no_outcome not in ("undetermined", "excluded"):
            raise QuestionError(f"no_outcome is undetermined or excluded, not {shown(no_outcome)}")
        known_engine(asked.engine)
        drawn, told = chances(asked, probabilities)
        of = asked.compiled
        self.compiled: Compiled = compile_case(of.case, of.scenario, goals, chances=drawn, tick=asked.deadline.check)
        self.asked, self.drawn = asked, drawn
        self.worlds = worlds(self.compiled, drawn, asked.engine, every=every)
        self.divided = no_outcome == "excluded" or bool(self.compiled.network.given)
        self.warnings = (*self.compiled.warnings, *told)
        self.evidence: Fraction | None = None
        self.inconsistent = Fraction(0)

    def intervals(self, of: Worlds, targets: list[int], sample: int | None, seed: int) -> dict[int, Interval]:
        """The interval of each target. Raises ImpossibleScenario, ResolutionTimeout."""
        _checked(sample, seed)
        return self.told(self.weighed(of, targets, sample, seed), targets, sample, seed)

    def told(self, found: Weighed, targets: list[int], sample: int | None, seed: int) -> dict[int, Interval]:
        """The interval of each target, of what the worlds weigh. Raises as `intervals` does."""
        if self.compiled.network.given:
            self.evidence = found.sound
        if self.divided and not found.sound:
            raise self.nothing(found)
        self.inconsistent = 1 - found.sound if self.evidence is None else self.without_outcome(sample, seed)
        return {x: self.interval(found, x, seed) for x in targets}

    def interval(self, found: Weighed, target: int, seed: int) -> Interval:
        """The interval of one target."""
        lower, upper = found.ends(target, self.divided)
        return Interval(
            lower,
            upper,
            case=self.compiled.case.title,
            scenario=self.compiled.scenario.id or "",
            method=found.method,
            inconsistent=self.inconsistent,
            evidence=self.evidence,
            sample=Sample(found.size, seed, CONFIDENCE, *found.within(target, self.divided)) if found.size else None,
            warnings=self.warnings,
        )

    def weighed(self, of: Worlds, targets: list[int], sample: int | None, seed: int) -> Weighed:
        """The weights of the worlds, with errors in the words of the case."""
        try:
            return weighed(of, targets, self.asked.deadline, sample, seed)
        except TooWide:
            raise _out_of_reach() from None
        except ResolutionTimeout as error:
            raise ResolutionTimeout(str(error), Frozen[Attendance, Any]()) from None

    def without_outcome(self, sample: int | None, seed: int) -> Fraction:
        """The probability of the worlds without an outcome, whatever is given."""
        of = worlds(self.compiled, self.drawn, self.asked.engine, given=False)
        return 1 - self.weighed(of, [], sample, seed).sound

    def nothing(self, found: Weighed) -> Exception:
        """The error where no world is left to divide by."""
        given = [str(condition) for condition in self.compiled.scenario.given]
        what = f"an outcome that meets what is given ({'; '.join(given)})" if given else "an outcome"
        if found.size:
            return QuestionError(
                f"none of the {found.size:,} worlds that were drawn has {what}\n    draw more of them with sample=..."
            )
        return ImpossibleScenario(f"no world has {what}: there is nothing to divide by", tuple(given))

    def names(self, of: Worlds) -> dict[int, str]:
        """The name of each atom that is left to chance, in the numbers of worlds with a goal watched."""
        more = of.network.attendances - len(self.compiled.attendances)
        facts = {a: name for name, a in self.asked.facts.items()}
        coins = {coin: self.asked.key(x) for x, coin in self.compiled.coins.items()}
        taken = {*facts.values(), *coins.values()}
        kept = {a: f"statement {name}" if name in taken else name for name, a in self.compiled.kept.items()}
        return {a + more: name for a, name in {**facts, **coins, **kept}.items()}


def _checked(sample: int | None, seed: int) -> None:
    """Raises QuestionError for a sample that cannot be drawn."""
    for what, value in ("sample", 0 if sample is None else sample), ("seed", seed):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise QuestionError(f"{what} is a whole number from 0 up, not {shown(value)}")
    if sample is not None and sample > MOST:
        raise QuestionError(f"at most {MOST:,} worlds are drawn, not {sample:,}")


def _out_of_reach() -> QuestionError:
    return QuestionError(
        "there is no exact answer in reach: too much is left to chance at once, among people who hang together closely"
        "\n    let it be sampled, or leave less to chance"
    )
