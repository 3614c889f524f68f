"""Watch and steer a training from traintui, the dashboard in the terminal.

``watch`` is for loops of your own, ``KerasCallback``, ``HFCallback`` and ``LightningCallback`` are for those of Keras,
transformers and Lightning. None does anything unless the script was
started by ``traintui run``, or asks for it with ``listen=True``.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._parameters import Knob
from ._watch import Run, watch

__version__ = "0.1.0"
__all__ = ["HFCallback", "KerasCallback", "Knob", "LightningCallback", "Run", "watch"]


#: Where the callbacks are. Frameworks are imported when they are asked for.
_CALLBACKS = {"KerasCallback": "keras", "HFCallback": "transformers", "LightningCallback": "lightning"}


def __getattr__(name: str) -> Any:
    if name in _CALLBACKS:
        return getattr(importlib.import_module(f"traintui.{_CALLBACKS[name]}"), name)
    raise AttributeError(f"module 'traintui' has no attribute {name!r}")
