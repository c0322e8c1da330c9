"""What we know about the world beside the scores: benchmarks, names, families, papers, documents about them.

Question  Which facts does this build rest on, and is every one of them well formed and sourced?
Input     the CSV files of one folder (data/facts), one row per fact, each with the address where it can be read.
Output    `Facts`: one frame per file. Text columns hold str ("" = not stated), number columns float (NaN = not stated).
          Shares (floor, wrong_key_*, human_score) are fractions 0 to 1, n_* counts, *_date days as 2024-05-01.
Method    Each file has exactly the columns named here; keys are unique; every row names its source; references lead to
          a row. The first row that breaks a rule stops the build.
Silent    Never: a fact that is not known is an empty cell, a fact that is malformed is InvalidFact.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from data.vocabulary import (
    ALIAS_KINDS,
    EVALUATOR_RELATIONSHIPS,
    FAMILY_EVIDENCE,
    INCIDENT_STATUSES,
    READ_FROM,
    REVIEW_VERDICTS,
    SCORE_UNITS,
    TWIN_CHANGES,
    TWIN_KINDS,
    VERIFIED,
    YES_NO,
)
from ingest.columns import read_frame
from ingest.records import InvalidFact, read_date, shorten

SHARE = (0.0, 1.0)
COUNT = (1.0, 1e15)
MAX_CLAIM = 240  # longer claims stop being one fair sentence
MAX_QUOTE = 25  # words of another's text that one row may quote
MAX_REPLY = 120  # words of a maker's reply that are printed beside a mark
# Words that judge people. A claim may hold one only inside a quotation, so that it stays the words of who said it.
JUDGING = re.compile(
    r"\b(?:cheat\w*|fraud\w*|fake\w*|rigg\w*|gam(?:ed|ing)|suspicious\w*|guilty|contaminat\w*|misconduct|proves?)\b",
    re.I,
)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:@[a-z0-9-]+)?")
METRIC = re.compile(r"[a-z0-9]+(?:[_@.-][a-z0-9]+)*")
MODEL_ID = re.compile(r"hf:[a-z0-9][a-z0-9_.-]*/[a-z0-9_.-]+|(?!hf:)[a-z0-9_]+:\S(?:.*\S)?")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?")
# Hyphen, non-breaking hyphen, en dash, em dash, minus and underscore separate words of a name; people mix them freely.
SEPARATORS = re.compile("[\\s_\\-\u2010\u2011\u2013\u2014\u2212]+")


@dataclass(frozen=True)
class Layout:
    """What a facts file looks like: its columns in order, which hold numbers (with their range), which form the key."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    numbers: MappingProxyType
    required: tuple[str, ...] = ()


def lay_out(columns: str, key: str, required: str = "", **numbers: tuple[float, float]) -> Layout:
    """A Layout from space-separated column names."""
    return Layout(tuple(columns.split()), tuple(key.split()), MappingProxyType(numbers), tuple(required.split()))


LAYOUTS = MappingProxyType(
    {
        "benchmarks": lay_out(
            "benchmark_id name version domain metric floor floor_basis wrong_key_share wrong_key_low wrong_key_high"
            " wrong_key_basis wrong_key_scope wrong_key_source_url human_score human_who human_source_url n_items"
            " n_items_source_url release_date is_public_test is_dynamic source_url verified note",
            "benchmark_id",
            "name metric",
            floor=SHARE,
            wrong_key_share=SHARE,
            wrong_key_low=SHARE,
            wrong_key_high=SHARE,
            human_score=SHARE,
            n_items=COUNT,
        ),
        "items": lay_out(
            "benchmark_id metric source_id n_items is_item_count source_url note",
            "benchmark_id metric source_id",
            "benchmark_id is_item_count",
            n_items=COUNT,
        ),
        "averages": lay_out(
            "benchmark_id metric source_id n_at_least source_url note",
            "benchmark_id metric source_id",
            "benchmark_id note",
            n_at_least=COUNT,
        ),
        "aliases": lay_out(
            "kind source_id name target_id metric source_url note", "kind source_id name", "name target_id"
        ),
        "families": lay_out(
            "evidence pattern n_parameters_low n_parameters_high family series developer is_closed priority source_url",
            "evidence pattern n_parameters_low n_parameters_high",
            "pattern family priority",
            n_parameters_low=COUNT,
            n_parameters_high=COUNT,
            priority=(0.0, 99.0),
        ),
        "developers": lay_out("name developer source_url", "name", "name developer"),
        "releases": lay_out(
            "developer model release_name source_url note", "developer model", "developer model release_name"
        ),
        "release_dates": lay_out(
            "developer model release_date stated_by source_url note",
            "developer model",
            "developer model release_date stated_by",
        ),
        "sizes": lay_out(
            "model params_b active_params_b stated_by source_url note",
            "model",
            "model stated_by",
            params_b=(1e-3, 1e5),
            active_params_b=(1e-3, 1e5),
        ),
        "family_sample": lay_out(
            "model source_id base_model architecture n_parameters true_family judged_by source_url",
            "model source_id",
            "model source_id judged_by",
            n_parameters=COUNT,
        ),
        "name_pairs": lay_out(
            "source_a name_a source_b name_b is_same judged_by source_url",
            "source_a name_a source_b name_b",
            "source_a name_a source_b name_b is_same judged_by",
        ),
        "papers": lay_out(
            "arxiv_id version title developer own_models url published_date source_url", "arxiv_id version", "title url"
        ),
        "paper_scores": lay_out(
            "model params_b benchmark metric setting score_reported score_unit arxiv_id version table published_date"
            " read_from evaluator_relationship developer source_url note",
            "model benchmark metric setting score_reported arxiv_id version table note",
            "model benchmark score_reported",
        ),
        "incidents": lay_out(
            "incident_id model benchmark status claim said_by evidence_url evidence_date reply source_url",
            "incident_id",
            "model status claim said_by evidence_url",
        ),
        "demonstrations": lay_out("source_id model source_url note", "source_id model", "source_id model note"),
        "held_back": lay_out(
            "source_id model benchmark score_reported reason source_url",
            "source_id model benchmark score_reported",
            "source_id model benchmark score_reported reason",
        ),
        "variants": lay_out(
            "benchmark_id setting_word is_item target_id source_url",
            "benchmark_id setting_word",
            "benchmark_id setting_word is_item target_id",
        ),
        "twins": lay_out(
            "twin_id benchmark_id twin_benchmark_id metric kind what_differs usual_change is_nested source_url note",
            "twin_id",
            "twin_id benchmark_id twin_benchmark_id metric kind what_differs is_nested",
        ),
        "replies": lay_out(
            "incident_id model benchmark reply said_by reply_date source_url", "incident_id reply_date", "reply said_by"
        ),
        "reviews": lay_out(
            "evaluation_id model benchmark verdict_of_reviewer checked_by checked_date source_url note",
            "evaluation_id model benchmark",
            "verdict_of_reviewer checked_by checked_date",
        ),
        "controlled_training": lay_out(
            "model family params_b tokens_b release_month arc_challenge gsm8k hellaswag mmlu truthfulqa_mc2 winogrande"
            " gsm8k_after mmlu_after source_url",
            "model",
            "model family release_month",
            params_b=(1e-3, 1e5),
            tokens_b=(1e-3, 1e6),
            **dict.fromkeys(
                (
                    "arc_challenge",
                    "gsm8k",
                    "hellaswag",
                    "mmlu",
                    "truthfulqa_mc2",
                    "winogrande",
                    "gsm8k_after",
                    "mmlu_after",
                ),
                SHARE,
            ),
        ),
    }
)


@dataclass(frozen=True)
class Facts:
    """The facts files as frames, one row per fact; columns as in LAYOUTS."""

    benchmarks: pd.DataFrame
    items: pd.DataFrame
    averages: pd.DataFrame
    aliases: pd.DataFrame
    families: pd.DataFrame
    developers: pd.DataFrame
    releases: pd.DataFrame
    release_dates: pd.DataFrame
    sizes: pd.DataFrame
    family_sample: pd.DataFrame
    name_pairs: pd.DataFrame
    papers: pd.DataFrame
    paper_scores: pd.DataFrame
    incidents: pd.DataFrame
    demonstrations: pd.DataFrame
    replies: pd.DataFrame
    reviews: pd.DataFrame
    controlled_training: pd.DataFrame
    held_back: pd.DataFrame
    variants: pd.DataFrame
    twins: pd.DataFrame


@cache
def normalise(name: str) -> str:
    """A name as it is compared: NFKC, case folded; white space, hyphens, dashes and underscores are one space.

    Nothing else is equal: "GPQA" and "GPQA Diamond", or "gemma-7b" and "gemma-7b-it", stay apart.
    """
    return SEPARATORS.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def read(folder: Path) -> Facts:
    """All facts of a folder, checked. A file that is missing is empty; raises InvalidFact naming file, row and rule."""
    frames = {name: read_file(Path(folder) / f"{name}.csv", layout) for name, layout in LAYOUTS.items()}
    facts = Facts(**frames)
    check_benchmarks(facts.benchmarks)
    check_aliases(facts.aliases, set(facts.benchmarks["benchmark_id"]))
    check_variants(facts.variants, set(facts.benchmarks["benchmark_id"]))
    check_items(facts.items, set(facts.benchmarks["benchmark_id"]))
    check_averages(facts.averages, set(facts.benchmarks["benchmark_id"]))
    check_families(facts.families)
    check_developers(facts)
    check_name_pairs(facts.name_pairs)
    check_papers(facts.papers, facts.paper_scores)
    check_incidents(facts.incidents, facts.replies)
    check_reviews(facts.reviews)
    check_held_back(facts.held_back)
    check_twins(facts.twins, set(facts.benchmarks["benchmark_id"]))
    return facts


def refuse(file: str, row: int, rule: str) -> InvalidFact:
    """The one sentence that says which row breaks which rule; rows count as in the file, its header being row 1."""
    return InvalidFact(f"{file}.csv, row {row}: {rule}.")


def read_file(path: Path, layout: Layout) -> pd.DataFrame:
    """One facts file as a frame with the layout's columns; index = the row's number in the file."""
    name = path.stem
    if not path.exists():
        table = pd.DataFrame({c: pd.Series(dtype=str) for c in layout.columns})
    else:
        try:
            table = read_frame(path)
        except ValueError as error:
            raise InvalidFact(f"{name}.csv cannot be read as UTF-8 CSV: {shorten(str(error))}.") from error
        if tuple(table.columns) != layout.columns:
            strange = sorted(set(table.columns) ^ set(layout.columns)) or ["their order"]
            raise refuse(name, 1, f"the columns must be {', '.join(layout.columns)}; differing: {', '.join(strange)}")
    table.index = pd.RangeIndex(2, len(table) + 2)
    for row, values in zip(table.index, table.itertuples(index=False, name=None), strict=True):
        for column, text in zip(layout.columns, values, strict=True):
            if text != text.strip():
                raise refuse(name, row, f"{column} has white space at an end: {shorten(text)!r}")
            if column in layout.required and not text:
                raise refuse(name, row, f"{column} is empty")
            if column == "source_url" and not text:
                raise refuse(name, row, "source_url is missing, and every fact needs one")
            if column.endswith("url") and text and not ADDRESS.fullmatch(text):
                raise refuse(name, row, f"{column} is not an address: {shorten(text)!r}")
            if column.endswith("_date") and text and not (re.fullmatch(r"\d{4}-\d\d-\d\d", text) and read_date(text)):
                raise refuse(name, row, f"{column} is not a day as 2024-05-01: {shorten(text)!r}")
    doubled = table.duplicated(list(layout.key))
    if doubled.any():
        row = int(doubled.idxmax())
        raise refuse(name, row, f"the key {', '.join(layout.key)} stands in an earlier row already")
    for column, (low, high) in layout.numbers.items():
        table[column] = read_numbers(name, table[column], low, high)
    return table


def read_numbers(file: str, texts: pd.Series, low: float, high: float) -> pd.Series:
    """Printed numbers as floats, empty ones as NaN; raises InvalidFact outside low to high."""
    numbers = []
    for row, text in texts.items():
        try:
            number = float(text) if text else float("nan")
        except ValueError as error:
            raise refuse(file, int(row), f"{texts.name} is not a number: {shorten(text)!r}") from error
        if text and not low <= number <= high:
            raise refuse(file, int(row), f"{texts.name} is outside {low:g} to {high:g}: {text}")
        numbers.append(number)
    return pd.Series(numbers, index=texts.index, dtype=float)


def check_benchmarks(table: pd.DataFrame) -> None:
    """Ids are slugs; every figure has its basis and address; bands enclose their value."""
    for row, fact in table.iterrows():
        if not SLUG.fullmatch(fact["benchmark_id"]):
            raise refuse("benchmarks", row, f"benchmark_id is not a lower-case slug: {shorten(fact['benchmark_id'])!r}")
        if not METRIC.fullmatch(fact["metric"]):
            raise refuse("benchmarks", row, f"metric is not a canonical metric: {shorten(fact['metric'])!r}")
        for number, word in (
            ("floor", "floor_basis"),
            ("wrong_key_share", "wrong_key_basis"),
            ("wrong_key_share", "wrong_key_source_url"),
            ("human_score", "human_source_url"),
            ("human_score", "human_who"),
            ("n_items", "n_items_source_url"),
        ):
            if pd.notna(fact[number]) and not fact[word]:
                raise refuse("benchmarks", row, f"{number} is given without {word}")
        low, share, high = fact["wrong_key_low"], fact["wrong_key_share"], fact["wrong_key_high"]
        if pd.isna(share) and (pd.notna(low) or pd.notna(high)):
            raise refuse("benchmarks", row, "a wrong-key band is given without wrong_key_share")
        if (pd.notna(low) and low > share) or (pd.notna(high) and high < share):
            raise refuse("benchmarks", row, "wrong_key_share is outside its own band")
        if fact["floor_basis"] and not re.match(r"(?:source_read|derived)\b", fact["floor_basis"]):
            raise refuse("benchmarks", row, "floor_basis must begin with source_read or derived")
        for column in ("is_public_test", "is_dynamic"):
            if fact[column] not in ("", *YES_NO):
                raise refuse("benchmarks", row, f"{column} is not yes, no or empty: {shorten(fact[column])!r}")
        if fact["verified"] not in VERIFIED:
            raise refuse(
                "benchmarks", row, f"verified must be one of {', '.join(VERIFIED)}: {shorten(fact['verified'])!r}"
            )


def is_known_test(benchmark_id: str, benchmarks: set[str]) -> bool:
    """Whether an id is a benchmark, a version of one (id@version), or a source's own test (source:name)."""
    return bool({benchmark_id, benchmark_id.partition("@")[0]} & benchmarks) or ":" in benchmark_id


def check_items(table: pd.DataFrame, benchmarks: set[str]) -> None:
    """Item counts belong to a known benchmark; a score that is a share of items needs the count."""
    for row, fact in table.iterrows():
        if not is_known_test(fact["benchmark_id"], benchmarks):
            raise refuse("items", row, f"benchmark_id {shorten(fact['benchmark_id'])!r} is not in benchmarks.csv")
        if fact["is_item_count"] not in YES_NO:
            raise refuse("items", row, "is_item_count must be yes or no")
        if fact["is_item_count"] == "yes" and pd.isna(fact["n_items"]):
            raise refuse("items", row, "is_item_count is yes but n_items is empty")


def check_variants(table: pd.DataFrame, benchmarks: set[str]) -> None:
    """Both the benchmark and the part that a setting names are known, and whether its word is an item of a list."""
    for row, fact in table.iterrows():
        if fact["is_item"] not in YES_NO:
            raise refuse("variants", row, "is_item must be yes or no")
        for column in ("benchmark_id", "target_id"):
            if fact[column] not in benchmarks:
                raise refuse("variants", row, f"{column} {shorten(fact[column])!r} is not in benchmarks.csv")


def check_averages(table: pd.DataFrame, benchmarks: set[str]) -> None:
    """Averages belong to a known benchmark, and say how many questions they amount to at least."""
    for row, fact in table.iterrows():
        if not is_known_test(fact["benchmark_id"], benchmarks):
            raise refuse("averages", row, f"benchmark_id {shorten(fact['benchmark_id'])!r} is not in benchmarks.csv")
        if pd.isna(fact["n_at_least"]):
            raise refuse("averages", row, "n_at_least is empty")


def check_aliases(table: pd.DataFrame, benchmarks: set[str]) -> None:
    """Targets exist or are identifiers; no name means two things within a source."""
    meant: dict[tuple[str, str, str], tuple[str, str]] = {}
    columns = ["kind", "source_id", "name", "target_id", "metric"]
    for row, kind, source_id, name, target, metric in table[columns].itertuples(name=None):
        if kind not in ALIAS_KINDS:
            raise refuse("aliases", row, f"kind must be one of {', '.join(ALIAS_KINDS)}: {shorten(kind)!r}")
        if kind == "benchmark" and target not in benchmarks:
            raise refuse("aliases", row, f"target_id {shorten(target)!r} is not in benchmarks.csv")
        if kind == "metric" and not METRIC.fullmatch(target):
            raise refuse("aliases", row, f"target_id is not a canonical metric: {shorten(target)!r}")
        if kind == "model" and not MODEL_ID.fullmatch(target):
            raise refuse(
                "aliases", row, f"target_id is neither hf:owner/name in lower case nor source:name: {shorten(target)!r}"
            )
        if metric and (kind != "benchmark" or not METRIC.fullmatch(metric)):
            raise refuse("aliases", row, f"metric is only for benchmarks, and canonical: {shorten(metric)!r}")
        key = (kind, source_id, normalise(name))
        if meant.setdefault(key, (target, metric)) != (target, metric):
            raise refuse("aliases", row, f"{shorten(name)!r} already means {meant[key][0]} for this source")


def check_twins(table: pd.DataFrame, benchmarks: set[str]) -> None:
    """Both halves are known, as a benchmark, a version of one (id@version) or a source's own (source:name), and differ;
    no pair stands twice; words are ours.
    """
    for row, fact in table.iterrows():
        for column in ("benchmark_id", "twin_benchmark_id"):
            if not is_known_test(fact[column], benchmarks):
                raise refuse("twins", row, f"{column} {shorten(fact[column])!r} is not in benchmarks.csv")
        if fact["benchmark_id"] == fact["twin_benchmark_id"]:
            raise refuse("twins", row, "a benchmark is not its own twin")
        if not METRIC.fullmatch(fact["metric"]):
            raise refuse("twins", row, f"metric is not a canonical metric: {shorten(fact['metric'])!r}")
        for column, allowed in (("kind", TWIN_KINDS), ("usual_change", ("", *TWIN_CHANGES)), ("is_nested", YES_NO)):
            if fact[column] not in allowed:
                raise refuse("twins", row, f"{column} must be one of {', '.join(allowed)}: {shorten(fact[column])!r}")
    doubled = table.duplicated(["benchmark_id", "twin_benchmark_id", "metric"])
    if doubled.any():
        raise refuse("twins", int(doubled.idxmax()), "the same pair stands in an earlier row already")


def check_families(table: pd.DataFrame) -> None:
    """Patterns compile and cannot match the empty text; parameter ranges belong to architectures and are in order."""
    for row, fact in table.iterrows():
        if fact["evidence"] not in FAMILY_EVIDENCE:
            raise refuse(
                "families", row, f"evidence must be one of {', '.join(FAMILY_EVIDENCE)}: {shorten(fact['evidence'])!r}"
            )
        try:
            pattern = re.compile(fact["pattern"])
        except re.error as error:
            raise refuse(
                "families", row, f"the pattern {shorten(fact['pattern'])!r} does not compile ({error})"
            ) from error
        if pattern.fullmatch(""):
            raise refuse("families", row, "the pattern matches the empty text")
        if fact["is_closed"] not in ("", *YES_NO):
            raise refuse("families", row, f"is_closed is not yes, no or empty: {shorten(fact['is_closed'])!r}")
        low, high = fact["n_parameters_low"], fact["n_parameters_high"]
        if pd.isna(low) != pd.isna(high) or (pd.notna(low) and (low > high or fact["evidence"] == "name")):
            raise refuse("families", row, "a parameter range needs both ends in order, and an architecture")


def check_developers(facts: Facts) -> None:
    """No spelling means two developers; releases and their days belong to developers that are listed; active parameters
    are no more than there are.
    """
    for row, whole, active in facts.sizes[["params_b", "active_params_b"]].itertuples(name=None):
        if active > whole:
            raise refuse("sizes", row, f"{active:g} active of {whole:g} in all")
    meant: dict[str, str] = {}
    for row, fact in facts.developers.iterrows():
        plain = normalise(fact["name"]).replace(" ", "")
        if meant.setdefault(plain, fact["developer"]) != fact["developer"]:
            raise refuse("developers", row, f"{shorten(fact['name'])!r} already means {meant[plain]}")
    for name, table in (("releases", facts.releases), ("release_dates", facts.release_dates)):
        for row, developer in table["developer"].items():
            if developer not in set(meant.values()):
                raise refuse(name, int(row), f"developer {shorten(developer)!r} is not in developers.csv")


def check_name_pairs(table: pd.DataFrame) -> None:
    """A pair is the same model, another one, or its names do not say."""
    for row, word in table["is_same"].items():
        if word not in (*YES_NO, "unknown"):
            raise refuse("name_pairs", int(row), f"is_same must be yes, no or unknown: {shorten(word)!r}")


def check_papers(papers: pd.DataFrame, scores: pd.DataFrame) -> None:
    """Scores of papers lie in listed words; arXiv ids look like arXiv ids."""
    for file, table in (("papers", papers), ("paper_scores", scores)):
        for row, arxiv_id in table["arxiv_id"].items():
            if arxiv_id and not re.fullmatch(r"\d{4}\.\d{4,5}", arxiv_id):
                raise refuse(file, int(row), f"arxiv_id is not an arXiv identifier: {shorten(arxiv_id)!r}")
    for column, allowed in (
        ("score_unit", SCORE_UNITS),
        ("read_from", READ_FROM),
        ("evaluator_relationship", EVALUATOR_RELATIONSHIPS),
    ):
        bad = scores[~scores[column].isin(allowed)]
        if len(bad):
            row = int(bad.index[0])
            raise refuse(
                "paper_scores", row, f"{column} must be one of {', '.join(allowed)}: {shorten(bad[column].iloc[0])!r}"
            )


def check_incidents(incidents: pd.DataFrame, replies: pd.DataFrame) -> None:
    """Claims are short, fair and in the data dictionary's words; replies answer a listed incident."""
    for row, fact in incidents.iterrows():
        if fact["status"] not in INCIDENT_STATUSES:
            raise refuse(
                "incidents", row, f"status must be one of {', '.join(INCIDENT_STATUSES)}: {shorten(fact['status'])!r}"
            )
        if len(fact["claim"]) > MAX_CLAIM:
            raise refuse("incidents", row, f"the claim has more than {MAX_CLAIM} characters")
        for column in ("claim", "reply"):
            for quote in re.findall(r'"([^"]*)"', fact[column]):
                if len(quote.split()) > MAX_QUOTE:
                    raise refuse("incidents", row, f"{column} quotes more than {MAX_QUOTE} words")
            judged = JUDGING.search(re.sub(r'"[^"]*"', "", fact[column]))
            if judged:
                raise refuse("incidents", row, f"{column} judges in our own words: {judged.group()!r}")
            if '"' in fact[column] and not fact["evidence_date"]:
                raise refuse("incidents", row, f"{column} quotes a document without evidence_date")
    known = set(incidents["incident_id"])
    for row, fact in replies.iterrows():
        if fact["incident_id"] not in known:
            raise refuse("replies", row, f"incident_id {shorten(fact['incident_id'])!r} is not in incidents.csv")
        if len(fact["reply"].split()) > MAX_REPLY:
            raise refuse("replies", row, f"the reply has more than {MAX_REPLY} words")


def check_held_back(table: pd.DataFrame) -> None:
    """What holds one printed value back says what it is in one sentence, without judging it in our words."""
    for row, fact in table.iterrows():
        if not re.fullmatch(r"[A-Z].{20,300}\.", fact["reason"]):
            raise refuse("held_back", row, "reason is one sentence of 20 to 300 characters")
        judged = JUDGING.search(re.sub(r'"[^"]*"', "", fact["reason"]))
        if judged:
            raise refuse("held_back", row, f"reason judges in our own words: {judged.group()!r}")


def check_reviews(table: pd.DataFrame) -> None:
    """A review names one score, or a model and a test, and speaks in the data dictionary's words."""
    for row, fact in table.iterrows():
        if bool(fact["evaluation_id"]) == bool(fact["model"] or fact["benchmark"]):
            raise refuse("reviews", row, "a review names an evaluation_id, or a model and a benchmark")
        if not fact["evaluation_id"] and not (fact["model"] and fact["benchmark"]):
            raise refuse("reviews", row, "a review of a model names the benchmark too")
        if fact["verdict_of_reviewer"] not in REVIEW_VERDICTS:
            raise refuse("reviews", row, f"verdict_of_reviewer must be one of {', '.join(REVIEW_VERDICTS)}")
        judged = JUDGING.search(re.sub(r'"[^"]*"', "", fact["note"]))
        if judged:
            raise refuse("reviews", row, f"note judges in our own words: {judged.group()!r}")
