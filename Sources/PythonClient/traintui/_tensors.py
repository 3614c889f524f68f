"""Files of float32 tensors in the safetensors format (github.com/huggingface/safetensors): 8 bytes with the header's
length, a header of JSON, the tensors' bytes. Read by mapping them into memory."""

from __future__ import annotations

import hashlib
import importlib
import json
import mmap
import os
import struct
from typing import Any, Dict, List, Optional, Tuple

torch: Any = importlib.import_module("torch")

LONGEST_HEADER = 100_000_000


class TensorFileError(Exception):
    """Why a file is not the one that was expected: a line."""


def read(path: str, sha256: Optional[str] = None) -> Dict[str, Any]:
    """The tensors by name. They lie in the mapped file and are copied where they are written to.

    Raises a ``TensorFileError`` where the file is cut off, longer than it says, or its values have another sha256.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < 8:
                raise TensorFileError(f"{path} has {size} bytes, too few for a file of tensors")
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    except OSError as problem:
        raise TensorFileError(f"{path} cannot be read: {problem.strerror}") from None
    (length,) = struct.unpack("<Q", data[:8])
    if length > min(LONGEST_HEADER, size - 8):
        raise TensorFileError(f"{path} has {size} bytes, and a header of {length} does not fit into them")
    start = 8 + length
    try:
        header: Dict[str, Any] = json.loads(data[8:start])
        header.pop("__metadata__", None)
        ends = [int(tensor["data_offsets"][1]) for tensor in header.values()]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TensorFileError(f"{path} has a header that is not one of tensors") from None
    expected = start + max(ends, default=0)
    if size != expected:
        word = "cut off" if size < expected else "too long"
        raise TensorFileError(f"{path} is {word}: it has {size} bytes, where its header tells of {expected}")
    if sha256 is not None:
        with memoryview(data) as view, view[start:] as values:
            found = hashlib.sha256(values).hexdigest()
        if found != sha256:
            raise TensorFileError(f"{path} has other values than were written: sha256 {found}, expected {sha256}")
    tensors: Dict[str, Any] = {}
    for name, tensor in header.items():
        first, end = tensor["data_offsets"]
        if tensor["dtype"] != "F32" or first % 4 or struct.calcsize("f") * _product(tensor["shape"]) != end - first:
            raise TensorFileError(f"{path} has a tensor '{name}' that is not of float32 numbers in its shape")
        count = (end - first) // 4
        flat = torch.frombuffer(data, dtype=torch.float32, count=count, offset=start + first) if count else torch.empty(0)
        tensors[name] = flat.reshape(tensor["shape"])
    return tensors


def write(path: str, tensors: List[Tuple[str, Any]], metadata: Dict[str, str]) -> None:
    """Writes tensors, in the place of whatever is there, when all bytes are written and not before."""
    entries: Dict[str, Any] = {"__metadata__": {key: metadata[key] for key in sorted(metadata)}} if metadata else {}
    pieces: List[bytes] = []
    offset = 0
    for name, tensor in tensors:
        piece = _bytes(tensor.detach().to("cpu", torch.float32))
        entries[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(piece)]}
        pieces.append(piece)
        offset += len(piece)
    header = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    header += b" " * (-len(header) % 8)
    draft = f"{path}.{os.getpid()}.part"
    try:
        with open(draft, "wb") as file:
            file.write(struct.pack("<Q", len(header)) + header)
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        if os.path.exists(draft):
            os.unlink(draft)


def _bytes(tensor: Any) -> bytes:
    """The numbers as they lie in memory, which is how the format has them."""
    flat = tensor.reshape(-1)
    buffer = bytearray(flat.numel() * 4)
    if buffer:
        torch.frombuffer(buffer, dtype=torch.float32).copy_(flat)
    return bytes(buffer)


def _product(shape: List[int]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count
