"""Many clips: processes, folders, cache, results as data, machines beside this one."""
