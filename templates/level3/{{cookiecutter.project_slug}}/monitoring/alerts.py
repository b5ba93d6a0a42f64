"""Alerts: always to a file, and to a webhook where one is set; one that cannot be sent is kept and says so."""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Alert = Callable[[str, str], None]


def alerter(folder: Path, webhook: str = "") -> Alert:
    """Return a function that raises an alert of a kind, with a text a person can act on."""
    url = os.environ.get("ALERT_WEBHOOK") or webhook

    def alert(kind: str, text: str) -> None:
        entry: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "kind": kind, "text": text}
        entry["sent"] = post(url, entry) if url else "no webhook is set"
        try:
            with (folder / "alerts.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
        except OSError as error:  # on a full disk the webhook and the caller's log are what is left
            print(f"alert not kept ({error}): {json.dumps(entry)}", file=sys.stderr, flush=True)

    return alert


def post(url: str, entry: dict[str, Any]) -> str:
    """Send an alert and return what became of it; a dead receiver costs five seconds and no exception."""
    request = urllib.request.Request(url, data=json.dumps(entry).encode(), headers={"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return f"status {response.status}"
    except (OSError, ValueError) as error:
        return f"not sent: {error}"
