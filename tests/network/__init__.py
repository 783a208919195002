"""A study: a small image network for the spine, trained on drawn people alone.

    make network PHOTOS=DIR

draws people (`draw.py`), trains on them (`train.py`), writes the network (`export.py`) and says
what it is worth (`measure.py`). RESULTS.md has what came of it so far; the program does not use it.
Needs torch and numba; `reader.py`, which asks the network, needs neither.
"""
