"""MMLU by subject for models of Open LLM Leaderboard v1 (CoreyMorris/MMLU-by-task-Leaderboard).

Question  What did each model score on each of MMLU's 57 subjects?
Input     one CSV table: a row per model, columns MMLU_<subject>, two other tests, the mean over the subjects, a size.
Output    Reported: fractions, every subject a part of MMLU (is_subset), 5-shot like all of that leaderboard.
Method    Models are Hugging Face repositories (column fullname); the short name stands for several of them.
          The table was made from the result files of the leaderboard:
          https://huggingface.co/spaces/CoreyMorris/MMLU-by-task-Leaderboard
Silent    Counted as omitted: ARC, HellaSwag and the MMLU mean, which are copies of runs that open_llm_leaderboard_v1
          holds, and sizes, which the table took from the models' names.

Its 296,286 values would fill the starter data alone; they are not redistributed.
"""

from collections.abc import Iterator

from ingest.columns import read_text_table
from ingest.records import File, LayoutChanged, Omitted, Page, Reported, Source, shorten

SOURCE = Source(
    source_id="mmlu_by_subject",
    title="MMLU by subject (Open LLM Leaderboard v1)",
    url="https://huggingface.co/spaces/CoreyMorris/MMLU-by-task-Leaderboard",
    licence="none stated",
    attribution="Corey Morris, MMLU-by-task Leaderboard; Hugging Face, Open LLM Leaderboard v1",
    status="captured_only",
    is_uniform=True,
    redistribute=False,
    files=(
        File(
            name="mmlu_by_task.csv",
            url=None,
            captures=r"hf-open-llm-leaderboard-v1/mmlu_by_task_leaderboard_\d+\.csv",
        ),
    ),
    bundle_by="file",
)

MEAN = "MMLU_average"
COPIES = ("arc:challenge|25", "hellaswag|10", MEAN)
N_SUBJECTS = 57


def parse(pages: list[Page]) -> Iterator[Reported | Omitted]:
    """Scores by subject and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        yield from read_page(page)


def read_page(page: Page) -> Iterator[Reported | Omitted]:
    """Everything that one table says."""
    # The publisher leaves the last line open.
    table = read_text_table(page, has_final_newline=False)
    subjects = [c for c in table.header if c.startswith("MMLU_") and c != MEAN]
    if len(subjects) != N_SUBJECTS:
        raise LayoutChanged(f"{page.name} has {len(subjects)} subjects of MMLU where there are {N_SUBJECTS}.")
    left: dict[str, list[str]] = {}
    for model, size, *cells in table.pick(["fullname", "Parameters", *COPIES, *subjects]):
        copies, scores = cells[: len(COPIES)], cells[len(COPIES) :]
        left.setdefault("copy of a run that open_llm_leaderboard_v1 holds", []).extend(
            f"{model}, {c}" for c, v in zip(COPIES, copies, strict=True) if v
        )
        if size:
            left.setdefault("size that the table took from the model's name", []).append(f"{model}: {size}")
        for subject, score in zip(subjects, scores, strict=True):
            if not score.strip():
                left.setdefault("empty cell", []).append(f"{model}, {subject}")
                continue
            yield Reported(
                snapshot_id=page.snapshot_id,
                model=model,
                name_scheme="hf",
                benchmark=subject,
                metric="acc",
                setting="5-shot",
                score_reported=score,
                score_unit="fraction",
                evaluator_relationship="third_party",
                is_subset=True,
                locator=f"column {subject}",
            )
    for rule, listed in left.items():
        if listed:
            yield Omitted(snapshot_id=page.snapshot_id, rule=rule, n_values=len(listed), example=shorten(min(listed)))
