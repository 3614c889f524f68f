"""What the process is told by its environment, and what it tells when it cannot listen."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Dict, Optional, Tuple

from . import _store


def complain(problem: BaseException) -> None:
    """Says why no dashboard can come."""
    try:
        sys.stderr.write(f"traintui: no dashboard can come, the training goes on: {problem}\n")
    except Exception:
        pass


def _number(name: str, default: int) -> int:
    try:
        return int(os.environ.get(name, ""))
    except ValueError:
        return default


def _is_launched() -> bool:
    """Whether a launcher says which of several processes this is, and JAX says nothing else."""
    return "WORLD_SIZE" in os.environ and _store.jax_service() is None


def _jax() -> Tuple[int, int]:
    """Which of JAX's processes this is, and how many there are; the first of one where JAX does not know of others."""
    distributed = getattr(sys.modules.get("jax"), "distributed", None)
    # To ask a JAX that was not begun would begin it.
    if distributed is None or not getattr(distributed, "is_initialized", lambda: False)():
        return 0, 1
    jax: Any = sys.modules["jax"]
    return jax.process_index(), jax.process_count()


def rank() -> int:
    """Which of the training's processes this is, from 0."""
    return _number("RANK", 0) if _is_launched() else _jax()[0]


def world() -> int:
    """How many processes the training has."""
    return max(1, _number("WORLD_SIZE", 1)) if _is_launched() else _jax()[1]


def attempt() -> int:
    """How often torchrun has begun this training again."""
    return _number("TORCHELASTIC_RESTART_COUNT", 0)


def is_begun_again() -> bool:
    """Whether torchrun begins this training again where it fails now."""
    return "TORCHELASTIC_RUN_ID" in os.environ and attempt() < _number("TORCHELASTIC_MAX_RESTARTS", 0)


def output() -> Dict[str, str]:
    """Where what is printed can be read, as it is told; nothing where nobody knows."""
    path = os.path.join(os.environ.get("TRAINTUI_FOLDER", ""), "output.log")
    return {"output": path} if os.path.isabs(path) and os.path.isfile(path) else {}


def orphan_seconds() -> float:
    """Seconds after which a paused training that nobody watches goes on."""
    try:
        return max(0.0, float(os.environ.get("TRAINTUI_ORPHAN_AFTER", "30")))
    except ValueError:
        return 30.0


def memory() -> int:
    """Bytes that the past may take where the script does not say it."""
    return max(1, _number("TRAINTUI_MEMORY", 1024)) << 20


def can_agree() -> bool:
    """Whether the training's processes can find each other, as torchrun's and JAX's can."""
    return world() > 1 and _store.can_be_had()


def objection() -> Optional[str]:
    """Why nothing can be asked for; None where it can."""
    # A change or a pause on one of several processes would leave them different, or waiting for each other.
    return f"this training is one of {world()} processes that do not know each other" if world() > 1 else None


def script_title() -> str:
    """What the script is called."""
    return os.path.splitext(os.path.basename(sys.argv[0] or "python"))[0]


def hear_of_errors(tell: Callable[[str], None]) -> None:
    """Notes what ends the script, so that the dashboard can be told; what is printed stays as it was."""
    former = sys.excepthook

    def hook(kind: type, value: BaseException, trace: object) -> None:
        tell(f"ended by {kind.__name__}")
        former(kind, value, trace)  # type: ignore[arg-type]

    sys.excepthook = hook
