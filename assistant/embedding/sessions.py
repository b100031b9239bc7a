"""onnxruntime for small networks: one thread, no arena, and nothing sent anywhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from assistant.errors import EngineError
from assistant.memory import give_back_memory

if TYPE_CHECKING:
    from pathlib import Path


def load_network(model: Path | bytes) -> Any:
    """Load an ONNX network on one thread: a second one doubles the CPU time of such small ones.

    Raises whatever onnxruntime raises for a file that is none; EngineError without onnxruntime.
    """
    # onnxruntime 1.29 and later would report usage; the dependency excludes them, this is the belt.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(
            f"onnxruntime cannot be loaded: {error}.",
            'Install it with: pip install "onnxruntime<1.29"',
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    content = model if isinstance(model, bytes) else str(model)
    network = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    give_back_memory()  # 2 MB, which went into making the network fast
    return network
