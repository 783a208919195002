"""Files of keypoints from other programs, written here as those programs write them."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from support import stand_ins
from support.clips import grey, write_clip

from hinge_dowel import check_clip
from hinge_dowel.batch import runner
from hinge_dowel.cli import main
from hinge_dowel.errors import ClipError, ConfigError
from hinge_dowel.keypoints import readers, tables
from hinge_dowel.keypoints.columns import load_columns
from hinge_dowel.keypoints.skeletons import LANDMARK_NAMES, plain, titled
from hinge_dowel.testing.pytest_plugin import assert_verdict
from hinge_dowel.testing.synthetic import HINGE, NECK_FLEXION, ROUNDING, SQUAT, mix

FPS = 20.0
BODY = mix([HINGE, SQUAT, NECK_FLEXION], fps=FPS)
BODY_FAULTS = ["clean", "squatting", "cervical_flexion"]
BACK = mix([HINGE, ROUNDING, NECK_FLEXION], fps=FPS)
BACK_FAULTS = ["clean", "spinal_flexion", "cervical_flexion"]
SITES = ("Occiput", "C7", "T4", "T8", "T12", "L3", "S2")
SIZE = (1280, 720)
BODY_25, COCO_17 = titled("OpenPose BODY_25").joints, titled("COCO-17").joints
SPINEPOSE = titled("SpinePose").joints
NAMES = dict(enumerate(titled("MediaPipe").joints))


def trc(path, names, places, *, rate=FPS, blank=True, times=None):
    """A TRC file of (T, N, 3) in the axes given; NaN is left empty."""
    times = np.arange(len(places)) / rate if times is None else times
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate",
        f"{rate}\t{rate}\t{len(places)}\t{len(names)}\tm\t{rate}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t\t",
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1)),
        *([""] if blank else []),
    ]
    rows = [
        "\t".join([str(i + 1), f"{t:.4f}", *("" if np.isnan(v) else f"{v:.5f}" for v in frame)])
        for i, (t, frame) in enumerate(zip(times, places.reshape(len(places), -1), strict=True))
    ]
    path.write_text("\n".join(head + rows) + "\n")
    return path


def in_space(places, axes):
    """Picture places (T, N, 2) in m as x forward, height, and a side of 0, then in other axes."""
    forward, height = places[..., 0] / 300, (640 - places[..., 1]) / 300
    flat = {"x": forward, "y": height, "z": np.full_like(forward, 0.2)}
    return np.stack([flat[axis] for axis in axes], axis=-1)


def landmarks_for(names):
    """The synthetic body's places for a model's names; NaN for what it does not have."""
    out = np.full((len(BODY.landmarks), len(names), 2), np.nan)
    for index, name in enumerate(names):
        if plain(name) in LANDMARK_NAMES:
            out[:, index] = BODY.landmarks[:, LANDMARK_NAMES[plain(name)], :2]
    return out


class TestTrc:
    @pytest.mark.parametrize("axes", ["xyz", "xzy", "zyx", "yxz"])
    @pytest.mark.parametrize("blank", [True, False])
    def test_a_back_in_any_axes(self, tmp_path, axes, blank):
        """OpenSim has y up, motion capture z; Sports2D writes no blank line."""
        path = trc(tmp_path / "back.trc", SITES, in_space(BACK.points, axes), blank=blank)
        found = readers.read(path)
        assert found.kind == "points"
        assert_verdict(check_clip(path), BACK_FAULTS)

    def test_an_oblique_path_through_the_laboratory(self, tmp_path):
        space = in_space(BACK.points, "xyz")
        turn = np.radians(40)
        forward = space[..., 0] - space[..., 0].mean()
        walked = np.stack([forward * np.cos(turn), space[..., 1], forward * np.sin(turn)], axis=-1)
        assert_verdict(check_clip(trc(tmp_path / "back.trc", SITES, walked)), BACK_FAULTS)

    def test_a_body_as_sports2d_names_it(self, tmp_path):
        names = ["RHip", "RKnee", "RAnkle", "RBigToe", "RHeel", "LHip", "LKnee", "LAnkle"]
        names += ["LBigToe", "LHeel", "Neck", "Head", "Nose", "REye", "LEye", "REar", "LEar"]
        names += ["RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist"]
        path = trc(tmp_path / "m.trc", names, in_space(landmarks_for(names), "xyz") * [1, 1, 0])
        found = readers.read(path)
        assert found.kind == "landmarks"
        assert np.isnan(found.places[:, 17]).all()
        assert_verdict(check_clip(path), BODY_FAULTS)

    def test_pixels_with_y_down(self, tmp_path):
        space = np.insert(BACK.points, 2, 0.0, axis=2)
        assert_verdict(check_clip(trc(tmp_path / "px.trc", SITES, space)), BACK_FAULTS)

    def test_gaps_and_markers_of_no_use(self, tmp_path):
        space = in_space(BACK.points, "xyz")
        space[30:33] = np.nan
        space = np.concatenate([space, np.ones((len(space), 1, 3))], axis=1)
        path = trc(tmp_path / "gaps.trc", [*SITES, "DowelTop"], space)
        assert np.isnan(readers.read(path).places[30:33]).all()
        assert_verdict(check_clip(path), BACK_FAULTS)

    def test_the_time_column_is_the_time(self, tmp_path):
        times = 5.0 + np.arange(len(BACK.points)) / 40
        path = trc(tmp_path / "late.trc", SITES, in_space(BACK.points, "xyz"), times=times)
        assert check_clip(path).reps[0].bottom_s == pytest.approx(5.0 + 3.0 / 2, abs=0.1)

    @pytest.mark.parametrize(
        "text",
        ["", "hello", "Frame#\tTime\tC7\nX\n1\t0.0\tabc\t1\t1\n", "Frame#\tTime\n\n1\t0.0\n"],
    )
    def test_what_is_none(self, tmp_path, text):
        path = tmp_path / "bad.trc"
        path.write_text(text)
        with pytest.raises(ClipError, match=r"bad.trc"):
            readers.read(path)

    def test_markers_that_are_no_body(self, tmp_path):
        path = trc(tmp_path / "box.trc", ["a", "b"], np.ones((5, 2, 3)))
        with pytest.raises(ClipError, match=r"neither a back .* nor a body"):
            readers.read(path)


def mediapipe_frames(shares=True):
    size = np.array([*SIZE, SIZE[0], 1.0]) if shares else np.ones(4)
    return [
        [dict(zip(("x", "y", "z", "visibility"), row, strict=True)) for row in frame.tolist()]
        for frame in BODY.landmarks / size
    ]


class TestMediaPipe:
    def write(self, path, data):
        path.write_text(json.dumps(data))
        return path

    def test_frames_with_everything_said(self, tmp_path):
        data = {"fps": FPS, "width": SIZE[0], "height": SIZE[1], "frames": mediapipe_frames()}
        assert_verdict(check_clip(self.write(tmp_path / "a.json", data)), BODY_FAULTS)

    @pytest.mark.parametrize("key", ["landmarks", "pose_landmarks", "keypoints"])
    @pytest.mark.parametrize("people", [False, True])
    def test_frames_with_their_times(self, tmp_path, key, people):
        data = [
            {key: [frame] if people else frame, "timestamp_ms": 50 * i}
            for i, frame in enumerate(mediapipe_frames())
        ]
        data[33][key] = None
        path = self.write(tmp_path / "b.json", data)
        verdict = check_clip(path, size_px=SIZE)
        assert_verdict(verdict, BODY_FAULTS)
        assert verdict.reps[0].bottom_s == pytest.approx(3.0, abs=0.1)

    def test_lists_of_numbers(self, tmp_path):
        path = self.write(tmp_path / "c.json", BODY.landmarks.tolist())
        assert_verdict(check_clip(path, fps=FPS), BODY_FAULTS)

    def test_without_a_rate_or_a_size(self, tmp_path):
        path = self.write(tmp_path / "d.json", mediapipe_frames())
        with pytest.raises(ClipError, match="frame rate: give it with --fps"):
            check_clip(path)
        verdict = check_clip(path, fps=FPS)
        assert verdict.status == "unusable"
        assert "--size" in verdict.reason

    @pytest.mark.parametrize("style", ["name_x", "x0", "x1", "long", "long numbers"])
    @pytest.mark.parametrize("comma", [",", ";"])
    def test_tables(self, tmp_path, style, comma):
        rows = []
        if style.startswith("long"):
            rows.append(["frame", "time_s", "landmark", "x", "y", "z", "visibility"])
            for frame, places in enumerate(BODY.landmarks):
                for number, row in enumerate(places):
                    label = NAMES[number] if style == "long" else number
                    rows.append([frame, frame / FPS, label, *row])
        else:
            spell = {
                "name_x": lambda n, a: f"{NAMES[n]}_{a}",
                "x0": lambda n, a: f"{a}{n}",
                "x1": lambda n, a: f"{a}{n + 1}",
            }[style]
            rows.append(["time_s", *(spell(n, a) for n in range(33) for a in ("x", "y", "z", "v"))])
            rows += [[i / FPS, *places.ravel()] for i, places in enumerate(BODY.landmarks)]
        path = tmp_path / "e.csv"
        path.write_text("\n".join(comma.join(map(str, row)) for row in rows))
        assert_verdict(check_clip(path), BODY_FAULTS)

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
            readers.read(self.write(tmp_path / "f.json", data))

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


class TestOpenPose:
    def test_a_series_of_body_25_with_somebody_behind(self, tmp_path):
        first = openpose(
            tmp_path / "clip", landmarks_for(BODY_25), "clip_{:012d}_keypoints.json", lost=(40,)
        )
        (tmp_path / "clip" / "other_000000000000_keypoints.json").write_text("{}")
        found = readers.read(first)
        assert found.places.shape == (len(BODY.landmarks), 33, 2)
        assert np.isnan(found.places[40]).all()
        assert_verdict(check_clip(first, fps=FPS), BODY_FAULTS)

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
        first = openpose(tmp_path / "coco", landmarks_for(COCO_17), "f{:03d}.json")
        assert_verdict(check_clip(first, fps=FPS), BODY_FAULTS)

    @pytest.mark.slow
    def test_a_folder_is_one_clip(self, tmp_path, capsys):
        openpose(tmp_path / "clip", landmarks_for(BODY_25), "clip_{:012d}_keypoints.json")
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


class TestNpz:
    def test_points_and_landmarks(self, tmp_path):
        np.savez(tmp_path / "p.npz", points=BACK.points, fps=FPS)
        np.savez(tmp_path / "l.npz", landmarks=BODY.landmarks, time_s=BODY.time_s)
        assert_verdict(check_clip(tmp_path / "p.npz"), BACK_FAULTS)
        assert_verdict(check_clip(tmp_path / "l.npz"), BODY_FAULTS)

    def test_pickles_are_never_opened(self, tmp_path):
        np.savez(tmp_path / "p.npz", points=np.array([{}], dtype=object), fps=FPS)
        with pytest.raises(ClipError, match="plain numbers"):
            readers.read(tmp_path / "p.npz")

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\x93NUMPY"])
    def test_what_is_none(self, tmp_path, data):
        (tmp_path / "p.npz").write_bytes(data)
        with pytest.raises(ClipError, match=r"p\.npz"):
            readers.read(tmp_path / "p.npz")

    def test_damaged_anywhere_it_is_one_sentence(self, tmp_path):
        """Whatever zipfile, zlib and numpy raise for it."""
        path = tmp_path / "p.npz"
        np.savez_compressed(path, points=BACK.points[:50], fps=FPS)
        whole, rng = path.read_bytes(), np.random.default_rng(1)
        refused = []
        for _ in range(400):
            data = bytearray(whole)
            data[rng.integers(len(data))] = rng.integers(256)
            path.write_bytes(data)
            try:
                readers.read(path)
            except ClipError as error:
                refused.append(str(error))
        assert len(refused) > 100
        assert not [said for said in refused if "\n" in said]

    def test_without_arrays_or_with_wrong_ones(self, tmp_path):
        np.savez(tmp_path / "p.npz", other=BACK.points)
        with pytest.raises(ClipError, match="no array named landmarks or points"):
            readers.read(tmp_path / "p.npz")
        np.savez(tmp_path / "p.npz", points=BACK.points[:, :2], fps=FPS)
        with pytest.raises(ClipError, match="points must be"):
            check_clip(tmp_path / "p.npz")


class TestColumns:
    TOML = '[places]\nocciput = ["a", "b"]\nT6 = ["c", "d"]\nsacrum = ["e", "f"]\n'

    def table(self, tmp_path):
        rows = [["sec", *"abcdef"]]
        three = BACK.points[:, [0, 2, 6]]
        rows += [[t, *frame.ravel()] for t, frame in zip(BACK.time_s, three, strict=True)]
        path = tmp_path / "mine.csv"
        path.write_text("\n".join(",".join(map(str, row)) for row in rows))
        return path

    @pytest.mark.parametrize("time", ['time_s = "sec"\n', f"fps = {FPS}\n"])
    def test_say_what_is_what(self, tmp_path, time, capsys):
        toml = tmp_path / "columns.toml"
        toml.write_text(time + self.TOML)
        path = self.table(tmp_path)
        columns = load_columns(toml)
        assert tables.read_csv(path, columns).kind == "points"
        assert_verdict(check_clip(path, columns=columns), BACK_FAULTS)
        status = main(["check", str(path), "--columns", str(toml), "--json", "-"])
        assert status == 1
        assert json.loads(capsys.readouterr().out)["clips"][0]["clip"] == "mine.csv"

    def test_are_asked_for(self, tmp_path, capsys):
        assert main(["check", str(self.table(tmp_path))]) == 2
        assert "--columns" in capsys.readouterr().out.replace("\n", " ")

    @pytest.mark.parametrize(
        "text",
        [
            "x = [",
            "speed = 3\n",
            "fps = 30\n",
            "fps = 0\n" + TOML,
            "[places]\nocciput = 3\n",
            "size_px = [1]\n" + TOML,
            "y_up = 3\n" + TOML,
            "time_s = 3\n" + TOML,
        ],
    )
    def test_what_is_none(self, tmp_path, text):
        toml = tmp_path / "columns.toml"
        toml.write_text(text)
        with pytest.raises(ConfigError, match=r"columns\.toml"):
            load_columns(toml)

    def test_a_column_that_is_not_there_or_holds_words(self, tmp_path):
        toml = tmp_path / "columns.toml"
        toml.write_text(self.TOML.replace('"f"', '"g"'))
        with pytest.raises(ClipError, match="no column 'g'"):
            tables.read_csv(self.table(tmp_path), load_columns(toml))
        path = tmp_path / "words.csv"
        path.write_text("nose_x,nose_y\nhello,1\n")
        with pytest.raises(ClipError, match="no number"):
            readers.read(path)


class TestCommand:
    def test_no_pose_model_is_needed(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("HINGE_DOWEL_MODEL", str(tmp_path / "none.task"))
        np.savez(tmp_path / "p.npz", points=BACK.points, fps=FPS)
        assert main(["check", str(tmp_path / "p.npz")]) == 1
        assert "Rounded back in 1 of 3 reps" in capsys.readouterr().out

    @pytest.mark.slow
    def test_results_of_keypoints_land_in_a_folder_like_those_of_clips(self, tmp_path):
        np.savez(tmp_path / "p.npz", points=BACK.points)
        out = tmp_path / "out"
        arguments = ["check", str(tmp_path / "p.npz"), "--out", str(out), "--quiet", "--fps"]
        assert main([*arguments, "20"]) == 1
        first = json.loads((out / "results.json").read_text())["clips"][0]
        assert main([*arguments, "40"]) == 1
        second = json.loads((out / "results.json").read_text())["clips"][0]
        assert first["reps"][0]["bottom_s"] == pytest.approx(2 * second["reps"][0]["bottom_s"])

    @pytest.mark.parametrize(
        "wrong", [["--fps", "0"], ["--fps", "fast"], ["--size", "1280"], ["--size", "0x1"]]
    )
    def test_options_that_are_none(self, wrong, capsys):
        assert main(["check", "p.npz", *wrong]) == 2
        assert wrong[0] in capsys.readouterr().err

    @pytest.mark.slow
    def test_video_draws_what_has_pictures_and_says_what_has_none(
        self, tmp_path, monkeypatch, capsys
    ):
        monkeypatch.setattr(
            "hinge_dowel.pose.model_file.locate", lambda explicit, **_: Path("model.task")
        )
        check = partial(runner.check_many, check=stand_ins.check_anything)
        monkeypatch.setattr("hinge_dowel.batch.runner.check_many", check)
        clip = write_clip(tmp_path / "me.mp4", [grey(90, 96, 96)] * 20)
        files = [tmp_path / "p.npz", tmp_path / "q.npz"]
        for path in files:
            np.savez(path, points=BACK.points, fps=FPS)

        def said(*arguments):
            assert main(["check", *map(str, arguments), "--out", str(tmp_path / "out")]) == 0
            return [line for line in capsys.readouterr().err.splitlines() if "drew" in line]

        assert said(clip, "--video") == []
        assert said(clip, files[0], "--video") == [
            "--video drew nothing for p.npz: a file of keypoints has no pictures."
        ]
        assert said(clip, *files, "--video") == [
            "--video drew nothing for 2 files of keypoints: they have no pictures."
        ]
        assert said(clip, *files, "--video", "--quiet") == []
        assert said(clip, *files, "--no-pictures", "--export", "npz") == []
        assert [path.name for path in (tmp_path / "out" / "videos").iterdir()] == ["me.mp4"]
        exported = sorted(path.name for path in (tmp_path / "out" / "npz").iterdir())
        assert exported == ["me.npz", "p.npz.npz", "q.npz.npz"]

    @pytest.mark.parametrize(
        ("arguments", "idle"),
        [
            (["me.mp4", "--fps", "30", "--size", "4x4"], ["--fps", "--size"]),
            (["me.mp4", "p.npz", "--fps", "30", "--size", "4x4"], []),
            (["me.mp4", "p.npz", "--columns", "columns.toml"], ["--columns"]),
            (["p.CSV", "--columns", "columns.toml"], []),
            (["me.mp4", "--fps", "30", "--quiet"], []),
        ],
    )
    def test_options_that_no_file_needs_say_so(
        self, tmp_path, monkeypatch, capsys, arguments, idle
    ):
        """The verdicts do not matter, nor whether the files hold anything."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(
            "hinge_dowel.pose.model_file.locate", lambda explicit, **_: Path("model.task")
        )
        monkeypatch.setattr("hinge_dowel.batch.runner.check_many", lambda *_, **__: iter(()))
        (tmp_path / "columns.toml").write_text(TestColumns.TOML)
        for name in ("me.mp4", "p.npz", "p.CSV"):
            (tmp_path / name).touch()
        main(["check", *arguments])
        told = [line for line in capsys.readouterr().err.splitlines() if "changed nothing" in line]
        assert [line.split()[0] for line in told] == idle
