"""Archives read in memory, nothing ever written to disk.

Question  Which files does a .tar.gz hold, and what do they say?
Input     the archive's bytes, and a pattern over member names.
Output    the matching files, name -> bytes, in name order.
Method    The archive is unpacked into memory up to a limit before its directory is read, so that a small archive that
          unpacks to gigabytes is refused early. Names are only compared with the pattern: no path is ever opened.
Silent    Links, devices and folders are passed over. Damaged, oversized or ambiguous archives raise LayoutChanged.
"""

import gzip
import io
import re
import tarfile
import zlib

from ingest.records import LayoutChanged, Page, shorten

# Thirty times the largest archive seen (5 MB unpacked, 760 members).
MAX_UNPACKED = 150_000_000
MAX_MEMBERS = 20_000


def read_tar_gz(page: Page, wanted: re.Pattern[str]) -> dict[str, bytes]:
    """Files of a .tar.gz whose whole name matches `wanted`; raises LayoutChanged when the archive cannot be trusted."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(page.body)) as packed:
            unpacked = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise LayoutChanged(f"{page.name} is not a whole .tar.gz file.") from error
    if len(unpacked) > MAX_UNPACKED:
        raise LayoutChanged(f"{page.name} unpacks to more than {MAX_UNPACKED} bytes.")
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            for number, member in enumerate(archive):
                if number >= MAX_MEMBERS:
                    raise LayoutChanged(f"{page.name} holds more than {MAX_MEMBERS} members.")
                if not member.isreg() or not wanted.fullmatch(member.name):
                    continue
                if member.issparse() or member.size > len(unpacked):  # holes take no place and unpack to gigabytes
                    raise LayoutChanged(f"{page.name} holds {shorten(member.name)!r} with more bytes than it has.")
                if member.name in found:
                    raise LayoutChanged(f"{page.name} holds {shorten(member.name)!r} twice.")
                file = archive.extractfile(member)
                body = file.read() if file else b""
                if len(body) != member.size:
                    raise LayoutChanged(f"{page.name} ends inside {shorten(member.name)!r}.")
                found[member.name] = body
    except (tarfile.TarError, OSError, EOFError) as error:
        raise LayoutChanged(f"{page.name} is not a readable tar archive.") from error
    return dict(sorted(found.items()))
