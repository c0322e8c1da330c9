"""A database whose every name and text is hostile, on every page in a real browser: nothing runs, leaves or breaks out."""

from contextlib import closing

import pytest

import store
from tests import browsing, lakes, tiny_store

DOOR = "https://evil.example"
TEXTS = (
    "<script>window.ran=1</script>",
    "<img src=x onerror='window.ran=1'>",
    "<svg onload=window.ran=1>",
    f"![i]({DOOR}/i.png) [l]({DOOR}/l) <{DOOR}/a>",
    "[x](javascript:window.ran=1)",
    f"<iframe src={DOOR}></iframe><link rel=stylesheet href={DOOR}/c.css>",
    "</title><style>body{display:none}</style>",
    ":material/home: :red[red] :smile: :streamlit:",
    r"$\href{javascript:window.ran=1}{x}$ $$\int$$",
    '=HYPERLINK("https://evil.example","y")',
    "\u202egnp.exe\u202c \u2066abc\u2069 \u200b\ufeff",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n# heading\n\n```\ncode",
    "{{7*7}} ${7*7} %s %(x)s {0} \\",
    "W" * 10_000,
    "never ends " * 900,
)
# What others write. A name that stands in two tables gets the same text in both.
OUTSIDE = {
    "source": ("title", "attribution", "licence", "problem"),
    "model": (
        "name",
        "release_name",
        "developer",
        "family",
        "series",
        "base_model",
        "root_model",
        "size_note",
        "date_note",
    ),
    "benchmark": ("name", "version", "domain"),
    "evaluation": (
        "model_reported",
        "benchmark_reported",
        "note",
        "run",
        "locator",
        "score_reported",
        "licence",
        "setting",
    ),
    "incident": ("model_reported", "benchmark_reported", "claim", "said_by", "reply"),
    "rejection": ("model_reported", "benchmark_reported", "score_reported", "detail"),
    "omission": ("example",),
    "review": ("note", "checked_by"),
    "evaluation_change": ("old_value", "new_value"),
    "snapshot": ("file_name", "licence"),
    "maker": ("developer", "maker"),
}
PAGES = (
    "", "unusual_scores", "benchmarks", "benchmarks?benchmark=gsm8k", "models", "models?model=hf:llama/m1", "families",
    "compare?model=hf:llama/m1&model=hf:llama/m2", "claims", "check_a_claim", "cases", "changes", "method",
)  # fmt: skip
LOOK = """() => ({
    ran: window.ran === undefined,
    wide: document.documentElement.scrollWidth - window.innerWidth,
    bad: [...document.querySelectorAll('a[href], img[src], iframe[src], link[href]')]
        .map(e => e.href || e.src).filter(a => /^javascript:|evil\\.example/i.test(a)),
    hidden: getComputedStyle(document.body).display === 'none',
})"""


def tables():
    """The tiny database with a hostile text behind every word of others."""
    made, n = dict(tiny_store.tables()), 0
    told: dict[tuple[str, str], str] = {}
    for table, columns in OUTSIDE.items():
        known = [c for c in columns if c in made[table]]
        changed = {}
        for column in known:
            values = []
            for value in made[table][column].tolist():
                if isinstance(value, str) and (column, value) not in told:
                    n += 1
                    told[column, value] = f"{value} {TEXTS[n % len(TEXTS)]}"
                values.append(told.get((column, value), value))
            changed[column] = values
        made[table] = made[table].assign(**changed)
    assert n > 20 * len(TEXTS)
    return made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    place = lakes.place(tmp_path_factory.mktemp("hostile"))
    store.write(tables(), place)
    with browsing.serve(place, script="app.py") as address:  # without the policy that serve.py adds
        yield address


def test_nothing_runs_nothing_leaves_and_the_layout_holds_on_every_page(hostile):
    with closing(browsing.shared.context.new_page()) as page:
        outside, spoken, broken = [], [], []
        own = (hostile, hostile.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
        page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.set_default_timeout(browsing.WAIT)
        told = {}
        for name in PAGES:
            page.goto(f"{hostile}/{name}")
            browsing.settle(page)
            seen = page.evaluate(LOOK)
            faults = [k for k in ("ran",) if not seen[k]] + [k for k in ("bad", "hidden") if seen[k]]
            faults += ["wide"] if seen["wide"] > 1 else []
            faults += ["error box"] if page.locator("[data-testid=stException]").count() else []
            told |= {name: (faults, seen)} if faults else {}
        assert told == {}
        assert (outside, spoken, broken) == ([], [], [])
