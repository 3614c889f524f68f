"""The journal of a run, which the training writes, so that it outlives every dashboard: what ``traintui replay`` reads.

Lines of JSON: one when the run begins, one for each edit, one for each way that it took when it went elsewhere, and the
losses of steps of two significant digits: 90 lines for each power of ten, however long the run.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import _surroundings
from ._samples import Steps
from ._timeline import TWINS
from ._training import Training
from ._wire import Params

FILE = "journal.jsonl"
FORMAT = 1


def next_round(step: int) -> int:
    """The next greater number of no more than two significant digits."""
    unit = 1
    while step // unit >= 100:
        unit *= 10
    return (step // unit + 1) * unit


def bits_of(loss: float) -> str:
    """A loss, with nothing rounded."""
    return struct.pack(">d", loss).hex()


class Journal:
    """The file, as the thread writes it that serves dashboards."""

    def __init__(self, folder: str, header: Params, on_failure: Callable[[str], None]) -> None:
        self._on_failure = on_failure
        self._path = os.path.join(folder, FILE)
        self._file: Optional[int] = None
        self._lineage: Params = {}
        #: The last edit, and the last step of each branch with its loss.
        self._edit = 0
        self._last: Dict[int, Tuple[int, float]] = {}
        try:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        except OSError as problem:
            on_failure(f"the journal cannot be written: {problem.strerror}")
        self._write("begin", {"format": FORMAT, **header})

    def steps(self, steps: Steps) -> None:
        """Steps of the run, or of a branch beside it; a twin is nobody's past."""
        if steps.branch >= TWINS or not steps.losses:
            return
        step, end = next_round(steps.first - 1), steps.first + len(steps.losses)
        while step < end:
            self._check(steps.branch, step, steps.losses[step - steps.first])
            step = next_round(step)
        self._last[steps.branch] = (end - 1, steps.losses[-1])

    def _check(self, branch: int, step: int, loss: float) -> None:
        self._write("check", {"branch": branch, "step": step, "loss": bits_of(loss)})

    def told(self, method: str, params: Params) -> None:
        """What happened beside the steps."""
        if method == "changed":
            if params["number"] > self._edit:
                self._edit = params["number"]
                self._write("edit", _edit(params))
        elif method == "lineage":
            self._lineage = params
        elif method == "moved" and self._lineage:
            edits = self._lineage["edits"]
            self._edit = max([self._edit, *(edit["number"] for edit in edits)])
            self._write("way", {
                "step": params["left_step"], "cause": params["cause"], "branches": self._lineage["segments"],
                "edits": list(map(_edit, edits)),
            })

    def end(self, step: int, was_stopped: bool) -> None:
        """The run has come to its end."""
        branch = self._lineage["segments"][-1]["branch"] if self._lineage else 1
        last, loss = self._last.get(branch, (0, 0.0))
        if last != next_round(last - 1):
            self._check(branch, last, loss)
        self._write("end", {"step": step, "stopped": was_stopped})
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, event: str, members: Params) -> None:
        if self._file is None:
            return
        line = json.dumps({"event": event, **members}, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        try:
            os.write(self._file, line)
        except OSError as problem:
            self._file = None
            self._on_failure(f"the journal ends here: {problem.strerror}")


def _edit(params: Params) -> Params:
    edit = {name: params[name] for name in ("step", "number", "name", "new")}
    # A value that was no number has no other word.
    edit["old"] = params["new"] if params["old"] is None else params["old"]
    return {**edit, "over": params["over"]} if params.get("over") else edit


def journal(folder: str, training: Training, api: str, replay: str) -> Journal:
    """The journal of a training that begins, in its folder."""
    rewind = training.rewind
    # What a run alone would see behind a way back: batches that come again make an epoch short in a loop that is not ours.
    data = "none" if rewind is None else "replayed" if rewind.takes_steps else "goes_on"
    header = {"api": api, "replay": replay, "data": data, "processes": _surroundings.world()}
    return Journal(folder, header, lambda text: training.tell("notice", {"text": text}))


def edits_again() -> Tuple[List[Params], Optional[int]]:
    """The edits that ``traintui replay`` wants made once more, and the step at which the run is to stop; None for its end.

    Raises an ``OSError`` or a ``ValueError`` where the file is none of its.
    """
    edits: List[Params] = []
    stop: Optional[int] = None
    with open(os.environ["TRAINTUI_REPLAY"], encoding="utf-8") as file:
        for line in file:
            entry: Any = json.loads(line)
            if entry["event"] == "stop":
                stop = int(entry["step"])
            else:
                edits.append(entry)
    return edits, stop
