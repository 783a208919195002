"""The exercises drawn in characters: the start beside the bottom, facing right."""

KNEELING = r"""
    o
    |              __o
    |            _/
    |           /
____|_      ___/__
"""
WALL_TAP = r"""
||    o     ||
||    |     ||   ___o
||    |     ||__/
||    |     ||  \
||____|_    ||___|_
"""
HINGE = r"""
   /o
   /|         _______
   /|         ____o
    |        \
    |         |
____|_    ____|_
"""
BAND = r"""
      o
      |           ___o
|=====|     |==__/
|     |     |    \
|_____|_    |_____|_
"""
RDL = r"""
    o
    |\          __o
    | |        /  |
    | O        \  O
____|_      ____|___
"""
GOOD_MORNING = r"""
   O=o
    |\         _O=o
    |         /
    |         \
____|_     ____|_
"""
DEADLIFT = r"""
                o
      _o        |\
    _/ |        | |
    \  |        | O
___ / _O_   ____|___
"""
SWING = r"""
    o
    |---O       __o
    |         _/ /
    |         O\
____|_     ____|_
"""
BENCH = r"""
      o
      |           ___o
      |         _/
 ____ |    ____ |
_|__|_|_  _|__|_|_
"""
