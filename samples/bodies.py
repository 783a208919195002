"""Virtual subjects with known joint angles: bodies, postures, clothes, camera, light.

The bodies are `anny`'s (MakeHuman shapes and weights); posing, clothes, props and rendering are
done here, so that every joint angle is exact and every angle is drawn independently of the others.
Development only: nothing here is needed to run or to test hinge-dowel.

Axes in metres: x to the subject's left, -y forward, z up. A pitch is a rotation about +x, forward
positive. All angles are sagittal.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SITES = ("occiput", "C7", "T4", "T8", "T12", "L3", "S2")
"""Places on the skin of the back, head to sacrum."""

# Midline skin vertices of the MakeHuman base mesh. S2 is not a vertex: the skin there follows the
# lumbar bones, while the sacrum is rigid with the pelvis, so its rest place is carried rigidly.
_SITE_VERTICES = {"occiput": 955, "C7": 1491, "T4": 1597, "T8": 3916, "T12": 4000, "L3": 4165}
_SACRUM_VERTICES = (10808, 10817)

LUMBAR = ("spine05", "spine04", "spine03", "spine02")
ARMS = ("hang", "fold", "hips", "thighs", "reach", "goblet", "rack", "dowel")


@dataclass(frozen=True)
class Posture:
    """Sagittal joint angles in degrees, flexion positive; 0 is the mesh's own rest posture.

    `trunk_deg` is the pitch of the pelvis in space; the rest are joints. `spread` shares the spinal
    flexion between spine05 (lowest), spine04, spine03, spine02 and spine01 (upper thorax).
    """

    pelvis_deg: float = 0.0
    spinal_deg: float = 0.0
    cervical_deg: float = 0.0
    knee_deg: float = 0.0
    shin_deg: float = 0.0
    spread: tuple[float, ...] = (0.1, 0.3, 0.28, 0.22, 0.1)
    arms: str = "hang"
    arm_swing_deg: float = 0.0
    foot_deg: float = 0.0
    """Pitch of the feet: 0 flat, 90 on tucked toes behind a kneeling body, 160 on their backs."""
    stance_deg: float = 0.0
    """Adduction of each leg: 0 is the mesh's own wide stance, 6 about hip width."""
    twist_deg: float = 0.0

    def plus(self, other: Posture) -> Posture:
        """This posture moved by the angles of another: a standing neutral plus a movement."""
        names = ("pelvis_deg", "spinal_deg", "cervical_deg", "knee_deg", "shin_deg")
        return replace(other, **{n: getattr(self, n) + getattr(other, n) for n in names})


@dataclass(frozen=True)
class Look:
    """Skin, hair and clothes. Lengths in metres, colours 0..1."""

    skin: tuple[float, float, float] = (0.8, 0.6, 0.5)
    hair: tuple[float, float, float] = (0.15, 0.1, 0.08)
    shirt: tuple[float, float, float] = (0.2, 0.3, 0.6)
    trousers: tuple[float, float, float] = (0.1, 0.1, 0.12)
    shoes: tuple[float, float, float] = (0.9, 0.9, 0.9)
    long_sleeves: bool = False
    shirt_loose_m: float = 0.0
    shirt_sag_m: float = 0.0
    trousers_loose_m: float = 0.0
    hair_style: str = "short"
    hood: bool = False
    """A hood that lies on the upper back."""
    seed: int = 0
    hood_up: bool = False
    """The hood over the head: cloth of the shirt, thick, from the neck to the forehead."""


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from. Yaw 0 is exactly side-on, seen from the subject's right."""

    yaw_deg: float = 0.0
    facing: str = "right"
    height_m: float = 0.95
    distance_m: float = 3.0
    fill: float = 0.75
    """Share of the picture's height that a standing subject takes."""
    shift: tuple[float, float] = (0.0, 0.0)
    roll_deg: float = 0.0
    width_px: int = 480
    height_px: int = 480


@dataclass(frozen=True)
class Truth:
    """What is known of one rendered frame. Pixel places have y down."""

    points_px: Array
    """(7, 2), the places of `SITES` in the picture."""
    points_cm: Array
    """(7, 2), the same in the sagittal plane: forward, up."""
    trunk_pitch_deg: float = 0.0
    """Pitch of the line from hip joints to shoulder joints."""


def _rx(degrees: float) -> Array:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _ry(degrees: float) -> Array:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _rz(degrees: float) -> Array:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _aim(start: Array, end: Array) -> Array:
    """The smallest rotation that turns direction `start` into direction `end`."""
    a, b = start / np.linalg.norm(start), end / np.linalg.norm(end)
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + k @ k / (1 + c + 1e-9)


def _basis(first: Array, second: Array) -> Array:
    """A rotation whose first column is along `first`, the second as near `second` as can be."""
    a = first / np.linalg.norm(first)
    b = second - (second @ a) * a
    b /= np.linalg.norm(b)
    return np.column_stack([a, b, np.cross(a, b)])


def _turn(axis: Array, degrees: float) -> Array:
    """A rotation about any unit axis."""
    k = np.cross(np.eye(3), axis)
    a = np.radians(degrees)
    return np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * k @ k


class Mesh:
    """The parametric body: shapes from `anny`, skinned here."""

    def __init__(self) -> None:
        import torch

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import anny

            self._model = anny.create_fullbody_model()
        self._torch = torch
        model = self._model
        self.bones: list[str] = list(model.bone_labels)
        self.index = {name: i for i, name in enumerate(self.bones)}
        self.parents: list[int] = list(model.bone_parents)
        self.faces = model.faces.numpy()
        self.weights = model.vertex_bone_weights.numpy().astype(float)
        self.weight_bones = model.vertex_bone_indices.numpy()
        dominant = self.weight_bones[np.arange(len(self.weights)), self.weights.argmax(1)]
        self.part = np.array([self.bones[i] for i in dominant])

    def shape(self, **phenotype: float) -> tuple[Array, Array]:
        """Rest vertices (V, 3) and bone heads (B, 3), in metres."""
        with self._torch.no_grad():
            out = self._model(phenotype_kwargs=phenotype)
        return (
            out["rest_vertices"][0].numpy().astype(float),
            out["rest_bone_heads"][0].numpy().astype(float),
        )

    def pose(
        self, vertices: Array, heads: Array, posture: Posture
    ) -> tuple[Array, Array, dict[str, Array]]:
        """Posed vertices, posed bone heads, and the rotation of each bone in space."""
        p = posture
        turn: dict[str, Array] = {"root": _rx(p.pelvis_deg)}
        share = np.cumsum(np.asarray(p.spread) / np.sum(p.spread)) * p.spinal_deg
        for name, part in zip((*LUMBAR, "spine01"), share, strict=True):
            turn[name] = _rx(p.pelvis_deg + part) @ _rz(p.twist_deg * part / (p.spinal_deg or 1))
        thorax_deg = p.pelvis_deg + p.spinal_deg
        for k, name in enumerate(("neck01", "neck02", "neck03", "head")):
            turn[name] = _rx(thorax_deg + p.cervical_deg * (0.3, 0.55, 0.75, 1.0)[k])
        for side, sign in (("L", 1.0), ("R", -1.0)):
            adduct = _ry(sign * p.stance_deg)
            turn[f"upperleg01.{side}"] = _rx(p.shin_deg - p.knee_deg) @ adduct
            turn[f"lowerleg01.{side}"] = _rx(p.shin_deg) @ adduct
            turn[f"foot.{side}"] = _rx(p.foot_deg)
            if p.arms == "dowel":
                self._hold_dowel(turn, vertices, heads, side, sign, _rx(thorax_deg))
            else:
                self._arm(turn, heads, p, side, sign, thorax_deg)
        spin = np.empty((len(self.bones), 3, 3))
        place = np.empty_like(heads)
        for i, name in enumerate(self.bones):
            parent = self.parents[i]
            if parent < 0:
                spin[i], place[i] = turn.get(name, np.eye(3)), heads[i]
                continue
            spin[i] = turn.get(name, spin[parent])
            place[i] = place[parent] + spin[parent] @ (heads[i] - heads[parent])
        feet = (place[self.index["foot.L"]] + place[self.index["foot.R"]]) / 2
        place = place - [feet[0], feet[1], 0.0]
        offset = place - np.einsum("bij,bj->bi", spin, heads)
        moved = self.skin(vertices, spin, offset)
        ground = moved[:, 2].min()
        moved[:, 2] -= ground
        place[:, 2] -= ground
        return moved, place, dict(zip(self.bones, spin, strict=True))

    def skin(self, vertices: Array, spin: Array, offset: Array) -> Array:
        """Vertices (V, 3) moved by the turns (B, 3, 3) and offsets (B, 3) of their bones."""
        moved = np.zeros_like(vertices)
        for k in range(self.weights.shape[1]):
            bone, w = self.weight_bones[:, k], self.weights[:, k, None]
            moved += w * (np.einsum("vij,vj->vi", spin[bone], vertices) + offset[bone])
        return moved

    def normals(self, vertices: Array) -> Array:
        """Outward unit normals (V, 3)."""
        return _vertex_normals(vertices, self.faces)

    def _arm(
        self,
        turn: dict[str, Array],
        heads: Array,
        p: Posture,
        side: str,
        sign: float,
        thorax_deg: float,
    ) -> None:
        upper = heads[self.index[f"lowerarm01.{side}"]] - heads[self.index[f"upperarm01.{side}"]]
        lower = heads[self.index[f"wrist.{side}"]] - heads[self.index[f"lowerarm01.{side}"]]
        thorax, swing = _rx(thorax_deg), _rx(-p.arm_swing_deg)

        def body(x: float, y: float, z: float) -> Array:
            return thorax @ swing @ np.array([sign * x, y, z])

        def world(x: float, y: float, z: float) -> Array:
            return swing @ np.array([sign * x, y, z])

        up, low = {
            "hang": (world(0.12, -0.02, -1.0), world(0.05, -0.12, -1.0)),
            "fold": (body(0.25, -0.35, -1.0), body(-1.0, -0.45, 0.15)),
            "hips": (body(0.75, 0.3, -1.0), body(-0.75, -0.5, -0.8)),
            "thighs": (body(0.2, -0.25, -1.0), body(-0.1, -0.5, -1.0)),
            "reach": (world(0.1, -1.0, -0.15), world(-0.05, -1.0, 0.0)),
            "goblet": (body(0.15, -0.3, -1.0), body(-0.45, -0.6, 0.9)),
            "rack": (body(0.7, 0.1, -1.0), body(0.0, 0.05, 1.0)),
        }[p.arms]
        turn[f"upperarm01.{side}"] = _aim(upper, up)
        turn[f"lowerarm01.{side}"] = _aim(lower, low)

    def _hold_dowel(
        self,
        turn: dict[str, Array],
        vertices: Array,
        heads: Array,
        side: str,
        sign: float,
        thorax: Array,
    ) -> None:
        """Right hand behind the neck, left hand in the small of the back, both round the dowel."""

        def head(bone: str) -> Array:
            return heads[self.index[f"{bone}.{side}"]]

        shoulder, elbow, wrist = head("upperarm01"), head("lowerarm01"), head("wrist")
        out = np.array([sign, 0.0, 0.0])
        if side == "R":
            spot = vertices[_SITE_VERTICES["C7"]] + [0, 0.045, 0.025]
            pole, fingers = np.array([sign, 0.15, 0.9]), np.array([-sign, 0.1, 0.0])
        else:
            spot = vertices[_SITE_VERTICES["L3"]] + [0, 0.035, 0.03]
            pole, fingers = np.array([sign, 0.9, -0.3]), np.array([-sign, 0.0, -0.1])
        # Two bones from the shoulder to a wrist beside the dowel, the elbow towards the pole.
        reach = spot + 0.085 * out - shoulder
        upper, lower = np.linalg.norm(elbow - shoulder), np.linalg.norm(wrist - elbow)
        far = float(np.clip(np.linalg.norm(reach), abs(upper - lower) + 0.01, upper + lower - 0.01))
        line = reach / np.linalg.norm(reach)
        pole = pole - (pole @ line) * line
        along = (upper**2 - lower**2 + far**2) / (2 * far)
        aside = np.sqrt(max(upper**2 - along**2, 0.0)) / np.linalg.norm(pole)
        bend = along * line + aside * pole
        turn[f"upperarm01.{side}"] = thorax @ _aim(elbow - shoulder, bend)
        turn[f"lowerarm01.{side}"] = thorax @ _aim(wrist - elbow, far * line - bend)
        rest = _basis(head("finger3-1") - wrist, head("finger2-1") - head("finger5-1"))
        held = _basis(fingers, np.array([0.0, 0.0, -1.0 if side == "R" else 1.0]))
        hand = held @ rest.T
        turn[f"wrist.{side}"] = thorax @ hand
        # Fingers close towards the palm.
        for finger in range(2, 6):
            for joint in range(1, 4):
                curl = _turn(held[:, 1], -sign * 50.0 * joint)
                turn[f"finger{finger}-{joint}.{side}"] = thorax @ curl @ hand


def sites_of(
    mesh: Mesh, rest: Array, heads: Array, posed: Array, place: Array, spin: dict[str, Array]
) -> Array:
    """The places of `SITES` on the skin under any clothes: (7, 3), metres."""
    out = [posed[_SITE_VERTICES[name]] for name in SITES[:-1]]
    sacrum = rest[list(_SACRUM_VERTICES)].mean(0) * [0.0, 1.0, 1.0]
    root = mesh.index["root"]
    out.append(place[root] + spin["root"] @ (sacrum - heads[root]))
    return np.array(out)


def _vertex_normals(vertices: Array, faces: NDArray[np.int64]) -> Array:
    a, b, c, d = (vertices[faces[:, k]] for k in range(4))
    n = np.cross(c - a, d - b)
    out = np.zeros_like(vertices)
    for k in range(4):
        np.add.at(out, faces[:, k], n)
    return out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12)


def _region(mesh: Mesh, *starts: str) -> NDArray[np.bool_]:
    return np.array([p.startswith(starts) for p in mesh.part])


class Wardrobe:
    """Colours of the vertices and the cloth over them, for one look."""

    def __init__(self, mesh: Mesh, rest: Array, look: Look) -> None:
        rng = np.random.default_rng(look.seed)
        self.look, self.mesh = look, mesh
        head = _region(mesh, "head")
        scalp = head & (rest[:, 2] > rest[head, 2].min() + 0.05)
        face_y = rest[head, 1].min()
        depth = rest[head, 1].max() - face_y
        top = rest[head, 2].max()
        scalp &= (rest[:, 1] > face_y + 0.45 * depth) | (rest[:, 2] > top - 0.055)
        torso = _region(mesh, "spine", "breast", "clavicle", "shoulder", "upperarm01")
        sleeves = _region(mesh, "upperarm02", "lowerarm")
        legs = _region(mesh, "pelvis", "root", "upperleg", "lowerleg")
        waist = rest[mesh.part == "spine04", 2].mean()
        legs |= _region(mesh, "spine05", "spine04") & (rest[:, 2] < waist)
        torso &= ~legs
        shirt = torso | (sleeves if look.long_sleeves else np.zeros_like(torso))
        self.colours = np.tile(np.array(look.skin), (len(rest), 1))
        for mask, colour in (
            (scalp, look.hair if look.hair_style != "bald" else look.skin),
            (shirt, look.shirt),
            (legs, look.trousers),
            (_region(mesh, "foot", "toe"), look.shoes),
            (_region(mesh, "eye."), (0.1, 0.08, 0.08)),
        ):
            self.colours[mask] = colour
        # Smooth random thickness: a sum of a few plane waves over the rest body.
        wave = np.zeros(len(rest))
        for _ in range(6):
            wave += np.sin(rest @ rng.normal(0, 9, 3) + rng.uniform(0, 6.3))
        wave = 1 + 0.3 * wave / np.sqrt(3)
        self.loose = np.where(shirt, look.shirt_loose_m, np.where(legs, look.trousers_loose_m, 0.0))
        self.loose = np.clip(self.loose * wave, 0, None)
        self.sag = np.where(torso, look.shirt_sag_m, 0.0)
        hair = np.where(scalp, {"bald": 0.0, "short": 0.006}.get(look.hair_style, 0.014), 0.0)
        if look.hair_style == "afro":
            hair = np.where(scalp, 0.05, 0.0)
        self.loose = self.loose + hair
        if look.hood_up:
            covered = scalp | _region(mesh, "neck")
            self.colours[covered] = look.shirt
            self.loose[covered] = np.clip(0.028 * wave[covered], 0.01, None)

    def dress(self, posed: Array) -> Array:
        """The outer surface over the posed skin: thickness outward, and cloth hanging down."""
        normals = self.mesh.normals(posed)
        hang = np.clip(-normals[:, 2], 0, 1) * self.sag
        out = posed + normals * self.loose[:, None]
        out[:, 2] -= hang
        return out
