"""What can go wrong at the door, each told in one sentence."""


class InvalidData(Exception):
    """A table breaks a rule: nothing is written, the old database stays."""


class NoDatabase(Exception):
    """There is no database yet, or the one that was asked for is gone."""


class Unreadable(NoDatabase):
    """The open database cannot give what is asked: it was made by another version of this code, or it is damaged."""


class Overtaken(InvalidData):
    """Another build was written at the same moment: that one stays, this one is not written."""
