"""What a training says of itself to a dashboard that comes."""

from __future__ import annotations

import os
import socket
import sys

from . import _surroundings
from ._commands import Commands
from ._subject import Subject
from ._training import Training
from ._wire import Params


def introduction(name: str, training: Training, commands: Commands, subject: Subject) -> Params:
    """Who trains, and what can be asked for; the rest is what was told."""
    rewind, guard, world = training.rewind, training.guard, _surroundings.world()
    is_global = world == 1 or subject.is_loss_shared
    return {
        "run": name, "attempt": _surroundings.attempt(), "world": {"size": world, "rank": 0},
        "peer": {
            "framework": subject.framework, "api": subject.api, "pid": os.getpid(), "host": socket.gethostname(),
            "python": ".".join(str(part) for part in sys.version_info[:3]), **_surroundings.output(),
        },
        "capabilities": {
            "methods": commands.methods, "reasons": commands.reasons,
            "loss": {"kind": subject.loss_kind, "every": 1, "scope": "global" if is_global else "rank"},
            "rewind": rewind.wire if rewind else {"to": "none"}, "granularity": subject.granularity,
            "replay": subject.replay,
            "fork": "turns" if rewind is not None and rewind.beside is not None else "none",
            "guard": {"when": guard.when, "sees": guard.sees} if guard else {"when": "none"},
        },
    }
