"""Keras's fit in a script that knows nothing of traintui: a callback more."""

from __future__ import annotations

import functools
import os
import sys
from typing import Any


def hook() -> None:
    """Hooks the list of callbacks, which is just imported and which every backend's fit makes."""
    kind = sys.modules["keras.src.callbacks.callback_list"].CallbackList  # type: ignore[attr-defined,unused-ignore]
    former = kind.__init__

    @functools.wraps(former)
    def made(self: Any, callbacks: Any = None, add_history: bool = False, *args: Any, **with_: Any) -> None:
        # Only fit keeps a history.
        if add_history and "TRAINTUI_RUN" in os.environ:
            from .keras import KerasCallback

            given = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
            if not any(isinstance(one, KerasCallback) for one in given):
                callbacks = [*given, KerasCallback()]
        former(self, callbacks, add_history, *args, **with_)

    kind.__init__ = made
