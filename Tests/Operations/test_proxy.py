"""Three replicas behind HAProxy: a rolling restart loses nothing, a crash only what the replica held."""

import collections
import shutil
import signal
import threading

import pytest

from support.http import Connection
from support.metrics import scrape, total
from support.process import Server, eventually
from support.ports import free_ports
from support.proxy import Proxy
from support.requests import SMALL, pooling

pytestmark = [
    pytest.mark.slow, pytest.mark.skipif(shutil.which("haproxy") is None, reason="needs haproxy (Debian: haproxy)")]

#: What each client sends.
CLIENTS = [SMALL] * 6 + [pooling(256, 3)] * 2
FLAGS = ("--workers", "1", "--io-threads", "1", "--log-sample", "0", "--drain-delay", "3s", "--drain-timeout", "10s")


class Load:
    """Clients that keep asking and note every response; each has a connection of its own and never retries."""

    def __init__(self, port: int, bodies: list[bytes]):
        self.port, self.outcomes = port, collections.Counter()
        self.retried = collections.Counter()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(body,)) for body in bodies]
        for thread in self._threads:
            thread.start()

    def _ask(self, body: bytes):
        connection = Connection(self.port)
        while not self._stop.is_set():
            try:
                status = connection.request("POST", "/v1/forward", body).status
            except (ConnectionError, TimeoutError):
                status = "lost"
            self.outcomes[status] += 1
            if status != 200:
                connection.socket.close()
                connection = Connection(self.port)
                self.retried[connection.request("POST", "/v1/forward", body).status] += 1
        connection.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def fleet(tmp_path):
    ports = list(zip(free_ports(3), free_ports(3)))
    replicas = [start(pair) for pair in ports]
    with Proxy(tmp_path, ports) as proxy:
        yield proxy, replicas, ports
    for replica in replicas:
        replica.__exit__()


def start(ports) -> Server:
    return Server(*FLAGS, "--port", str(ports[0]), "--metrics-port", str(ports[1]), port=None)


def takes_requests(ports) -> bool:
    """Whether the replica of these ports has had so many responses that it is one of the fleet."""
    samples = scrape(ports[1])
    return total(samples, "http_request_duration_seconds_count", 'route="/v1/forward"', 'code="200"') >= 20


def test_a_rolling_restart_loses_no_request(fleet):
    proxy, replicas, ports = fleet
    with Load(proxy.port, CLIENTS) as load:
        for number, pair in enumerate(ports):
            eventually(lambda: takes_requests(pair), timeout=30)
            replicas[number].signal(signal.SIGTERM)
            assert replicas[number].exit_code() == 0
            replicas[number] = start(pair)
            eventually(lambda: proxy.sends_to(number))
            eventually(lambda: takes_requests(pair), timeout=30)
    print(dict(load.outcomes))
    assert set(load.outcomes) == {200} and load.outcomes[200] > 500


def test_a_crash_loses_only_what_the_replica_held_and_a_retry_succeeds(fleet):
    proxy, replicas, ports = fleet
    with Load(proxy.port, CLIENTS) as load:
        eventually(lambda: takes_requests(ports[0]), timeout=30)
        replicas[0].process.kill()
        eventually(lambda: not proxy.sends_to(0))
        before = load.outcomes[200]
        eventually(lambda: load.outcomes[200] > before + 500, timeout=60)
    print(dict(load.outcomes), dict(load.retried))
    assert sum(load.outcomes.values()) - load.outcomes[200] <= len(CLIENTS)
    assert set(load.retried) <= {200}
