"""One request as it travels, and the formats that a request can be written in."""

import dataclasses
import gzip
import json
import pathlib
import shlex
import struct
import urllib.parse
import zlib

from arrays import INFERENCE, NPY, SAFETENSORS, Array

FORMATS = ("nested", "flat", "b64", "npy", "safetensors", "png", "inference", "inference binary")


@dataclasses.dataclass(frozen=True)
class Case:
    """`decoded` is what the body says once it is inflated and read: the memory that it justifies.

    `reserved` is memory that it takes beyond that and that `docs/operations.md` lists.
    """

    name: str
    path: str
    body: bytes | None
    headers: tuple = ()
    method: str = "POST"
    decoded: int = 0
    reserved: int = 0

    @property
    def head(self) -> bytes:
        fields = [("Host", "localhost"), *self.headers]
        if self.body is not None:
            fields.append(("Content-Length", str(len(self.body))))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def curl(self, folder: pathlib.Path, address: str = "http://127.0.0.1:8080") -> str:
        """A line for the shell; a body that is long or binary goes into a file."""
        words = ["curl", "-sS", "-m", "20", "-o", "/dev/null", "-w", "%{http_code} %{time_total} s\\n"]
        for name, value in self.headers:
            words += ["-H", f"{name}: {value}"]
        words.append(address + self.path)
        if self.body is not None:
            if len(self.body) <= 1500 and self.body.isascii() and b"\n" not in self.body:
                words += ["-d", self.body.decode()]
            else:
                folder.mkdir(parents=True, exist_ok=True)
                place = folder / f"{zlib.crc32(self.body):08x}.body"
                place.write_bytes(self.body)
                words += ["--data-binary", f"@{place}"]
        return shlex.join(words)


def request(name: str, endpoint: str, fields: dict, format: str = "nested") -> Case | None:
    """The fields of a request in one of FORMATS; None where that format cannot say them."""
    writer = {
        "nested": _json,
        "flat": _json,
        "b64": _json,
        "npy": _npy,
        "safetensors": _safetensors,
        "png": _png,
        "inference": _inference,
        "inference binary": _inference,
    }[format]
    return writer(f"{name} [{format}]", endpoint, fields, format)


def compressed(case: Case, coding: str) -> Case:
    pack = {"gzip": lambda body: gzip.compress(body, 9), "deflate": lambda body: zlib.compress(body, 9), "zstd": zstd}
    return dataclasses.replace(
        case,
        name=f"{case.name} [{coding}]",
        body=pack[coding](case.body),
        decoded=max(case.decoded, len(case.body)),
        headers=(*case.headers, ("Content-Encoding", coding)),
    )


def text(name: str, path: str, body: str, **headers) -> Case:
    """A body of JSON that is given as text."""
    fields = (("Content-Type", "application/json"), *((key.replace("_", "-"), value) for key, value in headers.items()))
    return Case(name, path, body.encode(), fields, decoded=len(body))


def zstd(body: bytes) -> bytes:
    """A frame by hand, with a block of one repeated byte where that is shorter: the highest ratio that zstd has."""
    most = 128 << 10
    # A window of 1 MiB and the length in 4 bytes.
    frame = [b"\x28\xb5\x2f\xfd", b"\x80\x50", struct.pack("<I", len(body))]
    runs = list(_runs(body, most)) or [(b"", 0)]
    for position, (data, repeats) in enumerate(runs):
        kind, size = (1, repeats) if repeats else (0, len(data))
        header = (position == len(runs) - 1) | kind << 1 | size << 3
        frame += [struct.pack("<I", header)[:3], data]
    return b"".join(frame)


def _runs(body: bytes, most: int):
    """Pieces of at most `most` bytes: (a byte, how often) or (bytes, 0)."""
    start = 0
    while start < len(body):
        piece = body[start : start + most]
        same = len(piece) - len(piece.lstrip(piece[:1]))
        if same > 64:
            yield piece[:1], same
            start += same
            continue
        end = next((at for at in range(64, len(piece), 64) if len(set(piece[at : at + 64])) == 1), len(piece))
        yield piece[:end], 0
        start += end


# MARK: Formats


def _json(name, endpoint, fields, format):
    def written(key, value):
        if not isinstance(value, Array):
            return value
        return value.b64(key) if format == "b64" else value.flat() if format == "flat" else value.nested()

    def walk(value, key=""):
        if isinstance(value, dict):
            return {inner: walk(item, inner) for inner, item in value.items()}
        if isinstance(value, list):
            return [walk(item, key) for item in value]
        return written(key, value)

    body = json.dumps(walk(fields), separators=(",", ":")).encode()
    return Case(name, f"/v1/{endpoint}", body, (("Content-Type", "application/json"),), decoded=3 * len(body))


def _query(fields) -> str:
    def value(item):
        if isinstance(item, Array):
            item = item.nested()
        if isinstance(item, str):
            return item
        if isinstance(item, list) and len(item) > 1 and all(isinstance(entry, (int, float)) for entry in item):
            return ",".join(str(entry) for entry in item)
        # Entries of lists, such as the layers of a chain, may have tensors.
        return json.dumps(item, separators=(",", ":"), default=Array.nested)

    return urllib.parse.urlencode({key: value(item) for key, item in fields.items()})


def _main(endpoint: str) -> str:
    return "grad_output" if endpoint == "backward" else "input"


def _npy(name, endpoint, fields, format):
    main = _main(endpoint)
    array = fields.get(main)
    if not isinstance(array, Array) or array.type(main) not in NPY:
        return None
    shape = "".join(f"{size}," for size in array.shape)
    header = f"{{'descr': '{NPY[array.type(main)]}', 'fortran_order': False, 'shape': ({shape}), }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    body = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + array.bytes(main)
    return _binary(
        name, endpoint, {key: item for key, item in fields.items() if key != main}, body, "application/x-npy"
    )


def safetensors(tensors) -> bytes:
    """A file of tensors by name: dtype, shape and elements."""
    header, data = {}, b""
    for name, (dtype, shape, elements) in tensors.items():
        start, data = len(data), data + elements
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [start, len(data)]}
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + data


def _safetensors(name, endpoint, fields, format):
    arrays = {key: item for key, item in fields.items() if isinstance(item, Array)}
    if not arrays:
        return None
    body = safetensors(
        {key: (SAFETENSORS[array.type(key)], list(array.shape), array.bytes(key)) for key, array in arrays.items()})
    rest = {key: item for key, item in fields.items() if key not in arrays}
    return _binary(name, endpoint, rest, body, "application/vnd.safetensors")


def _png(name, endpoint, fields, format):
    main = _main(endpoint)
    array = fields.get(main)
    if not isinstance(array, Array) or not array.is_consistent or 0 in array.shape or not 2 <= len(array.shape) <= 4:
        return None
    height, width = array.shape[-2:]
    pixels = bytes(value % 256 if isinstance(value, int) else 0 for value in array.data[: height * width])
    rest = {key: item for key, item in fields.items() if key != main}
    return _binary(name, endpoint, rest, png(width, height, pixels), "image/png")


def png(width: int, height: int, pixels: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A grey picture of 8 bits; `pixels` may be of any length, `chunks` stand before them."""
    rows = b"".join(b"\0" + pixels[row : row + width] for row in range(0, len(pixels), max(1, width)))
    return picture(width, height, zlib.compress(rows, 9), *chunks)


def picture(width: int, height: int, packed: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    every = ((b"IHDR", head), *chunks, (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in every
    )


def _binary(name, endpoint, fields, body, kind):
    return Case(name, f"/v1/{endpoint}?{_query(fields)}", body, (("Content-Type", kind),), decoded=3 * len(body))


def _inference(name, endpoint, fields, format):
    if endpoint not in ("forward", "backward", "unpool"):
        return None
    inputs, parameters, data = [], {}, b""
    for key, item in fields.items():
        if isinstance(item, Array):
            entry = {"name": key, "shape": list(item.shape), "datatype": INFERENCE[item.type(key)]}
            if format == "inference":
                entry["data"] = list(item.data)
            else:
                packed = item.bytes(key)
                entry["parameters"] = {"binary_data_size": len(packed)}
                data += packed
            inputs.append(entry)
        elif isinstance(item, list):
            parameters[key] = _query({key: item}).partition("=")[2] if not item else ",".join(map(str, item))
        else:
            parameters[key] = item
    head = json.dumps({"inputs": inputs, "parameters": parameters}, separators=(",", ":")).encode()
    headers = (("Inference-Header-Content-Length", str(len(head))),) if format == "inference binary" else ()
    body = head + data
    return Case(name, f"/v2/models/{endpoint}/infer", body, headers, decoded=3 * len(body))
