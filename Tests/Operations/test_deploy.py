"""The files in deploy/ are valid, agree with each other, and name metrics and flags that exist."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from support.http import ask
from support.process import REPOSITORY, binary
from support.requests import SMALL, pooling

DEPLOY = REPOSITORY / "deploy"
KUSTOMIZATIONS = [DEPLOY / "kubernetes", DEPLOY / "kind"]
MANIFESTS = sorted(
    path for folder in KUSTOMIZATIONS for path in folder.glob("*.yaml") if path.name != "kustomization.yaml")


def needs(tool, package):
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"needs {tool} (Debian: {package})")


@needs("promtool", "prometheus")
def test_promtool_accepts_the_rules():
    subprocess.run(["promtool", "check", "rules", DEPLOY / "prometheus" / "alerts.yml"], check=True)
    subprocess.run(["promtool", "check", "config", DEPLOY / "prometheus" / "prometheus.yml"], check=True)


@needs("haproxy", "haproxy")
def test_haproxy_accepts_its_configuration():
    subprocess.run(["haproxy", "-c", "-f", DEPLOY / "haproxy" / "haproxy.cfg"], check=True)


@needs("systemd-analyze", "systemd")
def test_systemd_accepts_the_units(tmp_path):
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/usr/local/bin/pooling-server", binary())
        (tmp_path / unit.name).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "pooling-server.service"], capture_output=True, text=True)
    complaints = [line for line in checked.stderr.splitlines() if "pooling-server" in line]
    assert complaints == []


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_kubernetes_accepts_the_manifests(path):
    import kubernetes_validate
    for manifest in yaml.safe_load_all(path.read_text()):
        kubernetes_validate.validate(manifest, "1.31", strict=True)


@pytest.mark.parametrize("folder", KUSTOMIZATIONS, ids=lambda folder: folder.name)
def test_a_kustomization_names_every_manifest(folder):
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    manifests = [name for name in kustomization["resources"] if name.endswith(".yaml")]
    assert sorted(manifests) == [path.name for path in MANIFESTS if path.parent == folder]


@needs("kubectl", "kubernetes-client")
def test_the_overlay_for_kind_is_valid_and_small():
    import kubernetes_validate
    rendered = subprocess.run(["kubectl", "kustomize", DEPLOY / "kind"], check=True, capture_output=True, text=True).stdout
    manifests = {manifest["kind"]: manifest for manifest in yaml.safe_load_all(rendered)}
    for manifest in manifests.values():
        kubernetes_validate.validate(manifest, "1.31", strict=True)
    assert "HorizontalPodAutoscaler" not in manifests
    assert manifests["Deployment"]["spec"]["replicas"] == 2
    sources = manifests["NetworkPolicy"]["spec"]["ingress"][0]["from"]
    assert {"namespaceSelector": {}} in sources


def served_names(serve) -> set[str]:
    server = serve()
    for body in (SMALL, b"{", pooling(512, 3)):
        ask(server.port, "POST", "/v1/forward", body)
    text = ask(server.port, "GET", "/metrics").body.decode()
    return set(re.findall(r"^# TYPE (\S+)", text, re.M))


def test_dashboards_and_alerts_ask_for_metrics_that_exist(serve):
    dashboard = json.loads((DEPLOY / "grafana" / "dashboards" / "pooling-server.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    expressions += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    expressions.append((DEPLOY / "kubernetes" / "horizontalpodautoscaler.yaml").read_text())
    used = set(re.findall(r"\b((?:http|pooling|process)_[a-z_]+?)(?:_bucket|_count|_sum)?(?=[{\s)])", " ".join(expressions)))
    used -= {"pooling_load"}
    assert used and used <= served_names(serve)


def seconds(text: str) -> int:
    return int(re.fullmatch(r"(\d+)s", str(text))[1])


def drain_and_grace():
    deployment = yaml.safe_load((DEPLOY / "kubernetes" / "deployment.yaml").read_text())["spec"]["template"]["spec"]
    yield "kubernetes", deployment["containers"][0]["args"], deployment["terminationGracePeriodSeconds"]
    predictor = yaml.safe_load((DEPLOY / "kserve" / "inferenceservice.yaml").read_text())["spec"]["predictor"]
    yield "kserve", predictor["containers"][0]["args"], predictor["terminationGracePeriodSeconds"]
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["pooling-server"]
    yield "compose", service["command"], seconds(service["stop_grace_period"])
    unit = (DEPLOY / "systemd" / "pooling-server.service").read_text()
    yield "systemd", re.search(r"ExecStart=(.*)", unit)[1].split(), int(re.search(r"TimeoutStopSec=(\d+)", unit)[1])


@pytest.mark.parametrize("name, arguments, grace", [*drain_and_grace()], ids=lambda value: value if isinstance(value, str) else "")
def test_the_drain_fits_into_the_grace_period(name, arguments, grace):
    text = " ".join(arguments).replace("=", " ")
    given = dict(re.findall(r"(--drain-\w+) (\S+)", text))
    assert seconds(given.get("--drain-delay", "0s")) + seconds(given["--drain-timeout"]) < grace


@pytest.mark.parametrize("name, arguments, grace", [*drain_and_grace()], ids=lambda value: value if isinstance(value, str) else "")
def test_the_flags_exist(name, arguments, grace):
    usage = subprocess.run([binary(), "serve", "--help"], capture_output=True, text=True).stdout
    flags = re.findall(r"--[a-z-]+", " ".join(arguments))
    assert flags and all(f"{flag} <" in usage for flag in flags)


def test_the_proxy_looks_often_enough_for_the_drain_delay():
    text = (DEPLOY / "haproxy" / "haproxy.cfg").read_text()
    interval, fall = re.search(r"inter (\d+)ms fall (\d+)", text).groups()
    _, arguments, _ = next(entry for entry in drain_and_grace() if entry[0] == "compose")
    delay = seconds(arguments[arguments.index("--drain-delay") + 1])
    assert int(interval) * int(fall) / 1000 * 2 <= delay
