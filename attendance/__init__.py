"""Who comes, when everybody's coming depends on who else comes.

    import attendance as at
    case = at.load("seeds/istanbul-2025.yaml")
    at.resolve(case)["zelensky"]

Every public name is here. Each is fetched from its room when it is first used, so that
`import attendance` alone loads nothing of anybody else's.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attendance.certificate import Certificate as Certificate
    from attendance.checker import verify as verify
    from attendance.engines import ENGINES as ENGINES
    from attendance.errors import AttendanceError as AttendanceError
    from attendance.errors import CaseError as CaseError
    from attendance.errors import DeskError as DeskError
    from attendance.errors import EngineError as EngineError
    from attendance.errors import EngineMissing as EngineMissing
    from attendance.errors import EngineUnsuitable as EngineUnsuitable
    from attendance.errors import ImpossibleScenario as ImpossibleScenario
    from attendance.errors import InputError as InputError
    from attendance.errors import JournalBusy as JournalBusy
    from attendance.errors import JournalDamaged as JournalDamaged
    from attendance.errors import JournalError as JournalError
    from attendance.errors import LanguageError as LanguageError
    from attendance.errors import Problem as Problem
    from attendance.errors import QuestionError as QuestionError
    from attendance.errors import ResolutionTimeout as ResolutionTimeout
    from attendance.errors import RuleError as RuleError
    from attendance.errors import UnknownName as UnknownName
    from attendance.formats.casefile import dump as dump
    from attendance.formats.casefile import dumps as dumps
    from attendance.formats.casefile import load as load
    from attendance.formats.casefile import loads as loads
    from attendance.formats.columns import from_columns as from_columns
    from attendance.formats.ics.reading import CalendarWarning as CalendarWarning
    from attendance.formats.ics.reading import from_ics as from_ics
    from attendance.formats.schema import schema as schema
    from attendance.formats.tables import Table as Table
    from attendance.formats.tables import csv_plain as csv_plain
    from attendance.live.desk import Alert as Alert
    from attendance.live.desk import Desk as Desk
    from attendance.matching.matched import Match as Match
    from attendance.model.case import Case as Case
    from attendance.model.conditions import Condition as Condition
    from attendance.model.conditions import all_of as all_of
    from attendance.model.conditions import any_of as any_of
    from attendance.model.conditions import at_least as at_least
    from attendance.model.conditions import at_most as at_most
    from attendance.model.conditions import attends as attends
    from attendance.model.conditions import everyone as everyone
    from attendance.model.conditions import exactly as exactly
    from attendance.model.conditions import fact as fact
    from attendance.model.conditions import held as held
    from attendance.model.conditions import majority as majority
    from attendance.model.conditions import none_of as none_of
    from attendance.model.conditions import others as others
    from attendance.model.conditions import represented as represented
    from attendance.model.expectation import Expectation as Expectation
    from attendance.model.language import parse_condition as condition
    from attendance.model.language import parse_saying as saying
    from attendance.model.outcome import Outcome as Outcome
    from attendance.model.outcome import Verdict as Verdict
    from attendance.model.participants import Attendance as Attendance
    from attendance.model.participants import Fact as Fact
    from attendance.model.participants import Gathering as Gathering
    from attendance.model.participants import Group as Group
    from attendance.model.participants import Participant as Participant
    from attendance.model.plain import case as case
    from attendance.model.scenario import Scenario as Scenario
    from attendance.model.statements import Rule as Rule
    from attendance.model.statements import Statement as Statement
    from attendance.questions.calendar import to_ics as to_ics
    from attendance.questions.cascade import Cascade as Cascade
    from attendance.questions.cascade import Round as Round
    from attendance.questions.cascade import cascade as cascade
    from attendance.questions.check import Failure as Failure
    from attendance.questions.check import Report as Report
    from attendance.questions.check import check as check
    from attendance.questions.compare import Change as Change
    from attendance.questions.compare import Comparison as Comparison
    from attendance.questions.compare import compare as compare
    from attendance.questions.counting import Counts as Counts
    from attendance.questions.deadlocks import Deadlock as Deadlock
    from attendance.questions.deadlocks import Deadlocks as Deadlocks
    from attendance.questions.deadlocks import deadlocks as deadlocks
    from attendance.questions.engines import Choice as Choice
    from attendance.questions.engines import engine_choices as engine_choices
    from attendance.questions.graph import Dependence as Dependence
    from attendance.questions.graph import Graph as Graph
    from attendance.questions.graph import Vertex as Vertex
    from attendance.questions.graph import graph as graph
    from attendance.questions.interval import Interval as Interval
    from attendance.questions.interval import Marginals as Marginals
    from attendance.questions.interval import Sample as Sample
    from attendance.questions.interval import Sensitivity as Sensitivity
    from attendance.questions.invitations import Exclusion as Exclusion
    from attendance.questions.invitations import Invitation as Invitation
    from attendance.questions.invitations import invitations as invitations
    from attendance.questions.outcomes import count as count
    from attendance.questions.outcomes import outcomes as outcomes
    from attendance.questions.pivots import Pivot as Pivot
    from attendance.questions.pivots import Pivots as Pivots
    from attendance.questions.pivots import pivots as pivots
    from attendance.questions.probability import marginals as marginals
    from attendance.questions.probability import probability as probability
    from attendance.questions.probability import sensitivity as sensitivity
    from attendance.questions.prove import Example as Example
    from attendance.questions.prove import Proof as Proof
    from attendance.questions.prove import always as always
    from attendance.questions.prove import ever as ever
    from attendance.questions.requirements import Requirements as Requirements
    from attendance.questions.requirements import requirements as requirements
    from attendance.questions.resolve import Cause as Cause
    from attendance.questions.resolve import Conflict as Conflict
    from attendance.questions.resolve import GatheringResult as GatheringResult
    from attendance.questions.resolve import Held as Held
    from attendance.questions.resolve import Reason as Reason
    from attendance.questions.resolve import Resolution as Resolution
    from attendance.questions.resolve import resolve as resolve
    from attendance.questions.row import Row as Row
    from attendance.questions.sweep import Sweep as Sweep
    from attendance.questions.sweep import sweep as sweep
    from attendance.questions.tables import ChanceRow as ChanceRow
    from attendance.questions.tables import ChangeRow as ChangeRow
    from attendance.questions.tables import GuestRow as GuestRow
    from attendance.questions.tables import MoveRow as MoveRow
    from attendance.questions.tables import OutcomeRow as OutcomeRow
    from attendance.questions.tables import PivotRow as PivotRow
    from attendance.questions.tables import RequirementRow as RequirementRow
    from attendance.questions.tables import SlopeRow as SlopeRow
    from attendance.questions.tables import TurnRow as TurnRow
    from attendance.questions.tables import VerdictRow as VerdictRow
    from attendance.questions.tables import WaitRow as WaitRow
    from attendance.questions.tables import table as table
    from attendance.questions.timeline import Entry as Entry
    from attendance.questions.timeline import Timeline as Timeline
    from attendance.questions.timeline import Turn as Turn
    from attendance.questions.timeline import timeline as timeline
    from attendance.questions.why import Explanation as Explanation
    from attendance.questions.why import Step as Step
    from attendance.questions.why import why as why
    from attendance.questions.why_not import why_not as why_not

__version__ = "0.1.0"

_ROOMS = {
    "certificate": ("Certificate",),
    "checker": ("verify",),
    "engines": ("ENGINES",),
    "errors": (
        "AttendanceError",
        "CaseError",
        "DeskError",
        "EngineError",
        "EngineMissing",
        "EngineUnsuitable",
        "ImpossibleScenario",
        "InputError",
        "JournalBusy",
        "JournalDamaged",
        "JournalError",
        "LanguageError",
        "Problem",
        "QuestionError",
        "ResolutionTimeout",
        "RuleError",
        "UnknownName",
    ),
    "formats.casefile": ("dump", "dumps", "load", "loads"),
    "formats.columns": ("from_columns",),
    "formats.ics.reading": ("CalendarWarning", "from_ics"),
    "formats.schema": ("schema",),
    "formats.tables": ("Table", "csv_plain"),
    "live.desk": ("Alert", "Desk"),
    "matching.matched": ("Match",),
    "model.case": ("Case",),
    "model.conditions": (
        "Condition",
        "all_of",
        "any_of",
        "at_least",
        "at_most",
        "attends",
        "everyone",
        "exactly",
        "fact",
        "held",
        "majority",
        "none_of",
        "others",
        "represented",
    ),
    "model.expectation": ("Expectation",),
    "model.language": ("condition=parse_condition", "saying=parse_saying"),
    "model.outcome": ("Outcome", "Verdict"),
    "model.participants": ("Attendance", "Fact", "Gathering", "Group", "Participant"),
    "model.plain": ("case",),
    "model.scenario": ("Scenario",),
    "model.statements": ("Rule", "Statement"),
    "questions.calendar": ("to_ics",),
    "questions.cascade": ("Cascade", "Round", "cascade"),
    "questions.check": ("Failure", "Report", "check"),
    "questions.compare": ("Change", "Comparison", "compare"),
    "questions.counting": ("Counts",),
    "questions.deadlocks": ("Deadlock", "Deadlocks", "deadlocks"),
    "questions.engines": ("Choice", "engine_choices"),
    "questions.graph": ("Dependence", "Graph", "Vertex", "graph"),
    "questions.interval": ("Interval", "Marginals", "Sample", "Sensitivity"),
    "questions.invitations": ("Exclusion", "Invitation", "invitations"),
    "questions.outcomes": ("count", "outcomes"),
    "questions.pivots": ("Pivot", "Pivots", "pivots"),
    "questions.probability": ("marginals", "probability", "sensitivity"),
    "questions.prove": ("Example", "Proof", "always", "ever"),
    "questions.requirements": ("Requirements", "requirements"),
    "questions.resolve": ("Cause", "Conflict", "GatheringResult", "Held", "Reason", "Resolution", "resolve"),
    "questions.row": ("Row",),
    "questions.sweep": ("Sweep", "sweep"),
    "questions.tables": (
        "ChanceRow",
        "ChangeRow",
        "GuestRow",
        "MoveRow",
        "OutcomeRow",
        "PivotRow",
        "RequirementRow",
        "SlopeRow",
        "TurnRow",
        "VerdictRow",
        "WaitRow",
        "table",
    ),
    "questions.timeline": ("Entry", "Timeline", "Turn", "timeline"),
    "questions.why": ("Explanation", "Step", "why"),
    "questions.why_not": ("why_not",),
}
_HOMES = {
    public: (f"attendance.{room}", inner or public)
    for room, names in _ROOMS.items()
    for public, _, inner in (name.partition("=") for name in names)
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'attendance' has no attribute {name!r}")
    room, inner = _HOMES[name]
    value = getattr(import_module(room), inner)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
