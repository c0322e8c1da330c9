"""What a missing score of a table would be: a Bayesian factor model of models and tests, with wide answers where little is known.

Question  Which score would this model get on this test, and in which range would nine of ten such scores lie?
Input     `Known`: scores as cells (model, test, value on the scale of the fit: logits, or spreads of a test with a unit of
          its own), and what is known of models and tests beside their scores, as columns of numbers.
Output    `Answer`: mean and half width of the 90% range of every asked cell, on the same scale.
Method    y = level of the test + its loadings * factors of the model + noise, everything uncertain (Bayesian matrix
          factorisation, Salakhutdinov and Mnih 2008; with side information, Porteous, Asuncion and Welling 2010). Factors
          lean on date, size, maker and on models of like names; level and loadings of a test lean on tests of like names
          and on all tests: a test of two scores is taken for one like the others, a model of one score for one like its
          maker's at its date. The noise is Student's, of each test its own size, those of all tests alike (Lange, Little
          and Taylor 1989). Sampled by Gibbs' method (Geman and Geman 1984), once for each number of factors in RANKS; the
          mean over all of these predicts better than any one of them. Numbers of factors, priors and STRETCH were chosen
          on tables cut from the record, with other seeds than those of the published table.
Silent    Never: a test without any score is answered from the others, as widely as tests differ.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

METHOD_VERSION = "1"
RANKS = (2, 4, 6)
BURN, KEEP = 40, 60  # rounds of a chain that are thrown away, and that count at least
MOST_KEEP, ENOUGH = 600, 200_000  # small tables say little and are quick: rounds times scores, and no more rounds than
TRIMMED = 0.2  # share of the draws on either side that the middle leaves out
STUDENT = 4.0  # degrees of freedom of the noise
NOISE, NOISE_WORTH = (
    0.15,
    6.0,
)  # first guess of a test's noise (logits squared), and scores that all tests' noise is worth
LEAN, LEAN_WORTH = 0.2, 4.0  # first guess of the variance that a column of facts explains, and what it is worth
LEAST_LEAN, MOST_LEAN = 0.01, 1.0
LOADING = 0.1  # variance of loadings of the second and further factors before any score was seen
LEAST_NOISE = 1e-3
MIDDLE_PULL = 1e-3  # worth, in models or tests, of the guess that their middle is 0
MIN_DATED = 5  # models with a date (or size), below which it says nothing
LIKE_NAMES, MOST_LIKE = 2, 0.8  # names that share a word; a word in more than this share of all names tells none apart
MOST_COLUMNS = 100  # names that tell models apart; those that most share come first
PREFIXES = 3  # words that a family's names begin with
NORMAL_95, STUDENT_95 = 1.645, 2.132  # upper 5% of the normal law and of Student's with 4 degrees of freedom
STRETCH = 0.8  # of what the draws leave open: unstretched, the ranges of models with few scores held too often


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of models or tests beside scores: columns (n, p), and for each column the code of its kind."""

    columns: np.ndarray
    kind: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Known:
    """Scores that are evidence: arrays over cells; at most one cell per model and test. model, test: places in the facts."""

    model: np.ndarray
    test: np.ndarray
    value: np.ndarray
    models: Facts
    tests: Facts


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Expected value of every asked cell and half the width of its 90% range, on the scale of the fit."""

    middle: np.ndarray
    half: np.ndarray


def together(parts: list[np.ndarray], n: int) -> Facts:
    """Facts of several kinds, one array (n, p) each."""
    kind = np.repeat(np.arange(len(parts)), [part.shape[1] for part in parts])
    return Facts(columns=np.hstack([np.empty((n, 0)), *parts]), kind=kind)


def numbers(*columns: np.ndarray) -> np.ndarray:
    """Numbers that are known of some (dates, log sizes; NaN: unknown) as columns around 0, and which are not known."""
    found = []
    for x in columns:
        known = ~np.isnan(x)
        if known.sum() < MIN_DATED:
            continue
        found.append(np.nan_to_num((x - x[known].mean()) / max(x[known].std(), 0.1)))
        if not known.all():
            found.append(known.mean() - known)
    return np.column_stack(found) if found else np.empty((len(columns[0]), 0))


def groups(names: list[str]) -> np.ndarray:
    """One column per name (a maker, a family) that two or more share; "" belongs to none."""
    counts = Counter(name for name in names if name)
    shared = sorted((name for name, n in counts.items() if n >= LIKE_NAMES), key=lambda name: (-counts[name], name))
    whole = np.array(names, dtype=object)
    return np.column_stack([np.empty((len(names), 0)), *[whole == name for name in shared[:MOST_COLUMNS]]]).astype(
        float
    )


def like_names(names: list[str]) -> np.ndarray:
    """One column per word, or beginning of up to PREFIXES words, that some names share and others do not."""
    having: dict[str, set[int]] = defaultdict(set)
    for place, name in enumerate(names):
        words = re.findall(r"[^\W\d_]+|\d+(?:\.\d+)?", name.casefold())
        for word in words:
            if word.isalpha():
                having[f"word {word}"].add(place)
        for length in range(1, min(PREFIXES, len(words)) + 1):
            having["begins " + " ".join(words[:length])].add(place)
    shared = {frozenset(p) for _, p in sorted(having.items()) if LIKE_NAMES <= len(p) <= MOST_LIKE * len(names)}
    chosen = sorted(shared, key=lambda places: (-len(places), sorted(places)))[:MOST_COLUMNS]
    out = np.zeros((len(names), len(chosen)))
    for column, of_column in enumerate(chosen):
        out[list(of_column), column] = 1.0
    return out


def fill(known: Known, model: np.ndarray, test: np.ndarray) -> Answer:
    """Answers to the asked cells (places of their models and tests)."""
    most = max(1, min(len(np.unique(known.test)), len(np.unique(known.model))) - 1)
    ranks = sorted({min(rank, most) for rank in RANKS})
    # Thousands of tiny systems: threads of the linear algebra library cost more than they bring.
    with threadpool_limits(limits=1):
        chains = [_Chain(known, rank).run(model, test) for rank in ranks]
    draws = np.concatenate([told for told, _ in chains])
    # Where next to nothing is known, the law has long tails: a few draws far out would carry a plain mean away.
    cut = int(TRIMMED * len(draws))
    middle = np.partition(draws, (cut, len(draws) - cut - 1), axis=0)[cut : len(draws) - cut].mean(axis=0)
    # Between the chains as within them: where they differ, less is known.
    open_ = np.mean((draws - middle) ** 2, axis=0)
    noise = np.mean([left for _, left in chains], axis=0)
    half = np.sqrt((STRETCH * NORMAL_95) ** 2 * open_ + STUDENT_95**2 * noise)
    return Answer(middle=middle, half=half)


def rounds(n_scores: int) -> int:
    """Rounds of a chain that count, for a table with so many scores."""
    return min(max(KEEP, ENOUGH // max(n_scores, 1)), MOST_KEEP)


class _Chain:
    """One run of Gibbs' sampler with `rank` factors; the names of its arrays are those of the docstring above."""

    def __init__(self, known: Known, rank: int) -> None:
        self.known, self.rank = known, rank
        self.rng = np.random.default_rng(rank)
        self.n_models, self.n_tests = len(known.models.columns), len(known.tests.columns)
        self.per_test = np.bincount(known.test, minlength=self.n_tests)
        # The first column is the middle of all models, and of all tests: a model without a score is one like those seen.
        self.about_models = np.column_stack([np.ones(self.n_models), known.models.columns])
        self.about_tests = np.column_stack([np.ones(self.n_tests), known.tests.columns])
        self.gram_models, self.gram_tests = (x.T @ x for x in (self.about_models, self.about_tests))
        level, ability = self._two_ways()
        self.scale = max(float(ability.std()), 0.1)
        self.factors = self.rng.normal(0.0, 0.1, (self.n_models, rank))
        self.factors[:, 0] = ability / self.scale
        self.loads = self.rng.normal(0.0, 0.1, (self.n_tests, rank + 1))  # level first, then loadings
        self.loads[:, 0], self.loads[:, 1] = level, self.scale
        self.usual = np.diag([1.0, self.scale**2 / 4, *[LOADING] * (rank - 1)])  # of the loads, between tests
        self.precision = np.linalg.inv(2.0 * self.usual)
        self.of_models = np.zeros((self.about_models.shape[1], rank))
        self.of_tests = np.zeros((self.about_tests.shape[1], rank + 1))
        self.of_tests[0] = self.loads.mean(axis=0)
        self.lean_models = np.full(int(known.models.kind.max(initial=0)) + 1, LEAN)
        self.lean_tests = np.full(int(known.tests.kind.max(initial=0)) + 1, LEAN)
        self.noise, self.all_noise = np.full(self.n_tests, 2 * NOISE), NOISE
        self.weight = np.ones(len(known.value))

    def _two_ways(self) -> tuple[np.ndarray, np.ndarray]:
        """Level of every test and ability of every model, added up; both lean on the mean where scores are few."""
        known, middle = self.known, float(self.known.value.mean())
        per_model = np.bincount(known.model, minlength=self.n_models)
        level, ability = np.full(self.n_tests, middle), np.zeros(self.n_models)
        for _ in range(10):
            left = np.bincount(known.test, known.value - ability[known.model], self.n_tests)
            level = (left + 0.3 * middle) / (self.per_test + 0.3)
            ability = np.bincount(known.model, known.value - level[known.test], self.n_models) / (per_model + 0.5)
        return level, ability

    def run(self, model: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Draws of the asked cells (rounds that count, cells), and the noise of their tests."""
        told, noise = [], np.zeros(self.n_tests)
        n = rounds(len(self.known.value))
        for turn in range(BURN + n):
            self._draw_tests()
            self._draw_models()
            self._shift()
            self._draw_noise()
            if turn >= BURN:
                told.append(self._at(model, test))
                noise += self.noise
        return np.array(told), noise[test] / n

    def _at(self, model: np.ndarray, test: np.ndarray) -> np.ndarray:
        return self.loads[test, 0] + np.sum(self.factors[model] * self.loads[test, 1:], axis=1)

    def _sums(self, x: np.ndarray, y: np.ndarray, by_test: bool) -> tuple[np.ndarray, np.ndarray]:
        """Weighted sums of products of the rows x (of models or tests) and of x times y (cells): by test, or by model."""
        known = self.known
        places, shape = (known.model, known.test), (self.n_models, self.n_tests)
        worth = self.weight / self.noise[known.test]
        table, times = (sparse.csr_array((w, places), shape=shape) for w in (worth, worth * y))
        if by_test:
            table, times = table.T, times.T
        products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
        return (table @ products).reshape(-1, x.shape[1], x.shape[1]), times @ x

    def _normal(self, precision: np.ndarray, sums: np.ndarray) -> np.ndarray:
        """A draw of every row from the normal law of this precision (n, r, r) with mean precision^-1 sums (n, r)."""
        root = np.linalg.cholesky(precision).transpose(0, 2, 1)
        mean = np.linalg.solve(precision, sums[:, :, None])
        return (mean + np.linalg.solve(root, self.rng.normal(size=mean.shape)))[:, :, 0]

    def _draw_tests(self) -> None:
        """Levels and loadings, then what facts about tests say of them, then how far tests differ."""
        x = np.column_stack([np.ones(self.n_models), self.factors])
        grams, sums = self._sums(x, self.known.value, by_test=True)
        self.loads = self._normal(grams + self.precision, sums + self.about_tests @ self.of_tests @ self.precision)
        kinds = self.known.tests.kind
        pull = np.concatenate([[MIDDLE_PULL], 1.0 / self.lean_tests[kinds]])
        covariance = np.linalg.inv(self.gram_tests + np.diag(pull))
        mean = covariance @ (self.about_tests.T @ self.loads)
        between = np.linalg.cholesky(np.linalg.inv(self.precision))
        root = np.linalg.cholesky((covariance + covariance.T) / 2)
        self.of_tests = mean + root @ self.rng.normal(size=mean.shape) @ between.T
        left, facts = self.loads - self.about_tests @ self.of_tests, self.of_tests[1:]
        seen = self.usual * LEAN_WORTH + left.T @ left + (facts / self.lean_tests[kinds][:, None]).T @ facts
        n = int(LEAN_WORTH) + len(x.T) + self.n_tests + len(facts)
        draws = self.rng.normal(size=(n, len(x.T))) @ np.linalg.cholesky(np.linalg.inv((seen + seen.T) / 2)).T
        self.precision = draws.T @ draws
        far = np.sum(facts @ self.precision * facts, axis=1)
        self.lean_tests = self._leaning(far, kinds, self.lean_tests, len(x.T))

    def _draw_models(self) -> None:
        """Factors, then what facts about models say of them; the scale of the factors is 1 beside the facts."""
        level, loadings = self.loads[:, 0], self.loads[:, 1:]
        grams, sums = self._sums(loadings, self.known.value - level[self.known.test], by_test=False)
        self.factors = self._normal(grams + np.eye(self.rank), sums + self.about_models @ self.of_models)
        kinds = self.known.models.kind
        pull = np.concatenate([[MIDDLE_PULL], 1.0 / self.lean_models[kinds]])
        root = linalg.cholesky(self.gram_models + np.diag(pull), lower=True)
        mean = linalg.cho_solve((root, True), self.about_models.T @ self.factors)
        self.of_models = mean + linalg.solve_triangular(root, self.rng.normal(size=mean.shape), lower=True, trans="T")
        if len(kinds):
            far = np.sum(self.of_models[1:] ** 2, axis=1)
            self.lean_models = self._leaning(far, kinds, self.lean_models, self.rank)

    def _shift(self) -> None:
        """A shift of all models against all levels, which no score can see and which single draws wander over slowly:
        drawn from its own law under the priors (a translation; Liu and Sabatti 2000).
        """
        loadings, middle = self.loads[:, 1:], self.about_tests @ self.of_tests
        pull = (self.loads - middle) @ self.precision[:, 0]
        precision = MIDDLE_PULL * np.eye(self.rank) + self.precision[0, 0] * loadings.T @ loadings
        move = self._normal(precision[None], (MIDDLE_PULL * self.of_models[0] - loadings.T @ pull)[None])[0]
        self.factors -= move
        self.of_models[0] -= move
        self.loads[:, 0] += loadings @ move

    def _leaning(self, far: np.ndarray, kinds: np.ndarray, before: np.ndarray, rank: int) -> np.ndarray:
        """Variances that facts of every kind explain, from the squared effects of their columns."""
        counts = np.bincount(kinds, minlength=len(before))
        worth = np.bincount(kinds, far, len(before)) + LEAN_WORTH * LEAN
        return np.clip(worth / self.rng.chisquare(LEAN_WORTH + rank * counts), LEAST_LEAN, MOST_LEAN)

    def _draw_noise(self) -> None:
        """Weights of the scores (odd ones count less), the noise of every test, and that of all tests."""
        test = self.known.test
        square = (self.known.value - self._at(self.known.model, test)) ** 2
        self.weight = self.rng.gamma((STUDENT + 1) / 2, 1.0, len(test)) / ((STUDENT + square / self.noise[test]) / 2)
        found = np.bincount(test, self.weight * square, self.n_tests) + NOISE_WORTH * self.all_noise
        self.noise = np.maximum(found / self.rng.chisquare(NOISE_WORTH + self.per_test), LEAST_NOISE)
        half = NOISE_WORTH / 2
        self.all_noise = float(self.rng.gamma(self.n_tests * half + 2) / (half * np.sum(1 / self.noise) + 2 / NOISE))
