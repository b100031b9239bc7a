"""The diagram in the documentation is the table's."""

from __future__ import annotations

from pathlib import Path

from assistant.dialogue.diagram import EXAMPLES, mermaid
from assistant.dialogue.machine import TRANSITIONS

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_the_documentation_shows_the_table_as_it_is() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in ARCHITECTURE.read_text()


def test_every_event_of_the_table_is_drawn() -> None:
    assert {event for _, event in TRANSITIONS} <= {type(event) for event in EXAMPLES}
