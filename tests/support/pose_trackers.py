"""Stand-ins for the pose model's tracker."""

from __future__ import annotations

from hinge_dowel.pose.tracker import PoseObservation, no_person
from hinge_dowel.video.reader import Frame


class SeesNobody:
    """A tracker that counts its looks and starts."""

    looks = starts = 0

    def see(self, frame: Frame) -> PoseObservation:
        """Look at what may be an empty room."""
        self.looks += 1
        return no_person(frame.time_s)

    def restart(self) -> None:
        """Begin again."""
        self.starts += 1
