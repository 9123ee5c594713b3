"""Who gets in: TLS, client certificates, API keys; and how little the process itself needs."""

import pathlib
import shutil
import signal
import ssl
import subprocess
import warnings

import pytest

from support.certificates import Authorities
from support.http import Connection, ask
from support.process import Server, eventually
from support.requests import SMALL, SMALL_RESPONSE, pooling


@pytest.fixture
def authorities(tmp_path):
    return Authorities(tmp_path)


def tls_flags(authorities):
    return "--tls-cert", authorities.certificate, "--tls-key", authorities.key


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(serve, authorities, version):
    server = serve(*tls_flags(authorities))
    with Connection(server.port, tls=authorities.client(version=version)) as connection:
        assert connection.socket.version() == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[version.name]
        assert connection.request("POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
        # Kept alive, and large enough to be set aside for a worker.
        assert connection.request("POST", "/v1/forward", pooling(512, 3)).status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_are_rejected(serve, authorities, version):
    server = serve(*tls_flags(authorities))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        client = authorities.client(version=version)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        ask(server.port, "GET", "/healthz", tls=client)
    assert ask(server.port, "GET", "/healthz", tls=authorities.client()).status == 200


def test_plain_http_on_the_tls_port_gets_no_response(serve, authorities):
    server = serve(*tls_flags(authorities))
    with pytest.raises(ConnectionError):
        ask(server.port, "GET", "/healthz")


def test_only_clients_with_a_trusted_certificate_get_in(serve, authorities):
    server = serve(*tls_flags(authorities), "--tls-client-ca", authorities.authority)
    good = authorities.client(authorities.trusted)
    assert ask(server.port, "POST", "/v1/forward", SMALL, tls=good).json == SMALL_RESPONSE
    for client in (authorities.client(), authorities.client(authorities.rogue)):
        try:
            response = ask(server.port, "POST", "/v1/forward", SMALL, tls=client)
        except (ssl.SSLError, ConnectionError):
            continue
        assert (response.status, response.json["code"]) == (403, "unauthorized")


def test_sighup_shows_the_new_certificate_and_keeps_the_old_one_where_the_new_is_broken(serve, authorities):
    server = serve(*tls_flags(authorities))

    def shown():
        with Connection(server.port, tls=authorities.client()) as connection:
            return connection.socket.getpeercert(binary_form=True)

    first = shown()
    with Connection(server.port, tls=authorities.client()) as kept:
        assert kept.request("GET", "/healthz").status == 200
        authorities.issue()
        server.signal(signal.SIGHUP)
        eventually(lambda: shown() != first)
        assert kept.request("GET", "/healthz").status == 200
    second = shown()
    pathlib.Path(authorities.certificate).write_text("broken")
    server.signal(signal.SIGHUP)
    eventually(lambda: "the old certificate stays" in server.log)
    assert shown() == second


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys"
    path.write_text("# one a line\nfirst-secret\n\nsecond-secret\n")
    return path


def test_keys_open_the_api_and_health_needs_none(serve, keys):
    server = serve("--api-key-file", str(keys))
    rejected = ask(server.port, "POST", "/v1/forward", SMALL)
    assert (rejected.status, rejected.json["code"]) == (401, "unauthorized")
    assert rejected.headers["www-authenticate"] == "Bearer"
    for headers in ({"Authorization": "Bearer first-secret"}, {"X_API_Key": "second-secret"}):
        assert ask(server.port, "POST", "/v1/forward", SMALL, **headers).status == 200
    for wrong in ("first-secre", "first-secret2", "", "# one a line", "FIRST-SECRET"):
        assert ask(server.port, "POST", "/v1/forward", SMALL, X_API_Key=wrong).status == 401
    assert ask(server.port, "GET", "/metrics").status == 401
    assert ask(server.port, "GET", "/healthz").status == ask(server.port, "GET", "/readyz").status == 200


def test_a_metrics_port_of_its_own_asks_for_no_key(serve, keys):
    server = serve("--api-key-file", str(keys), "--metrics-port", "0")
    assert ask(server.metrics_port, "GET", "/metrics").status == 200
    assert ask(server.metrics_port, "POST", "/v1/forward", SMALL, X_API_Key="first-secret").status == 404
    assert ask(server.port, "GET", "/metrics", X_API_Key="first-secret").status == 404


def test_sighup_reads_the_keys_again_and_keeps_them_where_the_file_is_empty(serve, keys):
    server = serve("--api-key-file", str(keys))

    def status(key):
        return ask(server.port, "POST", "/v1/forward", SMALL, X_API_Key=key).status

    keys.write_text("third-secret\n")
    server.signal(signal.SIGHUP)
    eventually(lambda: status("third-secret") == 200)
    assert status("first-secret") == 401
    keys.write_text("")
    server.signal(signal.SIGHUP)
    eventually(lambda: "the old API keys stay" in server.log)
    assert status("third-secret") == 200


def test_keys_are_never_logged(serve, keys):
    server = serve("--api-key-file", str(keys), "--log-level", "debug")
    ask(server.port, "POST", "/v1/forward", SMALL, X_API_Key="first-secret")
    ask(server.port, "POST", "/v1/forward", SMALL, Authorization="Bearer wrong-secret")
    ask(server.port, "GET", "/v1/forward?key=first-secret", X_API_Key="first-secret")
    server.signal(signal.SIGHUP)
    server.signal(signal.SIGTERM)
    assert server.exit_code() == 0
    assert "status=401" in server.log and "secret" not in server.log


def test_the_command_line_takes_no_secret(serve):
    binary = serve().process.args[0]
    text = subprocess.run([binary, "serve", "--help"], capture_output=True, text=True).stdout
    flags = [word.strip(",") for word in text.split() if word.startswith("--")]
    assert "--api-key-file" in flags and "--api-key" not in flags and not any("password" in flag for flag in flags)


def test_cross_origin_requests_are_off_unless_asked_for(serve):
    server = serve()
    response = ask(server.port, "POST", "/v1/forward", SMALL, Origin="https://example.org")
    assert not any(name.startswith("access-control") for name in response.headers)
    server = serve("--cors-origin", "https://example.org")
    response = ask(server.port, "POST", "/v1/forward", SMALL, Origin="https://example.org")
    assert response.headers["access-control-allow-origin"] == "https://example.org"


def test_it_runs_without_root_capabilities_and_a_writable_file_system():
    confined = [
        "unshare", "--mount", "sh", "-c",
        'mount -o remount,bind,ro /; exec setpriv --reuid 65532 --regid 65532 '
        '--clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$@"', "confined"]
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        pytest.skip("needs unshare and setpriv")
    probe = ["unshare", "--mount", "sh", "-c", "mount -o remount,bind,ro / && ! touch /x 2>/dev/null"]
    if subprocess.run(probe, capture_output=True).returncode != 0:
        pytest.skip("may not make a read-only file system here")
    with Server(prefix=confined) as server:
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        assert "Uid:\t65532" in status and "CapEff:\t0000000000000000" in status
        assert ask(server.port, "POST", "/v1/forward", SMALL).json == SMALL_RESPONSE
