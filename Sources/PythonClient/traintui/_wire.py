"""JSON-RPC 2.0, a message a line: reading, writing, and the numbers of errors.

Whatever comes in was written by somebody else. What is no message becomes a ``Refusal`` with a sentence, never another
exception; what goes out is ASCII and has no number that is not finite.
"""

from __future__ import annotations

import json
import math
from typing import Any, Dict, List, Optional

#: The protocol spoken here. Within a version there are additions only.
PROTOCOL = 1
#: Bytes in a line, its end included.
LONGEST_LINE = 1 << 20

REFUSED = 1
NOT_IN_THIS_STATE = 2
NOT_THE_DRIVER = 3
NO_ANSWER = 4
ENDED_FIRST = 5
TOO_MANY = 6
UNKNOWN_METHOD = -32601
BAD_PARAMS = -32602
NO_JSON = -32700
NO_REQUEST = -32600

Params = Dict[str, Any]


class Refusal(Exception):
    """Why something is not done, as a sentence for whoever asked."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def encode(message: Params) -> bytes:
    """A message as a line. Numbers must be finite: see ``finite``."""
    text = json.dumps(message, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.encode("ascii") + b"\n"


def finite(value: Optional[float]) -> Optional[float]:
    """The number, or None where JSON has no word for it."""
    return value if value is not None and math.isfinite(value) else None


def notification(method: str, params: Params, number: Optional[int] = None) -> Params:
    """Something that is told; events are numbered, so that whoever comes back can say what it knows."""
    if number is not None:
        params = {"n": number, **params}
    return {"jsonrpc": "2.0", "method": method, "params": params}


def answer(request: Any, result: Params) -> Params:
    """A request was carried out."""
    return {"jsonrpc": "2.0", "id": request, "result": result}


def error(request: Any, refusal: Refusal) -> Params:
    """A request was not carried out."""
    return {"jsonrpc": "2.0", "id": request, "error": {"code": refusal.code, "message": refusal.sentence}}


class Request:
    """What a line asks for. ``number`` is None where no answer is wanted."""

    __slots__ = ("number", "method", "params")

    def __init__(self, number: Optional[int], method: str, params: Params) -> None:
        self.number = number
        self.method = method
        self.params = params


def decode(line: bytes) -> Request:
    """Reads a request, or raises a ``Refusal``."""

    def no_constant(name: str) -> float:
        raise ValueError(name)

    try:
        message = json.loads(line.decode("utf-8"), parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise Refusal(NO_JSON, "this line is no JSON") from None
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise Refusal(NO_REQUEST, "this line is no request of JSON-RPC 2.0")
    method, number, params = message.get("method"), message.get("id"), message.get("params", {})
    if not isinstance(method, str) or not isinstance(params, dict):
        raise Refusal(NO_REQUEST, "a request has a method and params by name")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 1 << 53):
        raise Refusal(NO_REQUEST, "a request's id is a whole number below 2^53")
    return Request(number, method, params)


class Lines:
    """Bytes as they come, cut into lines."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def take(self, data: bytes) -> List[bytes]:
        """The lines that are complete now. Raises a ``Refusal`` for one that is too long."""
        # Only what is new can have a line's end.
        start = len(self._rest)
        self._rest += data
        lines: List[bytes] = []
        while True:
            end = self._rest.find(b"\n", start)
            if end < 0:
                break
            if end >= LONGEST_LINE:
                raise Refusal(NO_REQUEST, "a line of more than 1 MiB")
            lines.append(bytes(self._rest[:end]))
            del self._rest[: end + 1]
            start = 0
        if len(self._rest) >= LONGEST_LINE:
            raise Refusal(NO_REQUEST, "a line of more than 1 MiB")
        return lines


def number_of(params: Params, key: str) -> float:
    """A finite number among the params."""
    value = params.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal(BAD_PARAMS, f"'{key}' must be a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Refusal(BAD_PARAMS, f"'{key}' must be a finite number")
    return number


def count_of(params: Params, key: str, least: int = 0, default: Optional[int] = None) -> int:
    """A whole number of ``least`` or more among the params."""
    if default is not None and params.get(key) is None:
        return default
    number = number_of(params, key)
    if number != int(number) or not least <= number < 1 << 53:
        raise Refusal(BAD_PARAMS, f"'{key}' must be a whole number from {least} to 2^53 - 1")
    return int(number)


def text_of(params: Params, key: str) -> str:
    """A text among the params."""
    value = params.get(key)
    if not isinstance(value, str):
        raise Refusal(BAD_PARAMS, f"'{key}' must be a string")
    return value
