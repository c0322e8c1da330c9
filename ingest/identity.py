"""Names become models, benchmarks and series, by exact rows only.

Question  Which model and which benchmark does a printed name mean?
Input     accepted records or evaluations, what sources report about models, facts (aliases, benchmarks, items, families).
Output    model_id, benchmark_id, metric, setting_group and series_id per row; the tables model, benchmark and series.
Method    A Hugging Face repository id is an identifier shared by all sources (compared without case). Every other name is
          registered as source:name; an alias row links it to an identifier, after `fold_name` and nothing fuzzier.
          Identifiers of models without a repository are developer:name, as their maker names that version. A repository
          that was moved has an alias row from its old identifier to its new one.
          A benchmark's version, where the page states one, is part of its id: name@version.
Silent    Never: a name without an alias row stays itself and is shown as not linked. Sizes of 0 or -1 are unknown.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from data.test_names import read_test
from data.units import read_measure
from data.vocabulary import TOOL_DOMAINS, YES_NO
from ingest import codes, dates, families, releases, settings, sizes
from ingest.facts import Facts, normalise
from ingest.records import InvalidFact, Source, read_date

# 2024-05-13 and 20240513 are one date; "3-5" before a word, a date or the end is the version 3.5 ("claude-3-5-sonnet"),
# "2-9b" is not; and "Llama 3" is Llama3: makers, boards and papers write all three both ways.
DATE = re.compile(r"(?<!\d)(20\d\d)[. ]?([01]\d)[. ]?([0-3]\d)(?!\d)")
VERSION = re.compile(r"(?<![\d.])(\d) (\d)(?=$| (?:[a-z(]|20\d{6}))")
# "Qwen-14B-Llamafied", "Qwen-LLaMAfied-7B-Chat", "Yi-34B-Llama": weights of another make in Llama's layout.
CONVERTED = re.compile(r"[-_]llama[-_]?(?:fied|fy)(?=[-_]|$)|[-_]llama$", re.IGNORECASE)
GLUED = re.compile(r"(?<=[a-z]) (?=\d)")
# Words of variants.csv that stand for whatever a setting says of tools ("Search + Python + Browse").
OF_TOOLS = {"with tools": settings.has_tools, "without tools": settings.lacks_tools}
NAMED_RULES = ("mc1", "mc2")  # rules of grading that harnesses put into a task's name, and print "acc" beside


def name_models(rows: pd.DataFrame, facts: Facts) -> pd.Series:
    """The model_id of each row with columns source_id, model, name_scheme."""
    alias, moved = alias_models(facts), moved_repositories(facts)
    distinct = rows[["source_id", "model", "name_scheme"]].drop_duplicates()
    ids = {}
    for source_id, model, scheme in codes.rows(distinct, list(distinct)):
        if scheme == "hf":
            found = "hf:" + model.strip().casefold()
        else:
            plain = fold_name(model)
            found = alias.get((source_id, plain)) or alias.get(("", plain)) or f"{source_id}:{model.strip()}"
        ids[source_id, model, scheme] = moved.get(found, found)
    ids |= join_spellings(ids)
    keys = zip(rows["source_id"].tolist(), rows["model"].tolist(), rows["name_scheme"].tolist(), strict=True)
    return pd.Series([ids[k] for k in keys], index=rows.index, dtype=object)


def join_spellings(ids: Mapping[tuple[str, str, str], str]) -> dict[tuple[str, str, str], str]:
    """Other identifiers for names that link to nothing: (source_id, model, name_scheme) -> model_id, those that change.

    A printed repository ("meta-llama/Llama-2-7b-hf") is that repository where any source speaks of it. Spellings of one
    name within one source that differ in case, space or hyphen only are one model, under the first of them by alphabet.
    """
    repositories = {found for found in ids.values() if found.startswith("hf:")}
    out: dict[Any, str] = {}
    alike: dict[Any, Any] = {}
    for key, found in ids.items():
        source_id, model, scheme = key
        if scheme == "hf" or found != f"{source_id}:{model.strip()}":
            continue
        printed = "hf:" + model.strip().casefold()
        if printed in repositories:
            out[key] = printed
        else:
            alike.setdefault((source_id, fold_name(model)), []).append(key)
    for keys in alike.values():
        first = min(ids[key] for key in keys)
        out |= {key: first for key in keys if ids[key] != first}
    return out


def moved_repositories(facts: Facts) -> dict[str, str]:
    """Old identifier -> new one, for repositories that were moved: alias rows whose name is itself an identifier.

    Compared whole and not after `normalise`: two repositories may differ in a hyphen and an underscore only.
    """
    rows = facts.aliases[(facts.aliases["kind"] == "model") & facts.aliases["name"].str.startswith("hf:")]
    return dict(zip(rows["name"], rows["target_id"], strict=True))


@cache
def fold_name(name: str) -> str:
    """A model's name as it is compared: `facts.normalise`, then one spelling of dates, versions and "Llama 3".

    "GPT-4o (2024-08-06)" and "gpt 4o (20240806)" are equal, "gemma-2-2b" and "gemma-22b" are not.
    """
    return GLUED.sub("", VERSION.sub(r"\1.\2", DATE.sub(r"\1\2\3", normalise(name))))


def alias_models(facts: Facts) -> dict[tuple[str, str], str]:
    """Alias rows of models: (source_id or "", folded name) -> identifier.

    Raises InvalidFact where two rows mean two models by one folded name.
    """
    rows, moved = facts.aliases[facts.aliases["kind"] == "model"], moved_repositories(facts)
    table: dict[tuple[str, str], str] = {}
    for number, source, name, stated in rows[["source_id", "name", "target_id"]].itertuples(name=None):
        target = moved.get(stated, stated)
        known = table.setdefault((source, fold_name(name)), target)
        if known != target:
            raise InvalidFact(f"aliases.csv, row {number}: {name!r} already means {known} for this source.")
    return table


def alias_table(facts: Facts, kind: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Alias rows of one kind: (source_id or "", normalised name) -> (target_id, metric)."""
    rows = facts.aliases[facts.aliases["kind"] == kind]
    return {
        (source, normalise(name)): (target, metric)
        for source, name, target, metric in rows[["source_id", "name", "target_id", "metric"]].itertuples(index=False)
    }


def list_names(models: pd.DataFrame, benchmarks: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Table alias: what each model and benchmark may be called, whoever speaks.

    An identifier means itself, then an alias row without a source decides, then the alias rows of sources where all
    agree, then the thing's own name, where only one thing has it: a name that means two things is not in the table.
    """
    parts = []
    for kind, table, column in (("model", models, "model_id"), ("benchmark", benchmarks, "benchmark_id")):
        rows = facts.aliases[(facts.aliases["kind"] == kind) & facts.aliases["target_id"].isin(table[column])]
        general, special = rows[rows["source_id"] == ""], rows[rows["source_id"] != ""]
        names = [
            (table[column].str.removeprefix("hf:"), table[column]),
            (general["name"], general["target_id"]),
            (special["name"], special["target_id"]),
            (table["name"], table[column]),
        ]
        for rank, (name, target) in enumerate(names):
            frame = pd.DataFrame({"name_key": name.map(normalise).to_numpy(), "target_id": target.to_numpy()})
            frame = frame.drop_duplicates().drop_duplicates("name_key", keep=False)
            parts.append(frame.assign(kind=kind, rank=rank))
    out = pd.concat(parts).sort_values("rank", kind="stable").drop_duplicates(["kind", "name_key"])
    return out[out["name_key"] != ""][["kind", "name_key", "target_id"]].reset_index(drop=True)


def slug(name: str) -> str:
    """A name in lower case with every run of other characters than letters and digits as one hyphen.

    Letters of every script count: names that differ in their Chinese words only are different names.
    """
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", name).casefold()).strip("-") or "unnamed"


def name_tests(rows: pd.DataFrame, facts: Facts, sources: Mapping[str, Source]) -> pd.DataFrame:
    """benchmark_id, metric, setting_group and series_id of each row (index of `rows`).

    The metric is the printed one; where the page prints none, the alias row's, then the benchmark's own headline metric,
    else "unspecified". A part of a test that the setting names ("Diamond") is the benchmark, where variants.csv says so.
    The setting group: see ingest.settings.
    """
    benchmarks, metrics = alias_table(facts, "benchmark"), alias_table(facts, "metric")
    parts: dict[str, list[tuple[Callable[[str], object], str]]] = {}
    for row in facts.variants.itertuples(index=False):
        # "Retail" is a domain as an item of a list ("Thinking (High), Retail"), and may be anything within a sentence.
        ends = (r"(?:^|,)\s*", r"\s*(?:,|$)") if row.is_item == "yes" else ("(?<![a-z])", "(?![a-z])")
        word = re.compile(re.escape(row.setting_word).join(ends), re.IGNORECASE)
        is_said = OF_TOOLS.get(row.setting_word, word.search)
        parts.setdefault(row.benchmark_id, []).append((is_said, row.target_id))
    headline = dict(zip(facts.benchmarks["benchmark_id"], facts.benchmarks["metric"], strict=True))
    columns = ["source_id", "benchmark", "benchmark_version", "metric", "setting"]
    domain = facts.benchmarks.set_index("benchmark_id")["domain"]
    is_of_tools = domain.isin(TOOL_DOMAINS) | facts.benchmarks.set_index("benchmark_id")["name"].map(settings.has_tools)
    of_tools, of_code = set(domain.index[is_of_tools]), set(domain.index[domain == "code"])
    found = {}
    for row in codes.rows(rows[columns].drop_duplicates(), columns):
        source_id, benchmark, version, metric, setting = row
        plain = normalise(benchmark)
        target, usual = benchmarks.get((source_id, plain)) or benchmarks.get(("", plain)) or ("", "")
        if not target and (said := read_test(benchmark)).is_split:
            # "truthfulqa_mc2", "MMLU (3-shot)": the test without what its name states of metric and setting.
            plain = normalise(said.name)
            target, usual = benchmarks.get((source_id, plain)) or benchmarks.get(("", plain)) or ("", "")
            if target:
                metric = said.metric if said.metric in NAMED_RULES or not metric else metric
                # Shots that stand beside the test win over those in its name; what else the name says holds with them.
                more = [t for t in said.setting.split("; ") if t and not (setting and settings.SHOTS.search(t))]
                setting = "; ".join([*([setting] if setting else []), *more])
        benchmark_id = target or f"{source_id}:{slug(benchmark)}"
        benchmark_id = next((t for is_said, t in parts.get(benchmark_id, ()) if is_said(setting)), benchmark_id)
        versioned = f"{benchmark_id}@{slug(version)}" if version else benchmark_id
        printed = normalise(metric)
        canonical = (metrics.get((source_id, printed)) or metrics.get(("", printed)) or (slug(metric), ""))[0]
        name = canonical if printed else usual or headline.get(versioned) or headline.get(benchmark_id) or "unspecified"
        board = source_id if sources[source_id].is_uniform else ""
        # "Python" beside a test of code is the language, which is no tool.
        is_language = benchmark_id in of_code and setting.strip().casefold() == "python"
        found[row] = (versioned, name, board, setting, benchmark_id in of_tools or is_language)
    keys = zip(*(rows[c].tolist() for c in columns), strict=True)
    names = ["benchmark_id", "metric_id", "board", "setting", "is_of_tools"]
    out = pd.DataFrame([found[k] for k in keys], columns=names, index=rows.index)
    group = codes.each(
        settings.read_group, out["board"], rows["model"], rows["name_scheme"], out["setting"], out["is_of_tools"]
    )
    out = out[names[:2]].assign(setting_group=group)
    return out.assign(series_id=codes.each(lambda *ids: ":".join(ids), *(out[c] for c in out)))


def make_benchmarks(evaluations: pd.DataFrame, facts: Facts, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Table benchmark: every benchmark that has an evaluation, with its facts where there are any."""
    known = facts.benchmarks.set_index("benchmark_id").to_dict("index")
    rows = []
    distinct = evaluations.iloc[codes.order(evaluations, ["evaluation_id"])].drop_duplicates("benchmark_id")
    for row in distinct.itertuples(index=False):
        plain = row.benchmark_id.partition("@")[0]
        fact_id = row.benchmark_id if row.benchmark_id in known else plain
        fact = known.get(fact_id, {})
        name = fact.get("name") or row.benchmark
        share = fact.get("wrong_key_share", np.nan)
        low, high = fact.get("wrong_key_low", np.nan), fact.get("wrong_key_high", np.nan)
        rows.append(
            {
                "benchmark_id": row.benchmark_id,
                "name": f"{name} ({row.benchmark_version})" if row.benchmark_version and fact_id == plain else name,
                "version": row.benchmark_version or fact.get("version") or None,
                "domain": fact.get("domain") or None,
                "metric": fact.get("metric") or None,
                "floor": fact.get("floor", np.nan),
                "floor_basis": fact.get("floor_basis") or None,
                "ceiling": 1 - share,
                "ceiling_low": 1 - (high if pd.notna(high) else share),
                "ceiling_high": 1 - (low if pd.notna(low) else share),
                "ceiling_basis": "; ".join(
                    t for t in (fact.get("wrong_key_basis"), fact.get("wrong_key_scope")) if t
                ) or None,
                "ceiling_source_url": fact.get("wrong_key_source_url") or None,
                "human_score": fact.get("human_score", np.nan),
                "human_who": fact.get("human_who") or None,
                "human_source_url": fact.get("human_source_url") or None,
                "n_items": fact.get("n_items", np.nan),
                "n_items_source_url": fact.get("n_items_source_url") or None,
                "release_date": release_of(row.benchmark_version, fact),
                "is_public_test": yes_no(fact.get("is_public_test", "")),
                "is_dynamic": yes_no(fact.get("is_dynamic", "")),
                "source_url": fact.get("source_url") or sources[row.source_id].url,
                "note": fact.get("note") or None,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).sort_values("benchmark_id").reset_index(drop=True)


def release_of(version: str, fact: Mapping[str, object]) -> str | None:
    """Release day of a benchmark version: a version that is a date is that date, else the fact's."""
    day = read_date(version) if version else None
    return day.isoformat() if day else (str(fact.get("release_date") or "") or None)


def yes_no(text: object) -> bool | None:
    """Yes and true, no and false; anything else is not stated."""
    return {"yes": True, "true": True, "no": False, "false": False}.get(str(text).casefold())


def make_series(evaluations: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Table series, without counts (see pipeline): one row per benchmark, metric and setting group, with its items."""
    items = {
        (b, m, s): (n, yes_no(c), u)
        for b, m, s, n, c, u in facts.items[
            ["benchmark_id", "metric", "source_id", "n_items", "is_item_count", "source_url"]
        ].itertuples(index=False)
    }
    columns = ["benchmark_id", "metric", "source_id", "n_at_least", "source_url"]
    averages = {(b, m, s): (n, u) for b, m, s, n, u in facts.averages[columns].itertuples(index=False)}
    known = facts.benchmarks.set_index("benchmark_id").to_dict("index")
    is_lower_better = cache(lambda metric, test: read_measure(metric, test).is_lower_better)
    rows = []
    columns = ["series_id", "benchmark_id", "metric_id", "setting_group", "source_id", "score_unit", "is_subset"]
    distinct = evaluations[columns].drop_duplicates().replace({"score_unit": {"percent": "fraction"}})
    parts: dict[str, list[tuple]] = {}
    for series_id, *rest in codes.rows(distinct, columns):
        parts.setdefault(series_id, []).append(tuple(rest))
    for series_id, part in sorted(parts.items()):
        benchmark_id, metric, setting_group = min(row[:3] for row in part)
        sources, units = ({row[i] for row in part} for i in (3, 4))
        plain = benchmark_id.partition("@")[0]
        n_items, is_count, url = np.nan, None, None
        own = sources if len(sources) == 1 else set()
        # The most exact statement wins: this source before any source, this version before the benchmark in general.
        keys = list(itertools.product((benchmark_id, plain), (metric, ""), (*own, "")))
        for key in keys:
            if key in items:
                n_items, is_count, url = items[key]
                break
        n_at_least, its_url = next((averages[key] for key in keys if key in averages), (np.nan, None))
        fact = known.get(plain, {})
        if pd.isna(n_items) and is_count is None:
            stated = [row for row in (known.get(benchmark_id, {}), fact) if pd.notna(row.get("n_items", np.nan))]
            n_items, url = (stated[0]["n_items"], stated[0]["n_items_source_url"] or None) if stated else (np.nan, url)
        rows.append(
            {
                "series_id": series_id,
                "benchmark_id": benchmark_id,
                "metric": metric,
                "setting_group": setting_group,
                "unit": units.pop() if len(units) == 1 else "mixed",
                "is_lower_better": is_lower_better(metric, fact.get("name") or plain.rpartition(":")[2]),
                "is_subset": all(row[5] for row in part),
                "is_item_count": is_count,
                "n_items": n_items,
                "n_items_source_url": its_url or url if pd.isna(n_items) else url,
                "n_at_least": np.nan if is_count else n_at_least,
            }
        )
    return pd.DataFrame(rows)


def make_models(
    evaluations: pd.DataFrame, reported: pd.DataFrame, facts: Facts, sources: Mapping[str, Source]
) -> pd.DataFrame:
    """Table model: one row per model_id that has an evaluation.

    evaluations   with model_id, model, name_scheme, model_kind, source_id, file_name, first_seen_date, evaluated_on
    reported      rows of ReportedModel with source_id and content_date joined on; newest content wins among equals
    """
    said = reported.copy()
    said["model_id"] = name_models(said, facts)
    # A name means what it means among the scores, however a page about the model itself spells it.
    spoken = evaluations.loc[evaluations["name_scheme"] != "hf", ["source_id", "model", "model_id"]].drop_duplicates()
    meant = {(s, fold_name(name)): model_id for s, name, model_id in codes.rows(spoken, list(spoken))}
    plain = (said["name_scheme"] != "hf").to_numpy()
    said.loc[plain, "model_id"] = codes.each(
        lambda s, name, own: meant.get((s, fold_name(name)), own),
        *(said.loc[plain, c] for c in ("source_id", "model", "model_id")),
    )
    said = said[said["model_id"].isin(set(evaluations["model_id"]))]
    # Then by everything else, so that the order of rows never decides which of two statements is the newest.
    first = ["model_id", "content_date", "source_id", "snapshot_id", "run"]
    said = said.iloc[codes.order(said, [*first, *(c for c in said.columns if c not in first)])]

    ordered = evaluations[[
        "model_id", "model", "model_kind", "name_scheme", "source_id", "first_seen_date", "evaluation_id",
        "evaluated_on", "listed_date",
    ]].assign(is_version=is_version(evaluations, sources))  # fmt: skip
    ordered = ordered.iloc[codes.order(ordered, ["model_id", "first_seen_date", "evaluation_id"])]
    base = ordered.drop_duplicates("model_id").set_index("model_id")[["model", "model_kind"]]
    base = base.rename(columns={"model": "name", "model_kind": "kind"})
    # A repository's own name before an alias of it, and a spelling with capitals before a copy that lower-cased names.
    spelled = ordered[codes.each(lambda name: name != name.lower(), ordered["model"]).astype(bool)]
    for better in (spelled, ordered[ordered["name_scheme"] == "hf"], spelled[spelled["name_scheme"] == "hf"]):
        name = better.drop_duplicates("model_id").set_index("model_id")["model"]
        base["name"] = name.reindex(base.index).fillna(base["name"])
    # Where no source prints the repository's own name, the identifier's serves: the model's address is made of it.
    printed = set(ordered.loc[ordered["name_scheme"] == "hf", "model_id"])
    unprinted = base.index.str.startswith("hf:") & ~base.index.isin(printed)
    base["name"] = base["name"].where(~unprinted, base.index.str.removeprefix("hf:"))
    out = pd.DataFrame(index=base.index)
    out["name"] = base["name"]
    # Made on purpose to show a weakness of a test: judged like any score, but never a record of what models can do.
    shown = name_models(facts.demonstrations.assign(name_scheme=""), facts)
    repositories = "hf:" + facts.demonstrations["model"].str.casefold()
    out["kind"] = base["kind"].where(~base.index.isin({*shown, *repositories}), "demonstration")
    for column in ("developer", "base_model", "architecture", "model_type", "source_url"):
        filled = said[said[column] != ""]
        out[column] = filled.groupby("model_id")[column].last().reindex(out.index)
    for column in ("is_moe", "is_merged", "is_open_weights"):
        filled = said[said[column].isin(YES_NO)]
        out[column] = filled.groupby("model_id")[column].last().map(yes_no).reindex(out.index)
    flagged = said[said["is_flagged"] == "yes"].groupby("model_id")["source_id"].first()
    titles = {s: sources[s].title for s in sources}
    out["maintainer_flag"] = flagged.map(lambda s: f"{titles[s]}: flagged").reindex(out.index)
    is_hf = out.index.to_series().str.startswith("hf:")
    out["is_linked"] = is_hf | ~out.index.to_series().str.partition(":")[0].isin(list(sources))
    out["is_open_weights"] = out["is_open_weights"].where(
        out["is_open_weights"].notna(), is_hf.map({True: True, False: None})
    )
    out["source_url"] = out["source_url"].fillna(
        is_hf.map({True: "https://huggingface.co/", False: None}) + out["name"].where(is_hf, "")
    )
    out["developer"] = out["developer"].fillna(out["name"].str.partition("/")[0].where(is_hf))
    known = sizes.read_facts(facts.sizes)
    counts = sizes.choose_sizes(said, known)
    for column in counts.columns:
        out[column] = counts[column].reindex(out.index)
    out = sizes.take_only_sizes(sizes.fill_from_facts(sizes.use_named_sizes(out), known))
    out["is_moe"] = sizes.mark_mixtures(out)
    out = sizes.settle_doubts(out).drop(columns="support")
    origin = (
        families.assign(
            out.reset_index()[["model_id", "name", "base_model", "architecture", "is_merged", "n_parameters"]],
            facts.families,
        ).set_index("model_id")
        if len(out)
        else pd.DataFrame(columns=["family", "family_basis", "series", "root_model"])
    )
    for column in ("family", "family_basis", "series", "root_model"):
        out[column] = origin[column].reindex(out.index)
    out["root_model"] = out["root_model"].where(out["root_model"].notna() & (out["root_model"] != ""), out["name"])
    original = find_converted(out)
    for column in ("root_model", "architecture"):
        out[column] = out[column].where(~out.index.isin(list(original)), out.index.map(original).map(out[column]))
    out["cluster_id"] = cluster(out)
    out["developer"] = releases.name_developers(out, facts)
    called = releases.assign(out.reset_index(), facts).set_axis(out.index)
    out["release_id"], out["release_name"] = called["release_id"], called["release_name"]
    days = dates.choose_dates(said, ordered, dates.known_days(called, facts.release_dates))
    days = dates.share_days(days, called)
    for column in days.columns:
        out[column] = days[column].reindex(out.index)
    return out.reset_index()


def is_version(evaluations: pd.DataFrame, sources: Mapping[str, Source]) -> pd.Series:
    """Whether the page of each row may be a version of its board: all pages, but those that are known to list other rows."""
    pages = evaluations[["source_id", "file_name"]].drop_duplicates()
    whole = {
        (source_id, name)
        for source_id, name in codes.rows(pages, list(pages))
        if not sources[source_id].lists_all or re.fullmatch(sources[source_id].lists_all, name)
    }
    keys = zip(evaluations["source_id"].tolist(), evaluations["file_name"].tolist(), strict=True)
    return pd.Series([key in whole for key in keys], index=evaluations.index, dtype=bool)


def find_converted(models: pd.DataFrame) -> dict[str, str]:
    """Repositories that hold another's weights in Llama's layout ("Qwen-14B-Llamafied") -> that other repository.

    Taken back, the name must be that of one model whose size is the same to a tenth or not known.
    models   indexed by model_id, with n_parameters
    """
    owned = models.index[models.index.str.startswith("hf:")]
    parts: dict[str, list[str]] = {}
    for model_id in owned:
        parts.setdefault(model_id.partition("/")[2], []).append(model_id)
    sizes_of = models["n_parameters"].to_dict()
    found = {}
    for model_id in owned:
        own = model_id.partition("/")[2]
        back = CONVERTED.sub("", own, count=1)
        others = [i for i in parts.get(back, ()) if back != own and sizes.is_near(sizes_of[i], sizes_of[model_id])]
        if len(others) == 1:
            found[model_id] = others[0]
    return found


def cluster(models: pd.DataFrame) -> pd.Series:
    """Cluster of near-copies: same architecture (else root model) and the same size to two digits.

    The architecture comes first because a fine-tune of a fine-tune often states no base model, while its architecture
    and parameter count give it away; models without a size are alone with their root.
    """
    size = models["n_parameters"].map(lambda n: f"{n:.1e}" if pd.notna(n) else "")
    kind = models["architecture"].where(models["architecture"].notna(), models["root_model"].str.casefold())
    return (kind + "|" + size).where(size != "", models["root_model"].str.casefold() + "|?")
