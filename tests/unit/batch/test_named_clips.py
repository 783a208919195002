"""Which clips are named by what is typed."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from hinge_dowel.batch.named_clips import ARCHIVE_HERE, clips_in, sources_of
from hinge_dowel.batch.results_folder import FILMS, STATE
from hinge_dowel.errors import UsageError


def archive(path: Path, *names: str) -> Path:
    with ZipFile(path, "w") as written:
        for name in names:
            written.writestr(name, b"film")
    return path


def test_an_archive_is_named_by_the_url_of_its_content(tmp_path: Path) -> None:
    path = archive(tmp_path / "films.ZIP", "a.mp4")
    assert sources_of([str(path)]) == [f"{ARCHIVE_HERE}{path.as_posix()}"]
    assert sources_of(["https://host/films.zip"]) == ["zip://::https://host/films.zip"]
    assert sources_of(["zip://a.mp4::https://host/films.zip"]) == [
        "zip://a.mp4::https://host/films.zip"
    ]
    assert sources_of(["https://host/me.mp4"]) == ["https://host/me.mp4"]
    assert sources_of([str(tmp_path)]) == [tmp_path]
    assert sources_of(["gone.zip"]) == [Path("gone.zip")]


def test_each_clip_is_found_once_and_no_film_that_was_drawn_before(tmp_path: Path) -> None:
    drawn = tmp_path / "out" / FILMS
    drawn.mkdir(parents=True)
    for path in (mine := tmp_path / "me.mp4", film := drawn / "me.mp4"):
        path.touch()
    assert clips_in([tmp_path, mine], str(tmp_path / "out")).clips == [mine]
    assert clips_in([tmp_path, film], str(tmp_path / "out")).clips == [mine, film]
    assert set(clips_in([tmp_path], None).clips) == {mine, film}
    (loop := tmp_path / "loop.mp4").symlink_to(loop)
    assert clips_in([tmp_path], str(tmp_path / "out")).clips == [loop, mine]


def test_no_film_that_any_run_has_drawn_is_a_clip_of_a_folder(tmp_path: Path) -> None:
    results = tmp_path / "week 1" / "results"
    for folder in (drawn := results / FILMS, results / STATE, own := tmp_path / FILMS):
        folder.mkdir(parents=True)
    for path in (film := drawn / "me.mp4", mine := own / "me.mp4"):
        path.touch()
    assert clips_in([tmp_path], None).clips == [mine]
    assert clips_in([tmp_path], str(tmp_path / "other")).clips == [mine]
    # Who names them themselves means them.
    assert clips_in([film], None).clips == clips_in([drawn], None).clips == [film]
    for out in (None, str(results)):
        with pytest.raises(UsageError, match="check the clips themselves"):
            clips_in([results], out)


def test_an_archive_without_clips_is_one_bad_clip(tmp_path: Path) -> None:
    path = archive(tmp_path / "films.zip", "read.me")
    assert clips_in(sources_of([str(path)]), None).clips == [path]
    with pytest.raises(UsageError):
        clips_in([(tmp_path / "nowhere").as_uri()], None)


class TestWildcards:
    def test_they_are_expanded_where_no_shell_did(self, tmp_path: Path) -> None:
        for name in ("b.mp4", "a.mp4", "c.mov", "deep/d.mp4"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()

        def found(pattern: str) -> list[str]:
            paths = sources_of([str(tmp_path / pattern)])
            return [path.relative_to(tmp_path).as_posix() for path in paths]

        assert found("*.mp4") == ["a.mp4", "b.mp4"]
        assert found("[bc].*") == ["b.mp4", "c.mov"]
        assert found("**/*.mp4") == ["a.mp4", "b.mp4", "deep/d.mp4"]

    def test_a_name_with_brackets_is_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "me [1].mp4"
        path.touch()
        assert sources_of([str(path)]) == [path]

    def test_addresses_and_plain_names_stay(self) -> None:
        given = ["s3://bucket/*.mp4", "gone.mp4"]
        assert sources_of(given) == [given[0], Path(given[1])]

    def test_where_nothing_matches_is_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"A path is empty"):
            sources_of(["me.mp4", ""])
        with pytest.raises(UsageError, match=r"Nothing here is called .*\*\.mp4: check the name"):
            sources_of([str(tmp_path / "*.mp4")])
