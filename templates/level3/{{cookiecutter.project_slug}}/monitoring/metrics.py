"""Service metrics in the text format that Prometheus reads."""

from __future__ import annotations

import threading
from collections import defaultdict

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
HELP = {
    "requests_total": ("counter", "Requests by path and status."),
    "rows_total": ("counter", "Rows answered, by release; refused ones under their own name."),
    "log_failures_total": ("counter", "Answers given that the prediction log could not keep."),
    "load_failures_total": ("counter", "Releases that were to serve and did not load."),
    "epoch": ("gauge", "How often the champion or the canary changed."),
    "epoch_regressions_total": ("counter", "Looks at a rollout database older than what serves; it was not followed."),
    "monitor_look_timestamp_seconds": ("gauge", "When the monitor last looked, in seconds since 1970; 0 before that."),
    "canary_share": ("gauge", "Share of rows the canary answers."),
    "request_seconds": ("histogram", "Time to answer a request."),
}


class Metrics:
    """Counters, gauges and one histogram; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, str], float] = defaultdict(float)
        self._buckets = [0] * len(BUCKETS)
        self._count, self._sum = 0, 0.0

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Count; a name that is not described is an error."""
        with self._lock:
            self._values[self._key(name, labels)] += amount

    def set(self, name: str, value: float) -> None:
        """Set a gauge."""
        with self._lock:
            self._values[self._key(name, {})] = value

    def observe(self, seconds: float) -> None:
        """Keep how long a request took."""
        with self._lock:
            self._count += 1
            self._sum += seconds
            for place, bound in enumerate(BUCKETS):
                self._buckets[place] += seconds <= bound

    def text(self) -> str:
        """Return everything in Prometheus' text format."""
        with self._lock:
            lines = []
            for name, (kind, text) in HELP.items():
                lines += [f"# HELP serving_{name} {text}", f"# TYPE serving_{name} {kind}"]
                found = sorted((labels, value) for (key, labels), value in self._values.items() if key == name)
                lines += [f"serving_{name}{labels} {value:.15g}" for labels, value in found]
            for bound, count in zip(BUCKETS, self._buckets, strict=True):
                lines.append(f'serving_request_seconds_bucket{{le="{bound:g}"}} {count}')
            lines += [f'serving_request_seconds_bucket{{le="+Inf"}} {self._count}']
            lines += [f"serving_request_seconds_sum {self._sum:g}", f"serving_request_seconds_count {self._count}"]
            return "\n".join(lines) + "\n"

    @staticmethod
    def _key(name: str, labels: dict[str, str]) -> tuple[str, str]:
        if name not in HELP:
            raise KeyError(f"no metric is called {name}")
        inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        return name, f"{{{inside}}}" if inside else ""
