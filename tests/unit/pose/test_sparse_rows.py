"""Rows of numbers that come now and then, and what stands for those between."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.pose.sparse_rows import SparseRows


class TestSparse:
    @given(
        st.lists(st.floats(-1000, 1000, width=32), min_size=2, max_size=20),
        st.integers(1, 4),
    )
    def test_rows_stay_and_what_is_between_lies_between(
        self, values: list[float], gap: int
    ) -> None:
        rows = SparseRows()
        for place, value in enumerate(values):
            rows.append(float(place * gap), np.array([[value, -value]]))
        found = rows.drain(np.arange((len(values) - 1) * gap + 1.0))
        assert found.shape == ((len(values) - 1) * gap + 1, 1, 2)
        assert found[::gap, 0, 0].tolist() == values
        assert (found[:, 0, 0] == -found[:, 0, 1]).all()
        for at in range(len(found)):
            low, high = sorted((values[at // gap], values[-(-at // gap)]))
            assert low - 1e-3 <= found[at, 0, 0] <= high + 1e-3

    def test_beside_nobody_there_is_nobody_and_no_further(self) -> None:
        rows = SparseRows()
        for at, value in enumerate((1.0, np.nan, 3.0, 4.0)):
            rows.append(float(at), np.array([value]))
        found = rows.drain(np.array([0, 0.5, 1, 1.5, 2, 2.5, 3]))[:, 0]
        assert np.isnan(found).tolist() == [False, True, True, True, False, False, False]
        assert found[[0, 4, 5, 6]].tolist() == [1, 3, 3.5, 4]

    @given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 4))
    def test_one_after_another_is_as_one(self, first: int, second: int, overlap: int) -> None:
        whole, begun, later = SparseRows(), SparseRows(), SparseRows()
        for at in range(first + second):
            row = np.array([at**2, -at])
            whole.append(float(at), row)
            if at < first:
                begun.append(float(at), row)
            if at >= first - overlap:
                later.append(float(at), row)
        begun.extend(later, first - 1.0)
        times = np.arange(first + second) / 1.0
        assert begun.drain(times).tolist() == whole.drain(times).tolist()
