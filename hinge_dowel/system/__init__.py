"""Access to the machine: folders, files, console, names from outside."""
