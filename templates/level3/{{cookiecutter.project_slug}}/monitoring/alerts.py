"""Tell people and machines: every alert is written to a file, and sent to a webhook where one is set."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

from rollout.state import now

WEBHOOK = "ALERT_WEBHOOK"


class Alerts:
    """The alerts of one environment; sending never stops the one who alerts."""

    def __init__(self, folder: Path, webhook: str | None = None) -> None:
        self._path = folder / "alerts.jsonl"
        self._webhook = webhook or os.environ.get(WEBHOOK)

    def send(self, kind: str, text: str, **numbers: Any) -> None:
        """Write the alert down, then send it; an unreachable webhook is written down as well."""
        alert = {"at": now(), "kind": kind, "text": text, **numbers}
        self._write(alert)
        if not self._webhook:
            return
        body = json.dumps(alert).encode()
        request = urllib.request.Request(self._webhook, body, {"content-type": "application/json"})
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except OSError as error:
            self._write({"at": now(), "kind": "alert not delivered", "text": str(error), "about": kind})

    def _write(self, alert: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(alert) + "\n")
