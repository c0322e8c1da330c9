"""How many scores of pages that no rule came from are read right: model, test, setting, value and size.

Question  Which share of the scores that a person read from tables of unseen papers and cards does the reader find, which
          share of what it finds is right, and how often is the size right?
Input     BENCHMARK_MIRROR, a folder with the pages of PAGES, those of drawn.csv as drawn-cards/<page>.md; two hand counts,
          tests/golden/arxiv_tables/hand_scores.csv and, for drawn.csv, tests/golden/official_cards/hand_scores.csv.
Output    one line per page: hand, found, right, recall, precision, sizes right of those read right; then what is wrong.
Method    First pages of the mirror were drawn at random (seeds 10 to 12) from pages never used for a rule: eight cards of
          model makers, one reconstructed page, four papers. All scores were written down before the reader was run on
          them: values of named public tests for named models. Left out: means over tests, parts of a test, win shares
          against another model, retrievers, ROUGE, ablations, stages of training; three of the papers and one card
          therefore hold none. A found score is right when model, test, value and every word of the hand count's metric and setting agree; each hand
          count is used once. A size is right when all and active parameters are those that the page states.
          `first_run.csv` keeps what the reader gave at its first run on them.
          The pages of drawn.csv are of public repositories: the families of `table_models.FAMILIES`, shuffled with seed 20,
          and of each its maker's next repository with a table of two known tests or more in the README nearest to the
          root (draw 9: seed 30, repositories of makers that no other page is of); pages that some card, paper or rule came from, and those of models whose card is one, are left out. Eight
          pages make a draw, six or seven the last ones; draws 7 and 8 (seeds 21 and 22) are of makers' cards whose tables
          are text, wherever they stand. Each draw was counted before the reader was run on it, and what it showed
          was mended before the next. Draws 10 and 11 (seed 40) are two halves of 27 pages: cards, report pages of one maker
          and, with draw 10, two whole papers. Counted are scores of named tests, also of a maker's own unless the page calls it
          internal; left out are besides the above: parts of a test, captions and speech scored by distance to a text, and
          encoders. What a heading says of mode or variant belongs to the score. Names are those of the page, with the
          size that stands beside them or without.
          Draw 17 is of whole pages of LaTeXML that kh-kim/arxiv-translator (commit b5f9d6d) keeps as saved, all that the
          project had not read and whose captions speak of results. A cell of two values is two scores, one of three genders
          or pronouns is parts; left out are besides the above translations and summaries, and rows whose model is trained,
          prompted or given documents by the paper.
          Draws 18 and 19 are of tables of six papers each that deep-diver/ai-paper-reviewer repeats, their first rows where
          they are long, typed into LaTeXML's markup with their bold cells, spans, citations and captions; no rule came from any of them.
          Of multilingual tests the mean over languages counts.
Silent    A page that the mirror lacks is named and not measured.
"""

import csv
import os
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from ingest.records import LayoutChanged, Page, Reported, ReportedModel, read_number
from ingest.sources import arxiv_tables, hf_model_cards

HAND = Path(__file__).parent.parent / "tests" / "golden" / "arxiv_tables" / "hand_scores.csv"
DRAWN = HAND.parent.parent / "official_cards" / "drawn.csv"
PAGES = {
    "K-EXAONE card": "official-repo-cards/LG-AI-EXAONE_K-EXAONE_README.md",
    "DeepSeek-V3.2-Exp card": "official-repo-cards/deepseek-ai_DeepSeek-V3.2-Exp_README.md",
    "MiniMax-M2 card": "official-repo-cards/MiniMax-AI_MiniMax-M2_README.md",
    "llama-mistral": "latexml-reconstructed/llama-mistral.html",
    "2401.10225v1": "arxiv-html-pages/2401.10225v1.html",
    "2212.10560": "arxiv-html-pages/2212.10560.html",
    "2305.18290v2": "arxiv-html-pages/2305.18290v2.html",
    "2404.01204": "arxiv-html-pages/2404.01204.html",
    "internlm2_7b card": "official-repo-cards/internlm_internlm2_7b_README.md",
    "internlm2_1.8b card": "official-repo-cards/internlm_internlm2_1.8b_README.md",
    "internlm2_20b card": "official-repo-cards/internlm_internlm2_20b_README.md",
    "DeepSeek-R1 card": "official-repo-cards/deepseek-ai_DeepSeek-R1_README.md",
    "GLM-4.1V card": "official-repo-cards/THUDM_GLM-4.1V-Thinking_README.md",
    "2502.06781v1": "drawn-papers/2502.06781v1.html",  # the first twelve rows of its first table
    "2412.19437v1": "drawn-papers/2412.19437v1.html",
    "2504.10449": "drawn-papers/2504.10449.html",
    # Draw 17: pages of LaTeXML as they were saved, of which seven hold no score to find.
    "2303.18223": "drawn-papers/2303.18223.html",
    "2311.08545": "drawn-papers/2311.08545.html",
    "2403.10131v1": "drawn-papers/2403.10131v1.html",
    "2401.08417v3": "drawn-papers/2401.08417v3.html",
    "2402.12847v1": "drawn-papers/2402.12847v1.html",
    "2402.18815v1": "drawn-papers/2402.18815v1.html",
    "2404.03414v1": "drawn-papers/2404.03414v1.html",
    "2404.07143v1": "drawn-papers/2404.07143v1.html",
    "2404.07647v1": "drawn-papers/2404.07647v1.html",
    "2310.04799v2": "drawn-papers/2310.04799v2.html",
    # Draw 18: tables of six papers as a public site repeats them.
    "2501.04519": "drawn-papers/2501.04519.html",
    "2411.10440": "drawn-papers/2411.10440.html",
    "2504.12322": "drawn-papers/2504.12322.html",
    "2410.16153": "drawn-papers/2410.16153.html",
    "2412.05271": "drawn-papers/2412.05271.html",
    "2412.04862": "drawn-papers/2412.04862.html",
    # Draw 19: likewise.
    "2411.10442": "drawn-papers/2411.10442.html",
    "2412.05237": "drawn-papers/2412.05237.html",
    "2411.16489": "drawn-papers/2411.16489.html",
    "2410.23218": "drawn-papers/2410.23218.html",
    "2411.07133": "drawn-papers/2411.07133.html",
    "2410.17215": "drawn-papers/2410.17215.html",
}


MODES = {"reasoning", "thinking"}  # how a model was run: never said of a score of which the page does not say it


def bare(text: str) -> str:
    """Letters and digits of a name, a repository's without its owner."""
    text = text.rpartition("/")[2].replace("²", "2").replace("^2", "2")
    return re.sub(r"[^a-z0-9+.τ]", "", text.lower())


def words(text: str) -> set[str]:
    """Words of a setting, so that their order and punctuation do not matter."""
    return set(re.findall(r"[a-z0-9@.]+", text.lower()))


def read_drawn() -> dict[str, str]:
    """Addresses of the drawn pages by their names."""
    with DRAWN.open(encoding="utf-8", newline="") as file:
        return {row["page"]: row["source_url"] for row in csv.DictReader(file)}


def read_hand() -> dict[str, list[dict[str, str]]]:
    """The hand count by page."""
    pages = defaultdict(list)
    for path in (HAND, DRAWN.with_name("hand_scores.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                pages[row["page"]].append(row)
    return pages


def read_page(path: Path, name: str) -> list:
    """Everything that the reader says of a page; nothing for a page without a score."""
    is_card = path.suffix == ".md"
    owner, _, rest = path.name.removesuffix("_README.md").partition("_")
    url = f"https://huggingface.co/{owner}/{rest}/raw/main/README.md" if is_card else f"https://arxiv.org/html/{name}"
    url = read_drawn().get(name, url)
    page = Page(
        name=path.name, body=path.read_bytes(), url=url, content_date=date(2026, 1, 1), date_basis="content",
        snapshot_id=name, licence="per page",
    )  # fmt: skip
    try:
        model = name if name in read_drawn() else ""
        return list(hf_model_cards.read_card(page, model) if is_card else arxiv_tables.parse([page]))
    except LayoutChanged:
        return []


def agrees(found: Reported, hand: dict[str, str]) -> bool:
    """Whether a found score is one that was written down by hand."""
    # "AndroidControl low" says as much as AndroidControl in the setting "low".
    stated = words(f"{found.benchmark} {found.metric} {found.setting}")
    told = words(f"{hand['metric']} {hand['setting']}")
    size = hand["n_parameters"]
    names = {bare(hand["model"]), bare(f"{hand['model']} {size}B" if size else hand["model"])}
    return (
        bare(found.model) in names
        and bare(found.benchmark) in (bare(hand["benchmark"]), bare(f"{hand['benchmark']} {hand['setting']}"))
        and hand.get("score_unit", "") in ("", found.score_unit)
        and found.score_reported.rstrip("%") == hand["score"].rstrip("%")
        and told <= stated
        and not (hand.get("score_unit") and (stated - told) & MODES)
    )


def judge(rows: list, hand: list[dict[str, str]]) -> tuple[int, int, int, list[str], list[str]]:
    """(found, right, sizes right, what is wrong, what was missed) of one page."""
    left = list(hand)
    sizes = {r.model: (r.n_parameters, r.n_active_parameters) for r in rows if isinstance(r, ReportedModel)}
    found = [r for r in rows if isinstance(r, Reported) and read_number(r.score_reported) is not None]
    right = sized = 0
    wrong = []
    for row in found:
        match = next((h for h in left if agrees(row, h)), None)
        if match is None:
            wrong.append(f"{row.model} | {row.benchmark} | {row.metric} | {row.setting} | {row.score_reported}")
            continue
        left.remove(match)
        right += 1
        is_right = sizes.get(row.model, ("", "")) == (match["n_parameters"], match["n_active_parameters"])
        sized += is_right
        if not is_right:
            wrong.append(f"size of {row.model}: {sizes.get(row.model)}")
    return len(found), right, sized, wrong, [f"{h['model']} | {h['benchmark']} | {h['score']}" for h in left]


def main() -> None:
    """Print what was measured."""
    mirror = os.environ.get("BENCHMARK_MIRROR")
    if not mirror:
        print("BENCHMARK_MIRROR names no folder of captured pages: nothing measured.")
        return
    hand, totals, remarks = read_hand(), [0, 0, 0, 0], []
    for name, place in (PAGES | {page: f"drawn-cards/{page}.md" for page in read_drawn()}).items():
        path = Path(mirror) / place
        if not path.exists():
            print(f"{name}: not in the mirror and not measured")
            continue
        found, right, sized, wrong, missed = judge(read_page(path, name), hand.get(name, []))
        n_hand = len(hand.get(name, []))
        totals = [a + b for a, b in zip(totals, (n_hand, found, right, sized), strict=True)]
        print(f"{name}: hand {n_hand}, found {found}, right {right}, sizes right {sized}")
        remarks += [f"wrong, {name}: {w}" for w in dict.fromkeys(wrong)] + [f"missed, {name}: {m}" for m in missed]
    n_hand, found, right, sized = totals
    shares = [f"{a / b:.3f}" if b else "-" for a, b in ((right, n_hand), (right, found), (sized, right))]
    print(
        f"all: hand {n_hand}, found {found}, right {right}: recall {shares[0]}, precision {shares[1]}, sizes {shares[2]}"
    )
    print("\n".join(remarks))


if __name__ == "__main__":
    main()
