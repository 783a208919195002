"""Names from outside: paths, URLs, and how to show them safely."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(::|://)")  # two letters: C:\ is a disk
ESCAPED = "backslashreplace"
r"""How files and terminals are written (`errors=` of an encoder), so that no name fails: half a
surrogate, from a file name that is not UTF-8, becomes \udcxx, which is valid in JSON too."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_url(text: str) -> bool:
    """Return whether `text` is a URL rather than a path on this machine."""
    return _URL.match(text) is not None


def without_user(url: str) -> str:
    """Return a URL without user and password, as it may be shown and stored."""
    return re.sub(r"(?<=://)[^/?#]*@", "", url)


def without_secrets(source: str) -> str:
    """Return a URL without user, password and query (it may hold a key); a path unchanged."""
    return re.split(r"[?#]", without_user(source))[0] if is_url(source) else source


def path_within(source: str) -> PurePosixPath:
    """Return the path in a URL, for its name and its suffix; a path unchanged.

    In storage, ? and # may be part of a name; in web addresses they are not. Of a chain
    (zip://a.csv::file:///b.zip) the first part with :// counts.
    """
    if not is_url(source):
        return PurePosixPath(source)
    first = next((part for part in source.split("::") if "://" in part), source)
    scheme, _, rest = without_user(first).partition("://")
    return PurePosixPath(re.split(r"[?#]", rest)[0] if scheme.startswith("http") else rest)


def below(url: str, name: str) -> str:
    """Return the URL of `name` in the folder `url`; of a chain, in its first part with ://."""
    parts = url.split("::")
    i = next((i for i, part in enumerate(parts) if "://" in part), 0)
    parts[i] = parts[i] + name if parts[i].endswith("://") else f"{parts[i].rstrip('/')}/{name}"
    return "::".join(parts)


def printable(name: str) -> str:
    """Return a name with unprintable and direction-changing characters escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def no_formula(text: str) -> str:
    """Return text with an apostrophe in front if a spreadsheet took it for a formula ("=1.mp4").

    Spreadsheets mark text in this way themselves.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def one_line(text: str) -> str:
    """Return typed text as one printable line: spaces joined, ends stripped, NFC."""
    return printable(" ".join(unicodedata.normalize("NFC", text).split()))


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names are of one person, ignoring capitals; None only equals None."""
    if one is None or other is None:
        return one is other
    return one_line(one).casefold() == one_line(other).casefold()
