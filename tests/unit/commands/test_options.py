"""Options that several commands have: films, wildcards, the person's height."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from hinge_dowel.commands import options
from hinge_dowel.errors import UsageError
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.video.options import WHOLE, FilmOptions


def parsed(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    options.config_option(parser)
    options.film_options(parser, choose=True)
    return parser.parse_args(given)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ((), WHOLE),
        (("--from", "2", "--to", "8.5"), FilmOptions(from_s=2.0, to_s=8.5)),
        (("--slow-motion", "4"), FilmOptions(slow_motion=4.0)),
        (("--person", "right"), FilmOptions(person="right")),
        (("--person", "2"), FilmOptions(person=2)),
    ],
)
def test_what_was_said_of_a_film(given: tuple[str, ...], meant: FilmOptions) -> None:
    assert options.film_options_of(parsed(*given)) == meant


@pytest.mark.parametrize(
    "given",
    [("--from", "-1"), ("--slow-motion", "0"), ("--person", "middle"), ("--person", "0")],
)
def test_what_cannot_be_meant_is_refused(
    given: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(*given)
    assert "must be" in capsys.readouterr().err


def test_a_part_that_ends_before_it_begins_is_a_sentence() -> None:
    with pytest.raises(UsageError, match=r"--from and --to: .* must end after it begins\."):
        options.film_options_of(parsed("--from", "5", "--to", "4"))


def test_a_height_is_the_stature(tmp_path: Path) -> None:
    assert options.tolerances_of(parsed()) == DEFAULT
    assert options.tolerances_of(parsed("--height", "183")).stature_cm == 183.0
    config = tmp_path / "t.toml"
    config.write_text("stature_cm = 160\ntoo_fast_s = 2\n")
    given = options.tolerances_of(parsed("--config", str(config), "--height", "183"))
    assert (given.stature_cm, given.too_fast_s) == (183.0, 2.0)


class TestWildcards:
    def test_they_are_expanded_where_no_shell_did(self, tmp_path: Path) -> None:
        for name in ("b.mp4", "a.mp4", "c.mov", "deep/d.mp4"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()

        def found(pattern: str) -> list[str]:
            paths = options.expanded([str(tmp_path / pattern)])
            return [Path(path).relative_to(tmp_path).as_posix() for path in paths]

        assert found("*.mp4") == ["a.mp4", "b.mp4"]
        assert found("[bc].*") == ["b.mp4", "c.mov"]
        assert found("**/*.mp4") == ["a.mp4", "b.mp4", "deep/d.mp4"]

    def test_a_name_with_brackets_is_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "me [1].mp4"
        path.touch()
        assert options.expanded([str(path)]) == [str(path)]

    def test_addresses_and_plain_names_stay(self) -> None:
        given = ["s3://bucket/*.mp4", "gone.mp4"]
        assert options.expanded(given) == given

    def test_where_nothing_matches_is_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"A path is empty"):
            options.expanded(["me.mp4", ""])
        with pytest.raises(UsageError, match=r"Nothing here is called .*\*\.mp4: check the name"):
            options.expanded([str(tmp_path / "*.mp4")])
