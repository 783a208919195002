"""Several people in one file: who is who from frame to frame, and whom to follow.

Numbers that trackers give to people change and are lost, and lists of people come in any order.
People are told apart as in films (`pose.person_tracks`): by where they stand and how large they
are; and the one to follow is the one who hinges.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from hinge_dowel.body.array_types import Array, Indices
from hinge_dowel.body.landmarks import HIPS, SHOULDERS
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.pose.person_tracks import (
    LEAST_S,
    farthest,
    grouped,
    hinging_track,
    locate,
    person_track,
    same_person,
)

Rows = Indices

OTHER_ID_TRUNKS = 0.2
"""Another number than before counts as so many trunk lengths of way, as numbers are kept mostly: a
choice, steady at 0.05 and 0.5."""
TWICE_TRUNKS = 0.1
"""Rows of one frame that lie no further from each other, and have no different numbers, are one
person, found or written twice: a choice, steady at 0.05 and 0.15."""
_NEVER_TRUNKS = 1e6
"""What it costs to take one for another who is out of reach: more than all ways together."""
FORGOTTEN_S = 1.0
"""A person not seen for so long is recognised by place and size alone: a choice, steady at 0.5 and
3."""


def followed(landmarks: Array, frame: Rows, time_s: Array, person: Sequence[object]) -> Rows:
    """Of each frame the row of who hinges, -1 where that person is not seen: (T,).

    `landmarks` (S, 33, 2 or more), a row for everybody in every frame; `frame` (S,) the place of a
    row's frame in `time_s` (T,); `person` (S,) what the file calls somebody, None where nothing.
    """
    tracks = _tracks(landmarks, frame, time_s, person)
    where = [locate(landmarks[rows]) for rows in tracks]
    taken = [set(frame[rows].tolist()) for rows in tracks]

    def same(one: int, known: int) -> bool:
        return same_person(where[one], where[known]) and not taken[one] & taken[known]

    order = sorted(range(len(tracks)), key=lambda i: -len(tracks[i]))
    merged = []
    for group in grouped(order, same):
        # At most one of these can be the person at any time: the longest come first.
        rows: list[int] = []
        busy: set[int] = set()
        for index in group:
            if not taken[index] & busy:
                rows += tracks[index].tolist()
                busy |= taken[index]
        merged.append(np.array(sorted(rows), dtype=np.intp))
    merged.sort(key=lambda rows: (-len(rows), -locate(landmarks[rows]).trunk_px))
    step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    lasting = [rows for rows in merged if len(rows) * step_s >= LEAST_S] or merged[:1]
    out = np.full(len(time_s), -1, dtype=np.intp)
    if not lasting:
        return out
    people = [person_track(rows, landmarks) for rows in lasting]
    chosen = (hinging_track(people) or people[0]).frames
    out[frame[chosen]] = chosen
    return out


def _tracks(landmarks: Array, frame: Rows, time_s: Array, person: Sequence[object]) -> list[Rows]:
    """Rows that follow each other as one body moves, of those that show a trunk."""
    _, _, trunk = trunk_frame(landmarks)
    whole = np.flatnonzero(np.isfinite(trunk))
    trunks = landmarks[:, (*SHOULDERS, *HIPS), :2]
    by_frame: dict[int, list[int]] = {}
    for index in whole.tolist():
        others = by_frame.setdefault(int(frame[index]), [])
        if all(_way(other, index, trunks, trunk, person) > TWICE_TRUNKS for other in others):
            others.append(index)
    tracks: list[list[int]] = []
    alive: list[int] = []
    for now in sorted(by_frame):
        rows = by_frame[now]
        alive = [t for t in alive if time_s[now] - time_s[frame[tracks[t][-1]]] < FORGOTTEN_S]
        cost = np.array(
            [[_way(tracks[t][-1], row, trunks, trunk, person) for row in rows] for t in alive]
        )
        gone_s = np.array([time_s[now] - time_s[frame[tracks[t][-1]]] for t in alive])
        free = set(rows)
        if alive:
            near = cost < farthest(gone_s)[:, None] + OTHER_ID_TRUNKS
            pairs = linear_sum_assignment(np.where(near, cost, _NEVER_TRUNKS))
            for a, r in zip(*pairs, strict=True):
                if near[a, r]:
                    tracks[alive[a]].append(rows[r])
                    free.discard(rows[r])
        for row in sorted(free):
            tracks.append([row])
            alive.append(len(tracks) - 1)
    return [np.array(rows, dtype=np.intp) for rows in tracks]


def _way(before: int, row: int, trunks: Array, length: Array, person: Sequence[object]) -> float:
    """How far hips and shoulders went from one row to another, in trunk lengths."""
    moved = float(np.linalg.norm(trunks[row] - trunks[before], axis=1).mean() / length[before])
    rescaled = abs(float(np.log(length[row] / length[before])))
    other = person[before] is not None and person[row] is not None and person[before] != person[row]
    return moved + rescaled + (OTHER_ID_TRUNKS if other else 0.0)
