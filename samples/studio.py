"""The studio: draws posed virtual subjects off-screen and says where every place is in the picture.

Development only, like `bodies`. Needs `pyvista`; no display.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
from bodies import Array, Camera, Look, Mesh, Posture, Truth, Wardrobe, sites_of
from numpy.typing import NDArray

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Props:
    """Things around the subject."""

    dowel: bool = False
    plate: bool = False
    bar: bool = False
    bell: bool = False
    """A kettlebell in both hands."""
    wall_m: float | None = None
    """A wall so far behind the ankles."""
    bench: bool = False
    """A bench behind the calves."""


@dataclass(frozen=True)
class Light:
    """Light and lens faults, applied after the render."""

    azimuth_deg: float = 40.0
    elevation_deg: float = 40.0
    ambient: float = 0.35
    gain: float = 1.0
    noise: float = 0.0
    blur_px: float = 0.0
    background: int = 0
    """Seed of the background; 0 is a plain wall and floor."""


@dataclass
class Studio:
    """One off-screen window, reused for every frame of one picture size."""

    mesh: Mesh
    width_px: int = 480
    height_px: int = 480
    samples: int | None = None
    """Samples a pixel; None is the library's own choice, 0 one (fast, for larger pictures)."""
    _plotter: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        import pyvista as pv

        plotter = pv.Plotter(off_screen=True, window_size=(self.width_px, self.height_px))
        faces = np.hstack([np.full((len(self.mesh.faces), 1), 4), self.mesh.faces]).ravel()
        self._skin = pv.PolyData(np.zeros((len(self.mesh.part), 3)), faces)
        self._skin["rgb"] = np.zeros((len(self.mesh.part), 3), np.uint8)
        self._plotter = plotter
        if self.samples is not None:
            plotter.render_window.SetMultiSamples(self.samples)
        plotter.remove_all_lights()
        self._sun = pv.Light(light_type="scene light", intensity=0.75)
        self._fill = pv.Light(light_type="headlight", intensity=0.35)
        plotter.add_light(self._sun)
        plotter.add_light(self._fill)
        self._actor = plotter.add_mesh(
            self._skin, scalars="rgb", rgb=True, smooth_shading=False, ambient=0.3, specular=0.05
        )
        self._extra: list[tuple[Any, Any, Any]] = []

    def subject(self, phenotype: dict[str, float], look: Look) -> Subject:
        """A person to film: one body in one set of clothes."""
        rest, heads = self.mesh.shape(**phenotype)
        return Subject(self.mesh, rest, heads, look)

    def shoot(
        self,
        subject: Subject,
        posture: Posture,
        camera: Camera,
        light: Light = Light(),
        props: Props = Props(),
        scene: Array | None = None,
    ) -> tuple[Image, Truth]:
        """One picture (height, width, 3) and its truth.

        `scene` (height, width, 3), 0..255, stands behind the subject in place of a made-up room.
        """
        rgba, truth = self.cutout(subject, posture, camera, light, props)
        return _develop(rgba, light, scene), truth

    def cutout(
        self,
        subject: Subject,
        posture: Posture,
        camera: Camera,
        light: Light = Light(),
        props: Props = Props(),
        *,
        aimed_at_m: float | None = None,
        at_m: tuple[float, float, float] = (0.0, 0.0, 0.0),
        crop: tuple[int, int, int, int] | None = None,
    ) -> tuple[Image, Truth]:
        """The subject alone, (height, width, 4) with transparency, and its truth.

        `aimed_at_m` is the stature the camera was set up for, this subject's own by default;
        `at_m` moves the subject from the middle of the room (the truth stays where it was).
        `crop` is the part of the camera's picture to draw: left, top, width, height in pixels;
        the studio's own size then may be any, and the part fills it.
        """
        posed, place, spin = self.mesh.pose(subject.rest, subject.heads, posture)
        surface = subject.wardrobe.dress(posed)
        self._skin.points = surface + np.array(at_m)
        self._skin["rgb"] = (subject.wardrobe.colours * 255).astype(np.uint8)
        normals = self._skin.compute_normals(
            cell_normals=False, point_normals=True, split_vertices=False, consistent_normals=False
        )
        self._skin.GetPointData().SetNormals(normals.GetPointData().GetNormals())
        sites = sites_of(self.mesh, subject.rest, subject.heads, posed, place, spin)
        things = self._things(subject, place, spin, sites, props)
        if [colour for _, colour in things] != [colour for *_, colour in self._extra]:
            for actor, _, _ in self._extra:
                self._plotter.remove_actor(actor, render=False)
            self._extra = [
                (
                    self._plotter.add_mesh(
                        thing, color=colour, ambient=0.3, render=False, reset_camera=False
                    ),
                    thing,
                    colour,
                )
                for thing, colour in things
            ]
        for (_, shown, _), (thing, _) in zip(self._extra, things, strict=True):
            shown.shallow_copy(thing.translate(at_m))
        view = View(camera, aimed_at_m or subject.stature_m)
        view.aim(self._plotter, crop)
        az, el = np.radians(light.azimuth_deg), np.radians(light.elevation_deg)
        self._sun.position = (
            8 * np.cos(el) * np.sin(az),
            -8 * np.cos(el) * np.cos(az),
            8 * np.sin(el),
        )
        self._actor.prop.ambient = light.ambient
        self._skin.Modified()
        self._plotter.render()
        rgba = self._plotter.screenshot(transparent_background=True, return_img=True)
        return np.asarray(rgba), self._truth(sites, place, view)

    def close(self) -> None:
        """Let the window go."""
        self._plotter.close()

    def _things(
        self, s: Subject, place: Array, spin: dict[str, Array], sites: Array, props: Props
    ) -> list[tuple[Any, Any]]:
        m, out = self.mesh, []
        look = s.look
        head, head_turn = place[m.index["head"]], spin["head"]
        size = s.stature_m / 1.75
        occiput = sites[0]

        def blob(
            centre: Array, radii: tuple[float, float, float], turn: Array, colour: Any
        ) -> None:
            ball = _ball().copy()
            ball.points = ball.points * np.array(radii) * size @ turn.T + centre
            out.append((ball, colour))

        if look.hair_style == "bun":
            blob(occiput + head_turn @ [0, 0.035, 0.03], (0.04, 0.04, 0.04), head_turn, look.hair)
        elif look.hair_style == "ponytail":
            down = head_turn @ np.array([0, 0.5, 0]) + np.array([0, 0, -1.0])
            down /= np.linalg.norm(down)
            blob(occiput + head_turn @ [0, 0.02, 0.03], (0.025, 0.03, 0.03), head_turn, look.hair)
            turn = _frame(down)
            blob(
                occiput + head_turn @ [0, 0.045, 0.02] + down * 0.09,
                (0.02, 0.02, 0.1),
                turn,
                look.hair,
            )
        elif look.hair_style == "long":
            turn = spin["neck02"]
            blob(head + turn @ [0, 0.045, 0.0], (0.085, 0.055, 0.16), turn, look.hair)
        if look.hood:
            turn = spin["spine01"]
            blob(sites[1] + turn @ [0, 0.01, -0.02], (0.11, 0.05, 0.06), turn, look.shirt)
        if props.dowel:
            top, low = sites[0], sites[6]
            along = (top - low) / np.linalg.norm(top - low)
            back = np.array([0, 1.0, 0]) - along[1] * along
            back /= np.linalg.norm(back)
            # The stick lies against the place that stands out most.
            lift = max(float((q - low) @ back) for q in sites) + 0.012
            out.append((_rod((top + low) / 2 + back * lift, along, 0.011, 1.25), (0.75, 0.6, 0.4)))
        wrists = (place[m.index["wrist.L"]] + place[m.index["wrist.R"]]) / 2
        if props.bar or props.plate:
            out.append((_rod(wrists, (1, 0, 0), 0.014, 1.6), (0.3, 0.3, 0.3)))
        if props.bell:
            below = wrists - [0.0, 0.0, 0.16 * size]
            out.append((_ball_at(below, 0.1 * size), (0.12, 0.12, 0.14)))
        if props.wall_m is not None:
            out.append((_box((-1.2, 1.2), (props.wall_m, props.wall_m + 0.06), (0, 2.6)), WALL))
        if props.bench:
            out.append((_box((-0.5, 0.5), (0.1, 0.45), (0.38, 0.45)), (0.35, 0.25, 0.2)))
            out += [
                (_box((x - 0.03, x + 0.03), (0.3, 0.4), (0, 0.38)), (0.2, 0.2, 0.2))
                for x in (-0.45, 0.45)
            ]
        if props.plate:
            out += [
                (
                    _rod(wrists + np.array([x, 0, 0]), (1, 0, 0), 0.2, 0.04),
                    (0.12, 0.12, 0.14),
                )
                for x in (-0.6, 0.6)
            ]
        return out

    def _truth(self, sites: Array, place: Array, view: View) -> Truth:
        hip, shoulder = (
            place[[self.mesh.index[f"{bone}.{side}"] for side in "LR"]].mean(axis=0)
            for bone in ("upperleg01", "upperarm01")
        )
        d = shoulder - hip
        return Truth(
            points_px=view.project(sites),
            points_cm=sites[:, 1:] * [-100.0, 100.0],
            trunk_pitch_deg=float(np.degrees(np.arctan2(-d[1], d[2]))),
        )


@dataclass(frozen=True)
class Subject:
    """A body in its clothes."""

    mesh: Mesh
    rest: Array
    heads: Array
    look: Look

    @property
    def stature_m(self) -> float:
        """Height of the body at rest."""
        return float(np.ptp(self.rest[:, 2]))

    @cached_property
    def wardrobe(self) -> Wardrobe:
        """The clothes, cut once."""
        return Wardrobe(self.mesh, self.rest, self.look)


class View:
    """A pinhole camera: aims the plotter, and projects places to pixels."""

    def __init__(self, camera: Camera, stature_m: float) -> None:
        c = self.camera = camera
        side = -1.0 if c.facing == "right" else 1.0
        yaw = np.radians(c.yaw_deg)
        direction = np.array([side * np.cos(yaw), -np.sin(yaw), 0.0])
        # Wide enough that the standing subject takes `fill` of the height.
        tall = stature_m / c.fill
        self.position = direction * c.distance_m + [0, 0, c.height_m]
        middle = np.array([0, 0, stature_m * 0.5])
        forward = middle - self.position
        reach = np.linalg.norm(forward)
        forward /= reach
        self.half_tan = tall / 2 / reach
        right = np.cross(forward, [0, 0, 1.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, forward)
        roll = np.radians(c.roll_deg)
        self.right = np.cos(roll) * right + np.sin(roll) * up
        self.up = np.cos(roll) * up - np.sin(roll) * right
        # Shift the aim, in shares of the picture's height.
        self.focal = middle + tall * (c.shift[0] * right + c.shift[1] * up)
        self.forward = self.focal - self.position
        self.forward /= np.linalg.norm(self.forward)
        self.right = np.cross(self.forward, self.up)
        self.right /= np.linalg.norm(self.right)
        self.up = np.cross(self.right, self.forward)

    def aim(self, plotter: Any, crop: tuple[int, int, int, int] | None = None) -> None:
        """Point the plotter's camera, at a part of the picture only if `crop` is given."""
        cam = plotter.camera
        cam.position, cam.focal_point, cam.up = self.position, self.focal, self.up
        half_tan = self.half_tan
        if crop is not None:
            left, top, width, height = crop
            half_tan *= height / self.camera.height_px
            cam.SetWindowCenter(
                (2 * left + width - self.camera.width_px) / width,
                (self.camera.height_px - 2 * top - height) / height,
            )
        cam.view_angle = float(np.degrees(2 * np.arctan(half_tan)))
        cam.clipping_range = (0.1, 30.0)

    def project(self, places: Array) -> Array:
        """(N, 3) metres -> (N, 2) pixels, y down."""
        d = places - self.position
        z = d @ self.forward
        scale = self.camera.height_px / 2 / self.half_tan / z
        return np.column_stack(
            [
                self.camera.width_px / 2 + d @ self.right * scale,
                self.camera.height_px / 2 - d @ self.up * scale,
            ]
        )


@cache
def _ball() -> Any:
    import pyvista as pv

    return pv.Sphere(radius=1.0, theta_resolution=20, phi_resolution=20)


WALL = (0.8, 0.78, 0.72)


def _ball_at(centre: Array, radius: float) -> Any:
    """A ball in the room."""
    ball = _ball().copy()
    ball.points = ball.points * radius + centre
    return ball


def _box(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> Any:
    import pyvista as pv

    return pv.Box(bounds=(*x, *y, *z))


def _rod(centre: Array, along: Any, radius: float, length: float) -> Any:
    import pyvista as pv

    return pv.Cylinder(center=centre, direction=along, radius=radius, height=length)


def _frame(z: Array) -> Array:
    x = np.cross([0, 1.0, 0.1], z)
    x /= np.linalg.norm(x)
    return np.column_stack([x, np.cross(z, x), z])


def backdrop(seed: int, width: int, height: int) -> Array:
    """A made-up room (height, width, 3), 0..255: wall, floor, and clutter."""
    rng = np.random.default_rng(seed)

    # Rooms are mostly grey: pull every colour towards its own lightness.
    def colour(low: float, high: float) -> Array:
        c = rng.uniform(low, high, 3)
        return c * 0.35 + c.mean() * 0.65

    wall, floor = colour(40, 240), colour(30, 220)
    if seed == 0:
        wall, floor = np.array([205.0, 205.0, 200.0]), np.array([150.0, 145.0, 140.0])
    out = np.empty((height, width, 3))
    line = int(height * (0.82 if seed == 0 else rng.uniform(0.7, 0.95)))
    out[:line], out[line:] = wall, floor
    if seed:
        for _ in range(rng.integers(0, 14)):
            x, y = rng.integers(0, width), rng.integers(0, height)
            w, h = rng.integers(4, max(5, width // 3)), rng.integers(4, max(5, height // 2))
            out[y : y + h, x : x + w] = colour(15, 250)
        grain = rng.normal(0, rng.uniform(2, 14), (height // 8 + 1, width // 8 + 1, 1))
        out += np.kron(grain, np.ones((8, 8, 1)))[:height, :width]
    ramp = np.linspace(rng.uniform(0.8, 1.1), rng.uniform(0.8, 1.1), width)
    return out * ramp[None, :, None]


def _develop(rgba: Image, light: Light, scene: Array | None) -> Image:
    from scipy.ndimage import gaussian_filter

    alpha = rgba[..., 3:].astype(float) / 255
    if scene is None:
        scene = backdrop(light.background, *rgba.shape[1::-1])
    out = rgba[..., :3] * alpha + scene * (1 - alpha)
    if light.blur_px:
        out = gaussian_filter(out, (light.blur_px, light.blur_px, 0))
    if light.noise:
        rng = np.random.default_rng(light.background + 1)
        out = out + rng.normal(0, light.noise, out.shape)
    return np.clip(out * light.gain, 0, 255).astype(np.uint8)
