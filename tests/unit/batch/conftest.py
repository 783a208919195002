"""What tests of batches share."""

import pytest
from support import outcomes

from hinge_dowel.batch import worker_process


@pytest.fixture
def named_clips(tmp_path, monkeypatch):
    """Makes clips whose outcome is told by their name (see `support.outcomes.fake_check`)."""
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(worker_process, "_PROGRAM", outcomes.WORKER)

    def make(*names):
        paths = [tmp_path / name for name in names]
        for path in paths:
            path.touch()
        return paths

    return make
