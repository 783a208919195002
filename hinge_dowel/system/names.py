"""Names that come from outside: paths, URLs, and how they are shown without doing harm."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath, PurePosixPath

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


def path_within(source: str) -> PurePosixPath:
    """The path that a URL names in its place, for its name and its suffix; a path stays one.

    In storage, ? and # may be part of a name; in web addresses they are not. Of a chain
    (zip://a.csv::file:///b.zip) the first part that has a place counts.
    """
    if not is_url(source):
        return PurePosixPath(source)
    first = next((part for part in source.split("::") if "://" in part), source)
    scheme, _, rest = without_user(first).partition("://")
    return PurePosixPath(re.split(r"[?#]", rest)[0] if scheme.startswith("http") else rest)


def below(url: str, name: str) -> str:
    """The URL of what lies in the folder of a URL; of a chain, in its first part with a place."""
    parts = url.split("::")
    at = next((i for i, part in enumerate(parts) if "://" in part), 0)
    parts[at] = parts[at] + name if parts[at].endswith("://") else f"{parts[at].rstrip('/')}/{name}"
    return "::".join(parts)


def is_hidden(path: PurePath) -> bool:
    """Whether a file or one of the folders on the way to it is called with a point in front."""
    return any(part.startswith(".") for part in path.parts)


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


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are of one person: capitals do not matter; None is only itself."""
    if one is None or other is None:
        return one is other
    return one_line(one).casefold() == one_line(other).casefold()
