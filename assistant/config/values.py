"""What a setting may be: kinds of values, each checked, with the words for a mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    ValidationInfo,
)

from assistant.intents.messages import broker_of
from assistant.intents.slottedtexts import CREDENTIAL_NAME


def _from_base(path: Path, info: ValidationInfo) -> Path:
    """Read a relative path from the folder of the file; "~" is left to the caller."""
    base = (info.context or {}).get("base")
    at_home = path.parts[:1] and path.parts[0].startswith("~")
    return path if base is None or at_home else Path(base) / path


def _one_fact(value: Any) -> Any:
    if isinstance(value, str | int | float):
        return value
    raise ValueError("names with texts or numbers")


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("a text")


def _time_of_day(value: str) -> str:
    if re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        return value.rjust(5, "0")
    raise ValueError("a time of the day such as '22:00'")


def _number(value: SecretStr) -> SecretStr:
    if re.fullmatch(r"[0-9]{3,8}", value.get_secret_value()):
        return value
    raise ValueError("a number of 3 to 8 digits, in quotes")


def _something_to_do(value: str) -> str:
    if value.strip():
        return value
    raise ValueError("listen, mute, stop or a sentence")


def _mpd_address(value: str) -> str:
    if not value or value.startswith(("/", "~")) or re.fullmatch(r"\S+:[0-9]{1,5}", value):
        return value
    raise ValueError("the path of a socket, or host:port")


def _broker(value: str) -> str:
    if broker_of(value) is not None:
        return value
    raise ValueError("an address such as mqtt://host or mqtts://host:port")


def _credential(value: str) -> str:
    if CREDENTIAL_NAME.fullmatch(value):
        return value
    raise ValueError("the name of a credential's file, and not the secret itself")


FilePath: TypeAlias = Annotated[Path, AfterValidator(_from_base)]
Fact: TypeAlias = Annotated[Any, AfterValidator(_one_fact)]
"""A text, a number, true or false."""
WrittenText: TypeAlias = Annotated[str, PlainValidator(_written)]
"""A text whose place can be told later on, by ``place_of``."""
TimeOfDay: TypeAlias = Annotated[str, AfterValidator(_time_of_day)]
"""Hours and minutes, as '07:30'."""
Pin: TypeAlias = Annotated[SecretStr, AfterValidator(_number)]
"""3 to 8 digits, which are in no log."""
Deed: TypeAlias = Annotated[str, AfterValidator(_something_to_do)]
"""What a trigger does: a word of its own, or a sentence."""
MpdAddress: TypeAlias = Annotated[str, AfterValidator(_mpd_address)]
BrokerAddress: TypeAlias = Annotated[str, AfterValidator(_broker)]
CredentialName: TypeAlias = Annotated[str, AfterValidator(_credential)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(gt=0.0, le=3600.0)]


class Section(BaseModel):
    """Base of all sections: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
