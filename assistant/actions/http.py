"""HTTP requests of the owner's, made for the bridge.

httpcore does them: it is what httpx is built on, takes a third of the memory (which imports a
command line), follows no redirect, and knows no cookies, proxies or ``.netrc``. A path goes out as
the bytes that were made of it. A connection is made for each request: a device that was switched
off and on is reached again at once.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.actions.credentials import Credentials
from assistant.errors import ActionError
from assistant.intents.jsonpaths import MAXIMUM_BYTES, Value, find_values
from assistant.intents.placeholders import in_bytes, in_json, in_pairs, in_target
from assistant.intents.steps import Credential, HttpRequest
from assistant.values import Plain

RETRY_SECONDS = 0.5
"""Before the second attempt; twice as long before each further one."""

WORTH_RETRYING = frozenset({502, 503, 504})
"""Answers of a server that may be there again in a moment."""

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it is sent. Its parts hold secrets, so it is never shown."""

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def __repr__(self) -> str:
        return f"<{self.method}, {len(self.body)} bytes>"


class _RetryLaterError(Exception):
    """An attempt failed in a way that may pass; ``error`` is what to tell if it does not."""

    def __init__(self, error: ActionError) -> None:
        super().__init__(error.message)
        self.error = error


async def send_request(
    request: HttpRequest,
    slots: Mapping[str, Plain],
    credentials: Credentials,
    timeout_seconds: float,
) -> dict[str, Value]:
    """Make a request, and return the values that were found in its answer.

    All its attempts together take ``timeout_seconds`` at most. Raises ActionError with a sentence
    that names the host, and nothing of what was said or of a secret.
    """
    outgoing = outgoing_request(request, slots, credentials)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_seconds
    pause = RETRY_SECONDS
    for left in range(request.retries, -1, -1):
        now = loop.time()
        try:
            # What is left of the time, shared by the attempts that are left.
            async with asyncio.timeout_at(now + (deadline - now) / (left + 1)):
                return await _attempt(request, outgoing)
        except TimeoutError as error:
            failure = ActionError(
                f"{request.address.host} did not answer in time",
                f"It was given {timeout_seconds:g} seconds.",
            )
            failure.__cause__ = error
        except _RetryLaterError as error:
            failure = error.error
        if not left or deadline - loop.time() <= pause:
            break
        await asyncio.sleep(pause)
        pause *= 2
    raise failure


def outgoing_request(
    request: HttpRequest, slots: Mapping[str, Plain], credentials: Credentials
) -> Outgoing:
    """Put slots and secrets into a request. Raises ActionError where one of them cannot be sent."""
    address = request.address
    target = in_target(address.target, slots)
    pairs = [in_pairs(request.query, slots)]
    headers = {"Host": _host(request), "User-Agent": "assistant", "Accept": "*/*"}
    body = b""
    if request.json:
        headers["Content-Type"] = "application/json"
        body = json.dumps(in_json(request.json[0], slots), separators=(",", ":")).encode("ascii")
    elif request.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = in_pairs(request.form, slots).encode("ascii")
    elif request.body is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
        body = in_bytes(request.body, slots)
    own = {name.lower() for name in request.headers}
    headers = {key: value for key, value in headers.items() if key.lower() not in own}
    headers |= request.headers
    if request.credential is not None:
        secret = credentials.read(request.credential.name)
        name, value = _sent(request.credential, secret)
        if name:
            headers[name] = value
        else:
            pairs.append(value)
    query = "&".join(pair for pair in pairs if pair)
    if query:
        target += ("&" if "?" in target else "?") + query
    if body or request.method in {"POST", "PUT", "PATCH"}:
        headers["Content-Length"] = str(len(body))
    # Answers are read as they are: none is unpacked that could become much larger than it came.
    headers |= {"Accept-Encoding": "identity", "Connection": "close"}
    lines = ((key.encode("ascii"), value.encode("ascii")) for key, value in headers.items())
    return Outgoing(request.method, target.encode("ascii"), tuple(lines), body)


def _host(request: HttpRequest) -> str:
    address = request.address
    host = f"[{address.host}]" if ":" in address.host else address.host
    usual = DEFAULT_PORTS[address.scheme] == address.port
    return host if usual else f"{host}:{address.port}"


def _sent(credential: Credential, secret: str) -> tuple[str, str]:
    """Header and value; a part of the query has no header."""
    if not secret.isascii():
        raise ActionError(
            f"the credential '{credential.name}' cannot be sent", "It has to be ASCII."
        )
    match credential.way:
        case "basic":
            if ":" not in secret:
                hint = "Its file has to hold user:password."
                raise ActionError(f"the credential '{credential.name}' cannot be sent", hint)
            return "Authorization", f"Basic {base64.b64encode(secret.encode()).decode()}"
        case "header":
            return credential.key, secret
        case "query":
            return "", in_pairs({credential.key: "{secret}"}, {"secret": secret})
    return "Authorization", f"Bearer {secret}"


async def _attempt(request: HttpRequest, outgoing: Outgoing) -> dict[str, Value]:
    import httpcore  # noqa: PLC0415 - loaded when the first intent speaks HTTP

    logging.getLogger("httpcore").setLevel(logging.WARNING)  # it would tell each request
    address, host = request.address, request.address.host
    url = httpcore.URL(scheme=address.scheme, host=host, port=address.port, target=outgoing.target)
    context = ssl.create_default_context() if address.scheme == "https" else None
    try:
        async with (
            httpcore.AsyncConnectionPool(ssl_context=context, max_connections=1) as pool,
            pool.stream(
                outgoing.method, url, headers=list(outgoing.headers), content=outgoing.body
            ) as response,
        ):
            _check(response.status, request)
            if not request.values.paths:
                return {}
            encodings = [
                value for name, value in response.headers if name.lower() == b"content-encoding"
            ]
            if any(encoding.lower() != b"identity" for encoding in encodings):
                raise ActionError(f"the answer of {host} is packed, which was not asked for")
            answer = bytearray()
            async for chunk in response.aiter_stream():
                answer += chunk
                if len(answer) > MAXIMUM_BYTES:
                    hint = f"At most {MAXIMUM_BYTES:,} bytes are read."
                    raise ActionError(f"the answer of {host} is too long", hint)
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise _RetryLaterError(_unreachable(request, error)) from error
    return find_values(request.values.paths, bytes(answer), host)


def _check(status: int, request: HttpRequest) -> None:
    """Raise ActionError, or _RetryLaterError, for an answer that is no success."""
    host, hint = request.address.host, f"It answered {status}."
    if 200 <= status < 300:
        return
    if status in WORTH_RETRYING:
        raise _RetryLaterError(ActionError(f"{host} is not ready", hint))
    if status in {401, 403}:
        if request.credential is None:
            raise ActionError(f"{host} wants a credential", f"{hint} Name one at 'credential:'.")
        name = request.credential.name
        raise ActionError(f"{host} does not accept the credential '{name}'", hint)
    if status == 404:
        raise ActionError(f"{host} does not know what was asked for", f"{hint} Check the address.")
    if 300 <= status < 400:
        hint += " That is not followed: write the address that it points to."
        raise ActionError(f"{host} points to another address", hint)
    if status >= 500:
        raise ActionError(f"{host} has failed", hint)
    raise ActionError(f"{host} did not accept the request", hint)


def _unreachable(request: HttpRequest, error: Exception) -> ActionError:
    import httpcore  # noqa: PLC0415

    host, where = request.address.host, f"{request.address.host}:{request.address.port}"
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return ActionError(f"{host} cannot be found", "No address is known of that name.")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        reason = next(str(c.reason) for c in causes if isinstance(c, ssl.SSLError))
        return ActionError(f"{host} cannot be trusted", f"TLS failed at {where}: {reason}.")
    if isinstance(error, httpcore.ConnectError):
        reasons = [os.strerror(c.errno) for c in causes if isinstance(c, OSError) and c.errno]
        reason = reasons[-1] if reasons else "nothing answers"
        return ActionError(f"{host} cannot be reached", f"{where}: {reason}.")
    return ActionError(f"{host} gave no proper answer", f"{where}: {type(error).__name__}.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__
