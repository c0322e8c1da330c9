"""One answer per benchmark: what is the best credible score, and can the test still tell the makers' models apart?

Question  Who is best on this test by evidence that a careful reader would accept, how much of the scale is left, which
          makers cannot be told from the best, and does anybody of note still report the test?
Input     Evidence (scores of every setting, source and year; makers; documents) and the findings of size_anomaly, for
          scores that are marked.
Output    One row per benchmark with a headline score, columns ANSWER; scores in the unit of the test.
Method    Each step is a rule that a reader can check:
          1. Metric. Accuracy, normalised accuracy and exact match all count right answers and stand together; of the
             other metrics each stands alone. The metric that most makers report is the test's own.
          2. Credible scores. Left out, and counted: scores marked unusually high or to be checked, models flagged by
             a board's owners, claims withdrawn or corrected, numbers quoted from elsewhere (where fewer than K makers are known
             otherwise, those count that stand in collections which hold no maker's own numbers), on a test whose questions
             are renewed and whose scores do not say of which release they are models older than a year before its newest,
             and scores without a stated setting where the same model, or the test in general, is also run with tools. Of known makers
             only (scoring/answers/makers.py); the best including everybody stands beside it.
          3. Runs with tools or search, and runs that answer by several samples or several models, are answers of their own;
             so are models trained on a test's own questions, where K makers report it without.
          4. One entry per maker, its best. Entries tie when they are closer than 1.96 standard errors of the
             difference (binomial, or as printed) and, where set-ups differ, what another set-up moves a score by: the
             median difference between two set-ups of one model on this test (times 1.4826), or MIN_GAP where fewer
             than MIN_REPEATED models were run in two. Ties come from the newest group of scores in one set-up with
             K makers of the last RECENT_MONTHS, where the best score of all is not out of its reach; else from all set-ups
             together.
          5. Status. closed: at most CLOSED_HEADROOM of the scale left (saturation.is_closed) to the best two makers, or the best
             above the share of keys that a review found right; who ties up there is not told. One maker alone at the end of a
             scale on which the next is far below ends no test: it tells them apart.
             tied: K makers tie by sampling error alone, which
             is the test's own; crowded: CROWDED_TIES tie, set-ups included, at most NEAR_END of the scale is left and the
             next maker is near the end too (as near, tied with the best, or not below people), or the published index is high;
             else separating. The more makers report a test, the more of them are near the best
             by chance: with more than NEAR_END of the scale left, ties of under FEW_TIED of the compared makers leave a
             test that tells the rest apart, and it is separating. With an unknown
             number of questions a tie that set-ups alone explain is certain, its absence is only where FEWEST questions would
             show it; else the status is cannot_tell. With more than WIDE_OPEN of the scale left a tie of K makers is no end of the test: the best models
             may be alike or nobody may be trying, and the answer says so; fewer ties crowd nothing there.
             Tied or crowded near the end is told as nearly exhausted, tied or crowded and retired at the level of people as
             as good as exhausted, and separating with at most LITTLE_ROOM of the scale left as having little room.
             Scores that are no share of right answers have no room that could be told. Of ratings in one list with printed
             standard errors, ties count as above.
             Of a test that is not in use and whose best score is older than RECENT_MONTHS, only an end that is reached or near
             is told: what today's models would do on it is not on record, and may well be more. Neither
             "separating" nor ties further from the end say anything of them: the status is cannot_tell, and the reason says so.
             What was left bounds what is left: crowded with at most LITTLE_ROOM to the best and to a second maker, or to
             two that tie, or past people; where the best is near the end and the next maker's is old; and where models trained
             for it are at its end. A score of a model trained for the test says that.
          6. Use (scoring/answers/use.py): in_use, retired, or NULL.
          7. A test that stands in lists by day has the answer of its newest list.
Silent    "cannot_tell" with fewer than K makers, unless two of them are near the end of the scale, for other scores that are no share of the questions and with an unknown
          sampling error; the reason says which.
"""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from data.vocabulary import (
    BARS,
    CORRELATIONS,
    KNOWN_RUNNERS,
    MARKED,
    NEAR_END,
    QUESTIONS,
    TOLD_STATUSES,
    TOOL_DOMAINS,
    TRAINED,
    WITHOUT_TOOLS,
)
from scoring.answers import makers, use
from scoring.answers.instead import RELEASE_DAY
from scoring.evidence import Evidence
from scoring.results import TREND
from scoring.signals import ceiling, outlook, saturation
from scoring.signals.saturation import (
    CROWDED_INDEX,
    CROWDED_TIES,
    DECIMALS,
    RECENT_MONTHS,
    TIE_Z,
    K,
    Scale,
)

METHOD_VERSION = "10"
MIN_GAP = 0.03  # what a set-up moves a score by where it was not measured; the least gap that a score is marked for
MIN_REPEATED = 10  # models run in two set-ups of a test; fewer and their median is an anecdote
MAX_SETUP = 0.06  # a median above this comes from unlike tests under one name, and would make everything a tie
SEEN = 2  # tests that a reader is sent to
FEWEST = 50  # questions: a sampling error that is not known is at most that of a test so short
FEW_TIED = 1 / 3  # of the makers compared: a test on which fewer tie with the best still tells most makers from it
LITTLE_ROOM = 0.15  # of the scale left to a test that still tells the best makers apart
WIDE_OPEN = 0.25  # of the scale left, more than set-ups and wrong keys together: a tie up there is no end of the test
STATED_TOOLS = 2  # models run with tools on a test, from which on a score must say that it is without
RIGHT = "right answers"
COUNTS_RIGHT = ("accuracy", "acc_norm", "exact_match", "correct", "solved", "maj@1")
SHARE_NAMED = r"acc|match|correct|solved|(?:^|-)(?:f1|em|maj@1)(?:-|$)"  # metrics that are shares, whatever unit a page leaves out
NORMAL = 1.4826  # median absolute difference to standard deviation when errors are normal
LESS_THAN_ONE = 0.0095  # of the scale: below it whole percents would say 0 or, wrongly, 1
QUOTED = "quoted from elsewhere"
RENEWED = "of a release with other questions"
TOOLS_VARIANT = "-tools"  # how the id of a test's runs with tools ends
NO_SETTING = "reported"  # name of the setting group whose set-up is not stated alike
ENTRY = ["benchmark_id", "source_id", "series_id", "model_id", "score", "turned", "n_items", "error", "new_from"]
UNREAD = [
    "cluster_id", "family", "domain", "run", "data_problem", "n_parameters", "n_active_parameters", "is_moe",
    "score_decimals", "evaluated_date", "benchmark_release_date", "rerun_spread", "is_public_test",
]  # fmt: skip
ORDER = ["benchmark_id", "turned", "new_from", "evaluation_id"]  # what `in_order` sorts by, besides who ran it
Entries: TypeAlias = dict[str, np.ndarray]  # rows of one benchmark, column by column
ANSWER = [
    "benchmark_id", "metric", "unit", "is_lower_better", "status", "use", "best", "best_evaluation_id", "best_model_id",
    "best_maker", "best_series_id", "best_date", "best_community", "best_community_evaluation_id", "best_with_tools",
    "best_with_tools_evaluation_id", "best_by_samples", "best_by_samples_evaluation_id", "kth_best", "tie_group",
    "tie_group_size", "tie_series_id", "setup_points", "headroom", "n_makers", "n_makers_12m", "n_models",
    "newest_date",
    "forecast_best",
    "forecast_lower",
    "forecast_upper",
    "saturation_month",
    "saturation_earliest",
    "saturation_latest",
    "forecast_reason", "n_left_out", "reason",
]  # fmt: skip
# Words looser than those by which a setting group says "tools" (data.vocabulary.WITH_TOOLS): they tell runs apart only on a
# test that more models are said to take without tools, since an agent's test has no other runs than with them.
NAMED_TOOLS = r"(?i)\btools:? (?!none|not)\w|\bsearch\b|\bbrows(?:e|er|ing)\b"
# Settings that name the measure or say that nothing is said: as good as none.
SAYS_NOTHING = r"(?i)\W*(?:accuracy|acc|score|factuality|correct|as reported|not disclosed|default|standard|pass@1)?\W*"
SAMPLES = (
    r"(?i)\b(?:maj|cons|best|vote|pass)[@-](?!1\b)\d+|major|self.consisten|ensemble|parallel (?:test.time|attempts)"
    r"|multiple (?:parallel )?attempts|best.of|high compute|heavy mode"
)
ENSEMBLE = r"(?i)ensemble|\bjudge\)"  # "LLaVA (GPT-4 judge)": a second model chooses among answers
WEIGHTS = "hf:"  # how the id of a released set of weights begins
TRAINED_FOR = "trained for the test"


def answers(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """One row per benchmark with a headline score of a model, columns ANSWER, sorted by benchmark_id.

    frame   Rows of `scores`.
    """
    if frame.empty:
        return pd.DataFrame(columns=ANSWER)
    asof = pd.Timestamp(day)
    # Everything that needs a sort or a group is done once for all benchmarks; the loop below only reads slices.
    frame = commonest_first(frame[frame["measure"] == frame["benchmark_id"].map(measures(frame))])
    spread = setup_spread(frame[frame["is_maker"] & frame["mode"].eq("plain") & frame["left_out"].eq("")])
    own = frame[frame["is_maker"] & frame["left_out"].ne(QUOTED)]
    used = use.uses(own, asof)
    whole = frame.groupby("benchmark_id").agg(
        metric=("metric", "first"), unit=("unit", "first"), is_lower_better=("is_lower_better", "first"),
        floor=("floor", "first"), ceiling=("ceiling", "first"), human=("human_score", "first"),
        n_models=("model_id", "nunique"),
    )  # fmt: skip
    is_left_out = frame["mode"].eq("plain") & frame["left_out"].ne("")
    whole["n_left_out"] = frame.loc[is_left_out, "benchmark_id"].value_counts()
    kinds = _kinds(frame)
    kinds["best_with_tools"] = _with_tools_apart(kinds)
    tops = {name: best_rows(part).to_dict("index") for name, part in kinds.items()}
    del kinds  # most rows are of everybody's models, and nothing below reads those
    trusted = credible(frame)
    entries = by_benchmark(per_maker(trusted))
    groups = grouped(trusted, asof)
    rows = []
    for about in whole.reset_index().itertuples(index=False):
        name = str(about.benchmark_id)
        found = {kind: table[name] for kind, table in tops.items() if name in table}
        rows.append(
            _answer(
                about,
                found,
                entries.get(name),
                groups.get(name),
                spread.get(name, MIN_GAP),
                used.get(name, use.Use(word=None, n_makers=0, n_recent=0, newest=pd.NaT)),
                asof,
            )
        )
    table = pd.DataFrame(rows, columns=ANSWER)
    table["reason"] += see_also(table)
    ahead = outlook_of(trusted[trusted["unit"].eq("fraction")], day)
    return of_newest_lists(table.assign(**{name: table["benchmark_id"].map(values) for name, values in ahead.items()}))


def of_newest_lists(table: pd.DataFrame) -> pd.DataFrame:
    """The answers (columns ANSWER) with that of its newest list for a test that stands in lists by day ("lmarena@2026-08-22"):
    numbers printed without the day of the list are of any of them, and older ones at that.
    """
    day = table["benchmark_id"].str.extract(f"({RELEASE_DAY})")[0]
    lists = table[day.notna() & table["status"].isin(TOLD_STATUSES)].assign(day=day.str[1:])
    lists = lists.assign(of=lists["benchmark_id"].str.replace(RELEASE_DAY, "", regex=True)).sort_values("day")
    newest = lists.drop_duplicates("of", keep="last").set_index("of")
    own = table.set_index("benchmark_id")["newest_date"]
    newer = newest[newest["newest_date"] > own.reindex(newest.index)]
    told = table.set_index("benchmark_id", drop=False)
    taken = [column for column in ANSWER if column not in ("benchmark_id", "n_models")]
    for name, row in newer.iterrows():
        listed = date.fromisoformat(row["day"])
        told.loc[str(name), taken] = row[taken].to_numpy()
        # The day without its zero by hand: the sign for that is another one on Windows.
        told.loc[str(name), "reason"] = f"Of the newest list, {listed.day} {listed:%B %Y}: {row['reason']}"
    return told.reset_index(drop=True)


def see_also(table: pd.DataFrame) -> list[str]:
    """Where a reader finds more: tests and versions whose names begin with that of a test that too few makers report, and the
    version in use of one that is not; "" for nothing.
    """
    ids, stems = table["benchmark_id"], table["benchmark_id"].str.split("@").str[0]
    compared = table["status"].isin(TOLD_STATUSES) | table["kth_best"].notna()
    told = table[compared].sort_values(["n_makers", "benchmark_id"], ascending=[False, True])
    told = told["benchmark_id"].tolist()
    used = table[table["use"].eq("in_use")].sort_values(["newest_date", "benchmark_id"])
    newest = dict(zip(stems[used.index], used["benchmark_id"], strict=True))
    rooms = zip(ids, table["status"], table["headroom"], strict=True)
    said = {
        name: status.replace("_", " ") + ("" if pd.isna(room) else f", {_share(room)} left")
        for name, status, room in rooms
    }
    found = []
    for name, stem, status, kth, use_word in zip(
        ids, stems, table["status"], table["kth_best"], table["use"], strict=True
    ):
        is_thin = status == "cannot_tell" and pd.isna(kth)
        parts = [one for one in told if one.startswith((f"{name}-", f"{name}@"))] if is_thin else []
        more = [*parts[:SEEN], *([newest[stem]] if use_word != "in_use" and stem in newest else [])]
        found.append(f" See also {', '.join(f'{one} ({said[one]})' for one in more)}." if more else "")
    return found


def outlook_of(rows: pd.DataFrame, day: date) -> dict[str, pd.Series]:
    """The forecast of the answer (see signals/outlook.py): best score in a year with its 80% range, and the month in
    which a tenth of the scale is left, each indexed by benchmark_id.
    """
    if rows.empty:
        return {}
    trends = pd.DataFrame(outlook.rows_by(rows, "benchmark_id", day, has_ties=False), columns=TREND)
    last = trends["month"].max()
    table = {}
    for name, statistic in (("best", "best"), ("lower", "lower"), ("upper", "upper")):
        rows = trends[(trends["statistic"] == statistic) & (trends["month"] == last)]
        table[f"forecast_{name}"] = rows.set_index("series_id")["value"].astype(float)
    for statistic in ("saturation_month", "saturation_earliest", "saturation_latest", "reason"):
        rows = trends[trends["statistic"] == statistic].set_index("series_id")["value_text"]
        table["forecast_reason" if statistic == "reason" else statistic] = rows
    return table


def scores(evidence: Evidence, findings: pd.DataFrame) -> pd.DataFrame:
    """Headline scores of models and systems, with maker, is_maker, mode, measure, turned, new_from and left_out.

    mode      plain, tools, samples or trained.
    measure   The metric, or "right answers" for those that count them.
    turned    The score with higher better; fractions stay within 0..1.
    new_from  Day of the model: its release or upload, else the first day on which any page shows it, an upper bound.
    left_out  Why a score sets no frontier; "" for a credible one.
    """
    # The frame is sorted and cut a dozen times: what no answer reads is not carried along.
    frame = saturation.usable(evidence)
    frame = frame.assign(is_of_tools=frame["domain"].isin(TOOL_DOMAINS)).drop(columns=UNREAD)
    frame = makers.named(frame.loc[~frame["is_subset"]].reset_index(drop=True))
    flip = np.where(frame["unit"] == "fraction", 1.0 - frame["score"], -frame["score"])
    frame = frame.assign(
        mode=_modes(frame),
        measure=frame["metric"].where(~frame["metric"].isin(COUNTS_RIGHT), RIGHT),
        turned=np.where(frame["is_lower_better"], flip, frame["score"]),
        new_from=_new_from(frame),
    )
    frame = frame.assign(left_out=_left_out(frame, findings, evidence.documents))
    return frame.assign(mode=frame["mode"].mask(_trained_apart(frame), "trained"))


def _trained_apart(frame: pd.DataFrame) -> pd.Series:
    """True for models trained on a test's own questions for training, where K makers report it without: what few examples or
    none bring and what training brings are two populations. A test that is always trained for has the one only.
    """
    text = _setting(frame)
    distinct = pd.Series(text.unique(), dtype=object)
    is_trained = text.isin(distinct[distinct.str.contains(TRAINED)])
    others = credible(frame)
    n_others = others[~is_trained[others.index]].groupby("benchmark_id")["maker"].nunique()
    return frame["mode"].eq("plain") & is_trained & frame["benchmark_id"].isin(n_others.index[n_others >= K])


def _new_from(frame: pd.DataFrame) -> pd.Series:
    """The earliest day that is known of each row's model: its own date, or the first page that shows any score of it."""
    seen = frame.groupby("model_id")["first_seen_date"].transform("min")
    return frame["model_date"].where(frame["model_date"] <= seen, seen)


def _modes(frame: pd.DataFrame) -> np.ndarray:
    """plain, tools or samples for every row, read from its setting and its group, an ensemble also from its name. In a test of
    working with tools (TOOL_DOMAINS, or most models are said to take it with them and none without) having them is the plain way.
    """
    group = frame["setting_group"].astype(str)
    text = _setting(frame) + " " + group
    distinct = pd.Series(text.unique(), dtype=object)
    said = {
        pattern: text.isin(distinct[distinct.str.contains(pattern)])
        for pattern in (SAMPLES, WITHOUT_TOOLS, NAMED_TOOLS)
    }
    n_models = {
        name: frame[said[name]].groupby("benchmark_id")["model_id"].nunique() for name in (WITHOUT_TOOLS, NAMED_TOOLS)
    }
    without, named = (frame["benchmark_id"].map(n_models[name]).fillna(0) for name in (WITHOUT_TOOLS, NAMED_TOOLS))
    has_tools = group.str.contains(r"(?:^|, )tools\b") | (said[NAMED_TOOLS] & (without > named))
    # Some boards say it in the name: a vote of several models is no score of one.
    names = pd.Series(frame["model_name"].dropna().unique(), dtype=object)
    is_ensemble = frame["model_name"].isin(names[names.astype(str).str.contains(ENSEMBLE)])
    # "llama-2-70B-ensemble-v4" is a merge, and one model.
    is_ensemble &= ~frame["model_id"].astype(str).str.startswith(WEIGHTS)
    with_tools, everybody = (
        frame["benchmark_id"].map(frame[some].groupby("benchmark_id")["model_id"].nunique()).fillna(0)
        for some in (has_tools & ~said[WITHOUT_TOOLS], slice(None))
    )
    is_of_tools = frame["is_of_tools"] | ((2 * with_tools > everybody) & (without == 0))
    return np.select(
        [said[SAMPLES] | is_ensemble, said[WITHOUT_TOOLS] | is_of_tools, has_tools],
        ["samples", "plain", "tools"],
        default="plain",
    ).astype(object)


def _setting(frame: pd.DataFrame) -> pd.Series:
    return frame["setting"].astype(object).where(frame["setting"].notna(), "").astype(str)


def _left_out(frame: pd.DataFrame, findings: pd.DataFrame, documents: pd.DataFrame) -> np.ndarray:
    """The first reason that applies, per row; "" where the score is credible."""
    mine = findings[(findings["signal_id"] == "size_anomaly") & (findings["variant"] == "")].set_index("subject_id")
    level = frame["evaluation_id"].map(mine["level"])
    is_high = frame["evaluation_id"].map(mine["direction"]).eq("high")
    about = documents[documents["model_id"].notna()]
    whole = set(about.loc[about["status"].isin(BARS) & about["benchmark_id"].isna(), "model_id"])
    pairs = about[about["status"].isin(QUESTIONS) & about["benchmark_id"].notna()]
    key = frame["model_id"].astype(str) + "\n" + frame["benchmark_id"].astype(str)
    reasons = (
        (frame["model_id"].isin(whole), "marked by a board's owners, withdrawn or a demonstration"),
        (
            key.isin(pairs["model_id"].astype(str) + "\n" + pairs["benchmark_id"].astype(str)),
            "questioned by a document",
        ),
        (level.isin(MARKED) & is_high, "marked unusually high"),
        (level.eq("check_data"), "to be checked"),
        (
            frame["evaluation_id"].isin(_above_right_keys(findings)),
            "above the share of questions whose published answer is right",
        ),
        (_is_mere_quote(frame), QUOTED),
        (_unclear_tools(frame, key), "with or without tools is not stated"),
        (_of_old_questions(frame), RENEWED),
    )
    return np.select([where.to_numpy(dtype=bool) for where, _ in reasons], [text for _, text in reasons], default="")


def _above_right_keys(findings: pd.DataFrame) -> set[str]:
    """Ids of the scores above the reviewed share of right keys, but where so many are above it that the review is contradicted."""
    above = findings[(findings["signal_id"] == ceiling.SIGNAL_ID) & (findings["variant"] == "")]
    return set(above.loc[above["level"] != "usual", "subject_id"])


def _is_mere_quote(frame: pd.DataFrame) -> pd.Series:
    """True for numbers quoted from elsewhere, but where fewer than K makers are known otherwise: there those of collections
    count, which hold no maker's own numbers. What a maker quotes of a rival never counts.
    """
    is_quoted = frame["read_from"].eq("quoted")
    own = set(frame.loc[frame["evaluator_relationship"].eq("first_party"), "source_id"])
    n_makers = frame[~is_quoted & frame["is_maker"]].groupby("benchmark_id")["maker"].nunique()
    known = set(n_makers.index[n_makers >= K])
    return is_quoted & (frame["source_id"].isin(own) | frame["benchmark_id"].isin(known))


def _of_old_questions(frame: pd.DataFrame) -> pd.Series:
    """True on a test whose questions are renewed and whose scores do not say of which release they are, for models older than
    RECENT_MONTHS before its newest: their questions were others.
    """
    is_renewed = frame["is_dynamic"].eq(True).fillna(False) & ~frame["benchmark_id"].str.contains("@")
    newest = frame.groupby("benchmark_id")["new_from"].transform("max")
    return is_renewed & (frame["new_from"] <= newest - pd.DateOffset(months=RECENT_MONTHS))


def _unclear_tools(frame: pd.DataFrame, key: pd.Series) -> pd.Series:
    """True where a score says nothing of tools though the test, or the same model on it, is also run with them."""
    text = _setting(frame)
    distinct = pd.Series(text.unique(), dtype=object)
    states = text.isin(distinct[distinct.str.contains(WITHOUT_TOOLS)]) | frame["mode"].eq("tools")
    often = frame[frame["mode"] == "tools"].groupby("benchmark_id")["model_id"].nunique()
    both = often.index[often >= STATED_TOOLS]
    # A source that runs the test itself in one way need not say so with every score.
    is_own_run = frame["evaluator_relationship"].eq("third_party")
    is_silent = text.isin(distinct[distinct.str.fullmatch(SAYS_NOTHING)])
    return ~states & ~is_own_run & frame["benchmark_id"].isin(both) & (key.isin(key[states]) | is_silent)


def measures(frame: pd.DataFrame) -> pd.Series:
    """Of every benchmark the measure that most makers report: in the last two years of this test, then ever, then
    right answers, then by scores; sources that take anybody's models count last. Index benchmark_id.
    """
    made = frame[frame["is_maker"] & ~frame["is_open"]]
    newest = made.groupby("benchmark_id")["new_from"].transform("max")
    recent = made[made["new_from"] > newest - pd.DateOffset(months=24)]
    keys = ["benchmark_id", "measure"]
    table = frame.assign(is_fraction=frame["unit"].eq("fraction")).groupby(keys)["is_fraction"].agg(["any", "size"])
    table["recent"] = recent.groupby(keys)["maker"].nunique()
    table["ever"] = made.groupby(keys)["maker"].nunique()
    order = table.fillna(0).reset_index()
    order["is_right"] = order["measure"].eq(RIGHT)
    order = order.sort_values(["recent", "ever", "any", "is_right", "size"], kind="stable")
    return order.drop_duplicates("benchmark_id", keep="last").set_index("benchmark_id")["measure"]


def credible(frame: pd.DataFrame) -> pd.DataFrame:
    """The scores that may set a frontier: of known makers, without tools or samples, nothing against them."""
    return frame[frame["left_out"].eq("") & frame["is_maker"] & frame["mode"].eq("plain")]


def commonest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the commonest metric and unit of every benchmark first, so that `first` reads it."""
    keys = ["benchmark_id", "metric", "unit"]
    count = frame.groupby(keys)["evaluation_id"].transform("size")
    return frame.assign(count=count).sort_values(["count", *keys], ascending=[False, True, True, True], kind="stable")


def _kinds(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows that each of the five best scores is taken from."""
    is_clean = frame["left_out"].eq("")
    known = frame[is_clean & frame["is_maker"]]
    return {
        "best": known[known["mode"].eq("plain")],
        "best_community": frame[is_clean & frame["mode"].eq("plain")],
        "best_with_tools": known[known["mode"].eq("tools")],
        "best_by_samples": known[known["mode"].eq("samples")],
        TRAINED_FOR: known[known["mode"].eq("trained")],
    }


def _with_tools_apart(kinds: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Runs with tools, those among them that data/facts/variants.csv calls a test of their own ("hle-tools" beside "hle")."""
    apart = kinds["best"][kinds["best"]["benchmark_id"].str.endswith(TOOLS_VARIANT)]
    apart = apart.assign(benchmark_id=apart["benchmark_id"].str.removesuffix(TOOLS_VARIANT))
    with_tools = kinds["best_with_tools"][kinds["best_with_tools"]["benchmark_id"].str.endswith(TOOLS_VARIANT)]
    with_tools = with_tools.assign(benchmark_id=with_tools["benchmark_id"].str.removesuffix(TOOLS_VARIANT))
    return pd.concat([kinds["best_with_tools"], apart, with_tools])


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Best first within each benchmark; of equal scores the one whose runner is known, then the newest model."""
    is_known = rows["evaluator_relationship"].isin(KNOWN_RUNNERS)
    order = [*ORDER[:2], "is_known", *ORDER[2:]]
    directions = [True, False, False, False, True]
    return rows.assign(is_known=is_known).sort_values(order, ascending=directions, kind="stable")


def best_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The best row of every benchmark, index benchmark_id."""
    # Sorted are the columns that say which is best, not all forty of a hundred thousand rows.
    keys = rows[[*ORDER, "evaluator_relationship"]].reset_index(drop=True)
    first = in_order(keys).drop_duplicates("benchmark_id").index
    return rows.iloc[first].set_index("benchmark_id", drop=False)


def per_maker(rows: pd.DataFrame) -> pd.DataFrame:
    """The best row of every maker on every benchmark, best first."""
    first = in_order(rows).drop_duplicates(["benchmark_id", "maker"])
    return first.assign(error=standard_errors(first))[ENTRY]


def grouped(rows: pd.DataFrame, asof: pd.Timestamp) -> dict[str, Entries]:
    """Per benchmark the entries of the newest series in one set-up with K makers of the last RECENT_MONTHS."""
    # "reported, thinking" is no more one set-up than "reported" is.
    uniform = rows[~rows["setting_group"].astype(str).str.match(rf"{NO_SETTING}(?:,|$)")]
    recent = use.dated(uniform)
    recent = recent[recent["new_from"] > asof - pd.DateOffset(months=RECENT_MONTHS)]
    recently = recent.groupby("series_id").agg(
        n=("maker", "nunique"), newest=("new_from", "max"), test=("benchmark_id", "first")
    )
    enough = recently[recently["n"] >= K].sort_values(["newest", "n"], kind="stable").reset_index()
    chosen = enough.drop_duplicates("test", keep="last")["series_id"]
    return by_benchmark(per_maker(uniform[uniform["series_id"].isin(chosen)]))


def by_benchmark(rows: pd.DataFrame) -> dict[str, Entries]:
    """The rows of every benchmark, in their order."""
    columns = {name: rows[name].to_numpy() for name in ENTRY}
    places = rows.groupby("benchmark_id", sort=False).indices.items()
    return {str(name): {c: values[mine] for c, values in columns.items()} for name, mine in places}


def setup_spread(rows: pd.DataFrame) -> dict[str, float]:
    """What another set-up moves a score by, per benchmark, a fraction: 1.4826 times the median difference between the
    lowest and the highest reading of a model in two series or sources; MIN_GAP where too few models have two.
    """
    keys = ["benchmark_id", "model_id"]
    each = (
        rows.groupby([*keys, "series_id", "source_id"])["turned"]
        .median()
        .groupby(level=keys)
        .agg(["min", "max", "size"])
    )
    # The same number in two places is one run printed twice, and says nothing of another set-up.
    several = each[(each["size"] > 1) & ((each["max"] - each["min"]).round(DECIMALS) > 0)]
    spread = (several["max"] - several["min"]).groupby(level="benchmark_id").agg(["median", "size"])
    enough = spread[spread["size"] >= MIN_REPEATED]["median"] * NORMAL
    return {str(name): float(min(value, MAX_SETUP)) for name, value in enough.items()}


@dataclass(frozen=True, kw_only=True)
class Ties:
    """Makers that cannot be told from the best.

    names      model_ids of the tied entries, best first.
    n_tied     How many; None where the sampling error of one of the top K is not known.
    at_least   How many tie by set-up alone, which holds whatever the sampling error.
    by_error   How many tie by sampling error alone.
    at_most    How many would tie if tests of unknown length had only FEWEST questions.
    s_index    The published index of the best and the K-th with sqrt(questions) (see saturation.s_index), or None.
    kth        Score of the K-th maker as printed, or None.
    setup      What another set-up moves a score by, a fraction; 0 within one set-up.
    series_id  The one set-up, or None for all of them.
    """

    names: list[str]
    n_makers: int
    n_tied: int | None
    at_least: int
    by_error: int
    at_most: int
    s_index: float | None
    kth: float | None
    setup: float
    series_id: str | None


def ties(entries: Entries, setup: float, series_id: str | None) -> Ties:
    """Ties among the best entries of makers (best first, fractions)."""
    turned, error = entries["turned"], entries["error"]
    apart = np.round(turned[0] - turned, DECIMALS)
    certain = apart <= round(setup, DECIMALS)
    near = np.round(np.hypot(TIE_Z * np.hypot(error[0], error), setup), DECIMALS)
    is_tied = np.where(np.isnan(near), certain, apart <= near)
    is_known = not np.isnan(error[:K]).any()
    spread = np.clip(turned, 0.0, 1.0)
    largest = np.where(np.isnan(error), np.sqrt(spread * (1.0 - spread) / FEWEST), error)
    far = np.hypot(TIE_Z * np.hypot(largest[0], largest), setup)
    n_items = entries["n_items"][0]
    index = None
    if len(turned) >= K and n_items > 0:
        index = saturation.s_index(float(turned[0]), float(turned[K - 1]), math.sqrt(n_items))
    return Ties(
        names=entries["model_id"][is_tied].tolist(),
        n_makers=len(turned),
        n_tied=int(is_tied.sum()) if is_known else None,
        at_least=int(is_tied.sum()),
        by_error=int(np.sum(apart <= np.round(np.nan_to_num(TIE_Z * np.hypot(error[0], error)), DECIMALS))),
        at_most=int(np.sum(apart <= np.round(far, DECIMALS))),
        s_index=index,
        kth=float(entries["score"][K - 1]) if len(turned) >= K else None,
        setup=setup,
        series_id=series_id,
    )


def standard_errors(rows: pd.DataFrame) -> pd.Series:
    """Standard error of every score: as printed, else binomial over its questions; NaN where neither is known."""
    counts = rows[["n_at_least", "n_items"]].min(axis=1).where(rows["n_at_least"].notna())
    n = rows["n_items"].where(rows["is_share"]).fillna(counts)
    score = rows["turned"].clip(0, 1)
    counted = np.sqrt(score * (1 - score) / n).where(rows["unit"].eq("fraction"))
    return rows["standard_error"].fillna(counted)


def _answer(
    about: Any, found: dict[str, dict], entries: Entries | None, group: Entries | None, spread: float,
    used: use.Use, asof: pd.Timestamp,
) -> dict:  # fmt: skip
    """The answer of one benchmark."""
    row = dict.fromkeys(ANSWER) | {
        "benchmark_id": about.benchmark_id, "metric": about.metric, "unit": about.unit,
        "is_lower_better": bool(about.is_lower_better), "use": used.word, "n_makers": used.n_makers,
        "n_makers_12m": used.n_recent, "n_models": about.n_models, "newest_date": used.newest,
        "n_left_out": 0 if pd.isna(about.n_left_out) else int(about.n_left_out),
    }  # fmt: skip
    trained = found.pop(TRAINED_FOR, None)
    for kind, top in found.items():
        row |= {kind: float(top["score"]), f"{kind}_evaluation_id": top["evaluation_id"]}
    if "best" not in found or entries is None:
        return row | {"status": "cannot_tell", "reason": _nobody(about, used)}
    top = found["best"]
    row |= {
        "best_model_id": top["model_id"], "best_maker": top["maker"], "best_series_id": top["series_id"],
        "best_date": top["new_from"],
    }  # fmt: skip
    flip = bool(about.is_lower_better)
    scale = Scale(
        is_fraction=about.unit == "fraction",
        is_lower_better=flip,
        floor=math.nan if flip else float(about.floor),
        ceiling=math.nan if flip else float(about.ceiling),
    )
    who = f"Best credible score {_best(top)}. "
    if not scale.is_fraction:
        status, why = "cannot_tell", _no_room(about)
        close: dict = {}
        if about.unit == "rating" and len(entries["score"]) >= K:
            status, why, close = judge_ratings(entries)
        return row | close | {"status": status, "reason": f"{who}{why}{use.said(used)}"}
    # A group in one set-up that the leading models never ran says nothing of them.
    is_among_best = group is not None and round(float(top["turned"] - group["turned"][0]), DECIMALS) <= spread
    if group is not None and is_among_best:
        tied = ties(group, 0.0, str(group["series_id"][0]))
    else:
        tied = ties(entries, spread, None)
    room = _room(entries["turned"], scale, math.nan if flip else float(about.human), tied, spread)
    idle = used.newest <= asof - pd.DateOffset(months=RECENT_MONTHS)
    # What few makers reached bounds the room that is left from above: two near the end are enough, more would leave less.
    if tied.n_makers < K and not (room.is_closed or room.is_bounded):
        why = _too_few(tied.n_makers, top, found.get("best_community")) + _at_most(room, has_floor=scale.floor > 0)
        return row | {"status": "cannot_tell", "reason": why + _people(about, top, "") + use.said(used)}
    is_past_people = used.word == "retired" and not flip and float(top["score"]) >= float(about.human)
    status, why = judge(tied, room, idle=bool(idle), has_floor=scale.floor > 0, is_past_people=is_past_people)
    if used.word != "in_use":
        year_ago = asof - pd.DateOffset(months=RECENT_MONTHS)
        days = entries["new_from"][:2].tolist()  # a group of another day than this would be of a test in use
        is_past = {"has_floor": scale.floor > 0, "is_past_people": is_past_people}
        is_joined = tied.at_least > 1 or _has_little(room.second)
        status, why = _of_its_day(
            status, why, room, [pd.Timestamp(day) for day in days], year_ago, is_joined=is_joined, **is_past
        )
        if trained is not None and status != "closed" and _ends(trained, scale):
            status, why = "crowded", "As good as exhausted by models that were trained for it."
    why += _people(about, top, status) + _trained(trained, top)
    row |= {"status": status, "kth_best": tied.kth, "headroom": room.best, "reason": f"{who}{why}{use.said(used)}"}
    if status == "closed":
        return row  # at the end of the scale everybody is near the best, whatever the test
    return row | {
        "tie_group": saturation.SEPARATOR.join(tied.names[: saturation.LISTED]), "tie_group_size": tied.n_tied,
        "tie_series_id": tied.series_id, "setup_points": 100 * tied.setup,
    }  # fmt: skip


def judge_ratings(entries: Entries) -> tuple[str, str, dict]:
    """Status, sentence and columns on ties of ratings (of K makers or more, best first): within one list the printed
    standard errors tell the best apart, or do not.
    """
    endless = "A rating has no end, so no room can be told"
    turned, error = entries["turned"], entries["error"]
    is_one_list = len(set(entries["source_id"][:K])) == 1
    if not is_one_list or np.isnan(error[:K]).any():
        unlike = "the best come from several lists" if not is_one_list else "no sampling errors are printed"
        return "cannot_tell", f"{endless}; {unlike}, so ties cannot be told either.", {}
    near = np.round(np.nan_to_num(TIE_Z * np.hypot(error[0], error)), DECIMALS)
    names = entries["model_id"][np.round(turned[0] - turned, DECIMALS) <= near].tolist()
    tied = {
        "kth_best": float(entries["score"][K - 1]), "tie_group_size": len(names),
        "tie_group": saturation.SEPARATOR.join(names[: saturation.LISTED]),
    }  # fmt: skip
    if len(names) < K:
        return "separating", f"{endless}; by the printed errors the best is told apart from the fifth maker.", tied
    close = f"the best {len(names)} of {len(turned)} makers are within the printed errors"
    if len(names) < FEW_TIED * len(turned):
        return "separating", f"{endless}; {close}, the others are told apart from the best.", tied
    return "cannot_tell", f"{endless}; {close}: the best models of today do not differ on it.", tied


@dataclass(frozen=True)
class Room:
    """What is left of the scale, a share of what lies above guessing; None above the share of keys that a review found right.

    best      To the best credible score.
    second    To the best of the next maker; 1 without one.
    is_alone  The next maker is not near the end: more than NEAR_END is left to it, it is told apart from the best, and it is
              below the score of people.
    """

    best: float | None
    second: float | None
    is_alone: bool

    @property
    def is_closed(self) -> bool:
        """Two makers are at the end of the scale, or one beyond what it can measure."""
        return self.best is None or all(room is None or saturation.is_closed(room) for room in (self.best, self.second))

    @property
    def is_near_end(self) -> bool:
        """A tenth or less is left to the best, who is not alone up there."""
        return _is_near(self.best) and not self.is_alone

    @property
    def is_bounded(self) -> bool:
        """A tenth or less is left to two makers, whatever others would reach."""
        return _is_near(self.best) and _is_near(self.second)


def _is_near(room: float | None) -> bool:
    return room is None or round(room, DECIMALS) <= NEAR_END


def _has_little(room: float | None) -> bool:
    return room is None or round(room, DECIMALS) <= LITTLE_ROOM


def _of_its_day(
    status: str,
    why: str,
    room: Room,
    days: list[pd.Timestamp],
    year_ago: pd.Timestamp,
    *,
    is_joined: bool,
    has_floor: bool,
    is_past_people: bool,
) -> tuple[str, str]:
    """Status and sentence of a test that is not in use: short of its end they speak of models of another day.

    status, why   What `judge` says.
    days          Days of the best model and of the next maker's.
    year_ago      What is not newer says nothing of today's models.
    is_joined     Another maker ties with the best, or has little room left too: no score that stands alone.
    """
    if room.best is None or room.is_near_end or status == "closed":
        return status, why
    left = f"{_share(room.best)} of the {'scale above guessing' if has_floor else 'scale'}"
    if status == "separating" and _is_near(room.best) and len(days) > 1 and days[1] <= year_ago:
        return "crowded", f"Nearly exhausted: {left} is left to it; the next maker's model is of {days[1]:%Y}."
    if days[0] > year_ago:
        return status, why
    little = _has_little(room.best)
    if status in ("crowded", "tied") and (little or is_past_people):
        return status, why  # what is above these ties is of the size of wrong keys
    if is_past_people and little:
        return "crowded", f"As good as exhausted: {left} is left."
    today = f"What today's best models reach is not on record and may well be more: this is the state of {days[0]:%Y}."
    if is_joined and little:
        return "crowded", f"Little room: at most {left} is left. {today}"
    return "cannot_tell", f"{left} was left to it. {today}"


def _ends(top: dict, scale: Scale) -> bool:
    """Whether a score is at the end of the scale."""
    room = saturation.headroom(float(top["turned"]), scale.ceiling, scale.floor)
    return room is None or saturation.is_closed(room)


def _room(turned: np.ndarray, scale: Scale, human: float, tied: Ties, spread: float) -> Room:
    """The room above the makers' best scores.

    turned  The makers' scores, best first, fractions.
    human   Score of people, or NaN.
    spread  What another set-up moves a score by, a fraction.
    """
    best = saturation.headroom(float(turned[0]), scale.ceiling, scale.floor)
    if len(turned) == 1:
        return Room(best, 1.0, is_alone=True)
    second = saturation.headroom(float(turned[1]), scale.ceiling, scale.floor)
    is_told_apart = tied.at_least == 1 and round(float(turned[0] - turned[1]), DECIMALS) > round(spread, DECIMALS)
    return Room(best, second, is_alone=not _is_near(second) and is_told_apart and not turned[1] >= human)


def _share(room: float) -> str:
    return f"{100 * room:.{0 if room >= LESS_THAN_ONE else 1}f}%"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def judge(tied: Ties, room: Room, *, idle: bool, has_floor: bool, is_past_people: bool) -> tuple[str, str]:
    """Status of a test of K makers or more, or of a closed one, and the sentence on its room and ties.

    idle             No maker's model in RECENT_MONTHS.
    has_floor        Guessing gives points, so the room is a share of what lies above it.
    is_past_people   The test is retired, and its best score is not below that of people.
    """
    if room.best is None:
        return "closed", "That is above the share of keys that a review found right: there is no room left to measure."
    scale = "scale above guessing" if has_floor else "scale"
    is_used_up = round(room.best, 3) == 0
    left = f"{'nothing' if is_used_up else _share(room.best)} of the {scale} is left"
    if room.is_closed:
        return "closed", _sentence(left if is_used_up else f"only {left}")
    if _is_near(room.best) and not room.is_near_end and room.second is not None:
        left += f" to it, {_share(room.second)} to the next maker"
    how = (
        f"within sampling error and the {100 * tied.setup:.1f} points that another set-up moves a score by"
        if tied.series_id is None
        else "within sampling error, all in one set-up"
    )
    little = "little room: " if _has_little(room.best) and not _is_near(room.best) else ""
    apart = "separating", _sentence(f"{little}{left}, and the best is told apart from the fifth maker")
    unknown = "cannot_tell", f"{_sentence(left)} The number of questions is unknown, so ties cannot be told."
    is_unknown = tied.n_tied is None and tied.at_most >= K
    n_near = tied.at_least if tied.n_tied is not None else tied.at_most
    others = "other is" if tied.n_makers - n_near == 1 else "others are"
    several = f"{_sentence(left)} The best {n_near} of {tied.n_makers} makers are {how}; the {others} told apart from the best."
    if not room.is_near_end and CROWDED_TIES <= n_near < FEW_TIED * tied.n_makers:
        return "separating", several if n_near >= K else apart[1]
    if round(room.best, DECIMALS) > WIDE_OPEN:
        if tied.at_least < K:
            if tied.n_tied is not None and tied.n_tied >= CROWDED_TIES:
                return "separating", several
            return unknown if is_unknown else apart
        why = "nobody has tried for a year" if idle else "the best models of today do not differ on it"
        return "cannot_tell", f"{left}, and the best {tied.at_least} makers are {how}. That is not its end: {why}."
    near_end = "Nearly exhausted: " if room.is_near_end else "As good as exhausted: " if is_past_people else ""
    if tied.at_least >= CROWDED_TIES:
        word = "tied" if tied.by_error >= K else "crowded"
        return word, f"{near_end}{left}, and {tied.at_least} makers cannot be told apart ({how})."
    if room.is_near_end:
        return "crowded", f"{near_end}{left}, about what wrong keys and another set-up move scores by."
    if tied.s_index is not None and round(tied.s_index, DECIMALS) >= CROWDED_INDEX:
        return "crowded", _sentence(
            f"{left}, and the first and the fifth maker are close (published index {tied.s_index:.2f})"
        )
    return unknown if is_unknown else apart


def _too_few(n_makers: int, top: dict, community: dict | None) -> str:
    """The answer where fewer than K makers have a credible score: who is best, and who whoever made the model."""
    have = "one maker has a credible score," if n_makers == 1 else f"{n_makers} makers have a credible score, the best"
    return f"Too few to compare: {have} {_best(top)}.{_everybody(community, top)}"


def _at_most(room: Room, *, has_floor: bool) -> str:
    """How little is left where makers are too few to compare; "" where that is much."""
    if room.best is None or round(room.best, DECIMALS) > WIDE_OPEN:
        return ""
    return f" At most {_share(room.best)} of the scale{' above guessing' if has_floor else ''} is left."


def _best(top: dict) -> str:
    """The leading score, whose it is, when and by whom it was found."""
    by = {"first_party": "reported by its maker", "third_party": "in a run of others"}
    said = by.get(top["evaluator_relationship"], "who ran it is not stated")
    said = "quoted from elsewhere" if top["read_from"] == "quoted" else said
    when = "" if pd.notna(top["date_basis"]) and top["date_basis"] != "listing" else "first seen "
    how = ", fine-tuned for the test" if re.search(TRAINED, str(top["setting"])) else ""
    return f"{_number(top)} ({top['model_name']}{how}, {when}{top['new_from']:%B %Y}, {said})"


def _number(row: dict) -> str:
    return f"{100 * row['score']:.1f}" if row["unit"] == "fraction" else f"{row['score']:g}"


def _people(about: Any, top: dict, status: str) -> str:
    """Where a score of people is on record and the best is not below it, and the test is not closed anyway."""
    if status == "closed" or about.is_lower_better or pd.isna(about.human) or top["score"] < about.human:
        return ""
    how = "is above" if round(top["score"] - about.human, DECIMALS) > 0 else "reaches"
    return f" That {how} the human score on record ({100 * about.human:.1f})."


def _everybody(community: dict | None, top: dict) -> str:
    """Where known makers are too few: the best score of anybody, where it is better."""
    if community is None or community["turned"] <= top["turned"]:
        return ""
    return f" Whoever made the model, the best is {_number(community)} ({community['model_name']})."


def _trained(trained: dict | None, top: dict) -> str:
    """The best score of a model trained for the test, where it is better than that of the models which were not."""
    if trained is None or trained["turned"] <= top["turned"]:
        return ""
    return f" Fine-tuned for the test, {_number(trained)} was reached ({trained['model_name']}, {trained['new_from']:%B %Y})."


def _no_room(about: Any) -> str:
    """Why scores that are no fractions leave no room that could be told."""
    if re.search(SHARE_NAMED, about.metric):
        return "The unit of its scores is not stated, so no room can be told."
    if about.metric in CORRELATIONS:
        return "Its scores are correlations with the right answers (100 is full agreement), so no room can be told in questions."
    return "Its scores are no share of its questions, so no room can be told."


def _nobody(about: Any, used: use.Use) -> str:
    said = f"No credible score of a known maker among {about.n_models} models without tools."
    return said + (use.said(used) if used.n_makers else "")
