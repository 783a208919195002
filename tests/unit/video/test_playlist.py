"""Playlists of films."""

from __future__ import annotations

from pathlib import Path

from hinge_dowel.video.playlist import with_films


def test_a_playlist_is_the_films_it_lists_once_each(tmp_path: Path) -> None:
    playlist = tmp_path / "film.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:2.0,\nfilm0.ts\n#EXTINF:2.0,\nfilm.m3u8\nmore.M3U8\n")
    (tmp_path / "more.M3U8").write_text("film0.ts\nfilm1.ts\n")
    listed = [path.name for path in with_films(playlist)]
    assert listed == ["film.m3u8", "film0.ts", "more.M3U8", "film1.ts"]
