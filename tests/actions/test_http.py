"""HTTP requests of the owner's, to a real server on loopback."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import logging
import socket
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings

from assistant.actions import http
from assistant.actions.credentials import Credentials
from assistant.actions.http import outgoing_request, send_request
from assistant.errors import ActionError
from assistant.intents.steps import HttpRequest
from assistant.values import Plain
from tests.house import steps_of
from tests.intents.test_placeholders import HOSTILE
from tests.webserver import WebServer, web_server

SECRET = "very-secret-4711"  # noqa: S105


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    for name, secret in (("token", SECRET), ("login", f"me:{SECRET}"), ("ä", "ä")):
        (tmp_path / name).write_text(f"{secret}\n")
        (tmp_path / name).chmod(0o600)
    return Credentials((tmp_path,))


def request_of(http_: str) -> HttpRequest:
    deed = steps_of(f"{{http: {{{http_}}}}}").steps[0].deed
    assert isinstance(deed, HttpRequest)
    return deed


def send(
    request: str,
    slots: Mapping[str, Plain] | None = None,
    credentials: Credentials | None = None,
    timeout_seconds: float = 20.0,
) -> dict[str, Any]:
    work = send_request(
        request_of(request), slots or {}, credentials or Credentials(), timeout_seconds
    )
    return dict(asyncio.run(work))


def error_of(request: str, **options: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        send(request, **options)
    return caught.value


def test_values_of_an_answer(server: WebServer) -> None:
    server.says({"main": {"temp": 21.5}, "name": "Berlin"})
    values = send(f'url: "{server.url}/weather", values: {{degrees: main.temp, place: name}}')
    assert values == {"degrees": 21.5, "place": "Berlin"}
    (came,) = server.came
    assert (came.method, came.target, came.body) == ("GET", "/weather", b"")
    assert came.headers["Host"] == f"127.0.0.1:{server.port}"


def test_json_is_posted_with_values_in_it(server: WebServer) -> None:
    send(
        f'url: "{server.url}/api", json: {{entity_id: "light.{{a}}", brightness: "{{b}}"}}',
        {"a": 'kitchen"}', "b": 40},
    )
    (came,) = server.came
    assert (came.method, came.headers["Content-Type"]) == ("POST", "application/json")
    assert json.loads(came.body) == {"entity_id": 'light.kitchen"}', "brightness": 40}


def test_a_form_a_text_a_query_and_headers(server: WebServer) -> None:
    send(f'url: "{server.url}/f?x=1", form: {{b: "{{a}}"}}, query: {{q: "{{a}}"}}', {"a": "1&c=2"})
    send(
        f'url: "{server.url}", method: put, body: "{{a}}", headers: {{X-Home: ours, '
        "Content-Type: text/x-state}",
        {"a": "ÄN"},
    )
    form, text = server.came
    assert (form.target, form.body) == ("/f?x=1&q=1%26c%3D2", b"b=1%26c%3D2")
    assert form.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert (text.method, text.target, text.body.decode()) == ("PUT", "/", "ÄN")
    assert text.headers.get_all("Content-Type") == ["text/x-state"]
    assert text.headers["X-Home"] == "ours"


@pytest.mark.parametrize(
    ("credential", "header", "value"),
    [
        ("token", "Authorization", f"Bearer {SECRET}"),
        ("{name: token, as: bearer}", "Authorization", f"Bearer {SECRET}"),
        (
            "{name: login, as: basic}",
            "Authorization",
            f"Basic {base64.b64encode(f'me:{SECRET}'.encode()).decode()}",
        ),
        ("{name: token, header: X-Key}", "X-Key", SECRET),
    ],
)
def test_a_credential_in_a_header(
    server: WebServer, credentials: Credentials, credential: str, header: str, value: str
) -> None:
    send(f'url: "{server.url}/", credential: {credential}', credentials=credentials)
    assert server.came[0].headers[header] == value


def test_a_credential_in_the_query(server: WebServer, credentials: Credentials) -> None:
    send(f'url: "{server.url}/?q=1", credential: {{name: login, query: appid}}',
         credentials=credentials)  # fmt: skip
    assert server.came[0].target == f"/?q=1&appid=me%3A{SECRET}"


@pytest.mark.parametrize(
    ("credential", "message"),
    [
        ("{name: token, as: basic}", "the credential 'token' cannot be sent"),
        ("missing", "the credential 'missing' is missing"),
    ],
)
def test_error_of_a_credential(
    server: WebServer, credentials: Credentials, credential: str, message: str
) -> None:
    error = error_of(f'url: "{server.url}/", credential: {credential}', credentials=credentials)
    assert error.message == message
    assert SECRET not in str(error)
    assert server.came == []


ANSWERS = {
    401: "127.0.0.1 wants a credential",
    403: "127.0.0.1 wants a credential",
    404: "127.0.0.1 does not know what was asked for",
    301: "127.0.0.1 points to another address",
    308: "127.0.0.1 points to another address",
    400: "127.0.0.1 did not accept the request",
    500: "127.0.0.1 has failed",
    503: "127.0.0.1 is not ready",
}


@pytest.mark.parametrize(("status", "message"), ANSWERS.items())
def test_error_by_the_status(server: WebServer, status: int, message: str) -> None:
    server.status, server.headers = status, {"Location": f"{server.url}/elsewhere"}
    error = error_of(f'url: "{server.url}/{{a}}"', slots={"a": "bedroom"})
    assert error.message == message
    assert f"It answered {status}." in error.hint
    assert "bedroom" not in str(error)
    assert len(server.came) == 1  # a redirect is not followed


def test_error_of_a_credential_that_is_refused(
    server: WebServer, credentials: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    server.status = 401
    caplog.set_level(logging.DEBUG)
    error = error_of(
        f'url: "{server.url}/{{a}}", credential: {{name: token, query: key}}',
        slots={"a": "bedroom"},
        credentials=credentials,
    )
    assert str(error) == "127.0.0.1 does not accept the credential 'token'. It answered 401."
    assert SECRET not in caplog.text
    assert "bedroom" not in caplog.text


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_error_of_a_host_that_does_not_listen() -> None:
    port = free_port()
    error = error_of(f'url: "http://127.0.0.1:{port}/"')
    assert str(error) == f"127.0.0.1 cannot be reached. 127.0.0.1:{port}: Connection refused."


def test_error_of_a_host_that_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = error_of('url: "http://lamp.local/"')
    assert str(error) == "Lamp.local cannot be found. No address is known of that name."


def test_error_of_a_server_that_does_not_answer(server: WebServer) -> None:
    server.silent = True
    error = error_of(f'url: "{server.url}/"', timeout_seconds=0.3)
    assert str(error) == "127.0.0.1 did not answer in time. It was given 0.3 seconds."


BROKEN = {
    "nothing": b"",
    "garbage": b"hello\r\n\r\n",
    "half an answer": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    "a bad length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000,
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_error_of_a_broken_server(server: WebServer, answer: bytes) -> None:
    server.write = lambda out: out.write(answer)
    error = error_of(f'url: "{server.url}/", values: {{x: y}}')
    assert error.message == "127.0.0.1 gave no proper answer"


def test_a_huge_answer_is_not_read_to_its_end(server: WebServer) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"

    def endless(out: Any) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(10_000):  # 600 MB; it is hung up on before
            out.write(chunk)

    server.write = endless
    tracemalloc.start()
    error = error_of(f'url: "{server.url}/", values: {{x: y}}')
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(error) == "The answer of 127.0.0.1 is too long. At most 1,000,000 bytes are read."
    assert peak < 20_000_000


def test_an_answer_that_nobody_wants_is_not_read(server: WebServer) -> None:
    server.content = b"x" * 5_000_000
    assert send(f'url: "{server.url}/"') == {}


def test_error_of_a_packed_answer(server: WebServer) -> None:
    server.content, server.headers = gzip.compress(b"{}"), {"Content-Encoding": "gzip"}
    error = error_of(f'url: "{server.url}/", values: {{x: "@"}}')
    assert error.message == "the answer of 127.0.0.1 is packed, which was not asked for"
    assert server.came[0].headers["Accept-Encoding"] == "identity"


class TestRetries:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http, "RETRY_SECONDS", 0.01)

    def test_what_fails_for_a_moment_is_tried_again(self, server: WebServer) -> None:
        server.next_statuses = [503, 502]
        server.says({"x": 1})
        request = f'url: "{server.url}/", retries: 2, values: {{x: x}}'
        assert send(request) == {"x": 1}
        assert len(server.came) == 3

    def test_not_without_retries(self, server: WebServer) -> None:
        server.next_statuses = [503]
        assert error_of(f'url: "{server.url}/"').message == "127.0.0.1 is not ready"
        assert len(server.came) == 1

    def test_what_is_refused_is_not_tried_again(self, server: WebServer) -> None:
        server.status = 404
        error_of(f'url: "{server.url}/", retries: 5')
        assert len(server.came) == 1

    def test_error_when_it_stays_so(self, server: WebServer) -> None:
        server.status = 503
        error = error_of(f'url: "{server.url}/", method: PUT, body: "on", retries: 2')
        assert error.message == "127.0.0.1 is not ready"
        assert [came.body for came in server.came] == [b"on"] * 3

    def test_attempts_share_the_time(self, server: WebServer) -> None:
        server.silent = True
        error = error_of(f'url: "{server.url}/", retries: 1', timeout_seconds=0.5)
        assert error.message == "127.0.0.1 did not answer in time"
        assert len(server.came) == 2


def test_a_request_is_given_up_when_the_turn_is(server: WebServer) -> None:
    server.silent = True

    async def scene() -> None:
        request = request_of(f'url: "{server.url}/"')
        task = asyncio.create_task(send_request(request, {}, Credentials(), 60.0))
        await asyncio.to_thread(server.asked.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scene())


# --- hostile values -------------------------------------------------------------------------------

EVERYWHERE = (
    'url: "http://127.0.0.1:8123/{a}/x?y={a}", query: {q: "{a}"}, method: POST, '
    'headers: {X-Home: ours}, credential: {name: token, header: X-Key}, KIND: {s: "{a}"}'
)


@pytest.mark.parametrize("kind", ["json", "form"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=HOSTILE)
def test_a_value_is_data_wherever_it_is_sent(
    credentials: Credentials, kind: str, value: str
) -> None:
    request = request_of(EVERYWHERE.replace("KIND", kind))
    try:
        sent = outgoing_request(request, {"a": value}, credentials)
    except ActionError:
        assert value in {"", ".", ".."}
        return
    split = urlsplit(sent.target.decode("ascii"))
    assert [unquote(part, errors="strict") for part in split.path.split("/")] == ["", value, "x"]
    assert parse_qsl(split.query, keep_blank_values=True) == [("y", value), ("q", value)]
    headers = [(name.decode(), text.decode()) for name, text in sent.headers]
    assert ("X-Key", SECRET) in headers
    assert sorted(name for name, _ in headers) == [
        "Accept", "Accept-Encoding", "Connection", "Content-Length", "Content-Type", "Host",
        "User-Agent", "X-Home", "X-Key",
    ]  # fmt: skip
    assert all(text.isprintable() for _, text in headers)
    body = sent.body.decode()
    read = json.loads(body) if kind == "json" else dict(parse_qsl(body, keep_blank_values=True))
    assert read == {"s": value}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=HOSTILE)
def test_a_real_server_reads_the_value_that_was_said(server: WebServer, value: str) -> None:
    server.came.clear()
    try:
        send(f'url: "{server.url}/{{a}}/x?y={{a}}", body: "{{a}}", headers: {{X-Home: ours}}',
             {"a": value})  # fmt: skip
    except ActionError:
        assert value in {"", ".", ".."}
        assert server.came == []
        return
    (came,) = server.came
    split = urlsplit(came.target)
    assert unquote(split.path.split("/")[1], errors="strict") == value
    assert dict(parse_qsl(split.query, keep_blank_values=True)) == {"y": value}
    assert came.body.decode() == value
    assert came.headers.get_all("X-Home") == ["ours"]
