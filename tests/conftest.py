"""What holds for every test: opening a page builds nothing, unless the test says so."""

import os

from reading import building

os.environ.setdefault(building.SWITCH, "never")
