"""Documents beside the number: a sentence that leads with what is on record about this score.

Question  Has this claim been withdrawn, is it a demonstration, did a board's owners mark it, did its maker disclose something?
Input     Findings of size_anomaly and the documents of the evidence.
Output    The findings, in which the sentence of such a score begins with the document: its state, who says it, when.
Method    A document about this model and this test, or all editions of it, leads; one about the model as a whole leads when it bars the model from
          frontiers (data.vocabulary.BARS); a model that is a demonstration is called one. Where there are several, the first in the order of INCIDENT_STATUSES from its end.
          A document never changes p, q or the level: it is said beside them, at equal size.
Silent    Scores without such a document keep their sentence.
"""

import pandas as pd

from data.vocabulary import BARS, INCIDENT_STATUSES
from scoring.evidence import Evidence

DEMONSTRATION = INCIDENT_STATUSES[-1]
SAID = ["status", "said_by", "evidence_date"]
RANK = {status: place for place, status in enumerate(reversed(INCIDENT_STATUSES))}


def lead(findings: pd.DataFrame, evidence: Evidence, signal_id: str) -> pd.DataFrame:
    """The findings with documents in front; rows of other signals and variants are left as they are."""
    about = evidence.documents[evidence.documents["model_id"].notna()]
    if findings.empty:
        return findings
    about = about.assign(rank=about["status"].map(RANK)).sort_values("rank", kind="stable")
    on_test = about[about["benchmark_id"].notna()].drop_duplicates(["model_id", "benchmark_id"])
    whole = about[about["benchmark_id"].isna() & about["status"].isin(BARS)].drop_duplicates("model_id")
    of_test = {(m, b): _words(*row) for m, b, *row in on_test[["model_id", "benchmark_id", *SAID]].to_numpy()}
    of_model = {m: _words(*row) for m, *row in whole[["model_id", *SAID]].to_numpy()}
    rows = evidence.evaluations.drop_duplicates("evaluation_id").set_index("evaluation_id")
    shown = set(rows.loc[rows["kind"] == "demonstration", "model_id"])
    of_model = dict.fromkeys(shown, _words(DEMONSTRATION, None, None)) | of_model
    rows = rows.loc[rows["model_id"].isin(shown | set(about["model_id"])), ["model_id", "benchmark_id"]]
    # A document about a list or test as a whole speaks of all its editions.
    words = {
        name: of_test.get((model, test)) or of_test.get((model, test.partition("@")[0])) or of_model.get(model)
        for name, model, test in zip(rows.index, rows["model_id"], rows["benchmark_id"], strict=True)
    }
    said = {name: text for name, text in words.items() if text}
    is_mine = (findings["signal_id"] == signal_id) & (findings["variant"] == "")
    is_mine &= findings["subject_id"].isin(list(said))
    mine, led = findings[is_mine], {}
    for column in ("reason", "reason_alone"):
        led[column] = findings[column].copy()
        led[column][is_mine] = [
            f"{said[name]} {text}" if isinstance(text, str) else text
            for name, text in zip(mine["subject_id"], mine[column], strict=True)
        ]
    return findings.assign(**led)


def _words(status: str, said_by: object, day: object) -> str:
    who = "" if pd.isna(said_by) else str(said_by)  # a cell is a text or NULL
    when = "" if pd.isna(day) else str(day)[:10]
    details = ", ".join(filter(None, [who, when]))
    return f"On record: {status}" + (f" ({details})." if details else ".")
