"""A run that is taken again: the edits of a former one are made at their steps, and nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Optional

from ._wire import Params, Refusal

if TYPE_CHECKING:
    from ._commands import Commands
    from ._training import Training


class Again:
    """What is still to be done of the former run. On several processes each one does it at the same steps by itself."""

    def __init__(self, training: Training, commands: Commands, edits: List[Params], stop: Optional[int]) -> None:
        self._training = training
        self._commands = commands
        self._edits = edits
        self._stop = stop

    @property
    def is_due_later(self) -> bool:
        """Whether anything is still to be done."""
        return bool(self._edits) or self._stop is not None

    def act(self) -> None:
        """Between two steps: does what the former run did there."""
        training = self._training
        while self._edits and self._edits[0]["step"] <= training.step:
            edit = self._edits.pop(0)
            try:
                self._commands.repeat(edit)
            except Refusal as refusal:
                training.tell("notice", {"text": f"the edit of step {edit['step']} is not made: {refusal.sentence}"})
        if training.divergence is not None:
            # Somebody was there, and let it go on.
            training.divergence, training.is_going = None, True
        if self._stop is not None and training.step >= self._stop:
            self._stop = None
            self._commands.stop()
