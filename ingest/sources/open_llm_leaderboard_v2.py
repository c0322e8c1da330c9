"""Open LLM Leaderboard v2 (Hugging Face, June 2024 to March 2025): six tasks, one harness, every run with its settings.

Question  What did each run of a model score, and what did the board know of the model?
Input     dated copies in four layouts: two of fboulnois/llm-leaderboard-csv (CSV), the board's own columns of autumn
          2024 (parquet) and of 2025 (CSV; the live parquet file has them too).
Output    Reported: raw scores, a fraction of 1 in every copy. A run is `<precision>_<model sha>_<chat template>`: the
          board's own evaluation id without the model's name, so that all copies of a run agree. ReportedModel per run.
Method    https://huggingface.co/docs/leaderboards/open_llm_leaderboard/about states tasks, metrics and shots. IFEval is
          the mean of its two strict accuracies. The board rescored MATH twice: same run, new value.
Silent    Normalised columns (rescaled from chance) and averages are counted as omitted. A size of 0 or -1 stands as
          printed; it means unknown. Names stand as printed: the copy of 2025-02-20 has them in lower case, and Hugging
          Face ids compare without case.

Yes/no columns. In the copy of 2024-09-30 `moe` and `flagged` hold "not ..."; in the parquet file of 2024-10-15 `MoE`
does but `Flagged` does not (all 1,500 rows are False there, and no run of it is flagged elsewhere); `not_merged` says
so itself.

A few runs change their chat template between copies with some or all scores unchanged: the board's id changes with it,
so they are different runs here too, and the older one is no longer listed.
"""

from collections.abc import Iterator

from ingest.columns import read_text_table
from ingest.records import File, Omitted, Page, Reported, ReportedModel, Source
from ingest.sources._open_llm_leaderboard import Layout, Task, choose_layout, read_rows

DATE = r"(?P<date>\d{4}-\d{2}-\d{2})"

SOURCE = Source(
    source_id="open_llm_leaderboard_v2",
    title="Open LLM Leaderboard v2",
    url="https://huggingface.co/spaces/open-llm-leaderboard/open_llm_leaderboard",
    licence="none stated",
    attribution="Hugging Face, Open LLM Leaderboard v2",
    status="frozen",
    is_uniform=True,
    lists_all=r".*",
    files=(
        File(
            name="contents.parquet",
            url="https://huggingface.co/datasets/open-llm-leaderboard/contents/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet",
            captures=rf"hf-open-llm-leaderboard-v2/ollb_v2_{DATE}_full_columns\.(?:csv|parquet)",
        ),
        File(name="huggingface_v2.csv", url=None, captures=rf"fboulnois-llm-csv/huggingface_v2_{DATE}\.csv"),
    ),
    bundle_by="file",
)

TASKS = (
    Task(benchmark="IFEval", metric="mean of inst_level_strict_acc and prompt_level_strict_acc", setting="0-shot"),
    Task(benchmark="BBH", metric="acc_norm", setting="3-shot"),
    Task(benchmark="MATH Lvl 5", metric="exact_match", setting="4-shot"),
    Task(benchmark="GPQA", metric="acc_norm", setting="0-shot"),
    Task(benchmark="MUSR", metric="acc_norm", setting="0-shot"),
    Task(benchmark="MMLU-PRO", metric="acc", setting="5-shot"),
)
NORMALISED = "normalised copy of a raw score"
AVERAGE = "average of the tasks"
NAMES = tuple(task.benchmark for task in TASKS)
SHORT = ("ifeval", "bbh", "math_lvl_5", "gpqa", "musr", "mmlupro")
API = tuple(f"evaluations_{task}" for task in ("ifeval", "bbh", "math", "gpqa", "musr", "mmlu_pro"))

API_LAYOUT = Layout(
    model="model_name", precision="model_precision", sha="model_sha", chat_template="model_has_chat_template",
    scores=tuple(f"{name}_value" for name in API),
    derived=((NORMALISED, tuple(f"{name}_normalized_score" for name in API)), (AVERAGE, ("model_average_score",))),
    size="metadata_params_billions", size_precision="exact", architecture="model_architecture", model_type="model_type",
    base_model="metadata_base_model", upload_date="metadata_upload_date", submission_date="metadata_submission_date",
    is_moe="features_is_moe", is_merged="features_is_merged", is_flagged="features_is_flagged",
)  # fmt: skip
BOARD_LAYOUT = Layout(
    model="fullname", precision="Precision", sha="Model sha", chat_template="Chat Template",
    scores=tuple(f"{name} Raw" for name in NAMES),
    derived=((NORMALISED, NAMES), (AVERAGE, ("Average ⬆️",))),
    size="#Params (B)", size_precision="exact", architecture="Architecture", model_type="Type", base_model="Base Model",
    upload_date="Upload To Hub Date", submission_date="Submission Date",
    is_moe="MoE", is_merged="Merged", is_flagged="Flagged",
)  # fmt: skip
AUTUMN_2024_LAYOUT = Layout(
    model="fullname", precision="Precision", sha="Model sha", chat_template="Chat Template",
    scores=tuple(f"{name} Raw" for name in NAMES),
    derived=((NORMALISED, NAMES), (AVERAGE, ("Average ⬆️",))),
    size="#Params (B)", size_precision="floored", architecture="Architecture", model_type="Type",
    base_model="Base Model", upload_date="Upload To Hub Date", submission_date="Submission Date",
    is_moe="MoE", is_merged="Not_Merged", is_flagged="Flagged", opposite=("MoE", "Not_Merged"),
)  # fmt: skip
SHORT_LAYOUT = Layout(
    model="fullname", precision="precision", sha="model_sha", chat_template="chat_template",
    scores=tuple(f"{name}_raw" for name in SHORT),
    derived=((NORMALISED, SHORT), (AVERAGE, ("average",))),
    size="params_b", size_precision="floored", architecture="architecture", model_type="type", base_model="base_model",
    upload_date="upload_to_hub_date", submission_date="submission_date",
    is_moe="moe", is_merged="not_merged", is_flagged="flagged", opposite=("moe", "not_merged", "flagged"), url="url",
)  # fmt: skip
LAYOUTS = (API_LAYOUT, BOARD_LAYOUT, AUTUMN_2024_LAYOUT, SHORT_LAYOUT)


def parse(pages: list[Page]) -> Iterator[Reported | ReportedModel | Omitted]:
    """Scores, facts about models and counts of what was left out; raises LayoutChanged."""
    for page in pages:
        table = read_text_table(page)
        yield from read_rows(page, table, choose_layout(table, LAYOUTS), TASKS, "fraction", "{benchmark} (raw)")
