"""Run a command and print what it took: status, seconds, processor seconds, peak in kilobytes.

A process of its own and a small one: the peak that the system tells of a child counts what its
parent held at its birth. The command is ended when whoever asked for it is gone, however that was.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import time

LOOK_EVERY_S = 1.0

asked_by = os.getppid()
began = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def end_when_alone() -> None:
    """Ask the command to stop once this process has been left to the system."""
    while os.getppid() == asked_by:
        time.sleep(LOOK_EVERY_S)
    child.terminate()


threading.Thread(target=end_when_alone, daemon=True).start()
status = child.wait()
wall_s = time.perf_counter() - began
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([status, wall_s, spent.ru_utime + spent.ru_stime, spent.ru_maxrss]))
