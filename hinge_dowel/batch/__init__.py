"""Many clips at once: worker processes, results folders, cache, results as data, clusters."""
