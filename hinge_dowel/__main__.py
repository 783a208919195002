"""`python -m hinge_dowel` is the command `hinge-dowel`."""

import sys

from hinge_dowel.cli import main

# The guard matters: worker processes import this module again.
if __name__ == "__main__":
    sys.exit(main())
