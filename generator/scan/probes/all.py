"""Every probe, by the capability it answers for, in the bank's order."""

from __future__ import annotations

from generator.scan.probes import data, deployment, governance, model, monitoring
from generator.scan.probes.answer import Probe

PROBES: tuple[tuple[str, Probe], ...] = tuple(
    sorted((*data.PROBES, *model.PROBES, *deployment.PROBES, *monitoring.PROBES, *governance.PROBES))
)
BLIND = frozenset(["C16", "C18", "C23", "C50"])
"""Capabilities that no tree can prove: they are never counted against one (research: what a scan cannot see)."""
