"""Archives whose bytes depend on nothing but their content: sorted, of one time, of one owner."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """A file of an archive."""

    content: bytes
    is_executable: bool = False

    @property
    def mode(self) -> int:
        return 0o755 if self.is_executable else 0o644


Files = Mapping[str, File]


def tar(files: Files, epoch: int, prefix: str = "") -> bytes:
    """The files with the folders that they are in."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for folder in sorted({parent for path in files for parent in _parents(path)}):
            archive.addfile(_member(prefix + folder, 0o755, epoch, tarfile.DIRTYPE))
        for path, file in sorted(files.items()):
            member = _member(prefix + path, file.mode, epoch, tarfile.REGTYPE)
            member.size = len(file.content)
            archive.addfile(member, io.BytesIO(file.content))
    return buffer.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


def xz(content: bytes) -> bytes:
    return lzma.compress(content, preset=4)


def zipped(files: Files, epoch: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        # In this order: the last entry of a wheel is its list of files.
        for path, file in files.items():
            entry = zipfile.ZipInfo(path, time.gmtime(epoch)[:6])
            entry.external_attr = (0o100000 | file.mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix
            archive.writestr(entry, file.content)
    return buffer.getvalue()


def ar(members: Mapping[str, bytes], epoch: int) -> bytes:
    """The format of Debian packages; the order is part of it."""
    parts = [b"!<arch>\n"]
    for name, content in members.items():
        parts.append(f"{name:<16}{epoch:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode())
        parts += [content, b"\n" * (len(content) % 2)]
    return b"".join(parts)


def _member(path: str, mode: int, epoch: int, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.mode, member.mtime, member.type = mode, epoch, kind
    member.uname = member.gname = "root"
    return member


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]
