"""Dataclasses as plain values and back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from support import stand_ins

from hinge_dowel.batch.task import BRING, Job
from hinge_dowel.system.plain_values import built, plain
from hinge_dowel.verdict import Rep, Strays, Verdict


def test_a_verdict_comes_back_with_every_digit():
    verdict = stand_ins.verdict("a.mp4", ("squatting",))
    back = built(Verdict, json.loads(json.dumps(plain(verdict), allow_nan=False)))
    assert back == verdict
    assert back.series is None
    assert back.reps[0].bottom_s == 10 / 3
    assert isinstance(back.reps[0].faults, tuple)


def test_a_verdict_with_nothing_in_it_comes_back():
    verdict = Verdict("a\udcff.mp4", "unusable", reason="Film from the side.")
    assert built(Verdict, json.loads(json.dumps(plain(verdict)))) == verdict


def test_what_is_not_finite_is_unknown():
    rep = dataclasses.replace(stand_ins.verdict("a").reps[0], bottom_s=float("nan"))
    found = plain(Verdict("a", "clean", reps=(rep,), view_angle_deg=np.float64("inf")))
    assert found["view_angle_deg"] is None
    assert found["reps"][0]["bottom_s"] is None


@pytest.mark.parametrize("data", [{}, {"clip": "a"}, {"clip": "a", "status": "clean", "x": 1}, []])
def test_what_is_no_verdict_is_refused(data):
    with pytest.raises(ValueError, match="not a verdict"):
        built(Verdict, data)


@pytest.mark.parametrize("film", [Path("a/film.mp4"), BRING, None])
def test_a_path_comes_back_as_a_path_and_a_word_as_a_word(film):
    source, model = "s3://a/b.mp4", Path("m")
    job = Job(source, "b.mp4", model, 1.0, film=film)
    back = built(Job, json.loads(json.dumps(plain(dataclasses.replace(job, stamp=(3, "x"))))))
    assert (back.film, back.model, back.source) == (film, model, source)
    assert back.stamp == (3, "x")


def test_what_to_dict_derives_is_left_out_where_it_is_asked_for():
    verdict = stand_ins.verdict("a.mp4", ("squatting",))
    entry = verdict.to_dict()
    with pytest.raises(ValueError, match="unknown"):
        built(Verdict, entry)
    back = built(Verdict, json.loads(json.dumps(entry)), tolerant=True)
    assert back.to_dict() == entry


def test_an_entry_of_another_version_is_read_where_it_is_asked_for():
    entry = {"number": 2, "stray_cm": {"head": 0.5, "knee": 1.0}, "faults": None, "mood": "fine"}
    assert built(Rep, entry, tolerant=True) == Rep(2, stray_cm=Strays(head=0.5))
    for bad in ({"number": 1, "intervals_deg": {"spinal_flexion_deg": [1.0]}}, {"faults": []}, 3):
        with pytest.raises(ValueError, match="not a rep"):
            built(Rep, bad, tolerant=True)
