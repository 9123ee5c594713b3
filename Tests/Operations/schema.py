"""schemathesis against the running service and its own openapi.yaml, with every check: `make schema-test`."""

import pathlib
import subprocess
import sys

from support.process import REPOSITORY, Server

FLAGS = ["--checks", "all", "--max-examples", "25", "--generation-deterministic", "--workers", "1"]


def main() -> int:
    with Server("--log-sample", "0", "--max-result", "16MiB", "--request-timeout", "10s") as server:
        command = [
            str(pathlib.Path(sys.executable).parent / "schemathesis"), "--config-file", "schemathesis.toml", "run", str(REPOSITORY / "openapi.yaml"),
            "--url", f"http://127.0.0.1:{server.port}", *FLAGS, *sys.argv[1:]]
        code = subprocess.run(command, cwd=pathlib.Path(__file__).parent).returncode
        if server.process.poll() is not None:
            print("the server has died:\n" + server.log, file=sys.stderr)
            return 1
        return code


if __name__ == "__main__":
    sys.exit(main())
