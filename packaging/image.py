"""The container image of the Dockerfile's last stage, as an archive, made without a container engine.

``docker load``, ``podman load``, ``skopeo copy oci-archive:…`` and ``kind load image-archive`` take it.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from archives import File, Files, gzipped, tar
from payload import DEBIAN_MACHINES, NAME, Payload, text


def make(payload: Payload) -> dict[str, bytes]:
    layer = tar(files(payload), payload.epoch)
    packed = gzipped(layer)
    config = _json(_configuration(payload, layer))
    manifest = _json({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": _descriptor("config", config), "layers": [_descriptor("layer", packed)],
    })
    tag = f"{NAME}:{payload.version}"
    index = _json({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [_descriptor("manifest", manifest) | {
            "platform": {"architecture": DEBIAN_MACHINES[payload.machine], "os": "linux"},
            "annotations": {
                "io.containerd.image.name": f"docker.io/library/{tag}", "org.opencontainers.image.ref.name": payload.version},
        }],
    })
    # Docker before release 25 reads this instead of the index.
    docker = _json([{"Config": _blob(config), "RepoTags": [tag], "Layers": [_blob(packed)]}])
    archive = {_blob(content): File(content) for content in (packed, config, manifest)}
    archive |= {
        "index.json": File(index), "manifest.json": File(docker),
        "oci-layout": File(_json({"imageLayoutVersion": "1.0.0"})),
    }
    return {f"{NAME}-{payload.version}-image-{payload.machine}.tar": tar(archive, payload.epoch)}


def files(payload: Payload) -> Files:
    found = {f"usr/local/bin/{name}": file for name, file in payload.programs.items()}
    # Without a system below it, the image brings the system's libraries too, where the program looks for them.
    found |= {str(library.path).lstrip("/"): File(library.content, is_executable=True) for library in payload.libraries}
    found |= {
        f"usr/share/doc/{library.package}/copyright": File(library.licence) for library in payload.libraries}
    found[f"usr/share/doc/{NAME}/copyright"] = File(text("LICENSE"))
    return found


def _configuration(payload: Payload, layer: bytes) -> dict[str, Any]:
    """What the Dockerfile says after ``FROM scratch``."""
    stage = text("Dockerfile").decode().rsplit("\nFROM scratch\n", 1)[1]
    ports = re.findall(r"^EXPOSE (\d+)", stage, re.MULTILINE)
    environment = re.findall(r"(\w+=\S+)", _line("ENV", stage))
    labels = dict(re.findall(r'([\w.]+)="([^"]*)"', stage))
    return {
        "architecture": DEBIAN_MACHINES[payload.machine], "os": "linux", "created": _time(payload.epoch),
        "config": {
            "User": _line("USER", stage), "Env": environment,
            "ExposedPorts": {f"{port}/tcp": {} for port in ports},
            "Entrypoint": json.loads(_line("ENTRYPOINT", stage)), "StopSignal": _line("STOPSIGNAL", stage),
            "Labels": labels | {
                "org.opencontainers.image.version": payload.version, "org.opencontainers.image.revision": payload.commit},
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        "history": [{"created": _time(payload.epoch), "created_by": "packaging/image.py"}],
    }


def _line(word: str, stage: str) -> str:
    found = re.search(rf"^{word} (.+)$", stage, re.MULTILINE)
    if found is None:
        raise SystemExit(f"Dockerfile: the last stage has no {word}")
    return found[1]


def _descriptor(kind: str, content: bytes) -> dict[str, Any]:
    types = {"config": "config.v1+json", "layer": "layer.v1.tar+gzip", "manifest": "manifest.v1+json"}
    return {
        "mediaType": f"application/vnd.oci.image.{types[kind]}", "size": len(content),
        "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _blob(content: bytes) -> str:
    return f"blobs/sha256/{hashlib.sha256(content).hexdigest()}"


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _time(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
