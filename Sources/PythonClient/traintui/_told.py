"""All that was told of a run so far, in bounded memory: what a dashboard that comes late is given first."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from ._journal import Journal
from ._news import Asked, EpochBegan, EpochEnded, Stands, Step, Told, Turn
from ._numbers import NAN, numbers_of
from ._others import Others
from ._samples import Fold, Samples, Steps
from ._training import Training
from ._wire import Params, encode, finite, notification

#: Events that are kept for those who come back.
MOST_EVENTS = 4096
#: Branches that are kept, the oldest ones no longer.
MOST_BRANCHES = 64
#: Steps that are kept one by one for those who come back.
TAIL = 4096
#: Losses that a newcomer gets one by one.
RECENT = 512


def clean(value: Any) -> Any:
    """The same without numbers that JSON has no word for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value


class RunTold:
    """Takes the news from the training's thread, and knows from them what holds now."""

    def __init__(self, training: Training) -> None:
        self._training = training
        self.step = 0
        self.state: Params = {"name": "training"}
        self.hyperparameters: List[Params] = []
        self.edits: List[Params] = []
        self.plans: Dict[int, Params] = {}
        self.watch: Params = {"breakpoints": []}
        self.description: Params = {}
        #: Encoded events, oldest first, and the number of the first one.
        self.events: Deque[bytes] = deque(maxlen=MOST_EVENTS)
        self.last_event = 0
        #: The branch that the run is on, how it came there, and what redo leads to; None before it went anywhere.
        self.branch = 1
        self.lineage: Optional[Params] = None
        #: The ways to the branches, the oldest first.
        self.branches: Dict[int, Params] = {}
        #: The steps of each branch.
        self.histories: Dict[int, Samples] = {}
        #: The last steps: branch, step, loss, rate, metrics. How many there were on all branches.
        self.tail: Deque[Tuple[int, int, float, Optional[float], List[float]]] = deque(maxlen=TAIL)
        self.count = 0
        self.seconds = 0.0
        self.last_step_at = time.monotonic()
        self._clock = time.monotonic()
        self._rates: Deque[Tuple[float, int]] = deque(maxlen=64)
        self._rate: Optional[float] = None
        self._epoch: Optional[int] = None
        self._epoch_first = 0
        self._steps_per_epoch: Optional[int] = None
        self._epoch_folds: List[Fold] = []
        #: The branches that train beside the run, and what was told of the twin and of the race last.
        self.others = Others()
        self.beside: Dict[str, Params] = {}
        #: Where all that is worth keeping is written down; None where nowhere.
        self.journal: Optional[Journal] = None
        #: Where each of several processes is.
        self.ranks: Callable[[], List[Params]] = lambda: []

    @property
    def metrics(self) -> List[str]:
        """The metrics' names; none come to them after the first step."""
        return self._training.metrics

    # Taking

    def take(self, items: List[Any]) -> List[Any]:
        """Takes news in, and returns what goes to dashboards, in order: ``Steps``, encoded events, answers."""
        out: List[Any] = []
        steps: List[Step] = []
        now = time.monotonic()
        if self.state["name"] in ("training", "racing"):
            self.seconds += now - self._clock
        self._clock = now
        for item in items:
            if type(item) is tuple:
                steps.append(item)
                continue
            if steps:
                out.append(self._take_steps(steps))
                steps = []
            if isinstance(item, Asked):
                out.append(item)
            else:
                out += self._take_other(item)
        if steps:
            out.append(self._take_steps(steps))
        self._rates.append((now, self.step))
        return out

    def _take_steps(self, items: List[Step]) -> Steps:
        names, other = self.metrics, self.others.present
        branch, last = (self.branch, self.step) if other is None else (self.others.branch, other.step)
        steps = Steps(last + 1, len(names), branch, self.branch)
        steps.losses = numbers_of([loss for loss, _, _ in items], in_own_thread=True)
        rates = numbers_of([NAN if rate is None else rate for _, rate, _ in items], in_own_thread=True)
        steps.rates = [rate if rate == rate else None for rate in rates]
        for name, values in zip(names, steps.metrics):
            values += numbers_of(
                [told[name] if told and name in told else NAN for _, _, told in items], in_own_thread=True)
        self.count += len(items)
        self.last_step_at = time.monotonic()
        if branch not in self.histories:
            self.histories[branch] = Samples(branch, len(names))
        self.histories[branch].extend(steps)
        if self.journal is not None:
            self.journal.steps(steps)
        self.tail.extend(
            (branch, steps.first + index, loss, rate, [values[index] for values in steps.metrics])
            for index, (loss, rate) in enumerate(zip(steps.losses, steps.rates)))
        if other is None:
            self.step += len(items)
            self._fold(self._epoch_folds, steps.losses, steps.metrics)
            self._see_rate(steps.rates[-1])
        else:
            other.step += len(items)
            self._fold(other.folds, steps.losses, steps.metrics)
        return steps

    def _fold(self, folds: List[Fold], losses: List[float], metrics: List[List[float]]) -> None:
        if not folds:
            folds += [Fold() for _ in range(1 + len(metrics))]
        folds[0].add(losses)
        for fold, values in zip(folds[1:], metrics):
            seen = [value for value in values if value == value]
            if seen:
                fold.add(seen)

    def _see_rate(self, rate: Optional[float]) -> None:
        # A rate that moves without an edit is a schedule's.
        if rate is None or rate == self._rate:
            return
        self._rate = rate
        for hyperparameter in self.hyperparameters:
            if hyperparameter.get("role") == "learning_rate":
                hyperparameter["value"] = finite(rate)

    def _take_other(self, item: Any) -> List[bytes]:
        if isinstance(item, Turn):
            is_new = item.branch and not self.others.knows(item.branch)
            self.others.begin(item, self._epoch_up_to(item) if is_new else [])
            return []
        if isinstance(item, Stands):
            self.others.stand(item.branch, item.params)
            return []
        other = self.others.present
        if isinstance(item, EpochBegan) and other is not None:
            other.epoch, other.folds = item.epoch, []
            return []
        if isinstance(item, EpochEnded) and other is not None:
            return [self._epoch_event(item, self.others.branch, other.epoch, other.step, other.folds, None)]
        if isinstance(item, EpochBegan):
            # What is not said is taken to be as it was in the epoch before.
            self._epoch, self._epoch_first = item.epoch, self.step
            self._steps_per_epoch = item.steps or self._steps_per_epoch
            self._epoch_folds = []
            return []
        if isinstance(item, EpochEnded):
            if self._epoch is None:
                return []
            self._steps_per_epoch = self.step - self._epoch_first
            return [self._epoch_event(item, self.branch, self._epoch, self.step, self._epoch_folds, self._rate)]
        if isinstance(item, Told):
            params = clean(item.params)
            if self.journal is not None:
                self.journal.told(item.method, params)
            if item.method == "moved":
                self._move(params)
            self._keep(item.method, params)
            return [self._event(item.method, params)]
        return []

    def _epoch_event(
        self, item: EpochEnded, branch: int, epoch: int, step: int, folds: List[Fold], rate: Optional[float],
    ) -> bytes:
        folds = folds or [Fold() for _ in range(1 + len(self.metrics))]
        values = [fold.mean for fold in folds[1:]]
        if item.metrics is not None:
            told = [item.metrics.get(name) for name in self.metrics]
            values = [finite(one) for one in numbers_of(told, in_own_thread=True)]
        return self._event("epoch", {
            "branch": branch, "epoch": epoch, "step": step, "mean_loss": folds[0].mean, "metrics": values,
            "learning_rate": finite(rate),
        })

    def _epoch_up_to(self, turn: Turn) -> List[Fold]:
        """The run's steps of the epoch in which another branch leaves it, up to there."""
        folds: List[Fold] = []
        self._fold_way(folds, [one for one in self._on_the_way() if turn.epoch_first < one[1] <= turn.step])
        return folds

    def _fold_way(self, folds: List[Fold], way: List[Tuple[int, int, float, Optional[float], List[float]]]) -> None:
        if way:
            self._fold(folds, [one[2] for one in way], [list(values) for values in zip(*(one[4] for one in way))])

    def _keep(self, method: str, params: Params) -> None:
        if method == "state":
            self.state = params
            self._rates.clear()
        elif method == "hyperparameters":
            self.hyperparameters = [dict(value) for value in params["list"]]
        elif method == "described":
            self.description = params
        elif method == "changed":
            # The edits of a branch that was adopted are on its way already.
            if not self.edits or self.edits[-1]["number"] < params["number"]:
                self.edits.append(params)
            for hyperparameter in self.hyperparameters:
                if hyperparameter["name"] == params["name"] and not params.get("over"):
                    hyperparameter["value"] = params["new"]
                    if hyperparameter.get("role") == "learning_rate":
                        self._rate = params["new"]
        elif method in ("lineage", "branched"):
            if method == "lineage":
                self.edits, self.lineage = params["edits"], params
            self.branches[params["segments"][-1]["branch"]] = params
            for oldest in list(self.branches)[:-MOST_BRANCHES]:
                self._forget(oldest)
        elif method in ("twin", "race"):
            former = self.beside.get("twin", {}).get("twin")
            if method == "twin" and former and former != params["twin"]:
                # A twin is looked at while it is there; nobody goes to it.
                self._forget(former["branch"])
            self.beside[method] = params
        elif method == "planned":
            self.plans[params["number"]] = params
        elif method == "unplanned":
            self.plans.pop(params["number"], None)
        elif method == "watching":
            self.watch = params

    def _forget(self, branch: int) -> None:
        self.branches.pop(branch, None)
        self.histories.pop(branch, None)

    def _move(self, params: Params) -> None:
        """The run goes on from another moment: adds the losses that led there."""
        back = self.step - params["step"]
        self.branch, self.step = params["branch"], params["step"]
        first = params.pop("epoch_first")
        epoch = params.pop("epoch")
        self._rates.clear()
        way = self._on_the_way()
        if epoch is None:
            # The loop is as far in its epoch as it was.
            self._epoch_first -= back
        else:
            if self._epoch is not None:
                self._epoch, self._epoch_first = epoch, first
            here = [one for one in way if one[1] > first]
            self._epoch_folds = []
            self._fold_way(self._epoch_folds, here)
        self._see_rate(way[-1][3] if way else None)
        params["recent"] = self.recent

    def _on_the_way(self) -> List[Tuple[int, int, float, Optional[float], List[float]]]:
        """The last steps that led to here, as far as they are kept one by one and without a gap."""
        segments = [{"branch": 1}] if self.lineage is None else self.lineage["segments"]
        ends: Dict[int, int] = {segment["branch"]: segment.get("step", self.step) for segment in segments}
        found = [one for one in self.tail if one[1] <= min(self.step, ends.get(one[0], -1))]
        found.sort(key=lambda one: one[1])
        start = len(found)
        while start and found[start - 1][1] == self.step - (len(found) - start):
            start -= 1
        return found[start:]

    def event(self, method: str, params: Params) -> bytes:
        """Something that the serving thread tells itself."""
        self._keep(method, params)
        return self._event(method, clean(params))

    def _event(self, method: str, params: Params) -> bytes:
        self.last_event += 1
        line = encode(notification(method, params, self.last_event))
        self.events.append(line)
        return line

    # Telling

    def events_after(self, number: int) -> List[bytes]:
        """The events behind this one, as far as they are kept."""
        skip = max(0, number - (self.last_event - len(self.events)))
        return list(self.events)[skip:]

    def samples_after(self, count: int) -> List[Params]:
        """The steps behind so many of all branches: one by one where they are kept so, else folded."""
        missing = self.count - count
        if missing <= 0:
            return []
        if missing > len(self.tail) or count == 0:
            return [samples.wire() for samples in self.histories.values()]
        found: List[Params] = []
        samples: Optional[Samples] = None
        for branch, step, loss, rate, values in list(self.tail)[len(self.tail) - missing:]:
            if samples is None or samples.branch != branch:
                found += [samples.wire()] if samples is not None else []
                samples = Samples(branch, len(self.metrics))
            one = Steps(step, len(self.metrics), branch)
            one.losses.append(loss)
            one.rates.append(rate)
            for column, value in zip(one.metrics, values):
                column.append(value)
            samples.extend(one)
        return [*found, samples.wire()] if samples is not None else found

    @property
    def recent(self) -> Params:
        """The last losses one by one."""
        return {"last": self.step, "losses": [finite(one[2]) for one in self._on_the_way()[-RECENT:]]}

    def progress(self) -> Params:
        """Where the run stands."""
        training = self._training
        result: Params = {"step": self.step, "seconds": round(self.seconds, 3), "pace": training.pace}
        folds = self._epoch_folds
        if self._epoch is not None:
            result["epoch"] = self._epoch
            result["step_in_epoch"] = self.step - self._epoch_first
            result["steps_per_epoch"] = self._steps_per_epoch
            parameter = training.parameters.get("epochs")
            epochs = training.planned_epochs if parameter is None else parameter.told
            if epochs is not None:
                result["epochs"] = int(epochs)
        if folds:
            result["mean_loss"] = folds[0].mean
            result["metrics"] = [fold.mean for fold in folds[1:]]
        if self._rate is not None:
            result["learning_rate"] = finite(self._rate)
        ranks = self.ranks()
        if ranks:
            result["ranks"] = ranks
        others = self.others.wire
        if others:
            result["others"] = others
        if training.ramps_told:
            result["ramps"] = training.ramps_told
        if self.state["name"] == "training" and len(self._rates) > 1:
            (then, before), (now, step) = self._rates[0], self._rates[-1]
            if now - then > 0.2 and step > before:
                result["steps_per_second"] = round((step - before) / (now - then), 3)
        values = {h["name"]: h["value"] for h in self.hyperparameters if h.get("role") == "learning_rate"}
        if values:
            result["values"] = values
        return result
