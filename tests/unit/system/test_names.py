"""Names from outside: what they name, and how they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hinge_dowel.system import names


@pytest.mark.parametrize(
    ("text", "is_url"),
    [
        ("s3://bucket/class", True),
        ("sftp://host/class", True),
        ("simplecache::s3://bucket", True),
        ("class/a.mp4", False),
        ("C:\\class\\a.mp4", False),
        ("C://class", False),
        ("a:b.mp4", False),
        ("", False),
    ],
)
def test_urls_are_told_from_paths(text, is_url):
    assert names.is_url(text) == is_url


@pytest.mark.parametrize(
    ("url", "shown", "kept"),
    [
        (
            "rtsp://anna:secret@cam.local/live?key=1#now",
            "rtsp://cam.local/live?key=1#now",
            "rtsp://cam.local/live",
        ),
        ("https://host/a@b.mp4", "https://host/a@b.mp4", "https://host/a@b.mp4"),
        ("https://host?to=me@there", "https://host?to=me@there", "https://host"),
        ("films/who? #2.mp4", "films/who? #2.mp4", "films/who? #2.mp4"),
    ],
)
def test_secrets_are_neither_shown_nor_kept(url, shown, kept):
    assert names.without_user(url) == shown
    assert names.without_secrets(url) == kept


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("films/set #1.mp4", "films/set #1.mp4"),
        ("s3://bucket/set #1.mp4", "bucket/set #1.mp4"),
        ("https://host/a.mp4?key=1.csv", "host/a.mp4"),
        ("zip://mon/a.csv::file:///b.zip", "mon/a.csv"),
        ("simplecache::s3://bucket/a.mp4", "bucket/a.mp4"),
        ("sftp://anna:secret@host/a.mp4", "host/a.mp4"),
    ],
)
def test_a_url_names_a_path_in_its_place(source, path):
    assert names.path_within(source).as_posix() == path


@pytest.mark.parametrize(
    ("url", "below"),
    [
        ("s3://bucket/class", "s3://bucket/class/a.mp4"),
        ("s3://bucket/class/", "s3://bucket/class/a.mp4"),
        ("zip://::file:///b.zip", "zip://a.mp4::file:///b.zip"),
        ("zip://mon::file:///b.zip", "zip://mon/a.mp4::file:///b.zip"),
        ("simplecache::s3://bucket", "simplecache::s3://bucket/a.mp4"),
    ],
)
def test_what_lies_in_the_folder_of_a_url(url, below):
    assert names.below(url, "a.mp4") == below


def test_what_steers_a_terminal_is_spelled_out():
    assert names.printable("a\x1b[2J\n\u202e\udcffü😀.mp4") == ("a\\x1b[2J\\n\\u202e\\udcffü😀.mp4")


@given(st.text(st.characters(max_codepoint=0x2FFF), max_size=20))
def test_a_name_as_one_line_prints_and_stays_so(name):
    line = names.one_line(name)
    assert line.isprintable()
    assert line == line.strip()
    assert "  " not in line
    assert names.one_line(line) == line


@pytest.mark.parametrize("sign", list("=+-@\t\r"))
def test_a_formula_gets_an_apostrophe_and_nothing_else_does(sign):
    assert names.no_formula(f"{sign}1+1.mp4") == f"'{sign}1+1.mp4"
    assert names.no_formula(f"a{sign}1") == f"a{sign}1"
    assert names.no_formula("") == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna", "ANNA", True),
        (" Anna\t Maria ", "anna maria", True),
        ("Zo\u00eb", "zoe\u0308", True),
        ("Straße", "STRASSE", True),
        ("Anna", "Ann", False),
        (None, None, True),
        (None, "", False),
        ("Anna", None, False),
    ],
)
def test_who_is_the_same_name(one, other, same):
    assert names.same_name(one, other) is same
    assert names.same_name(other, one) is same
