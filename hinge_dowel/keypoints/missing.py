"""What is missing in a file, however programs write that they did not see a place."""

from __future__ import annotations

import numpy as np

from hinge_dowel.body.array_types import Array, Mask

DOUBTED_CERTAINTY = 0.5
"""A skeleton's root whose certainty is less than this is a missing place all the same: a choice.
Steady at 0.2 and 0.8."""
GUESSED_SHARE = 0.1
"""A place whose score is less than this share of what is usual in the file is a guess, anywhere in
the picture: DeepLabCut and its like always name a place, and score those that they do not see by
some hundredths. A choice."""
USUAL_PERCENTILE = 90
"""What is usual: most places of a body are seen well."""
SIGN_LEAST = 9999
"""Whole numbers from here on, and negative ones, that stand for every coordinate of a place are the
sign of a missing one: -1, -999, 9999."""
LEAST_ALIKE = 4
"""More places than these have one and the same by chance in no recording. A choice."""
ROOT_SHARE = 0.9
"""A place that lies at the origin in so large a share of the frames is the origin, a skeleton's
root: steady at 0.6 and 0.97 ..."""
ROOT_SIZES = 0.5
"""... if that lies no further outside of the others than this share of their extent: a nose that
was never found lies in the corner of the picture. A choice."""


def seen(given: Array, sure: Array | None, *, scored: bool) -> Array:
    """The places (S, N, C), NaN where they are not seen.

    Programs write what they did not see as nothing, as 0, 0, as -1, -1, or with a certainty of 0
    or hardly more: `sure` (S, N), where `scored` says that it is one.
    """
    places = given.astype(float)
    origin = (places[..., :2] == 0).all(axis=2)
    if places.shape[2] > 2:
        origin &= (places[..., 2] == 0) | np.isnan(places[..., 2])
    root = origin.mean(axis=0) > ROOT_SHARE
    lost = origin & ~(root & (root.sum() == 1) & _amid(places[..., :2], ~origin))
    if sure is not None and np.any(sure > 0):
        lost |= origin & ~(sure >= DOUBTED_CERTAINTY)
        if scored:
            usual = np.nanpercentile(sure, USUAL_PERCENTILE)
            lost |= (sure <= 0) | (sure < GUESSED_SHARE * usual)
    lost |= _signs(places) | _alike(places)
    lost |= ~np.isfinite(places[..., :2]).all(axis=2)
    places[lost] = np.nan
    return places


def _amid(places: Array, shown: Mask) -> bool:
    """Whether the origin lies amid those places (S, N, 2) that are `shown`, or just beside them."""
    others = np.where(shown[..., None], places, np.nan)
    low, high = np.fmin.reduce(others, axis=1), np.fmax.reduce(others, axis=1)
    margin = ROOT_SIZES * (high - low).max(axis=1, keepdims=True)
    inside = ((low - margin <= 0) & (high + margin >= 0)).all(axis=1)
    return bool(inside.mean() > ROOT_SHARE)


def unsigned(places: Array) -> Array:
    """The places (T, N, 2+) of an array, NaN for those that are only signs: 0, 0 and -1, -1."""
    if (places[..., 0] == places[..., 1]).any():
        places[..., :3] = seen(places[..., :3], None, scored=False)
    return places


def _signs(places: Array) -> Mask:
    """Which places (S, N, C) are one number that nobody stands at."""
    first = places[..., :1]
    with np.errstate(invalid="ignore"):
        whole = (first == np.round(first)) & ((first < 0) | (first >= SIGN_LEAST))
    alike = (places[..., :2] == first).all(axis=2)
    if places.shape[2] > 2:
        depth = places[..., 2]
        alike &= (depth == first[..., 0]) | (depth == 0) | np.isnan(depth)
    return np.asarray(alike & whole[..., 0])


def _alike(places: Array) -> Mask:
    """Which places (S, N, C) lie just where more than half of all lie now and then, as 0, 0 does
    that was moved along with the others: turned upside down, or counted from the middle.
    """
    pairs = places[..., 0] + 1j * places[..., 1]
    each = [np.unique(own[np.isfinite(own)]) for own in pairs.T]
    found, count = np.unique(np.concatenate(each), return_counts=True)
    return np.isin(pairs, found[count > max(LEAST_ALIKE, pairs.shape[1] / 2)])
