"""Does every damaged upload, and every odd parameter of an address, end in an answer or in one sentence?

Question  Which bytes of a file, or words of an address, end in an error that nobody named?
Input     well-formed tables and parameters, changed at random by seeded changes (bench/fuzz.py); the tiny database of the tests.
          BENCHMARK_CASES says how many (default 20,000).
Output    printed: cases, those answered and those refused, and every fault with the seed that repeats it.
Method    Two of three cases are uploads: a table in one of the forms that programs write, damaged one to five times, read as the
          page reads it (csv_file.read) and, every tenth, judged (claims.against). The third is the address of a data file: one to four
          parameters, known names and others, values of the table, odd ones and damaged ones (files.asked), and the
          rows are counted.
Silent    Limits on bytes, memory and time stand around all of this in the dashboard; `python -m bench hostile` tries those.
"""

import os
import random
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import store
from bench import fuzz
from reading import checker, csv_file, exports, files
from reading import claims as known
from scoring.brought import claims, expect
from tests import lakes, odd_values, tiny_store
from ui.kit import filters

CASES, SEED = 20_000, 20261128
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32")
NAMES = ("m1", "hf:llama/m1", "GPT-4", "Reflection 70B", "", "a, b", 'a "b"', "ä", "模型")
TESTS = ("GSM8K", "MMLU", "gpqa", "none", "", "MMLU (5-shot)")
SCORES = ("50", "0.5", "50%", "50,5", "1e2", "", "-", "101", "1200", "50 ± 2")
GOOD = {
    "family": ("Qwen", "Llama"), "size": ("1B", "8B", "any"), "released": ("any", "2024", "now"), "unknown": ("yes",),
    "benchmark": ("gsm8k", "mmlu_pro"), "model": ("hf:llama/m1",), "group": ("family:Qwen", "maker:Qwen"), "level": ("unusual",),
    "side": ("high", "low", "both"), "day": ("2026-11-22",), "ran_by": ("third party",), "setup": ("any",), "what": ("all",),
    "span": ("last 30 days",), "colour": ("red",), "asof": ("2026-11-22",), "developer": ("Qwen", "Meta"),
    "weights": ("open", "any"), "domain": ("mathematics", "code"), "seen": ("last 90 days",),
}  # fmt: skip


def upload(turn: random.Random) -> bytes:
    """A table as somebody's program writes it, and what became of it on its way."""
    columns = ["model", "benchmark", "score", *turn.sample(claims.KNOWN, turn.randrange(4))]
    turn.shuffle(columns)
    odd = [*odd_values.NUMBERS, *odd_values.TEXTS]
    choices = {"model": NAMES, "benchmark": TESTS, "score": SCORES}
    between = turn.choice(DELIMITERS)
    lines = [between.join(columns)]
    for _ in range(turn.randrange(1, 6)):
        cells = [turn.choice(odd if turn.random() < 0.3 else choices.get(name, SCORES)) for name in columns]
        lines.append(between.join(f'"{cell}"' if turn.random() < 0.3 else str(cell) for cell in cells))
    text = turn.choice(("\n", "\r\n", "\r")).join(lines) + "\n"
    for _ in range(turn.randrange(1, 6)):
        text = fuzz.damage(text, turn)
    body = bytearray(text.encode(turn.choice(ENCODINGS), errors="replace"))
    for _ in range(turn.randrange(3) if body else 0):
        body[turn.randrange(len(body))] = turn.randrange(256)
    return bytes(body)


def read(body: bytes, connection: store.Connection, is_judged: bool) -> None:
    """What the page does with a file. Raises csv_file.BadFile where it says one sentence instead."""
    rows = csv_file.read(body, claims.NEEDED, expect.COLUMNS, max_rows=checker.MAX_ROWS).reset_index(drop=True)
    if is_judged:
        told = claims.against(rows, claims.Held(**known.held(connection, rows)))
        if len(told) != len(rows):
            raise AssertionError(f"{len(rows)} rows have {len(told)} answers")
        exports.csv_bytes(told)


def address(turn: random.Random) -> tuple[str, dict[str, list[str]]]:
    """A table and its parameters."""
    found: dict[str, list[str]] = {}
    for _ in range(turn.randrange(1, 4)):
        name = turn.choice(tuple(GOOD))
        values = [turn.choice(GOOD[name]) for _ in range(2 if name in ("size", "released") else 1)]
        if turn.random() < 0.3:
            values = [str(turn.choice([*odd_values.NUMBERS, *odd_values.TEXTS])) for _ in values]
        if turn.random() < 0.1:
            values = [fuzz.damage(value, turn) for value in values]
        found[name if turn.random() < 0.95 else values[0]] = values
    # As a server reads it: half of a character does not come through an address.
    sent = parse_qs(urlencode(found, doseq=True, errors="surrogatepass"), keep_blank_values=True)
    return turn.choice(tuple(exports.ROWS)), sent


def ask(table: str, parameters: dict[str, list[str]], connection: store.Connection) -> None:
    """What an address of a data file does. Raises files.Unknown where it says one sentence instead."""
    day = files.day("2026-11-22")
    chosen, rest = filters.from_parameters(parameters, day)
    where = files.asked(connection, table, rest, list(chosen.rules().values()), day)
    store.count(connection, table, (), where)


def run(n: int) -> tuple[Counter[str], list[str]]:
    """How many cases were answered and refused, and every fault; a case's seed alone repeats it."""
    tally, faults = Counter[str](), []
    with tempfile.TemporaryDirectory() as folder:
        place = tiny_store.write(lakes.place(Path(folder)))
        connection = store.connect(place)
        for number in range(n):
            turn, kind = random.Random(SEED + number), "address" if number % 3 == 2 else "upload"
            try:
                if kind == "upload":
                    read(upload(turn), connection, is_judged=number % 10 == 0)
                else:
                    ask(*address(turn), connection)
                tally[f"{kind} answered"] += 1
            except (csv_file.BadFile, files.Unknown) as problem:
                tally[f"{kind} refused"] += 1
                if not str(problem).endswith("."):
                    faults.append(f"{kind}, seed {SEED + number}: no sentence: {problem}")
            except Exception as error:  # every other kind is the finding
                where = traceback.extract_tb(error.__traceback__)[-1]
                faults.append(
                    f"{kind}, seed {SEED + number}: {type(error).__name__} in {where.filename}, line {where.lineno}"
                )
    return tally, faults


def main() -> None:
    """All cases; exit code 1 where there is a fault."""
    n = int(os.environ.get("BENCHMARK_CASES", CASES))
    tally, faults = run(n)
    print(
        f"{n:,} cases: {', '.join(f'{name} {count:,}' for name, count in sorted(tally.items()))}, {len(faults):,} faults"
    )
    for fault in faults[:50]:
        print(ascii(fault))
    if faults:
        raise SystemExit(1)
