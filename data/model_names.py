"""Which names in a column of models name none: what sums up the rows above, people, chance, the best of others.

Question  Is what stands in a table's column of models a model?
Input     A name as printed.
Output    None for what may be a model, else the sentence that says what it is.
Method    Whole names only, so that "Human-Centric-7B" and "Median-LM" stay models.
Silent    A word that is somebody's model's name too ("Baseline", "Oracle", "Best") is taken for one.
"""

import re

SUMMARY = re.compile(
    r"(?:the |our |row |column |grand )?(?:avg|average|mean|median|total|sum|overall|std|min|max|δ|delta|diff(?:erence)?)\.?"
    r"(?: (?:score|performance|of (?:all )?models|over (?:all )?models|all models))?",
    re.IGNORECASE,
)
PEOPLE = re.compile(
    r"(?:(?:non-?)?expert |average |skilled |domain |graduate )*humans?(?: ?\(?(?:experts?|level|performance|baselines?|raters?|annotators?|"
    r"average|avg\.?|best|scores?|non-?experts?|specialists?)\)?)*|(?:domain |human )?(?:experts?|annotators?|crowd ?workers?)"
    r"(?: ?\(?(?:average|avg\.?|best|performance|level)\)?)?",
    re.IGNORECASE,
)
CHANCE = re.compile(
    r"(?:uniform )?(?:random|chance)(?:ly)?(?: ?[-(]?(?:guess(?:ing|es)?|chance|choice|baseline|level|performance|selection|agent|policy)\)?)*|"
    r"guess(?:ing)?|(?:majority|most (?:common|frequent)|frequent)(?: (?:class|choice|vote|baseline|label|guess))*",
    re.IGNORECASE,
)
BEST_OF_OTHERS = re.compile(
    r"(?:(?:the|previous|prior|current|prev\.?|open(?:-source)?|closed(?:-source)?|published|best|fine-?tuned|supervised) )*"
    r"(?:sota|state[- ]of[- ]the[- ]art)(?: ?\(?(?:results?|models?|methods?|scores?|performance|(?:19|20)\d\d)\)?)*|"
    r"(?:previous|prior|best|top) (?:best|open|closed|published|known)(?:[- ](?:source|weights?))?(?: (?:results?|models?|scores?|systems?))?|"
    r"best (?:model|result|system|score)s?",
    re.IGNORECASE,
)
NO_MODELS = (
    (SUMMARY, "This row sums up others: it is no model."),
    (PEOPLE, "This row is of people: it is no model."),
    (CHANCE, "This row is what guessing gets: it is no model."),
    (BEST_OF_OTHERS, "This row is the best of others: it names no model."),
)


def no_model(name: str) -> str | None:
    """Why a row of this name is no model's, None where it may be one."""
    plain = " ".join(name.split()).strip("*_`: ")
    return next((sentence for pattern, sentence in NO_MODELS if pattern.fullmatch(plain)), None)
