"""Options that several commands have: films, the person's height."""

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
