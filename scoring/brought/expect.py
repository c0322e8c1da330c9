"""Fill the gaps of a table of models, tests and scores: what should a missing score be?

Question  Which score should this model get on this test, by its other scores and by what is known of it?
Input     A frame of text with the columns of scoring/brought/claims.py, and maker or developer where known. Rows with a
          score are evidence, rows without one are asked. `Held`: scores that the database adds, None for the file alone.
Output    One row per input row in its order, columns ADDED; scores in the unit of the test's other rows.
Method    Units, directions, numbers and days as scoring/brought/claims.py reads them; a test whose few scores do not say
          whether they are percentages is read like the rest of the file. Shares become count-corrected logits; ratings,
          dollars and points become distances from the test's middle in its spread (logarithms where all are positive and
          a decade apart). Then scoring/expected/missing.py; ranges of shares near 0 or 1 get the error of a count there
          beyond that at a half. A test in a setting without a score is asked in any setting.
Silent    A row without an answer says why: it cannot be read, or nobody else has a score on its test.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data import units, values
from data.vocabulary import GROUP_KINDS
from scoring.brought.claims import KNOWN, NEEDED, NO_CLOCK, NO_SHARE, UNSIZED, Sizes, known_sizes, read
from scoring.expected import judge, missing

MAKERS = ["maker", "developer"]
COLUMNS = [*KNOWN, *MAKERS]
ADDED = [
    "expected", "expected_lower", "expected_upper", "score_unit", "n_comparable", "n_other_scores", "basis", "reason",
]  # fmt: skip
EVIDENCE = "This score is evidence: rows without a score are asked."
NO_OTHER = "Nobody else has a score on this test{where}, so nothing says what it would be."
STATED = "A score of this model on this test is among the evidence, and takes part."
ANY_SETTING = "No score in this setting: taken from the test's scores in any."
BASES = {
    (True, True): "both",
    (True, False): "other scores",
    (False, True): "size and date",
    (False, False): "test alone",
}
DIGITS = 6  # of an answer; more would only say that it was sampled
END_ITEMS, MAX_ITEMS = 200.0, 2000.0  # questions assumed where unknown, and beyond which more change nothing
FEWEST = 2.0  # questions right, or wrong: what fewer say of the error of a count is nothing
WIDE_RATING = 100.0  # spread of ratings, in points, while a list has few
WIDE_AMOUNT = 0.5  # spread of other amounts, as a share of their middle, while there are few
PRIOR_WORTH = 4.0  # scores that these spreads are worth
DECADE = 10.0  # positive amounts that lie so far apart are compared as ratios
MAX_HELD = 12_000  # scores that the database adds: enough to place a table, and answered in seconds


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the database adds.

    tests, models   printed name -> id
    scores          model_id, benchmark_id, score, unit, is_lower_better: one row per score
    about           model_id, n_parameters, model_date, developer, family
    """

    tests: dict[str, str]
    models: dict[str, str]
    scores: pd.DataFrame
    about: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How the scores of one test become numbers of the fit, and back; `kind`: share, amount or ratio."""

    kind: str
    unit: str
    is_lower_better: bool
    items: float = END_ITEMS
    middle: float = 0.0
    spread: float = 1.0

    @property
    def is_share(self) -> bool:
        """Whether these are shares of 100."""
        return self.kind == "share"

    def inward(self, score: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Numbers of the fit, higher is better."""
        if self.is_share:
            counts = np.minimum(np.where(np.isnan(items), self.items, items), MAX_ITEMS)
            return judge.corrected_logit(judge.turned(score, self.is_lower_better), counts)
        told = (np.log(score) if self.kind == "ratio" else score) - self.middle
        return (-told if self.is_lower_better else told) / self.spread

    def wider(self, value: np.ndarray, half: np.ndarray) -> np.ndarray:
        """Half widths of ranges around numbers of the fit, with the error of counts near the ends of a share.

        A test's noise is that of its usual scores; the logit of a share near 0 or 1 errs by more than one at a half.
        """
        if not self.is_share:
            return half
        end = min(FEWEST / self.items, 0.5)
        share = np.clip(1.0 / (1.0 + np.exp(-value)), end, 1.0 - end)
        more = (1.0 / (share * (1.0 - share)) - 4.0) / self.items
        return np.sqrt(half**2 + missing.NORMAL_95**2 * np.maximum(more, 0.0))

    def outward(self, value: np.ndarray) -> np.ndarray:
        """Scores as the test prints them."""
        if self.is_share:
            return judge.turned(judge.uncorrected_score(value, np.array(self.items)), self.is_lower_better)
        told = self.middle + (-value if self.is_lower_better else value) * self.spread
        return np.exp(told) if self.kind == "ratio" else told


def alone(frame: pd.DataFrame, today: date = NO_CLOCK, sizes: Sizes = UNSIZED) -> pd.DataFrame:
    """Answers from the table's own rows; returns the columns ADDED, one row per input row."""
    return against(frame, None, today, sizes)


def against(frame: pd.DataFrame, held: Held | None, today: date = NO_CLOCK, sizes: Sizes = UNSIZED) -> pd.DataFrame:
    """Answers from the table's rows and those that the database adds (`sizes`: claims.read). Raises ValueError where a needed column is missing."""
    rows = _read(frame, today, sizes if held is None else known_sizes(held.models, held.about))
    if held is not None:
        rows = rows.assign(
            model=[held.models.get(name, name) for name in rows["model"]],
            test=[held.tests.get(name, plain) for name, plain in zip(rows["benchmark"], rows["test"], strict=True)],
        )
    out = pd.DataFrame({c: None for c in ADDED}, index=rows.index, dtype=object)
    out["score_unit"] = rows["score_unit"].where(~rows["is_asked"])
    out["reason"] = rows["problem"].mask(rows["problem"].isna() & ~rows["is_asked"], EVIDENCE)
    good = rows[rows["problem"].isna()]
    evidence, asked = good[~good["is_asked"]], good[good["is_asked"]]
    if held is not None:
        evidence = pd.concat([evidence, _held_rows(held, good)], ignore_index=True)
    if len(asked):
        told = _answers(evidence, asked, _about(good, held), "" if held is not None else " in this table")
        out.loc[told.index, told.columns] = told.astype(object)
    return out.astype(dict.fromkeys(("n_comparable", "n_other_scores"), "Int64"))


def _read(frame: pd.DataFrame, today: date, sizes: Sizes) -> pd.DataFrame:
    """Rows as claims.read types them, with is_asked, amount (a share as fraction, else as printed), unit and maker.

    An asked row is read with a score that is in order, so that what else is wrong with it is found.
    """
    absent = [c for c in NEEDED if c not in frame.columns]
    if absent:
        raise ValueError(f"The table has no column {', '.join(absent)}.")
    text = frame.reset_index(drop=True).fillna("").astype(str).apply(lambda c: c.str.strip())
    text = text.assign(**{c: "" for c in COLUMNS if c not in text.columns})
    is_asked = text["score"].eq("")
    stated = text["score_unit"]
    told = stated.mask(stated.eq(""), _usual_unit(text[~is_asked]).reindex(text.index).fillna(""))
    # A perplexity that is asked is read as one, so that a share's unit does not contradict it.
    measures = [units.read_measure(*pair).unit for pair in zip(text["metric"], text["benchmark"], strict=True)]
    own = ["points" if unit == "points" else "fraction" for unit in measures]
    rows = read(
        text.assign(
            score=text["score"].mask(is_asked, "0.5"), score_unit=told.mask(is_asked, pd.Series(own, index=text.index))
        ),
        today,
        sizes,
    )
    unknown = is_asked & stated.map(lambda unit: units.read_unit(unit) is None)
    sentence = f"The unit of a row is not known: write {units.known_units()}."
    problem = rows["problem"].mask(rows["problem"].eq(NO_SHARE), None).mask(unknown, sentence)
    is_share = rows["score_unit"].isin(list(units.SCALES))
    maker = text["maker"].where(text["maker"].ne(""), text["developer"])
    rows = rows.assign(
        is_asked=is_asked,
        problem=problem.astype(object).where(problem.notna(), None),
        amount=rows["fraction"].where(is_share, rows["score"]),
        maker=maker.str.casefold(),
        family=rows["family"].str.casefold(),
        is_share=is_share,
        is_lower_better=_falls(rows),
        score_unit=rows["score_unit"].mask(is_asked, stated.map(lambda unit: units.read_unit(unit) or "")),
    )
    return rows


def _usual_unit(text: pd.DataFrame) -> pd.Series:
    """The unit of rows that state none and whose test alone does not settle it: that of all such rows of the table."""
    numbers = pd.to_numeric(text["score"].map(lambda t: values.bare(t)[0]), errors="coerce")
    open_ = text.assign(number=numbers)[text["score_unit"].eq("") & numbers.notna()]
    # What a name says ("(USD)", "rating") stands, and the whole table is not asked.
    pairs = list(zip(open_["metric"], open_["benchmark"], strict=True))
    said = {pair: units.read_measure(*pair).unit for pair in set(pairs)}
    open_ = open_[np.array([said[pair] == "" for pair in pairs], dtype=bool)]
    settled = {key: units.settle(part["number"].tolist()).unit for key, part in open_.groupby(["benchmark", "metric"])}
    keys = list(zip(open_["benchmark"], open_["metric"], strict=True))
    unit = pd.Series([settled[key] for key in keys], index=open_.index, dtype=object)
    whole = units.settle(open_.loc[unit.ne("points"), "number"].tolist()).unit
    inside = open_["number"].between(0, units.SCALES[whole]) if whole in units.SCALES else False
    return pd.Series(whole, index=open_.index, dtype=object).where(unit.eq("") & inside, "")


def _falls(rows: pd.DataFrame) -> list[bool]:
    """Whether a lower score is the better one, by row."""
    pairs = list(zip(rows["metric"], rows["benchmark"], strict=True))
    said = {pair: units.read_measure(*pair).is_lower_better for pair in set(pairs)}
    return [said[pair] for pair in pairs]


def _held_rows(held: Held, good: pd.DataFrame) -> pd.DataFrame:
    """The database's scores as rows like those of the table; tests of the table first, then models with most scores."""
    scores = held.scores
    # A score that the table states stands for itself.
    stated = set(zip(good["model"], good["test"], strict=True))
    there = [pair in stated for pair in zip(scores["model_id"], scores["benchmark_id"], strict=True)]
    scores = scores[~np.array(there, dtype=bool)]
    on_asked = scores["benchmark_id"].isin(set(good["test"]))
    of_model = scores["model_id"].isin(set(good["model"]))
    n_asked = on_asked.groupby(scores["model_id"]).transform("sum")
    n_all = scores.groupby("model_id")["benchmark_id"].transform("nunique")
    order = scores.assign(mine=of_model, n_asked=n_asked, n_all=n_all)
    order = order.sort_values(
        ["mine", "n_asked", "n_all", "model_id", "benchmark_id"], ascending=[False] * 3 + [True] * 2
    )
    kept = order.head(MAX_HELD)
    return pd.DataFrame(
        {
            "model": kept["model_id"],
            "test": kept["benchmark_id"],
            "metric": "",
            "setting": "",
            "amount": kept["score"],
            "is_share": kept["unit"].eq("fraction"),
            "score_unit": kept["unit"].where(kept["unit"].ne("fraction"), "percent"),
            "is_lower_better": kept["is_lower_better"].astype(bool),
            "n_items": np.nan,
        }
    )


def _about(good: pd.DataFrame, held: Held | None) -> pd.DataFrame:
    """What is known of every model: n_parameters, release_date, maker, family; what the table says comes first."""
    facts = good[["model", "n_parameters", "release_date", "maker", "family"]].replace({"": None})
    facts = facts.sort_values(list(facts.columns), kind="stable", na_position="last")
    facts = facts.groupby("model", sort=True).first()
    if held is not None:
        names = {"model_id": "model", "model_date": "release_date", "developer": "maker"}
        more = held.about.rename(columns=names).set_index("model")[list(facts.columns)]
        more = more.assign(release_date=pd.to_datetime(more["release_date"]), family=more["family"].str.casefold())
        facts = facts.combine_first(more.assign(maker=more["maker"].str.casefold()))
    return facts


def _keys(rows: pd.DataFrame) -> list[pd.Series]:
    """Names of the columns that a row may stand in: test in its metric and setting, in its metric, in any."""
    metric, setting = rows["metric"].str.casefold(), rows["setting"].str.casefold()
    test = rows["test"].astype(str)
    return [test + "\n" + metric + "\n" + setting, test + "\n" + metric, test]


def _answers(evidence: pd.DataFrame, asked: pd.DataFrame, about: pd.DataFrame, where: str) -> pd.DataFrame:
    """The columns ADDED for the asked rows."""
    column, cells = _columns(evidence, asked)
    places = cells.groupby("column", sort=True).indices
    scales = {name: _scale(cells.iloc[mine]) for name, mine in places.items()}
    cells = cells.assign(value=_inward(cells, places, scales)).dropna(subset="value")
    cells = cells.groupby(["model", "column"], sort=True)["value"].median().reset_index()
    out = pd.DataFrame({c: None for c in ADDED}, index=asked.index, dtype=object)
    out["reason"] = NO_OTHER.format(where=where)
    ready = asked[column.isin(set(cells["column"]))]
    if ready.empty:
        return out
    column = column[ready.index]
    models, tests = (pd.Index(sorted(set(part))) for part in ([*cells["model"], *ready["model"]], cells["column"]))
    known = missing.Known(
        model=models.get_indexer(cells["model"]),
        test=tests.get_indexer(cells["column"]),
        value=cells["value"].to_numpy(float),
        models=_facts(models.tolist(), about),
        tests=missing.together([missing.like_names(tests.tolist())], len(tests)),
    )
    answer = missing.fill(known, models.get_indexer(ready["model"]), tests.get_indexer(column))
    finest = set(_keys(evidence)[0])
    told = [_printed(ready, column, answer, scales), _said(ready, column, cells, about, finest)]
    out.loc[ready.index] = pd.concat(told, axis=1)[ADDED].astype(object)
    return out


def _columns(evidence: pd.DataFrame, asked: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """The column of the table that every asked row stands in ("": none has a score), and the evidence with its columns."""
    finest, *wider = _keys(evidence)
    column = pd.Series("", index=asked.index, dtype=object)
    slim = evidence[["model", "amount", "is_share", "score_unit", "is_lower_better", "n_items"]]
    cells = [slim.assign(column=finest)]
    for place, (mine, theirs) in enumerate(zip(_keys(asked), [finest, *wider], strict=True)):
        found = column.eq("") & mine.isin(set(theirs))
        column[found] = mine[found]
        if place and found.any():
            cells.append(slim.assign(column=theirs)[theirs.isin(set(mine[found]))])
    return column, pd.concat(cells, ignore_index=True)


def _inward(cells: pd.DataFrame, places: dict[str, np.ndarray], scales: dict[str, Scale]) -> np.ndarray:
    """Evidence as numbers of the fit; NaN where a test has scores in several units and this is not its commonest."""
    value, is_share = np.full(len(cells), np.nan), cells["is_share"].to_numpy(bool)
    amount, items = cells["amount"].to_numpy(float), cells["n_items"].to_numpy(float)
    for name, mine in places.items():
        same = mine[is_share[mine] == scales[name].is_share]
        value[same] = scales[name].inward(amount[same], items[same])
    return value


def _printed(ready: pd.DataFrame, column: pd.Series, answer: missing.Answer, scales: dict[str, Scale]) -> pd.DataFrame:
    """Expected scores and ranges in the unit that the row states, where it can be, else in that of the test."""
    stated, unit = ready["score_unit"].to_numpy(object), np.empty(len(ready), dtype=object)
    ends = np.empty((3, len(ready)))
    for name, mine in column.reset_index(drop=True).groupby(column.to_numpy()).indices.items():
        scale = scales[name]
        shares = np.array([word in units.SCALES for word in stated[mine]])
        unit[mine] = np.where(shares & scale.is_share, stated[mine], scale.unit)
        middle, half = answer.middle[mine], scale.wider(answer.middle[mine], answer.half[mine])
        for place, side in enumerate((0.0, -1.0, 1.0)):
            ends[place, mine] = scale.outward(middle + side * half)
    ends *= np.array([units.SCALES.get(word, 1.0) for word in unit])
    ends = np.array([[float(f"{end:.{DIGITS}g}") for end in side] for side in ends])
    return pd.DataFrame(
        {
            "expected": ends[0],
            "expected_lower": ends[1:].min(axis=0),
            "expected_upper": ends[1:].max(axis=0),
            "score_unit": unit,
        },
        index=ready.index,
    )


def _facts(models: list[str], about: pd.DataFrame) -> missing.Facts:
    """What is known of the models of the fit."""
    known = about.reindex(models)
    days = pd.to_datetime(known["release_date"])
    when = ((days - pd.Timestamp(judge.EPOCH)).dt.days / judge.DAYS_A_YEAR).to_numpy(dtype=float)
    size = known["n_parameters"].astype(float)
    log_size = np.log10(size.where(size > 0)).to_numpy()
    kin = np.hstack([missing.groups(known[c].astype(object).where(known[c].notna(), "").tolist()) for c in GROUP_KINDS])
    return missing.together([missing.numbers(when, log_size), kin, missing.like_names(models)], len(models))


def _scale(part: pd.DataFrame) -> Scale:
    """The scale of the scores of one test, in their commonest unit."""
    counts = Counter(part["score_unit"])
    unit = min(counts, key=lambda word: (-counts[word], word))
    is_share = unit in units.SCALES
    mine = part["is_share"].to_numpy(bool) == is_share
    falls = bool(np.mean(part["is_lower_better"].to_numpy(bool)[mine]) > 0.5)
    amount, items = (part[name].to_numpy(float)[mine] for name in ("amount", "n_items"))
    if is_share:
        known = items[~np.isnan(items)]
        usual = min(float(np.median(known)), MAX_ITEMS) if len(known) else END_ITEMS
        return Scale(kind="share", unit=unit, is_lower_better=falls, items=usual)
    is_ratio = unit != "rating" and amount.min() > 0 and amount.max() > DECADE * amount.min()
    told = np.log(amount) if is_ratio else amount
    middle = float(np.median(told))
    guess = WIDE_RATING if unit == "rating" else 1.0 if is_ratio else max(WIDE_AMOUNT * abs(middle), 1e-9)
    spread = np.sqrt((np.sum((told - middle) ** 2) + PRIOR_WORTH * guess**2) / (len(told) + PRIOR_WORTH))
    kind = "ratio" if is_ratio else "amount"
    return Scale(kind=kind, unit=unit, is_lower_better=falls, middle=middle, spread=float(spread))


def _said(
    ready: pd.DataFrame, column: pd.Series, cells: pd.DataFrame, about: pd.DataFrame, finest: set[str]
) -> pd.DataFrame:
    """n_comparable, n_other_scores, basis and reason of answered rows."""
    tests = cells["column"].str.partition("\n")[0]
    of_model = {model: set(part) for model, part in tests.groupby(cells["model"])}
    of_column = {name: set(part) for name, part in cells["model"].groupby(cells["column"])}
    known = about[["n_parameters", "release_date"]].notna().any(axis=1)
    lines = []
    for model, test, name in zip(ready["model"], ready["test"].astype(str), column, strict=True):
        others = len(of_model.get(model, set()) - {test})
        models = len(of_column[name] - {model})
        basis = BASES[others > 0, bool(known.get(model, False))]
        parts = [
            f"{_plural(models, 'other model')} with a score on this test, {_plural(others, 'other score')} of this model."
        ]
        parts += [ANY_SETTING] if name not in finest else []
        parts += [STATED] if model in of_column[name] else []
        lines.append((models, others, basis, " ".join(parts)))
    names: Sequence[str] = ("n_comparable", "n_other_scores", "basis", "reason")
    return pd.DataFrame(lines, columns=list(names), index=ready.index)


def _plural(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
