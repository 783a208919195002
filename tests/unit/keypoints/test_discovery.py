"""Which clips a command names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
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
    assert find_clips([given_file, folder]).clips == [
        given_file,
        folder / "a.mp4",
        folder / "b.MP4",
        folder / "deep" / "a.mov",
    ]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("._a.mp4", ".trash/b.mp4", "c.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_clips([tmp_path]).clips == [tmp_path / "c.mp4"]


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
    assert find_clips([tmp_path]).clips == [tmp_path / "closed", tmp_path / "open" / "b.mp4"]


def test_a_film_s_link_that_leads_nowhere_is_listed_and_others_are_not(tmp_path: Path) -> None:
    for name in ("gone.mp4", "loop.mov", "notes.txt", ".hidden.mp4", ".trash/a.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(tmp_path / (name if "loop" in name else "nothing"))
    (tmp_path / "me.mp4").touch()
    (tmp_path / "there.mp4").symlink_to(tmp_path / "me.mp4")
    found = ("gone.mp4", "loop.mov", "me.mp4", "there.mp4")
    assert find_clips([tmp_path]).clips == [tmp_path / name for name in found]


def test_a_folder_inside_a_hidden_one_is_searched_when_named(tmp_path: Path) -> None:
    folder = tmp_path / ".hidden" / "films"
    folder.mkdir(parents=True)
    (folder / "a.mp4").touch()
    assert find_clips([folder]).clips == [folder / "a.mp4"]


def test_a_clip_named_twice_is_listed_once(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    (tmp_path / "b.mp4").touch()
    found = find_clips([tmp_path / "b.mp4", tmp_path]).clips
    assert found == [tmp_path / "b.mp4", tmp_path / "a.mp4"]


@pytest.mark.parametrize("ending", ["json", "txt"])
def test_numbered_files_that_are_films_of_their_own_all_count(tmp_path, ending):
    for number in range(6):
        write_json(tmp_path / f"trial{number}.{ending}", places_of(COCO)[:9].tolist())
    assert len(find_clips([tmp_path]).clips) == 6


def many_kinds(folder: Path) -> list[str]:
    """A folder of numbered films, a series, arrays, a table, and what is none of these."""
    (folder / "in").mkdir(parents=True)
    frames = places_of(COCO)[:9]
    for number in range(6):
        write_json(folder / f"trial{number}.json", frames.tolist())
        write_json(folder / f"in/frame{number}.json", {"people": [frames[number].tolist()]})
    np.savez(folder / "arrays.npz", keypoints=frames)
    np.savetxt(folder / "in/rows.csv", frames.reshape(9, -1), delimiter=",")
    np.savez(folder / "weights.npz", layer=np.ones(3))
    (folder / "notes.csv").write_text("day,weight_kg\nmonday,70\n")
    (folder / "read.me").touch()
    (folder / "session.slp").touch()
    own = ["arrays.npz", "in/frame0.json", "in/rows.csv", *(f"trial{n}.json" for n in range(6))]
    return sorted(own)


def test_all_kinds_of_keypoints_in_a_folder_count_and_the_others_say_why_not(tmp_path):
    names = many_kinds(tmp_path / "all")
    found = find_clips([tmp_path / "all"])
    assert found.clips == [tmp_path / "all" / name for name in sorted(names)]
    why = {path.name: why for path, why in found.left_out}
    assert sorted(why) == ["notes.csv", "session.slp", "weights.npz"]
    assert "is not opened" in why["session.slp"]
    assert all(sentence.startswith(name) for name, sentence in why.items())


def test_beside_films_files_of_keypoints_are_left_out_and_that_is_said(tmp_path):
    many_kinds(tmp_path / "all")
    (film := tmp_path / "all" / "me.mp4").touch()
    (tmp_path / "all" / "labels.tsv").touch()
    found = find_clips([tmp_path / "all"])
    assert found.clips == [film]
    assert [path.name for path, _ in found.left_out] == ["arrays.npz", "session.slp", "weights.npz"]
    assert all("lies beside films" in why for _, why in found.left_out)


def test_what_is_named_itself_is_not_left_out(tmp_path):
    (film := tmp_path / "me.mp4").touch()
    (arrays := tmp_path / "me.npz").touch()
    found = find_clips([tmp_path, arrays])
    assert (found.clips, found.left_out) == ([film, arrays], [])


def test_too_many_files_to_look_into_are_to_be_named(tmp_path, monkeypatch):
    many_kinds(tmp_path / "all")
    monkeypatch.setattr("hinge_dowel.keypoints.discovery.MOST_LOOKED_INTO", 6)
    with pytest.raises(UsageError, match="7 files that may be keypoints, too many to look into"):
        find_clips([tmp_path])


def test_large_files_and_what_makes_a_reader_stumble_are_told_of_by_who_checks_them(
    tmp_path, monkeypatch
):
    (tmp_path / "a.csv").write_text("nothing")
    monkeypatch.setattr("hinge_dowel.keypoints.discovery.LARGEST_LOOKED_INTO_BYTES", 3)
    assert find_clips([tmp_path]).clips == [tmp_path / "a.csv"]
    monkeypatch.undo()

    def stumbles(path: Path, columns: object) -> None:
        raise MemoryError

    monkeypatch.setattr("hinge_dowel.keypoints.readers.read", stumbles)
    assert find_clips([tmp_path]).clips == [tmp_path / "a.csv"]


def test_what_unpacks_to_much_is_not_looked_into(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "a.npz", layer=np.zeros(100_000))
    assert (tmp_path / "a.npz").stat().st_size < 10_000
    with pytest.raises(UsageError, match="holds no array"):
        find_clips([tmp_path])
    monkeypatch.setattr("hinge_dowel.keypoints.discovery.LARGEST_LOOKED_INTO_BYTES", 10_000)
    assert find_clips([tmp_path]).clips == [tmp_path / "a.npz"]


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no file or folder .*gone\.mp4: check the name\.$"):
        find_clips([tmp_path, tmp_path / "gone.mp4"][1:])


def test_a_folder_of_what_is_no_keypoints_says_why(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", layer=np.ones(3))
    with pytest.raises(UsageError, match=r"no video clip in the folder .*a\.npz holds no array"):
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
