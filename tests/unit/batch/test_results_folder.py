"""The folder of a batch: what is kept, what is found again, and what is not trusted."""

import csv
import io
import os
from dataclasses import replace

import numpy as np
import pytest
from support import stand_ins

from hinge_dowel.batch import results_folder as folder_module
from hinge_dowel.batch.arrays import pack_series
from hinge_dowel.batch.cache import content_key
from hinge_dowel.batch.results_folder import ResultsFolder
from hinge_dowel.batch.storage import LocalStorage
from hinge_dowel.batch.task import Job, Outcome
from hinge_dowel.errors import OutputError
from hinge_dowel.keypoints.formats import DEFAULT_OPTIONS, CheckOptions
from hinge_dowel.report import files
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Verdict
from hinge_dowel.video.options import FilmOptions

QUICK = CheckOptions(Tolerances(too_fast_s=2.0))


def job(path, limit_s=300.0):
    status = path.stat()
    return Job(path, path.name, None, limit_s, (status.st_size, status.st_mtime_ns))


def outcome(path, **other):
    verdict = stand_ins.verdict(path.name, ("squatting",))
    series = pack_series(verdict.series)
    return Outcome(replace(verdict, series=None), series, content_key(path), **other)


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"a clip")
    return path


@pytest.fixture
def place(tmp_path):
    return LocalStorage(tmp_path / "out")


def kept(place, *jobs, options=DEFAULT_OPTIONS, films=False):
    return dict(ResultsFolder(place, options, films=films).finished(jobs))


def keep(place, job, outcome, films=False):
    ResultsFolder(place, films=films).keep(job, outcome)


def state_files(place):
    return sorted(p for p in (place.root / folder_module.STATE).rglob("*") if p.is_file())


def test_a_finished_clip_is_found_again_with_its_frames(place, clip):
    assert kept(place, job(clip)) == {}
    keep(place, job(clip), outcome(clip))
    found = kept(place, job(clip))
    assert found == {0: stand_ins.verdict("clip.mp4", ("squatting",))}
    assert found[0].series is None
    folder = ResultsFolder(place)
    full = folder.with_series(found[0])
    np.testing.assert_allclose(full.series.head_cm, stand_ins.series().head_cm, rtol=1e-6)
    assert full == found[0]


def test_other_tolerances_and_another_program_judge_again(place, clip, monkeypatch):
    keep(place, job(clip), outcome(clip))
    assert kept(place, job(clip), options=QUICK) == {}
    assert len(kept(place, job(clip))) == 1
    monkeypatch.setattr(folder_module, "program_version", lambda: "another")
    assert kept(place, job(clip)) == {}


def test_a_film_looked_at_otherwise_is_judged_again(place, clip):
    keep(place, job(clip), outcome(clip))
    for film in (FilmOptions(from_s=1.0), FilmOptions(slow_motion=4.0), FilmOptions(person=1)):
        folder = ResultsFolder(place, CheckOptions(film=film))
        assert not dict(folder.finished([job(clip)]))
        folder.keep(job(clip), outcome(clip))
        assert dict(folder.finished([job(clip)]))
    assert kept(place, job(clip))


def test_a_clip_that_was_touched_is_known_by_its_content(place, clip):
    keep(place, job(clip), outcome(clip))
    os.utime(clip, (1, 1))
    assert len(kept(place, job(clip))) == 1
    clip.write_bytes(b"A clip")
    assert kept(place, job(clip)) == {}


def test_a_clip_of_another_name_is_another_clip(place, clip):
    keep(place, job(clip), outcome(clip))
    assert kept(place, job(clip.rename(clip.with_name("other.mp4")))) == {}


def test_what_gave_up_is_tried_again_with_other_limits_only(place, clip):
    gave_up = Outcome(Verdict(clip.name, "unusable", reason="Too long."), gave_up=True)
    keep(place, job(clip, 10.0), gave_up)
    assert len(kept(place, job(clip, 10.0))) == 1
    assert kept(place, job(clip, 20.0)) == {}
    keep(place, job(clip, 10.0), outcome(clip))
    assert len(kept(place, job(clip, 20.0))) == 1


def test_what_may_pass_by_itself_is_not_kept(place, clip):
    keep(place, job(clip), outcome(clip, keep=False))
    assert kept(place, job(clip)) == {}
    assert not place.root.exists()


def test_damaged_entries_are_done_again(place, clip):
    keep(place, job(clip), outcome(clip))
    entry, frames = sorted(state_files(place), key=lambda path: path.suffix)
    assert (entry.suffix, frames.suffix) == (".json", ".npz")
    whole = entry.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000):
        entry.write_bytes(damaged)
        assert kept(place, job(clip)) == {}
    entry.write_bytes(whole)
    assert len(kept(place, job(clip))) == 1
    frames.write_bytes(frames.read_bytes()[:-1])
    assert kept(place, job(clip)) == {}
    frames.unlink()
    assert kept(place, job(clip)) == {}


def test_damaged_frames_are_no_frames(place, clip):
    keep(place, job(clip), outcome(clip))
    frames = state_files(place)[1]
    frames.write_bytes(b"x" * frames.stat().st_size)
    folder = ResultsFolder(place)
    assert folder.with_series(stand_ins.verdict("clip.mp4")).series is None


def test_an_entry_is_written_after_its_frames(place, clip, monkeypatch):
    """So that an entry without frames cannot be there, whenever a batch is killed."""
    written = []
    monkeypatch.setattr(LocalStorage, "write", lambda self, name, data: written.append(name))
    keep(place, job(clip), outcome(clip, film=b"film"), films=True)
    assert len(written) == 4
    assert written[0].endswith(".npz")
    assert written[1] == "videos/clip.mp4"
    assert written[-1].endswith(".json")


def test_with_films_a_clip_is_finished_when_its_film_is_there(place, clip):
    keep(place, job(clip), outcome(clip))
    assert len(kept(place, job(clip))) == 1
    assert kept(place, job(clip), films=True) == {}
    keep(place, job(clip), outcome(clip, film=b"film"), films=True)
    assert len(kept(place, job(clip), films=True)) == 1
    assert (place.root / "videos" / "clip.mp4").read_bytes() == b"film"
    # A film that other tolerances have drawn over it is not this one.
    ResultsFolder(place, QUICK, films=True).keep(job(clip), outcome(clip))
    assert kept(place, job(clip), films=True) == {}
    (place.root / "videos" / "clip.mp4").unlink()
    assert kept(place, job(clip), films=True) == {}


def test_a_film_of_what_the_clip_was_before_does_not_count(place, clip):
    keep(place, job(clip), outcome(clip, film=b"film"), films=True)
    assert ResultsFolder(place).drawn([clip.name, "other.mp4"]) == {clip.name: "videos/clip.mp4"}
    clip.write_bytes(b"another clip")
    keep(place, job(clip), outcome(clip))
    assert len(kept(place, job(clip))) == 1
    assert kept(place, job(clip), films=True) == {}
    assert ResultsFolder(place).drawn([clip.name]) == {}
    keep(place, job(clip), outcome(clip, film=b"film"), films=True)
    assert len(kept(place, job(clip), films=True)) == 1
    assert ResultsFolder(place, QUICK).drawn([clip.name]) == {}


def test_keypoints_have_no_film_and_need_none(place, clip):
    keep(place, job(clip), replace(outcome(clip), content=None), films=True)
    assert len(kept(place, job(clip), films=True)) == 1


def test_a_clip_without_frames_needs_no_film(place, clip):
    keep(place, job(clip), Outcome(Verdict(clip.name, "unusable", reason="Film.")), films=True)
    assert len(kept(place, job(clip), films=True)) == 1


def test_results_are_the_contracted_object_and_a_table(place):
    verdicts = [
        stand_ins.verdict("a ü.mp4", ("squatting",)),
        Verdict("b\udcff.mp4", "unusable", reason='He said "no", twice.'),
    ]
    ResultsFolder(place).write_results(verdicts)
    text = (place.root / "results.json").read_text("utf-8")
    target = place.root / "same.json"
    files.write_json(files.document(verdicts), target)
    assert text == target.read_text("utf-8")
    table = (place.root / "results.csv").read_text("utf-8")
    found = list(csv.DictReader(io.StringIO(table)))
    assert [row["clip"] for row in found] == ["a ü.mp4", "b\\udcff.mp4"]
    assert found[0]["upper_back_stray_cm"] == "5.1"
    assert (found[1]["reason"], found[1]["rep"]) == ('He said "no", twice.', "")


# -- the place -------------------------------------------------------------------------------------


def test_a_folder_that_is_a_file_is_told_at_once(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="it is a file; give the name of a folder"):
        ResultsFolder(LocalStorage(tmp_path / "out")).try_out()
    assert (tmp_path / "out").read_text() == "mine"
