"""Checks that the documents know everything they should, and that their links lead somewhere.

    python3 Tests/Docs/check_references.py --server .build/debug/pooling-server

Every flag of the command line and its environment variable, every error code, op, region and parameter must be named in
its reference page; every relative link must lead to a file, and its fragment to a heading.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = ["*.md", "docs/**/*.md", "clients/**/README.md", "Examples/*.md", "deploy/**/*.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def flags(server: Path) -> list[str]:
    """The flags of ``serve``, each with its environment variable."""
    usage = subprocess.run([server, "serve", "--help"], check=True, capture_output=True, text=True).stdout
    found = [flag for flag in re.findall(r"^  (?:-\w, )?(--[a-z-]+) <", usage, re.MULTILINE)]
    return found + ["POOLING_SERVER_" + flag[2:].replace("-", "_").upper() for flag in found]


def error_codes() -> list[str]:
    """The codes that openapi.yaml lists, which a test of the service compares with the code."""
    block = re.search(r"^    ProblemCode:\n(?:      .*\n)*?      enum:\n((?:        - .*\n)+)", text("openapi.yaml"), re.MULTILINE)
    if block is None:
        raise SystemExit("openapi.yaml has no ProblemCode")
    return re.findall(r"- (\w+)", block[1])


def catalogue(server: Path) -> list[str]:
    document = json.loads(subprocess.run([server, "operations"], check=True, capture_output=True, text=True).stdout)
    entries = document["ops"] + document["regions"]
    return [entry["name"] for entry in entries] + [p["name"] for entry in entries for p in entry["parameters"]]


def missing(words: list[str], page: str) -> list[str]:
    known = set(re.findall(r"[\w-]+", text(page)))
    return [f"{page}: '{word}' is not named" for word in sorted(set(words)) if word not in known]


def anchors(page: Path) -> set[str]:
    lines = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL).splitlines()
    headings = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def broken_links() -> list[str]:
    broken = []
    for page in sorted({path for pattern in PATTERNS for path in ROOT.glob(pattern)}):
        for link in LINK.findall(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, fragment = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists():
                broken.append(f"{page.relative_to(ROOT)}: nothing is at {link}")
            elif fragment and target.suffix == ".md" and fragment not in anchors(target):
                broken.append(f"{page.relative_to(ROOT)}: no heading for {link}")
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--server", type=Path, required=True, help="the built server")
    server = parser.parse_args().server.resolve()
    faults = missing(flags(server), "docs/reference/command-line.md")
    faults += missing(error_codes(), "docs/reference/errors.md")
    faults += missing(catalogue(server), "docs/reference/http.md")
    faults += broken_links()
    print(*faults, sep="\n")
    print(f"{len(faults)} faults in the references")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
