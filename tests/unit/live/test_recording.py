"""Where a recording goes."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.errors import OutputError
from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.live import recording
from hinge_dowel.live.recording import Recording, free_name
from hinge_dowel.live.snapshot import Plan, Snapshot

HEAD_BYTES = 500


def test_a_recording_that_breaks_off_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session that it belongs to goes on to its summary."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording.overlay, "draw", full)
    with Recording(tmp_path / "me.mp4") as film:
        film.put(np.zeros((48, 64, 3), np.uint8), 0.0, Snapshot("setup"))
        with pytest.raises(OutputError, match="No space left"):
            film.close()


def test_a_full_disk_is_said_even_if_it_is_the_last_picture_that_it_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class AlmostFull(io.BytesIO):
        """Has room for the head of a film alone."""

        def write(self, data: object) -> int:
            if self.tell() > HEAD_BYTES:
                raise OSError(28, "No space left on device")
            return super().write(data)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", lambda *_: AlmostFull())
    film = Recording(tmp_path / "me.mp4")
    film.put(np.zeros((48, 64, 3), np.uint8), 0.0, Snapshot("setup"))
    with pytest.raises(OutputError, match="No space left"):
        film.close()


def test_a_recording_never_takes_the_place_of_another(tmp_path: Path) -> None:
    film = tmp_path / "me.mp4"
    assert free_name(film) == film
    film.touch()
    assert free_name(film) == tmp_path / "me-2.mp4"
    (tmp_path / "me-2.mp4").touch()
    assert free_name(film) == tmp_path / "me-3.mp4"


@pytest.mark.parametrize(
    ("interval_deg", "head", "light"),
    [
        ((30.0, 60.0), "Rep 1: rounded back", "off"),
        ((2.0, 60.0), "Rep 1: maybe rounded back", "close"),
    ],
)
def test_a_cue_is_the_exercises_own_and_a_maybe_is_told_as_one(
    interval_deg: tuple[float, float], head: str, light: str
) -> None:
    rep = replace(
        verdicts.rep(1, ["spinal_flexion"]), intervals_deg={"spinal_flexion_deg": interval_deg}
    )
    moment = Snapshot("moving", Plan(exercise="good_morning"), set_reps=(rep,))
    frame = recording.shown(moment)
    assert frame.cue == (head, EXERCISES["good_morning"].cues["spinal_flexion"])
    assert frame.cue_light == light
    assert recording.shown(replace(moment, set_reps=())).cue is None
    lost = replace(moment, stage="lost", message="Step into the picture")
    assert recording.shown(lost).cue == ("Lost", "Step into the picture")
