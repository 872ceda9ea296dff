"""Tells Hypothesis how our values are generated, once they are imported: `st.from_type(at.Case)`.

Hypothesis calls `register` when it is imported itself. Nothing of ours is loaded by that: each class is
registered at the moment when its module is, and its strategy is made when it is first asked for.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

CLASSES: Mapping[str, Mapping[str, str]] = {
    "attendance.model.case": {"Case": "cases"},
    "attendance.model.conditions": {"Condition": "conditions"},
    "attendance.model.statements": {"Statement": "statements"},
    "attendance.model.scenario": {"Scenario": "any_scenarios"},
    "attendance.questions.resolve": {"Resolution": "any_resolutions"},
    "attendance.questions.timeline": {"Timeline": "any_timelines"},
}
"""The classes of each module, with the functions of `attendance.testing.typed` that make their strategies."""


def register() -> None:
    """Register what is imported already, and whatever is when it will be."""
    for name in CLASSES:
        if name in sys.modules:
            _register(sys.modules[name])
    if not all(name in sys.modules for name in CLASSES):
        sys.meta_path.insert(0, _Watch())


def _register(module: ModuleType) -> None:
    from hypothesis.strategies import register_type_strategy

    for name, strategy in CLASSES[module.__name__].items():
        register_type_strategy(getattr(module, name), partial(_made, strategy))


def _made(strategy: str, _type: type[Any]) -> Any:
    """The strategy, made by the function of that name."""
    return getattr(import_module("attendance.testing.typed"), strategy)()


class _Watch(MetaPathFinder):
    """Finds the modules with our classes as others would, and registers these once they are loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that another finder has, with a loader that registers."""
        if fullname not in CLASSES:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Then(spec.loader)
                return spec
        return None


class _Then(Loader):
    """Another loader, and then the classes are registered."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As the other loader makes it."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run by the other loader, which is also the one that the module remembers."""
        assert module.__spec__ is not None, "a module that is loaded has its spec"
        module.__spec__.loader = self.loader
        module.__loader__ = self.loader
        self.loader.exec_module(module)
        _register(module)
