"""Qt delivers a signal from another thread later, and PySide keeps no reference to whom it goes to."""

from __future__ import annotations

import ast
import importlib
import pkgutil

from PySide6.QtCore import QObject

import deeppneumo_gui


def _receivers(source: str) -> set[str]:
    """The classes that connect a signal to a method of their own."""
    return {
        definition.name
        for definition in ast.walk(ast.parse(source))
        if isinstance(definition, ast.ClassDef)
        for call in ast.walk(definition)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "connect"
        and any(
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
            for target in call.args
        )
    }


def test_whoever_receives_a_signal_is_known_to_qt() -> None:
    """Else what is still under way to it when it goes would be delivered to freed memory."""
    seen: list[str] = []
    strangers: list[str] = []
    for module in pkgutil.walk_packages(deeppneumo_gui.__path__, "deeppneumo_gui."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        loader = loaded.__loader__
        assert loader is not None
        source = loader.get_source(module.name)  # type: ignore[attr-defined]
        for name in _receivers(source):
            seen.append(name)
            if not issubclass(getattr(loaded, name), QObject):
                strangers.append(f"{module.name}.{name}")
    assert "ViewerSession" in seen
    assert len(seen) > 30
    assert strangers == []


def test_a_stranger_would_be_found() -> None:
    assert _receivers("class A:\n def f(self, x):\n  x.done.connect(self.g)") == {"A"}
    assert _receivers("class A:\n def f(self, x):\n  x.done.connect(x.g)") == set()
