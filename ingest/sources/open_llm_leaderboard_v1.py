"""Open LLM Leaderboard v1 (Hugging Face, May 2023 to June 2024): six tasks, one harness, 109 runs flagged.

Question  What did each run of a model score, and what did the board know of the model?
Input     three copies of the final state: the board's own export (2024-06-15), fboulnois/llm-leaderboard-csv
          (2024-07-13, the same 7,169 runs) and metabench (6,986 runs from the board's result files, long decimals).
Output    Reported: percent. A run is `<precision>_<model sha>`; with the name it is unique on every page and equal in
          export and metabench for 6,066 runs. 1,103 runs of the export have no partner in metabench, 920 the other way
          round (777 of them incomplete there). ReportedModel per run.
Method    The board's own description states metrics and shots:
          https://huggingface.co/docs/leaderboards/open_llm_leaderboard/archive
Silent    Averages are counted as omitted, and so are metabench's empty cells (incomplete runs). Names without an owner
          ("gpt2") are Hugging Face ids too.

Yes/no columns. In the export and its copy Flagged, MoE and Merged hold "not ...": False means flagged (109), mixture of
experts (563) and merged (1,329). In metabench `flagged` and `merged` are False in every row, so they were never filled
in and are not read; its `moe` misses two thirds of the export's mixtures, so only its True is taken.

Sizes. The export floors to whole billions, 0 means below one billion or unknown. metabench's `size` is read from the
weights only where `nparams` states a number; where that says "error" or "offline" the copy took the size from the
model's name, and it is left out and counted.

Left out on purpose: the dated tables of 2023 (ARC, HellaSwag, MMLU, TruthfulQA to one decimal) state neither precision
nor revision, so their numbers cannot be assigned to a run; their column Parameters is a plot coordinate, not a size.
"""

from collections.abc import Iterator

from ingest.columns import read_text_table
from ingest.records import File, Omitted, Page, Reported, ReportedModel, Source
from ingest.sources._open_llm_leaderboard import Layout, Task, choose_layout, read_rows

DATE = r"(?P<date>\d{4}-\d{2}-\d{2})"

SOURCE = Source(
    source_id="open_llm_leaderboard_v1",
    title="Open LLM Leaderboard v1",
    url="https://huggingface.co/spaces/open-llm-leaderboard-old/open_llm_leaderboard",
    licence="none stated",
    attribution="Hugging Face, Open LLM Leaderboard v1",
    status="frozen",
    is_uniform=True,
    # metabench lists other runs than the board did: a run missing there was not removed.
    lists_all=r"(?!.*metabench).*",
    files=(
        File(
            name="contents_v1.parquet",
            url="https://huggingface.co/datasets/open-llm-leaderboard-old/contents/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet",
            captures=rf"hf-open-llm-leaderboard-v1/ollb_v1_{DATE}_space_export\.csv",
        ),
        File(name="huggingface_v1.csv", url=None, captures=rf"fboulnois-llm-csv/huggingface_v1_{DATE}\.csv"),
        File(name="metabench.csv", url=None, captures=r"hf-open-llm-leaderboard-v1/ollb_v1_2024-06_metabench\.csv"),
    ),
    bundle_by="file",
)

TASKS = (
    Task(benchmark="ARC", metric="acc_norm", setting="25-shot"),
    Task(benchmark="HellaSwag", metric="acc_norm", setting="10-shot"),
    Task(benchmark="MMLU", metric="acc", setting="5-shot"),
    Task(benchmark="TruthfulQA", metric="mc2", setting="0-shot"),
    Task(benchmark="Winogrande", metric="acc", setting="5-shot"),
    Task(benchmark="GSM8K", metric="acc", setting="5-shot"),
)
AVERAGE = "average of the tasks"
NAMES = tuple(task.benchmark for task in TASKS)
LOWER = tuple(name.lower() for name in NAMES)

EXPORT_LAYOUT = Layout(
    model="Model", precision="Precision", sha="Model sha", scores=NAMES, derived=((AVERAGE, ("Average ⬆️",)),),
    size="#Params (B)", size_precision="floored", architecture="Architecture", model_type="Type",
    submission_date="date", is_moe="MoE", is_merged="Merged", is_flagged="Flagged",
    opposite=("MoE", "Merged", "Flagged"),
)  # fmt: skip
# The board's own data file: the same columns, but `Model` is a link and the name stands in `fullname`.
BOARD_LAYOUT = Layout(
    model="fullname", precision="Precision", sha="Model sha", scores=NAMES, derived=((AVERAGE, ("Average ⬆️",)),),
    size="#Params (B)", size_precision="floored", architecture="Architecture", model_type="Type",
    submission_date="date", is_moe="MoE", is_merged="Merged", is_flagged="Flagged",
    opposite=("MoE", "Merged", "Flagged"),
)  # fmt: skip
COPY_LAYOUT = Layout(
    model="fullname", precision="precision", sha="model_sha", scores=LOWER, derived=((AVERAGE, ("average",)),),
    size="params_b", size_precision="floored", architecture="architecture", model_type="type", submission_date="date",
    is_moe="moe", is_merged="merged", is_flagged="flagged", opposite=("moe", "merged", "flagged"), url="url",
)  # fmt: skip
METABENCH_LAYOUT = Layout(
    model="name", precision="precision", sha="sha", scores=LOWER, derived=((AVERAGE, ("avg",)),),
    size="size", size_precision="exact", size_stated_in="nparams", architecture="arch",
    is_moe="moe", only_yes=("moe",), url="link",
)  # fmt: skip
LAYOUTS = (BOARD_LAYOUT, EXPORT_LAYOUT, COPY_LAYOUT, METABENCH_LAYOUT)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        table = read_text_table(page)
        yield from read_rows(page, table, choose_layout(table, LAYOUTS), TASKS, "percent", "{benchmark}")
