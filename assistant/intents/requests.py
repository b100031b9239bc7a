"""Reads an HTTP request of the owner's."""

from __future__ import annotations

import re

from assistant.intents.placeholders import PLACEHOLDER
from assistant.intents.reading import Reader
from assistant.intents.slottedtexts import SlottedReader, undrawn
from assistant.intents.steps import IDEMPOTENT, WAYS, Address, Credential, HttpRequest
from assistant.yamlsource import Mapping as MappingNode
from assistant.yamlsource import Node, Text, did_you_mean

HTTP_KEYS = (
    "url", "method", "query", "headers", "json", "form", "body", "credential", "values", "retries",
)  # fmt: skip
CREDENTIAL_KEYS = ("name", "as", "header", "query")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
BODIES = ("json", "form", "body")
MAXIMUM_RETRIES = 5
PORTS = {"http": 80, "https": 443}

# No user information: a secret is no part of a file. No fragment: it is never sent.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s/?#:@\[\]{}]+)(:(?P<port>\d{1,5}))?"
    r"(?P<target>[/?][^\s#]*)?"
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PRINTABLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
_OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect"}
)


def read_request(slotted: SlottedReader, node: Node) -> HttpRequest | None:
    """Read a request, None where its address is wrong."""
    reader = slotted.reader
    mapping = reader.mapping(node, "'http'", HTTP_KEYS)
    if mapping is None:
        return None
    address = _address(slotted, mapping)
    method = _method(slotted, mapping)
    bodies = [key for key in BODIES if mapping.get(key) is not None]
    if len(bodies) > 1:
        told = " and ".join(f"'{key}'" for key in bodies)
        reader.report(f"a request has one of {told}", mapping.place)
    values = slotted.values(mapping.get("values"))
    retries = slotted.whole_number(mapping.get("retries"), "'retries'", MAXIMUM_RETRIES, 0)
    if retries and method not in IDEMPOTENT:
        hint = f"only these are tried again: {', '.join(sorted(IDEMPOTENT))}"
        place = _place_of(mapping, "retries")
        reader.report(f"a {method} that is sent twice may be done twice", place.place, hint)
    if values.paths and method == "HEAD":
        reader.report("a HEAD has no answer to find values in", _place_of(mapping, "values").place)
    form, body = mapping.get("form"), slotted.text(mapping.get("body"), "'body'", empty=True)
    request = HttpRequest(
        method,
        address or Address("http", "", 0, "/"),
        slotted.pairs(mapping.get("query"), "'query'"),
        _headers(reader, mapping.get("headers")),
        slotted.tree(mapping.get("json")),
        slotted.pairs(form, "'form'") if form is not None else None,
        body.text if body is not None else None,
        _credential(slotted, mapping.get("credential")),
        values,
        retries,
    )
    return request if address else None


def _address(slotted: SlottedReader, mapping: MappingNode) -> Address | None:
    node = mapping.get("url")
    if node is None:
        slotted.reader.report("the request has no 'url'", mapping.place)
        return None
    text = slotted.text(node, "'url'")
    if text is None:
        return None
    found = _URL.fullmatch(text.text)
    port = int(found["port"] or PORTS[found["scheme"]]) if found else 0
    if found and 0 < port < 2**16 and (host := _ascii(found["host"])):
        target = found["target"] or "/"
        return Address(found["scheme"], host, port, target if target[0] == "/" else f"/{target}")
    message, hint = "this is no address", "write it as http://host/path or https://host:port/path"
    place = text.place
    authority = text.text.partition("://")[2].partition("/")[0]
    if inside := PLACEHOLDER.search(authority):
        start = text.text.index(authority) + inside.start()
        message, place = "the host cannot be a spoken value", text.at(start, len(inside[0]))
        hint = "write one request for each, with 'when:'"
    elif "@" in authority:
        message, hint = "a user or a password does not belong here", "name them at 'credential:'"
        place = undrawn(place)
    elif "#" in text.text:
        message, place = "an address of a request has no '#'", text.at(text.text.index("#"))
        hint = "write %23 for the character itself"
    slotted.reader.report(message, place, hint)
    return None


def _ascii(host: str) -> str:
    """The host as the network knows it; '' where there is none such."""
    try:
        return host.strip("[]").encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _method(slotted: SlottedReader, mapping: MappingNode) -> str:
    text = slotted.without_slots(mapping.get("method"), "'method'")
    if text is None:
        return "POST" if any(mapping.get(key) is not None for key in BODIES) else "GET"
    if text.text.upper() not in METHODS:
        hint = f"known: {', '.join(METHODS)}"
        slotted.reader.report(f"there is no method '{text.text}'", text.place, hint)
    return text.text.upper()


def _headers(reader: Reader, node: Node | None) -> dict[str, str]:
    """Read headers. They hold no slot, so nobody can speak one of their own."""
    headers: dict[str, str] = {}
    for key, value in reader.pairs(node, "'headers'"):
        text = reader.text(value, f"the header '{key.text}'")
        name = key.text.lower()
        if not _TOKEN.fullmatch(key.text):
            reader.report(f"'{key.text}' cannot name a header", key.place)
        elif name in _SECRET_HEADERS:
            reader.report(
                f"a secret such as '{key.text}' does not belong in a file that others may read",
                undrawn(key.place),
                "name it at 'credential:'",
            )
        elif name in _OWN_HEADERS:
            reader.report(f"the header '{key.text}' is not yours to set", key.place)
        elif text is not None and (found := PLACEHOLDER.search(text.text)):
            hint = "send it in 'query', 'json', 'form' or 'body'"
            place = text.at(found.start(), len(found[0]))
            reader.report("a header cannot be a spoken value", place, hint)
        elif text is not None and not _PRINTABLE.fullmatch(text.text):
            reader.report("a header is one line of ASCII", text.place)
        elif text is not None:
            headers[key.text] = text.text
    return headers


def _credential(slotted: SlottedReader, node: Node | None) -> Credential | None:
    """Read the name of a credential, or a mapping that also tells how it is sent."""
    reader = slotted.reader
    if not isinstance(node, MappingNode):
        name = slotted.credential_name(node)
        return Credential(name) if name else None
    reader.mapping(node, "'credential'", CREDENTIAL_KEYS)
    name = slotted.credential_name(node.get("name"))
    ways = [key for key in ("as", "header", "query") if node.get(key) is not None]
    if node.get("name") is None:
        reader.report("the credential has no 'name'", node.place)
    if len(ways) > 1:
        reader.report("a credential has one of 'as', 'header' and 'query'", node.place)
    if not name or not ways:
        return Credential(name) if name else None
    text = slotted.without_slots(node.get(ways[0]), f"'{ways[0]}'")
    if text is None:
        return None
    if ways[0] == "as":
        if text.text not in WAYS[:2]:
            hint = did_you_mean(text.text, WAYS[:2]) or f"known: {', '.join(WAYS[:2])}"
            reader.report(f"a credential cannot be sent as '{text.text}'", text.place, hint)
        return Credential(name, text.text)
    if not _TOKEN.fullmatch(text.text) or text.text.lower() in _OWN_HEADERS:
        reader.report(f"'{text.text}' cannot hold a credential", text.place)
    return Credential(name, ways[0], text.text)


def _place_of(mapping: MappingNode, key: str) -> Text:
    """The key itself, as something to point at."""
    return mapping.entries[key][0]
