"""Reads an MQTT message of the owner's."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.intents.placeholders import MAXIMUM_TOPIC_BYTES, PLACEHOLDER
from assistant.intents.reading import Reader
from assistant.intents.slottedtexts import SlottedReader, undrawn
from assistant.intents.steps import Broker, MqttMessage
from assistant.yamlsource import Node, Text

MQTT_KEYS = (
    "topic", "payload", "json", "retain", "qos", "answer", "values", "broker", "credential",
)  # fmt: skip
BROKER = re.compile(
    r"(?P<scheme>mqtts?)://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s/?#:@\[\]{}]+)(:(?P<port>\d{1,5}))?/?"
)
PORTS = {"mqtt": 1883, "mqtts": 8883}


def broker_of(url: str) -> Broker | None:
    """Take the address of a broker apart; None where it is none."""
    found = BROKER.fullmatch(url)
    if found is None:
        return None
    port = int(found["port"] or PORTS[found["scheme"]])
    if not 0 < port < 2**16:
        return None
    return Broker(found["host"].strip("[]"), port, found["scheme"] == "mqtts")


def read_message(slotted: SlottedReader, node: Node) -> MqttMessage | None:
    """Read a message to publish, or a topic to read."""
    reader = slotted.reader
    mapping = reader.mapping(node, "'mqtt'", MQTT_KEYS)
    if mapping is None:
        return None
    topic = slotted.text(mapping.get("topic"), "'topic'")
    answer = slotted.text(mapping.get("answer"), "'answer'")
    payload = slotted.text(mapping.get("payload"), "'payload'", empty=True)
    json, retain = slotted.tree(mapping.get("json")), mapping.get("retain")
    values = slotted.values(mapping.get("values"))
    if topic is None and answer is None:
        hint = "write 'topic' with 'payload' or 'json' to publish, 'answer' to read"
        reader.report("the message has no topic", mapping.place, hint)
    elif topic is not None and (payload is None) == (not json):
        hint = "an empty one is payload: ''" if payload is None else ""
        reader.report("a message has either a 'payload' or 'json'", mapping.place, hint)
    elif topic is None and (payload is not None or json):
        reader.report("what is published needs a 'topic'", mapping.place)
    if values.paths and answer is None:
        hint = "write the topic of the answer at 'answer'"
        reader.report(
            "there is no answer to find values in", mapping.entries["values"][0].place, hint
        )
    for text, forbidden in ((topic, "+#"), (answer, "")):
        if text is not None:
            _check_topic(reader, text, forbidden)
    return MqttMessage(
        topic.text if topic is not None else "",
        payload.text if payload is not None else "",
        json,
        bool(retain is not None and reader.boolean(retain, "'retain'")),
        slotted.whole_number(mapping.get("qos"), "'qos'", 2, 1),
        answer.text if answer is not None else "",
        values,
        _broker(slotted, mapping.get("broker"), mapping.get("credential")),
    )


def _check_topic(reader: Reader, text: Text, forbidden: str) -> None:
    """Find what no topic can hold, besides spoken values, which are looked at when they are put in.

    In a topic to read, + and # stand for whole levels.
    """
    written = PLACEHOLDER.sub("x", text.text)
    found = next((character for character in written if character in forbidden), "")
    if found:
        place = text.at(text.text.index(found))
        reader.report(f"a topic to publish has no '{found}'", place)
    elif len(written.encode()) > MAXIMUM_TOPIC_BYTES:
        reader.report("this is too long for a topic", text.place)
    elif not forbidden and not _is_filter(written):
        hint = "'+' stands for a whole level, and '#' for all levels from the last on"
        reader.report("this is no topic to read", text.place, hint)


def _is_filter(topic: str) -> bool:
    *levels, last = topic.split("/")
    return all(level == "+" or not set(level) & {"+", "#"} for level in levels) and (
        last in {"+", "#"} or not set(last) & {"+", "#"}
    )


def _broker(slotted: SlottedReader, node: Node | None, credential: Node | None) -> Broker | None:
    name = slotted.credential_name(credential)
    text = slotted.without_slots(node, "'broker'")
    if node is None:
        if credential is not None:
            hint = "without them, those of 'actions:' of the configuration are used"
            slotted.reader.report(
                "a credential needs its 'broker' beside it", credential.place, hint
            )
        return None
    broker = broker_of(text.text) if text is not None else None
    if text is not None and broker is None:
        hint = "write it as mqtt://host or mqtts://host:port; a password belongs to 'credential:'"
        slotted.reader.report("this is no address of a broker", undrawn(text.place), hint)
    return replace(broker, credential=name) if broker is not None else None
