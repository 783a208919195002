"""What stored results depend on."""

from support.structure import imported, siblings

from hinge_dowel.batch import fingerprint


def test_everything_that_watching_a_clip_imports_counts():
    """Else a change there would leave stale records in the store."""
    found, new = set(), {"pose.masking"}
    while new:
        found |= new
        new = {name for module in new for name in siblings(imported(module))} - found
    # Names, sentences, files and folders: no numbers.
    helpers = {name for name in found if name == "errors" or name.startswith("system.")}
    counted = fingerprint.POSE_STAGE
    assert {n for n in found - helpers if not n.replace(".", "/").startswith(counted)} == set()


def test_any_change_of_the_sources_is_another_version(tmp_path, monkeypatch):
    (tmp_path / "pose.py").write_text("one")
    monkeypatch.setattr(fingerprint, "files", lambda package: tmp_path)
    one = fingerprint._digest(["pose.py"], ["numpy"])
    assert fingerprint._digest(["pose.py"], ["numpy"]) == one
    assert fingerprint._digest(["pose.py"], ["numpy", "no-such-package"]) != one
    (tmp_path / "pose.py").write_text("two")
    assert fingerprint._digest(["pose.py"], ["numpy"]) != one


def test_the_program_is_all_its_code_and_data():
    names = set(fingerprint._sources(fingerprint.files("hinge_dowel")))
    assert {
        *("analysis/judging.py", "analysis/back_points.npz"),
        *("batch/task.py", "batch/fingerprint.py"),
    } <= names
    assert len(fingerprint.program_version()) == len(fingerprint.pose_version()) == 64
    assert fingerprint.program_version() != fingerprint.pose_version()
