"""What holds for every test: opening a page builds nothing, unless the test says so."""

import os

from reading import builder

os.environ.setdefault(builder.SWITCH, "never")
