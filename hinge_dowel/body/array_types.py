"""The kinds of array that the package's signatures name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""Measurements."""
Floats = NDArray[np.floating[Any]]
"""Measurements of either precision: landmarks and what is computed of them keep that of a file."""
Mask = NDArray[np.bool_]
"""True or false of each frame, place or pixel."""
Indices = NDArray[np.intp]
"""Places in another array."""
Pixels = NDArray[np.uint8]
"""Of a picture: (height, width, 3) in colour, (height, width) in grey."""
