"""HAProxy with the repository's own configuration, in front of replicas on 127.0.0.1."""

import csv
import pathlib
import re
import subprocess
import urllib.request

from .http import ask
from .ports import free_ports
from .process import REPOSITORY, eventually

CONFIGURATION = REPOSITORY / "deploy" / "haproxy" / "haproxy.cfg"


class Proxy:
    """Runs deploy/haproxy/haproxy.cfg with other addresses and nothing else changed."""

    def __init__(self, folder: pathlib.Path, replicas: list[tuple[int, int]]):
        """`replicas` are the ports of each: for requests, for health checks."""
        self.port, self.statistics_port = free_ports(2)
        text = CONFIGURATION.read_text()
        servers = "\n".join(
            f"    server replica{number} 127.0.0.1:{port} check port {health}"
            for number, (port, health) in enumerate(replicas, 1))
        text = re.sub(r"^    server-template .*$", servers, text, flags=re.M)
        text = text.replace("bind :8080", f"bind 127.0.0.1:{self.port}")
        text = text.replace("bind :8404", f"bind 127.0.0.1:{self.statistics_port}")
        text = re.sub(r"^resolvers [^\n]*\n(?: +[^\n]*\n)*", "", text, flags=re.M)
        path = folder / "haproxy.cfg"
        path.write_text(text)
        self.process = subprocess.Popen(["haproxy", "-db", "-f", str(path)], stderr=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL)
        eventually(self._is_ready)

    def _is_ready(self):
        try:
            return ask(self.port, "GET", "/readyz").status == 200
        except ConnectionError:
            return False

    def sends_to(self, number: int) -> bool:
        """Whether replica `number`, counted from 0, gets requests."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.statistics_port}/;csv", timeout=10) as response:
            rows = csv.DictReader(response.read().decode().removeprefix("# ").splitlines())
        return {row["svname"]: row["status"] for row in rows}[f"replica{number + 1}"].startswith("UP")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
