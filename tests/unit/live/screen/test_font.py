"""Large letters: whole, told apart, and as large as fits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.exercises import cues
from hinge_dowel.live.screen import font
from hinge_dowel.live.screen.canvas import halves


def text(codes):
    return ["".join(map(chr, row)) for row in codes]


FACES = {"large": font.large(), "small": font.small()}


ALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:'-!?/%+"


class TestLetters:
    @pytest.mark.parametrize("face", FACES)
    def test_the_faces_are_whole(self, face):
        assert set(FACES[face]) == {*ALL, " "}
        assert {len(letter) for letter in FACES[face].values()} == {font.height(FACES[face])}

    @pytest.mark.parametrize("face", FACES)
    def test_no_two_letters_look_alike(self, face):
        shapes = {}
        for name, letter in FACES[face].items():
            shapes.setdefault((letter.shape, letter.tobytes()), []).append(name)
        twins = [names for names in shapes.values() if len(names) > 1]
        # As on any seven-segment display; nothing here spells words with digits in them.
        assert twins == [["O", "0"]] + [["S", "5"]] * (face == "small")

    def test_words_are_spelled_letter_by_letter(self):
        assert text(halves(font.spell("hi!", font.small()))) == [
            "█ █ █ █",
            "█▀█ █ ▀",
            "▀ ▀ ▀ ▀",
        ]

    def test_a_letter_without_a_shape_is_a_question_mark(self):
        small = font.small()
        assert np.array_equal(font.spell("é", small), font.spell("?", small))

    @given(
        st.text(st.sampled_from(ALL + "  "), min_size=1, max_size=40),
        st.integers(1, 30),
        st.integers(1, 200),
    )
    def test_what_fits_fits(self, said, rows, columns):
        found = font.fit(said, rows, columns)
        if found is not None:
            assert found.shape[0] <= 2 * rows
            assert found.shape[1] <= columns

    def test_more_room_never_makes_it_smaller(self):
        sizes = [
            font.fit("hips back", rows, 8 * rows) is not None
            and font.fit("hips back", rows, 8 * rows).any(axis=1).sum()
            for rows in range(1, 40)
        ]
        assert sizes == sorted(sizes)
        assert sizes[0] is False
        assert sizes[-1] == 4 * 7

    def test_nothing_to_say_fits_nowhere(self):
        assert font.fit("", 10, 80) is None

    def test_texts_that_go_together_are_of_one_size(self):
        short, long = font.fit_alike(("head", "upper back"), 4, 60)
        assert len(short) == len(long) == 7
        alone = font.fit("head", 8, 60)
        assert len(alone) == 14

    @pytest.mark.parametrize(
        "shout",
        [fault.shout for fault in cues.FAULTS.values()]
        + [note.shout for note in cues.NOTES.values() if note.shout],
    )
    def test_every_cue_is_large_on_the_smallest_screen(self, shout):
        """One line of the large face, 4 rows high, beside the count on 80 columns."""
        assert len(shout.split()) <= 3
        assert len(font.fit(shout, 4, 57)) == 7
