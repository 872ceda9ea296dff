"""Other people's solvers, each asked the same questions about a network; none is needed by the library."""

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from types import ModuleType


class NotFitError(Exception):
    """A peer has no such question, or cannot take this network; says why."""


@dataclass(frozen=True)
class Rival:
    """A peer: its file here, the package it comes from, and what it is in a few words."""

    name: str
    module: str
    package: str
    imported: str
    what: str

    @property
    def version(self) -> str | None:
        """The version installed; None where it is not."""
        try:
            return version(self.package) if find_spec(self.imported) else None
        except PackageNotFoundError:
            return None

    def load(self) -> ModuleType:
        """The file with its answers. Raises ImportError."""
        return import_module(f"rivals.{self.module}")


OURS = Rival("us", "ours", "attendance", "attendance", "the library, engine `auto`")
RIVALS = (
    Rival("clingo", "clingo", "clingo", "clingo", "answer-set solving of the whole: brave consequences of both signs"),
    Rival("pysat", "pysat", "python-sat", "pysat", "a SAT solver in a loop that finds the backbone"),
    Rival("ortools", "ortools", "ortools", "ortools", "CP-SAT in the same loop"),
    Rival("durable", "durable", "durable-rules", "durable_rules_engine", "forward rules, where everything is positive"),
    Rival("aeon", "aeon", "biodivine-aeon", "biodivine_aeon", "fixed points by binary decision diagrams"),
    Rival("pyboolnet", "pyboolnet", "pyboolnet", "pyboolnet", "fixed points by prime implicants, one after the other"),
)
