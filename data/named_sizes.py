"""What a model's name says of its size: "70B", "8x7B", "235B-A22B", "17B-128E", "E4B".

Question  How many parameters may the model of this name have, in all and per token, and does a stated size fit?
Input     a name as printed; a stated size.
Output    counts; `contradiction`: one sentence, None where nothing is wrong.
Method    Only what stands in the name. "8x7B" is of eight times 7 billion at most, as experts share a part; of "17B-128E" and
          "A13B" only the active size is known; of the two sizes of a mixture "1B-7B" the larger is the whole.
Silent    A name without a size contradicts nothing.
"""

import re
from functools import cache

SIZE_FACTOR = 1.5  # rounding ("7B" for 7.6e9, "1B" for 1.5e9) stays below; packed weights and wrong columns exceed it
# "8x7B", "57B-A14B" and "17B-128E" name experts and active parameters; what is left is a plain size.
NAMED_SIZE = re.compile(r"(?<![\d.])(\d{1,3}(?:[._]\d{1,3})*)b(?![a-z0-9])", re.IGNORECASE)
NOT_PLAIN = re.compile(r"\d+x\d|a\d+(\.\d+)?b|\d+b[-/]\d+e(?![a-z])|moe|\d+bit", re.IGNORECASE)
# Names of mixtures of experts: "8x7B", "30B-A3B", "MoE".
EXPERTS = re.compile(r"\d+x\d+(?:\.\d+)?[bm]|[-_ ]a\d+(?:\.\d+)?b(?![a-z0-9])|(?<![a-z])moe(?![a-z])", re.IGNORECASE)
WHOLE_AND_ACTIVE = re.compile(
    r"(?<!\dx)(?<![\d.])(\d+(?:\.\d+)?)([bt])[-_ ]*a(\d+(?:\.\d+)?)([bm])(?![a-z0-9])", re.IGNORECASE
)
ACTIVE = re.compile(
    r"(?<![a-z0-9.])a(\d+(?:\.\d+)?)b(?![a-z0-9])|(?<![\d.])(\d+(?:\.\d+)?)b[-x]\d{2,3}e(?![a-z0-9])", re.IGNORECASE
)
PAIR = re.compile(r"moe[-_ ](\d+(?:\.\d+)?)b-(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)  # "OLMoE-1B-7B"
# "52B/12B", "146B (22B)", "2B-9B": all parameters and those per token, or two models; which one a stated size is of, only the
# larger shows. Two sizes nearer than TWO_SIZES are of one series ("7B/13B").
BOTH = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?) ?B ?(?:[/|(]|-(?=\d)) ?(\d+(?:\.\d+)?) ?B(?![A-Za-z0-9])(?![- ]tokens)", re.IGNORECASE
)
TWO_SIZES = 2.5
TRILLIONS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?T(?![A-Za-z0-9])")
EFFECTIVE = re.compile(r"(?<![a-z0-9])e(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)  # "Gemma 4 E4B"
ONE_OF = re.compile(r"(\d+)x(\d+(?:\.\d+)?)([bm])(?![a-z])", re.IGNORECASE)
# Sizes in a model's name; of "8x7B", "A22B" and "E4B" none is the number of all parameters, "512k" and "1M" are lengths.
IN_NAME = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?([Bb]|M)(?![A-Za-z0-9])")
MIN_NAMED = 1e7
# Millions: three digits or two, as "1M" is a length, "3.8m" a number of comparisons and "1400k" one of documents.
NAMED_MILLIONS = re.compile(r"(?<![\d.])(\d{2,3})m(?![a-z0-9])", re.IGNORECASE)
# A size behind another name in brackets is that of a part ("miniGPT4 (LLaMA-2-7B)"), one beside a closed model is not that
# model's ("aligner-2b_gpt-4-turbo").
OF_A_PART = re.compile(r"\([^()]*[a-z]{3,}[^()]*\d ?b\b[^()]*\)|(?:claude|gpt)-\d", re.IGNORECASE)
# Names of mixtures: with ACTIVE_ALONE the size that they say is the active one, with MIXED it may be either. Short names of one
# series leave the sign out: its repositories, in aliases.csv, are "Llama-4-Scout-17B-16E" and alike.
ACTIVE_ALONE = re.compile(
    r"(?<![A-Za-z0-9])\d+E(?![A-Za-z0-9])|\bactiv|\bllama[- ]?4[- ](?:scout|maverick)\b", re.IGNORECASE
)
MIXED = re.compile(r"moe\b|mixture|experts?\b", re.IGNORECASE)
SHARED = 0.4  # experts share a part: the whole of "8x7B" is from this share of 56 billion up
# Widths of layers that people type for a size are multiples of WIDTH from WIDE on; no model is known above MAX_PLAIN.
WIDTH, WIDE, MAX_PLAIN = 128, 512e9, 2.5e12
SCALES = {"m": 1e6, "b": 1e9, "t": 1e12}


@cache
def read_named_sizes(name: str) -> frozenset[float]:
    """The parameter counts that a model's name may state; empty when it states none, or several.

    "1_8b" may mean 1.8 billion, or version 1 of 8 billion: both are given ("Llama-3_8B"), unless what stands before
    decides. After a version number ("internlm2-1_8b") it is 1.8; after another underscore ("v9_6_1B") only the last
    number is the size.
    """
    plain = own_part(name)
    if NOT_PLAIN.search(plain):
        return frozenset()
    found = set()
    for match in NAMED_SIZE.finditer(plain):
        *versions, last = match[1].split("_")
        before = plain[: match.start()]
        if not versions:
            if before[-1:].isalpha():
                continue  # "v1.2b": a version, not a size
            found.add(frozenset({float(last)}))
            continue
        decimal = float(f"{versions[-1]}.{last}") if "." not in versions[-1] + last and len(last) <= 2 else float(last)
        if len(versions) > 1 or before.endswith("_"):
            found.add(frozenset({float(last)}))
        elif versions[-1] == "0" or before[:-1][-1:].isdigit():
            found.add(frozenset({decimal}))
        else:
            found.add(frozenset({decimal, float(last)}))
    return frozenset(size * 1e9 for size in found.pop()) if len(found) == 1 else frozenset()


@cache
def only_size(name: str) -> float | None:
    """The one size that a name states as the whole model's, None for none, several, experts and sizes of a part.

    Of 9,878 models whose size a source states beside such a name, 99.1% are within SIZE_FACTOR of it (30 November 2026).
    """
    if OF_A_PART.search(name):
        return None
    billions, plain = read_named_sizes(name), own_part(name)
    millions = {float(n) * SCALES["m"] for n in NAMED_MILLIONS.findall(plain.replace("_", "-"))}
    found = billions or (set() if NAMED_SIZE.search(plain) or EXPERTS.search(plain) else millions)
    return next(iter(found)) if len(found) == 1 else None


@cache
def own_part(name: str) -> str:
    """A model's name without its owner; a slash between words ("recommended /no_think settings") is none of that."""
    return name if " " in name else name.rsplit("/", 1)[-1]


@cache
def read_mixture(name: str) -> tuple[float | None, float | None]:
    """Total and active parameters that a name states ("235B-A22B", "OLMoE-1B-7B", "A3B", "17B-128E"), None for what it does not."""
    plain = own_part(name)
    both = WHOLE_AND_ACTIVE.search(plain)
    if both:
        return float(both[1]) * SCALES[both[2].lower()], float(both[3]) * SCALES[both[4].lower()]
    pair = PAIR.search(plain)
    if pair:
        small, large = sorted(float(n) * SCALES["b"] for n in pair.groups())
        return large, small
    alone = ACTIVE.search(plain)
    return None, float(alone[1] or alone[2]) * 1e9 if alone else None


@cache
def most_of(name: str) -> float:
    """The most parameters that a name of experts allows (56e9 for "8x7B"), 0.0 for other names."""
    found = ONE_OF.search(own_part(name))
    return int(found[1]) * float(found[2]) * SCALES[found[3].lower()] if found else 0.0


@cache
def read_effective(name: str) -> float | None:
    """The effective size that a name states ("E4B"): parameters held in fast memory, fewer than there are."""
    found = EFFECTIVE.search(own_part(name))
    return float(found[1]) * 1e9 if found else None


def differ(one: float, other: float) -> float:
    """How many times the larger of two counts is the smaller."""
    return max(one, other) / min(one, other)


def contradiction(name: str, size: float, total: float | None = None, active: float | None = None) -> str | None:
    """A sentence where a stated size is more than SIZE_FACTOR times another than all that the name says, or what is known.

    total, active   what is known of the model of this name (counts), None where nothing is

    The name of a mixture of experts ("17B-128E") may say its active size: a larger stated size is then no contradiction.
    """
    said = _against_name(name, size)
    if total is None or total != total:
        return said or implausible(name, size)
    if differ(total, size) <= SIZE_FACTOR:
        return None
    part = f", {active / 1e9:.3g} billion of them active" if active and active == active and active < total else ""
    return said or (
        f"A model of this name is held with {total / 1e9:.4g} billion parameters{part}, and the stated size is {size / 1e9:.4g}: "
        "one of them is wrong, or it is another model, which needs a name of its own."
    )


def _against_name(name: str, size: float) -> str | None:
    """See contradiction, by the name alone."""
    wrong = f"the stated size {size / 1e9:g}: one of them is wrong."
    whole, active = read_mixture(name.replace("_", "-"))
    if whole:
        return (
            None if differ(whole, size) <= SIZE_FACTOR else f"The name says {whole / 1e9:g} billion parameters, {wrong}"
        )
    two = BOTH.search(name.replace("_", "-"))
    if two:
        part, all_of = sorted(float(n) for n in two.groups())
        if all_of >= TWO_SIZES * part and differ(all_of * SCALES["b"], size) > SIZE_FACTOR:
            return f"The name says {part:g} and {all_of:g} billion parameters, {wrong}"
    experts = ONE_OF.search(own_part(name))
    if experts:
        most = most_of(name)
        fits = SHARED * most <= size <= SIZE_FACTOR * most
        return None if fits else f"The name says {experts[0]}, so up to {most / 1e9:g} billion parameters, {wrong}"
    told = [float(n) * SCALES[unit.lower()] for n, unit in IN_NAME.findall(name.replace("_", "-"))]
    told = [*(n for n in told if n >= MIN_NAMED), *sorted(read_named_sizes(name))]
    if not active and ACTIVE_ALONE.search(name) and told:
        both = "activ" in name.casefold() and len(set(told)) > 1
        told, active = ([max(told)], None) if both else (told, max(told))
    if active:
        return (
            None
            if size > SIZE_FACTOR * active
            else f"The name says {active / 1e9:g} billion active parameters of more, {wrong}"
        )
    if not told and any(float(n) == size / SCALES["b"] for n in TRILLIONS.findall(name)):
        return f"The name says {size / SCALES['b']:g} trillion, and the stated size is {size / SCALES['b']:g} billion: one of them is wrong."
    effective = read_effective(name.replace("_", "-"))
    if effective and size <= 1.25 * effective:
        return f"The name says {effective / 1e9:g} billion effective parameters of more, {wrong}"
    if not told or any(differ(n, size) <= SIZE_FACTOR for n in told):
        return None
    if size > max(told) and MIXED.search(name):
        return None
    return f"The name says {told[0] / 1e9:g} billion parameters, {wrong}"


def implausible(name: str, size: float) -> str | None:
    """A sentence where a size that nothing confirms is a width of layers, or more than any model has."""
    billions = size / 1e9
    is_width = size >= WIDE and billions % WIDTH == 0
    named = [read_mixture(name)[0], *(float(n) * SCALES[u.lower()] for n, u in IN_NAME.findall(name.replace("_", "-")))]
    if any(n and differ(n, size) <= SIZE_FACTOR for n in named) or not (is_width or size > MAX_PLAIN):
        return None
    return f"{billions:g} billion parameters are not known of any model: was a width, or a number of training tokens, meant?"
