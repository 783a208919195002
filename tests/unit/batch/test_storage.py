"""A folder of results: written whole, under harmless names."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.batch.storage import LocalStorage, file_name
from hinge_dowel.errors import OutputError


@pytest.fixture
def place(tmp_path):
    return LocalStorage(tmp_path / "out")


def test_a_file_is_written_whole_or_not_at_all(place):
    place.write("a/b.txt", b"old")

    def fails(path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"No space left on device\); put that right and run the"):
        place.make("a/b.txt", fails)
    assert [p.name for p in (place.root / "a").iterdir()] == ["b.txt"]
    assert (place.root / "a" / "b.txt").read_bytes() == b"old"


def test_half_written_files_do_not_count_and_are_swept_when_old(place):
    place.write("a/b.txt", b"1234")
    for name in ("old", "young"):
        (place.root / "a" / f".{name}.tmp").write_bytes(b"x")
    os.utime(place.root / "a" / ".old.tmp", (1, 1))
    assert place.sizes("a") == {"a/b.txt": 4}
    assert sorted(p.name for p in (place.root / "a").iterdir()) == [".young.tmp", "b.txt"]
    assert list(place.read_many(["a/missing", "a/b.txt"])) == [("a/b.txt", b"1234")]


@pytest.mark.parametrize(
    ("clip", "name"),
    [
        ("squat.mp4", "squat"),
        ("squat.mov", "squat.mov"),
        ("my clip 2.mp4", "my clip 2"),
        ("élève.mp4", "élève"),
    ],
)
def test_ordinary_names_stay_as_they_are(clip, name):
    assert file_name(clip) == name


def test_what_lost_a_suffix_is_not_what_never_had_it():
    assert file_name("a.mov.mp4") != file_name("a.mov") == "a.mov"


NASTY = [
    *("../up.mp4", "/etc/passwd", "a/b.mp4", "a\\b.mp4", "a\nb.mp4", "<b>.mp4", "con.mp4", "NUL"),
    *(
        ".hidden.mp4",
        "-rf.mp4",
        "x" * 300 + ".mp4",
        "",
        ".",
        "..",
        ".mp4",
        "a.mov.mp4",
        "\udcff.mp4",
    ),
    *("😀.mp4", "a:b.mp4", "end..mp4", "end .mp4"),
]


@pytest.mark.parametrize("clip", NASTY)
def test_no_name_leaves_its_folder_or_means_something_else(clip, tmp_path):
    name = file_name(clip)
    assert Path(name).name == name
    assert name.strip(" .-") == name != ""
    assert name.partition(".")[0].lower() not in ("con", "nul")
    (tmp_path / f"{name}.trc").write_text("")
    assert len(list(tmp_path.iterdir())) == 1


names = st.one_of(st.sampled_from([*NASTY, "a.mov", "a.mp4", "squat.mp4"]), st.text(max_size=12))


@given(names, names)
def test_two_clips_never_share_a_name(one, other):
    assert (file_name(one) == file_name(other)) == (one == other)
