"""A Python wheel that carries the server: ``pip install`` puts ``pooling-server`` on the PATH."""

from __future__ import annotations

import base64
import hashlib

from archives import File, zipped
from payload import NAME, Payload

METADATA = """Metadata-Version: 2.4
Name: {name}
Version: {version}
Summary: Pooling layers of neural networks over HTTP: the server
License-Expression: Apache-2.0
Requires-Python: >=3.8
Description-Content-Type: text/markdown

`pooling-server` serves on http://127.0.0.1:8080; the program is not Python and needs none.
The client is the package pooling-client.
"""
WHEEL = """Wheel-Version: 1.0
Generator: packaging/wheel.py
Root-Is-Purelib: false
Tag: {tag}
"""


def make(payload: Payload) -> dict[str, bytes]:
    name, version = NAME.replace("-", "_"), payload.version
    tag = f"py3-none-manylinux_{payload.oldest_glibc[0]}_{payload.oldest_glibc[1]}_{payload.machine}"
    data, info = f"{name}-{version}.data", f"{name}-{version}.dist-info"
    # The program looks for its libraries in ../lib/pooling-server, which is where pip puts these.
    files = {f"{data}/scripts/{program}": file for program, file in payload.programs.items()}
    files |= {f"{data}/data/lib/{NAME}/{library.name}": File(library.content) for library in payload.bundled}
    files |= {f"{info}/licenses/{path}": file for path, file in payload.licences.items()}
    files[f"{info}/METADATA"] = File(METADATA.format(name=NAME, version=version).encode())
    files[f"{info}/WHEEL"] = File(WHEEL.format(tag=tag).encode())
    files = dict(sorted(files.items()))
    record = "".join(f"{path},{_digest(file.content)},{len(file.content)}\n" for path, file in files.items())
    files[f"{info}/RECORD"] = File(f"{record}{info}/RECORD,,\n".encode())
    return {f"{name}-{version}-{tag}.whl": zipped(files, payload.epoch)}


def _digest(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"
