"""What stored results depend on."""

from test_structure import imported, siblings

from hinge_dowel.batch import version


def test_everything_that_watching_a_clip_imports_counts():
    """Else a change there would leave stale records in the store."""
    found, new = set(), {"follow"}
    while new:
        found |= new
        new = {name for module in new for name in siblings(imported(module))} - found
    helpers = {"errors", "paths"}  # sentences and places, no numbers
    assert found - helpers == set(version.POSE_STAGE)


def test_any_change_of_the_sources_is_another_version(tmp_path, monkeypatch):
    (tmp_path / "pose.py").write_text("one")
    monkeypatch.setattr(version, "files", lambda package: tmp_path)
    one = version._digest(["pose.py"], ["numpy"])
    assert version._digest(["pose.py"], ["numpy"]) == one
    assert version._digest(["pose.py"], ["numpy", "no-such-package"]) != one
    (tmp_path / "pose.py").write_text("two")
    assert version._digest(["pose.py"], ["numpy"]) != one


def test_the_program_is_all_its_code_and_data():
    names = set(version._sources(version.files("hinge_dowel")))
    assert {"judging.py", "spine.npz", "batch/clipwork.py", "batch/version.py"} <= names
    assert len(version.program_version()) == len(version.pose_version()) == 64
    assert version.program_version() != version.pose_version()
