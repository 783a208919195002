"""JSON that is none quite: read where nothing is in doubt, refused in a sentence where it is."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support.keypoint_files import COCO, FPS, judged, places_of

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.json_text import logged, parsed, read_texts

PLACES = places_of(COCO).round(1).tolist()
FRAMES = [
    {"frame": i, "keypoints": frame, "seen": True, "at": None} for i, frame in enumerate(PLACES)
]
WHOLE = json.dumps(FRAMES)
PRINTED = repr(FRAMES)


@pytest.mark.parametrize(
    "text",
    [
        f"const poses = {WHOLE};",
        f"// mine\n{WHOLE}",
        WHOLE.replace("}", ",}"),
        WHOLE[:-1] + ",]",
        WHOLE[:-1],
        WHOLE.replace("null", "NaN").replace("true", "Infinity"),
        "".join(map(json.dumps, FRAMES)),
        ",\n".join(json.dumps(frame, indent=1) for frame in FRAMES),
        PRINTED,
        PRINTED.replace("None", "nan"),
        PRINTED.replace("[[", "array([[").replace("]]", "]], dtype=float32)"),
        PRINTED.replace("[[", "([").replace("]]", "])"),
        "\n".join(map(repr, FRAMES)),
        "export default " + WHOLE,
        json.dumps(WHOLE),
        json.dumps([str(np.array(frame)) for frame in PLACES]),
        json.dumps([json.dumps(frame) for frame in FRAMES]),
        json.dumps([{"keypoints": [[str(v) for v in place] for place in f]} for f in PLACES]),
    ],
)
@pytest.mark.parametrize("suffix", ["json", "txt"])
def test_nearly_json(tmp_path, text, suffix):
    if suffix == "txt" and text[0] not in "[{":
        text = WHOLE
    path = tmp_path / f"a.{suffix}"
    path.write_text(text, encoding="utf-8")
    assert not any("ends within" in told for told in judged(path, fps=FPS).warnings)


def test_what_was_cut_off_within_a_frame(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(WHOLE[:-30], encoding="utf-8")
    values, said = parsed(path)
    assert values == FRAMES[:-1]
    assert said == ("a.json ends within a frame: that is left aside.",)


def test_objects_as_python_prints_them(tmp_path):
    places = (", ".join(f"Landmark(x={x}, y={y}, name=None)" for x, y in f) for f in PLACES)
    path = tmp_path / "a.txt"
    path.write_text("\n".join(f"Result(pose_landmarks=[[{own}]], masks=None)" for own in places))
    judged(path, fps=FPS)


@pytest.mark.parametrize(
    "text", [WHOLE.replace('"frame": 9,', '"frame" 9,'), "__import__('os')", "x = 1 + [", "", "3 4"]
)
def test_what_is_damaged_is_not_read(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClipError, match="not JSON"):
        parsed(path)


def test_texts_that_are_no_numbers_stay():
    given = {"a": ["nose", "1"], "b": "[1, 2", "c": ["1", "2,5"], "d": "[1]"}
    assert read_texts(given) == {**given, "c": [1.0, 2.5], "d": [1]}


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-27T10:00:00.123Z {}",
        "11-27 10:00:00.1  12  34 D Pose: {}",
        "INFO:root:{}",
        "event: pose\ndata: {}",
        "[10:00:00] {}",
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".json"])
def test_lines_of_logs(tmp_path, line, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_text("\n".join(line.format(json.dumps(frame)) for frame in FRAMES))
    judged(path, fps=FPS)


def test_what_is_no_log():
    """One line that is damaged, or mostly something else."""
    assert logged('a {"b": 1}\nc {"b": 2}') == [{"b": 1}, {"b": 2}]
    assert not logged('a {"b": 1}\nc {"b": }')
    assert not logged('a\nb\nc {"b": 1}')


def test_values_that_databases_write_with_their_type():
    firestore = {"mapValue": {"fields": {"x": {"doubleValue": 0.5}, "n": {"integerValue": "7"}}}}
    assert read_texts({"a": {"arrayValue": {"values": [firestore]}}}) == {"a": [{"x": 0.5, "n": 7}]}
    assert read_texts({"L": [{"M": {"x": {"N": "0.5"}, "name": {"S": "nose"}}}]}) == [
        {"x": 0.5, "name": "nose"}
    ]
    assert read_texts({"t": {"$date": "2026-11-27"}, "x": {"$numberDouble": "0.5"}}) == {
        "t": "2026-11-27",
        "x": 0.5,
    }
    stamp = {"__datatype__": "timestamp", "value": {"_seconds": 12, "_nanoseconds": 250_000_000}}
    assert read_texts({"at": stamp}) == {"at": 12.25}
    assert read_texts({"x": {"y": "0.5"}}) == {"x": {"y": "0.5"}}
