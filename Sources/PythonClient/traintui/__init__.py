"""Watch and steer a training from traintui, the dashboard in the terminal.

``watch`` is for loops of your own, ``KerasCallback`` for ``model.fit``. Neither does anything unless the script was
started by ``traintui run``, or asks for it with ``listen=True``.
"""

from __future__ import annotations

from typing import Any

from ._parameters import Knob
from ._watch import Run, watch

__version__ = "0.1.0"
__all__ = ["KerasCallback", "Knob", "Run", "watch"]


def __getattr__(name: str) -> Any:
    # Frameworks are imported when they are asked for.
    if name == "KerasCallback":
        from .keras import KerasCallback

        return KerasCallback
    raise AttributeError(f"module 'traintui' has no attribute {name!r}")
