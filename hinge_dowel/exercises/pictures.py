"""The exercises drawn in characters: the start beside the bottom, facing right."""

KNEELING = r"""
       o
       |
       |             __o
       |          __/
       |          \_
   ____|_      ___/_\_
"""
WALL_TAP = r"""
   :   o      :
   :   |      :       o
   :   |      :   __/
   :   |      :__/
   :   |      : \
   :   |      :  |
   :___|_     :__|_
"""
HINGE = r"""
      |o                 //
      ||              //_o
      ||           //_/
      ||         //_/
       |           \
       |            |
       |_           |_
"""
BAND = r"""
         o
         |               o
         |           __/
  #======|     #==__/
  #      |     #    \
  #      |     #     |
  #______|_    #_____|_
"""
RDL = r"""
       o
       |\               o
       | |          __/|
       | O       __/   |
       |          \    |
       |           |   O
       |_          |_
"""
GOOD_MORNING = r"""
      @o
       |                @
       |            __/ o
       |         __/
       |          \
       |           |
       |_          |_
"""
DEADLIFT = r"""
                          o
                          |\
          _o              | |
      __/  |              | O
     \     |              |
      \__  |              |
       /_  O              |_
"""
SWING = r"""
       o
       |---O            o
       |            __/|
       |         __/  /
       |          \  /
       |        O--\|
       |_           |_
"""
BENCH = r"""
           o
           |                o
           |            __/
           |         __/
   ______  |  _______ \
   ||  ||  |  ||   ||  |
   ||  ||  |_ ||   ||  |_
"""
