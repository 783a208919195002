"""What can be compared, by whatever name; and how it looks in a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.histories import recorded
from support.verdicts import known, unusable

from hinge_dowel.errors import ClipError, UsageError
from hinge_dowel.history.records import RecordedRep, SessionRecord
from hinge_dowel.history.sides import result_side, session_side
from hinge_dowel.report.files import document


def practice(number: int, day: int, reps, who: str | None = None, **fields) -> SessionRecord:
    begun = datetime(2026, 3, day, 18, 0, tzinfo=UTC)
    return recorded(number, begun, known(reps).reps, who=who, **fields)


HISTORY = [
    practice(1, 1, [["squatting"]] * 6, "Anna"),
    practice(2, 2, [[]] * 6, "Ben"),
    practice(3, 3, [[]] * 6, "Anna"),
    practice(4, 3, [["spinal_flexion"]] * 6, "Anna", kind="check", note="tired"),
]


@pytest.mark.parametrize(
    ("text", "who", "name", "faults"),
    [
        ("3", None, "session 3", ()),
        ("#1", "Ben", "session 1", ("squatting",)),
        ("2026-03-02", None, "session 2", ()),
        ("first", None, "session 1", ("squatting",)),
        ("Last", None, "session 4, 0", ("spinal_flexion",)),
        ("best", None, "session 3", ()),
        ("last", "ben", "session 2", ()),
    ],
)
def test_a_session_by_number_date_or_word(text, who, name, faults):
    side, said = session_side(text, HISTORY, who)
    assert (side.name, side.verdict.faults, said) == (name, faults, None)
    assert len(side.verdict.reps) == 6
    assert [rep.number for rep in side.verdict.reps] == list(range(1, 7))


def test_of_several_sessions_of_a_day_the_last_is_told():
    side, said = session_side("2026-03-03", HISTORY, "Anna")
    assert side.name == "session 4, 0"
    assert side.setting == "2026-03-03, Anna, hinge, tired"
    assert said == "2026-03-03 has sessions 3, 4: the last of them is compared."


@pytest.mark.parametrize(
    ("text", "who", "words"),
    [
        ("9", None, "no session 9"),
        ("2026-03-09", None, "no session on 2026-03-09"),
        ("2026-03-01", "Ben", "no session of Ben on 2026-03-01"),
        ("2026-03-01", "Carl", "no session of Carl in the history: it has Anna, Ben"),
        ("2026-02-31", None, "no day 2026-02-31"),
        ("last", "Carl", "no session of Carl"),
    ],
)
def test_a_session_that_is_not_there_is_one_sentence(text, who, words):
    with pytest.raises(UsageError, match=words):
        session_side(text, HISTORY, who)


@pytest.mark.parametrize("text", ["me.mp4", "./3", "3.mp4", "2026-03-01.mp4", "lasting", "-1", ""])
def test_anything_else_names_a_file(text):
    assert session_side(text, HISTORY, None) is None


def test_a_session_of_somebody_elses_making_is_one_sentence():
    rep = RecordedRep(1, 4.0, {"number": 1, "intervals_deg": {"spinal_flexion_deg": [1.0]}})
    with pytest.raises(UsageError, match="Session 1 holds something"):
        session_side("1", [replace(HISTORY[0], reps=(rep,))], None)


# -- results of a batch --------------------------------------------------------------------------


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "results.json"
    clips = [known([["squatting"], []], "a.mp4"), known([[]], "b.mp4"), unusable("c.mp4")]
    path.write_text(json.dumps(document(clips)))
    return path


def test_a_clip_out_of_results(results):
    side = result_side(f"{results}#a.mp4")
    assert (side.name, side.verdict.faults) == ("a.mp4", ("squatting",))
    assert side.verdict.to_dict() == known([["squatting"], []], "a.mp4").to_dict()
    assert result_side(f"{results}#c.mp4").verdict.status == "unusable"
    results.write_text(json.dumps(document([known([[]], "b.mp4")])))
    assert result_side(str(results)).name == "b.mp4"
    results.write_bytes(results.read_text().encode("utf-16"))
    assert result_side(str(results)).name == "b.mp4"


def test_results_that_leave_it_open_say_how_to_name_it(results):
    held = json.loads(results.read_text("utf-8"))
    held["clips"].reverse()  # the first could not be checked
    results.write_text(json.dumps(held))
    with pytest.raises(UsageError, match=r"has 3 clips: say which, as .*results.json#b.mp4"):
        result_side(str(results))
    with pytest.raises(UsageError, match=r"has no clip x.mp4: it has c.mp4, b.mp4, a.mp4\.$"):
        result_side(f"{results}#x.mp4")
    results.write_text(json.dumps({"clips": [{"clip": str(number)} for number in range(6)]}))
    with pytest.raises(UsageError, match=r"it has 0, 1, 2, 3, 4, and others\.$"):
        result_side(f"{results}#x.mp4")
    results.write_text(json.dumps({"clips": []}))
    with pytest.raises(UsageError, match=r"it has none\.$"):
        result_side(f"{results}#x.mp4")
    with pytest.raises(UsageError, match=r"has 0 clips\.$"):
        result_side(str(results))


@pytest.mark.parametrize("text", ["[]", "{}", "not json", '{"people": []}', "[" * 100_000])
def test_other_json_is_left_to_the_readers_of_keypoints(results, text):
    results.write_text(text)
    assert result_side(str(results)) is None


@pytest.mark.parametrize("entry", ['{"clip": "a.mp4"}', '{"clip": "a.mp4", "reps": [1]}', "{}"])
def test_damaged_results_are_one_sentence(results, entry):
    results.write_text(f'{{"schema": 1, "clips": [{entry}]}}')
    with pytest.raises(ClipError, match="is not a results file"):
        result_side(str(results))
