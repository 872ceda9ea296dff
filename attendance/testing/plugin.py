"""For pytest: the fixture `attendance_case`, and failures that show the case they failed on as YAML.

Pytest loads this before anything else, so that nothing of ours is imported until it is needed.
"""

import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import pytest

MARK = "attendance_case"
MOST_LINES, MOST_CASES = 200, 3


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
    """Adds the cases that a failed test had in hand; Hypothesis has tried the smallest one last."""
    report = yield
    if report.failed and call.excinfo is not None and "attendance.model.case" in sys.modules:
        for name, case in list(_cases(call.excinfo.value).items())[:MOST_CASES]:
            report.sections.append((f"the case {name!r} as YAML", _written(case)))
    return report


def _cases(error: BaseException) -> dict[str, Any]:
    """The cases in the frames that an error passed, by the names that they have there; each case once."""
    case = sys.modules["attendance.model.case"].Case
    found: dict[str, Any] = {}
    for frame in _frames(error):
        for name, value in frame.f_locals.items():
            held = getattr(value, "case", None) if name == "self" else value
            if isinstance(held, case) and all(held != other for other in found.values()):
                found.setdefault("self.case" if name == "self" else name, held)
    return found


def _frames(error: BaseException) -> Iterator[Any]:
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


def _written(case: Any) -> str:
    """The case as YAML; a long one is cut off, and says so."""
    from attendance.errors import AttendanceError
    from attendance.formats.casefile import dumps

    try:
        lines = dumps(case).splitlines()
    except AttendanceError as error:
        return f"it cannot be written: {error}"
    more = [f"... and {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return "\n".join(lines[:MOST_LINES] + more)
