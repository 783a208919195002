"""Drawn people for the network: bodies in postures, with every joint and angle known.

Bodies, angles, names and axes are those of samples/bodies.py. In addition arms go anywhere, legs
differ, heads turn, shoulders shrug and trunks twist, as in real clips.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "samples"))

from bodies import LUMBAR, SITES, Mesh, _aim, _rx, _ry, _rz, sites_of

Array = NDArray[np.float64]

NOSE, EARS = 5038, (12006, 5423)
"""Vertices of the mesh; the person's left ear first."""
PLACES = (
    "nose", "near ear", "far ear", "near shoulder", "far shoulder", "near hip", "far hip",
    "near knee", "far knee", "near ankle", "far ankle", "near heel", "far heel", "near toe",
    "far toe", *SITES,
)  # fmt: skip
"""The places that the network finds. Drawn people face right, so the near side is their right."""
ANGLES = ("pelvis", "thorax", "head", "knee", "shin", "view")
"""Pitches in the sagittal plane and knee flexion, degrees; the near leg's where they differ."""
EVEN = (2.2, 6.0, 6.0, 5.0, 2.4)
THORACIC = (0.5, 1.0, 2.0, 4.0, 5.0)
LUMBAR_SHARES = (1.8, 9.0, 7.0, 3.0, 0.8)


@dataclass(frozen=True)
class Pose:
    """A posture; degrees, flexion positive. Pairs are near and far side (right and left)."""

    pelvis: float
    spinal: float
    cervical: float
    knee: tuple[float, float]
    shin: tuple[float, float]
    spread: tuple[float, ...]
    twist: float
    side_bend: float
    head_yaw: float
    head_roll: float
    stance: float
    arms: tuple[str, str]
    arm_noise: NDArray[np.float64]
    shrug: tuple[float, float]
    """Protraction and elevation of the shoulders, degrees."""
    toes_out: float


UPPER = {
    "hang": ("world", (0.12, -0.02, -1.0), (0.05, -0.12, -1.0)),
    "fold": ("body", (0.25, -0.35, -1.0), (-1.0, -0.45, 0.15)),
    "hips": ("body", (0.75, 0.3, -1.0), (-0.75, -0.5, -0.8)),
    "thighs": ("body", (0.2, -0.25, -1.0), (-0.1, -0.5, -1.0)),
    "reach": ("world", (0.1, -1.0, -0.15), (-0.05, -1.0, 0.0)),
    "goblet": ("body", (0.15, -0.3, -1.0), (-0.45, -0.6, 0.9)),
    "clasp": ("body", (0.2, -0.45, -1.0), (-0.7, -0.7, 0.45)),
    "rack": ("body", (0.7, 0.1, -1.0), (0.0, 0.05, 1.0)),
    "front": ("body", (0.2, -1.0, -0.1), (-0.5, 0.6, 0.55)),
    "ears": ("body", (1.0, -0.3, 0.5), (-0.8, 0.3, 0.45)),
    "overhead": ("body", (0.25, -0.25, 1.0), (0.05, 0.0, 1.0)),
    "forward": ("body", (0.15, -1.0, -0.1), (-0.1, -1.0, 0.05)),
    "row": ("body", (0.3, 0.6, -1.0), (0.0, -0.9, -0.35)),
    "back": ("body", (0.35, 0.5, -1.0), (-0.75, 0.5, -0.1)),
    "neck": ("body", (0.9, 0.1, 0.7), (-0.55, 0.6, 0.1)),
    "side": ("body", (0.25, 0.05, -1.0), (0.1, -0.15, -1.0)),
}
"""Directions of upper and lower arm, x outward, y back, z up, in the trunk's frame or in space."""
COMMON = ("hang", "fold", "hips", "thighs", "reach", "goblet", "clasp", "rack", "front", "side")


def draw_pose(
    rng: np.random.Generator, standing: dict[str, float], arms: str, *, stands: bool = False
) -> Pose:
    """Draw a posture, upright if it `stands`, with all angles independent of each other.

    `standing` has the person's neutral angles.
    """
    u, n = rng.uniform, rng.normal
    own = {k: float(v) for k, v in standing.items()}
    pick = rng.random(10)
    kind = "stand" if stands or pick[0] < 0.13 else "move"
    if kind == "stand":
        pelvis, spinal, cervical, knee, shin = n(0, 4), n(0, 4), n(0, 8), abs(n(0, 7)), n(0, 3)
    else:
        spinal = n(0, 6) if pick[1] < 0.3 else u(-18, 62) if pick[1] < 0.85 else u(35, 72)
        pelvis = u(-8, 20) if pick[2] < 0.12 else u(0, 100)
        pelvis = min(pelvis, 128 - spinal)
        cervical = n(0, 8) if pick[3] < 0.3 else u(-62, 50)
        knee = u(-3, 30) if pick[4] < 0.4 else u(0, 135)
        shin = n(2, 6) if pick[5] < 0.4 else u(-10, 40)
    alpha = LUMBAR_SHARES if pick[6] < 0.25 else THORACIC if pick[6] < 0.5 else EVEN
    near = (own["knee"] + knee, own["shin"] + shin)
    far = near
    if pick[7] < 0.25:
        far = (near[0] + n(0, 8), near[1] + n(0, 5))
    elif pick[7] < 0.34:  # one leg free, or a lunge
        far = (u(0, 90), near[1] + u(-20, 50))
        if pick[8] < 0.5:
            near, far = far, near
    hands = arms if rng.random() < 0.75 else str(rng.choice(COMMON))
    pair = [hands, hands]
    if rng.random() < 0.15:
        pair[int(rng.integers(2))] = str(rng.choice(list(UPPER)))
    return Pose(
        pelvis=float(own["pelvis"] + pelvis),
        spinal=float(own["spinal"] + spinal),
        cervical=float(own["cervical"] + cervical),
        knee=(float(near[0]), float(far[0])),
        shin=(float(near[1]), float(far[1])),
        spread=tuple(rng.dirichlet(alpha)),
        twist=float(n(0, 3) if rng.random() < 0.8 else n(0, 12)),
        side_bend=float(n(0, 2.5)),
        head_yaw=float(n(0, 7) if rng.random() < 0.75 else u(-50, 50)),
        head_roll=float(n(0, 4)),
        stance=float(u(-4, 6)),
        arms=(pair[0], pair[1]),
        arm_noise=rng.normal(0, 0.16, (2, 2, 3)) + rng.normal(0, 0.1, (2, 3)),
        shrug=(float(n(0, 9)), float(n(0, 5))),
        toes_out=float(u(-5, 30)),
    )


def posed(
    mesh: Mesh, rest: Array, heads: Array, p: Pose, round_: float = 0.0
) -> tuple[Array, Array, dict[str, Array]]:
    """Return skin (V, 3), bone heads (B, 3) and rotations of bones, as `Mesh.pose`, no ground.

    `round_`: how far the skin round the large joints is as `kept_round` has it.
    """
    turn: dict[str, Array] = {"root": _rx(p.pelvis)}
    share = np.cumsum(np.asarray(p.spread) / np.sum(p.spread))
    for name, part in zip((*LUMBAR, "spine01"), share, strict=True):
        turn[name] = _rx(p.pelvis + part * p.spinal) @ _rz(p.twist * part) @ _ry(p.side_bend * part)
    thorax = turn["spine01"]
    for k, name in enumerate(("neck01", "neck02", "neck03", "head")):
        part = (0.3, 0.55, 0.75, 1.0)[k]
        turn[name] = (
            _rx(p.pelvis + p.spinal + p.cervical * part)
            @ _rz(p.twist + (p.head_yaw - p.twist) * part)
            @ _ry(p.head_roll * part)
        )
    for which, (side, sign) in enumerate((("R", -1.0), ("L", 1.0))):
        adduct = _ry(sign * p.stance)
        turn[f"upperleg01.{side}"] = _rx(p.shin[which] - p.knee[which]) @ adduct
        turn[f"lowerleg01.{side}"] = _rx(p.shin[which]) @ adduct
        turn[f"foot.{side}"] = _rz(sign * p.toes_out)
        turn[f"clavicle.{side}"] = thorax @ _rz(-sign * p.shrug[0]) @ _ry(-sign * p.shrug[1])
        if p.arms[which] == "dowel":
            mesh._hold_dowel(turn, rest, heads, side, sign, thorax)
            continue
        frame, high, low = UPPER[p.arms[which]]
        base = thorax if frame == "body" else np.eye(3)
        for bone, end, goal, noise in (
            ("upperarm01", "lowerarm01", high, p.arm_noise[which, 0]),
            ("lowerarm01", "wrist", low, p.arm_noise[which, 1]),
        ):
            rest_line = heads[mesh.index[f"{end}.{side}"]] - heads[mesh.index[f"{bone}.{side}"]]
            aim = np.array(goal) * [sign, 1.0, 1.0]
            aim = base @ aim
            aim = aim / np.linalg.norm(aim) + noise
            turn[f"{bone}.{side}"] = _aim(rest_line, aim)
    spin = np.empty((len(mesh.bones), 3, 3))
    place = np.empty_like(heads)
    for i, name in enumerate(mesh.bones):
        parent = mesh.parents[i]
        if parent < 0:
            spin[i], place[i] = turn.get(name, np.eye(3)), heads[i]
            continue
        spin[i] = turn.get(name, spin[parent])
        place[i] = place[parent] + spin[parent] @ (heads[i] - heads[parent])
    offset = place - np.einsum("bij,bj->bi", spin, heads)
    moved = mesh.skin(rest, spin, offset)
    if round_ > 0:
        moved = moved + round_ * kept_round(mesh, rest, heads, place, spin)
    return moved, place, dict(zip(mesh.bones, spin, strict=True))


def kept_round(mesh: Mesh, rest: Array, heads: Array, place: Array, spin: Array) -> Array:
    """Return how far (V, 3) skin at hips, knees, shoulders and elbows lies from where it would be
    if it kept its distance from the joint.

    `Mesh.skin` takes the weighted mean of two bones' movements, which pulls skin between them
    towards the joint, so that the buttocks of a deep crouch are flat. Here it turns about the joint
    by its weight's share of the angle (spherical blend skinning, Kavan and Zara 2005).
    """
    out = np.zeros_like(rest)
    for bone, parent, which, own, both in _joints(mesh):
        r = rest[which] - heads[bone]
        turn = spin[parent].T @ spin[bone]
        mean = r + own[:, None] * (r @ turn.T - r)
        sine = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        angle = np.arctan2(np.linalg.norm(sine), np.trace(turn) - 1)
        axis = sine / (np.linalg.norm(sine) + 1e-12)
        part = (own * angle)[:, None]
        across = np.cross(axis, r)
        kept = r + np.sin(part) * across + (1 - np.cos(part)) * np.cross(axis, across)
        out[which] += both[:, None] * ((kept - mean) @ spin[parent].T)
    return out


@cache
def _joints(mesh: Mesh) -> list[tuple[int, int, NDArray[np.int64], Array, Array]]:
    """Return for each large joint its bone, the bone before, the vertices that both move, the
    share of the bone in what both do to each, and what both do of all."""
    groups_of = (
        ("upperleg01", ("upperleg",), "root", ("root", "pelvis")),
        ("lowerleg01", ("lowerleg",), "upperleg01", ("upperleg",)),
        ("upperarm01", ("upperarm",), "clavicle", ("clavicle", "shoulder")),
        ("lowerarm01", ("lowerarm",), "upperarm01", ("upperarm",)),
    )
    out = []
    for side in "RL":
        for bone, ours, before, theirs in groups_of:
            weight = np.zeros((2, len(mesh.weights)))
            for k, names in enumerate((ours, theirs)):
                of = [b.startswith(names) and b[-2:] in (f".{side}", "ot") for b in mesh.bones]
                weight[k] = np.where(np.array(of)[mesh.weight_bones], mesh.weights, 0).sum(1)
            both = weight.sum(0)
            which = np.flatnonzero((weight > 0.01).all(0))
            parent = before if before == "root" else f"{before}.{side}"
            out.append((mesh.index[f"{bone}.{side}"], mesh.index[parent], which,
                        weight[0, which] / both[which], both[which]))  # fmt: skip
    return out


def places_of(
    mesh: Mesh, rest: Array, heads: Array, skin: Array, place: Array, spin: dict[str, Array]
) -> Array:
    """Return the `PLACES` (22, 3) in metres."""
    ix = mesh.index

    def pair(bone: str) -> list[Array]:
        return [place[ix[f"{bone}.{side}"]] for side in "RL"]

    def foot(along: float) -> list[Array]:
        out = []
        for side in "RL":
            toe, ankle = place[ix[f"toe1-1.{side}"]], place[ix[f"foot.{side}"]]
            low = spin[f"foot.{side}"] @ [0.0, 0.0, -0.04]
            out.append(ankle + along * (toe - ankle) * [1, 1, 0.4] + low)
        return out

    ears = [skin[EARS[1]], skin[EARS[0]]]
    joints = [pair(b) for b in ("upperarm01", "upperleg01", "lowerleg01", "foot")]
    joints += [foot(-0.35), foot(1.35)]
    flat = [p for both in joints for p in both]
    return np.array([skin[NOSE], *ears, *flat, *sites_of(mesh, rest, heads, skin, place, spin)])


def angles_of(p: Pose, yaw_deg: float) -> Array:
    """Return the `ANGLES` of a posture seen from `yaw_deg` off side-on."""
    thorax = p.pelvis + p.spinal
    return np.array([p.pelvis, thorax, thorax + p.cervical, p.knee[0], p.shin[0], abs(yaw_deg)])


def groups(mesh: Any) -> dict[str, Array]:
    """Return the weights (V,) of head, neck, torso, arms, hands, legs, feet in each vertex."""
    starts = {
        "torso": ("spine", "clavicle", "shoulder", "breast", "root"),
        "neck": ("neck",),
        "arm": ("upperarm", "lowerarm"),
        "hand": ("wrist", "finger", "metacarpal"),
        "leg": ("pelvis", "upperleg", "lowerleg"),
        "foot": ("foot", "toe"),
    }
    owner = np.full(len(mesh.bones), 6)
    for k, names in enumerate(starts.values()):
        for i, bone in enumerate(mesh.bones):
            if bone.startswith(names) and not bone.startswith("toe0"):
                owner[i] = k
    out = np.zeros((len(mesh.weights), 7))
    for k in range(mesh.weights.shape[1]):
        np.add.at(out, (np.arange(len(out)), owner[mesh.weight_bones[:, k]]), mesh.weights[:, k])
    return dict(zip((*starts, "head"), out.T, strict=True))
