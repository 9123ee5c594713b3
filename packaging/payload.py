"""What all packages carry: the programs, the libraries that they load, and the licences."""

from __future__ import annotations

import platform
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from archives import File

REPOSITORY = Path(__file__).resolve().parents[1]
NAME = "pooling-server"
#: Part of every Linux system with glibc; a program must not bring another one's.
SYSTEM = re.compile(r"^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv)\.so\..*)$")
DEBIAN_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Library:
    """A shared library, and the Debian package that it comes from."""

    path: Path
    package: str
    version: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_system(self) -> bool:
        return bool(SYSTEM.match(self.name))

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()

    @property
    def licence(self) -> bytes:
        return Path("/usr/share/doc", self.package, "copyright").read_bytes()


@dataclass(frozen=True)
class Payload:
    """The programs of one version, for this kind of machine."""

    folder: Path
    version: str
    epoch: int
    commit: str

    @property
    def machine(self) -> str:
        return platform.machine()

    @cached_property
    def programs(self) -> dict[str, File]:
        """``pooling-server``, and the builds for newer processors that it becomes where it can."""
        found = {path.name: File(path.read_bytes(), is_executable=True) for path in sorted(self.folder.glob(f"{NAME}*"))}
        if NAME not in found:
            raise SystemExit(f"{self.folder}: there is no {NAME}")
        return found

    @cached_property
    def libraries(self) -> list[Library]:
        """All that the programs load, those of the system too."""
        paths: set[Path] = set()
        for name in self.programs:
            printed = subprocess.run(["ldd", self.folder / name], check=True, capture_output=True, text=True).stdout
            if "not found" in printed:
                raise SystemExit(f"{name}: a library is missing:\n{printed}")
            paths |= {Path(path) for path in re.findall(r"(/\S+)", printed)}
        return [_library(path) for path in sorted(paths)]

    @property
    def bundled(self) -> list[Library]:
        return [library for library in self.libraries if not library.is_system]

    @cached_property
    def oldest_glibc(self) -> tuple[int, int]:
        """The newest version of glibc that a symbol of programs or bundled libraries asks for."""
        files = [*(self.folder / name for name in self.programs), *(library.path for library in self.bundled)]
        printed = subprocess.run(["objdump", "-T", *files], check=True, capture_output=True, text=True).stdout
        versions = {tuple(map(int, match)) for match in re.findall(r"\(GLIBC_(\d+)\.(\d+)[.\d]*\)", printed)}
        return max(versions)  # type: ignore[return-value]

    @property
    def licences(self) -> dict[str, File]:
        """The licence of the project, and of each bundled library."""
        found = {"LICENSE": File((REPOSITORY / "LICENSE").read_bytes())}
        found |= {f"{library.package}.copyright": File(library.licence) for library in self.bundled}
        return found

    @cached_property
    def completions(self) -> dict[str, bytes]:
        """The completion script of each shell."""
        return {
            shell: subprocess.run(
                [self.folder / NAME, "--generate-completion-script", shell], check=True, capture_output=True).stdout
            for shell in ("bash", "zsh", "fish")
        }


def text(path: str) -> bytes:
    return (REPOSITORY / path).read_bytes()


def _library(path: Path) -> Library:
    resolved = str(path.resolve())
    # On a system with /usr merged, packages may list the path without /usr.
    owner = subprocess.run(
        ["dpkg-query", "--search", f"*{resolved.removeprefix('/usr')}"], check=True, capture_output=True, text=True).stdout
    package = owner.split(":")[0].split(",")[0]
    version = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Version}\n", package], check=True, capture_output=True,
        text=True).stdout.splitlines()[0]
    return Library(path, package, version)
