"""The commands: each module has `add`, which declares its options, and `run`.

A module loads nothing heavy until it runs, so that `--help` answers at once.
"""
