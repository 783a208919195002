"""What is said on the screen: words whole, errors in a sentence, times as people say them."""

from __future__ import annotations

import io
import sys

import pytest

from hinge_dowel.system import console


def test_a_terminal_gets_no_words_cut_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    said = "Hear the dowel, a soft-spoken/stick/of/your/own here."
    for terminal, lines in ((True, 3), (False, 1)):
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda shown=terminal: shown)
        monkeypatch.setattr(sys, "stderr", stream)
        console.tell(said)
        told = stream.getvalue()
        assert (told.split(), told.count("\n")) == (said.split(), lines)


@pytest.mark.parametrize(
    ("error", "told"), [(OSError("lost\nmore"), "OSError: lost"), (KeyError(), "KeyError")]
)
def test_an_error_nobody_foresaw_is_a_sentence_and_whole_when_asked(
    error: Exception, told: str, monkeypatch, capsys
) -> None:
    monkeypatch.delenv("HINGE_DOWEL_DEBUG", raising=False)
    said = console.unexpected("It failed", error)
    assert said.startswith(f"It failed ({told}); please report it ")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("HINGE_DOWEL_DEBUG", "1")
    assert console.unexpected("It failed", error) == said
    assert type(error).__name__ in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.5, "1.5 s"),
        (90, "90 s"),
        (119, "119 s"),
        (300, "5 min"),
        (317, "5.3 min"),
        (14400, "4 h"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert console.spoken_s(seconds) == text
