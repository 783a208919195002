"""One clip as the page shows it: captions, pictures, rows."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import verdicts
from support.clips import card as colours
from support.clips import write_clip

from hinge_dowel.report.cards import Card, Style, card
from hinge_dowel.report.measures import TECHNIQUE, known
from hinge_dowel.verdict import NOT_JUDGED, Verdict
from hinge_dowel.video.options import WHOLE

STYLE = Style(
    clips=1,
    side_px=480,
    small_px=160,
    legs=True,
    measures=(),
    options=WHOLE,
    bins=250,
)
ROUNDED = verdicts.verdict(reps=[("spinal_flexion",), ()])


def made(one: Verdict, clip: Path | None = None, style: Style = STYLE) -> Card:
    return card(1, one, clip, None, style)


def altered(one: Verdict, **values: object) -> Verdict:
    """With the first repetition changed."""
    return replace(one, reps=(replace(one.reps[0], **values), *one.reps[1:]))


def image(uri: str | None) -> Image.Image:
    assert uri is not None
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


# -- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "worst", "good"),
    [
        (
            ROUNDED,
            "The worst moment: rep 1 at 4.0 s. The sacrum leaves the dowel by 9 cm. Spine 45°, "
            "limit 16°.",
            "A good one: rep 2 at 8.0 s, all on the dowel.",
        ),
        (
            replace(ROUNDED, limits={}),
            "The worst moment: rep 1 at 4.0 s. The sacrum leaves the dowel by 9 cm. Spine 45°.",
            "A good one: rep 2 at 8.0 s, all on the dowel.",
        ),
        (
            altered(ROUNDED, intervals_deg={"spinal_flexion_deg": (5.0, 85.0)}),
            "The moment in doubt: rep 1 at 4.0 s. Maybe the sacrum leaves the dowel by 9 cm. Spine "
            "45°, limit 16°.",
            "A good one: rep 2 at 8.0 s, all on the dowel.",
        ),
        (
            verdicts.verdict(reps=[("squatting",)]),
            "The worst moment: rep 1 at 4.0 s. The knees bend too much. Knee 85°, limit 45°.",
            None,
        ),
        (
            verdicts.verdict(reps=[()]),
            "The best rep: rep 1 at 4.0 s, all on the dowel.",
            None,
        ),
        (
            altered(verdicts.verdict(reps=[("spinal_flexion",)]), notes=("partial",)),
            "The worst moment: half rep 1 at 4.0 s. The sacrum leaves the dowel by 9 cm. Spine "
            "45°, limit 16°.",
            None,
        ),
    ],
    ids=["sure", "no limit", "maybe", "squat", "clean", "half"],
)
def test_captions_say_what_is_seen(one: Verdict, worst: str, good: str | None) -> None:
    found = made(one)
    assert found.worst is not None
    assert found.worst.label == worst
    assert (found.good and found.good.label) == good


def test_reps_partly_unknown_are_shown_as_such() -> None:
    one = verdicts.verdict(reps=[()])
    stray_cm = replace(one.reps[0].stray_cm, sacrum=None)
    vague = altered(
        one,
        start_s=None,
        bottom_s=None,
        end_s=None,
        spinal_flexion_deg=None,
        knee_flexion_deg=None,
        stray_cm=stray_cm,
        notes=("unsure_spine", "partial"),
    )
    (row,) = made(vague).rows
    assert [spot.light for spot in row.lights] == ["on", "on", "unseen", "unseen"]
    assert [angle.text for angle in row.angles] == ["", "4", "", "90", "2"]
    assert (row.time, row.start_s, row.notes) == ("?", "0.00", "Spine uncertain, half a rep seen")


def test_a_row_tells_lights_angles_and_faults() -> None:
    one = altered(ROUNDED, intervals_deg={"spinal_flexion_deg": (38.4, 51.6)}, bottom_s=125.0)
    first, second = made(one).rows
    assert [(spot.light, spot.text) for spot in first.lights] == [
        ("on", "0.1"),
        ("on", "0.1"),
        ("off", "9.0"),
        ("on", ""),
    ]
    spine = first.angles[0]
    assert (spine.text, spine.interval, spine.light) == ("45", "38 to 52", "off")
    assert (first.time, first.faults, first.light) == ("2:05", "Rounded back", "off")
    assert (second.time, second.faults, second.light) == ("8.0 s", "", "on")


def test_a_rep_that_was_not_judged_is_not_shown_as_good() -> None:
    first, second = made(altered(verdicts.verdict(reps=[(), ()]), notes=(NOT_JUDGED,))).rows
    assert (first.light, second.light) == ("unseen", "on")


def test_only_measures_that_any_rep_has_are_columns() -> None:
    reps = (
        replace(verdicts.rep(1), hip_travel_cm=16.2),
        replace(verdicts.rep(2), weight_share=0.46),
    )
    measures = known(TECHNIQUE, reps)
    assert [one.key for one in measures] == ["hip_travel_cm", "weight_share"]
    assert known(TECHNIQUE, ()) == ()
    one = replace(verdicts.verdict(reps=[(), ()]), reps=reps)
    first, second = made(one, style=replace(STYLE, measures=measures)).rows
    assert [(cell.label, cell.text) for cell in first.measures] == [
        ("hips back cm", "16"),
        ("weight %", ""),
    ]
    assert second.measures[1].text == "46"
    loaded = made(replace(one, exercise="rdl"), style=replace(STYLE, measures=measures))
    assert [row.measures[1].text for row in loaded.rows] == ["", ""]


# -- pictures ------------------------------------------------------------------------------------


def test_the_worst_moment_is_the_picture_of_that_time(tmp_path: Path) -> None:
    """A film that is grey but for the bottom of the rep, which shows the card of four colours."""
    grey = np.full((480, 480, 3), 90, np.uint8)
    shown = [colours(480, 480) if 3.9 < i / 10 < 4.2 else grey for i in range(80)]
    clip = write_clip(tmp_path / "clip.mp4", shown, rate_hz=10)
    found = made(verdicts.verdict(reps=[("spinal_flexion",)]), clip)
    assert found.worst is not None
    moment, picture = found.worst, image(found.worst.picture)
    assert max(picture.size) <= 480
    left, right = picture.getpixel((5, 5)), picture.getpixel((picture.width - 5, 5))
    assert left[0] > 180 > 80 > left[1]  # red on the left
    assert right[1] > 180 > 80 > right[0]  # green on the right
    assert picture.width / picture.height == pytest.approx(moment.width / moment.height, rel=0.02)


@pytest.mark.parametrize("how", ["no clip", "gone", "not a film"])
def test_without_a_picture_a_figure_is_drawn(how: str, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    if how == "not a film":
        clip.write_text("no film")
    found = made(ROUNDED, None if how == "no clip" else clip)
    assert found.worst is not None
    for moment in (found.worst, *(row.shot for row in found.rows)):
        assert moment is not None
        assert moment.picture is None
        assert moment.trunk
        assert moment.limbs


def test_every_rep_has_its_picture_at_its_bottom(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [colours(480, 480)] * 120, rate_hz=10)
    first, second = (row.shot for row in made(ROUNDED, clip).rows)
    assert first is not None
    assert second is not None
    assert (first.label, second.label) == ("Rep 1: faulty", "Rep 2: clean")
    assert (first.at_s, second.at_s) == pytest.approx((4.0, 8.0), abs=0.1)
    assert max(image(first.picture).size) == 160
    drawn = made(ROUNDED, clip, replace(STYLE, small_px=None)).rows
    assert [row.shot and row.shot.picture for row in drawn] == [None, None]
    assert all(row.shot for row in drawn)


def test_a_rep_that_is_seen_nowhere_has_no_picture() -> None:
    one = verdicts.verdict(reps=[()])
    assert one.series is not None
    hidden = replace(one.series, dowel_px=one.series.dowel_px * np.nan)
    found = made(replace(one, series=hidden))
    assert found.worst is None
    assert [row.shot for row in found.rows] == [None]
