"""Bills of materials: made and attached to what is released, or merely lying in the tree."""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot

SIGNS = (
    Sign(
        act=Act.SIGNS,
        commands=phrases(
            """cosign attest, cosign sign, docker buildx build --sbom=true, docker buildx build --provenance=mode=max,
            docker buildx build --attest, syft attest, witness run"""
        ),
        uses=names("actions/attest-sbom actions/attest-build-provenance anchore/sbom-action"),
        resources=names("sbom:*"),
    ),
    Sign(
        act=Act.AUDITS,
        commands=phrases("grype, trivy sbom, osv-scanner, bomber, dependency-track"),
        uses=names("anchore/scan-action google/osv-scanner-action* dependencytrack/*"),
    ),
)
LARGEST = 300_000


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield a resource for each CycloneDX or SPDX document; only its own words make it one, not its name."""
    for path in snapshot.ending(".json"):
        text = snapshot.text(path)
        if len(text) > LARGEST or not ('"bomFormat"' in text or '"spdxVersion"' in text):
            continue
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict) and document.get("bomFormat") == "CycloneDX":
            yield Resource(type="sbom:cyclonedx", name=path, place=Place(file=path))
        elif isinstance(document, dict) and str(document.get("spdxVersion", "")).startswith("SPDX-"):
            yield Resource(type="sbom:spdx", name=path, place=Place(file=path))
    for path in snapshot.ending(".spdx"):
        if snapshot.text(path).startswith("SPDXVersion:"):
            yield Resource(type="sbom:spdx", name=path, place=Place(file=path))
