"""When our own network is asked about the pictures of a clip, and what it answered."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np

from hinge_dowel.body.array_types import Array, Pixels
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.pose.network import SpineNetwork
from hinge_dowel.pose.sparse_rows import SparseRows

NETWORK_EVERY_S = 0.12
"""Our own network is asked no more often than this: bodies bend slowly, and a look takes 4 ms."""
MOST_WAITING = 8
"""Most pictures that wait for the network, 1 MB each at most. A choice."""
FIRST_LOOKS = 8
"""The tracker of the second half of a clip begins with somebody who may be bent over, whose trunk
looks short. It takes the trunk's lengths from this many first looks of the clip, where people
stand: a second or more. A choice."""


class FirstSizes:
    """The trunk's lengths in the first looks at a clip, in pixels; known to whoever waits for them.

    So what is seen of the second half does not depend on when which of the first was.
    """

    def __init__(self) -> None:
        self._lengths_px: list[float] = []
        self._known: Future[list[float]] = Future()

    def saw(self, landmarks: Array) -> None:
        """Take note of a look: landmarks (33, >= 2) in pixels, NaN where nobody is."""
        if not self._known.done():
            _, _, length_px = trunk_frame(landmarks)
            if np.isfinite(length_px):
                self._lengths_px.append(float(length_px))
            if len(self._lengths_px) == FIRST_LOOKS:
                self.close()

    def close(self) -> None:
        """There are no more."""
        if not self._known.done():
            self._known.set_result(self._lengths_px)

    def wait(self) -> list[float]:
        """The lengths, once they are known or there are no more."""
        return self._known.result()


class NetworkLooks:
    """Our own network's answers to the pictures of a clip, found in a thread beside.

    As a context manager; the thread is gone with it. Few pictures wait at any time.
    """

    def __init__(self, sizes: FirstSizes | None = None, *, begins: bool = True) -> None:
        """`sizes` pass from the looks that begin a clip to those that go on in its middle."""
        self._thread = ThreadPoolExecutor(1, "network")
        self._sizes, self._begins = sizes or FirstSizes(), begins
        # Loaded there too, while the pose model has its first pictures.
        self._network = self._thread.submit(self._load)
        self._waiting: deque[tuple[float, Future[Array]]] = deque()
        self.answers = SparseRows()
        self._last_s = -np.inf

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._begins:
            self._sizes.close()
        self._thread.shutdown(cancel_futures=kind is not None)

    def look(self, time_s: float, picture: Pixels, landmarks: Array) -> None:
        """Have the network look at a picture, unless it has just looked at one."""
        if time_s - self._last_s < NETWORK_EVERY_S:
            return
        self._last_s = time_s
        if self._begins:
            self._sizes.saw(landmarks)
        self._keep(MOST_WAITING)
        self._waiting.append((time_s, self._thread.submit(self._ask, picture, landmarks)))

    def finish(self) -> None:
        """Wait for what was asked."""
        self._keep(0)

    def start_again(self) -> None:
        """Wait for what was asked, and look at the next picture, which is no continuation of the
        last, however soon it comes.
        """
        self._keep(0)
        self._thread.submit(lambda: self._network.result().forget_trunk()).result()
        self._last_s = -np.inf

    def _load(self) -> SpineNetwork:
        network = SpineNetwork()
        if not self._begins:
            network.plan.trunks_px.extend(self._sizes.wait())
        return network

    def _ask(self, picture: Pixels, landmarks: Array) -> Array:
        return self._network.result().look(picture, landmarks)

    def _keep(self, most: int) -> None:
        """Take in what was asked first, until no more than so many pictures wait."""
        while len(self._waiting) > most:
            time_s, work = self._waiting.popleft()
            self.answers.append(time_s, work.result())
