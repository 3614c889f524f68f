"""What is changed in a training between two steps: edits that wait, edits that are made, numbers on their way to others."""

from __future__ import annotations

from typing import Any, Dict, List

from ._news import Plan, Ramp
from ._parameters import Parameter, Parameters
from ._wire import Params, Refusal


class Changes:
    """The side of a training that changes."""

    def __init__(self) -> None:
        self.step = 0
        self.parameters: Parameters = {}
        self.plans: List[Plan] = []
        self.ramps: Dict[str, Ramp] = {}
        #: Where the ramps stand, as a list that is replaced and never changed: any thread may read it.
        self.ramps_told: List[Params] = []

    def tell(self, method: str, params: Params) -> None:
        """Tells what happened."""
        raise NotImplementedError

    @property
    def is_away(self) -> bool:
        """Whether the steps under way are none that the run takes for the first time."""
        return False

    def wait_for(self, plan: Plan) -> None:
        """An edit waits for its step."""
        self.plans.append(plan)
        self.tell("planned", plan.wire)

    def make(self, edit: Params) -> None:
        """Makes an edit that was made before once more."""
        parameter = self.parameters[edit["name"]]
        if edit.get("over"):
            self.ramp(parameter, edit["new"], edit["over"])
        else:
            self.put(parameter, edit["new"])

    def put(self, parameter: Parameter, value: Any) -> None:
        """Puts a value in force."""
        parameter.write(value)
        self.ramps.pop(parameter.name, None)

    def ramp(self, parameter: Parameter, target: float, over: int) -> None:
        """Begins to move a number to another one, which is reached after so many steps."""
        ramp = Ramp(parameter, target, self.step, over)
        self.put(parameter, ramp.value(self.step))
        if over > 1:
            self.ramps[parameter.name] = ramp

    def move_ramps(self) -> None:
        """Numbers that are on their way go on by a step."""
        for name, ramp in list(self.ramps.items()):
            try:
                ramp.parameter.write(ramp.value(self.step))
            except Refusal as refusal:
                self.tell("notice", {"text": f"{ramp.parameter.title} goes no further: {refusal.sentence}"})
                del self.ramps[name]
                continue
            if self.step - ramp.first + 1 >= ramp.over:
                del self.ramps[name]
        self.tell_ramps()

    def tell_ramps(self) -> None:
        """Says where the ramps stand."""
        if not self.is_away and (self.ramps or self.ramps_told):
            self.ramps_told = [ramp.wire(self.step) for ramp in self.ramps.values()]
