"""Benchmarks and long runs: one module each, found by themselves; `python -m bench` lists or runs them.

Question  How fast, how sure, how much at once?
Input     the starter data, the facts and the golden pages of the tests.
Output    tables on the screen; what the Method page shows goes into data/method.
Method    A module is a benchmark when it has a function `main()`; the first line of its docstring is its title. Times
          are medians, told as ratios to a baseline of the same run, since another machine has other seconds. No test
          ever asserts a time.
"""

import hashlib


def half_of(name: str) -> int:
    """0 or 1 by a hash of the name: what is chosen on one half of groups or families is tested on the other."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2
