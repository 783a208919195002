"""The outline, on people and shapes drawn with known distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates
from support.drawn_people import (
    EAR,
    EARS,
    FRONT,
    REAR,
    SIZE,
    N,
    mask,
    mirrored,
    person,
    rectangle,
)

from hinge_dowel.body.facing import face_right
from hinge_dowel.body.landmarks import EARS as EAR_MARKS
from hinge_dowel.body.landmarks import (
    HIPS,
    SHOULDERS,
)
from hinge_dowel.body.outline import (
    EAR_RAYS,
    OUTLINE_SIZE,
    STATIONS,
    _between_pixels,
    outline_rays,
)


class TestOutline:
    """Edges lie midway between the last pixel inside and the first outside; a ray reads every 2 px.

    A rectangle of pixels 171 to 229, drawn about the trunk at 200, has its edges at 170.5 and
    229.5: 0.295 trunk lengths away.
    """

    def test_a_rectangle(self):
        rays = outline_rays(person(), rectangle(170, 230))
        assert rays[FRONT] == pytest.approx(np.full(N, 0.295), abs=0.006)
        assert rays[REAR] == pytest.approx(np.full(N, 0.295), abs=0.006)

    def test_front_and_rear_are_not_confused(self):
        rays = outline_rays(person(), rectangle(180, 260))
        assert rays[FRONT] == pytest.approx(np.full(N, 0.595), abs=0.006)
        assert rays[REAR] == pytest.approx(np.full(N, 0.195), abs=0.006)

    def test_stations_run_from_below_the_hips_to_above_the_head(self):
        """A wedge: its rear edge comes nearer by 0.2 px for each px up the picture."""
        rays = outline_rays(person(), mask(lambda x, y: (200 - x < 0.2 * y) & (x < 300)))
        height_px = 300 - 100 * STATIONS
        assert STATIONS[0] == -0.4
        assert STATIONS[-1] == 1.65
        assert rays[REAR] == pytest.approx(0.2 * height_px / 100, abs=0.012)

    def test_a_disc_around_the_ear(self):
        disc = mask(lambda x, y: np.hypot(x - EARS[0], y - EARS[1]) < 30)
        rays = outline_rays(person(), disc)
        assert rays[EAR] == pytest.approx(np.full(EAR_RAYS, 0.3), abs=0.012)

    def test_ear_rays_start_forward_and_turn_clockwise(self):
        """With the head's edge 20 px ahead, 30 below, 40 behind and 50 above."""
        x, y = EARS
        box = rectangle(x - 40, x + 20, y - 50, y + 30)
        ahead, below, behind, above = outline_rays(person(), box)[EAR][::4]
        assert [ahead, below, behind, above] == pytest.approx([0.2, 0.3, 0.4, 0.5], abs=0.012)

    @pytest.mark.parametrize("shift_px", [0.0, 0.5, 1.3])
    def test_soft_edges_are_cut_at_one_half(self, shift_px):
        """An edge that fades over 40 px about x = 240, read between the pixels too."""
        fading = np.clip((260 - np.arange(SIZE[1])) / 40, 0, 1)
        landmarks = person()
        landmarks[:, 0] += shift_px
        rays = outline_rays(landmarks, np.tile(fading, (SIZE[0], 1)).astype(np.float32))
        assert rays[FRONT] == pytest.approx(np.full(N, 0.4 - shift_px / 100), abs=1e-3)

    def test_the_first_way_out_counts(self):
        """A gap between back and hanging arm ends the back."""
        gap = rectangle(170, 230) + rectangle(150, 160)
        assert outline_rays(person(), gap)[REAR] == pytest.approx(np.full(N, 0.295), abs=0.006)

    def test_an_empty_silhouette(self):
        rays = outline_rays(person(), np.zeros(SIZE, np.float32))
        assert rays.tolist() == [0.0] * OUTLINE_SIZE

    def test_a_silhouette_without_end_is_the_reach_of_a_ray(self):
        rays = outline_rays(person(), np.ones((480, 400), np.float32))
        assert rays[REAR][10] == pytest.approx(1.3)
        assert rays[EAR] == pytest.approx(np.full(EAR_RAYS, 0.6))

    def test_beside_the_picture_is_outside(self):
        """Somebody 40 px from the right side, whose picture ends before the ray does."""
        near, shift = person(), np.array([159.0, 0.0])
        near[:, :2] += shift
        rays = outline_rays(near, np.ones(SIZE, np.float32))
        assert rays[FRONT][1:-1] == pytest.approx(np.full(N - 2, 0.4), abs=0.011)
        assert rays[REAR][1:-1] == pytest.approx(np.full(N - 2, 1.3))

    def test_rays_that_start_beside_the_picture_see_nothing(self):
        low = person()
        low[:, 1] -= 210.0  # the shoulders are above the upper edge
        rays = outline_rays(low, np.ones(SIZE, np.float32))
        above = 90 - 100 * STATIONS < -1
        assert above.any()
        assert (rays[REAR][above] == 0).all()
        assert (rays[REAR][~above][:-1] > 1.2).all()

    @pytest.mark.parametrize("place", [*HIPS, *SHOULDERS, *EAR_MARKS])
    def test_without_trunk_or_ears_nothing_is_measured(self, place):
        landmarks = person()
        landmarks[place, 1] = np.nan
        rays = outline_rays(landmarks, rectangle(170, 230))
        assert rays.shape == (OUTLINE_SIZE,)
        assert np.isnan(rays).all()

    def test_hands_and_feet_need_not_be_seen(self):
        landmarks = person()
        landmarks[[*range(13, 23), *range(25, 33)]] = np.nan
        rays = outline_rays(landmarks, rectangle(170, 230))
        assert (rays == outline_rays(person(), rectangle(170, 230))).all()

    @settings(max_examples=25)
    @given(st.integers(0, 2**32 - 1))
    def test_a_mirrored_picture_gives_the_mirrored_rays(self, seed):
        """Of any posture and any silhouette: 1/64 steps, which floats hold, make it exact."""
        rng = np.random.default_rng(seed)
        landmarks = person()
        landmarks[:, :2] = np.round(64 * (landmarks[:, :2] + rng.normal(0, 20, (33, 2)))) / 64
        coarse = rng.random((24, 20)) > 0.15
        silhouette = np.kron(coarse, np.ones((20, 20))).astype(np.float32)
        rays = outline_rays(landmarks, silhouette)
        other = outline_rays(
            mirrored(landmarks, SIZE[1]), np.ascontiguousarray(silhouette[:, ::-1])
        )
        right, turned = face_right(mirrored(landmarks, SIZE[1])[None], other[None], "left")
        assert turned is not None
        assert turned[0] == pytest.approx(rays, abs=1e-6)
        assert right[0, :, 0] + (SIZE[1] - 1) == pytest.approx(landmarks[:, 0])

    def test_a_turned_picture_gives_the_same_rays(self):
        """Bent over by a right angle: outline and trunk frame turn together."""
        silhouette = rectangle(180, 260)
        bent = person()
        bent[:, :2] = np.stack([SIZE[0] - 1 - bent[:, 1], bent[:, 0]], axis=-1)
        turned = np.ascontiguousarray(np.rot90(silhouette, -1))
        rays = outline_rays(bent, turned)
        assert rays == pytest.approx(outline_rays(person(), silhouette), abs=1e-6)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_between_pixels_it_is_what_scipy_says(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    silhouette = random.random((height, width), dtype=np.float32)
    places = random.uniform(-2, (width + 1, height + 1), (200, 2))
    places[::4] = np.round(places[::4])  # on pixels and on the edge, too
    asked = map_coordinates(
        silhouette, places[:, ::-1].T, output=np.float64, order=1, mode="constant", cval=0.0
    )
    assert _between_pixels(silhouette, places) == pytest.approx(asked, abs=1e-12)
