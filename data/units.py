"""Units and directions: what a word for a unit, a metric's name, an arrow or a column of numbers says.

Question  Is this number a percentage, a fraction or neither, and is the lower one the better one?
Input     a word ("pct"), a printed metric and benchmark ("avg_wer", "MAE (negated)"), the values of one column.
Output    UNITS or "" (not stated) or None (a word that is not known); `Measure`; `Settled`.
Method    Metric names are read as English compounds: the last word that means something decides ("toxicity classification
          accuracy" is an accuracy), in the first part of the name that has such a word ("recall at 5% error"). What a name
          says outright ("lower is better", an arrow) wins over its words, the metric over the benchmark's name.
          A column without a stated unit is settled by all its values together, never by one of them.
Silent    Where nothing is said, a measure has no unit ("") and higher is better; `settle` gives "" and the reason.

Pure functions over text and numbers, so that every room may import them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


def _words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


UNITS = ("percent", "fraction", "rating", "points")
SCALES = {"percent": 100.0, "fraction": 1.0}
WORDS = {
    "percent": "percent percents percentage percentages pct perc % per_cent 0-100 0..100 0_to_100 [0,100] out_of_100 /100",
    "fraction": "fraction fractions proportion proportions share ratio probability decimal 0-1 0..1 0_to_1 [0,1] "
    "unit_interval fraction_of_1 0.0-1.0",
    "rating": "rating ratings elo elo_rating elo_score arena_score",
    "points": "points point pts raw raw_score dollars dollar usd $ us$ eur euros € gbp £ seconds second sec s ms "
    "milliseconds minutes minute min hours hour tokens count number bits nats",
}
UNIT_OF_WORD = {word: unit for unit, words in WORDS.items() for word in words.split()}

# A lower value is the better one. Single words, compared without case; phrases are joined by one blank.
LOWER = _words(
    "error errors err errs mistakes wer cer ter eer der mer jer wder hter mcd ger loss losses nll perplexity perplexities ppl "
    "ppls bpb bpc bpw bpt bits nats rmse mse mae mape smape wmape mase nrmse nmse rmsle msle rmsd medae crps brier ece mce "
    "tce aurc fid kid fvd fad lpips niqe brisque distance distances divergence kld jsd emd nid ned ted distortion deviation "
    "variance latency ttft tpot itl runtime rtf cost costs price emissions toxicity toxic hallucination hallucinations "
    "hallucinated hallucinating bias biases stereotype stereotyping harmfulness harmful unsafe misclassification failure "
    "failures fail failed fails forgetting regret leakage sycophancy deception violation violations overrefusal overrefusals "
    "fpr fnr fdr far frr fpr95 incorrect wrong degradation drop discrepancy inconsistency contradiction contradictions "
    "mispredictions omissions fabrication fabrications defects timeouts crashes"
)
LOWER_PHRASES = (
    "false positive", "false positives", "false negative", "false negatives", "false alarm", "false acceptance",
    "false rejection", "false discovery", "false refusal", "over refusal", "attack success", "jailbreak success",
    "mean rank", "average rank", "avg rank", "median rank", "miss rate", "bits per", "inference time",
    "response time", "wall time", "execution time", "training time", "time per", "out of memory",
)  # fmt: skip
# A higher value is the better one, whatever stands before it in the name.
HIGHER = _words(
    "accuracy acc accuracies f1 fscore fmeasure f0 f05 f2 auroc auc roc auprc aupr ap map precision recall em match matched "
    "bleu sacrebleu rouge rougel meteor chrf comet bleurt cider spice sari bertscore bartscore similarity correlation pearson "
    "spearman kendall kappa mcc success win wins elo rating reward iou miou dice ndcg mrr hits r2 solved resolved pass passed "
    "passes correct correctness throughput faithfulness truthfulness truthful safety safe robustness robust harmlessness "
    "helpfulness resistance resilience improvement gain gains reduction reductions decrease detected avoided avoidance free "
    "freedom psnr ssim mos pesq stoi snr agreement coverage likelihood loglikelihood werr specificity sensitivity tpr tnr "
    "consistency factuality groundedness informativeness exact g"
)
# Words that say nothing in a test's name, where they are its subject (DROP, TED talks, price questions) and no measure.
SUBJECTS = _words(
    "drop ted far der mer jer ger kid ned nid bias biases stereotype stereotyping harmful harmfulness unsafe failure failures "
    "fail failed fails deception leakage forgetting regret contradiction contradictions wrong incorrect discrepancy variance "
    "fabrication fabrications omissions price cost costs sycophancy mistakes errors defects crashes inconsistency"
)
# Tasks about errors: the word before them is what is worked on, not what is counted.
TASKS = _words(
    "correction corrections corrector detection detector detecting detect recognition identification classification "
    "classifier categorization localization localisation analysis repair recovery handling tagging prediction estimation "
    "awareness understanding mitigation prevention explanation annotation reasoning qa questions question answering "
    "diagnosis spotting finding attribution judgement judgment evaluation generation span spans filtering"
)
NEGATING = _words("negated negate inverted inverse reversed flipped complement")
REVERSING_BEFORE = _words("non no without anti un zero")
# Words after which a name only says where or under what the measure was taken.
ASIDE = re.compile(r"\s(?:at|on|for|under|with|vs|versus|against|over|by|in|from|when|given|to)\s|@|[()\[\]{};,|:]")
EXPLICIT_LOWER = re.compile(
    r"\b(?:lower|smaller|less|fewer)\b\W*(?:is|are|=)?\W*(?:the\W+)?better|lower_?is_?better|\bminimi[sz]e|[↓⬇▼⇩]|\\downarrow"
    r"|best\W+is\W+low|(?:the\W+)(?:lower|smaller)\W+the\W+better",
    re.IGNORECASE,
)
EXPLICIT_HIGHER = re.compile(
    r"\b(?:higher|larger|more|greater|bigger)\b\W*(?:is|are|=)?\W*(?:the\W+)?better|higher_?is_?better|\bmaximi[sz]e"
    r"|[↑⬆▲⇧]|\\uparrow|(?:the\W+)(?:higher|larger)\W+the\W+better",
    re.IGNORECASE,
)
ONE_MINUS = re.compile(r"(?:^|[(=:,])\s*(?:1(?:\.0)?|100)\s*%?\s*(?:[-−–]|minus)\s*(?=[A-Za-z])", re.IGNORECASE)
MINUS = re.compile(r"^\s*[-−–](?=[A-Za-z])")
# Measures that are no share of 100; what a percentage of them would be, nobody can say.
POINTS = _words(
    "perplexity perplexities ppl ppls loss losses nll bpb bpc bpw bpt bits nats rmse mse mae nrmse nmse rmsle msle rmsd medae "
    "crps fid kid fvd fad niqe brisque latency ttft tpot runtime seconds secs milliseconds minutes hours cost costs price usd "
    "dollars dollar eur loglikelihood likelihood throughput tokens psnr snr mos pesq distance deviation horizon mcd params "
    "parameters flops memory rank ranks"
)
SHARES = _words(
    "accuracy acc f1 em auroc auc recall precision percent percentage percentile normalized normalised proportion win wins rate"
)
# Tests whose answers a judge gives points from 1 to 10 or 0 to 6, whatever their metric is called but a share.
JUDGED = re.compile(r"mt-?bench|align-?bench|logic-?kor|vicuna-?bench|mm-?hal", re.IGNORECASE)
RATINGS = _words("elo rating ratings")
MONEY = re.compile(r"[$€£¥]|\busd\b|\bdollars?\b|\beuros?\b", re.IGNORECASE)
IN_PERCENT = re.compile(r"%|\b(?:percent|per cent|pct|percentage)\b|_pct\b|_percent\b", re.IGNORECASE)
IN_FRACTION = re.compile(
    r"[(\[]\s*(?:fraction|proportion|share|0\s*(?:-|–|to|\.\.)\s*1)\s*[)\]]|_(?:fraction|proportion)\b", re.I
)

STRAY_SHARE = 0.1  # up to a tenth of a column may be slips; more, and the column mixes two units
NAN = float("nan")
MIN_FRACTIONS = 5  # fewer scores, all at most 1, could be very low percentages


@dataclass(frozen=True)
class Measure:
    """What names say of a measure: unit ("" = nothing), direction, and whether they say anything of the direction."""

    unit: str
    is_lower_better: bool
    is_said: bool


@dataclass(frozen=True)
class Settled:
    """The unit of a column without a stated one; `stray` are its values that do not fit; `reason` in words."""

    unit: str
    stray: tuple[bool, ...]
    reason: str


def read_unit(text: str) -> str | None:
    """One of UNITS, "" for an empty text, None for a word that is not known."""
    plain = re.sub(r"[\s_]+", "_", text.strip().strip("()").casefold()).replace("–", "-").replace("…", "..")
    plain = plain.removeprefix("in_").removesuffix(".")
    return UNIT_OF_WORD.get(plain) if plain else ""


def known_units() -> str:
    """The words for units, for a sentence that asks for one."""
    return "percent, fraction, rating or points"


def tokens(text: str) -> list[str]:
    """Words of a name in lower case; underscores, hyphens and capitals inside a word divide ("wordPerplexity", "avg_wer")."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text)
    return re.findall(r"[a-z]+\d*|\d+", spaced.casefold())


def _part(text: str, silent: frozenset[str]) -> bool | None:
    """Whether a part of a name says that lower is better; None where it says nothing. `silent`: words not to hear."""
    words = tokens(text)
    joined = " ".join(words)
    found: list[tuple[int, bool]] = []
    covered: set[int] = set()
    for phrase in LOWER_PHRASES:
        for match in re.finditer(rf"\b{phrase}\b", joined):
            first = joined[: match.start()].count(" ")
            covered |= set(range(first, first + phrase.count(" ") + 1))
            found.append((first, True))
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else ""
        before = words[i - 1] if i else ""
        if i in covered:
            continue
        if word in LOWER and word not in silent:
            if after in TASKS and not (after == "generation" and "rate" in words[i:]):
                continue
            turned = before in REVERSING_BEFORE or (before in ("neg", "negative") and "false" not in words[:i])
            turned = turned or _is_negated_before(words, i)
            found.append((i, not turned))
        elif word in HIGHER:
            # "negative log likelihood" is a loss; "negative F1" is the F1 of a class.
            lower = word in ("likelihood", "loglikelihood") and bool({"neg", "negative"} & set(words[:i]))
            found.append((i, lower))
        elif word == "nontoxic" or word == "nontoxicity":
            found.append((i, False))
    if not found:
        return None
    return max(found)[1]


def _is_negated_before(words: list[str], place: int) -> bool:
    """True for "neg_mean_squared_error" and "neg_log_loss": the word stands first and all between describe the error."""
    return words[0] in ("neg", "negative") and place > 0 and "false" not in words[:place]


def _direction(name: str, silent: frozenset[str] = frozenset()) -> bool | None:
    """Whether a name says that lower is better; None where it says nothing of it. `silent`: words not to hear."""
    lower, higher = EXPLICIT_LOWER.search(name), EXPLICIT_HIGHER.search(name)
    if bool(lower) != bool(higher):
        return bool(lower)
    said = None
    for part in ASIDE.split(re.sub(r"time[ _-]to[ _-]first", "ttft", name, flags=re.IGNORECASE)):
        said = _part(part, silent)
        if said is not None:
            break
    if said is None:
        return None
    # "MAE (negated)", "negated WER", "1 - CER", "-PPL": what was an error is turned round.
    turned = bool(NEGATING & set(tokens(name))) or (said and bool(ONE_MINUS.search(name) or MINUS.match(name)))
    return said != turned


def read_measure(metric: str, benchmark: str = "") -> Measure:
    """Unit and direction of a metric as printed; where it says nothing, of the benchmark's name."""
    said = [d for d in (_direction(metric), _direction(benchmark, SUBJECTS)) if d is not None]
    unit = _unit_of_name(metric) or _unit_of_name(benchmark)
    if (
        not unit
        and JUDGED.search(re.sub(r"[\s_]+", "-", benchmark))
        and not SHARES & set(tokens(f"{metric} {benchmark}"))
    ):
        unit = "points"
    return Measure(unit=unit, is_lower_better=bool(said) and said[0], is_said=bool(said))


def _unit_of_name(name: str) -> str:
    """percent, fraction, rating or points where a name says so, else ""."""
    words = tokens(name)
    if MONEY.search(name):
        return "points"
    if IN_FRACTION.search(name):
        return "fraction"
    if IN_PERCENT.search(name):
        return "percent"
    if RATINGS & set(words):
        return "rating"
    if (
        POINTS & set(words)
        and not SHARES & set(words)
        and not any(words[i] in POINTS and i + 1 < len(words) and words[i + 1] in TASKS for i in range(len(words)))
    ):
        return "points"
    return ""


def name_direction(metric: str, is_lower_better: bool, benchmark: str = "") -> str:
    """A metric's name that says the stated direction: as it is where its words do so, else with the direction added."""
    if read_measure(metric, benchmark).is_lower_better == is_lower_better:
        return metric
    return f"{metric or 'score'} ({'lower' if is_lower_better else 'higher'} is better)"


def settle(values: Sequence[float | Decimal], min_fractions: int = MIN_FRACTIONS) -> Settled:
    """The unit of a column whose rows state none, from all its finite values together.

    percent   values between 1 and 100; up to STRAY_SHARE of them at most 1, or outside 0 to 100, are strays
    fraction  at least `min_fractions` values, all from 0 to 1
    points    more than half lie outside 0 to 100
    """
    shown = [v for v in values if v == v and v != 0]
    out = [v for v in shown if v < 0 or v > 100]
    low, middle = [v for v in shown if 0 < v <= 1], [v for v in shown if 1 < v <= 100]
    none = tuple(False for _ in values)
    if shown and 2 * len(out) > len(shown) and not all(0 < v <= 2 * SCALES["percent"] for v in out):
        return Settled("points", none, "most scores lie outside 0 to 100")
    if len(shown) > len(out) > max(1, STRAY_SHARE * len(shown)):
        return Settled("", none, f"{len(out)} of {len(values)} scores lie outside 0 to 100")
    if out and len(out) == len(shown):
        return Settled("percent", tuple(v != 0 for v in values), "")
    if not middle:
        if len(values) >= min_fractions:
            return Settled("fraction", tuple(v < 0 or v > 1 for v in values), "")
        return Settled("", none, "too few scores, all at most 1: low percentages or fractions")
    if len(low) > STRAY_SHARE * (len(low) + len(middle)):
        return Settled(
            "",
            none,
            f"{len(low)} scores are at most 1 (such as {low[0]:g}) and {len(middle)} above 1 (such as {middle[0]:g})",
        )
    return Settled("percent", tuple(v < 0 or v > 100 or 0 < v <= 1 for v in values), "")
