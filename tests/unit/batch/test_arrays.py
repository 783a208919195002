"""Arrays as bytes and back."""

import dataclasses
import io
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import stand_ins

from hinge_dowel.batch.arrays import (
    pack_arrays,
    pack_series,
    unpack_arrays,
    unpack_series,
)


def test_a_series_comes_back_to_seven_digits_and_its_times_exactly():
    series = stand_ins.series(50)
    back = unpack_series(pack_series(series))
    for field in dataclasses.fields(series):
        was, now = getattr(series, field.name), getattr(back, field.name)
        if isinstance(was, np.ndarray):
            assert (now.shape, now.dtype) == (was.shape, was.dtype), field.name
            np.testing.assert_allclose(now, was, rtol=1e-6)
        else:
            assert now == was
    assert (back.time_s == series.time_s).all()
    size = dataclasses.replace(series, size_px=None)
    assert unpack_series(pack_series(size)).size_px is None


def test_arrays_that_are_no_series_are_refused():
    with pytest.raises(ValueError, match="not a series"):
        unpack_series(pack_arrays({"time_s": np.zeros(3)}))


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


def test_pickles_and_compressed_files_are_refused():
    objects, squeezed = io.BytesIO(), io.BytesIO()
    np.savez(objects, a=np.array([Bomb()], dtype=object))
    np.savez_compressed(squeezed, a=np.zeros(100_000))
    for data in (objects.getvalue(), squeezed.getvalue(), pickle.dumps(Bomb()), b"", b"PK\3\4"):
        with pytest.raises(ValueError, match="npz"):
            unpack_arrays(data)


WHOLE = pack_arrays({"a": np.arange(40.0).reshape(8, 5), "b": np.array("text")})


@given(st.integers(0, len(WHOLE) - 1))
def test_truncated_files_are_refused(length):
    with pytest.raises(ValueError, match="npz"):
        unpack_arrays(WHOLE[:length])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_flipped_bits_are_found_or_harmless(place, flip):
    data = bytearray(WHOLE)
    data[place] ^= flip
    try:
        arrays = unpack_arrays(bytes(data))
    except ValueError:
        return
    for array in arrays.values():
        assert array.dtype != object
