"""What `check` ends with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from support import stand_ins, workers
from support.clips import grey, write_clip
from support.keypoint_files import BACK, FPS, write_csv

from hinge_dowel.cli import main
from hinge_dowel.commands import results


class TestKeypoints:
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

    def test_neither_a_pose_model_nor_names_that_are_known_are_needed(
        self, tmp_path, monkeypatch, capsys
    ):
        monkeypatch.setenv("HINGE_DOWEL_MODEL", str(tmp_path / "none.task"))
        np.savez(tmp_path / "p.npz", points=BACK.points, fps=FPS)
        rows = [[*place.ravel()] for place in BACK.points[:, [0, 2, 6]]]
        path = write_csv(tmp_path / "mine.csv", list("abcdef"), rows)
        toml = tmp_path / "columns.toml"
        toml.write_text(
            f'fps = {FPS}\n[places]\nocciput = ["a", "b"]\nT4 = ["c", "d"]\nsacrum = ["e", "f"]\n'
        )
        clips = [str(tmp_path / "p.npz"), str(path)]
        assert main(["check", *clips, "--columns", str(toml), "--jobs", "1", "--json", "-"]) == 1
        out, table = capsys.readouterr()
        assert "Rounded back in 1 of 3 reps" in table
        assert [(clip["clip"], clip["faults"]) for clip in json.loads(out)["clips"]] == [
            ("p.npz", ["spinal_flexion", "cervical_flexion"]),
            ("mine.csv", ["spinal_flexion", "cervical_flexion"]),
        ]

    def test_what_a_folder_holds_beside_keypoints_is_named_and_results_are_none_of_it(
        self, tmp_path, capsys
    ):
        folder = tmp_path / "poses"
        (folder / "out" / "npz").mkdir(parents=True)
        for path in (folder / "p.npz", folder / "out" / "npz" / "p.npz"):
            np.savez(path, points=BACK.points, fps=FPS)
        (folder / "out" / "results.csv").write_text("clip\n")
        for number in range(4):
            (folder / f"notes{number}.csv").write_text("day,weight_kg\nmonday,70\n")
        arguments = ["check", str(folder), "--out", str(folder / "out"), "--jobs", "1"]
        assert main([*arguments, "--json", "-"]) == 1
        out, said = capsys.readouterr()
        assert [clip["clip"] for clip in json.loads(out)["clips"]] == ["p.npz"]
        assert "Not checked: notes0.csv has no columns of x and y by names that are known" in said
        assert "Not checked: 1 more such file.\n" in said
        assert "results.csv has" not in said
        assert main([*arguments, "--quiet"]) == 1
        assert "Not checked" not in capsys.readouterr().err

    def test_a_report_that_the_disk_has_no_room_for_names_the_folder(
        self, tmp_path, monkeypatch, capsys
    ):
        write = Path.write_bytes

        def full(path, data):
            if results.REPORT in path.name:
                raise OSError(28, "No space left on device")
            return write(path, data)

        monkeypatch.setattr(Path, "write_bytes", full)
        np.savez(tmp_path / "p.npz", points=BACK.points, fps=FPS)
        out = tmp_path / "out"
        assert main(["check", str(tmp_path / "p.npz"), "--out", str(out), "--jobs", "1"]) == 2
        said = capsys.readouterr().err
        assert f"Cannot write to {out} (No space left on device)" in said
        assert ".tmp" not in said

    def test_a_file_that_cannot_be_written_does_not_hide_what_was_found(self, tmp_path, capsys):
        np.savez(tmp_path / "p.npz", points=BACK.points, fps=FPS)
        assert main(["check", str(tmp_path / "p.npz"), "--json", "/dev/full"]) == 2
        out, error = capsys.readouterr()
        assert "Rounded back in 1 of 3 reps" in out
        assert "No space left on device" in error

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
        program = workers.program(stand_ins.check_anything)
        monkeypatch.setattr("hinge_dowel.batch.worker_process._PROGRAM", program)
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
            (["me.png", "--fps", "30"], []),
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
        (tmp_path / "columns.toml").write_text('[places]\nnose = ["a", "b"]\n')
        for name in ("me.mp4", "me.png", "p.npz", "p.CSV"):
            (tmp_path / name).touch()
        main(["check", *arguments])
        told = [line for line in capsys.readouterr().err.splitlines() if "changed nothing" in line]
        assert [line.split()[0] for line in told] == idle
