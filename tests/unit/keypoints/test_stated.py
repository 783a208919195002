"""What files of JSON say beside the keypoints, however they spell it."""

from __future__ import annotations

import pytest

from hinge_dowel.keypoints.stated import about_of, rate_of, size_of


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        *(
            (30, 30.0),
            ("30", 30.0),
            ("29.97 fps", 29.97),
            ("29,97", 29.97),
            ("30000/1001", 30000 / 1001),
        ),
        *((0, None), ("0/0", None), ("fast", None), (True, None), (None, None), ([30], None)),
    ],
)
def test_rates(said, rate):
    assert rate_of({"frame_rate": said}) == (rate if rate is None else pytest.approx(rate))


def test_strides():
    assert about_of([{"fps": 30, "frame_step": 2}]).stride == 2
    assert about_of([{"everynth": "3"}]).stride == 3
    assert about_of([{"stride": 0, "step": 4}]).stride == 1


def test_a_rate_by_its_step():
    assert rate_of({"dt": 0.04}) == pytest.approx(25)
    assert rate_of({"sampleratehz": 50}) == rate_of({"rate": 50}) == 50
    assert rate_of({"frame_interval_ms": "40", "fps": 30}) == 30


@pytest.mark.parametrize(
    "said",
    [
        {"width": 1280, "height": 720},
        {"videowidth": "1280", "videoheight": "720"},
        {"inputimageheight": 720, "inputimagewidth": 1280},
        {"frame_h": 720, "frame_w": 1280},
        {"resolution": "1280x720"},
        {"resolution": "1280 X 720 px"},
        {"resolution": {"width": 1280, "height": 720}},
        {"image_size": {"Height": 720, "Width": 1280}},
        {"size": [1280, 720]},
        {"shape": [720, 1280, 3]},
        {"orig_shape": [720, 1280]},
    ],
)
def test_sizes(said):
    assert size_of(said) == (1280.0, 720.0)


@pytest.mark.parametrize(
    "said", [{}, {"size": 5}, {"shape": [720, 1280]}, {"resolution": "high"}, {"width": 1280}]
)
def test_what_is_no_size(said):
    assert size_of(said) is None
