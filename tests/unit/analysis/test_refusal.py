"""What cannot be judged, and the sentence that says why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.analysis import refusal
from hinge_dowel.analysis.back_points import from_landmarks
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.analysis.refusal import FILMED, KEYPOINTS, TOO_DARK, UnusableError
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.pose.extraction import Record
from hinge_dowel.testing.synthetic import hinge
from hinge_dowel.tolerances import DEFAULT

T = 100
RECORD = Record(
    time_s=np.arange(T) / 10,
    landmarks=np.zeros((T, 33, 4)),
    outlines=np.zeros((T, OUTLINE_SIZE)),
    size_px=None,
    light=np.full(T, 120.0),
)
EVERY, NONE = np.ones(T, dtype=bool), np.zeros(T, dtype=bool)
SPINE = from_landmarks(hinge(1).landmarks[:T])
SPAN = RepSpan(1.0, 2.0, 3.0, first=10, bottom=20, last=30, kind="full")


def among(*spans):
    """The frames (T,) of these spans of frame numbers."""
    out = NONE.copy()
    for first, stop in spans:
        out[first:stop] = True
    return out


def test_words_are_for_who_has_filmed_or_has_keypoints():
    assert refusal.wording_of(RECORD) is FILMED
    assert refusal.wording_of(replace(RECORD, outlines=None)) is KEYPOINTS


class TestSomebody:
    def test_is_there(self):
        seen = among((0, round(T * DEFAULT.seen_share)))
        refusal.require_person(RECORD, seen, DEFAULT)

    @pytest.mark.parametrize("frames", [0, 4, round(T * DEFAULT.seen_share) - 1])
    def test_is_hardly_ever_there(self, frames):
        with pytest.raises(UnusableError) as refused:
            refusal.require_person(RECORD, among((0, frames)), DEFAULT)
        assert str(refused.value) == FILMED.no_person
        assert not refused.value.nothing_there

    def test_is_there_in_too_few_pictures(self):
        with pytest.raises(UnusableError) as refused:
            refusal.require_person(replace(RECORD, light=None), np.arange(5) > 0, DEFAULT)
        assert str(refused.value) == FILMED.few

    def test_in_the_dark_it_is_said(self):
        dark = replace(RECORD, light=np.full(T, DEFAULT.dark_level - 1))
        with pytest.raises(UnusableError, match="too dark") as refused:
            refusal.require_person(dark, NONE, DEFAULT)
        assert str(refused.value) == TOO_DARK

    def test_where_nobody_measured_the_light_it_is_not(self):
        unmeasured = replace(RECORD, light=None)
        assert not refusal.too_dark(unmeasured, NONE, DEFAULT)
        assert refusal.in_the_dark(unmeasured, NONE, DEFAULT) == []


def test_spells_of_darkness_last_a_second_and_hide_somebody():
    light = np.where(among((5, 16), (40, 50), (60, 75)), DEFAULT.dark_level - 1, 120.0)
    record = replace(RECORD, light=light)
    # Ten pictures, 0.9 s, are too short; of the last spell somebody is seen in the middle.
    seen = ~among((5, 16), (40, 50), (60, 66), (67, 75))
    assert refusal.in_the_dark(record, seen, DEFAULT) == [slice(5, 16)]
    assert refusal.in_the_dark(record, NONE, DEFAULT) == [slice(5, 16), slice(60, 75)]


class TestJudgeable:
    def judgeable(self, *, record=RECORD, found=SPINE, spans=(SPAN,), view_deg=10.0):
        refusal.require_judgeable(record, found, EVERY, spans, "left", view_deg, DEFAULT)

    def test_what_shows_a_repetition_from_the_side_is(self):
        self.judgeable(view_deg=DEFAULT.view_refuse_deg)

    def test_of_landmarks_alone_it_must_be_seen_less_obliquely(self):
        alone = replace(RECORD, outlines=None)
        self.judgeable(record=alone, view_deg=DEFAULT.view_far_deg)
        with pytest.raises(UnusableError, match="about 36 degrees from side-on"):
            self.judgeable(record=alone, view_deg=DEFAULT.view_far_deg + 1)

    def test_from_the_front_it_is_not(self):
        with pytest.raises(UnusableError, match="about 61 degrees from side-on") as refused:
            self.judgeable(view_deg=61.4)
        assert (refused.value.facing, refused.value.view_angle_deg) == ("left", 61.4)

    def test_without_legs_it_is_not(self):
        unseen = replace(SPINE, knee_deg=np.full(T, np.nan))
        with pytest.raises(UnusableError, match="The legs are never seen"):
            self.judgeable(found=unseen)

    def test_without_a_repetition_nothing_is_there(self):
        with pytest.raises(UnusableError, match="No hip hinge is seen") as refused:
            self.judgeable(spans=())
        assert refused.value.nothing_there

    def test_pictures_seconds_apart_show_no_repetition_whatever_is_done(self):
        sparse = replace(RECORD, time_s=2.0 * np.arange(T))
        with pytest.raises(UnusableError, match=r"only about 0\.5 a second") as refused:
            self.judgeable(record=sparse, spans=())
        assert refused.value.refusal == "slow"
        self.judgeable(record=sparse)


class TestUncut:
    INSIDE = among((20, 40))

    def uncut(self, head, feet):
        refusal.require_uncut(head, feet, self.INSIDE, "right", 5.0, FILMED)

    def test_outside_of_the_repetitions_it_does_not_matter(self):
        self.uncut(~self.INSIDE, ~self.INSIDE)

    def test_less_than_half_of_them_does_not(self):
        self.uncut(among((20, 29)), among((31, 40)))

    @pytest.mark.parametrize(
        ("head", "feet", "part"),
        [
            ((20, 30), (0, 0), "head is"),
            ((0, 0), (30, 40), "feet are"),
            ((0, T), (0, T), "head is"),
        ],
    )
    def test_half_of_them_does(self, head, feet, part):
        with pytest.raises(UnusableError, match=f"The {part} out of the picture"):
            self.uncut(among(head), among(feet))


@pytest.fixture(scope="module")
def filmed() -> Record:
    return recorded_person.record()


def unlit(record: Record, from_s: float, level: float) -> Record:
    """From then on nobody is found, and pictures have this brightness."""
    dark = record.time_s >= from_s
    return replace(
        record,
        landmarks=np.where(dark[:, None, None], np.nan, record.landmarks),
        light=np.where(dark, level, 120.0),
    )


def test_a_clip_in_the_dark_is_refused_for_that(filmed: Record) -> None:
    for from_s in (0.0, 2.0):
        verdict = judge(unlit(filmed, from_s, 5.0), clip="a")
        assert verdict.status == "unusable"
        assert verdict.reason is not None
        assert verdict.reason.startswith("It is too dark to see a person")
    bright = judge(unlit(filmed, 2.0, 80.0), clip="a")
    assert bright.reason is not None
    assert bright.reason.startswith("No person is seen")


def test_where_it_gets_dark_is_said(filmed: Record) -> None:
    verdict = judge(unlit(filmed, 9.6, 5.0), clip="a")
    assert [rep.faults for rep in verdict.reps] == [(), ("spinal_flexion",)]
    (said,) = verdict.warnings
    assert said.startswith("From 9.6 to")
    assert "too dark" in said
    cut = replace(unlit(filmed, 9.6, 5.0), cuts_s=filmed.time_s[filmed.time_s >= 9.6][:1])
    warnings = judge(cut, clip="a").warnings
    assert sum("not judged." in said for said in warnings) == 1
    assert any("too dark" in said for said in warnings)
    assert judge(unlit(filmed, 9.6, 80.0), clip="a").warnings == ()


def test_who_is_seen_in_the_dark_is_judged(filmed: Record) -> None:
    verdict = judge(replace(filmed, light=np.full(len(filmed.time_s), 5.0)), clip="a")
    assert [rep.faults for rep in verdict.reps] == [
        rep.faults for rep in judge(filmed, clip="a").reps
    ]
    assert verdict.warnings == ()


@pytest.mark.parametrize(
    ("rate_hz", "cuts_s", "told"),
    [
        (4.0, None, "only about 4 a second, and below 6"),
        (12.0, [0.28, 0.56, 0.84, 1.12], "only about 3.6 a second"),
        (12.0, [0.28, 0.56], None),
        (12.0, [0.5, 3.0, 5.0, 9.0], None),
        (12.0, [], None),
    ],
)
def test_how_few_pictures_there_are_is_said(rate_hz, cuts_s, told):
    time_s = np.arange(0, 10, 1 / rate_hz)
    cuts = None if cuts_s is None else np.array(cuts_s)
    record = replace(RECORD, time_s=time_s, cuts_s=cuts)
    found = refusal.for_want_of_pictures(record, DEFAULT, "pieces", "left", 4.0)
    assert (found.facing, found.view_angle_deg) == ("left", 4.0)
    assert found.refusal == ("pieces" if told is None else "slow")
    assert (told or FILMED.pieces) in str(found)
    of_keypoints = refusal.for_want_of_pictures(replace(record, outlines=None), DEFAULT, "pieces")
    assert of_keypoints.refusal == found.refusal
    assert ("frame rate is" in str(of_keypoints)) is (told is not None)


def test_a_film_of_four_pictures_a_second_is_refused_for_that(filmed: Record) -> None:
    few = replace(
        filmed,
        time_s=filmed.time_s[::4],
        landmarks=filmed.landmarks[::4],
        outlines=filmed.outlines[::4],
        light=None if filmed.light is None else filmed.light[::4],
    )
    verdict = judge(few, clip="a")
    assert verdict.status == "unusable"
    assert "only about 3.7 a second" in verdict.reason
