"""Which clips a command names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.keypoint_files import COCO, places_of, write_json

from hinge_dowel.batch.cache import content_key
from hinge_dowel.errors import UsageError
from hinge_dowel.keypoints.discovery import find_clips, whole_of


def test_files_come_as_given_and_folders_are_searched_whole(tmp_path: Path) -> None:
    for name in ("z.notes", "set/b.MP4", "set/deep/a.mov", "set/a.mp4", "set/text.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    given_file, folder = tmp_path / "z.notes", tmp_path / "set"
    assert find_clips([given_file, folder]) == [
        given_file,
        folder / "a.mp4",
        folder / "b.MP4",
        folder / "deep" / "a.mov",
    ]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("._a.mp4", ".trash/b.mp4", "c.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_clips([tmp_path]) == [tmp_path / "c.mp4"]


def test_a_folder_that_may_not_be_read_is_listed_and_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed/a.mp4", "open/b.mp4", "lost+found/c.mp4"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    scan = os.scandir

    def guarded(place: str) -> Iterator[os.DirEntry[str]]:
        if Path(place).name == "closed":
            raise PermissionError(13, "Permission denied", place)
        return scan(place)

    monkeypatch.setattr(os, "scandir", guarded)
    assert find_clips([tmp_path]) == [tmp_path / "closed", tmp_path / "open" / "b.mp4"]


def test_a_film_s_link_that_leads_nowhere_is_listed_and_others_are_not(tmp_path: Path) -> None:
    for name in ("gone.mp4", "loop.mov", "notes.txt", ".hidden.mp4", ".trash/a.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(tmp_path / (name if "loop" in name else "nothing"))
    (tmp_path / "me.mp4").touch()
    (tmp_path / "there.mp4").symlink_to(tmp_path / "me.mp4")
    found = ("gone.mp4", "loop.mov", "me.mp4", "there.mp4")
    assert find_clips([tmp_path]) == [tmp_path / name for name in found]


def test_a_folder_inside_a_hidden_one_is_searched_when_named(tmp_path: Path) -> None:
    folder = tmp_path / ".hidden" / "films"
    folder.mkdir(parents=True)
    (folder / "a.mp4").touch()
    assert find_clips([folder]) == [folder / "a.mp4"]


def test_a_clip_named_twice_is_listed_once(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    (tmp_path / "b.mp4").touch()
    found = find_clips([tmp_path / "b.mp4", tmp_path])
    assert found == [tmp_path / "b.mp4", tmp_path / "a.mp4"]


@pytest.mark.parametrize("ending", ["json", "txt"])
def test_numbered_files_that_are_films_of_their_own_all_count(tmp_path, ending):
    for number in range(6):
        write_json(tmp_path / f"trial{number}.{ending}", places_of(COCO)[:9].tolist())
    if ending == "json":
        assert len(find_clips([tmp_path])) == 6
    else:  # a text may be anything
        with pytest.raises(UsageError):
            find_clips([tmp_path])


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no file or folder .*gone\.mp4: check the name\.$"):
        find_clips([tmp_path, tmp_path / "gone.mp4"][1:])


def test_a_folder_of_arrays_says_how_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "a.npz").touch()
    with pytest.raises(UsageError, match=r"name files of keypoints themselves, as .*\*\.npz\.$"):
        find_clips([tmp_path])


def test_a_folder_without_clips_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(UsageError, match=r"no video clip in the folder"):
        find_clips([tmp_path])


@pytest.mark.parametrize("name", ["a.json", "a.trc", "12.csv"])
def test_other_files_are_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch()
    assert whole_of(path) == [path]


def test_what_a_playlist_lists_is_part_of_its_content(tmp_path: Path) -> None:
    playlist, film = tmp_path / "film.m3u8", tmp_path / "film0.ts"
    playlist.write_text("#EXTM3U\nfilm0.ts\n")
    film.write_bytes(b"one")
    assert whole_of(playlist) == [playlist, film]
    before = content_key(playlist)
    film.write_bytes(b"two")
    assert content_key(playlist) not in (before, None)


def test_a_playlist_is_the_films_it_lists_once_each(tmp_path: Path) -> None:
    playlist = tmp_path / "film.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:2.0,\nfilm0.ts\n#EXTINF:2.0,\nfilm.m3u8\nmore.M3U8\n")
    (tmp_path / "more.M3U8").write_text("film0.ts\nfilm1.ts\n")
    listed = [path.name for path in whole_of(playlist)]
    assert listed == ["film.m3u8", "film0.ts", "more.M3U8", "film1.ts"]
