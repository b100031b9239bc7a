"""The form of intent files as a JSON Schema (draft 2020-12), with which editors complete them.

It is not stricter than the reader, but for keys with nothing after them; what only all files
together can tell (names, templates, holes in replies) it leaves to ``assistant check``. Editors
read ``on`` as a text and ``12:30`` as one too, but ``5`` as a number, so a text may be any scalar.
"""

from __future__ import annotations

from assistant.intents.actionschema import ACTION_DEFINITIONS
from assistant.intents.builtins import BUILTIN_ACTIONS, RESPONSES, Delivered
from assistant.intents.kinds import KINDS
from assistant.intents.lists import SOURCES
from assistant.intents.ranges import CALENDARS, FRACTIONS, MAXIMUM_RANGE
from assistant.intents.schemaparts import Schema
from assistant.intents.schemaparts import described as _key
from assistant.intents.schemaparts import mapping_of as _object
from assistant.intents.schemaparts import named as _named
from assistant.intents.schemaparts import one_or_more as _one_or_more
from assistant.intents.schemaparts import reference as _is

_INTEGER = "^[+-]?[0-9]{1,9}$"
_COUNT = r"^\+?0*[1-9][0-9]*$"
_DECIMAL = r"^[+-]?[0-9]{1,9}(\.[0-9]{1,9})?$"
_SECONDS = r"^(?=.*[1-9])[0-9]{1,6}(\.[0-9]+)?$"
_MOMENT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( +[\w+/-]+)?$"
_VALUE_NAME = r"^([A-Za-z_]\w*|\([A-Za-z_]\w*\))$"
_TRUE, _FALSE = (
    "|".join("".join(f"[{c.upper()}{c}]" for c in word) for word in words)
    for words in (("true", "yes", "on"), ("false", "no", "off"))
)
# A letter first, then no space and of ASCII only letters, digits, '_', '-' and '.'. Not \w, which
# has no umlauts in the regular expressions of editors.
_NAME = r"^[A-Za-z][^\s!-,/:-@\[-^`{-~]*$"
_OUTCOMES = sorted(
    {"done", "failed"} | {name for outcomes in BUILTIN_ACTIONS.values() for name in outcomes}
)


def intent_file_schema() -> Schema:
    """Return the schema of a file; JSON can hold it as it is."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Intent file",
        **_object(_FILE),
        "$defs": _DEFINITIONS,
    }


def _values_told(delivered: Delivered) -> str:
    names = sorted(delivered.always) + sorted(f"{name} if known" for name in delivered.sometimes)
    return f"Its values: {', '.join(names)}" if names else "It has no values"


_HOME_ASSISTANT = "A note of Home Assistant's; it changes nothing here"
_SENTENCES = {
    "sentences": _key(
        "The ways to say it: words, [optional], (one|or the other), {list}, <rule>", _is("texts")
    ),
    "slots": _key("Slots with a fixed value, unless the sentence fills them", _is("slots")),
    "lists": _key(
        "Lists that only these sentences know; they come before those of the same name",
        _is("lists"),
    ),
    "expansion_rules": _key("Rules that only these sentences know", _is("rules")),
    "requires_context": _key(
        "What has to be known: 'area: kitchen', one of several, or 'slot: true'", _is("conditions")
    ),
    "excludes_context": _key("What must not be so", _is("conditions")),
    "metadata": _key("Anything; it is carried along with the match", _is("data")),
}

_FILE = {
    "language": _key(
        "The language of the sentences: 'en'. Files in another one are not used", _is("text")
    ),
    "group": _key("What the intents are about, for 'what can I say about timers'", _is("text")),
    "intents": _key("What can be wanted, by name", _named(_is("intent"), {"pattern": _NAME})),
    "lists": _key("What a {slot} may be, by the name in the braces", _is("lists")),
    "expansion_rules": _key("Parts of sentences that <name> stands for", _is("rules")),
    "skip_words": _key("Words left out of a text that does not fit with them", _is("texts")),
    "responses": _key("What the assistant says of itself", _is("responses")),
    "slot_types": _key(
        "Kinds of values, such as a duration, with the ways to say one", _is("slot_types")
    ),
    "connectives": _key("Words that join commands and values", _is("connectives")),
    "pronunciations": _key(
        "What a word sounds like, in words the recognizer knows: {hdmi: h d m i}",
        _named(_is("texts")),
    ),
    "data": _key(
        "Sentences of the intent that the folder is named after, as Home Assistant has it",
        _is("blocks"),
    ),
    "settings": _key(_HOME_ASSISTANT),
}
_INTENT = {
    **_SENTENCES,
    "data": _key(
        "Sentences that share slots, lists or a condition, one block after the other", _is("blocks")
    ),
    "action": _key(
        "A built-in action, {command: [program, argument]}, http, mqtt; or several in order; or "
        "{skill: name}",
        _is("action"),
    ),
    "undo": _key(
        "What takes it back: the name of an intent with the same slots, or steps", _is("undo")
    ),
    "routine": _key(
        "Sentences that are understood and done in order, after its own action", _is("texts")
    ),
    "ask": _key(
        "Questions for slots that were not said: {duration: For how long?}", _named(_is("asked"))
    ),
    "confirm": _key(
        "What is asked before it is done, and done only after 'yes': true, a text, or several",
        {"anyOf": [_is("texts"), _is("confirm")]},
    ),
    "later": _key(
        "true: it is listened for with a time, too: 'turn off the light in ten minutes'",
        _is("boolean"),
    ),
    "reply": _key(
        "What is answered: a text, several to choose from, or texts for each outcome", _is("reply")
    ),
    "help": _key(
        "The sentence offered for 'what can I say'; else the first of the tests", _is("text")
    ),
    "tests": _key("Sentences that mean it, or do not; 'assistant check' runs them", _is("tests")),
    "enabled": _key(
        "false switches off the intent of that name, also a shipped one", _is("boolean")
    ),
}
_BLOCK = {
    **_SENTENCES,
    "heard": _key("false: only text can be one of these; no recognizer listens", _is("boolean")),
    "response": _key("Which of Home Assistant's responses of the intent is answered", _is("text")),
    "reply": _key("What is answered instead of the intent's own reply", _is("reply")),
    "name_domains": _key("Domains that names may be of, as Home Assistant has it", _is("texts")),
    "inferred_domain": _key("The domain, which fills the slot 'domain'", _is("text")),
    "required_keywords": _key(_HOME_ASSISTANT),
    "example": _key(_HOME_ASSISTANT),
    "speech_to_phrase": _key(_HOME_ASSISTANT),
    "settings": _key(_HOME_ASSISTANT),
}
_ASK = {
    "question": _key("What is asked, or several to choose from", _is("texts")),
    "answers": _key("The ways to answer, with the {slot} in them", _is("texts")),
}
_CONFIRM = {
    "question": _key("What is asked: true, a text, or several", _is("texts")),
    "pin": _key("true wants the number at 'dialogue.pin' of the configuration", _is("boolean")),
}
_SKILL = {
    "skill": _key("The name of the skill, which is that of its folder", _is("text")),
    "outcomes": _key(
        "What it may come to, with the values of each: {done: [sky, (degrees)], unknown: []}",
        _named(_is("delivered")),
    ),
    "timeout_seconds": _key("How long it may take", _is("seconds")),
}
_TEST = {
    "say": _key("A sentence, or several, that mean this intent", _is("texts")),
    "not": _key("A sentence, or several, that do not", _is("texts")),
    "slots": _key(
        "Exactly the slots that it then has; a list of them for several commands", _is("expected")
    ),
    "now": _key(
        "When it is said: 2026-11-22 14:00, or 2026-11-22 14:00 Europe/Berlin", _is("moment")
    ),
    "context": _key("What is known when it is said", _is("data")),
}
_LIST = {
    "values": _key(
        "What the slot may be: texts, or {in: what is said, out: what it means}", _is("values")
    ),
    "range": _key("Numbers: {from: 0, to: 100, step: 10}", _is("range")),
    "calendar": _key("weekdays (Monday is 0) or months (January is 1)", {"enum": list(CALENDARS)}),
    "wildcard": _key("true: any words; values are likely ones", _is("boolean")),
    "file": _key(
        "A file beside this one with the values: lines, 'said = value', JSON or YAML", _is("text")
    ),
    "command": _key("A program that prints the values, with its arguments", _is("program")),
    "all": _key("Ways to say all values at once, for {name+}", _is("texts")),
    "preferred": _key(
        "true: a sentence that fills this list wins over one that does not", _is("boolean")
    ),
    "remembered": _key("true: what was last said of it can be called 'it'", _is("boolean")),
    "refresh_seconds": _key("How often the program is run again", _is("seconds")),
    "metadata": _key("Anything; it is carried along"),
}
_HAS_SOURCE: list[Schema] = [{"required": [key]} for key in SOURCES]
_VALUE = {
    "in": _key("What is said: words, [optional], (one|or the other); or several", _is("texts")),
    "out": _key("The value of the slot", _is("text")),
    "context": _key("What is known when this was said", _is("data")),
    "metadata": _key("Anything; it is carried along with the match", _is("data")),
}
_RANGE = {
    "from": _key("The first number", _is("integer")),
    "to": _key(f"The last number; at most {MAXIMUM_RANGE:,} are possible", _is("integer")),
    "step": _key("From one to the next, 1 if left out", _is("step")),
    "fractions": _key("Halves or tenths between them", {"enum": list(FRACTIONS)}),
    "multiplier": _key("What each is multiplied with for the value of the slot", _is("decimal")),
    "words": _key("'ordinals': the first, the second", _is("number_words")),
    "type": _key(_HOME_ASSISTANT),
    "digits": _key(_HOME_ASSISTANT),
    "words_language": _key(_HOME_ASSISTANT),
}
_SLOT_TYPES = {
    "types": _key(
        "The types by name: a {name} in a sentence is a value of it", _named(_is("slot_type"))
    ),
    "lists": _key("Lists that only sentences of types know", _is("lists")),
    "expansion_rules": _key("Rules that only sentences of types know", _is("rules")),
}
_SLOT_TYPE = {
    "kind": _key("What kind of value is made of what was said", {"enum": list(KINDS)}),
    "sentences": _key(
        "The ways to say one; a {list:field} fills a field of the kind", _is("texts")
    ),
}
_CONNECTIVES = {
    "joining": _key("'and', 'then': between commands and between values", _is("texts")),
    "excepting": _key("'except': all lights except the lamp", _is("texts")),
    "articles": _key("'the': may stand before each of several values", _is("texts")),
    "pronouns": _key("'it': what was last said of a remembered list", _is("texts")),
    "ones": _key("'one': the rest of a name, in 'the red one'", _is("texts")),
    "correcting": _key("'no I meant': the command before was not what was meant", _is("texts")),
}
_RESPONSES = {
    **{key: _key(_values_told(delivered), _is("says")) for key, delivered in RESPONSES.items()},
    "intents": _key(
        "Replies of intents by the 'response' of a block, as Home Assistant has it",
        _named({"anyOf": [_is("says"), _named(_is("says"))]}),
    ),
    "errors": _key(_HOME_ASSISTANT),
}
_DEFINITIONS: dict[str, Schema] = {
    "scalar": {"type": ["string", "number", "boolean"]},
    "text": {"type": ["string", "number", "boolean"], "pattern": r"\S"},
    "texts": _one_or_more(_is("text")),
    # Empty quotes are silence.
    "says": {"anyOf": [{"const": ""}, _is("texts")]},
    "boolean": {
        "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": f"^({_TRUE}|{_FALSE})$"}]
    },
    "true": {"anyOf": [{"const": True}, {"type": "string", "pattern": f"^({_TRUE})$"}]},
    "integer": {"type": ["integer", "string"], "pattern": _INTEGER},
    "seconds": {
        "type": ["number", "string"],
        "exclusiveMinimum": 0,
        "exclusiveMaximum": 1_000_000,
        "pattern": _SECONDS,
    },
    "data": _named({"not": {"type": "null"}}),
    "slots": _named(_is("text")),
    "rules": _named(_is("text")),
    "reply": {"anyOf": [_is("says"), _named(_is("says"))]},
    "reply_of_ours": {"anyOf": [_is("says"), _named(_is("says"), {"enum": _OUTCOMES})]},
    "intent": _object(_INTENT)
    | {"anyOf": [{"required": [key]} for key in ("sentences", "data", "enabled")]}
    # A skill has outcomes of its own.
    | {
        "if": {
            "properties": {"action": {"type": "object", "required": ["skill"]}},
            "required": ["action"],
        },
        "else": {"properties": {"reply": _is("reply_of_ours")}},
    },
    "asked": {"anyOf": [_is("texts"), _is("ask")]},
    "ask": _object(_ASK, "question"),
    "confirm": _object(_CONFIRM),
    "block": _object(_BLOCK, "sentences"),
    "blocks": {"type": "array", "items": _is("block"), "minItems": 1},
    **ACTION_DEFINITIONS,
    "action": {"anyOf": [*ACTION_DEFINITIONS["action"]["anyOf"], _is("skill")]},
    "skill": _object(_SKILL, "skill"),
    "delivered": {
        "anyOf": [
            {"type": "null"},
            {"type": "string", "pattern": _VALUE_NAME},
            {"type": "array", "items": {"type": "string", "pattern": _VALUE_NAME}},
        ]
    },
    # The program itself is never a spoken value.
    "program": {
        "type": "array",
        "prefixItems": [{"not": {"type": "string", "pattern": r"\{\w+\}"}}],
        "items": _is("scalar"),
        "minItems": 1,
    },
    "tests": {"type": "array", "items": _is("test"), "minItems": 1},
    "test": _object(_TEST)
    | {"oneOf": [{"required": ["say"]}, {"required": ["not"], "not": {"required": ["slots"]}}]},
    "expected": {"anyOf": [_is("slots"), {"type": "array", "items": _is("slots")}]},
    "moment": {"type": "string", "pattern": _MOMENT},
    "conditions": {"type": "object"},
    "lists": _named(_is("list")),
    "list": _object(_LIST)
    | {
        "oneOf": [
            *_HAS_SOURCE,
            {
                "required": ["wildcard"],
                "properties": {"wildcard": _is("true")},
                "not": {"anyOf": _HAS_SOURCE},
            },
        ],
        "dependentRequired": {"refresh_seconds": ["command"]},
    },
    "values": {"type": "array", "items": _is("value"), "minItems": 1},
    "value": {
        "anyOf": [
            _is("text"),
            _object(_VALUE, "in") | {"anyOf": [{"required": ["out"]}, {"required": ["context"]}]},
        ]
    },
    "range": _object(_RANGE, "from", "to"),
    "step": {"type": ["integer", "string"], "minimum": 1, "pattern": _COUNT},
    "decimal": {"type": ["number", "string"], "pattern": _DECIMAL},
    "number_words": {"anyOf": [{"const": "ordinals"}, _is("boolean")]},
    "slot_types": _object(_SLOT_TYPES),
    "slot_type": _object(_SLOT_TYPE, "kind", "sentences"),
    "connectives": _object(_CONNECTIVES),
    "responses": _object(_RESPONSES),
}
