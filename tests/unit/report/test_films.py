"""Annotated clips: every picture at its own time, upright, with what was seen drawn in."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from support import verdicts
from support.clips import MATRICES, Picture, card, drifting, grey, turn, write_clip
from support.locations import ROOT

from hinge_dowel.errors import ClipError, OutputError
from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.report import contacts, overlay
from hinge_dowel.report.films import CUE_S, Script, annotate
from hinge_dowel.verdict import Verdict
from hinge_dowel.video.options import FilmOptions

FAULTY = verdicts.verdict(reps=[("spinal_flexion",), ()])


def film(path: Path, seconds: float = 12.0, level: int = 90, rate_hz: int = 10) -> Path:
    """A grey film of the size that the made-up verdicts are drawn in."""
    return write_clip(path, [grey(level, 480, 480)] * round(seconds * rate_hz), rate_hz=rate_hz)


def decoded(path: Path) -> tuple[list[float], list[Picture]]:
    times, pictures = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            assert frame.time is not None
            times.append(frame.time)
            pictures.append(frame.to_ndarray(format="rgb24"))
    return times, pictures


def near(picture: Picture, place: Sequence[float], colour: tuple[int, int, int]) -> float:
    """How much of a colour is in the 19 x 19 px around a place: the share of pixels."""
    x, y = (round(value) for value in place)
    part = picture[y - 9 : y + 10, x - 9 : x + 10].astype(int)
    return float((np.abs(part - colour).max(axis=2) < 80).mean())


@pytest.mark.slow
def test_it_is_h264_for_browsers_without_sound(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    annotate(film(tmp_path / "in.mp4"), FAULTY, out)
    with av.open(str(out)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == 10
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == 12
    data = out.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_every_picture_keeps_its_own_time(tmp_path: Path) -> None:
    steps = [0.02, 0.1, 0.033, 0.25, 0.017, 0.4]
    times = np.round(np.concatenate([[0.0], np.cumsum(steps * 5)]), 3).tolist()
    clip = write_clip(tmp_path / "in.mkv", drifting(len(times)), times_s=times)
    out = tmp_path / "out.mp4"
    annotate(clip, verdicts.verdict(), out)
    found, _ = decoded(out)
    assert found == pytest.approx(times, abs=1e-4)


def test_a_part_keeps_the_times_of_the_verdict(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "in.mp4", drifting(40), rate_hz=10)
    out = tmp_path / "out.mp4"
    annotate(clip, verdicts.verdict(), out, options=FilmOptions(2.0, 3.0, slow_motion=2.0))
    found, _ = decoded(out)
    assert found == pytest.approx([0.0, *np.arange(20, 31) / 20], abs=1e-3)


def test_a_clock_that_leaps_a_day_makes_a_pause_of_an_hour(tmp_path: Path) -> None:
    """MP4 cannot hold it, and nobody waits for it."""
    times = [0.0, 0.1, 0.2, 95_000.0, 95_000.1]
    clip = write_clip(tmp_path / "in.mkv", drifting(len(times)), times_s=times)
    annotate(clip, Verdict("in.mkv", "unusable", reason="No."), tmp_path / "out.mp4")
    found, _ = decoded(tmp_path / "out.mp4")
    assert found == pytest.approx([0.0, 0.1, 0.2, 3600.2, 3600.3], abs=1e-3)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((640, 480), (640, 480)),
        ((482, 362), (480, 360)),
    ],
)
def test_no_larger_than_720p_and_even(
    size: tuple[int, int], expected: tuple[int, int], tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "in.mp4", [grey(90, *size)] * 3)
    out = tmp_path / "out.mp4"
    annotate(clip, FAULTY, out)
    _, pictures = decoded(out)
    assert pictures[0].shape[1::-1] == expected


@pytest.mark.parametrize("how", sorted(MATRICES))
def test_turned_clips_come_out_upright(how: str, tmp_path: Path) -> None:
    """Shown as viewers show the original, and with no turn left to do."""
    clip = turn(write_clip(tmp_path / "in.mp4", [card(160, 120)] * 3), MATRICES[how])
    out = tmp_path / "out.mp4"
    annotate(clip, replace(FAULTY, series=None, reps=()), out)
    with av.open(str(out)) as container:
        frame = next(container.decode(video=0))
        assert frame.rotation == 0
        assert frame.side_data.get("DISPLAYMATRIX") is None
        picture = frame.to_ndarray(format="rgb24").astype(int)
    a, b, c, d = MATRICES[how]
    stored = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]])  # red, green, blue, white corners
    shown = stored @ np.array([[a, b], [c, d]])
    # Low and at the sides, where the words leave the picture free, the upper corners are hidden:
    # a little above the middle tells as much.
    height, width = picture.shape[:2]
    for (x, y), colour in zip(
        shown, [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)], strict=True
    ):
        if y < 0:
            spot = picture[round(height * 0.4), round(width * (0.5 + 0.4 * x))]
            assert np.abs(spot - colour).max() < 70


@pytest.mark.slow
def test_dowel_and_contacts_are_drawn_where_they_are(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    annotate(film(tmp_path / "in.mp4"), FAULTY, out)
    _, pictures = decoded(out)
    drawn = contacts.drawing(FAULTY)
    assert FAULTY.series is not None
    row = int(np.argmin(np.abs(FAULTY.series.time_s - 4.0)))
    picture = pictures[40]
    assert near(picture, drawn.places_px[row, 2], overlay.LIGHTS["off"]) > 0.3
    assert near(picture, drawn.feet_px[row, 0], overlay.LIGHTS["on"]) > 0.3
    between = drawn.dowel_px[row].T @ [0.3, 0.7]  # below the upper back
    assert near(picture, between, overlay.WOOD) > 0.2
    assert near(pictures[80], drawn.feet_px[row, 2], overlay.LIGHTS["on"]) > 0.3  # rep 2 is clean


def test_places_follow_the_body_between_analysed_frames(tmp_path: Path) -> None:
    script = Script(FAULTY)
    assert FAULTY.series is not None
    time = FAULTY.series.time_s
    drawn = contacts.drawing(FAULTY).dowel_px
    halfway = script.at(float(time[40] * 0.5 + time[41] * 0.5), 960, 480).dowel
    assert halfway == pytest.approx((drawn[40] + drawn[41]) / 2 * [2, 1])  # as wide again


def test_nothing_is_drawn_while_the_person_is_out_of_sight() -> None:
    assert FAULTY.series is not None
    gone = FAULTY.series.dowel_px.copy()
    gone[40:60] = np.nan
    script = Script(replace(FAULTY, series=replace(FAULTY.series, dowel_px=gone)))
    dowel = script.at(float(FAULTY.series.time_s[50]), 480, 480).dowel
    assert dowel is not None
    assert np.isnan(dowel).all()
    late = script.at(99.0, 480, 480)
    assert (late.dowel, late.title, late.tally) == (None, "Rep 2 of 2", ["off", "on"])


def test_counter_phase_tally_and_cue_follow_the_reps() -> None:
    script = Script(FAULTY)
    at = {second: script.at(second, 480, 480) for second in (1.0, 3.0, 5.0, 6.5, 11.5)}
    told = {second: (shown.title, shown.phase, shown.tally) for second, shown in at.items()}
    assert told == {
        1.0: ("Ready", "standing", []),
        3.0: ("Rep 1 of 2", "lowering", []),
        5.0: ("Rep 1 of 2", "lifting", []),
        6.5: ("Rep 2 of 2", "lowering", ["off"]),
        11.5: ("Rep 2 of 2", "standing", ["off", "on"]),
    }
    assert [second for second, shown in at.items() if shown.cue] == [6.5]
    cue = at[6.5].cue
    assert cue is not None
    assert cue[0] == "Rep 1: rounded back"
    assert "Brace your belly" in cue[1]
    own = Script(replace(FAULTY, exercise="good_morning")).at(6.5, 480, 480).cue
    assert own == ("Rep 1: rounded back", EXERCISES["good_morning"].cues["spinal_flexion"])
    assert script.at(6.0 + CUE_S + 0.1, 480, 480).cue is None
    assert [word for word, _ in at[3.0].angles] == ["spine", "neck", "knee", "hip"]


def test_a_clip_that_was_not_checked_says_why(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    annotate(film(tmp_path / "in.mp4", 1.0), verdicts.unusable(), out)
    _, pictures = decoded(out)
    assert len(pictures) == 10
    script = Script(verdicts.unusable(reason="Film from the side."))
    assert script.at(0.5, 480, 480).cue == ("Not checked", "Film from the side.")


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    shares: list[float] = []
    annotate(film(tmp_path / "in.mp4", 2.0), FAULTY, tmp_path / "out.mp4", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.9 < shares[-1] <= 1


def test_odd_names_are_written_and_read(tmp_path: Path) -> None:
    clip = film(tmp_path / "in.mp4", 1.0)
    out = tmp_path / "a:b 50% #1 \u00e9\u2713'.mp4"
    annotate(clip, FAULTY, out)
    assert len(decoded(out)[0]) == 10


def test_a_clip_that_cannot_be_read_leaves_no_film(tmp_path: Path) -> None:
    clip = tmp_path / "in.mp4"
    clip.write_text("no film")
    with pytest.raises(ClipError):
        annotate(clip, FAULTY, tmp_path / "out.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    clip = film(tmp_path / "in.mp4", 1.0)
    with pytest.raises(OutputError, match=r"create the folder .*no first\."):
        annotate(clip, FAULTY, tmp_path / "no" / "out.mp4")


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 3_000, 30_000])
def test_a_full_disk_is_one_sentence_and_leaves_the_old_film(limit: int, tmp_path: Path) -> None:
    """The disk gives out after so many bytes, as far as this process is concerned."""
    clip = write_clip(tmp_path / "in.mp4", drifting(60, 320, 240))
    out = tmp_path / "out.mp4"
    out.write_text("old")
    code = (
        "import resource, signal, sys, pathlib\n"
        "sys.path.insert(0, 'tests')\n"
        "from support import verdicts\n"
        "from hinge_dowel.report.films import annotate\n"
        "from hinge_dowel.errors import OutputError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "try:\n"
        "    annotate(pathlib.Path(sys.argv[1]), verdicts.verdict(), pathlib.Path(sys.argv[2]))\n"
        "except OutputError as error:\n"
        "    sys.exit(str(error))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(clip), str(out)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert re.fullmatch(r"Cannot write \S+out.mp4: File too large; .*", done.stderr.strip())
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]
