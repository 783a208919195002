"""hinge-dowel: the hip-hinge dowel without the wood.

from hinge_dowel import check_clip
print(check_clip("me.mp4"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hinge_dowel.keypoints.arrays import check_keypoints, check_points
    from hinge_dowel.keypoints.files import check_clip
    from hinge_dowel.verdict import Rep, Series, Strays, Verdict

_HOMES = {
    "check_clip": "keypoints.files",
    "check_keypoints": "keypoints.arrays",
    "check_points": "keypoints.arrays",
    "Rep": "verdict",
    "Series": "verdict",
    "Strays": "verdict",
    "Verdict": "verdict",
}
__all__ = ["Rep", "Series", "Strays", "Verdict", "check_clip", "check_keypoints", "check_points"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that the command's --help need not wait for scipy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
