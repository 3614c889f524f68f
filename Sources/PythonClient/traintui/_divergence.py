"""What is done about a run that diverged, whoever saw it: it waits, stops, or goes back with half the learning rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Callable, List

from ._news import Asked
from ._wire import REFUSED, Refusal

if TYPE_CHECKING:
    from ._training import Training

POLICIES = ("pause", "rewind", "stop")
#: After so many times a run that diverges again waits.
MOST_RECOVERIES = 3


class Divergence:
    """Whoever looks at a training for numbers that are not finite."""

    #: Whether it looks before a step is taken, or after.
    when = "before"

    def __init__(self, training: Training) -> None:
        self._training = training
        self.policy = "pause"
        #: How often the run went back by itself since somebody asked for something.
        self.recoveries = 0
        #: Tells why the run ends.
        self.on_stop: Callable[[str], None] = lambda reason: None

    @property
    def sees(self) -> List[str]:
        """What is looked at."""
        raise NotImplementedError

    @property
    def do_all_see(self) -> bool:
        """Whether all processes see the same."""
        raise NotImplementedError

    def wait(self, step: int, reason: str) -> None:
        """The run waits at this boundary, or ends."""
        training = self._training
        training.pause()
        training.divergence = {"name": "diverged", "step": step, "reason": reason}
        training.attention = True
        training.become("diverged")
        if self.policy == "stop":
            training.is_stopping = True
            self.on_stop(f"diverged: {reason}")

    def ask_all(self, reason: str) -> None:
        """Other processes see nothing of it: they are asked to pause, at the same step."""
        training = self._training
        training.tell("notice", {"text": f"diverged: {reason}"})
        if training.is_first:
            training.post(Asked("", None, "stop" if self.policy == "stop" else "pause", {}))

    def act(self) -> None:
        """Between two steps, where the run waits because it diverged: goes back, where that is wanted."""
        training = self._training
        divergence, rewind = training.divergence, training.rewind
        if divergence is None or self.policy != "rewind" or rewind is None or self.recoveries >= MOST_RECOVERIES:
            return
        self.recoveries += 1
        try:
            parameter = training.parameters.get("learning_rate")
            if parameter is None:
                raise Refusal(REFUSED, "there is no learning rate to halve")
            # Half of the one that ran away, which may be an edit's that is not in force where the run goes.
            rate = parameter.read() / 2
            rewind.recover(Asked("", None, "recover", {}), divergence["reason"])
        except Refusal as refusal:
            training.tell("notice", {"text": f"not gone back: {refusal.sentence}"})
            return
        training.is_going = True
        training.mail.appendleft(Asked("", None, "set", {"name": "learning_rate", "value": rate}))


class LossGuard(Divergence):
    """Looks at the loss of a step that was taken: its gradients are nobody's to see."""

    when = "after"

    def __init__(self, training: Training, do_all_see: bool = True) -> None:
        super().__init__(training)
        #: Whether the loss is one of all processes, so that all come to the same end.
        self._do_all_see = do_all_see
        self._was_finite = True

    @property
    def do_all_see(self) -> bool:
        return self._do_all_see

    @property
    def sees(self) -> List[str]:
        """What is looked at."""
        return ["loss"]

    def look(self, loss: float) -> None:
        """After a step, which is counted. Whoever goes on from a loss that is not finite is not asked again at the next one."""
        was_finite, self._was_finite = self._was_finite, math.isfinite(loss)
        if was_finite and not self._was_finite:
            step = self._training.step
            reason = f"the loss is {loss} at step {step}"
            if self._do_all_see:
                self.wait(step, reason)
            else:
                self.ask_all(reason)

    def moved(self) -> None:
        """The run is somewhere else."""
        self._was_finite = True
