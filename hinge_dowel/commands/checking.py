"""Has clips checked for a command: the pose model is found first, and the progress shown."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hinge_dowel.commands.model import locate
from hinge_dowel.keypoints.formats import is_keypoints
from hinge_dowel.system.console import animates, tell

if TYPE_CHECKING:
    from rich.console import Console

    from hinge_dowel.report.progress import Watch
    from hinge_dowel.verdict import Verdict


def checked(
    clips: Sequence[Path | str],
    names: Sequence[str],
    errors: Console,
    *,
    model: Path | None,
    quiet: bool = False,
    **how: Any,
) -> list[Verdict]:
    """Return the verdicts on clips; `model` is the one that the user named, `how` as `check_many`.

    Raises as `check_many`, and `ModelError` where the pose model is needed and not found.
    """
    from hinge_dowel.batch.runner import check_many

    if not all(map(is_keypoints, clips)):
        model = locate(model, errors, quiet=quiet)
    with _watching(names, errors, quiet) as watch:
        return list(check_many(clips, names=names, model=model, progress=watch, **how))


def _watching(
    names: Sequence[str], errors: Console, quiet: bool
) -> AbstractContextManager[Watch | None]:
    """Return what shows the progress: bars, a line every half minute, or nothing."""
    from hinge_dowel.report import progress

    if quiet:
        return nullcontext()
    return progress.clips(names, errors) if animates(errors) else progress.lines(names, tell)
