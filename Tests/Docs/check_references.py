"""Checks that the documents are complete, and that their links and names exist.

    python3 Tests/Docs/check_references.py --server .build/debug/pooling-server

* Every flag and environment variable, error code, op, region and parameter is named in its reference page.
* Every relative link has a target, and its fragment a heading.
* docs/README.md links to every page, and Examples/README.md lists every example.
* The parameters of regions are described in the same words by the service and by the reference.
* The Swift types that the pages for developers name exist.
* The documents, openapi.yaml, the catalogue of the service, the texts in its sources (messages, help, metrics) and the
  comments of the code use the terms of the glossary.
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
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
PAGES_WITH_TYPES = ["docs/architecture.md", "docs/adding-an-op.md", "docs/adding-a-region.md", "docs/decisions/*.md"]
TYPE = re.compile(r"`([A-Z][a-z]+(?:[A-Z][a-z]*)+)(?:\.\w+)*`")
# The glossary has each of these as another name of the term here.
PAGE_WITH_OTHER_NAMES = "docs/reference/glossary.md"
AVOIDED = {
    r"refus\w+": "rejected, or not supported",
    r"stands?": "is",
    r"winners?": "indices, or selected",
    r"beside": "with, or next to",
    r"extents?": "size",
    r"parked": "suspended",
    r"(?:jobs?|left|deadline passed) in line": "in the queue",
    r"(?:has|have) no meaning": "is not supported, or is not used",
    r"to the letter": "as",
}
# Words for things that have another name in the code, and for a plain verb or preposition.
AVOIDED_IN_COMMENTS = {
    **{pattern: better for pattern, better in AVOIDED.items() if pattern != r"extents?"},
    r"crew": "workers",
    r"farewell": "lingering close",
    r"receipts?": "completion",
    r"seal(?:s|ed)?": "finalizer",
}
FOLDERS_WITH_COMMENTS = ["Sources", "Tests"]
COMMENT = re.compile(r"(?:^|\s)//+ (.*)")
STRING = re.compile(r'"""(.*?)"""|"((?:[^"\\\n]|\\.)*)"', re.DOTALL)
INTERPOLATION = re.compile(r"\\\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def flags(server: Path) -> list[str]:
    """The flags of ``serve``, each with its environment variable."""
    usage = subprocess.run([server, "serve", "--help"], check=True, capture_output=True, text=True).stdout
    found = [flag for flag in re.findall(r"^  (?:-\w, )?(--[a-z-]+) <", usage, re.MULTILINE)]
    return found + ["POOLING_SERVER_" + flag[2:].replace("-", "_").upper() for flag in found]


def error_codes() -> list[str]:
    """The codes in openapi.yaml, which a test of the service compares with the code."""
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


def pages(patterns: list[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern)})


def broken_links() -> list[str]:
    broken = []
    for page in pages(PATTERNS):
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


def pages_without_entry() -> list[str]:
    index = ROOT / "docs/README.md"
    targets = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(text("docs/README.md"))}
    linked = {target.parent for target in targets if target.name == "README.md"}
    return [
        f"docs/README.md: no entry for {page.relative_to(ROOT)}"
        for page in pages(["docs/**/*.md"])
        if page != index and page not in targets and (page.parent not in linked or page.parent == index.parent)
    ]


def examples_without_entry() -> list[str]:
    listed = re.findall(r"`([^`]+)`", text("Examples/README.md"))
    return [
        f"Examples/README.md: no entry for {path.name}"
        for path in sorted((ROOT / "Examples").iterdir())
        if path.is_file() and path.name != "README.md" and path.name not in listed
    ]


def other_descriptions(server: Path) -> list[str]:
    """Parameters of regions whose meaning in the reference is not the text of the catalogue."""
    document = json.loads(subprocess.run([server, "operations"], check=True, capture_output=True, text=True).stdout)
    page = text("docs/reference/http.md")
    faults = []
    for region in document["regions"]:
        section = re.search(rf"^### {region['name']}\n(.*?)(?=^##)", page + "\n## ", re.MULTILINE | re.DOTALL)
        rows = re.findall(r"^\| `(\w+)` \|(?:.*\|) (.+) \|$", section[1] if section else "", re.MULTILINE)
        meanings = {name: meaning.replace("`", "") for name, meaning in rows}
        faults += [
            f"docs/reference/http.md: '{name}' of {region['name']} is described as '{meanings.get(name)}', "
            f"by the service as '{summary}'"
            for name, summary in ((p["name"], p["summary"]) for p in region["parameters"])
            if meanings.get(name) != summary
        ]
    return faults


def unknown_types() -> list[str]:
    sources = pages(["Sources/**/*.swift", "Tests/**/*.swift"])
    known = {path.stem for path in sources}.union(*(re.findall(r"\w+", path.read_text("utf-8")) for path in sources))
    return [
        f"{page.relative_to(ROOT)}: there is no type {name}"
        for page in pages(PAGES_WITH_TYPES)
        for name in TYPE.findall(CODE.sub(lambda code: code[0] if "\n" not in code[0] else "", page.read_text("utf-8")))
        if name not in known
    ]


def avoided_in(place: str, prose: str, words: dict[str, str] = AVOIDED) -> list[str]:
    return [
        f"{place}: '{word}': write {better}"
        for pattern, better in words.items()
        for word in re.findall(rf"\b{pattern}\b", prose)
    ]


def descriptions(node: object, place: str = "") -> list[tuple[str, str]]:
    """Every text for people in a JSON document, with its place."""
    if isinstance(node, list):
        return [found for i, item in enumerate(node) for found in descriptions(item, f"{place}/{i}")]
    if not isinstance(node, dict):
        return []
    texts = [(f"{place}/{key}", value) for key, value in node.items()
             if key in ("description", "summary", "reason", "title") and isinstance(value, str)]
    return texts + [found for key, value in node.items() for found in descriptions(value, f"{place}/{key}")]


def avoided_words_of_the_service(server: Path) -> list[str]:
    """In openapi.yaml, of which openapi.json is a copy, and in the catalogue."""
    catalogue = subprocess.run([server, "operations"], check=True, capture_output=True, text=True).stdout
    return [
        fault
        for name, document in (("openapi.yaml", text("openapi.json")), ("/v1/operations", catalogue))
        for place, prose in descriptions(json.loads(document))
        for fault in avoided_in(f"{name} {place}", CODE.sub("", prose))
    ]


def avoided_words_of_the_sources() -> list[str]:
    """In string literals with more than one word; one word is the name of a field, a flag or a metric."""
    faults = []
    for path in pages(["Sources/**/*.swift"]):
        source = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for found in STRING.finditer(source):
            prose = CODE.sub("", INTERPOLATION.sub("", found[1] or found[2] or ""))
            place = f"{path.relative_to(ROOT)}:{source.count(chr(10), 0, found.start()) + 1}"
            faults += avoided_in(place, prose) if " " in prose.strip() else []
    return faults


def avoided_words() -> list[str]:
    faults = []
    for page in pages(PATTERNS):
        if page == ROOT / PAGE_WITH_OTHER_NAMES:
            continue
        # Code is left out, line breaks inside it are kept for the line numbers.
        prose = CODE.sub(lambda code: "\n" * code[0].count("\n"), page.read_text(encoding="utf-8"))
        for number, line in enumerate(prose.splitlines(), start=1):
            faults += avoided_in(f"{page.relative_to(ROOT)}:{number}", line)
    for source in pages([f"{folder}/**/*.swift" for folder in FOLDERS_WITH_COMMENTS]):
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
            if match := COMMENT.search(line):
                place = f"{source.relative_to(ROOT)}:{number}"
                faults += avoided_in(place, CODE.sub("", match[1]), AVOIDED_IN_COMMENTS)
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--server", type=Path, required=True, help="the built server")
    server = parser.parse_args().server.resolve()
    faults = missing(flags(server), "docs/reference/command-line.md")
    faults += missing(error_codes(), "docs/reference/errors.md")
    faults += missing(catalogue(server), "docs/reference/http.md")
    faults += other_descriptions(server) + examples_without_entry()
    faults += broken_links() + pages_without_entry() + unknown_types() + avoided_words()
    faults += avoided_words_of_the_service(server) + avoided_words_of_the_sources()
    print(*faults, sep="\n")
    print(f"{len(faults)} faults in the references")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
