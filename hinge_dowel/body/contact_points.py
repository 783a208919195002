"""Where the dowel touches the back: the occiput, the upper back at T8, the sacrum.

T8 is the apex of the thoracic curve, so a straight stick behind a standing person rests there; the
fit of the dowel counts it among the points that carry it. Every picture, film, screen and export
marks these three places.
"""

from __future__ import annotations

UPPER_BACK_SITE = "T8"
"""The vertebra that stands for the upper back, of the seven sites from occiput to sacrum."""


def contact_rows(count: int) -> tuple[int, int, int]:
    """Head, upper back and sacrum as rows of `count` >= 3 points along the back, head to sacrum.

    Of the seven sites the middle one is T8; of other points the middle one, or of an even number
    the upper one of the two, stands for it.
    """
    return 0, (count - 1) // 2, count - 1
