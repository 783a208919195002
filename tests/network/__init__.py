"""A study: a small image network for the spine, trained on drawn people alone.

    make network PHOTOS=DIR

draws people (`draw.py`), trains on them (`train.py`), writes the network (`export.py`) and measures
its errors (`measure.py`). RESULTS.md has the results so far. Needs torch and numba;
`hinge_dowel.pose.network`, by which the program reads the network, needs neither.
"""
