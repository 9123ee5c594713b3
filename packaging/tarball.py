"""A folder to unpack anywhere: programs, libraries, completions, units, licences."""

from __future__ import annotations

from archives import File, Files, gzipped, tar
from payload import NAME, Payload, text

README = """pooling-server {version}

bin/pooling-server serves on http://127.0.0.1:8080. It needs Linux with glibc {glibc} or later, and nothing else: the
libraries that it loads are in lib/pooling-server. On newer processors it becomes the build next to it.
completions/ has completion for bash, zsh and fish; systemd/ has units, which expect the program in /usr/local/bin.
"""


def make(payload: Payload) -> dict[str, bytes]:
    root = f"{NAME}-{payload.version}"
    return {f"{root}-linux-{payload.machine}.tar.gz": gzipped(tar(files(payload), payload.epoch, f"{root}/"))}


def files(payload: Payload) -> Files:
    major, minor = payload.oldest_glibc
    found = {f"bin/{name}": file for name, file in payload.programs.items()}
    found |= {f"lib/{NAME}/{library.name}": File(library.content) for library in payload.bundled}
    found |= {f"licences/{name}": file for name, file in payload.licences.items()}
    found |= {f"completions/{name}": File(payload.completions[shell]) for shell, name in COMPLETIONS.items()}
    found |= {f"systemd/{unit}": File(text(f"deploy/systemd/{unit}")) for unit in UNITS}
    found["README"] = File(README.format(version=payload.version, glibc=f"{major}.{minor}").encode())
    return found


COMPLETIONS = {"bash": NAME, "zsh": f"_{NAME}", "fish": f"{NAME}.fish"}
UNITS = (f"{NAME}.service", f"{NAME}.socket")
