"""The command ``pooling-client``: pools files, asks for shapes, lists ops and regions."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import re
import sys
import typing
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import httpx

from ._calls import TENSORS
from ._client import PoolingClient
from ._errors import PoolingError, PoolingNotice
from ._files import Failure, jobs, media_type, run_all, value_of
from ._progress import Bar, ReportingTransport
from ._results import ParameterInfo

#: From this size on a file has a progress bar of its own.
_LARGE = 4 << 20
_KEY = "POOLING_API_KEY"
_EXAMPLES = """\
examples:
  pooling-client forward cat.png --op max --kernel 4 -o small.png
  pooling-client forward features.npy --op avg --region adaptive --output-size 7,7 -o pooled.npy
  pooling-client forward photos/ --op max --kernel 2 -o halved/
  pooling-client shape 1,64,112,112 --op max --kernel 3 --stride 2 --padding 1

environment:
  POOLING_SERVER_URL  the service, when --url is not given (default: http://127.0.0.1:8080)
  POOLING_API_KEY     the API key, where the service asks for one
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and gives its exit code."""
    options = _parser().parse_args(arguments)
    warnings.simplefilter("always", PoolingNotice)
    warnings.showwarning = _show_notice
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # The reader, such as head, has seen enough; the interpreter must not write the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (PoolingError, OSError) as error:
        return _complain(_text(error))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pooling-client", description="Pools files with a pooling-server.", epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=version("pooling-client"))
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, usage, method, text in (
        ("forward", "FILE… --op OP [PARAMETERS] [-o PATH]", PoolingClient.forward, "pool files: .png, .npy, .safetensors or .json"),
        ("backward", "FILE… --op OP [PARAMETERS] [-o PATH]", PoolingClient.backward,
         "the gradient of forward; .npy holds grad_output, .safetensors more"),
        ("unpool", "FILE… --kernel KERNEL [PARAMETERS] [-o PATH]", PoolingClient.unpool,
         "put values back at their indices; .safetensors holds both"),
    ):
        command = _command(commands, name, usage, text, _run_files)
        command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, or a folder of files")
        command.add_argument(
            "-o", "--output", type=Path, metavar="PATH",
            help="the file to write, or the folder for several; its ending chooses the format (default: standard output)")
        command.add_argument("--format", metavar="ENDING", help="another format for the files written, such as npy")
        command.add_argument("--jobs", type=int, default=4, metavar="N", help="files sent at once (default: 4)")
        command.add_argument(
            "--progress", action=argparse.BooleanOptionalAction,
            help="a progress bar (default: on a terminal, for folders and large files)")
        command.set_defaults(path=f"/v1/{name}")
        _add_parameters(command, method)
    shape = _command(commands, "shape", "[SHAPE] [--op OP] [PARAMETERS]", "the shape that a layer makes of a shape", _run_shape)
    shape.add_argument("input_shape", metavar="SHAPE", nargs="?", help="such as 1,64,112,112")
    _add_parameters(shape, PoolingClient.shape)
    operations = _command(commands, "operations", "[--json]", "list ops and regions with their parameters", _run_operations)
    operations.add_argument("--json", action="store_true", help="the whole catalogue as JSON")
    _command(commands, "status", "[--url URL]", "whether the service runs and takes requests", _run_status)
    return parser


def _command(
    commands: Any, name: str, usage: str, text: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=text, usage=f"pooling-client {name} {usage}", description=f"{text[0].upper()}{text[1:]}.", epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--url", help="where the service is; several, separated by commas, are replicas")
    command.add_argument("--deadline", type=float, metavar="SECONDS", help="the time that a request may take in all")
    command.set_defaults(run=run)
    return command


def _add_parameters(command: argparse.ArgumentParser, method: Callable[..., Any]) -> None:
    """A flag for each parameter of the client's method; the service reads and checks the values."""
    group = command.add_argument_group("parameters of the request")
    hints = typing.get_type_hints(method)
    texts = _documented(PoolingClient.forward) | _documented(method)
    for parameter in inspect.signature(method).parameters.values():
        name = parameter.name
        if name in ("self", "deadline", "input_shape" if command.prog.endswith("shape") else "", *TENSORS):
            continue
        flag, text = f"--{name.replace('_', '-')}", texts.get(name, "").replace("``", "").replace("%", "%%")
        if bool in get_args(hints[name]):
            group.add_argument(flag, dest=f"field_{name}", action=argparse.BooleanOptionalAction, help=text)
        else:
            words = _words(hints[name])
            listed = f" One of: {', '.join(words)}." if words else ""
            group.add_argument(flag, dest=f"field_{name}", help=text + listed, metavar="WORD" if words else "VALUE")


def _words(hint: Any) -> tuple[str, ...]:
    """The words of a literal type, alone or optional."""
    literals = [kind for kind in (hint, *get_args(hint)) if get_origin(kind) is Literal]
    others = [kind for kind in get_args(hint) if get_origin(kind) is not Literal and kind is not type(None)]
    return get_args(literals[0]) if literals and (not others or get_origin(hint) is Literal) else ()


def _documented(method: Callable[..., Any]) -> dict[str, str]:
    """The descriptions of the arguments, from the docstring."""
    lines = re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", inspect.getdoc(method) or "", re.MULTILINE)
    return {name: re.sub(r"\s+", " ", text) for name, text in lines}


def _fields(options: argparse.Namespace) -> dict[str, str]:
    """The given parameters as text, as a query string has them."""
    given = {name.removeprefix("field_"): value for name, value in vars(options).items() if name.startswith("field_")}
    texts = {True: "true", False: "false"}
    return {name: texts.get(value, value) for name, value in given.items() if value is not None}


def _run_files(options: argparse.Namespace) -> int:
    all_jobs = jobs(options.files, options.output, options.format)
    for job in all_jobs:
        media_type(job.source)
    if all_jobs[0].target is None and sys.stdout.isatty() and all_jobs[0].source.suffix != ".json":
        return _complain("-o: give the file to write; the result is not text")
    is_large = len(all_jobs) == 1 and all_jobs[0].source.stat().st_size >= _LARGE
    wants_bar = options.progress if options.progress is not None else sys.stderr.isatty()
    fields = _fields(options)
    if len(all_jobs) > 1:
        return _run_many(options, all_jobs, fields, wants_bar)
    bar = Bar("sending", 0, "bytes") if wants_bar and (is_large or options.progress) else None
    with _client(options, bar) as client:
        content = all_jobs[0].run(client, options.path, fields, options.deadline)
    if bar:
        bar.close()
    if all_jobs[0].target is None:
        sys.stdout.buffer.write(content)
    return 0


def _run_many(options: argparse.Namespace, all_jobs: list[Any], fields: dict[str, str], wants_bar: bool) -> int:
    failures = []
    bar = Bar("files", len(all_jobs), "files") if wants_bar else None
    with _client(options, None) as client:
        for done in run_all(client, all_jobs, options.path, fields, options.deadline, max(options.jobs, 1)):
            if isinstance(done, Failure):
                failures.append(done)
            if bar:
                bar.advance()
    if bar:
        bar.close()
    for failure in sorted(failures, key=lambda failure: failure.source):
        text = _text(failure.error)
        _complain(text if text.startswith(f"{failure.source}: ") else f"{failure.source}: {text}")
    return 1 if failures else 0


def _run_shape(options: argparse.Namespace) -> int:
    fields: dict[str, Any] = {name: value_of(text) for name, text in _fields(options).items()}
    if options.input_shape:
        fields["input_shape"] = value_of(options.input_shape)
    with _client(options, None) as client:
        report = client.shape(**fields, deadline=options.deadline)
    for name, value in report.members.items():
        print(f"{name + ':':<18}{value if isinstance(value, (int, str)) else json.dumps(value)}")
    return 0


def _run_operations(options: argparse.Namespace) -> int:
    with _client(options, None) as client:
        catalogue = client.operations(deadline=options.deadline)
    if options.json:
        print(json.dumps(catalogue.members, indent=2))
        return 0
    for title, entries in (("ops", catalogue.ops), ("regions", catalogue.regions)):
        print(title)
        for entry in entries:
            print(f"  {entry.name:<14}{entry.summary}")
            for parameter in entry.parameters:
                print(f"    {parameter.name:<20}{_described(parameter)}")
    return 0


def _described(parameter: ParameterInfo) -> str:
    words = f" ({', '.join(parameter.values)})" if parameter.values else ""
    default = "" if parameter.default is None else f"; default: {json.dumps(parameter.default)}"
    return f"{parameter.summary}{words}{default}"


def _run_status(options: argparse.Namespace) -> int:
    with _client(options, None) as client:
        live, ready = client.is_live(), client.is_ready()
    print(f"{','.join(client._urls)}: {'ready' if ready else 'not ready' if live else 'no response'}")
    return 0 if ready else 1


class _ReportingClient(PoolingClient):
    """A client that moves a bar."""

    bar: Bar

    def _transport(self) -> httpx.BaseTransport:
        return ReportingTransport(super()._transport(), self.bar)


def _client(options: argparse.Namespace, bar: Bar | None) -> PoolingClient:
    kind = type("ReportingClient", (_ReportingClient,), {"bar": bar}) if bar else PoolingClient
    client: PoolingClient = kind(options.url, api_key=os.environ.get(_KEY) or None)
    return client


def _show_notice(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: Any = None, line: Any = None
) -> None:
    _complain(f"{'notice' if issubclass(category, PoolingNotice) else 'warning'}: {message}")


def _text(error: Exception) -> str:
    """The error without the number that the system gives it."""
    if not isinstance(error, OSError) or error.filename is None:
        return str(error)
    reason = "no such file" if isinstance(error, FileNotFoundError) else (error.strerror or "cannot be used").lower()
    return f"{error.filename}: {reason}"


def _complain(text: str) -> int:
    print(f"pooling-client: {text}", file=sys.stderr)
    return 1
