"""What columns and keys are called."""

from __future__ import annotations

import pytest

from hinge_dowel.keypoints import words


def test_names_are_known_without_their_signs_as_well():
    assert words.spelled("frame_id img frame_id") == ("frame_id", "frameid", "img")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("Frame Number", "frame_number"), ("time (s)", "time_s"), ("Zeit [ms]", "time_ms")),
        *(("Bild", "frame"), ("bilder", "bilder"), ("Person-ID", "person_id")),
    ],
)
def test_what_a_column_is_called(name, said):
    assert words.spoken(name) == said


def test_the_likeliest_name_of_times():
    assert words.time_name(["dt", "x", "timestamp", "time"]) == "time"
    assert words.time_name(["x"]) == ""
