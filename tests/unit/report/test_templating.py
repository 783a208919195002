"""What every page is made with: escaping, short numbers, what its policy allows."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from hinge_dowel.report.templating import environment, files, inlined


def written(template: str, **values: object) -> str:
    return environment().from_string(template).render(**values)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (-0.04, "0"),
        (0.3, ".3"),
        (-0.25, "-.2"),
        (10.0, "10"),
        (-7.04, "-7"),
        (100.06, "100.1"),
    ],
)
def test_numbers_of_drawings_are_short(value: float, said: str) -> None:
    assert written("{{ value|n }}", value=value) == said
    assert written("{{ values|numbers }}", values=(value, 2)) == f"{said} 2"


def test_values_are_escaped_and_none_may_be_missing() -> None:
    assert written("{{ name }}", name="<b>&{{1}}") == "&lt;b&gt;&amp;{{1}}"
    with pytest.raises(UndefinedError, match="nmae"):
        written("{{ nmae }}", name="")


def test_the_policy_allows_a_text_by_its_digest() -> None:
    # The digest of an empty text, from FIPS 180-4's test vectors, in base 64.
    empty = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert inlined(style=()) == {"style": "", "style_hash": empty}


def test_files_come_one_after_the_other() -> None:
    assert files("drawings.css", "paper.css") == f"{files('drawings.css')}\n{files('paper.css')}"
