"""Try whether a release answers: before it is switched to, in this process; afterwards, over HTTP.

``python -m delivery.smoke --environment staging [--url http://127.0.0.1:8001 [--wait 60]]``
"""

from __future__ import annotations

import argparse
import json
import time
import urllib.request
from http.client import HTTPException
from typing import Any

from serving.loaded import load
from serving.releases import ReleaseError

from .environments import Environment, read_environment
from .integrity import verify_package


def smoke(environment: Environment, release: str) -> float:
    """Return the milliseconds one prediction takes; ReleaseError for a damaged, silent or slow release."""
    folder = environment.releases.path(release)
    verify_package(folder)
    loaded = load(environment.releases, release)
    rows = json.loads((folder / "example.json").read_text(encoding="utf-8"))
    start = time.perf_counter()
    predictions = loaded.predict(rows[:1])
    took = (time.perf_counter() - start) * 1000
    if not loaded.data.task.sound(predictions[0]):
        raise ReleaseError(f"release {release} answers {predictions[0]}, which cannot be")
    if took > environment.slowest_ms:
        raise ReleaseError(
            f"release {release} took {took:.0f} ms to answer; {environment.name} allows {environment.slowest_ms:.0f}"
        )
    return took


def smoke_server(environment: Environment, release: str, url: str) -> None:
    """Return when the server at `url` is ready and answers as `release`; ReleaseError otherwise."""
    rows = json.loads((environment.releases.path(release) / "example.json").read_text(encoding="utf-8"))
    try:
        ready = _ask(f"{url}/ready")
        answer = _ask(f"{url}/predict", {"rows": rows})
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{url} does not answer: {error}") from None
    if not ready["model"] == answer["model"] == release:
        raise ReleaseError(f"{url} answers as release {answer['model']}, not as {release}")
    if len(answer["predictions"]) != len(rows):
        raise ReleaseError(f"{url} gave {len(answer['predictions'])} predictions for {len(rows)} rows")


def wait_until_ready(url: str, seconds: float) -> None:
    """Return once the server at `url` is ready; ReleaseError when it is not within `seconds`."""
    end = time.monotonic() + seconds
    while True:
        try:
            _ask(f"{url}/ready")
        except (OSError, ValueError, HTTPException) as error:
            if time.monotonic() > end:
                raise ReleaseError(f"{url} is not ready after {seconds:.0f} s: {error}") from None
            time.sleep(0.2)
        else:
            return


def _ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=content, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def main() -> None:
    """Try the release that serves in an environment; exit with 1 when it does not answer."""
    parser = argparse.ArgumentParser(prog="python -m delivery.smoke")
    parser.add_argument("--environment", required=True)
    parser.add_argument("--url", help="a running server to ask as well")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="how long it may take to be ready")
    options = parser.parse_args()
    try:
        environment = read_environment(options.environment)
        release = environment.releases.current()
        if release is None:
            raise ReleaseError(f"nothing serves in {environment.name} yet")
        took = smoke(environment, release)
        if options.url:
            wait_until_ready(options.url.rstrip("/"), options.wait)
            smoke_server(environment, release, options.url.rstrip("/"))
    except ReleaseError as error:
        raise SystemExit(str(error)) from None
    print(f"release {release} answers in {environment.name} ({took:.0f} ms)")


if __name__ == "__main__":
    main()
