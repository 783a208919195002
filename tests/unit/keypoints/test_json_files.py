"""JSON as trackers write it: the same motion in every form is told the same."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from support.keypoint_files import (
    BACK,
    BACK_FAULTS,
    BODY,
    COCO,
    FAULTS,
    FPS,
    flat,
    judged,
    places_of,
    titled,
    write_json,
)
from support.laboratory import MADE
from support.tracker_frames import ABOUT, FORMS, MIXED, OTHER, PLACES, SHARES, SIZE

from hinge_dowel import check_clip
from hinge_dowel.cli import main
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.keypoints.discovery import find_clips
from hinge_dowel.testing.pytest_plugin import assert_verdict

T = len(BODY.landmarks)
EVERYBODY = (PLACES, OTHER)


def pairs(i):
    both = [flat(PLACES[i]), flat(OTHER[i])]
    both = both[::-1] if i % 3 else both
    return both[:1] if i % 23 == 11 else both


# A frame that is a list, an object, and one of several people, in every place frames stand in.
EVERYWHERE = ("MediaPipe", "objects by name", "numbers that change hands")


@pytest.mark.parametrize(
    ("where", "form"),
    [
        *(("list", form) for form in FORMS),
        *itertools.product(("frames", "numbers", "lines"), EVERYWHERE),
    ],
)
def test_frames_of_trackers(tmp_path, where, form):
    made = [FORMS[form](i) for i in range(T)]
    path = tmp_path / "a.json"
    if where == "list":
        write_json(path, made)
    elif where == "frames":
        write_json(path, {**ABOUT, "frames": made})
    elif where == "numbers":
        write_json(path, {f"frame_{i:04d}.png": frame for i, frame in enumerate(made)})
    else:
        path = tmp_path / "a.jsonl"
        path.write_text("\n".join(json.dumps(frame) for frame in made))
    world = form == "MediaPipe world"
    shares = form.startswith("MediaPipe") and not world
    verdict = check_clip(path, fps=FPS, size_px=SIZE if shares else None)
    assert_verdict(verdict, FAULTS)
    assert verdict.reps[0].bottom_s == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("names", [True, False])
def test_coco_annotations_in_any_order(tmp_path, names):
    order = MIXED if names else list(range(17))
    data = {
        "images": [
            {"id": 9000 - i, "file_name": f"c_{i:06d}.jpg", "width": 1280, "height": 720}
            for i in range(T)
        ],
        "annotations": [
            {"image_id": 9000 - i, "category_id": 1, "keypoints": flat(PLACES[i][order])}
            for i in reversed(range(T))
        ],
        "categories": [{"keypoints": [COCO[k] for k in order]}] if names else [],
    }
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data), fps=FPS), FAULTS)


def test_alphapose_of_two_in_changing_order(tmp_path):
    data = [
        {"image_id": f"{i}.jpg", "keypoints": body, "score": 2.0, "idx": k}
        for i in range(T)
        for k, body in enumerate(pairs(i))
    ]
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data), fps=FPS), FAULTS)


@pytest.mark.parametrize("late", [0, 25])
def test_a_folder_of_people(tmp_path, late):
    for i in range(T):
        people = [{"pose_keypoints_2d": body} for body in pairs(i)]
        if i < late:
            people = [{"pose_keypoints_2d": flat(OTHER[i])}]
        write_json(tmp_path / f"f_{i:05d}.json", {"people": people})
    verdict = check_clip(tmp_path / "f_00007.json", fps=FPS)
    assert_verdict(verdict, FAULTS)


@pytest.mark.parametrize(
    "form",
    [
        lambda i: {"instance_info": [{"keypoints": own[i].tolist()} for own in (OTHER, PLACES)]},
        lambda i: {"annots": [{"keypoints": flat(OTHER[i])}, {"keypoints": flat(PLACES[i])}]},
        lambda i: [{"keypoints": PLACES[i].tolist()}],
    ],
    ids=["MMPose", "EasyMocap", "OpenPifPaf"],
)
def test_a_file_for_the_people_of_each_picture(tmp_path, form):
    for i in range(T):
        write_json(tmp_path / f"f_{i:05d}.jpg.predictions.json", form(i))
    assert [path.name[:7] for path in find_clips([tmp_path]).clips] == ["f_00000"]
    assert_verdict(check_clip(tmp_path / "f_00007.jpg.predictions.json", fps=FPS), FAULTS)


@pytest.mark.parametrize(
    ("count", "said"),
    [(21, "no skeleton that is known has so many"), (25, "BODY_25 .*and Kinect v2")],
)
def test_keypoints_of_no_known_order(tmp_path, count, said):
    places = places_of(titled("OpenPose BODY_25").joints)[:, ::-1][:, :count]
    data = {"fps": FPS, "frames": np.nan_to_num(places).tolist()}
    with pytest.raises(ClipError, match=rf"a\.json .*{said}"):
        check_clip(write_json(tmp_path / "a.json", data))


def test_a_size_beside_pixels_is_no_share(tmp_path):
    data = {"info": ABOUT, "frames": [{"keypoints": frame.tolist()} for frame in PLACES]}
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data)), FAULTS)


def openpose(folder, places, spell, lost=()):
    folder.mkdir(exist_ok=True)
    for number, frame in enumerate(places):
        if number in lost:
            continue
        seen = np.isfinite(frame[:, :1]).astype(float)
        me = np.concatenate([np.nan_to_num(frame), seen], axis=1)
        other = np.concatenate([np.nan_to_num(frame) * 0.3 + 5, seen], axis=1)
        people = [{"pose_keypoints_2d": p.ravel().tolist()} for p in (other, me)]
        (folder / spell.format(number)).write_text(json.dumps({"people": people}))
    return folder / spell.format(0)


class TestMediaPipe:
    def test_frames_with_everything_said(self, tmp_path):
        data = {"fps": FPS, "width": SIZE[0], "height": SIZE[1], "frames": SHARES}
        assert_verdict(check_clip(write_json(tmp_path / "a.json", data)), FAULTS)

    def test_wrapped_as_messages(self, tmp_path):
        data = [
            {"event": "pose", "payload": {"ts": 1000 * i / FPS, "kps": p.tolist()}}
            for i, p in enumerate(PLACES)
        ]
        judged(write_json(tmp_path / "a.json", data))

    def test_each_axis_as_an_array(self, tmp_path):
        x, y = np.moveaxis(PLACES, 2, 0).tolist()
        judged(write_json(tmp_path / "a.json", {"x": x, "y": y, "names": COCO}), FPS)

    def test_flat_frames_with_depths(self, tmp_path):
        """Which are negative on the near side, and no certainties."""
        data = BODY.landmarks[..., :3].reshape(T, -1).tolist()
        assert (
            judged(write_json(tmp_path / "a.json", data), FPS).warnings
            == judged(write_json(tmp_path / "b.json", BODY.landmarks.tolist()), FPS).warnings
        )

    @pytest.mark.parametrize("frames", [True, False])
    def test_markers_that_are_no_joints_are_kept(self, tmp_path, frames):
        """The pelvis is theirs."""
        markers = {name: own.tolist() for name, own in MADE.items()}
        rows = zip(*markers.values(), strict=True)
        data = [dict(zip(MADE, row, strict=True)) for row in rows] if frames else markers
        write_json(tmp_path / "a.json", data)
        assert readers.read(tmp_path / "a.json").anatomy is not None

    def test_frames_under_moments_since_1970(self, tmp_path):
        """As ZED's examples put them, in billionths of a second."""
        data = {str(17 * 10**17 + i * 10**8): p.tolist() for i, p in enumerate(PLACES)}
        judged(write_json(tmp_path / "a.json", data))

    @pytest.mark.parametrize("key", ["landmarks", "pose_landmarks", "keypoints"])
    @pytest.mark.parametrize("people", [False, True])
    def test_frames_with_their_times(self, tmp_path, key, people):
        data = [
            {key: [frame] if people else frame, "timestamp_ms": 1000 * i / FPS}
            for i, frame in enumerate(SHARES)
        ]
        data[33][key] = None
        path = write_json(tmp_path / "b.json", data)
        verdict = check_clip(path, size_px=SIZE)
        assert_verdict(verdict, FAULTS)
        assert verdict.reps[0].bottom_s == pytest.approx(3.0, abs=0.1)

    def test_lists_of_numbers(self, tmp_path):
        path = write_json(tmp_path / "c.json", BODY.landmarks.tolist())
        assert_verdict(check_clip(path, fps=FPS), FAULTS)

    @pytest.mark.parametrize(
        "data",
        [
            {},
            [],
            [1, 2],
            {"frames": [[{"x": 1}] * 33]},
            {"frames": [[[1, 2]], [[1, 2], [3, 4]]]},
            {"schema": 1, "clips": []},
            [[["a", "b"]] * 33],
        ],
    )
    def test_what_is_none(self, tmp_path, data):
        with pytest.raises(ClipError, match=r"f\.json"):
            readers.read(write_json(tmp_path / "f.json", data))

    def test_damaged_json(self, tmp_path):
        for text in (
            "{",
            "[" * 100_000,
            "\ud800".encode("utf-16", "surrogatepass").decode("latin"),
        ):
            path = tmp_path / "g.json"
            path.write_text(text)
            with pytest.raises(ClipError, match=r"g\.json"):
                readers.read(path)


@pytest.mark.parametrize(
    "said",
    [
        {"meta": {"source": {"camera": {"fps": FPS}}}},
        {"ok": True, "result": {"video": {"fps": FPS}}},
        {"metadata": {"capture": {"frame_interval_ms": 1000 / FPS}}},
        {"videos": [{"id": 1, "fps": FPS}], "model": {"fps": 55}},
    ],
)
@pytest.mark.parametrize("where", ["frames", "data_by_frame"])
def test_a_rate_that_lies_deeper(tmp_path, said, where):
    frames = {str(i): {"keypoints": own} for i, own in enumerate(PLACES.tolist())}
    judged(write_json(tmp_path / "a.json", {**said, where: frames}))


def test_the_speed_of_a_model_is_no_rate(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"model": {"fps": 55}, "frames": [{"keypoints": p} for p in PLACES.tolist()]})
    with pytest.raises(ClipError, match="does not say its frame rate"):
        check_clip(path)


BODY_25 = titled("OpenPose BODY_25").joints
SPINEPOSE = titled("SpinePose").joints


class TestOpenPose:
    def test_a_series_of_body_25_with_somebody_behind(self, tmp_path):
        first = openpose(
            tmp_path / "clip", places_of(BODY_25), "clip_{:012d}_keypoints.json", lost=(40,)
        )
        (tmp_path / "clip" / "other_000000000000_keypoints.json").write_text("{}")
        found = readers.read(first)
        assert found.places.shape == (len(BODY.landmarks), 33, 2)
        assert np.isnan(found.places[40]).all()
        assert_verdict(check_clip(first, fps=FPS), FAULTS)

    def test_spinepose_gives_points_along_the_back(self, tmp_path):
        places = np.full((len(BACK.points), 37, 2), np.nan)
        chain = ("head", "neck_03", "neck_02", "neck", *(f"spine_0{n}" for n in (5, 4, 3, 2, 1)))
        along = np.linspace(0, 6, len(chain) + 1)
        low = np.minimum(along.astype(int), 5)
        part = (along - low)[:, None]
        back = BACK.points[:, low] * (1 - part) + BACK.points[:, low + 1] * part
        places[:, [SPINEPOSE.index(name) for name in (*chain, "hip")]] = back
        first = openpose(tmp_path / "spine", places, "frame_{:05d}.json")
        found = readers.read(first)
        assert found.kind == "points"
        assert found.places == pytest.approx(back)
        assert_verdict(check_clip(first, fps=FPS), BACK_FAULTS)

    def test_coco_has_no_feet_and_needs_none(self, tmp_path):
        first = openpose(tmp_path / "coco", PLACES, "f{:03d}.json")
        assert_verdict(check_clip(first, fps=FPS), FAULTS)

    def test_lists_of_everybody_in_a_frame(self, tmp_path):
        """As AlphaPose and MMPose write them, one person each or several."""
        for i, own in enumerate(PLACES):
            people = [own, OTHER[i]][: 1 + (i % 4 > 0)]
            (tmp_path / f"{i:06d}.json").write_text(
                json.dumps([{"keypoints": one.tolist(), "bbox": [1, 2, 3, 4]} for one in people])
            )
        assert_verdict(check_clip(tmp_path / "000000.json", fps=FPS), FAULTS)

    @pytest.mark.slow
    def test_a_folder_is_one_clip(self, tmp_path, capsys):
        openpose(tmp_path / "clip", places_of(BODY_25), "clip_{:012d}_keypoints.json")
        (tmp_path / "clip" / "results.json").write_text('{"schema": 1, "clips": []}')
        status = main(["check", str(tmp_path / "clip"), "--fps", str(FPS), "--json", "-"])
        (clip,) = json.loads(capsys.readouterr().out)["clips"]
        assert status == 1
        assert clip["faults"] == ["squatting", "cervical_flexion"]

    @pytest.mark.parametrize("text", ['{"people": 3}', '{"people": [{}]}', '{"people": []}'])
    def test_what_is_none(self, tmp_path, text):
        path = tmp_path / "a_000_keypoints.json"
        path.write_text(text)
        with pytest.raises(ClipError, match=r"a_000_keypoints"):
            readers.read(path)


def row(i, names=COCO):
    return {
        f"{n}_{a}": float(PLACES[i][j][k]) for j, n in enumerate(names) for k, a in enumerate("xy")
    }


@pytest.mark.parametrize("table", ["records", "columns", "lists", "long", "joints of lists"])
def test_tables_that_pandas_writes(tmp_path, table):
    rows = [row(i) for i in range(T)]
    data = {
        "records": [{"frame": i, **rows[i]} for i in range(T)],
        "columns": {key: {str(i): rows[i][key] for i in range(T)} for key in rows[0]},
        "lists": {"fps": FPS, **{key: [own[key] for own in rows] for key in rows[0]}},
        "long": [
            {"frame": i, "landmark": n, "x": rows[i][f"{n}_x"], "y": rows[i][f"{n}_y"]}
            for i in range(T)
            for n in COCO
        ],
        "joints of lists": {n: {a: [own[f"{n}_{a}"] for own in rows] for a in "xy"} for n in COCO},
    }[table]
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data), fps=FPS), FAULTS)


@pytest.mark.parametrize("shape", ["records", "lists", "columns", "split", "beside a rate"])
@pytest.mark.parametrize("kind", ["number a row", "place a row", "other axes", "commas"])
def test_tables_of_any_kind_are_read_as_those_of_text(tmp_path, kind, shape):
    """A row a number or a place of one of two people, Matlab's axes, numbers as texts."""
    both = [(i, k, own[i]) for i in range(T) for k, own in enumerate((OTHER, PLACES))]
    rows = {
        "number a row": [
            {"frame": i, "variable": f"{n}_{a}", "value": PLACES[i][j][k]}
            for i in range(T)
            for j, n in enumerate(COCO)
            for k, a in enumerate("xy")
        ],
        "place a row": [
            {"frame": i, "person": k, "joint": n, "x": own[j][0], "y": own[j][1]}
            for i, k, own in both
            for j, n in enumerate(COCO)
        ],
        "other axes": [
            {f"{n}_{a}": PLACES[i][j][k] for j, n in enumerate(COCO) for k, a in enumerate("uv")}
            for i in range(T)
        ],
        "commas": [
            {key: str(value).replace(".", ",") for key, value in row(i).items() if value}
            for i in range(T)
        ],
    }[kind]
    names = list(rows[0])
    data = {
        "records": rows,
        "lists": {n: [own.get(n) for own in rows] for n in names},
        "columns": {n: {str(i): own.get(n) for i, own in enumerate(rows)} for n in names},
        "split": {"columns": names, "data": [[own.get(n) for n in names] for own in rows]},
        "beside a rate": {"fps": FPS, "rows": rows},
    }[shape]
    fps = None if shape == "beside a rate" else FPS
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data), fps=fps), FAULTS)


def test_places_by_number(tmp_path):
    data = [
        {"keypoints": {str(j): {"x": float(x), "y": float(y)} for j, (x, y, *_) in enumerate(own)}}
        for own in PLACES
    ]
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data), fps=FPS), FAULTS)


class TestLines:
    ROWS = tuple(json.dumps({"frame": i, "keypoints": flat(PLACES[i])}) for i in range(T))

    def test_a_header_before_the_frames(self, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_text("\n".join([json.dumps({"type": "header", "fps": FPS}), *self.ROWS]))
        assert_verdict(check_clip(path), FAULTS)

    def test_half_a_line_at_the_end_is_left_aside_and_said(self, tmp_path):
        path = tmp_path / "a.jsonl"
        path.write_text("\n".join(self.ROWS)[:-30])
        verdict = check_clip(path, fps=FPS)
        assert_verdict(verdict, FAULTS)
        assert "a.jsonl ends within a frame: that is left aside." in verdict.warnings

    @pytest.mark.parametrize("spoiled", [0, 5])
    def test_half_a_line_elsewhere_is_damage(self, tmp_path, spoiled):
        rows = list(self.ROWS)
        rows[spoiled] = rows[spoiled][:-30]
        path = tmp_path / "a.jsonl"
        path.write_text("\n".join(rows))
        with pytest.raises(ClipError, match="damaged"):
            readers.read(path)


ONE = [{"frame": i, "keypoints": frame} for i, frame in enumerate(PLACES.tolist())]
STILL = [{**frame, "keypoints": ONE[0]["keypoints"]} for frame in ONE][40:]


@pytest.mark.parametrize(
    "data",
    [
        {"persons": [{"id": 7, "track": ONE}, {"id": 9, "track": STILL}]},
        {"tracks": {"7": ONE, "9": STILL}},
        {"tracks": [{"frames": ONE}]},
        {"people": [{"frames": list(range(T)), "keypoints": PLACES.tolist()}]},
        {"person_1": {"frames": ONE}},
        {n: {f["frame"]: f["keypoints"] for f in own} for n, own in (("1", ONE), ("2", STILL))},
        {i: {"1": frame["keypoints"]} for i, frame in enumerate(ONE)},
        {"frames": [{"tracks": [{"id": 1, "pose": {"keypoints": f["keypoints"]}}]} for f in ONE]},
    ],
)
def test_people_with_frames_of_their_own(tmp_path, data):
    judged(write_json(tmp_path / "a.json", data), fps=FPS)


@pytest.mark.parametrize("how", ["people who have frames", "frames under their times"])
def test_frames_that_are_counted_or_timed_where_they_stand(tmp_path, how):
    data = {f"{i / FPS:.3f}": frame.tolist() for i, frame in enumerate(PLACES)}
    if how == "people who have frames":
        both = [[{"frame": i, "keypoints": f.tolist()} for i, f in enumerate(p)] for p in EVERYBODY]
        data = {"people": [{"id": n, "frames": own} for n, own in enumerate(both)]}
    judged(write_json(tmp_path / "a.json", data), FPS)


@pytest.mark.parametrize(
    "frame",
    [
        lambda i: {
            "time_ms": 1000 * i / FPS,
            "landmarks": [
                {"type": k, "position3D": {"x": x, "y": y, "z": z}, "inFrameLikelihood": 0.9}
                for k, (x, y, z, _) in enumerate(BODY.landmarks[i].tolist())
            ],
        },
        lambda i: {"ts": i / FPS, "lm": BODY.landmarks[i].tolist()},
        lambda i: {"t": i / FPS, "image_width": 1280, "image_height": 720, "landmarks": SHARES[i]},
        lambda i: {
            "t": i / FPS,
            "predictions": [
                {
                    **{"x": 640, "y": 360, "width": 200, "height": 500, "class": "person"},
                    "keypoints": [
                        {"class": name, "x": x, "y": y, "confidence": 0.9}
                        for name, (x, y) in zip(COCO, PLACES[i].tolist(), strict=True)
                    ],
                }
            ],
        },
        lambda i: {
            "time": i / FPS,
            "joints": {
                name: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [x, y, 0, 1]]
                for name, (x, y) in zip(COCO, PLACES[i].tolist(), strict=True)
            },
        },
        lambda i: {
            "timestamp": {"_seconds": 1_795_770_000 + i // 10, "_nanoseconds": i % 10 * 10**8},
            "detail": {"camera": {"id": 1}, "landmarks": PLACES[i].tolist()},
        },
        lambda i: {
            "id": i,
            "meta": {"time": i / FPS},
            "annotations": [
                {
                    "result": [
                        {"type": "keypointlabels", "value": {"x": x, "y": y, "keypointlabels": [n]}}
                        for n, (x, y) in zip(COCO, PLACES[i].tolist(), strict=True)
                    ]
                }
            ],
        },
    ],
    ids=[
        *("ML Kit", "a name of its own", "its size in each", "Roboflow"),
        *("matrices of ARKit", "documents", "Label Studio"),
    ],
)
def test_frames_of_apps_and_services(tmp_path, frame):
    judged(write_json(tmp_path / "a.json", [frame(i) for i in range(T)]))


def test_several_clips_in_one_file(tmp_path):
    data = {f"{name}.mp4": {"frames": PLACES.tolist()} for name in "ab"}
    with pytest.raises(ClipError, match="holds several clips"):
        check_clip(write_json(tmp_path / "a.json", data), fps=FPS)


@pytest.mark.parametrize("name", ["index", "n", "seq"])
def test_whatever_counts_numbers_the_frames(tmp_path, name):
    """So that those left out are missed."""
    frames = [{name: i, "keypoints": PLACES[i].tolist()} for i in range(T) if not 45 <= i < 50]
    judged(write_json(tmp_path / "a.json", {"fps": FPS, "frames": frames}))


def test_a_table_split_into_columns_and_data(tmp_path):
    """As pandas writes it."""
    rows = [[i / FPS, *PLACES[i].ravel()] for i in range(T)]
    columns = ["time", *(f"{name}_{axis}" for name in COCO for axis in "xy")]
    judged(write_json(tmp_path / "a.json", {"columns": columns, "data": rows}))


def test_a_table_of_columns_with_their_values(tmp_path):
    """As polars wrote it."""
    rows = [[i / FPS, *PLACES[i].ravel().tolist()] for i in range(T)]
    names = ["time", *(f"{name}_{axis}" for name in COCO for axis in "xy")]
    columns = zip(names, zip(*rows, strict=True), strict=True)
    data = {"columns": [{"name": name, "values": own} for name, own in columns]}
    judged(write_json(tmp_path / "a.json", data))


def test_times_and_places_by_names_of_any_kind(tmp_path):
    """What a frame took to look at is no time of it."""
    took = np.random.default_rng(1).random(T)
    data = [
        {
            "inferenceTime": took[i],
            "currentTime": i / FPS,
            "Gelenke": dict(zip(COCO, p, strict=True)),
        }
        for i, p in enumerate(PLACES.tolist())
    ]
    judged(write_json(tmp_path / "a.json", data))


PARTS = [(0, 20), (23, T)]
"""Of a marker that was lost for a while, where parts of it begin and end."""


@pytest.mark.parametrize(
    "data",
    [
        {
            "Timebase": {"Frequency": FPS, "Range": {"Start": 0, "End": T - 1}},
            "Markers": [
                {
                    "Name": name,
                    "Parts": [
                        {
                            "Range": {"Start": a, "End": b - 1},
                            "Values": [[x, y, 0.0, 0.4] for x, y in PLACES[a:b, k].tolist()],
                        }
                        for a, b in PARTS
                    ],
                }
                for k, name in enumerate(COCO)
            ],
        },
        {
            "FrameRate": FPS,
            "markers": [
                {"label": name, "x": PLACES[:, k, 0].tolist(), "y": PLACES[:, k, 1].tolist()}
                for k, name in enumerate(COCO)
            ],
        },
        {
            "rate": FPS,
            "trajectories": [
                {"name": name, "data": PLACES[:, k].tolist()} for k, name in enumerate(COCO)
            ],
        },
        {
            "columns": [{"name": "t"}, *({"name": f"{n}_{axis}"} for n in COCO for axis in "xy")],
            "dataset": [[i / FPS, *PLACES[i].ravel()] for i in range(T)],
        },
        {
            "annotationResults": [
                {
                    "personDetectionAnnotations": [
                        {
                            "tracks": [
                                {
                                    "timestampedObjects": [
                                        {
                                            "timeOffset": f"{i / FPS:.6f}s",
                                            "landmarks": [
                                                {"name": name, "point": {"x": x, "y": y}}
                                                for name, (x, y) in zip(
                                                    COCO, PLACES[i].tolist(), strict=True
                                                )
                                            ],
                                        }
                                        for i in range(T)
                                    ]
                                }
                            ]
                        }
                    ]
                }
            ]
        },
        {
            "canvas_width": 1280,
            "canvas_height": 720,
            "fps": FPS,
            "frames": (PLACES / SIZE).tolist(),
        },
        [
            {"timestamp": 1_795_770_000_000 + 100 * i, "message": json.dumps({"kps": p.tolist()})}
            for i, p in enumerate(PLACES)
        ],
    ],
    ids=[
        *("Qualisys", "lists of x and y", "lists of places", "columns", "Google", "a canvas"),
        "messages",
    ],
)
def test_documents_of_apps_and_services(tmp_path, data):
    judged(write_json(tmp_path / "a.json", data))


def test_points_of_labelme(tmp_path):
    """A file a frame, and in it a box about the person."""
    for i, frame in enumerate(PLACES.tolist()):
        points = zip(COCO, frame, strict=True)
        shapes = [{"label": n, "points": [p], "shape_type": "point"} for n, p in points]
        box = {"label": "person", "points": [[0, 0], [9, 9]], "shape_type": "rectangle"}
        data = {"shapes": [*shapes, box], "imageWidth": 1280, "imageHeight": 720}
        write_json(tmp_path / f"frame_{i:04d}.json", data)
    judged(tmp_path / "frame_0000.json", FPS)


def test_examples_to_train_on_are_no_film(tmp_path):
    """Unless the frames are numbered, or all are of one class."""
    frames = [
        {"label": "up" if i % 60 < 30 else "down", "keypoints": PLACES[i].tolist()}
        for i in range(T)
    ]
    with pytest.raises(ClipError, match=r"holds examples .* 'label' \(up, down\)"):
        check_clip(write_json(tmp_path / "a.json", frames), fps=FPS)
    judged(write_json(tmp_path / "a.json", [{**f, "label": "up"} for f in frames]), FPS)
    judged(write_json(tmp_path / "a.json", [{**f, "frame": i} for i, f in enumerate(frames)]), FPS)
