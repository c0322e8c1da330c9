"""Every closed list of words, once: what a column of data/schema.sql may hold, in the order in which pages show it.

Constants only. store.validate, the readers of facts and records, the words on screen and the tests read them from here;
a test finds a list that is spelt out anywhere else. What each word means stands in the column's comment in schema.sql.
"""

SOURCE_STATUSES = ("live", "frozen", "captured_only")
CONTENT_DATE_BASES = ("content", "file_name", "manifest", "retrieval")

MODEL_KINDS = ("model", "system", "human", "baseline", "demonstration")
REPORTED_KINDS = MODEL_KINDS[:4]  # what a source may say; a demonstration is one by a fact of ours
COUNTED_KINDS = MODEL_KINDS[:2]  # the kinds that scores are compared among and that may lead a test
FAMILY_BASES = ("base_model", "name", "architecture", "several_roots", "none")
FAMILY_EVIDENCE = FAMILY_BASES[1:3]  # the kinds of evidence that a row of families.csv reads
MODEL_DATE_BASES = ("release", "upload", "listing", "submission")
SIZE_PRECISIONS = ("exact", "stated", "floored")  # from the finest to the coarsest
PARAMETER_UNITS = {"count": 1, "millions": 1_000_000, "billions": 1_000_000_000}

ALIAS_TARGETS = ("model", "benchmark")
ALIAS_KINDS = (*ALIAS_TARGETS, "metric")
VERIFIED = ("source_read", "derived")
TWIN_KINDS = ("fresh", "withheld", "stricter_tests", "corrected_keys", "rewritten")
TWIN_CHANGES = ("lower", "higher")
YES_NO = ("yes", "no")

SCORE_UNITS = ("percent", "fraction", "rating", "points")
SHARE_UNITS = SCORE_UNITS[:2]  # units of scores that are stored as a fraction of 1
UNSIGNED_UNITS = SCORE_UNITS[1:]  # units that a printed percent sign contradicts
EVALUATOR_RELATIONSHIPS = ("first_party", "third_party", "collaborative", "other", "unknown")
KNOWN_RUNNERS = EVALUATOR_RELATIONSHIPS[:3]  # who ran the test is known
READ_FROM = ("page", "paper", "quoted", "reproduction")
EVALUATION_STATUSES = ("current", "superseded", "removed")
EVALUATION_CHANGES = ("revised", "removed")

SUBJECT_KINDS = ("evaluation", "model")
TIERS = ("A", "B", "C")
DIRECTIONS = ("high", "low")
LEVELS = ("very_unusual", "unusual", "somewhat", "usual", "check_data", "cannot_tell")
TESTED = LEVELS[:4]  # the levels of scores that were held against what is expected
# How the reason of a low score begins that says more of a run than of a model, and what such scores are listed under.
FAILED_RUN = "Failed run or unparsed answers"
RUN_DISAGREES = "The run disagrees with another run of the same test"
CUT_OFF = "Possibly cut off before the answer"
FORM = "Likely the form of the answers"
ONE_RUN = "Low in one run only"
DOUBTS = (FAILED_RUN, RUN_DISAGREES, CUT_OFF, FORM, ONE_RUN)
MARKED = LEVELS[:2]  # the levels that carry a mark of being unusual
LEVEL_CHANGE_REASONS = ("source_changed", "rule_changed", "new")
BENCHMARK_STATUSES = ("separating", "crowded", "tied", "closed", "cannot_tell")
BENCHMARK_USES = ("in_use", "retired")
GROUP_KINDS = ("family", "maker")
ANSWER_SUBJECTS = ("benchmark", "contrast")
TOLD_STATUSES = BENCHMARK_STATUSES[:4]  # from most to least room to tell models apart
TOOL_DOMAINS = (
    "agent",
    "agentic code",
    "tool use",
)  # of tests in which a model works with tools, whether it is said or not
# A model trained on the questions that a test has for training; one population with its like, not with models that were not.
TRAINED = r"(?i)\bfine-?tuned\b(?! on\b)"
# Words in a setting that say whether tools, search or code were at hand; "no tools" is looked for first, and what it says is
# no sign of tools. In one place, since a score that one room takes for plain and another does not leads a test it should not.
WITHOUT_TOOLS = (
    r"(?i)\b(?:no|without|w/o)[- ](?:any )?(?:external |custom )?(?:tools?|tool[- ]use|search|browsing|python|code|internet)\b"
    r"|\btool[- ]free\b|\btools:? (?:none|not)\b|\bclosed[- ]book\b"
)
WITH_TOOLS = (
    r"(?i)\b(?:with|w/|using|\+) ?(?:(?!beam|tree|grid|greedy)\w+ )?(?:tools?|python|search|brows\w+|internet|code (?:interpreter|execution))\b"
    r"|\b(?:with|w/|using|\+) ?CI\b"
    r"|\btool[- ](?:us(?:e|ing)|augmented|integrated)\b|\b(?:search|browsing|web|tool) agents?\b|\bagentic (?:search|tools?|browsing)\b"
    r"|\b(?:web|internet) (?:search|access)\b|\b(?:browser|python) tools?\b|\bbrowsing\b|\bcode interpreter\b|\bpython ?\+"
    r"|^(?:python|tools)$|(?:^|[;,] ?)tools:? (?:python|web|search|brows|code|internet|agentic \((?:web|search|brows))"
    r"|\bsearch (?:\([^()]*\) )?\+ code\b|(?:^|[;,] ?)CI$"
)
CORRELATIONS = (
    "matthews-correlation-coefficient",
    "quadratic-weighted-kappa",
)  # metrics that are no share of questions
NEAR_END = 0.1  # of a test's scale left; differences within it are of the size of wrong keys and set-ups together

INCIDENT_STATUSES = (
    "disclosed by the maker",
    "reported by a third party",
    "tested by a third party",
    "marked by the test's owner",
    "disputed",
    "withdrawn or corrected",
    "deliberate demonstration",
)
MARKED_BY_OWNER = INCIDENT_STATUSES[3]
QUESTIONS = (*INCIDENT_STATUSES[1:3], *INCIDENT_STATUSES[4:6])  # about one score: it then sets no frontier
BARS = (MARKED_BY_OWNER, *INCIDENT_STATUSES[5:])  # about a model: none of its scores sets a frontier

REVIEW_VERDICTS = ("real", "good model", "artefact", "undecided")

# (table, column) of schema.sql -> its words; NULL is the schema's business.
COLUMNS = {
    ("source", "status"): SOURCE_STATUSES,
    ("snapshot", "date_basis"): CONTENT_DATE_BASES,
    ("twin", "kind"): TWIN_KINDS,
    ("twin", "usual_change"): TWIN_CHANGES,
    ("model", "kind"): MODEL_KINDS,
    ("model", "family_basis"): FAMILY_BASES,
    ("model", "date_basis"): MODEL_DATE_BASES,
    ("model", "size_precision"): SIZE_PRECISIONS,
    ("alias", "kind"): ALIAS_TARGETS,
    ("evaluation", "score_unit"): SCORE_UNITS,
    ("evaluation", "evaluator_relationship"): EVALUATOR_RELATIONSHIPS,
    ("evaluation", "read_from"): READ_FROM,
    ("evaluation", "status"): EVALUATION_STATUSES,
    ("finding", "subject_kind"): SUBJECT_KINDS,
    ("finding", "tier"): TIERS,
    ("finding", "direction"): DIRECTIONS,
    ("finding", "level"): LEVELS,
    ("finding", "level_alone"): LEVELS,
    ("model_summary", "level"): LEVELS,
    ("model_summary", "direction"): DIRECTIONS,
    ("incident", "status"): INCIDENT_STATUSES,
    ("review", "verdict_of_reviewer"): REVIEW_VERDICTS,
    ("benchmark_answer", "status"): BENCHMARK_STATUSES,
    ("benchmark_answer", "use"): BENCHMARK_USES,
    ("family_answer", "level"): LEVELS,
    ("family_answer", "direction"): DIRECTIONS,
    ("family_answer", "group_kind"): GROUP_KINDS,
    ("family_answer", "subject_kind"): ANSWER_SUBJECTS,
    ("evaluation_change", "kind"): EVALUATION_CHANGES,
    ("level_change", "old_level"): LEVELS,
    ("level_change", "new_level"): LEVELS,
    ("level_change", "reason"): LEVEL_CHANGE_REASONS,
}

# How the rule begins under which a parser counts a table that names known tests and models and gave no score.
UNREAD_TABLE = "table with a known benchmark and a known model from which nothing was read"
