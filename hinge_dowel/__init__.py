"""hinge-dowel: the hip-hinge dowel without the wood.

from hinge_dowel import check_clip
print(check_clip("me.mp4"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hinge_dowel.errors import ClipError
    from hinge_dowel.keypoints.arrays import check_keypoints, check_points
    from hinge_dowel.keypoints.files import check_clip
    from hinge_dowel.tolerances import Tolerances
    from hinge_dowel.verdict import Rep, RepPhase, Series, Strays, Verdict

    __version__: str

_HOMES = {
    "ClipError": "errors",
    "Rep": "verdict",
    "RepPhase": "verdict",
    "Series": "verdict",
    "Strays": "verdict",
    "Tolerances": "tolerances",
    "Verdict": "verdict",
    "check_clip": "keypoints.files",
    "check_keypoints": "keypoints.arrays",
    "check_points": "keypoints.arrays",
}
__all__ = [
    "ClipError",
    "Rep",
    "RepPhase",
    "Series",
    "Strays",
    "Tolerances",
    "Verdict",
    "__version__",
    "check_clip",
    "check_keypoints",
    "check_points",
]


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that the command's --help need not wait for scipy.
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("hinge-dowel")
        except PackageNotFoundError:
            return "unknown"  # run from its sources, without an installation
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    # What is not loaded yet is there all the same: help, completion and notebooks ask for it.
    return sorted(__all__)
