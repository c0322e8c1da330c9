"""The same figures to the last bit on every x86 processor: imported before numpy, for numpy reads this when it is loaded.

Question  Which machine code do numpy and its linear algebra take, of the several that they bring?
Method    Each chooses by processor, and the choices add in another order: figures then differ by 1e-11 or so, which no
          rounding hides in two million of them. Where the processor can (AVX2 and FMA, all since 2015), both take that
          level, also where it could do more; what stands in the environment already is left alone.
Source    OPENBLAS_CORETYPE: manual of OpenBLAS, "Runtime variables". NPY_DISABLE_CPU_FEATURES: numpy, "CPU build options".
Silent    On other processors and systems than Linux the libraries choose for themselves.
"""

import os
from pathlib import Path

PROCESSOR = Path("/proc/cpuinfo")
LEVEL = {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}


def settle(processor: Path = PROCESSOR) -> None:
    """Set LEVEL in the environment where the file that tells about the processor says that it has this level."""
    try:
        told = processor.read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        return
    if {"avx2", "fma"} <= set(told):
        for name, value in LEVEL.items():
            os.environ.setdefault(name, value)


settle()
