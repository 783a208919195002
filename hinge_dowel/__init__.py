"""hinge-dowel: the hip-hinge dowel without the wood.

from hinge_dowel import check_clip
print(check_clip("me.mp4"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hinge_dowel.check import check_clip, check_keypoints, check_points
    from hinge_dowel.verdict import Rep, Strays, Verdict

__all__ = ["Rep", "Strays", "Verdict", "check_clip", "check_keypoints", "check_points"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that the command's --help need not wait for scipy.
    if name in ("check_clip", "check_keypoints", "check_points"):
        from hinge_dowel import check

        return getattr(check, name)
    if name in ("Rep", "Strays", "Verdict"):
        from hinge_dowel import verdict

        return getattr(verdict, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
