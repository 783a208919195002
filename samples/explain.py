"""Draws how it works, for the README: three steps on one moment of a sample clip.

    python samples/explain.py [CLIP] [--at SECONDS]

writes samples/how.svg: what the pose model sees, what is measured of it, and the dowel.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hinge_dowel import check_clip
from hinge_dowel.analysis.back_points import SITES
from hinge_dowel.body.landmarks import EARS
from hinge_dowel.body.outline import EAR_RAYS, STATIONS, outline_rays
from hinge_dowel.body.trunk import forward_of, trunk_frame
from hinge_dowel.pose import model_file
from hinge_dowel.pose.tracker import PoseObservation, PoseTracker
from hinge_dowel.video.reader import read_frames

HERE = Path(__file__).parent
Array = NDArray[np.float64]

WIDE, HIGH, MARGIN = 300, 390, 22
BODY, INK, RAY, POINT, DOWEL, LEFT = (
    "#cfd8e3",
    "#33415c",
    "#e07b39",
    "#1b6ca8",
    "#8a5a2b",
    "#c62828",
)
BONES = (
    *((11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 25), (25, 27)),
    *((24, 26), (26, 28), (27, 31), (28, 32), (7, 0), (8, 0), (11, 12), (23, 24)),
)


def observation(clip: Path, at_s: float) -> PoseObservation:
    """What the pose model saw at that time."""
    with PoseTracker(model_file.locate()) as pose_tracker:
        for frame in read_frames(clip):
            seen = pose_tracker.see(frame)
            if frame.time_s >= at_s and seen.silhouette is not None:
                return seen
    raise SystemExit(f"{clip} shows nobody from {at_s} s on.")


def contour(silhouette: NDArray[np.float32]) -> Array:
    """The longest edge of the silhouette, (N, 2) pixels."""
    import cv2

    mask = (silhouette > 0.5).astype(np.uint8)
    edges, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    longest = max(edges, key=cv2.contourArea)
    return cv2.approxPolyDP(longest, 0.8, True)[:, 0].astype(float)


def rays(landmarks: Array, outline: Array) -> tuple[Array, Array]:
    """Both ends of every ray in the picture, (R, 2) each."""
    origin, up, length = trunk_frame(landmarks)
    forward = forward_of(up)
    n = len(STATIONS)
    axis = origin + STATIONS[:, None] * length * up
    turn = np.arange(EAR_RAYS) * (2 * np.pi / EAR_RAYS)
    around = np.cos(turn)[:, None] * forward - np.sin(turn)[:, None] * up
    ear = landmarks[list(EARS), :2].mean(axis=0)
    start = np.concatenate([axis, axis, np.tile(ear, (EAR_RAYS, 1))])
    way = np.concatenate([np.tile(forward, (n, 1)), np.tile(-forward, (n, 1)), around])
    return start, start + way * outline[:, None] * length


def path(points: Array) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def line(a: Array, b: Array, style: str) -> str:
    return f'<path d="{path(np.array([a, b]))}" {style}/>'


def dot(at: Array, radius: float, colour: str) -> str:
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius}" fill="{colour}"/>'


def text(x: float, y: float, words: str, size: int = 13, extra: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{INK}" {extra}>{words}</text>'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path, nargs="?", default=HERE / "mixed_right.mp4")
    parser.add_argument("--at", type=float, default=7.0, metavar="SECONDS")
    given = parser.parse_args()
    seen = observation(given.clip, given.at)
    assert seen.silhouette is not None
    series = check_clip(given.clip).series
    assert series is not None
    now = int(np.argmin(np.abs(series.time_s - seen.time_s)))

    edge = contour(seen.silhouette)
    low, high = edge.min(axis=0), edge.max(axis=0)
    scale = min((WIDE - 2 * MARGIN) / (high - low)[0], (HIGH - 150) / (high - low)[1])

    def place(points: Array) -> Array:
        shift = np.array(
            [(WIDE - (high - low)[0] * scale) / 2, HIGH - 24 - (high - low)[1] * scale]
        )
        return (points - low) * scale + shift

    body = f'<path d="{path(place(edge))}Z" fill="{BODY}"/>'
    marks = place(seen.landmarks[:, :2])
    bones = "".join(
        line(marks[a], marks[b], f'stroke="{INK}" stroke-width="1.2"') for a, b in BONES
    )
    first = body + bones + "".join(dot(p, 2.2, INK) for p in marks)

    start, end = (place(p) for p in rays(seen.landmarks, outline_rays(*seen_of(seen))))
    thin = f'stroke="{RAY}" stroke-width="0.9"'
    second = body + "".join(
        line(a, b, thin) + dot(b, 1.5, RAY)
        for a, b in zip(start, end, strict=True)
        if not np.allclose(a, b)
    )

    points, dowel = place(series.back_px[now]), place(series.dowel_px[now])
    names = "".join(
        text(x, y + 17, name, 10, 'text-anchor="middle"')
        for name, (x, y) in zip(SITES, points, strict=True)
    )
    along = (dowel[1] - dowel[0]) / np.linalg.norm(dowel[1] - dowel[0])
    foot = dowel[0] + ((points[-1] - dowel[0]) @ along) * along
    third = (
        body
        + line(*dowel, f'stroke="{DOWEL}" stroke-width="4" stroke-linecap="round"')
        + line(foot, points[-1], f'stroke="{LEFT}" stroke-width="2.5" stroke-dasharray="5 3"')
        + "".join(dot(p, 3.6, POINT) for p in points)
        + names
        + text(
            foot[0] + 8,
            foot[1] - 12,
            f"{series.sacrum_cm[now]:.0f} cm off",
            13,
            'font-weight="bold"',
        )
    )

    titles = (
        ("1. Seen", "33 landmarks, the silhouette"),
        ("2. Measured", "rays find its edge: the back"),
        ("3. Judged", "7 points, the dowel, what left it"),
    )
    panels = "".join(
        f'<g transform="translate({k * WIDE} 0)">{text(MARGIN, 26, name, 17, bold)}'
        f"{text(MARGIN, 46, what)}{drawing}</g>"
        for k, ((name, what), drawing) in enumerate(
            zip(titles, (first, second, third), strict=True)
        )
        for bold in ['font-weight="bold"']
    )
    (HERE / "how.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {3 * WIDE} {HIGH}" '
        'font-family="system-ui, sans-serif" role="img" aria-label="How it works, in three '
        f'pictures"><rect width="100%" height="100%" rx="10" fill="#ffffff"/>{panels}</svg>\n',
        "utf-8",
    )


def seen_of(seen: PoseObservation) -> tuple[Array, NDArray[np.float32]]:
    assert seen.silhouette is not None
    return seen.landmarks, seen.silhouette


if __name__ == "__main__":
    main()
