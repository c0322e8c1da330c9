"""Swallow LLM Leaderboard v2: Japanese and English tests of models before and after post-training.

Question  How does each model score on some thirty Japanese and English tests?
Input     _data/model.yml of the board's repository: one entry per model, results by table and column.
Output    Reported: fractions (the board states 0 to 1 for every column). ReportedModel: total and active parameters in
          billions, release date.
Method    https://swallow-llm.github.io/leaderboard/. What a column is stands in the board's task_pre.yml and
          task_post.yml: its test, metric and prompting are copied from there into TASKS. Column keys alone mislead:
          "MIFEvalJa" of the English table is IFBench, "GPQA" is the main set in Japanese, the diamond set in English.
          A model's id is its Hugging Face repository where its link says so.
Silent    The averages of each table are computed by the board and left out, counted. The categories of MT-Bench are
          subsets. A size of 0 means unknown. Missing values are counted.
"""

from collections.abc import Iterator

from ingest.records import File, LayoutChanged, Omitted, Page, Reported, ReportedModel, Source, leave_out, shorten
from ingest.sources._printed_json import field
from ingest.sources._printed_yaml import read_yaml

SOURCE = Source(
    source_id="swallow",
    title="Swallow LLM Leaderboard v2",
    url="https://swallow-llm.github.io/leaderboard/",
    licence="CC BY 4.0",
    attribution="Swallow LLM team, CC BY 4.0",
    status="live",
    cadence_days=60,
    files=(
        File(
            name="model.yml",
            url="https://raw.githubusercontent.com/swallow-llm/leaderboard/main/_data/model.yml",
            captures=r"swallow-llm-leaderboard/model\.yml",
        ),
    ),
    bundle_by="file",
)

COT = "zero-shot, chain-of-thought prompt"
EXACT = "Accuracy (exact match)"
JUDGED = "Reference-guided grading by GPT-5.2"
CATEGORIES = {
    "coding": "Coding", "extraction": "Extraction", "humanities": "Humanities", "math": "Math",
    "reasoning": "Reasoning", "roleplay": "Roleplay", "stem": "STEM", "writing": "Writing",
}  # fmt: skip
# Table -> column -> test, metric, prompting.
TASKS = {
    "ja_pre": {
        "JComQA": ("JCommonsenseQA", "Accuracy", "4-shot"), "JEMHopQA": ("JEMHopQA", "Character F1", "4-shot"),
        "NIILC": ("NIILC", "Character F1", "4-shot"), "JSQuAD": ("JSQuAD", "Character F1", "4-shot"),
        "XLSum": ("XL-Sum (ja)", "ROUGE-2", "1-shot"), "MGSM": ("MGSM (ja)", EXACT, "4-shot"),
        "WMT20enja": ("WMT20 (en-ja)", "BLEU", "4-shot"), "WMT20jaen": ("WMT20 (ja-en)", "BLEU", "4-shot"),
        "JMMLU": ("JMMLU", "Accuracy", "5-shot"), "JHumanEval": ("JHumanEval", "pass@1", "0-shot, 10 trials"),
    },
    "en_pre": {
        "OpenBookQA": ("OpenBookQA", "Accuracy", "4-shot"), "TriviaQA": ("TriviaQA", EXACT, "4-shot"),
        "HellaSwag": ("HellaSwag", "Accuracy", "4-shot"), "SQuAD2": ("SQuAD2", EXACT, "4-shot"),
        "XWINO": ("XWINO", "Accuracy", "4-shot"), "MMLU": ("MMLU", "Accuracy", "5-shot"),
        "GSM8K": ("GSM8K", EXACT, "4-shot"), "MATH": ("MATH", EXACT, "4-shot"),
        "BBH": ("BIG-Bench-Hard (BBH)", EXACT, "3-shot, CoT"),
        "HumanEval": ("HumanEval", "pass@1", "0-shot, 10 trials"),
    },
    "ja_post": {
        "JamC-QA": ("JamC-QA", "Accuracy", COT), "WMT20enja": ("WMT20 (en-ja)", "BLEU", COT),
        "WMT20jaen": ("WMT20 (ja-en)", "BLEU", COT), "MIFEvalJa": ("M-IFEval-Ja", "Accuracy", "zero-shot"),
        "MMLU-ProX": ("MMLU-ProX (ja)", "Accuracy", COT), "GPQA": ("GPQA (ja)", "Accuracy", COT),
        "PolyMathJaHT": ("PolyMath HT (ja)", "Accuracy", COT),
        "JHumanEval": ("JHumanEval", "pass@1", "zero-shot, 10 trials"),
    },
    "en_post": {
        "HellaSwag": ("HellaSwag", "Accuracy", "zero-shot"), "MIFEvalJa": ("IFBench", "Accuracy", "zero-shot"),
        "MMLU-Pro": ("MMLU-Pro", "Accuracy", COT), "GPQA": ("GPQA diamond", "Accuracy", COT),
        "MATH500": ("MATH-500", "Accuracy", COT), "AIME": ("AIME 2024-2025", "Accuracy", COT),
        "LCB": ("LiveCodeBench v6", "pass@1", "zero-shot, 10 trials"),
    },
    "ja_mtb": {key: (f"MT-Bench (ja): {name}", JUDGED, "") for key, name in CATEGORIES.items()},
    "en_mtb": {key: (f"MT-Bench (en): {name}", JUDGED, "") for key, name in CATEGORIES.items()},
}  # fmt: skip
AVERAGE = "avg"
NOTHING = ("", "null", "~", "-", "N/A")  # the board announces that some scores are missing


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """All models of each file; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | ReportedModel | Omitted]:
    """One file."""
    entries = read_yaml(page)
    if not isinstance(entries, list) or not entries:
        raise LayoutChanged(f"{page.name} is not a list of models.")
    averages: list[str] = []
    absent: list[str] = []
    for entry in entries:
        model, link = field(page.name, entry, "id"), field(page.name, entry, "url")
        scheme = "hf" if link.removeprefix("https://huggingface.co/") == model else ""
        reasoning = entry.get("reasoning") or ""
        for table, scores in field(page.name, entry, "results", dict).items():
            if set(scores) != {AVERAGE, *TASKS.get(table, ())}:
                raise LayoutChanged(f"{page.name} has other columns than usual in the table {shorten(table)!r}.")
            for column, score in scores.items():
                if column == AVERAGE:
                    averages.append(f"{model}, {table}")
                    continue
                if score in NOTHING:
                    absent.append(f"{model}, {table}, {column}")
                    continue
                test, metric, prompting = TASKS[table][column]
                mode = f"reasoning {reasoning}" if reasoning not in ("", "N/A") else ""
                yield Reported(
                    snapshot_id=page.snapshot_id, model=model, name_scheme=scheme, benchmark=test, metric=metric,
                    setting=", ".join(part for part in (prompting, mode) if part), score_reported=score,
                    score_unit="fraction", evaluator_relationship="third_party", is_subset=table.endswith("_mtb"),
                    locator=f"{model}, {table}, {column}",
                )  # fmt: skip
        total, active = field(page.name, entry, "params"), field(page.name, entry, "active_params")
        yield ReportedModel(
            snapshot_id=page.snapshot_id, model=model, name_scheme=scheme, n_parameters=total,
            n_active_parameters=active, parameter_unit="billions", size_precision="stated",
            release_date=field(page.name, entry, "date"), source_url=link, is_open_weights="yes" if scheme else "",
        )  # fmt: skip
    for rule, found in (("average computed by the board", averages), ("no value printed", absent)):
        yield from leave_out(page, rule, found)
