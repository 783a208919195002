"""The numbers of frames, from numbers and from the names of files."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.keypoints.moments import moment, number_in, numbers_in, raw_of


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7.0),
        ("7.0", 7.0),
        ("clips/take2/img_00012.png", 12.0),
        ("frame-3", 3.0),
        ("1,500E+01", 15.0),
    ],
)
def test_the_number_of_a_frame(value, number):
    assert number_in(value) == number


def test_tenths_with_a_comma_are_no_numbers_of_frames():
    """Their last digits would count."""
    assert numbers_in([f"0,{tenth}" for tenth in range(9)]) == pytest.approx(np.arange(9) / 10)


@pytest.mark.parametrize("value", [True, None, "first.png", "1234567890123456789.png", [3]])
def test_no_number_of_a_frame(value):
    assert np.isnan(number_in(value))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("1,5", 1.5), ("250 ms", 0.25), ("1:02:03.5", 3723.5), ("2 days 00:00:01", 172801.0)),
        ("01:02:250", 62.25),
        *(
            ("1:02:03.5 PM", 46923.5),
            ("12:59:59 PM", 46799.0),
            ("12:00:01 AM", 1.0),
            ("1970-01-01T00:00:01+00:00", 1.0),
            ("1:02 UTC", 62.0),
        ),
    ],
)
def test_moments(text, seconds):
    assert moment(text) == seconds


def test_what_is_no_moment():
    assert np.isnan(moment("n/a"))
    with pytest.raises(ValueError, match="'soon', which is no time"):
        moment("soon")


def test_timecodes_as_seconds():
    codes = [f"00:00:{i // 25:02d}:{i % 25:02d}" for i in range(50)]
    assert raw_of(codes) == pytest.approx(np.arange(50) / 25)
