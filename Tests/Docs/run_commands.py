"""Runs every command and program in the documents and compares the output with the documented one.

    python3 Tests/Docs/run_commands.py --server .build/debug/pooling-server [--python PYTHON] [DOCUMENT...]

The documents are README.md and every Markdown file of docs/, clients/ and Examples/. These blocks are run:

* ``console``: lines after ``$ `` are commands (``> `` continues one), the other lines are their output. ``…`` matches
  any text on its line; a line with nothing else matches any number of lines.
* ``sh``: run as a whole; must succeed. Output that is not documented may be anything.
* ``python``: run with PYTHON, after the earlier ``python`` blocks of the document.
* ``javascript``, ``java``, ``go``, ``r``: each block is a program of its own, run where the language is installed.

The output of a program or an ``sh`` block is the ``text`` block that follows it, if there is one.

A block after ``<!-- not run: REASON -->`` is only listed; so is a block after ``<!-- run by: TEST -->``, which another
test runs, and a block after ``<!-- needs: MODULE -->`` where PYTHON does not have that module. Each document has a fresh directory that looks like the repository, and each block has its own shell.
http://127.0.0.1:8080 is the server under test; every other port between 8000 and 9999 is replaced by a free one.
``--update`` writes the actual output into the documents, for their author to review.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Operations"))

from support.ports import free_port  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/**/*.md", "clients/**/README.md", "Examples/README.md"]
MARKER = re.compile(r"<!-- (not run|run by|needs): (.+) -->")
FENCE = re.compile(r"^( *)```(\w*)\s*$")
PORT = re.compile(r"(?<=[:= ])([89]\d{3})(?=[\s/'\"]|$)", re.MULTILINE)
# Longer than a cold Go build takes on a busy machine.
SECONDS_PER_BLOCK = 300
# The file and the command of a program, by the language of its block.
PROGRAMS = {
    "javascript": ("main.mjs", ["node"]),
    "java": ("Main.java", ["java"]),
    "go": ("main.go", ["go", "run"]),
    "r": ("main.R", ["Rscript", "--vanilla"]),
}
RUNNABLE = ("console", "sh", "python", *PROGRAMS)
STARTING_WORD, END_OF_COMMAND = "listening on ", "\x1e"


@dataclass
class Block:
    """One fenced block of a document."""

    document: Path
    language: str
    first_line: int
    lines: list[str] = field(default_factory=list)
    reason_not_to_run: str | None = None
    module: str | None = None

    @property
    def place(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.first_line}"


@dataclass
class Command:
    """One command of a ``console`` block and its expected output."""

    text: str
    expected: list[str] = field(default_factory=list)


def blocks_of(document: Path) -> list[Block]:
    blocks: list[Block] = []
    current: Block | None = None
    marker = None
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), start=1):
        fence = FENCE.match(line)
        if current is not None:
            if fence and not fence[2]:
                blocks.append(current)
                current = None
            else:
                current.lines.append(line)
        elif fence:
            current = Block(document, fence[2], number + 1)
            if marker and marker[1] == "needs":
                current.module = marker[2]
            elif marker:
                current.reason_not_to_run = f"{marker[1]}: {marker[2]}"
            marker = None
        elif line.strip():
            marker = MARKER.search(line)
    return blocks


def commands_of(block: Block) -> list[Command]:
    commands: list[Command] = []
    continues = False
    for line in block.lines:
        if line.startswith("$ "):
            commands.append(Command(line[2:]))
            continues = True
        elif continues and line.startswith("> "):
            commands[-1].text += "\n" + line[2:]
        else:
            continues = False
            if not commands:
                raise SystemExit(f"{block.place}: a console block starts with '$ '")
            commands[-1].expected.append(line)
    return commands


def agree(expected: list[str], printed: list[str]) -> bool:
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "…" else re.escape(line.rstrip()).replace("…", ".*") + r"\s*\n"
        for line in expected
    )
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed)) is not None


class Ports:
    """Free ports in place of those in the documents, and the other way round in what commands print."""

    def __init__(self, documents: list[Path]):
        self.text = "".join(document.read_text(encoding="utf-8") for document in documents)
        self.known: dict[str, str] = {}

    def free(self, shown: str) -> str:
        if shown not in self.known:
            self.known[shown] = self.unwritten()
        return self.known[shown]

    def unwritten(self) -> str:
        """A free port that is not a number in the documents, which `shown` would change."""
        while (port := str(free_port())) in self.text:
            pass
        return port

    def actual(self, text: str) -> str:
        return PORT.sub(lambda match: self.free(match[1]), text)

    def shown(self, text: str) -> str:
        for shown, actual in self.known.items():
            text = re.sub(rf"(?<!\d){actual}(?!\d)", shown, text)
        return text


class Runner:
    """Runs blocks against one server."""

    def __init__(self, server: Path, python: str | None, url: str, ports: Ports):
        self.ports = ports
        self.python = python
        self.environment = dict(os.environ, POOLING_SERVER_URL=url, LC_ALL="C.UTF-8")
        binaries = [str(server.parent)] + ([str(Path(python).parent)] if python else [])
        if server.name != "pooling-server":
            raise SystemExit(f"{server}: the documents call it pooling-server")
        self.environment["PATH"] = os.pathsep.join(binaries + [os.environ["PATH"]])

    def output(self, arguments: list[str], directory: str) -> tuple[int, str]:
        """The status and the output of a command; a timeout kills its children too."""
        process = subprocess.Popen(
            [self.ports.actual(argument) for argument in arguments], cwd=directory, env=self.environment,
            start_new_session=True, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            printed, _ = process.communicate(timeout=SECONDS_PER_BLOCK)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return 1, process.communicate()[0] + f"\nno end after {SECONDS_PER_BLOCK} s"
        return process.returncode, self.ports.shown(printed)

    def has_module(self, module: str) -> bool:
        code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
        return subprocess.run([str(self.python), "-c", code]).returncode == 0

    def console(self, block: Block, directory: str) -> list[tuple[Command, list[str], int]]:
        commands = commands_of(block)
        script = "trap 'kill $(jobs -p) 2>/dev/null' EXIT\n" + "".join(
            f"{command.text}\nprintf '\\n{END_OF_COMMAND}%s{END_OF_COMMAND}' $?\n" for command in commands
        )
        _, printed = self.output(["bash", "-c", script], directory)
        parts = printed.split(END_OF_COMMAND)
        results = []
        for number, command in enumerate(commands):
            text, status = (parts[2 * number], int(parts[2 * number + 1])) if 2 * number + 1 < len(parts) else ("", 1)
            lines = text.strip("\n").splitlines()
            results.append((command, lines, status))
        return results

    def program(self, block: Block, directory: str) -> tuple[int, str]:
        name, command = PROGRAMS[block.language]
        source = Path(directory, name)
        source.write_text(self.ports.actual("\n".join(block.lines) + "\n"), encoding="utf-8")
        return self.output([*command, name], directory)

    def missing(self, block: Block) -> str | None:
        """The interpreter, compiler or module that the block needs, if it is not installed."""
        if block.language == "python" and not self.python:
            return "--python"
        if block.language == "python":
            return None if not block.module or self.has_module(block.module) else block.module
        program = PROGRAMS[block.language][1][0] if block.language in PROGRAMS else "bash"
        return None if shutil.which(program) else program


class Report:
    """Failures, the number of blocks that ran, and the blocks that did not."""

    def __init__(self) -> None:
        self.failures = 0
        self.run = 0
        self.not_run: list[str] = []

    def fail(self, place: str, command: str, expected: list[str], printed: list[str], status: int) -> None:
        self.failures += 1
        print(f"\nFAIL {place}: {command}", *("  expected | " + line for line in expected), sep="\n")
        print(*("  printed  | " + line for line in printed), f"  status   | {status}", sep="\n")


def check_document(document: Path, runner: Runner, report: Report, update: bool) -> None:
    with tempfile.TemporaryDirectory() as directory:
        for entry in ROOT.iterdir():
            if entry.name != "Examples" and not entry.name.startswith("."):
                os.symlink(entry, Path(directory, entry.name))
        shutil.copytree(ROOT / "Examples", Path(directory, "Examples"))
        blocks = blocks_of(document)
        for block in blocks:
            if block.language in RUNNABLE and not block.reason_not_to_run:
                missing = runner.missing(block)
                block.reason_not_to_run = f"not run: needs {missing}" if missing else None
            if block.language in RUNNABLE and block.reason_not_to_run:
                report.not_run.append(f"{block.place}: {block.reason_not_to_run}")
        changes = {}
        earlier = ""
        for block, following in zip(blocks, blocks[1:] + [None]):
            if block.reason_not_to_run:
                continue
            shown = following if following and following.language == "text" else None
            if block.language == "console":
                changes[block.first_line] = check_console(block, runner, report, directory)
            elif block.language == "sh":
                check_script(block, shown, runner, report, changes, directory)
            elif block.language == "python":
                source = "\n".join([earlier, f"print('{END_OF_COMMAND}')", *block.lines])
                result = runner.output([str(runner.python), "-c", source], directory)
                earlier += "\n".join(block.lines) + "\n"
                check_program(block, shown, result, report, changes)
            elif block.language in PROGRAMS:
                check_program(block, shown, runner.program(block, directory), report, changes)
        if update:
            write_back(document, changes)


def check_console(block: Block, runner: Runner, report: Report, directory: str) -> list[str]:
    lines = []
    for command, printed, status in runner.console(block, directory):
        report.run += 1
        is_right = status == 0 and agree(command.expected, printed)
        if not is_right:
            report.fail(block.place, command.text, command.expected, printed, status)
        lines += ["$ " + command.text.replace("\n", "\n> ")] + (command.expected if is_right else printed)
    return lines


def check_script(
    block: Block, shown: Block | None, runner: Runner, report: Report, changes: dict[int, list[str]], directory: str
) -> None:
    result = runner.output(["bash", "-euc", "\n".join(block.lines) + "\n"], directory)
    if shown:
        check_program(block, shown, result, report, changes)
        return
    report.run += 1
    status, printed = result
    if status != 0:
        report.fail(block.place, "the script", [], printed.splitlines(), status)


def check_program(
    block: Block, shown: Block | None, result: tuple[int, str], report: Report, changes: dict[int, list[str]]
) -> None:
    report.run += 1
    expected = shown.lines if shown else []
    status, output = result
    printed = output.rsplit(END_OF_COMMAND, 1)[-1].strip("\n").splitlines()
    is_right = status == 0 and agree(expected, printed)
    if not is_right:
        report.fail(block.place, f"the {block.language} block", expected, printed, status)
    if shown:
        changes[shown.first_line] = expected if is_right else printed


def write_back(document: Path, changes: dict[int, list[str]]) -> None:
    result = []
    lines = iter(enumerate(document.read_text(encoding="utf-8").splitlines(), start=1))
    for number, line in lines:
        if number in changes:
            result += changes[number]
            while not line.startswith("```"):
                number, line = next(lines)
        result.append(line)
    document.write_text("\n".join(result) + "\n", encoding="utf-8")


def start(server: Path, port: str, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Starts the server and waits for the log line with its address."""
    process = subprocess.Popen(
        [server, "serve", "--port", port], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0)
    line = process.stderr.readline().decode()
    if STARTING_WORD not in line:
        process.kill()
        raise SystemExit(f"the server did not start: {line}")
    # The rest of the log goes to a file, so that a full pipe never stops the server.
    subprocess.Popen(["cat"], stdin=process.stderr, stdout=log.open("wb"))
    return process, line.split(STARTING_WORD, 1)[1].strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--server", type=Path, required=True, help="the built server")
    parser.add_argument("--python", help="an interpreter that has pooling-client, for the python blocks")
    parser.add_argument("--update", action="store_true", help="write the actual output into the documents")
    parser.add_argument("documents", nargs="*", type=Path)
    options = parser.parse_args()
    documents = [path.resolve() for path in options.documents]
    documents = documents or sorted({path for pattern in DOCUMENTS for path in ROOT.glob(pattern)})
    report = Report()
    ports = Ports(documents)
    with tempfile.TemporaryDirectory() as logs:
        process, url = start(options.server.resolve(), ports.free("8080"), Path(logs, "server.log"))
        try:
            runner = Runner(options.server.resolve(), options.python, url, ports)
            for document in documents:
                check_document(document, runner, report, options.update)
        finally:
            process.terminate()
            process.wait()
    print(*report.not_run, sep="\n")
    print(f"{report.run} commands and programs of {len(documents)} documents run, {report.failures} wrong")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
