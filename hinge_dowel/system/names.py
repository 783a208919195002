"""Names that come from outside: paths, URLs, and how they are shown without doing harm."""

from __future__ import annotations

import re
import unicodedata

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(::|://)")  # two letters: C:\ is a disk
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_url(text: str) -> bool:
    """Whether this names something behind a URL rather than a path on this machine."""
    return _URL.match(text) is not None


def without_user(url: str) -> str:
    """A URL as it may be shown and kept: without user and password."""
    return re.sub(r"(?<=://)[^/?#]*@", "", url)


def without_secrets(source: str) -> str:
    """A URL without its query either, which may hold a key; a path stays as it is."""
    return re.split(r"[?#]", without_user(source))[0] if is_url(source) else source


def printable(name: str) -> str:
    """A name as harmless text: what does not print, or turns text round, is escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def no_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula ("=1+1.mp4"): with an apostrophe in front.

    Such programs write it so themselves.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def one_line(text: str) -> str:
    """Words that a person typed, as one line of harmless text: spaces joined, ends stripped."""
    return printable(" ".join(unicodedata.normalize("NFC", text).split()))


def same_person(one: str | None, other: str | None) -> bool:
    """Whether two names are of one person: capitals do not matter; None is only itself."""
    if one is None or other is None:
        return one is other
    return one_line(one).casefold() == one_line(other).casefold()
