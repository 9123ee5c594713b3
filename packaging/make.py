"""Makes the files of a release from built programs; ``scripts/dist`` builds them first.

    python3 packaging/make.py --programs FOLDER --output dist --epoch SECONDS --commit HASH [--add FILE ...]
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

import debian
import image
import materials
import tarball
import wheel
from payload import Payload, text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--programs", type=Path, required=True, help="the folder with pooling-server and its other builds")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--epoch", type=int, required=True, help="the time of all files, in seconds (SOURCE_DATE_EPOCH)")
    parser.add_argument("--commit", required=True)
    parser.add_argument("--compiler", required=True, help="the version of Swift")
    parser.add_argument("--add", type=Path, nargs="*", default=[], help="other files of the release")
    options = parser.parse_args()
    payload = Payload(options.programs, version(), options.epoch, options.commit)
    made = {path.name: path.read_bytes() for path in options.add}
    for kind in (tarball, debian, wheel, image):
        made |= kind.make(payload)
    made |= materials.make(payload, made, options.compiler)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(made.items()))
    made["SHA256SUMS"] = sums.encode()
    options.output.mkdir(parents=True, exist_ok=True)
    for name, content in sorted(made.items()):
        (options.output / name).write_bytes(content)
        print(f"{len(content):>12,} {options.output / name}")


def version() -> str:
    found = re.search(r'static let version = "([^"]+)"', text("Sources/PoolingService/BuildInfo.swift").decode())
    if found is None:
        raise SystemExit("BuildInfo.swift has no version")
    return found[1]


if __name__ == "__main__":
    main()
