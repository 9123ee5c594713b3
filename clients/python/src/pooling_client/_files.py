"""Files as requests: the body is the file, the parameters are the query string."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from ._calls import Call
from ._client import PoolingClient
from ._errors import InvalidArgument, PoolingError
from ._parameters import plain
from ._wire import JSON, SAFETENSORS, Body

MEDIA_TYPES = {".png": "image/png", ".npy": "application/x-npy", ".safetensors": SAFETENSORS, ".json": JSON}


@dataclass(frozen=True)
class FileJob:
    """One file to send, and the file to write; ``target`` None is standard output."""

    source: Path
    target: Path | None

    def run(self, client: PoolingClient, path: str, fields: Mapping[str, str], deadline: float | None) -> bytes:
        """Sends the file; the response is written to ``target`` and returned.

        Args:
            client: the client to use.
            path: the endpoint.
            fields: the parameters as text, as a query string has them.
            deadline: the seconds that it may take in all.

        Raises:
            PoolingError: the service cannot do it.
            OSError: a file cannot be read or written.
        """
        accept = media_type(self.target) if self.target else None
        content = client._run(Call("POST", path, _content, self._body(fields, accept), deadline))
        if self.target:
            _write(self.target, content)
        return content


    def _body(self, fields: Mapping[str, str], accept: str | None) -> Body:
        """The file with the parameters: in the query string, or where it is JSON in its object."""
        content, kind = self.source.read_bytes(), media_type(self.source)
        if kind != JSON:
            return Body(content, kind, urlencode(fields), accept)
        if fields:
            given = {name: plain(value_of(text)) for name, text in fields.items()}
            content = json.dumps(_members(self.source, content) | given).encode()
        return Body(content, kind, accept=accept)


@dataclass(frozen=True)
class Failure:
    """A file that could not be pooled."""

    source: Path
    error: Exception


def jobs(sources: list[Path], target: Path | None, suffix: str | None) -> list[FileJob]:
    """The files to send: those named, and those in folders that are named, with their places in the target folder.

    Raises:
        InvalidArgument: the target must be a folder, or there is nothing to send.
    """
    if target is not None and not target.absolute().parent.is_dir():
        raise InvalidArgument(f"-o: there is no folder {target.parent}")
    into_folder = len(sources) > 1 or any(source.is_dir() for source in sources)
    if not into_folder:
        one = target / sources[0].name if target and target.is_dir() else target
        return [FileJob(sources[0], _with_suffix(one, suffix) if one else None)]
    if target is None or target.is_file():
        raise InvalidArgument("-o: several files need a folder to be written to")
    found = [(source, base) for given in sources for source, base in _files_of(given)]
    if not found:
        raise InvalidArgument(f"no {', '.join(MEDIA_TYPES)} file in {', '.join(map(str, sources))}")
    return [FileJob(source, _with_suffix(target / source.relative_to(base), suffix)) for source, base in found]


def run_all(
    client: PoolingClient, all_jobs: list[FileJob], path: str, fields: Mapping[str, str], deadline: float | None,
    at_once: int,
) -> Iterator[FileJob | Failure]:
    """Runs the jobs, some at once, and gives each when it is done, or its failure."""
    with ThreadPoolExecutor(at_once) as threads:
        futures = {threads.submit(job.run, client, path, fields, deadline): job for job in all_jobs}
        for future in as_completed(futures):
            job = futures.pop(future)
            error = future.exception()
            if error is None:
                yield job
            elif isinstance(error, (PoolingError, OSError)):
                yield Failure(job.source, error)
            else:
                raise error


def media_type(path: Path) -> str:
    """The media type that belongs to the file's name.

    Raises:
        InvalidArgument: there is none.
    """
    found = MEDIA_TYPES.get(path.suffix.lower())
    if found is None:
        raise InvalidArgument(f"{path}: expected a file that ends in {', '.join(MEDIA_TYPES)}")
    return found


def value_of(text: str) -> Any:
    """A number, a list of numbers, JSON, or a word, as the service reads a query string."""
    try:
        return json.loads(f"[{text}]" if re.fullmatch(r"[-\d.]+(,[-\d.]+)+", text) else text)
    except ValueError:
        return text


def _members(path: Path, content: bytes) -> dict[str, Any]:
    try:
        members = json.loads(content)
    except ValueError as error:
        raise InvalidArgument(f"{path}: not JSON: {error}") from error
    if not isinstance(members, dict):
        raise InvalidArgument(f"{path}: expected a JSON object, got {type(members).__name__}")
    return members


def _content(response: httpx.Response) -> bytes:
    return response.content


def _files_of(given: Path) -> list[tuple[Path, Path]]:
    if not given.is_dir():
        return [(given, given.parent)]
    found = sorted(path for path in given.rglob("*") if path.is_file() and path.suffix.lower() in MEDIA_TYPES)
    return [(path, given) for path in found]


def _with_suffix(path: Path, suffix: str | None) -> Path:
    return path.with_suffix(f".{suffix.lstrip('.')}") if suffix else path


def _write(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)  # such as /dev/null
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
