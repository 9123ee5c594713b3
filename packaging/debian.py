"""A Debian package: programs, units, completions; the libraries come from Debian."""

from __future__ import annotations

import hashlib

from archives import File, Files, ar, tar, xz
from payload import DEBIAN_MACHINES, NAME, Payload, text
from tarball import COMPLETIONS, UNITS

CONTROL = """Package: {name}
Version: {version}
Architecture: {machine}
Maintainer: The pooling-server authors <pooling-server@localhost>
Installed-Size: {size}
Depends: {depends}
Section: net
Priority: optional
Description: pooling layers of neural networks over HTTP
 Pools tensors, pictures and arrays: max, average and other pooling layers,
 forward and backward, as JSON, NumPy files, safetensors, PNG and KServe v2.
"""
FOLDERS = {
    "bash": "usr/share/bash-completion/completions", "zsh": "usr/share/zsh/vendor-completions",
    "fish": "usr/share/fish/vendor_completions.d",
}
#: Settings of the service, kept when the package is upgraded.
SETTINGS = """# Settings of pooling-server, one per line, such as POOLING_SERVER_MAX_BODY=16MiB.
# 'pooling-server serve --help' lists them. The address is in pooling-server.socket.
"""
POSTINST = """#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl enable --now pooling-server.socket
    # An upgrade: the socket stays open, so that no connection is refused.
    systemctl try-restart pooling-server.service
fi
"""
PRERM = """#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now pooling-server.socket pooling-server.service
fi
"""


def make(payload: Payload) -> dict[str, bytes]:
    machine = DEBIAN_MACHINES[payload.machine]
    data = files(payload)
    control = {
        "control": File(_control(payload, data, machine).encode()),
        "md5sums": File("".join(
            f"{hashlib.md5(file.content, usedforsecurity=False).hexdigest()}  {path}\n"
            for path, file in sorted(data.items())).encode()),
        "conffiles": File(f"/etc/default/{NAME}\n".encode()),
        "postinst": File(POSTINST.encode(), is_executable=True),
        "prerm": File(PRERM.encode(), is_executable=True),
    }
    archive = ar({
        "debian-binary": b"2.0\n",
        "control.tar.xz": xz(tar(control, payload.epoch, "./")),
        "data.tar.xz": xz(tar(data, payload.epoch, "./")),
    }, payload.epoch)
    return {f"{NAME}_{payload.version}_{machine}.deb": archive}


def files(payload: Payload) -> Files:
    found = {f"usr/bin/{name}": file for name, file in payload.programs.items()}
    found |= {f"{FOLDERS[shell]}/{name}": File(payload.completions[shell]) for shell, name in COMPLETIONS.items()}
    for unit in UNITS:
        content = text(f"deploy/systemd/{unit}").replace(b"/usr/local/bin/", b"/usr/bin/")
        found[f"lib/systemd/system/{unit}"] = File(content)
    found[f"etc/default/{NAME}"] = File(SETTINGS.encode())
    found[f"usr/share/doc/{NAME}/copyright"] = File(text("LICENSE"))
    return found


def _control(payload: Payload, data: Files, machine: str) -> str:
    glibc = "libc6 (>= {}.{})".format(*payload.oldest_glibc)
    direct = {library.package for library in payload.libraries if not library.is_system}
    return CONTROL.format(
        name=NAME, version=payload.version, machine=machine, depends=", ".join([glibc, *sorted(direct)]),
        size=sum(len(file.content) for file in data.values()) // 1024)
