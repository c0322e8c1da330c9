"""What can go wrong at the door, each told in one sentence."""

import errno
import os

# What DuckDB hands on of a system that can write no more: it has no class of its own for it.
FULL = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def is_full(error: Exception) -> bool:
    """Whether DuckDB could not write because there is no space left."""
    return any(words in str(error) for words in FULL)


def unwritable(error: Exception, place: str) -> OSError:
    """What a person can act on where DuckDB could not write a file: the disk is full, or refuses."""
    if is_full(error):
        return OSError(errno.ENOSPC, "There is no space left on the disk", place)
    return OSError(None, "The disk cannot be written", place)


class InvalidData(Exception):
    """A table breaks a rule: nothing is written, the old database stays."""


class NoDatabase(Exception):
    """There is no database yet, or the one that was asked for is gone."""


class Unreadable(NoDatabase):
    """The open database cannot give what is asked: it was made by another version of this code, or it is damaged."""


class Overtaken(InvalidData):
    """Another build was written at the same moment: that one stays, this one is not written."""
