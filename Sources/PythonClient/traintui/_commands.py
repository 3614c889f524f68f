"""What each request does, in the training's thread, between two steps."""

from __future__ import annotations

import os
import re
from typing import Any, Callable, Dict, List, Optional, Tuple

from ._divergence import POLICIES
from ._meeting import declined
from ._news import Asked, Plan
from ._parameters import Parameter, changed
from ._training import Training
from ._turns import TAKE_TURN
from ._wire import BAD_PARAMS, NOT_IN_THIS_STATE, REFUSED, UNKNOWN_METHOD, Params, Refusal, count_of, number_of, text_of

#: Edits, plans and breakpoints that are kept: nobody makes a training grow by asking.
MOST_KEPT = 1000
CHANGES = ("value", "times", "divided_by", "plus")
MOVES = ("undo", "redo", "go_to_step", "go_to_best", "go_to_branch")
BESIDE = ("show_twin", "hide_twin", "race", "adopt", "end_race")
#: What a race goes on through.
IN_RACE = (
    "pause", "resume", "step", "run_epoch", "set_pace", "stop", "pause_when", "clear_breakpoints", "on_divergence",
    "cancel_plan", "evaluate", "save", *BESIDE,
)
BREAKPOINTS = ("loss_above", "loss_below", "epoch", "step")


class Commands:
    """Carries out requests. ``methods`` are those that this training offers."""

    def __init__(
        self,
        training: Training,
        save: Optional[Callable[[str], Any]] = None,
        evaluate: Optional[Callable[[], Any]] = None,
        folder: str = ".",
    ) -> None:
        self.training = training
        self._next_plan = 1
        self._save = save
        self._evaluate = evaluate
        self._folder = folder
        self.has_epochs = False
        #: Why nothing can be asked for; None where it can.
        self.objection: Optional[str] = None
        #: What can be asked for in spite of it.
        self.spared: Tuple[str, ...] = ()
        self._table: Dict[str, Callable[[Params], None]] = {
            "pause": self._pause, "resume": self._resume, "step": self._step, "run_epoch": self._run_epoch,
            "set_pace": self._set_pace, "set": self._set, "ramp": self._ramp, "plan": self._plan,
            "cancel_plan": self._cancel_plan, "pause_when": self._pause_when,
            "clear_breakpoints": self._clear_breakpoints, "evaluate": self._evaluate_now, "save": self._save_now,
            "stop": self._stop, "on_divergence": self._on_divergence,
        }

        rewind = training.rewind
        #: What is done when the run is somewhere else.
        self._moves: Dict[str, Callable[[Asked], None]] = {} if rewind is None else {
            "undo": rewind.undo, "redo": rewind.redo, "go_to_step": rewind.go_to_step,
            "go_to_best": rewind.go_to_best, "go_to_branch": rewind.go_to_branch,
        }
        beside = self._beside = None if rewind is None else rewind.beside
        if beside is not None:
            self._table.update({
                "show_twin": beside.show_twin, "hide_twin": beside.hide_twin, "race": beside.begin_race,
                "end_race": beside.end_race,
            })
            self._moves["adopt"] = beside.adopt
        #: Why there is no way back.
        self.no_way_back = ""

    @property
    def methods(self) -> List[str]:
        """What can be asked for."""
        return list(self.spared) if self.objection else self._offered

    @property
    def _offered(self) -> List[str]:
        """The same where nothing is objected to."""
        absent = set()
        if not self.training.parameters:
            absent |= {"set", "ramp", "plan", "cancel_plan"}
        if not self.has_epochs:
            absent.add("run_epoch")
        if self._evaluate is None:
            absent.add("evaluate")
        if self._save is None:
            absent.add("save")
        if self.training.guard is None:
            absent.add("on_divergence")
        if self.no_way_back:
            absent |= {*self._moves, *BESIDE}
        return [method for method in (*self._table, *self._moves) if method not in absent]

    @property
    def reasons(self) -> Dict[str, str]:
        """Why some of the rest cannot be asked for, by method; "" for all others."""
        if self.objection:
            return {"": self.objection}
        reasons = {"": "a training in Python cannot do that from here"}
        if not self.has_epochs:
            reasons["run_epoch"] = "the loop does not say where an epoch ends"
        if self._evaluate is None:
            reasons["evaluate"] = "the script does not say how to evaluate"
        if self._save is None:
            reasons["save"] = "the script does not say how to save"
        if self.training.guard is None:
            reasons["on_divergence"] = "nobody looks at the gradients of this training"
        if not self.training.parameters:
            reasons["set"] = "the script has nothing that can be changed"
        for method in MOVES:
            reasons[method] = self.no_way_back or "the script's state is not known: watch(model, optimizer) tells it"
        for method in BESIDE:
            reasons[method] = reasons["undo"] if self.no_way_back or self.training.rewind is None else self._no_turns
        return reasons

    @property
    def _no_turns(self) -> str:
        """Why no other branch can train in turns with the run."""
        return "a loop that is not traintui's cannot be given its batches once more: run.batches can"

    def repeat(self, edit: Params) -> None:
        """Makes an edit of a former run once more, or raises a ``Refusal``."""
        (self._ramp if edit.get("over") else self._set)({**edit, "value": edit["new"]})

    def stop(self) -> None:
        """The run ends here."""
        self._stop({})

    def obey(self, asked: Asked) -> bool:
        """Carries a request out, or raises a ``Refusal``. False where it takes steps until it is done."""
        gate = self.training.gate
        meetings = gate.meetings if gate is not None else 0
        try:
            return self._obey(asked)
        except Refusal as refusal:
            if gate is not None and asked.method in MOVES and gate.meetings == meetings:
                # The others must not wait for this one, nor go without it.
                gate.agree(declined(refusal.sentence))
            raise

    def _obey(self, asked: Asked) -> bool:
        if asked.method == TAKE_TURN and asked.number is None and self._beside is not None:
            self._beside.take_turn(asked.params)
            return True
        # What several processes have agreed on is done by each of them, whoever is lost since.
        if asked.method not in (self.methods if self.training.gate is None else self._offered):
            raise Refusal(UNKNOWN_METHOD, self.reasons.get(asked.method) or self.reasons[""])
        if self.training.is_done and asked.method != "stop":
            raise Refusal(NOT_IN_THIS_STATE, "the training is done")
        if self._beside is not None and asked.method not in IN_RACE:
            self._beside.refuse_in_race()
        if asked.number is not None and self.training.guard is not None:
            self.training.guard.recoveries = 0
        if asked.method in self._moves:
            self._moves[asked.method](asked)
            return False
        self._table[asked.method](asked.params)
        return True

    # Time

    def _pause(self, params: Params) -> None:
        self.training.pause()
        self.training.become("paused")

    def _resume(self, params: Params) -> None:
        self.training.pause()
        self.training.is_going = True
        self.training.become_going()

    def _step(self, params: Params) -> None:
        count = count_of(params, "count", 1, default=1)
        # Whoever asks again before they are taken asks for more of them.
        left = self.training.steps_left or 0
        self._resume(params)
        self.training.steps_left = left + count

    def _run_epoch(self, params: Params) -> None:
        self._resume(params)
        self.training.ends_with_epoch = True

    def _set_pace(self, params: Params) -> None:
        pace = number_of(params, "pace")
        if pace < 0:
            raise Refusal(BAD_PARAMS, "'pace' must be at least 0")
        self.training.pace = pace

    def _stop(self, params: Params) -> None:
        self.training.is_stopping = True
        self.training.is_going = True
        self.training.become("stopped")

    # Edits

    def _parameter(self, params: Params) -> Parameter:
        name = text_of(params, "name")
        parameter = self.training.parameters.get(name)
        if parameter is None:
            known = ", ".join(self.training.parameters)
            raise Refusal(REFUSED, f"there is no hyperparameter '{name[:40]}'; the hyperparameters are {known}")
        return parameter

    def _begin_edit(self) -> None:
        self._refuse_many(self.training.timeline.edits_made, "edits")
        if self.training.rewind is not None:
            self.training.rewind.before_edit()

    def _record(self, parameter: Parameter, old: Any, new: Any, over: int = 0) -> None:
        timeline = self.training.timeline
        edit = {"number": timeline.edits_made + 1, "name": parameter.name, "old": old, "new": new}
        edit["step"] = self.training.step
        if over:
            edit["over"] = over
        timeline.add(edit)
        self.training.tell_ramps()
        self.training.tell("changed", edit)
        if self._beside is not None:
            self._beside.has_edited(edit)

    def _change(self, params: Params, parameter: Parameter) -> Tuple[str, Any]:
        """What is to be done to a value, and by how much."""
        change = text_of(params, "change")
        if change not in CHANGES:
            raise Refusal(BAD_PARAMS, f"'change' must be one of {', '.join(CHANGES)}")
        return change, parameter.checked(params.get("value")) if change == "value" else number_of(params, "value")

    def _set(self, params: Params) -> None:
        parameter = self._parameter(params)
        old = parameter.read()
        value = params.get("value")
        if "change" in params:
            value = changed(*self._change(params, parameter), old)
        value = parameter.checked(value)
        self._begin_edit()
        self.training.put(parameter, value)
        self._record(parameter, old, value)

    def _ramp(self, params: Params) -> None:
        parameter = self._parameter(params)
        over = count_of(params, "over", 1)
        if parameter.is_flag or parameter.role == "epochs":
            raise Refusal(REFUSED, f"{parameter.title} cannot be moved step by step")
        target = float(parameter.checked(params.get("value")))
        self._begin_edit()
        old = parameter.read()
        self.training.ramp(parameter, target, over)
        self._record(parameter, old, target, over if over > 1 else 0)

    def _plan(self, params: Params) -> None:
        parameter = self._parameter(params)
        self._refuse_many(len(self.training.plans), "plans")
        at = count_of(params, "at")
        change, amount = self._change(params, parameter)
        if at <= self.training.step:
            raise Refusal(REFUSED, f"step {at} is past")
        plan = Plan(self._next_plan, parameter.name, change, amount, at)
        self._next_plan += 1
        self.training.wait_for(plan)

    def _cancel_plan(self, params: Params) -> None:
        number = count_of(params, "number", 1)
        for plan in self.training.plans:
            if plan.number == number:
                self.training.plans.remove(plan)
                self.training.tell("unplanned", {"number": number})
                return
        raise Refusal(REFUSED, f"there is no plan {number}")

    # Watching

    def _pause_when(self, params: Params) -> None:
        kind = text_of(params, "kind")
        if kind not in BREAKPOINTS:
            raise Refusal(REFUSED, "a training in Python cannot look out for that from here")
        if kind == "epoch" and not self.has_epochs:
            raise Refusal(REFUSED, "the loop does not say where an epoch ends")
        number: float = count_of(params, "number") if kind in ("epoch", "step") else number_of(params, "number")
        if kind == "step" and number <= self.training.step:
            raise Refusal(REFUSED, f"step {number} is past")
        self._refuse_many(len(self.training.breakpoints), "breakpoints")
        self.training.breakpoints.append({"kind": kind, "number": number})
        self._tell_watch()

    def _clear_breakpoints(self, params: Params) -> None:
        self.training.breakpoints.clear()
        self._tell_watch()

    def _on_divergence(self, params: Params) -> None:
        policy, guard = text_of(params, "policy"), self.training.guard
        if policy not in POLICIES:
            raise Refusal(BAD_PARAMS, f"'policy' must be one of {', '.join(POLICIES)}")
        if policy == "rewind" and (self.training.rewind is None or self.no_way_back):
            raise Refusal(REFUSED, self.reasons["undo"])
        rewind = self.training.rewind
        # Where a step was taken that was not finite there is nothing but the way back.
        if policy == "rewind" and rewind is not None and not rewind.takes_steps and guard and guard.when == "before":
            raise Refusal(REFUSED, "a loop that is not traintui's cannot go back by itself; undo is there")
        if policy == "rewind" and self.training.gate is not None:
            raise Refusal(REFUSED, "several processes do not go back by themselves; undo and go_to_step are there")
        if guard is not None:
            guard.policy = policy
        self._tell_watch()

    def _tell_watch(self) -> None:
        told: Params = {"breakpoints": list(self.training.breakpoints)}
        if self.training.guard is not None:
            told["policy"] = self.training.guard.policy
        self.training.tell("watching", told)

    # What the script does

    def _evaluate_now(self, params: Params) -> None:
        former = self.training.state
        self.training.become("evaluating")
        try:
            values = self._evaluate() if self._evaluate else None
            # A framework may evaluate later, and tell it then.
            if values is not None:
                self.validated(values)
        except Exception as problem:
            raise Refusal(REFUSED, f"the script's evaluation failed: {problem!r}") from None
        finally:
            self.training.become(former)

    def validated(self, values: Any) -> None:
        """Tells what an evaluation came to: a loss, or a dict with ``loss`` and metrics."""
        if not isinstance(values, dict):
            values = {"loss": values}
        loss = float(values["loss"])
        branch, rewind = self.training.timeline.lineage.branch, self.training.rewind
        if rewind is not None:
            if rewind.is_away:
                lane = self.training.lane
                if self.training.is_silent or lane is None:
                    return
                branch = lane.branch
            rewind.validated(loss, branch)
        metrics = [float(values[name]) if name in values else None for name in self.training.metrics]
        self.training.tell(
            "evaluated", {"branch": branch, "step": self.training.step, "loss": loss, "metrics": metrics})

    def _save_now(self, params: Params) -> None:
        name = params.get("name")
        if name is None:
            name = f"step-{self.training.step}.weights"
        # A name in the run's folder, never a way to another one.
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", name):
            raise Refusal(BAD_PARAMS, "'name' must be a file's name")
        path = os.path.abspath(os.path.join(self._folder, name))
        try:
            if self._save:
                self._save(path)
        except Exception as problem:
            raise Refusal(REFUSED, f"the script's saving failed: {problem!r}") from None
        self.training.tell("saved", {"path": path, "step": self.training.step})

    def _refuse_many(self, count: int, what: str) -> None:
        if count >= MOST_KEPT:
            raise Refusal(REFUSED, f"there are {count} {what}, and more are not kept")
