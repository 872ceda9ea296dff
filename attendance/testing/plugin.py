"""For pytest: the fixture `attendance_case`, and failures that show as YAML what they failed on.

Pytest loads this before anything else, so that nothing of ours is imported until it is needed.
"""

import sys
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

import pytest

MARK = "attendance_case"
MOST_LINES, MOST_VALUES = 200, 5


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini option: the file of tests that are not marked."""
    parser.addini(MARK, "the case file of tests that use `attendance_case` without its marker", default="")


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line("markers", f"{MARK}(*files): run the test with the case in each of these files")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that uses the fixture runs once for each file that its marker names."""
    if MARK not in metafunc.fixturenames:
        return
    here, ini = metafunc.definition.path.parent, str(metafunc.config.getini(MARK))
    marker = metafunc.definition.get_closest_marker(MARK)
    if marker is not None:
        files = [(str(name), here / str(name)) for name in marker.args]
    else:
        base = metafunc.config.inipath.parent if metafunc.config.inipath else metafunc.config.rootpath
        files = [(ini, base / ini)] if ini else []
    if files:
        metafunc.parametrize(MARK, [p for _, p in files], ids=[n for n, _ in files], indirect=True, scope="session")


@pytest.fixture(scope="session", name=MARK)
def _attendance_case(request: pytest.FixtureRequest) -> Any:
    """The case in the file that the marker names, beside the test file; or in the ini option's, beside that file."""
    path = getattr(request, "param", None)
    if path is None:
        pytest.fail(
            f"which case? Mark the test with @pytest.mark.{MARK}('talks.yaml'), or set {MARK} in pytest's ini file",
            pytrace=False,
        )
    import attendance.questions.resolve  # noqa: F401  now, and not while Hypothesis looks at the clock
    from attendance.errors import AttendanceError
    from attendance.formats.casefile import load

    try:
        return load(path)
    except (AttendanceError, OSError) as error:
        mistakes = str(error)
    pytest.fail(f"the case cannot be loaded: {mistakes}", pytrace=False)  # here, where no other error stands behind it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Adds what a failed test had in hand; Hypothesis has tried the smallest last."""
    report = yield
    if report.failed and call.excinfo is not None and "attendance.model.case" in sys.modules:
        report.sections.extend(_sections(call.excinfo.value))
    return report


def _sections(error: BaseException) -> list[tuple[str, str]]:
    """Cases, statements, scenarios and answers that are no, in the frames that an error passed; each of them once."""
    found: list[tuple[str, str, Any]] = []
    for name, value in _held(error):
        what = _kind(value)
        kept = what == "answer" or not name.startswith("@")  # so pytest calls what it keeps of an assertion
        if what and kept and all(value != other for _, _, other in found):
            found.append((what, name, value))
    return [_section(*each) for each in found[:MOST_VALUES]]


def _held(error: BaseException) -> Iterator[tuple[str, Any]]:
    """What the frames hold, by the names that it has there: local names first, then those of the module."""
    frames = list(_frames(error))
    for frame in frames:
        for name, value in frame.f_locals.items():
            if name == "self":
                part = next((p for p in ("story", "case") if _kind(getattr(value, p, None))), None)
                yield from [(f"self.{part}", getattr(value, part))] if part else []
            else:
                yield name, value
    for frame in frames:
        yield from ((name, frame.f_globals[name]) for name in frame.f_code.co_names if name in frame.f_globals)


def _frames(error: BaseException) -> Iterator[FrameType]:
    """The frames of a traceback outside the library and its engines, the test's first; of each error of a group."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _frames(one)
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if not name.startswith(("attendance.", "hypothesis.", "_pytest.", "pluggy.")) or name.endswith(".machine"):
            yield trace.tb_frame
        trace = trace.tb_next


def _kind(value: Any) -> str | None:
    """What is shown of a failure, in a word; None for what is not."""
    from attendance.model.case import Case
    from attendance.model.scenario import Scenario
    from attendance.model.statements import Statement

    for kind, word in ((Case, "case"), (Statement, "statement"), (Scenario, "scenario")):
        if isinstance(value, kind):
            return word
    if type(value) in (list, tuple) and value and all(isinstance(each, Statement) for each in value):
        return "statements"
    no = type(value).__module__.startswith("attendance.questions.") and hasattr(value, "__bool__") and not value
    return "answer" if no else None


def _section(what: str, name: str, value: Any) -> tuple[str, str]:
    """A heading and a text."""
    called = "" if name.startswith("@") else f" {name!r}"
    return (
        (f"the {what}{called}", str(value))
        if what == "answer"
        else (f"the {what}{called} as YAML", _written(what, value))
    )


def _written(what: str, value: Any) -> str:
    """A case, or the part of one in which that stands, as YAML; a long one is cut off, and says so."""
    from attendance.errors import AttendanceError
    from attendance.formats.casefile import dumps
    from attendance.model.case import Case

    match what:
        case "statement" | "statements":
            value = Case.model_construct(statements=tuple(value) if what == "statements" else (value,))
        case "scenario":
            value = Case.model_construct(scenarios=(value.model_copy(update={"id": value.id or "found"}),))
    try:
        lines = dumps(value).splitlines()
    except AttendanceError as error:
        return f"it cannot be written: {error}"
    more = [f"... and {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return "\n".join(lines[:MOST_LINES] + more)
