"""The network of a job file: dense layers, activations, losses, penalties and constraints as Keras has them."""

from __future__ import annotations

import importlib
import math
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ._parameters import Knob
from ._philox import Dropout

torch: Any = importlib.import_module("torch")
functional: Any = importlib.import_module("torch.nn.functional")

ACTIVATIONS: Dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z, "relu": functional.relu, "leaky_relu": lambda z: functional.leaky_relu(z, 0.2),
    "elu": functional.elu, "selu": functional.selu, "gelu": functional.gelu, "silu": functional.silu,
    "mish": functional.mish, "softplus": functional.softplus, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
    "softmax": lambda z: functional.softmax(z, dim=1),
}

#: Where probabilities are cut off.
LEAST = 1e-7
#: What is added to a norm that is divided by.
NORM_EPSILON = 1e-7


class Layer:
    """A dense layer: ``activation(x kernel + bias)``. Kernel: inputs x units, bias: units."""

    def __init__(self, number: int, job: Dict[str, Any], kernel: Any, bias: Any, seed: int) -> None:
        self.number, self.kernel, self.bias, self.units = number, kernel, bias, int(job["units"])
        self.activation = ACTIVATIONS[job["activation"]]
        self.dropout = Dropout(seed, number, float(job["dropout"])) if job["dropout"] else None
        #: The factors of the penalty, which can be changed.
        self.l1, self.l2 = Knob(job["l1"]), Knob(job["l2"])
        self.constraint: Optional[str] = job.get("constraint")
        self.max_norm = float(job.get("max_norm") or 0)


class Network(torch.nn.Module):  # type: ignore[misc]
    """A stack of layers. All weights lie in one tensor, ``weights``, whose parts the layers' kernels and biases are."""

    def __init__(self, job: Dict[str, Any], tensors: Dict[str, Any], device: Any) -> None:
        super().__init__()
        names = [f"layers.{number}.{part}" for number in range(len(job["layers"])) for part in ("kernel", "bias")]
        flat = torch.cat([tensors[name].reshape(-1) for name in names]).to(device)
        self.weights = torch.nn.Parameter(flat)
        self.parts: Dict[str, Any] = {}
        first = 0
        for name in names:
            shape, count = tensors[name].shape, tensors[name].numel()
            self.parts[name] = self.weights.data[first : first + count].view(shape).requires_grad_()
            first += count
        self.layers = [
            Layer(number, layer, self.parts[names[2 * number]], self.parts[names[2 * number + 1]], job["seed"])
            for number, layer in enumerate(job["layers"])
        ]
        self._loss = LOSSES[job["loss"]["name"]]
        self._smoothing = float(job["loss"].get("label_smoothing") or 0)
        self._looks_behind = FUSED.get(job["loss"]["name"]) == job["layers"][-1]["activation"]
        self.targets_are_classes = job["loss"]["name"] in CLASSES
        self.units = int(job["layers"][-1]["units"])

    def keep_gradients_in(self, flat: Any) -> None:
        """Gradients are added up there, in the order of ``weights``."""
        self.weights.grad = flat
        first = 0
        for part in self.parts.values():
            part.grad = flat[first : first + part.numel()].view(part.shape)
            first += part.numel()

    def dropped(self, step: int, first_row: int, rows: int) -> List[Any]:
        """The factors of the layers that drop units, for a step, which counts from 1, and some rows of its batch."""
        return [
            layer.dropout.factors(step, first_row, (rows, layer.units), self.weights.device)
            for layer in self.layers if layer.dropout is not None]

    def run(self, x: Any, dropped: Sequence[Any] = ()) -> Tuple[Any, Any, Any]:
        """What comes of rows x features: the last layer before its activation, behind it, and behind its dropout."""
        z = a = x
        factors = iter(dropped)
        for layer in self.layers:
            z = torch.addmm(layer.bias, x, layer.kernel)
            x = a = layer.activation(z)
            if dropped and layer.dropout is not None:
                x = x * next(factors)
        return z, a, x

    def loss(self, z: Any, output: Any, y: Any, rows: int) -> Any:
        """The sum of the rows' losses over as many rows as the whole batch has: the shares of several processes add up."""
        count = rows if self.targets_are_classes else rows * self.units
        if self.targets_are_classes:
            y = y[:, 0].long()
        return self._loss(z, output, y, self._looks_behind, self._smoothing).sum() / count

    def penalties(self, adds_gradient: bool = False) -> List[Tuple[float, Any]]:
        """The penalties on all kernels: factors, and the sums to be multiplied by them, tensors of one number. Their
        derivatives are added to the gradients where that is wanted.
        """
        found: List[Tuple[float, Any]] = []
        with torch.no_grad():
            for layer in self.layers:
                w, l1, l2 = layer.kernel, layer.l1.value, layer.l2.value
                if l2:
                    found.append((l2, w.square().sum()))
                    if adds_gradient:
                        w.grad.add_(w, alpha=2 * l2)
                if l1:
                    found.append((l1, w.abs().sum()))
                    if adds_gradient:
                        w.grad.add_(w.sign(), alpha=l1)
        return found

    def clip(self, clipping: Dict[str, Any]) -> None:
        """Cuts the gradients as ``clipvalue``, ``clipnorm`` or ``global_clipnorm`` says."""
        kind, limit = clipping["kind"], float(clipping["limit"])
        if kind == "value":
            self.weights.grad.clamp_(-limit, limit)
        gradients = {"norm": [part.grad for part in self.parts.values()], "global_norm": [self.weights.grad]}.get(kind)
        if gradients:
            norms = torch.stack([gradient.norm() for gradient in gradients]).tolist()
            for gradient, norm in zip(gradients, norms):
                if norm > limit:
                    gradient.mul_(limit / norm)

    def constrain(self) -> None:
        """Enforces the constraints. Norms are those of the weights that lead into one unit."""
        with torch.no_grad():
            for layer in self.layers:
                kernel = layer.kernel
                if layer.constraint == "non_neg":
                    kernel.clamp_(min=0)
                elif layer.constraint:
                    norms = kernel.norm(dim=0, keepdim=True)
                    wanted = norms.clamp(max=layer.max_norm) if layer.constraint == "max_norm" else torch.ones_like(norms)
                    kernel.mul_(wanted / (NORM_EPSILON + norms))

    def named(self) -> List[Tuple[str, Any]]:
        """The weights by name."""
        return [(name, part.detach()) for name, part in self.parts.items()]


def _binary(z: Any, p: Any, t: Any, looks_behind: bool, _: float) -> Any:
    if looks_behind:
        return functional.binary_cross_entropy_with_logits(z, t, reduction="none")
    p = p.clamp(LEAST, 1 - LEAST)
    return -(t * p.log() + (1 - t) * (1 - p).log())


def _categorical(z: Any, p: Any, t: Any, looks_behind: bool, smoothing: float) -> Any:
    # Where there is no softmax to look behind, probabilities are brought to a sum of 1.
    logits = z if looks_behind else p.clamp(LEAST, 1 - LEAST).log()
    return functional.cross_entropy(logits, t, reduction="none", label_smoothing=smoothing)


def _log_cosh(z: Any, p: Any, t: Any, looks_behind: bool, _: float) -> Any:
    error = (p - t).abs()
    return error + functional.softplus(-2 * error) - math.log(2)


#: The loss of each element, or of each row, by the names in job files.
LOSSES: Dict[str, Callable[[Any, Any, Any, bool, float], Any]] = {
    "mean_squared_error": lambda z, p, t, *_: (p - t).square(),
    "mean_absolute_error": lambda z, p, t, *_: (p - t).abs(),
    "huber": lambda z, p, t, *_: functional.huber_loss(p, t, reduction="none"),
    "log_cosh": _log_cosh,
    "binary_crossentropy": _binary,
    "sparse_categorical_crossentropy": _categorical,
}
#: The activation that a loss looks behind, to stay finite where probabilities reach 0 or 1.
FUSED = {"binary_crossentropy": "sigmoid", "sparse_categorical_crossentropy": "softmax"}
CLASSES = ("sparse_categorical_crossentropy",)
