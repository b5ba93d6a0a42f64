"""The load test counts what it should: slow and missing answers are told from good ones, whoever gives them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from delivery.load import Limits, Measured, judge, load, read_limits
from serving.releases import ReleaseError

from .conftest import PROJECT

LIMITS = Limits(requests=30, connections=3, p95_ms=1000, failed=0.1)


class Answering(BaseHTTPRequestHandler):
    """Answers every third request with 503."""

    protocol_version = "HTTP/1.1"
    count = 0
    lock = threading.Lock()

    def do_POST(self) -> None:  # noqa: N802 - the name the library calls
        self.rfile.read(int(self.headers["content-length"]))
        with self.lock:
            type(self).count += 1
            status = 503 if type(self).count % 3 == 0 else 200
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_request_is_sent_and_a_refused_one_counts_as_failed(url: str) -> None:
    measured = load(url, b"{}", LIMITS)
    assert len(measured.milliseconds) == 20
    assert measured.failed == 10
    assert judge(measured, LIMITS) == ["10 of 30 requests failed; 10.0% may"]


def test_a_server_that_is_not_there_fails_every_request() -> None:
    measured = load("http://127.0.0.1:9", b"{}", LIMITS)
    assert measured.failed == LIMITS.requests
    assert len(judge(measured, LIMITS)) == 2


def test_slow_answers_miss_the_limit_even_when_most_are_fast() -> None:
    times = (*[1.0] * 90, *[5000.0] * 10)
    assert judge(Measured(milliseconds=times, failed=0, seconds=1), LIMITS) == [
        "95 of 100 answers came within 5000 ms; the limit is 1000"
    ]
    assert judge(Measured(milliseconds=(*[1.0] * 97, *[5000.0] * 3), failed=0, seconds=1), LIMITS) == []


def test_staging_has_limits_and_an_environment_without_any_says_so() -> None:
    assert read_limits("staging", PROJECT / "config").requests >= 100
    with pytest.raises(ReleaseError, match="no table"):
        read_limits("production", PROJECT / "config")
