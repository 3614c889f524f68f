"""Writes COUNT files of weights, whole, damaged and forged, into FOLDER, and what the safetensors package says of each.

Usage: safetensors_cases.py FOLDER COUNT SEED. verdicts.txt has a line for each file: "NAME refused", or "NAME" and the
tensors as NAME-IN-HEX:SHAPE:BYTES-IN-HEX, in the order of their names.
"""
import json
import random
import struct
import sys

import numpy
import safetensors.numpy

folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)


def tensors():
    for index in range(chance.randint(0, 4)):
        shape = [chance.choice([0, 1, 1, 2, 3, 5]) for _ in range(chance.randint(0, 3))]
        name = chance.choice(["a", "layers.0.kernel", "é", "\U0001F600", "", "x\n", '"', "b"]) + str(index)
        yield name, shape


def whole():
    header, data = {}, b""
    for name, shape in tensors():
        size = 4 * int(numpy.prod(shape, dtype=numpy.int64))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + size]}
        data += chance.randbytes(size)
    if chance.random() < 0.3:
        header["__metadata__"] = {"format": "pt"}
    return header, data


def packed(header, data, length=None):
    if not isinstance(header, bytes):
        header = json.dumps(header, ensure_ascii=chance.random() < 0.5).encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def forged():
    """A header that says something else than what is there."""
    header, data = whole()
    names = [name for name in header if name != "__metadata__"]
    kind = chance.randrange(21)
    if kind == 0:
        return packed(header, data + chance.randbytes(chance.randint(1, 9)))
    if kind == 1:
        return packed(header, data[: max(0, len(data) - chance.randint(1, 9))])
    if kind == 2:
        return packed(json.dumps(header).encode("utf-16"), data)
    if kind == 3:
        header["__metadata__"] = chance.choice([[], {}, None, {"a": 1}, {"a": None}, "x", {"a": {"b": "c"}}, 5, {"": ""}])
        return packed(header, data)
    if kind == 4:
        return packed(header, data, length=chance.choice([0, 1, 7, 2**31, 2**63, 2**64 - 1, 100_000_001]))
    if kind == 5:
        text = json.dumps(header)
        pad = chance.choice([" ", "\n", "\t", "\r", "\0", "\x0b", "\xa0", "\ufeff", ",", "}", "x"])
        return packed((pad + text if chance.random() < 0.5 else text + pad).encode(), data)
    if kind == 6:
        text = json.dumps(header)
        old, new = chance.choice(
            [("[", "[ "), (",", ",,"), ('"F32"', '"F16"'), ('"F32"', '"F33"'), ("1", "1.0"), ("0", "-0"), ("2", "2e0"),
             ("3", "03"), ("shape", "\\u0073hape"), ("dtype", "dtyp"), ("}", ",}"), ("[0", "[null"), ("4", "4E+0"),
             ("a", "\\ud800"), ("a", "\\ud83d\\ude00"), ("a", "\x01"), (":", " : "), ("1", "18446744073709551616")])
        return packed(text.replace(old, new, 1).encode(), data)
    if not names:
        return packed(header, data)
    entry = header[chance.choice(names)]
    if kind == 7:
        entry["data_offsets"][chance.randrange(2)] += chance.choice([-4, -1, 1, 4, 2**40])
    elif kind == 8:
        entry["shape"] = entry["shape"] + [chance.choice([0, 1, 2, -1, 1.5, "1", None, 2**63, 2**64 - 1, True])]
    elif kind == 9:
        entry["data_offsets"] = chance.choice([[], [0], [0, 4, 8], None, {"start": 0}, [4, 0], "0,4"])
    elif kind == 10:
        entry[chance.choice(["dtype", "shape", "more"])] = chance.choice([None, 1, [], {}, "F32", "F64", [[1]], 1e5])
    elif kind == 11:
        del entry[chance.choice(list(entry))]
    elif kind == 12:
        header["copy"] = dict(entry)
    elif kind == 13:
        entry["shape"] = list(reversed(entry["shape"]))
    elif kind == 14:
        entry["more"] = 1
        depth = chance.choice([1, 100, 124, 125, 126, 127])
        return packed(json.dumps(header).replace('"more": 1', '"more": ' + "[" * depth + "]" * depth).encode(), data)
    elif kind == 15:
        entry["shape"] = [1] * chance.choice([63, 64, 65]) + entry["shape"]
    elif kind == 16:
        gap = chance.choice([1, 4, 8])
        for other in names:
            offsets = header[other]["data_offsets"]
            if offsets[0] >= entry["data_offsets"][1]:
                header[other]["data_offsets"] = [offset + gap for offset in offsets]
        return packed(header, data + b"\0" * gap)
    elif kind == 17:
        return packed(json.dumps(header, indent=chance.choice([0, 2])).encode(), data)
    elif kind == 18:
        # A tensor as a list of its parts, which the reference's reader takes for an object.
        name = chance.choice(names)
        parts = [header[name]["dtype"], header[name]["shape"], header[name]["data_offsets"]]
        header[name] = parts[: chance.choice([2, 3, 3])] + chance.choice([[], [], [1]])
    elif kind == 19:
        # The same key twice: a tensor's, or one inside of it.
        text = json.dumps(header)
        key = json.dumps(chance.choice(names + ["dtype", "shape", "data_offsets"]))
        value = json.dumps(chance.choice([entry, "F32", [], [0, 4]]))
        return packed(text.replace(key, f"{key}: {value}, {key}", 1).encode(), data)
    else:
        entry["dtype"] = chance.choice(["BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "I16", "F16", "BF16", "I32", "F64", "C64"])
        size = {"BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "F16": 2, "BF16": 2, "I32": 4}
        if chance.random() < 0.5:
            # As many bytes as that type needs.
            header, data = {"a": entry}, data[: size.get(entry["dtype"], 8) * int(numpy.prod(entry["shape"]))]
            entry["data_offsets"] = [0, len(data)]
    return packed(header, data)


def damaged(content=None):
    """A file with some bytes changed, left out or put in, most of them in the header."""
    bytes_ = bytearray(packed(*whole()) if content is None else content)
    if not bytes_:
        return b""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(bytes_)) if chance.random() < 0.3 else chance.randrange(min(len(bytes_), 80))
        kind = chance.randrange(4)
        if kind == 0:
            bytes_[at] = chance.randrange(256)
        elif kind == 1:
            bytes_[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del bytes_[at : at + chance.randint(1, 4)]
        else:
            bytes_[at:at] = chance.choice([b"0", b"1", b" ", b"[", b"]", b"{", b"}", b'"', b",", b"\\", b"-", b".", b"\xff"])
        if not bytes_:
            break
    return bytes(bytes_)


def load(content):
    """The arrays, those of floats as 32-bit ones. numpy has no BF16: it is the upper half of a 32-bit float."""
    safetensors.numpy._TYPES["BF16"] = numpy.dtype("V2")
    found = safetensors.numpy.load(content)
    for name, array in found.items():
        if array.dtype.kind == "V":
            found[name] = (array.view("<u2").astype("<u4") << 16).view("<f4")
        elif array.dtype.kind == "f":
            found[name] = array.astype("<f4")
    return found


with open(f"{folder}/verdicts.txt", "w") as verdicts:
    for number in range(count):
        kind = chance.random()
        content = packed(*whole()) if kind < 0.2 else forged() if kind < 0.65 else damaged() if kind < 0.9 else damaged(forged())
        with open(f"{folder}/{number}", "wb") as file:
            file.write(content)
        try:
            found = load(content)
            words = [
                f"{name.encode().hex()}:{'x'.join(map(str, array.shape))}:{array.dtype.str}:{array.tobytes().hex()}"
                for name, array in sorted(found.items(), key=lambda item: item[0].encode())
            ]
        except Exception:
            words = ["refused"]
        print(number, *words, file=verdicts)
