"""A web server on loopback, as devices have one: it notes what came, and answers as it is told."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any


@dataclass(frozen=True, slots=True)
class Came:
    """A request as Python's own server reads it."""

    method: str
    target: str
    headers: Message
    body: bytes


@dataclass(slots=True)
class WebServer:
    """Answers ``status``, ``content`` and ``headers``; the next statuses come first.

    While ``silent``, it takes a request and does not answer until ``let_go`` is set.
    """

    port: int = 0
    status: int = 200
    next_statuses: list[int] = field(default_factory=list)
    content: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)
    came: list[Came] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    write: Callable[[Any], None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, answer: Any) -> None:
        """Answer with this as JSON."""
        self.content = json.dumps(answer).encode()


@contextmanager
def web_server() -> Iterator[WebServer]:
    """A server that runs for a while."""
    told = WebServer()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            told.came.append(Came(self.command, self.path, self.headers, body))
            told.asked.set()
            if told.silent:
                told.let_go.wait(60)
                return
            if told.write is not None:
                told.write(self.wfile)
                self.close_connection = True
                return
            self.send_response(told.next_statuses.pop(0) if told.next_statuses else told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(told.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # who asked has hung up, as it may
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep the tests' output clean."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        told.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
