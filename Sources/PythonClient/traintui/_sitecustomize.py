"""Stands in PYTHONPATH as `sitecustomize` under `traintui run`, so that every Python there begins with it.

It imports nothing, starts nothing and prints nothing: it waits until torch's optimizers or Keras's callbacks are
imported, and hooks them then.
A sitecustomize of the person's own runs as it would have.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _chain() -> None:
    """Runs the sitecustomize that this one hides."""
    import importlib.machinery
    import importlib.util
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    path = [place for place in sys.path if os.path.abspath(place or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


class _Finder:
    """Finds nothing itself: lets the others find what can be hooked, and is told when it is there."""

    #: Modules, and what hooks them.
    waiting = {"torch.optim": "_auto", "keras.src.callbacks.callback_list": "_auto_keras"}

    @staticmethod
    def find_spec(name: str, path: "Any" = None, target: "Any" = None) -> "Any":
        hooks = _Finder.waiting.pop(name, None)
        if hooks is None:
            return None
        import importlib.util

        # Not waited for any more, it is found by the others.
        spec = importlib.util.find_spec(name)
        loader = getattr(spec, "loader", None)
        execute = getattr(loader, "exec_module", None)
        if execute is None:
            return spec

        def exec_module(module: "Any") -> None:
            execute(module)
            try:
                importlib.import_module("traintui." + hooks).hook()
            except Exception as problem:
                sys.stderr.write("traintui: %s cannot be hooked, the training goes on: %r\n" % (name, problem))

        try:
            setattr(loader, "exec_module", exec_module)
        except AttributeError:
            pass
        return spec


if sys.version_info >= (3, 9):
    sys.meta_path.insert(0, _Finder)
try:
    _chain()
except Exception as _problem:
    # As Python itself says it of a sitecustomize that fails.
    sys.stderr.write("Error in sitecustomize; set PYTHONVERBOSE for traceback:\n%s: %s\n" % (type(_problem).__name__, _problem))
