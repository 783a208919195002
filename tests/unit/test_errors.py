"""The error tree, as whoever calls the command meets it."""

from __future__ import annotations

import pytest

from hinge_dowel import cli, errors

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.HingeDowelError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_one_sentence_and_a_status(kind, monkeypatch, capsys):
    def fail(_):
        raise kind("The camera is busy: close the other program.")

    monkeypatch.setattr("hinge_dowel.commands.tolerances.run", fail)
    assert cli.main(["tolerances"]) == errors.EXIT_ERROR
    assert capsys.readouterr() == (
        "",
        "hinge-dowel: The camera is busy: close the other program.\n",
    )


def test_statuses_tell_a_fault_from_an_error_and_from_neither():
    assert (errors.EXIT_CLEAN, errors.EXIT_FAULT, errors.EXIT_ERROR) == (0, 1, 2)
