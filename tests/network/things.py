"""Things that people hold, wear or stand behind: small meshes with a colour each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Mesh = tuple[Array, Array, Array]
"""Vertices (V, 3), their normals (V, 3), triangles (F, 3)."""


def _frame(axis: Array) -> Array:
    """Return a rotation whose third column is along `axis`."""
    z = np.asarray(axis, float) / np.linalg.norm(axis)
    x = np.cross([0.31, 0.92, 0.17], z)
    x /= np.linalg.norm(x)
    return np.column_stack([x, np.cross(z, x), z])


def rod(centre: Array, axis: Array, radius: float, length: float, sides: int = 18) -> Mesh:
    """Return a cylinder with its ends."""
    t = np.arange(sides) * 2 * np.pi / sides
    ring = np.stack([np.cos(t), np.sin(t), np.zeros(sides)], 1)
    points, normals, faces = [], [], []
    for z in (-0.5, 0.5):
        points.append(ring * radius + [0, 0, z * length])
        normals.append(ring)
    for k in range(sides):
        m = (k + 1) % sides
        faces += [(k, m, sides + k), (m, sides + m, sides + k)]
    for z in (-0.5, 0.5):
        base = 2 * sides if z < 0 else 3 * sides + 1
        points.append(np.concatenate([ring * radius, [[0, 0, 0]]]) + [0, 0, z * length])
        normals.append(np.tile([0, 0, 2 * z], (sides + 1, 1)))
        faces += [(base + k, base + (k + 1) % sides, base + sides) for k in range(sides)]
    turn = _frame(axis)
    return (
        np.concatenate(points) @ turn.T + centre,
        np.concatenate(normals) @ turn.T,
        np.array(faces),
    )


def ball(centre: Array, radii: Any, turn: Array | None = None) -> Mesh:
    """Return an ellipsoid."""
    rows, columns = 10, 16
    lat = np.linspace(-np.pi / 2, np.pi / 2, rows)
    lon = np.arange(columns) * 2 * np.pi / columns
    a, b = np.meshgrid(lat, lon, indexing="ij")
    unit = np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], -1).reshape(-1, 3)
    faces = []
    for i in range(rows - 1):
        for j in range(columns):
            p, q = i * columns + j, i * columns + (j + 1) % columns
            faces += [(p, q, p + columns), (q, q + columns, p + columns)]
    turn = np.eye(3) if turn is None else turn
    normals = unit / np.asarray(radii)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return (unit * radii) @ turn.T + centre, normals @ turn.T, np.array(faces)


def ring(centre: Array, axis: Array, radius: float, thick: float) -> Mesh:
    """Return a torus, as a handle."""
    rows, columns = 20, 8
    t, s = np.meshgrid(
        np.arange(rows) * 2 * np.pi / rows, np.arange(columns) * 2 * np.pi / columns, indexing="ij"
    )
    n = np.stack([np.cos(t) * np.cos(s), np.sin(t) * np.cos(s), np.sin(s)], -1).reshape(-1, 3)
    c = np.stack([np.cos(t), np.sin(t), 0 * t], -1).reshape(-1, 3) * radius
    faces = []
    for i in range(rows):
        for j in range(columns):
            p = i * columns + j
            q = i * columns + (j + 1) % columns
            p2, q2 = (p + columns) % (rows * columns), (q + columns) % (rows * columns)
            faces += [(p, q, p2), (q, q2, p2)]
    turn = _frame(axis)
    return (c + n * thick) @ turn.T + centre, n @ turn.T, np.array(faces)


def held(rng: np.random.Generator, place: Any, index: dict[str, int], hands: str) -> list[Any]:
    """Return things in the hands: pairs of a mesh and a colour, 0 to 1."""
    u = rng.uniform
    right, left = place[index["finger3-1.R"]], place[index["finger3-1.L"]]
    middle, across = (right + left) / 2, left - right
    wide = np.linalg.norm(across)
    across = across / wide if wide > 0.05 else np.array([1.0, 0, 0])
    if rng.random() < 0.7:
        across = np.array([1.0, rng.normal(0, 0.05), rng.normal(0, 0.04)])
    metal = np.clip(u(0.03, 0.7) * (1 + rng.normal(0, 0.05, 3)), 0.01, 1)
    rubber = (
        np.clip(u(0.01, 0.12) + rng.normal(0, 0.01, 3), 0.005, 1)
        if rng.random() < 0.6
        else rng.uniform(0.02, 0.95, 3)
    )
    out: list[Any] = []
    kind = rng.choice(["bar", "plates", "dumbbells", "kettlebell", "plate", "ball", "stick"],
                      p=[0.14, 0.28, 0.2, 0.18, 0.06, 0.07, 0.07])  # fmt: skip
    if kind in ("bar", "plates"):
        out.append((rod(middle, across, 0.014, u(1.2, 2.2)), metal))
        if kind == "plates":
            r = u(0.1, 0.23)
            for side in (-1, 1):
                for k in range(int(rng.integers(1, 4))):
                    spot = middle + across * side * (u(0.45, 0.66) + 0.06 * k)
                    out.append((rod(spot, across, r * (1 - 0.08 * k), u(0.02, 0.07), 28), rubber))
                    out.append((rod(spot, across, 0.04, 0.1), metal))
    elif kind == "dumbbells":
        r, long = u(0.04, 0.11), u(0.22, 0.4)
        for hand in (right, left):
            axis = across if rng.random() < 0.5 else np.array([0.1, 1.0, 0.0])
            out.append((rod(hand, axis, 0.015, long), metal))
            for end in (-0.5, 0.5):
                unit = axis / np.linalg.norm(axis)
                out.append((rod(hand + unit * end * long, axis, r, 0.3 * long), rubber))
    elif kind == "kettlebell":
        r = u(0.07, 0.14)
        low = np.array([0, 0, -1.0]) if rng.random() < 0.8 else np.array([0.0, 0.0, 1.0])
        for hand in (middle,) if rng.random() < 0.7 else (right, left):
            out.append((ball(hand + low * (r + 0.04), (r, r, r)), rubber))
            out.append((ring(hand + low * 0.03, (0, 1, 0.01), 0.055, 0.014), metal))
    elif kind == "plate":
        out.append((rod(middle + [0, -0.05, 0], (u(-1, 1), 1, 0), u(0.12, 0.23), 0.04, 28), rubber))
    elif kind == "ball":
        r = u(0.08, 0.2)
        out.append((ball(middle + [0, -0.3 * r, 0], (r, r, r)), rubber))
    else:
        out.append((rod(middle, across, 0.015, u(0.8, 1.8)), rng.uniform(0.05, 0.9, 3)))
    return out


def hair(style: Any, spin: dict[str, Array], occiput: Array, head: Array, size: float) -> list[Any]:
    """Return meshes of buns, tails, long hair, and a cap's brim."""
    turn, out = spin["head"], []

    def blob(centre: Array, radii: Any, frame: Array, colour: Array) -> None:
        out.append((ball(centre, np.array(radii) * size, frame), colour))

    r = style.rng
    if style.style == "bun":
        at = np.array([0, r.uniform(0.0, 0.05), r.uniform(0.0, 0.12)])
        blob(occiput + turn @ at, [r.uniform(0.03, 0.055)] * 3, turn, style.hair)
    elif style.style == "ponytail":
        lift = r.uniform(0.0, 0.08)
        blob(occiput + turn @ [0, 0.02, lift], (0.03, 0.035, 0.03), turn, style.hair)
        fall = turn @ np.array([r.normal(0, 0.2), r.uniform(0.1, 0.8), 0]) + np.array([0, 0, -1.0])
        fall /= np.linalg.norm(fall)
        long = r.uniform(0.07, 0.16)
        at = occiput + turn @ [0, 0.04, lift] + fall * long * 0.9
        blob(at, (0.025, 0.025, long), _frame(fall), style.hair)
    elif style.style == "long":
        frame = spin["neck02"]
        long = r.uniform(0.1, 0.2)
        blob(head + frame @ [0, 0.04, 0.06 - 0.5 * long], (0.09, 0.06, long), frame, style.hair)
    if style.cap:
        ahead = -1.0 if r.random() < 0.8 else 1.0
        at = head + turn @ [0, 0.02 + ahead * 0.115, 0.105]
        blob(at, (0.07, 0.07, 0.008), turn, style.extra)
    if style.hood_down:
        frame = spin["spine01"]
        size_ = r.uniform(0.7, 1.2)
        at = head + frame @ [0, 0.075, -0.13]
        blob(at, (0.11 * size_, 0.05 * size_, 0.07 * size_), frame, style.shirt)
    return out
