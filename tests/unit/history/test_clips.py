"""Clips kept in the history: once each, dated by their file, numbers only."""

from __future__ import annotations

import json
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from support.verdicts import unusable, verdict

from hinge_dowel import cli
from hinge_dowel.history import session_log
from hinge_dowel.history.clips import keep_clips, made_at
from hinge_dowel.history.records import alike
from hinge_dowel.history.session_log import History
from hinge_dowel.testing.synthetic import HINGE, ROUNDING, mix

DAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def keep(path: Path, *found, who=None, note=None):
    with History(path) as history:
        return keep_clips(history, found, who=who, note=note)


def test_a_clip_comes_back_as_it_was_judged(path, tmp_path):
    clip = tmp_path / "me.mp4"
    clip.touch()
    os.utime(clip, (DAY.timestamp(),) * 2)
    judged = verdict("me.mp4", [[], ["spinal_flexion"]])
    kept = keep(path, (judged, clip, "a" * 64), who="Anna", note="new shoes")
    assert kept == "History: kept as session 1."
    (session,) = session_log.read(path)
    assert (session.kind, session.who, session.verdict.note) == ("check", "Anna", "new shoes")
    assert (session.started, session.finished, session.duration_s) == (DAY, True, 10.0)
    assert (session.verdict.facing, session.verdict.neutral) == (judged.facing, judged.neutral)
    assert [rep.entry for rep in session.reps] == [rep.to_dict() for rep in judged.reps]
    again = session.verdict
    assert [rep.to_dict() for rep in again.reps] == [rep.to_dict() for rep in judged.reps]
    assert (again.clip, again.status, again.faults) == ("me.mp4", "faulty", ("spinal_flexion",))


def test_a_clip_kept_twice_is_not_doubled(path, tmp_path):
    clip, copy = tmp_path / "me.mp4", tmp_path / "copy.mp4"
    keep(path, (verdict(reps=[["squatting"]]), clip, "a" * 64), who="Anna", note="first")
    kept = keep(path, (verdict("copy.mp4", [[], []]), copy, "a" * 64), note="second")
    assert kept == "History: brought up to date, as it was kept before: session 1."
    (session,) = session_log.read(path)
    held = session.verdict
    assert (held.clip, held.who, held.note) == ("copy.mp4", "Anna", "second")
    assert [rep.faults for rep in held.reps] == [(), ()]
    kept = keep(path, (verdict("copy.mp4", [[]]), copy, "a" * 64), who="ANNA")
    assert kept == "History: brought up to date, as it was kept before: session 1."
    kept = keep(path, (verdict("copy.mp4", [[]]), copy, "a" * 64), who="Ben")
    assert kept.endswith("as it was kept before: session 1; now of Ben, no longer of ANNA.")


def test_clips_of_several_folders_without_a_name_are_said_to_count_as_one_persons(path):
    found = [(verdict("1.mp4"), Path(f"{who}/1.mp4"), who) for who in ("Anna", "Zoë")]
    kept = keep(path, *found)
    assert kept.startswith("History: kept as sessions 1 to 2. All count as one person's: ")
    assert kept.endswith("history move.")
    # Those that were kept before stay whose they are.
    assert keep(path, *found).endswith("as it was kept before: sessions 1 to 2.")
    named = [(verdict("3.mp4"), Path(f"{n}/3.mp4"), f"{n}3") for n in ("a", "b")]
    assert keep(path, *named, who="Anna") == "History: kept as sessions 3 to 4."
    alone = [(verdict(f"{n}.mp4"), Path(f"a/{n}.mp4"), f"{n}4") for n in (4, 5)]
    assert keep(path, *alone) == "History: kept as sessions 5 to 6."


def test_a_film_of_long_ago_comes_first(path, tmp_path):
    old = tmp_path / "old.mp4"
    old.touch()
    os.utime(old, (DAY.timestamp(),) * 2)
    keep(path, (verdict("new.mp4"), Path("gone.mp4"), "a"))
    keep(path, (verdict("old.mp4"), old, "b"))
    found = session_log.read(path)
    assert [one.verdict.clip for one in found] == ["old.mp4", "new.mp4"]
    assert [one.number for one in alike(found, 2)] == [2]
    assert [one.number for one in alike(found, 1)] == [2, 1]


def test_several_at_once_are_told_in_short(path):
    found = [(verdict(f"{i}.mp4"), f"s3://films/{i}.mp4", str(i)) for i in range(3)]
    kept = keep(path, *found, (unusable(), Path("front.mp4"), "b" * 64))
    assert kept == "History: kept as sessions 1 to 3. 1 without a repetition left out."
    assert keep(path, (unusable(), Path("front.mp4"), None)).startswith("Nothing was kept")
    with History(path) as history:
        history.delete([2])
    assert keep(path, *found) == (
        "History: kept as session 4; brought up to date, as it was kept before: sessions 1, 3."
    )


def test_a_drill_is_never_taken_for_a_clip(path):
    with History(path) as history:
        session = history.begin(source="me.mp4", sets=1, reps=1)
        session.add(1, verdict().reps[0])
    keep(path, (verdict("me.mp4"), Path("me.mp4"), "a" * 64))
    assert [one.kind for one in session_log.read(path)] == ["drill", "check"]


# -- check --keep --------------------------------------------------------------------------------


@pytest.fixture
def keypoints(tmp_path: Path) -> Path:
    seen = mix([HINGE, ROUNDING])
    file = tmp_path / "back.npz"
    np.savez(file, points=seen.points, fps=seen.fps)
    return file


@pytest.mark.slow
def test_check_keeps(path, keypoints, capsys):
    assert cli.main(["check", str(keypoints)]) == 1
    assert not path.exists()
    capsys.readouterr()
    options = ["--keep", "--who", "Anna", "--note", " a  new \t stick\n"]
    assert cli.main(["check", str(keypoints), *options]) == 1
    assert "History: kept as session 1." in capsys.readouterr().err
    (session,) = session_log.read(path)
    assert (session.who, session.verdict.note, session.kind) == ("Anna", "a new stick", "check")
    assert len(session.reps) == 2
    assert cli.main(["check", str(keypoints), "--keep"]) == 1
    assert "brought up to date" in capsys.readouterr().err
    assert cli.main(["history", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["sessions"]
    assert (told["source"], told["who"], told["clip"]) == ("check", "Anna", "back.npz")


def test_a_history_that_cannot_be_written_is_told_before_the_work(path, keypoints, capsys):
    path.parent.mkdir()
    path.write_bytes(b"this is no history\n" * 100)
    assert cli.main(["check", str(keypoints), "--keep"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "is damaged" in err


def test_a_file_is_dated_by_its_last_change(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"")
    os.utime(clip, (0, 1_700_000_000))
    made = made_at(clip)
    assert made is not None
    assert made.timestamp() == 1_700_000_000
    assert made.tzinfo is not None


def test_a_film_is_dated_by_when_it_says_that_it_was_recorded(tmp_path: Path) -> None:
    """Copied off the phone weeks later, a clip is still of its day."""
    since_1904_s = round((DAY - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())
    clip = tmp_path / "clip.mp4"
    head = struct.pack(">I4s", 24, b"moov") + struct.pack(">I4sII", 16, b"mvhd", 0, since_1904_s)
    clip.write_bytes(head)
    os.utime(clip, ((DAY + timedelta(days=20)).timestamp(),) * 2)
    made = made_at(clip)
    assert made == DAY
    assert made.utcoffset() == DAY.astimezone().utcoffset()


def test_what_cannot_be_asked_has_no_date(tmp_path: Path) -> None:
    assert made_at(tmp_path / "gone.mp4") is None
    assert made_at("https://example.org/clip.mp4") is None
