"""What holds for every test: opening a page builds nothing, unless the test says so; no made example has a time limit,
because other tests share the processors.
"""

import os

from hypothesis import settings

from reading import builder

os.environ.setdefault(builder.SWITCH, "never")
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
