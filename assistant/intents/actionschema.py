"""What an action may be, as the JSON Schema of intent files says it."""

from __future__ import annotations

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.requests import METHODS
from assistant.intents.schemaparts import Schema
from assistant.intents.schemaparts import described as _key
from assistant.intents.schemaparts import mapping_of as _object
from assistant.intents.schemaparts import named as _named
from assistant.intents.schemaparts import reference as _is
from assistant.intents.sequences import KINDS, MAXIMUM_STEPS
from assistant.intents.steps import WAYS

_METHODS = "|".join("".join(f"[{c}{c.lower()}]" for c in word) for word in METHODS)
_BUILTIN: Schema = {"enum": list(BUILTIN_ACTIONS)}


def _in_order(schema: Schema) -> Schema:
    return {"type": "array", "items": schema, "minItems": 1, "maxItems": MAXIMUM_STEPS}


_STEP = {
    "command": _key(
        "The program and its arguments; a {slot} is filled within its argument", _is("program")
    ),
    "http": _key("A request to a device or a server", _is("http")),
    "mqtt": _key("A message to publish, and its answer", _is("mqtt")),
    "builtin": _key("A built-in action, with other steps before or after it", _BUILTIN),
    "delay_seconds": _key("Nothing for so long, 60 seconds at most", _is("seconds")),
    "timeout_seconds": _key("How long it may take", _is("seconds")),
    "speak_output": _key("true speaks what the program prints", _is("boolean")),
    "when": _key("Done only where each slot is this, one of these, or said at all", _is("when")),
    "unless": _key("Done only where no slot is this", _is("when")),
}
_HTTP = {
    "url": _key("http://host/path?query; a {slot} may stand in path and query", _is("url")),
    "method": _key("GET, or POST where something is sent", _is("method")),
    "query": _key("Parts of the query, by name", _is("pairs")),
    "headers": _key("Headers, without slots and without secrets", _named(_is("text"))),
    "json": _key("What is sent, as JSON; '{slot}' alone is its value"),
    "form": _key("What is sent, as a form", _is("pairs")),
    "body": _key("What is sent, as a text", _is("scalar")),
    "credential": _key("The name of a secret's file, and how it is sent", _is("credential")),
    "values": _key("Values for the reply: JMESPath in the answer", _is("paths")),
    "retries": _key("Further attempts; for what can be done twice", _is("integer")),
}
_CREDENTIAL = {
    "name": _key("The name of its file", _is("credential_name")),
    "as": _key("bearer (if left out), or basic for user:password", {"enum": list(WAYS[:2])}),
    "header": _key("The header in which it is sent", _is("text")),
    "query": _key("The part of the query in which it is sent", _is("text")),
}
_MQTT = {
    "topic": _key("Where it is published; a {slot} is one level, or a part of one", _is("text")),
    "payload": _key("What is published, as a text", _is("scalar")),
    "json": _key("What is published, as JSON; '{slot}' alone is its value"),
    "retain": _key("true: the broker keeps it", _is("boolean")),
    "qos": _key("0, 1 (if left out) or 2", _is("integer")),
    "answer": _key("The topic of the answer that is waited for", _is("text")),
    "values": _key("Values for the reply: JMESPath in the answer", _is("paths")),
    "broker": _key("mqtt://host; else that of the configuration", _is("broker")),
    "credential": _key("The name of a secret's file: user:password", _is("credential_name")),
}
ACTION_DEFINITIONS: dict[str, Schema] = {
    "action": {
        "anyOf": [
            _BUILTIN,
            _is("action_step"),
            _in_order({"anyOf": [_BUILTIN, _is("action_step")]}),
        ]
    },
    "undo": {"anyOf": [_is("text"), _is("action_step"), _in_order(_is("action_step"))]},
    "action_step": _object(_STEP) | {"oneOf": [{"required": [key]} for key in KINDS]},
    "when": {"type": "object"},
    "http": _object(_HTTP, "url"),
    "url": {"type": "string", "pattern": r"^https?://[^\s/?#:@\[\]{}]+|^https?://\["},
    "method": {"type": "string", "pattern": f"^({_METHODS})$"},
    "pairs": _named(_is("scalar")),
    "paths": _named(_is("text"), {"pattern": r"^[A-Za-z_]"}),
    "credential": {
        "anyOf": [_is("credential_name"), _object(_CREDENTIAL, "name")],
    },
    "credential_name": {"type": ["string", "number"], "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"},
    "mqtt": _object(_MQTT) | {"anyOf": [{"required": [key]} for key in ("topic", "answer")]},
    "broker": {"type": "string", "pattern": "^mqtts?://"},
}
