"""Arrays of numbers from a ``.npz`` file that anybody may have made or damaged."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]

LIMIT_BYTES = 64 * 1024 * 1024
"""Of a file once unpacked; the largest of the project's takes 6 MB."""


def read_arrays(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """Return a file's arrays by name. Raises ValueError for whatever is wrong, and for pickles."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > LIMIT_BYTES:
                raise ValueError("it is too large")
            return {
                name.removesuffix(".npy"): _array(archive.read(name)) for name in archive.namelist()
            }
    except ValueError:
        raise
    except Exception as error:  # zipfile, zlib and numpy have errors of many kinds
        raise ValueError(f"it is broken: {type(error).__name__}") from error


def _array(content: bytes) -> npt.NDArray[Any]:
    """Read an array, no larger than the file says it is: numpy makes room for any size at once."""
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if read_header is None:
        raise ValueError("it has arrays of another version")
    shape, fortran_order, dtype = read_header(file)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(content) - file.tell():
        raise ValueError("it has an array of another size than it says")
    array = np.frombuffer(content, dtype, offset=file.tell()).reshape(
        shape, order="F" if fortran_order else "C"
    )
    return array.copy()


def read_text(arrays: Arrays, name: str) -> Any:
    """Return the JSON that is kept in an array of bytes. Raises ValueError."""
    try:
        return json.loads(arrays[name].tobytes().decode("utf-8"))
    except (KeyError, RecursionError) as error:
        raise ValueError(f"it has no '{name}' that can be read") from error
