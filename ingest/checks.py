"""Is a number itself odd, before any statistics?

Question  Should a reader look at our copy of this number, or at its page, before thinking about the model?
Input     evaluations (history.collapse) and models with their sizes.
Output    one sentence per odd evaluation (column data_problem), else None. Nothing is changed or dropped.
Method    Our choice: four plain rules. Scale slip: a percentage of at most 1 in a column of a page whose other values are
          many times larger, or a fraction that is a hundredth of its neighbours. Exact zero on a test with many items, or
          with scores so close together that it must have many. A score quoted from a board that shows rescaled ones.
          A size column that disagrees by more than half with the size that the name states, by more than
          three with an exact size of its stated base model, or that is a tenth of what its architecture ever has.
Silent    When a page's column has fewer than MIN_NEIGHBOURS values there is nothing to compare with.
"""

import re

import numpy as np
import pandas as pd

from data.named_sizes import EXPERTS, ONE_OF, SCALES, SIZE_FACTOR, differ, own_part, read_mixture, read_named_sizes
from data.vocabulary import FAILED_RUN, SHARE_UNITS
from ingest import codes
from ingest.records import read_count

MIN_NEIGHBOURS = 4  # fewer values in the column and its median says little
SLIP = 15.0  # honest neighbours of a score differ by factors of 2 to 5; a unit slip is a factor of 100
LOW_END = 5.0  # percent: below this a column may really hold values near 1 (hard tests), so no slip is called
MIN_ITEMS = 100  # with fewer items an exact zero is an ordinary result
MIN_SERIES = 20  # with fewer scores the share of zeros and the smallest gap say little
ORDINARY = 0.1  # where one score in ten is zero, zero is what the test gives
ROUNDING = 1e-4  # pages print percentages with one or two decimals
SECOND_BOARD = re.compile(r"open llm leaderboard v2", re.IGNORECASE)
RESCALED = {"bbh", "gpqa", "gpqa-diamond", "musr", "mmlu-pro"}  # tests of that board in which something can be guessed
SAME_SIZE = 1.1  # "7B" and 7.3 billion are one size
BITS = re.compile(r"(?<![\d.])(\d{1,2})[-_ ]?bits?(?![a-z])", re.IGNORECASE)
# "248M", and in the names of small mixtures "32Mx2" and "6x32M".
NAMED_MILLIONS = re.compile(r"(?:(?<![a-z0-9.])|(?<=\dx))(\d{1,3}(?:\.\d{1,2})?)m(?:x\d+)?(?![a-z0-9])", re.IGNORECASE)
MIXTURE = re.compile(r"moe|mixtral|dbrx|jamba|switch|grok|deepseekv[23]|qwen3next|gptoss|llama4", re.IGNORECASE)
# Makes of which every size is a mixture; in a name beside another make, or with fewer parameters than any of them has
# (LARGE), the word says where a smaller model was distilled or merged from.
MIXED_MAKES = re.compile(
    r"(?<![a-z])(?:gpt[-_ ]?oss|kimi[-_ ]?k2|dbrx|jamba|deepseek[-_ ]?(?:coder[-_ ])?v(?:2|3|4)(?!\d)|deepseek[-_ ]r1[-_ ]zero"
    r"|deepseek[-_ ]v2[-_ ]coder|glm[-_ ](?:4[._]5|4[._]6(?!v?[-_ ]?(?:flash|9b))|4[._]7|5)(?![\d.]*v)|llama[-_ ]?4(?!\d)|grok[-_ ]1(?!\.)"
    r"|minimax[-_ ](?:m\d|text)|hunyuan[-_ ]large|qwen3[-_ ]next)",
    re.IGNORECASE,
)
OTHER_MAKES = re.compile(r"qwen(?!3[-_ ]next)|llama[-_ ]?[123]|mistral|gemma|distil", re.IGNORECASE)
LARGE = 12e9
DENSE_CLASS = re.compile(
    r"(?:Llama|Mistral|Qwen2|Qwen3|Gemma\d?|Phi3?|GPTNeoX|GPT2LMHead|Falcon|OPT|Bloom)(?:ForCausalLM|Model)"
)
BASE_FACTOR = 3.0  # pruned and stacked models stay within three times their base; a wrong column or base exceeds it
RARE_FACTOR, RARE_SHARE, MIN_CLASS = 10.0, 0.01, 50  # a tenth of the 1% smallest of at least 50 models of a class
# How sentences begin that ask for a look at the size before the scores; other notes on sizes are only told.
SIZE_DOUBTS = ("The name says", "Its base model has", "The size column says")


def find_scale_slips(evaluations: pd.DataFrame) -> pd.Series:
    """Sentences for values that look like a fraction among percentages, by row of `evaluations` (index kept)."""
    columns = ["snapshot_id", "run_group", "benchmark_id", "metric", "score", "score_reported"]
    percent = evaluations.loc[evaluations["score_unit"] == "percent", columns]
    column = percent.groupby(["snapshot_id", "run_group", "benchmark_id", "metric"], observed=True)["score"]
    size, middle = column.transform("size") - 1, column.transform("median") * 100
    value = percent["score"] * 100
    odd = (size >= MIN_NEIGHBOURS) & (value <= 1) & (value > 0) & (middle >= LOW_END) & (middle / value >= SLIP)
    texts = [
        f"Printed {printed} in a column of percentages around {centre:.0f}: it may be a fraction."
        for printed, centre in zip(percent.loc[odd, "score_reported"], middle[odd], strict=True)
    ]
    return pd.Series(texts, index=percent.index[odd], dtype=object)


def find_rescaled(evaluations: pd.DataFrame) -> pd.Series:
    """Sentences for scores that a page quotes from Open LLM Leaderboard v2 on a test where that board shows others.

    It shows these tests with guessing as 0, and its files hold the raw scores: a quoted one is most likely what it shows.
    """
    is_quoted = codes.each(lambda text: bool(SECOND_BOARD.search(text)), evaluations["setting"].fillna(""))
    is_rescaled = codes.each(lambda name: name.partition("@")[0] in RESCALED, evaluations["benchmark_id"])
    quoted = (is_quoted & is_rescaled).astype(bool)
    texts = [
        f"Quoted from Open LLM Leaderboard v2, which shows this test with guessing as 0: {printed} is most likely rescaled."
        for printed in evaluations.loc[quoted, "score_reported"]
    ]
    return pd.Series(texts, index=evaluations.index[quoted], dtype=object)


def find_lone_shares(evaluations: pd.DataFrame, sources: set[str]) -> pd.Series:
    """Sentences for percentages of at most 1 in records of `sources`, which have no column beside them to compare with.

    The other scores of the same test and metric speak: only where they are low, too, is such a percentage a result.
    """
    columns = ["source_id", "benchmark_id", "metric_id", "score", "score_reported"]
    percent = evaluations.loc[evaluations["score_unit"] == "percent", columns]
    group = percent.groupby(["benchmark_id", "metric_id"], observed=True)["score"]
    size, middle = group.transform("size") - 1, group.transform("median") * 100
    value = percent["score"] * 100
    is_low = (size >= MIN_NEIGHBOURS) & (middle < LOW_END)
    odd = percent["source_id"].isin(sources) & (value > 0) & (value <= 1) & ~is_low
    texts = [
        f"Printed {printed} with the unit percent: it may be a share ({100 * share:.4g}%)."
        for printed, share in zip(percent.loc[odd, "score_reported"], value[odd], strict=True)
    ]
    return pd.Series(texts, index=percent.index[odd], dtype=object)


def find_exact_zeros(evaluations: pd.DataFrame) -> pd.Series:
    """Sentences for exact zeros on tests with many items (n_items joined on; higher must be better).

    Where the number of items is not known, the series speaks: shares of n items lie at least 1/n apart, so scores that
    lie closer than 1/MIN_ITEMS come from more items (or from graded answers, where a zero says even more). A zero of a
    model is then told unless ORDINARY of the series are zero, too: on hard tests it is a result.
    """
    is_share = ~evaluations["is_lower_better"].astype(bool) & evaluations["score_unit"].isin(SHARE_UNITS)
    shares = evaluations.loc[is_share, ["score", "n_items", "model_kind", "series_id"]]
    zero = shares["score"] == 0
    known = shares[zero & (shares["n_items"].fillna(0) >= MIN_ITEMS)]
    told = pd.Series(
        [f"{FAILED_RUN}: exactly zero of {int(n)} items is more often that than a result." for n in known["n_items"]],
        index=known.index,
        dtype=object,
    )
    unknown = shares[shares["n_items"].isna()]
    doubted = unknown[zero[unknown.index] & (unknown["model_kind"] == "model")]
    group = unknown[unknown["series_id"].isin(set(doubted["series_id"]))].groupby("series_id")["score"]
    found = {}
    for series_id, scores in group:
        # Gaps below ROUNDING may be one value printed twice with other precision.
        gaps = np.diff(np.unique(scores))
        gaps = gaps[gaps > ROUNDING]
        share = float((scores == 0).mean())
        if len(scores) >= MIN_SERIES and share < ORDINARY and len(gaps) and gaps.min() <= 1 / MIN_ITEMS:
            found[series_id] = (
                f"{FAILED_RUN}: exactly zero, as {share:.1%} of {len(scores)} scores here, which lie down to {gaps.min() * 100:.2g} points"
                " apart; more often that than a result."
            )
    more = doubted["series_id"].map(found).dropna()
    return pd.concat([told, more.astype(object)]) if len(more) else told


def is_active_size(name: str, printed: str) -> bool:
    """Whether a size printed in billions is the one that the name calls active: "22" beside "235B-A22B"."""
    whole, active = read_mixture(name)
    return active is not None and active != whole and read_count(printed, "billions") == active


def is_mixture_by_name(name: str, total: float | None) -> bool:
    """Whether a model's name says that it is a mixture of experts, and its size does not say that it is one expert."""
    plain = own_part(name)
    experts = ONE_OF.search(plain)
    if experts and total and total < SIZE_FACTOR * float(experts[2]) * SCALES[experts[3].lower()]:
        return False  # "2x7B" with 7.24B: merged into one
    is_make = MIXED_MAKES.search(plain) and not OTHER_MAKES.search(plain) and not (total and total < LARGE)
    return bool(is_make or EXPERTS.search(plain))


def is_mixture_by_class(architecture: str, total: float | None) -> bool:
    """Whether an architecture is one of mixtures; Mixtral's class with the size of one expert is none."""
    return bool(MIXTURE.search(architecture)) and not (total and total < 8e9 and "mixtral" in architecture.casefold())


def is_size_of_another(name: str, n_parameters: float, address: str) -> bool:
    """Whether a size was read off a page about another model: the address names it and the model's name does not."""
    paged, own = read_named_sizes(address.rstrip("/")), read_named_sizes(name)
    is_paged, is_own = (
        any(size and differ(n_parameters, size) <= SAME_SIZE for size in sizes) for sizes in (paged, own)
    )
    return is_paged and not is_own and "huggingface.co/" not in address  # a repository is the model's own page


def is_number_of_bits(name: str, n_parameters: float) -> bool:
    """Whether a size is only the width of numbers in a name: "merged_16bit", which a board's own reader took for 16B."""
    return any(
        float(bits) * 1e9 == n_parameters and not re.search(rf"(?<![\d.]){bits}b(?!its?)", name, re.IGNORECASE)
        for bits in BITS.findall(name)
    )


def find_size_conflict(
    name: str, n_parameters: float | None, is_mixture: bool = False, precision: str | None = None
) -> str | None:
    """One sentence when every reading of the name's size and the column's disagree by more than SIZE_FACTOR.

    is_mixture  a mixture of experts: its name often states the size of one of them, so nothing is compared
    precision   "floored": whole billions rounded down, so that anything up to a billion more is the same size
    """
    stated = {size for size in read_named_sizes(name) if size}
    if not stated or is_mixture or n_parameters is None or pd.isna(n_parameters):
        return None
    nearest = min(stated, key=lambda size: differ(size, n_parameters))
    is_rounded = precision == "floored" and n_parameters <= nearest < n_parameters + 1e9
    if is_rounded or differ(nearest, n_parameters) <= SIZE_FACTOR:
        return None
    return f"The name says {nearest / 1e9:g}B, the size column says {n_parameters / 1e9:.3g}B."


def find_base_conflicts(models: pd.DataFrame) -> pd.Series:
    """Sentences for models whose exact size is far from that of their stated base model, by row of `models`.

    models  with model_id, name, n_parameters, size_precision, architecture, base_model, is_merged. Only the same
            architecture is compared, never a merge (merges change the number of layers), and never a size that the
            name confirms: then it is the base model that is stated wrongly.
    """
    sized = models[models["n_parameters"].notna() & (models["size_precision"] == "exact")]
    base = "hf:" + sized["base_model"].fillna("").str.strip().str.casefold()
    known = sized.drop_duplicates("model_id").set_index("model_id")
    there, kind = (known[c].reindex(base).set_axis(sized.index) for c in ("n_parameters", "architecture"))
    share = there / sized["n_parameters"]
    odd = (
        ((share > BASE_FACTOR) | (share < 1 / BASE_FACTOR))
        & (kind == sized["architecture"])
        & (base != sized["model_id"])
        & ~sized["is_merged"].isin([True])
    )
    for row in sized[odd].itertuples():
        odd[row.Index] = not any(differ(n, row.n_parameters) <= SIZE_FACTOR for n in read_named_sizes(row.name) if n)
    texts = [
        f"Its base model has {one / 1e9:.3g}B, the size column says {own / 1e9:.3g}B."
        for one, own in zip(there[odd], sized.loc[odd, "n_parameters"], strict=True)
    ]
    return pd.Series(texts, index=sized.index[odd], dtype=object)


def find_rare_sizes(models: pd.DataFrame) -> pd.Series:
    """Sentences for sizes far below what the architecture otherwise has, where the name does not say them.

    models  with name, n_parameters, size_precision, architecture; index kept.
    """
    exact = models["n_parameters"].notna() & (models["size_precision"] == "exact")
    sized = models[exact & models["architecture"].notna()]
    group = sized.groupby("architecture", observed=True)["n_parameters"]
    low, number = group.transform("quantile", RARE_SHARE), group.transform("size")
    odd = sized[(number >= MIN_CLASS) & (sized["n_parameters"] < low / RARE_FACTOR)]
    told = {}
    for row in odd.itertuples():
        named = [float(text) * 1e6 for text in NAMED_MILLIONS.findall(own_part(row.name))]
        if not any(size and differ(size, row.n_parameters) <= SIZE_FACTOR for size in named):
            told[row.Index] = (
                f"The size column says {row.n_parameters / 1e9:.3g}B, less than a tenth of 99% of the models with"
                f" architecture {row.architecture}."
            )
    return pd.Series(told, dtype=object)
