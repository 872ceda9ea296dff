"""One mutant after the other, each in a fork of a process that has collected the tests."""

import gc
import json
import os
import resource
import signal
import time
from collections import Counter, defaultdict
from functools import wraps
from select import select
from typing import Any, NoReturn

import pytest
from hypothesis import find, strategies
from hypothesis.errors import HypothesisException

from tests.mutants.mutant import Mutant, Places
from tests.mutants.reach import HOME, Reached
from tests.mutants.results import KILLED, STRANGE, SURVIVED, TIMEOUT, UNREACHED

HANGING = 100.0
"""Seconds after which one that waits for something, or what it has started does, is ended."""
KILLERS = HOME / "killers.json"
BYTES = 3 << 30
SECONDS = (0.5, 5.0)
"""Of the processor for a test: so many, and so many times what it takes without a mutant; then the mutant timed out."""


class Trying:
    """A plugin that, once the tests are collected, tries the mutants instead of running the tests."""

    def __init__(self, mutants: list[Mutant], data: dict[str, Any], places: Places, log: Any, budget: float) -> None:
        self.mutants, self.data, self.places, self.log, self.budget = mutants, data, places, log, budget
        self.reached = Reached()
        self.killers: dict[str, Counter[str]] = defaultdict(Counter)
        self.killed_by: dict[str, str] = json.loads(KILLERS.read_text()) if KILLERS.exists() else {}
        for key, test in self.killed_by.items():
            self.note(key, test)
        self.changed: set[str] = set()
        self.child = False
        self.items: dict[str, pytest.Item] = {}

    def note(self, key: str, test: str) -> None:
        function = key.partition("__mutmut_")[0]
        self.killers[function][test] += 1
        self.killers[function.rpartition(".")[0]][test] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Ends at the first failure; nobody reads how it looks, which takes longer than all else."""
        failed = call.excinfo and not isinstance(call.excinfo.value, pytest.skip.Exception)
        if self.child and failed and not item.get_closest_marker("xfail"):
            self.end(item)

    def end(self, item: pytest.Item) -> NoReturn:
        os.write(self.told, item.nodeid.encode())
        os._exit(KILLED)

    def impatient(self, item: pytest.Item) -> None:
        """A property ends at the first example that fails, too."""
        tried = getattr(getattr(item, "obj", None), "hypothesis", None)
        if not tried or item.get_closest_marker("xfail"):
            return
        inner = tried.inner_test

        @wraps(inner)
        def ending(*arguments: Any, **keywords: Any) -> Any:
            try:
                return inner(*arguments, **keywords)
            except HypothesisException:
                raise
            except Exception:
                self.end(item)

        tried.inner_test = ending

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.places.settle()
        find(strategies.integers(), bool)  # what Hypothesis does at first is done once
        began, last = time.monotonic(), time.monotonic()
        counted: Counter[int] = Counter()
        for number, mutant in enumerate(self.mutants, 1):
            code, seconds = self.outcome(mutant)
            counted[code] += 1
            data = self.data[mutant.path]
            self.changed.add(mutant.path)
            data.exit_code_by_key[mutant.key] = code
            data.durations_by_key[mutant.key] = seconds
            if code not in (KILLED, UNREACHED):
                self.log.write(f"{code:4} {seconds:6.1f} s  {mutant.key}\n")
            if time.monotonic() - last > 20 or number == len(self.mutants):
                last = time.monotonic()
                self.save()
                rate = number / (last - began) * 60
                self.log.write(f"{number}/{len(self.mutants)} {dict(counted)}  {rate:.0f} a minute\n")
            self.log.flush()
        return True

    def save(self) -> None:
        for path in self.changed:
            data = self.data[path]
            whole = data.meta_path
            data.meta_path = whole.with_suffix(".new")  # never half a file, whenever this is stopped
            data.save()
            data.meta_path.replace(whole)
            data.meta_path = whole
        self.changed.clear()
        beside = KILLERS.with_suffix(".new")
        beside.write_text(json.dumps(self.killed_by, indent=0))
        beside.replace(KILLERS)

    def order(self, mutant: Mutant) -> list[str]:
        """The tests that reach it: every file of tests has its share, larger if it killed neighbours or asks just this room.

        Within a file those come first that killed, then the quickest.
        """
        known = self.reached.by(mutant.path, mutant.lines()) & self.items.keys()
        function = mutant.key.partition("__mutmut_")[0]
        here, near = self.killers[function], self.killers[function.rpartition(".")[0]]
        cost, share = self.reached.seconds, self.reached.share(mutant.path)
        spent: dict[str, float] = defaultdict(float)
        rank: dict[str, float] = {}
        for test in sorted(known, key=lambda test: (cost[test] + 0.005) / (1 + 20 * here[test] + near[test])):
            file = test.partition("::")[0]
            spent[file] += cost[test] + 0.005
            rank[test] = spent[file] / ((1 + 20 * here[test] + near[test]) * (0.02 + share[test]))
        return sorted(known, key=rank.__getitem__)

    def outcome(self, mutant: Mutant) -> tuple[int, float]:
        """How a mutant ended, as mutmut has it, and the seconds it took."""
        tests = self.order(mutant)
        if not tests:
            return UNREACHED, 0.0
        hear, self.told = os.pipe()
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            os._exit(self.try_in_child(mutant, tests))
        os.close(self.told)
        if not select([hear], [], [], HANGING)[0]:
            os.killpg(pid, signal.SIGKILL)
        with os.fdopen(hear, encoding="utf-8") as hearing:
            told = hearing.read()
        _, status, used = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == KILLED:
            self.killed_by[mutant.key] = told
            self.note(mutant.key, told)
        elif told:
            self.log.write(f"{told}\n")
        return {-24: TIMEOUT, -14: TIMEOUT, -9: TIMEOUT}.get(code, code), used.ru_utime + used.ru_stime

    def try_in_child(self, mutant: Mutant, tests: list[str]) -> int:
        try:
            self.child = True
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            gc.disable()  # the child is short-lived, and what it inherits is long
            if not self.places.take(mutant):
                return STRANGE
            spent = 0.0
            for number, test in enumerate(tests):
                spent += self.reached.seconds[test]
                if number and self.budget and spent > self.budget:
                    break
                self.allow(self.reached.seconds[test])
                self.impatient(self.items[test])
                item, following = self.items[test], self.items[tests[number + 1]] if number + 1 < len(tests) else None
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException as error:  # an error in pytest's own work counts as a kill, as with mutmut
            os.write(self.told, repr(error).encode())
            return 3
        return SURVIVED

    def allow(self, seconds: float) -> None:
        most = SECONDS[0] + SECONDS[1] * seconds
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + most + 1), resource.RLIM_INFINITY))
        signal.alarm(int(30 + 20 * most))  # it waits for something
