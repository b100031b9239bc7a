"""The layers: imports only point down, every file has a layer, and the pure core does no I/O."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "assistant"

# The longest matching prefix decides; a package's __init__ belongs to its package.
LAYERS = {
    0: ["__init__", "errors", "events", "turn", "values", "ports", "audio.frames", "wire",
        "skill"],
    1: [
        "config", "contradictions", "wakewords", "microphones", "units",
        "paths", "yamlsource", "yamlmistakes", "intents",
        "recognizers.grammar", "recognizers.hypotheses", "recognizers.pronunciation",
        "recognizers.combination",
        "recognizers.cepstra", "recognizers.confidence", "recognizers.phones.lexicon",
        "recognizers.phones.graph",
        "recognizers.phones.hypothesis", "recognizers.phones.alignment",
        "recognizers.phones.sentences", "recognizers.phones.search",
        "recognizers.phones.keyphrase", "recognizers.phones.network",
        "recognizers.phones.decoder",
        "recognizers.phones.confidence", "recognizers.phones.training.ctc",
        "recognizers.phones.training.noises",
        "audio.endpointing", "wake.decision", "wake.calibration", "wake.peaks", "wake.moments",
        "wake.network", "wake.voice", "dialogue", "timers", "agenda", "clocksteps", "missed",
        "speech.responses", "speech.spoken", "speech.templates",
        "wake.training.ending", "wake.training.augmentation", "wake.training.examples",
        "wake.training.windows", "wake.training.fitting", "wake.training.curve",
        "wake.training.near", "wake.training.adam",
        "typedvalues", "skillmanifest", "skilltemplate",
        "speech.sandbox", "measuring.noise", "measuring.sentences", "measuring.scores",
        "measuring.rates", "measuring.wakecounts", "measuring.proposals",
        "doctor.findings", "doctor.levels", "kept", "quiethours", "lengths", "memory",
    ],
    2: ["audio", "embedding", "wake", "recognizers", "speech", "actions", "state", "systemd",
        "sockets", "clock", "intentfiles", "listcache", "scorelog", "players", "triggers",
        "skillfolders", "skillhost", "statecopies", "onethread"],
    3: ["pipeline", "spokencommand", "hearing", "floor", "conversation", "listening", "listeners",
        "watchers", "timekeeper", "ringing", "latercommands", "privacy",
        "reloading", "listkeeping", "scorekeeping", "missedkeeping", "vitals",
        "muting", "deafness", "earkeeping", "ducking", "triggering", "statekeeping"],
    4: ["frontends"],
    5: ["cli", "daemon", "domains", "waking", "recognizing", "pipelines", "speaking", "local",
        "bridge", "engines", "upkeep", "requests", "acting", "schedule", "measuring", "playing",
        "wiring", "skillhouse", "skillchecks", "skilltesting",
        "learning", "wake.training", "recognizers.phones.training", "doctor", "backup",
        "__main__"],
}  # fmt: skip

NOT_IN_THE_PURE_CORE = {
    "asyncio", "threading", "socket", "subprocess", "time", "logging", "sqlite3", "os", "sys",
    "sounddevice", "soundfile", "onnxruntime", "pocketsphinx", "vosk", "shutil", "random",
}  # fmt: skip


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def layer_of(module: str) -> int | None:
    best = max(
        (
            (len(prefix), layer)
            for layer, prefixes in LAYERS.items()
            for prefix in prefixes
            if module == prefix or module.startswith(prefix + ".")
        ),
        default=None,
    )
    return best[1] if best else None


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


FILES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_file_keeps_its_layer(path: Path) -> None:
    module = module_name(path)
    layer = layer_of(module)
    assert layer is not None, f"{module} has no layer: add it to the table"
    empty_package = path.name == "__init__.py"
    for imported in imports_of(path):
        top, _, rest = imported.partition(".")
        if top != "assistant":
            continue
        # 'assistant.turn.Match' is the module 'turn'; try the longest module first.
        while rest and not (
            (ROOT / f"{rest.replace('.', '/')}.py").exists()
            or (ROOT / rest.replace(".", "/")).is_dir()
        ):
            rest = rest.rpartition(".")[0]
        other = layer_of(rest or "__init__")
        assert other is not None
        assert other <= layer, f"{module} (layer {layer}) imports {rest} (layer {other})"
        if layer == 2 and other == 2 and not empty_package:
            # The speech embedding is what both wake words and phones are heard by.
            package = rest.split(".")[0]
            same = package == module.split(".")[0] or package == "embedding"
            assert same, f"adapters do not import each other: {module} imports {rest}"


@pytest.mark.parametrize(
    "path", [path for path in FILES if layer_of(module_name(path)) in {0, 1}], ids=module_name
)
def test_pure_core_does_no_io(path: Path) -> None:
    tree = ast.parse(path.read_text())
    used = {name.partition(".")[0] for name in imports_of(path)} & NOT_IN_THE_PURE_CORE
    assert not used, f"{module_name(path)} imports {used}"
    for node in ast.walk(tree):
        assert not isinstance(node, ast.AsyncFunctionDef) or layer_of(module_name(path)) == 0
        assert not isinstance(node, ast.Await)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input"}
