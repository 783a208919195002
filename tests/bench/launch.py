"""Run a command and print what it took: status, seconds, processor seconds, peak in kilobytes.

A process of its own and a small one: the peak that the system tells of a child counts what its
parent held at its birth.
"""

import json
import resource
import subprocess
import sys
import time

began = time.perf_counter()
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
wall_s = time.perf_counter() - began
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([status, wall_s, spent.ru_utime + spent.ru_stime, spent.ru_maxrss]))
