"""What the program needs of the machine: folders, files, console, names from outside."""
