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
    "percent": "percent percents percentage percentages pct perc % per_cent 0-100 0..100 0_to_100 [0,100] out_of_100 /100 "
    "0-100% percent_(% percentage_(% %_correct percent_correct % acc_% accuracy_% acc_(% accuracy_(%",
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
    "ppls pplx entropy crossentropy xent bpd bpb bpc bpw bpt bits nats rmse mse mae mape smape wmape mase nrmse nmse rmsle msle rmsd medae crps brier ece mce "
    "tce aurc fid kid fvd fad lpips niqe brisque distance distances divergence kld jsd emd nid ned ted distortion deviation "
    "variance latency ttft tpot itl runtime rtf cost costs price emissions toxicity toxic hallucination hallucinations "
    "hallucinated hallucinating bias biases stereotype stereotyping harmfulness harmful unsafe misclassification failure "
    "failures fail failed fails forgetting regret leakage sycophancy deception violation violations overrefusal overrefusals "
    "fpr fnr fdr far frr fpr95 incorrect wrong degradation drop discrepancy inconsistency contradiction contradictions "
    "mispredictions omissions fabrication fabrications defects timeouts crashes wil epe ade fde minade minfde mpjpe "
    "absrel wasserstein hausdorff hd95 exploitability acer apcer bpcer mindcf actdcf dcf cllr rfid gfid sfid "
    "cmmd mmd wql wape mrae rmsce cpwer tcpwer logloss collision collisions infractions interventions delay lag jitter "
    "crash invalid insecure vulnerable vulnerability vulnerabilities gap gaps inaccuracy inaccuracies dishonesty unfaithful "
    "unfaithfulness untruthful untruthfulness lose loses leak leaks memorization lying disparity disparities metricx surprisal timeout "
    "idsw lamr insult insults unfairness overconfidence unhelpful repetition repetitions risk risks"
)
LOWER_PHRASES = (
    "false positive", "false positives", "false negative", "false negatives", "false alarm", "false acceptance",
    "false rejection", "false discovery", "false refusal", "over refusal", "attack success", "jailbreak success",
    "mean rank", "average rank", "avg rank", "median rank", "miss rate", "bits per", "inference time",
    "jailbreak rate", "memorization rate", "plagiarism rate", "lie rate", "edit rate", "real time factor", "response time", "wall time", "execution time", "training time", "time per", "out of memory", "abs rel", "id switches", "identity switches", "self bleu", "parity difference", "odds difference",
)  # fmt: skip
# A higher value is the better one, whatever stands before it in the name.
HIGHER = _words(
    "accuracy acc accuracies f1 fscore fmeasure f0 f05 f2 auroc auc roc auprc aupr ap map precision recall em match matched "
    "bleu sacrebleu rouge rougel meteor chrf comet bleurt cider spice sari bertscore bartscore similarity correlation pearson "
    "spearman kendall kappa mcc success win wins elo rating reward iou miou dice ndcg mrr hits r2 solved resolved pass passed "
    "passes correct correctness throughput faithfulness truthfulness truthful safety safe robustness robust harmlessness "
    "helpfulness resistance resilience improvement gain gains reduction reductions decrease detected avoided avoidance free "
    "freedom psnr ssim mos pesq stoi snr agreement coverage likelihood loglikelihood werr specificity sensitivity tpr tnr "
    "consistency factuality groundedness informativeness exact g saving savings saved speedup horizon preserved teds efficiency effectiveness closed recovered"
)
# Words that say nothing in a test's name, where they are its subject (DROP, TED talks, price questions) and no measure.
SUBJECTS = _words(
    "drop ted far der mer jer ger kid ned nid bias biases stereotype stereotyping harmful harmfulness unsafe failure failures "
    "fail failed fails deception leakage forgetting regret contradiction contradictions wrong incorrect discrepancy variance "
    "fabrication fabrications omissions price cost costs sycophancy mistakes errors defects crashes inconsistency entropy crash "
    "invalid insecure vulnerable vulnerability vulnerabilities gap gaps dishonesty untruthful lose leak leaks memorization lying "
    "disparity disparities insult insults unfairness overconfidence repetition repetitions risk risks timeout"
)
# What a test's name counts of its questions ("16k tokens", "Memory KV"), and not of their answers.
LENGTHS = _words(
    "tokens memory rank ranks distance deviation horizon params parameters flops minutes hours seconds secs loss losses bits nats "
    "likelihood speedup"
)
# Tasks about errors: the word before them is what is worked on, not what is counted.
TASKS = _words(
    "correction corrections corrector detection detector detecting detect recognition identification classification "
    "classifier categorization localization localisation analysis repair fix fixing debugging recovery handling tagging prediction estimation "
    "awareness understanding mitigation prevention explanation annotation reasoning qa questions question answering "
    "diagnosis spotting finding attribution judgement judgment evaluation generation span spans filtering"
)
# Words of a count: "toxic comment classification" works on what is toxic, "toxic answer rate in classification" counts it.
COUNTS = _words("rate rates ratio score scores count counts number frequency percentage share probability")
NEGATING = _words("negated negate inverted inverse reversed flipped complement reciprocal")
ONE_OVER = re.compile(r"\s*1\s*/\s*(?=[A-Za-z])")  # "1/PPL"
REVERSING_BEFORE = _words("non no without anti un zero avoided prevented")
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
ONE_MINUS = re.compile(
    r"(?:^|[(=:,])\s*(?:1(?:\.0)?|100)\s*%?(?:\s*([-−–])|\s+minus\b|_minus_)\s*(?=[A-Za-z])", re.IGNORECASE
)
MINUS = re.compile(r"^\s*[-−–](?=[A-Za-z])")
# Measures that are no share of 100; what a percentage of them would be, nobody can say.
POINTS = _words(
    "perplexity perplexities ppl ppls pplx entropy crossentropy xent bpd mindcf actdcf dcf cllr epe ade fde minade minfde mpjpe "
    "hausdorff wasserstein hd95 speedup loss losses nll bpb bpc bpw bpt bits nats rmse mse mae nrmse nmse rmsle msle rmsd medae "
    "crps fid kid fvd fad niqe brisque latency ttft tpot runtime seconds secs milliseconds minutes hours cost costs price usd "
    "dollars dollar eur loglikelihood likelihood throughput tokens psnr snr mos pesq distance deviation horizon mcd params "
    "parameters flops memory rank ranks"
)
# Of these no share of 100 is ever meant; of the others ("cost", "latency") a statement may be about a share saved or lost.
NO_SHARES = _words(
    "perplexity perplexities ppl ppls pplx nll bpb bpc bpw bpt bpd bits nats fid kid fvd entropy crossentropy xent"
)
SHARES = _words(
    "accuracy acc f1 em auroc auc recall precision percent percentage percentile normalized normalised proportion win wins rate similarity"
)
# What was spent on the way to an answer, as the whole of a name: less is better, and it is no share of 100.
SPENT = re.compile(
    r"(?:(?:avg|average|mean|median|total|max|number of|num|no|n|wall ?clock|elapsed|cpu|gpu|solve|solving|solution|completion|"
    r"response|running|run|inference|execution|generation|processing|decoding|prefill|output|input|generated|prompt|reasoning|"
    r"thinking|environment|interaction|conversation|dialogue|tool|api|llm|model|agent) )*"
    r"(?:time|duration|costs?|price|steps?|turns|tokens|attempts|iterations|interactions|tries|retries|rounds|actions|moves|calls|tool use|tokens? (?:usage|use|consumption)|"
    r"guesses|queries|gpu hours|vram|peak memory|(?:peak |gpu )?memory (?:usage|use|footprint|consumption)|carbon footprint|"
    r"energy (?:usage|use|consumption|cost)|energy(?= (?:k? ?wh|k?j|joules|per)\b)|(?:usd|dollars?|cents?)(?= per\b))"
    r"(?: (?:used|taken|spent|needed|required|generated|consumed|elapsed|k? ?wh|k?j|joules|gb|mb|(?:per (?!s\b|sec|min|hour|h\b)|to|until|in|s|sec|secs|seconds|ms|min|minutes|h|hours|k)\b.*))*"
)
# A speed, not what was spent: "tokens/s". "Time / s" has a unit.
A_SECOND = re.compile(
    r"(?:tokens?|steps?|queries|calls|actions|moves|iterations)\s*/\s*(?:s|secs?|seconds?|h|hours?)\b", re.IGNORECASE
)
PLACE = re.compile(r"(?:final |overall |leaderboard )?(?:rank|ranking)")  # first is best
CHAIR = re.compile(r"chair ?(?:[si]|instance|sentence)?(?: (?:score|rate|metric))?")  # objects named that are not there
# Texts on which language models are measured in perplexity or bits; what else is measured there says so.
CORPUS = re.compile(
    r"(?:the )?(?:wiki ?text(?: ?v?\d+)?|wiki ?103|ptb|penn ?tree ?bank|enwik ?[89]|text8|hutter prize|c4(?: \w\w)?|m ?c4|pile(?: test| val)?|"
    r"lm ?1 ?b|1b words?|(?:google )?(?:one )?billion word(?: benchmark)?|pg ?19|open ?web ?text|red ?pajama|slim ?pajama|"
    r"fine ?web(?: edu)?|lambada (?:ppl|perplexity)|paloma|proof ?pile|refined ?web|cc ?100|books ?3)"
    r"(?: (?:raw|word|byte|char|character|level|v\d|test|valid(?:ation)?|val|language modell?ing|2k|4k|8k|\d+k))*",
    re.IGNORECASE,
)
OTHER_TASKS = re.compile(
    r"pars|pos\b|tag|ner\b|chunk|constituen|depend|retriev|qa\b|params?\b|parameters|flops", re.IGNORECASE
)
# More of it may be good or bad, which only the test can say.
EITHER = re.compile(
    r"refus(?:al|als|ed|es|e|ing)\b|abstentions?\b|abstain(?:ed|s)?\b|deflections?\b|not attempted\b|rejection\b|rejected\b|unanswered\b|"
    r"^(?:(?:response|answer|output|average|avg|mean|median) )*(?:length|verbosity)(?: (?:in )?(?:words|tokens|characters|chars))?$"
)
OF_HARM = re.compile(
    r"\b(?:harmful|unsafe|malicious|toxic|jailbr\w*|attacks?|adversarial|illegal|dangerous|unanswerable)\b", re.I
)
OF_NO_HARM = re.compile(
    r"\b(?:harmless|benign|safe|borderline|false|over|unnecessary|wrong|incorrect|exaggerated|answerable)\b|\boverrefus",
    re.I,
)
# "ASR" is the success of attacks, where the name says so; else it may be speech recognition.
ATTACKED = re.compile(r"attack|harm|jail|adv|inject|red[- ]?team|dojo|\basr-?v\b", re.IGNORECASE)
# Tests whose answers a judge gives points from 1 to 10 or 0 to 6, whatever their metric is called but a share.
JUDGED = re.compile(r"mt-?bench|align-?bench|logic-?kor|vicuna-?bench|mm-?hal", re.IGNORECASE)
NO_SHARE = re.compile(
    r"\btime horizons?\b|\bbits? per\b"
)  # also where a percentage or a test's subject stands beside it
SAVED = _words("saving savings saved reduction reductions improvement")  # of a cost: most often a share of it
RATINGS = _words("elo rating ratings")
MONEY = re.compile(r"[$€£¥]|\busd\b|\bdollars?\b|\beuros?\b", re.IGNORECASE)
MONEY_PER = re.compile(r"\s*[$€£¥]\s*(?:/|per\b)", re.IGNORECASE)  # "$ per task"
IN_PERCENT = re.compile(r"%|\b(?:percent|per cent|pct|percentage)\b|_pct\b|_percent\b", re.IGNORECASE)
IN_FRACTION = re.compile(
    r"[(\[]\s*(?:fraction|proportion|share|0\s*(?:-|–|to|\.\.)\s*1)\s*[)\]]|_(?:fraction|proportion)\b", re.I
)

STRAY_SHARE = 0.1  # up to a tenth of a column may be slips; more, and the column mixes two units
NAN = float("nan")
MIN_FRACTIONS = 5  # fewer scores, all at most 1, could be very low percentages


@dataclass(frozen=True)
class Measure:
    """What names say of a measure: unit ("" = nothing), direction, and whether they say anything of the direction.

    doubt   a sentence where the direction depends on what the test asks, which no name says
    """

    unit: str
    is_lower_better: bool
    is_said: bool
    doubt: str = ""


@dataclass(frozen=True)
class Settled:
    """The unit of a column without a stated one; `stray` are its values that do not fit; `reason` in words."""

    unit: str
    stray: tuple[bool, ...]
    reason: str


def read_unit(text: str) -> str | None:
    """One of UNITS, "" for an empty text, None for a word that is not known."""
    text = text.replace("％", "%").strip().strip("()").casefold()
    plain = re.sub(r"[\s_]+", "_", text).replace("–", "-").replace("…", "..")
    plain = plain.removeprefix("in_").removesuffix(".").replace(",_", ",")
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
        if i in covered or (before == "win" and word in ("loss", "lose")):  # "win/loss ratio" is one of wins
            continue
        if word in LOWER and word not in silent:
            if after in TASKS and not (after == "generation" and "rate" in words[i:]):
                continue
            # "Toxic comment classification", "ErrorBench": what a task or a test is about.
            if (words[-1] in TASKS and not COUNTS & set(words[i:])) or (silent and after in ("bench", "benchmark")):
                continue
            turned = before in REVERSING_BEFORE or (before in ("neg", "negative") and "false" not in words[:i])
            turned = turned or _is_negated_before(words, i)
            turned = turned or (before in ("attack", "jailbreak") and word in ("failure", "failures", "failed"))
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
    stated = _stated(name)
    if stated is not None:
        return stated
    if MONEY_PER.match(name) or _is_spent(name) or _is_place_or_chair(" ".join(tokens(name.partition("(")[0]))):
        return True
    minus = ONE_MINUS.search(name)
    rest = name[minus.end() :] if minus else ""
    if minus and (not minus[1] or name[minus.end() - 1].isspace() or _is_measured(rest)):
        turned = _direction(rest.rstrip(")] "), silent)
        if turned is not None:
            return not turned
    said = None
    for part in ASIDE.split(re.sub(r"time[ _-]to[ _-]first", "ttft", name, flags=re.IGNORECASE)):
        said = _part(part, silent)
        if said is not None:
            break
    if said is None:
        return None
    # "MAE (negated)", "negated WER", "-PPL": what was an error is turned round.
    turned = bool(NEGATING & set(tokens(name))) or (said and bool(MINUS.match(name) or ONE_OVER.match(name)))
    return said != turned


def _is_place_or_chair(plain: str) -> bool:
    """Whether words are a place in a list, or the share of objects named that are not there."""
    return bool(CHAIR.fullmatch(plain) or PLACE.fullmatch(plain))


def _stated(name: str) -> bool | None:
    """Whether a name says outright that lower is better; None where it does not, or says both."""
    lower, higher = EXPLICIT_LOWER.search(name), EXPLICIT_HIGHER.search(name)
    return bool(lower) if bool(lower) != bool(higher) else None


def _is_measured(rest: str) -> bool:
    """Whether "1-..." takes a measure from one ("1-accuracy"), and is not a number with its noun ("1-shot", "1-pass rate")."""
    first, *more = tokens(rest)
    return first in LOWER | HIGHER and not (first in ("pass", "g", "hit") and more)


def _is_spent(name: str) -> bool:
    """Whether a name is one of what was spent: time, steps, turns, tokens; "tokens/s" is a speed."""
    return not A_SECOND.search(name) and bool(SPENT.fullmatch(" ".join(tokens(name))))


def is_corpus(benchmark: str) -> bool:
    """Whether a test is a text on which language models are measured in perplexity or bits ("WikiText-103", "enwik8")."""
    plain = " ".join(re.sub(r"[^A-Za-z0-9]+", " ", benchmark).split())
    return bool(CORPUS.fullmatch(plain))


def _either(name: str, whole: str) -> tuple[str, bool | None] | None:
    """The word in a name for what may be good or bad (refusals), and whether lower is better by the words beside it (None:
    they do not say); None where the name measures something else ("refusal F1") or says its direction outright.
    """
    plain = " ".join(tokens(ASIDE.split(name)[0]))
    if "asr" in plain.split() and _stated(name) is None and not set(plain.split()) & (LOWER | HIGHER | TASKS):
        return "ASR", True if ATTACKED.search(whole) else None
    found = EITHER.search(plain)
    if not found or _stated(name) is not None or set(plain[found.end() :].split()) & (LOWER | HIGHER | TASKS):
        return None
    beside = " ".join(tokens(whole))
    harm, none = OF_HARM.search(beside), OF_NO_HARM.search(beside)
    return found[0], bool(none) if bool(harm) != bool(none) else None


def read_measure(metric: str, benchmark: str = "") -> Measure:
    """Unit and direction of a metric as printed; where it says nothing, of the benchmark's name."""
    unit = _unit_of_name(metric)
    told = "" if unit else _unit_of_name(benchmark, SUBJECTS | LENGTHS)
    unit = unit or ("" if told == "points" and SHARES & set(tokens(metric)) else told)
    either = _either(metric, f"{metric} {benchmark}")
    said = [] if either else [d for d in [_direction(metric)] if d is not None]
    is_open = not SHARES & set(tokens(metric)) and not OTHER_TASKS.search(f"{metric} {benchmark}")
    if is_corpus(benchmark) and is_open and (not said or said[0]) and unit in ("", "points"):
        return Measure(unit="points", is_lower_better=True, is_said=True)
    if not said and not either:
        either = _either(benchmark, benchmark)
        said = [d for d in [_direction(benchmark, SUBJECTS)] if d is not None and not either]
    doubt = ""
    if either:
        word, direction = either
        said = [] if direction is None else [direction]
        doubt = f"Whether more {word!r} is better depends on the test" if direction is None else ""
    if (
        not unit
        and JUDGED.search(re.sub(r"[\s_]+", "-", benchmark))
        and not SHARES & set(tokens(f"{metric} {benchmark}"))
    ):
        unit = "points"
    return Measure(unit=unit, is_lower_better=bool(said) and said[0], is_said=bool(said), doubt=doubt)


def asked(measure: Measure) -> str | None:
    """What to ask where names do not say the direction, None where they do."""
    return (
        f"{measure.doubt}: write 'higher is better' or 'lower is better' behind its metric." if measure.doubt else None
    )


def contradiction(unit: str, metric: str, benchmark: str = "") -> str | None:
    """A sentence where the stated unit is a share, and the names are those of a perplexity, a loss or bits."""
    measure = read_measure(metric, benchmark)
    words = set(tokens(metric or benchmark))
    if unit not in SCALES or measure.unit != "points" or not (words & NO_SHARES or is_corpus(benchmark)):
        return None
    what = metric or benchmark
    return f"{what[:40]!r} is a perplexity, a loss or bits unless it says otherwise, and the unit says {unit}: which is it?"


def _unit_of_name(name: str, silent: frozenset[str] = frozenset()) -> str:
    """percent, fraction, rating or points where a name says so, else "". `silent`: words not to hear."""
    words = tokens(name)
    if MONEY.search(name) or _is_spent(name) or NO_SHARE.search(" ".join(words)):
        return "points"
    if IN_FRACTION.search(name):
        return "fraction"
    if IN_PERCENT.search(name):
        return "percent"
    if RATINGS & set(words):
        return "rating"
    if (
        (POINTS - silent) & set(words)
        and not (SHARES | SAVED) & set(words)
        and not any(words[i] in POINTS and i + 1 < len(words) and words[i + 1] in TASKS for i in range(len(words)))
    ):
        return "points"
    return ""


def name_direction(metric: str, is_lower_better: bool, benchmark: str = "") -> str:
    """A metric's name that says the stated direction: as it is where its words do so, else with the direction added."""
    if all(read_measure(metric, test).is_lower_better == is_lower_better for test in ("", benchmark)):
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
