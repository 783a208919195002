"""Rasterises triangles with a depth buffer, interpolating numbers of their vertices.

A pixel gets numbers of the surface (normal, place at rest, part of the body), not a colour yet, so
that one drawing can be lit, dressed and painted in many ways.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float32]


@njit(cache=True, fastmath=True)
def rasterise(points, near, triangles, carried, side):  # type: ignore[no-untyped-def]
    """Draw triangles in a square picture of `side` pixels.

    `points` (V, 2) pixels, `near` (V,) one over the depth, `triangles` (F, 3), `carried` (V, A)
    numbers to interpolate in perspective. Returns one over the depth (side, side), 0 where nothing
    is, and the numbers (side, side, A).
    """
    depth = np.zeros((side, side), np.float32)
    seen = np.zeros((side, side, carried.shape[1]), np.float32)
    count = carried.shape[1]
    for f in range(len(triangles)):
        a, b, c = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        ax, ay = points[a, 0], points[a, 1]
        bx, by = points[b, 0], points[b, 1]
        cx, cy = points[c, 0], points[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-7:
            continue
        left = max(int(np.ceil(min(ax, bx, cx) - 0.5)), 0)
        right = min(int(np.floor(max(ax, bx, cx) - 0.5)), side - 1)
        top = max(int(np.ceil(min(ay, by, cy) - 0.5)), 0)
        low = min(int(np.floor(max(ay, by, cy) - 0.5)), side - 1)
        for y in range(top, low + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area
                v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area
                w = 1.0 - u - v
                if u < 0 or v < 0 or w < 0:
                    continue
                d = u * near[a] + v * near[b] + w * near[c]
                if d <= depth[y, x]:
                    continue
                depth[y, x] = d
                u, v, w = u * near[a] / d, v * near[b] / d, w * near[c] / d
                for k in range(count):
                    seen[y, x, k] = u * carried[a, k] + v * carried[b, k] + w * carried[c, k]
    return depth, seen
