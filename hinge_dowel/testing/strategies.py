"""Hypothesis strategies: postures and motions with known answers; hypothesis must be installed.

    from hypothesis import given
    from hinge_dowel.testing.strategies import motions

    @given(motions(noise_cm=0.3))
    def test_my_tracker(motion): ...

All examples are plain: none is near a limit, where opinions differ.
"""

from __future__ import annotations

from typing import Unpack

from hinge_dowel.system.typed_commands import install_hint
from hinge_dowel.testing.synthetic import Bottom, Motion, Options, mix

try:
    from hypothesis import strategies as st
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"hinge_dowel.testing.strategies needs hypothesis: {install_hint('hypothesis')}"
    ) from error

__all__ = ["bottoms", "clean_bottoms", "faulty_bottoms", "motions"]


def clean_bottoms() -> st.SearchStrategy[Bottom]:
    """Draw hinges without a fault: soft knees, upright shins, back and neck nearly as standing."""
    return _with(lumbar_share=st.floats(0.4, 1.0))


def faulty_bottoms(fault: str) -> st.SearchStrategy[Bottom]:
    """Draw repetitions with one plain fault: spinal_flexion, squatting or cervical_flexion.

    Raises `ValueError` for any other fault.
    """
    if fault == "spinal_flexion":
        return _with(spinal_deg=st.floats(32, 50), lumbar_share=st.floats(0.5, 1.0))
    if fault == "cervical_flexion":
        return _with(cervical_deg=st.floats(35, 50))
    if fault == "squatting":
        return _with(
            hip_deg=st.floats(85, 115), knee_deg=st.floats(75, 115), shin_deg=st.floats(20, 35)
        )
    raise ValueError(f"unknown fault {fault!r}: spinal_flexion, squatting or cervical_flexion.")


def _with(**angles: st.SearchStrategy[float]) -> st.SearchStrategy[Bottom]:
    """Draw hinges without a fault, except for these angles."""
    plain: dict[str, st.SearchStrategy[float]] = {
        "hip_deg": st.floats(60, 95),
        "knee_deg": st.floats(5, 28),
        "shin_deg": st.floats(-4, 6),
        "spinal_deg": st.floats(-4, 6),
        "cervical_deg": st.floats(-6, 5),
    }
    return st.builds(Bottom, **(plain | angles))


def bottoms() -> st.SearchStrategy[Bottom]:
    """Draw clean hinges and repetitions with any one fault."""
    return st.one_of(
        clean_bottoms(),
        *(faulty_bottoms(f) for f in ("spinal_flexion", "squatting", "cervical_flexion")),
    )


def motions(
    of: st.SearchStrategy[Bottom] | None = None,
    *,
    min_reps: int = 1,
    max_reps: int = 3,
    **options: Unpack[Options],
) -> st.SearchStrategy[Motion]:
    """Draw motions of repetitions of 3 to 6 s, facing either way, at 15 to 60 frames/s.

    `of` draws the bottoms (default: `bottoms()`). Options of `synthetic.mix` given stay fixed.
    """

    def made(
        drawn: list[Bottom], facing: str, tempo_s: float, fps: float, top_s: float, seed: int
    ) -> Motion:
        free = Options(facing=facing, tempo_s=tempo_s, fps=fps, top_s=top_s, seed=seed)  # type: ignore[typeddict-item]
        return mix(drawn, **(free | options))

    return st.builds(
        made,
        st.lists(bottoms() if of is None else of, min_size=min_reps, max_size=max_reps),
        st.sampled_from(["left", "right"]),
        st.floats(3, 6),
        st.sampled_from([15.0, 24.0, 30.0, 60.0]),
        st.floats(0.4, 1.0),
        st.integers(0, 2**32 - 1),
    )
