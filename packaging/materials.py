"""The bill of materials of a release, in SPDX 2.3: what is in the packages, with versions, licences and digests."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from payload import NAME, Payload, text

NONE = "NOASSERTION"
RUNTIME = "Apache-2.0 WITH Swift-exception"


def make(payload: Payload, artefacts: Mapping[str, bytes], compiler: str) -> dict[str, bytes]:
    server = _package(NAME, payload.version, "Apache-2.0", purpose="APPLICATION")
    parts = [_package("swift-runtime", compiler, RUNTIME, purpose="LIBRARY"), *_swift_packages()]
    for library in {library.package: library for library in payload.libraries}.values():
        parts.append(_package(
            library.package, library.version, NONE, purpose="LIBRARY",
            url=f"pkg:deb/debian/{library.package}@{library.version}"))
    files = [
        {
            "SPDXID": _identifier("File", name), "fileName": f"./{name}", "licenseConcluded": NONE,
            "copyrightText": NONE, "fileTypes": ["BINARY" if name.endswith((".deb", ".whl")) else "ARCHIVE"],
            "checksums": [
                {"algorithm": "SHA1", "checksumValue": hashlib.sha1(content, usedforsecurity=False).hexdigest()},
                {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()},
            ],
        }
        for name, content in sorted(artefacts.items())
    ]
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{NAME}-{payload.version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/{NAME}-{payload.version}-{payload.commit}-{payload.machine}",
        "creationInfo": {
            "created": datetime.fromtimestamp(payload.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: {NAME}-packaging-{payload.version}"],
        },
        "packages": [server, *parts], "files": files,
        "relationships": [
            _relationship("SPDXRef-DOCUMENT", "DESCRIBES", server["SPDXID"]),
            *(_relationship(server["SPDXID"], "DEPENDS_ON", part["SPDXID"]) for part in parts),
            *(_relationship(file["SPDXID"], "CONTAINS", server["SPDXID"]) for file in files
              if "client" not in str(file["fileName"])),
        ],
    }
    return {f"{NAME}-{payload.version}.spdx.json": (json.dumps(document, indent=2) + "\n").encode()}


def _swift_packages() -> list[dict[str, Any]]:
    """Those that the program is linked with; Package.swift names them, Package.resolved their versions."""
    target = re.search(r'\.executableTarget\(\s*name: "pooling-server".*?swiftSettings', text("Package.swift").decode(), re.DOTALL)
    pins = json.loads(text("Package.resolved"))["pins"]
    used = set(re.findall(r'package: "([\w-]+)"', target[0] if target else ""))
    return [
        _package(
            pin["identity"], pin["state"]["version"], RUNTIME, purpose="LIBRARY",
            location=f"git+{pin['location']}@{pin['state']['revision']}")
        for pin in pins if pin["identity"] in used
    ]


def _package(
    name: str, version: str, licence: str, *, purpose: str, location: str = NONE, url: str | None = None
) -> dict[str, Any]:
    package: dict[str, Any] = {
        "SPDXID": _identifier("Package", name), "name": name, "versionInfo": version, "downloadLocation": location,
        "filesAnalyzed": False, "licenseConcluded": NONE, "licenseDeclared": licence, "copyrightText": NONE,
        "primaryPackagePurpose": purpose,
    }
    if url:
        package["externalRefs"] = [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url}]
    return package


def _relationship(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def _identifier(kind: str, name: str) -> str:
    return f"SPDXRef-{kind}-{re.sub(r'[^A-Za-z0-9.-]', '-', name)}"
