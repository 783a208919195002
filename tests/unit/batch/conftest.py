"""What tests of batches share."""

import pytest


@pytest.fixture
def named_clips(tmp_path, monkeypatch):
    """Makes clips whose outcome is told by their name (see `support.outcomes.fake_check`)."""
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))

    def make(*names):
        paths = [tmp_path / name for name in names]
        for path in paths:
            path.touch()
        return paths

    return make
