"""Where a recording goes."""

from __future__ import annotations

from pathlib import Path

from hinge_dowel.live.recording import free_name


def test_a_recording_never_takes_the_place_of_another(tmp_path: Path) -> None:
    film = tmp_path / "me.mp4"
    assert free_name(film) == film
    film.touch()
    assert free_name(film) == tmp_path / "me-2.mp4"
    (tmp_path / "me-2.mp4").touch()
    assert free_name(film) == tmp_path / "me-3.mp4"
