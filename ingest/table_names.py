"""Names of tests in tables: which benchmark, metric or setting a heading, a label or a caption names.

Question  Which benchmark does a heading or a caption name, by which metric and in which setting?
Input     Texts as printed in a table: a heading path (top down), a label, a caption.
Output    A `Benchmark`: its bare name, the form it was recognised by, metrics, settings.
Method    A benchmark is recognised by a list of printed forms, by the shape of its name, or by the company it keeps; what
          stands with it must be a metric, a setting or a language. Short names mean what the caption says ("HS for
          HellaSwag").
Silent    None or "" for an unknown name, a part of a benchmark, an average and what is not an accuracy.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from data.test_names import OF_CODE, read_draws, read_test
from ingest.tables import MARKERS, squash

# Printed forms of benchmark names, without case and punctuation; forms between two bars mean one benchmark. A parser
# sees only its page, so the list stands here: it decides which tables are score tables, not how a benchmark is
# identified (that is done from the printed name).
BENCHMARK_FORMS = (
    "mmlu hendryckstest measuringmassivemultitasklanguageunderstanding | mmlupro | mmluredux | mmluprox | mmmlu multilingualmmlu | cmmlu | kmmlu | "
    "kmmlupro | kmmluredux | jmmlu | arabicmmlu | turkishmmlu | globalmmlu | globalmmlulite | ceval | gaokao gaokaobench | agieval "
    "agievalenglish | bbh bigbenchhard bbhard | bbeh bigbenchextrahard | bigbench | hellaswag hellas | piqa | siqa sociqa socialiqa | boolq "
    "| winogrande winog | wsc wsc273 | cb | cqa csqa commonsenseqa commonsense_qa | obqa openbookqa openbookqa_fact | copa | race raceh racehigh "
    "racem racemiddle | arc | arce arceasy arc_easy arc_e | arcc arcchallenge arc_challenge arc_c arcchall | triviaqa triviaqawiki | nq naturalquestions naturalq naturalqs nqopen | webq webquestions webqs | "
    "popqa | hotpotqa | 2wiki 2wikimultihopqa 2wikimqa | musique | squad squad20 squadv2 squad11 | newsqa | coqa | quac | drop | lambada | anli | rte | wic | "
    "multirc | alphanli abductivenli | anlir1 anli_r1 | anlir2 anli_r2 | anlir3 anli_r3 | entailmentbank | ecare | babi | record | cola | sst2 | qqp | mnli | stsb | glue | superglue | xsum | truthfulqa truthful_qa truthfulqa_mc tqa | medqa medqausmle | medmcqa | pubmedqa | gpqa | "
    "gpqadiamond gpqad gpqadia | supergpqa | sentineg | superclue | musr | ifeval | ifbench | multiif | multichallenge | followbench | infobench | "
    "simpleqa | simpleqaverified | csimpleqa chinesesimpleqa | hle humanityslastexam hlefull | frames | theoremqa | strategyqa | logiqa | reclor | "
    "scienceqa | legalbench | lextreme | casehold | gsm8k | gsm1k | gsmhard | gsmplus | gsm8kplatinum | mgsm | gsmic | svamp | asdiv | mawps | "
    "multiarith | addsub | singleeq | singleop | mathqa | aquarat aqua | cmath | math500 | mathlevel5 mathlvl5 | minervamath minerva | amc23 amc2023 | "
    "aime | aime2024 aime24 | aime2025 aime25 | aime2026 aime26 | hmmt | hmmt2025 hmmt25 hmmtfeb2025 hmmt2025feb hmmtfeb25 | hmmtnov2025 hmmt2025nov hmmtnov25 | "
    "brumo2025 brumo25 | cnmo cnmo2024 | usamo2025 | imoanswerbench | putnambench | polymath | olympiadbench olympiad | olympicarena | omnimath | livemathbench | "
    "minif2f minif2ftest | proofnet | mathbench | mathverse | mathvision | mathvista | wemath | mmmu | mmmupro | cmmmu | mme | mmb mmbench mmbenchen mmben | mmbenchcn mmbcn | mmstar | seedbench seed seedi | seedbench2plus seed2plus | refcoco | refcoco+ refcocoplus | refcocog | visual7w | touchstone | "
    "mmvet | pope | gqa | vqa vqav2 | okvqa | vizwiz | textvqa | docvqa | infovqa infographicvqa | chartqa | charxiv | ai2d | ocrbench | realworldqa | "
    "hallusionbench hallusion hallbench | blink | muirbench | mvbench | videomme | egoschema | longvideobench | mlvu | videommmu | simplevqa | nocaps | "
    "coco flickr30k | halueval | rewardbench | safetybench | harmbench | advbench | xstest | strongreject | donotanswer | toxigen | bbq | crowspairs | winogender | "
    "realtoxicityprompts | wildjailbreak | cvaluesmc | cvaluesqa | humaneval codexeval openai_humaneval humanevalpython | humaneval+ humanevalplus | humanevalmul | "
    "humanevalx | multiple multiplehumaneval | mbpp | mbpp+ mbppplus | ds1000 | apps | codecontests | cruxeval | cruxevali cruxevalinput | cruxevalo cruxevaloutput | evalplus | spider | "
    "bird birdsql | naturalcodebench | fullstackbench | aider aideredit | aiderpolyglot | codeforces | swebench | swebenchlite | swebenchverifiedmini | swebenchverified "
    "sweverified | swebenchmultilingual | swebenchmultimodal | swebenchpro | multiswebench | swelancer | terminalbench | terminalbenchhard | "
    "paperbench | mlebench | scicode | bigcodebench | bigcodebenchhard | livecodebench lcb | livecodebenchpro | ojbench | oibench | livebench | bfcl | "
    "taubench tau2bench tau3bench | toolathlon | acebench | nexus | apibank | toolbench | vitabench | mcpatlas | mcpmark | mcpuniverse | osworld | "
    "osworldverified | androidworld | webarena | webvoyager | mind2web | screenspot | screenspotpro | screenspotv2 | browsecomp | browsecompzh | "
    "browsecompplus | widesearch | gaia | gaia2 | xbench | hhem | longbench | infinitebench | "
    "ruler | mrcr openaimrcr | graphwalks | zeroscrolls | scrolls | leval | loogle | helmet | aalcr | lveval | quality | qasper | narrativeqa | "
    "gdpval | arcagi | arcagi1 | arcagi2 | vendingbench | critpt | aaomniscience | healthbench | medxpertqa | bioasq | finqa | convfinqa | tatqa | "
    "dream1k | sciq | mrpc | qnli | wnli | headqa headqaen headqa_en | xnli | xcopa | xwinograd | xstorycloze | storycloze | xquad | mlqa | tydiqa tydiqagoldp | "
    "belebele | flores flores200 | include | wmt24++ wmt24pp | haerae haeraebench | kobigbench kbb | kobest | kobalt | hrm8k | click | khumaneval | "
    "c3 | cluewsc | chid | cmrc cmrc2018 | ccpm | afqmc | ocnli | cmnli | tnews | eprstmt | chatbotarena lmsyschatbotarena lmarena | mtbench | "
    "arenahard arenahardv2 | wildbench | alignbench | chcbench | alpacaeval | alpacaeval2 alpacaeval20 ae2 | vicunabench | mixeval | mixevalhard | "
    "zebralogic | knightsandknaves | livebench | collie | writingbench | creativewriting | eqbench | nolima | enigmaeval | simplebench | "
    "jcommonsenseqa jcomqa jcqa | jnli | marcja | jsquad jsqd | jaqket | xlsum xlsumja | jhumaneval | xwinogrande | nejumi | "
    "frontiermath | beyondaime | autologi | babyvision | arxivmath | cmimc2025 | crag | cybergym | deepswe | eclektic | factsgrounding | "
    "financeagent | globalpiqa | hiddenmath | maxife | mmvu | mmbenchvideo | multinli | omnidocbench | officeqa | "
    "sweperf | seal0 | vision2web | webarenaverified | xbenchdeepsearch deepsearchxbench | medxpertqamm | nova63 | polymathen | mtaime2024 | "
    "apexagents | arcagi3 | natural2code | dailyomni | worldsense | videoholmes | avuthuman | futureomni | tempcompass | nextqa | "
    "perceptiontest | mmau | mmar | countbench | erqa | codeelo | crosscodeeval | swebenchlive | evoeval | classeval | humanevalfix | "
    "livesweb | collegemath | tabmwp | gaokao2023en gaokaoen2023 | bamboogle | babilong | alfworld | webshop | scienceworld | multichallenge | "
    "medbullets | cmexam | lawbench | gmmlu | gmmlulite | artifactsbench | nl2repo | tooldecathlon | scitail | careqa | sysbench | hmmt2026 "
    "hmmt26 hmmtfeb26 hmmt2026feb hmmtfeb2026 | charxivrq charxivr | charxivdq charxivd | hleverified | mmmlulite | "
    "taubenchretail tauretail | taubenchairline tauairline | tau2benchretail tau2retail | tau2benchairline tau2airline | "
    "tau2benchtelecom tau2telecom | proofwriter | folio | clutrr | lastletter | coinflip"
)
BENCHMARKS = {form: group.split()[0] for group in BENCHMARK_FORMS.split("|") for form in group.split()}
# Names that also mean something else are only known beside others.
ORDINARY_WORDS = {
    "crag": "CRAG", "webshop": "WebShop", "record": "ReCoRD", "include": "INCLUDE", "multiple": "MultiPL-E", "frames": "FRAMES", "quality": "QuALITY",
    "apps": "APPS", "cb": "CB", "nexus": "Nexus", "helmet": "HELMET", "ruler": "RULER", "spider": "Spider",
    "apibank": "API-Bank", "bird": "BIRD", "include44": "INCLUDE-44", "collie": "COLLIE", "blink": "BLINK", "minerva": "MINERVA", "glue": "GLUE", "seed": "SEED",
}  # fmt: skip
# Of these the ones that stand beside other tests as names, in whatever letters.
NAMES_AND_WORDS = {"Bird", "Blink", "Spider", "Collie", "Ruler", "Apps", "Helmet", "Minerva"}
# Short names that mean one test beside others of common sense, as tables of base models print them.
SHORT_NAMES = {"HS": "HellaSwag", "OB": "OpenBookQA", "WG": "WinoGrande", "Wino": "WinoGrande"}
OF_COMMON_SENSE = {"arce", "arcc", "arc", "boolq", "hellaswag", "piqa", "siqa", "obqa", "winogrande", "sciq"}
# Parts of a benchmark that papers print beside it: their scores are not the benchmark's.
PART = re.compile(
    r"(?:non-?)?(?:stem|humanit(?:y|ies)|human\.|social(?:[- ]sciences?)?|s\.?sci\.?|others?|hard|easy|china[- ]specific|chem\w*|phys\w*|"
    r"bio\w*|law|medicine|business|history|econom\w*|philosophy|psycholog\w*|engineering|health|yes\*?|no\*?|answerable|unanswerable|"
    r"seen|unseen|id|ood|train|(?:fe)?male)",
    re.IGNORECASE,
)
INTERNAL = re.compile(r"internal|in-?house", re.IGNORECASE)  # a test that nobody else can take
# What the name of a test looks like where no list knows it: "VitaBench", "HybridQA", "CharEval-v2".
TEST_SHAPE = re.compile(
    r"(?=\S*[A-Z])[\w+\-.∞τ²]*(?:[Bb]ench|[a-z\-]Eval|[A-Za-z]{2}QA|VQA)(?:mark)?(?:[- ]?v\d[\d.]*|[- ]?\d+|-(?:zh|en))?"
)
NO_TEST = re.compile(
    r"bench-?marks?|(?:open|closed|long|multi|single|short|commonsense|knowledge|visual|document|video)-?\w*-?(?:qa|vqa)|"
    r"(?:gpt4all|opencompass|nous|stem|nlp|nlu|nlg|nli|ocr|qa|vqa|rc|cr|if|cn|en|zh|rag|llms?|icl|ood|other|cot|pot|code|math|reasoning|"
    r"tokens?|params?|flops?|gpus?|[gmk]b|[gmk]i?b/s|ms|secs?|\w+/s(?:ec)?|ttft|tpot|throughput|speed|latency|memory|size|steps?|epochs?|seeds?|runs?|samples?|"
    r".*\b(?:index|intelligence|composite|leaderboard|rank(?:ing|s)?|wins?|ties?|loss(?:es)?)|"
    r"\w*sum(?:m\w*)?|gov-?report|multi-?news|"  # summaries, scored by overlap with a text
    r"(?:wmt|iwslt)[- ']?(?:\d\d|20\d\d)?(?:[- ][a-z]{2}[- ]?[a-z]{2})?|ted|"  # translations, likewise
    r"id|ap|n|k|lr|bs|std|sem|ci|(?:rule|model)s?|stage.*|phase.*|level.*|round.*|turn.*|\d.*)",
    re.IGNORECASE,
)
FEW_TESTS = 2  # known tests that it takes, and a quarter of all, before the other names of an axis are taken for tests
MIN_PARTS = 3  # names of one stem before they are taken for parts of one test
VERSION = re.compile(
    r"[- ]?v\.?\d+(?:\.\d+)*$|[- ]\d\.\d$|[- ]\d\dQ\d$|[- ]\d\d\.\d\d(?:[-–]\d\d\.\d\d)?$|[- ]20\d\d(?:[-/.]\d\d)?$|"
    r"-\d+[kKmM]$|"
    r"[- ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? ?(?:20)?\d\d$",
    re.IGNORECASE,
)
# How a model answers without the method of a paper, which stands beside it.
PLAIN_RUN = re.compile(r"single(?: (?:run|query))?|vanilla|standalone|original", re.IGNORECASE)
OURS = re.compile(r"(?<![a-z])ours?(?![a-z])", re.IGNORECASE)
# In many languages by design: the mean over them is the headline score.
MULTILINGUAL = (
    "mgsm",
    "mmmlu",
    "xnli",
    "xcopa",
    "tydiqa",
    "belebele",
    "flores",
    "include",
    "globalmmlu",
    "globalmmlulite",
    "gmmlu",
    "gmmlulite",
    "mmmlulite",
    "mmluprox",
    "xquad",
    "mlqa",
    "xstorycloze",
)
# In many programming languages by design, likewise.
POLYGLOT = ("humanevalx", "humanevalmul", "multiple")
# Written in another language than English, or in many: a heading that says so tells nothing new about them.
NATIVE = (
    "cmmlu", "ceval", "gaokao", "cmmmu", "superclue", "safetybench", "cvaluesmc", "cvaluesqa", "chcbench", "kmmlu",
    "sentineg", "haerae", "kobigbench", "click", "khumaneval", "kobest", "kobalt", "kmmlupro", "hrm8k", "jmmlu", "c3",
    "cluewsc", "chid", "cmrc", "ccpm", "cmath", "csimpleqa", "afqmc", "ocnli", "cmnli", "alignbench", "browsecompzh",
    "ammlu", "indommlu", "komtbench", "logickor", "jcommonsenseqa", "jnli", "marcja", "jsquad", "jaqket", "jhumaneval",
    *MULTILINGUAL,
)  # fmt: skip
# Metrics that only mean something below one benchmark: IFEval's four accuracies, however they are shortened.
IFEVAL_WORDS = {
    "s": "strict", "strict": "strict", "l": "loose", "loose": "loose", "p": "prompt", "pr": "prompt", "prompt": "prompt",
    "i": "instruction", "ins": "instruction", "inst": "instruction", "instr": "instruction",
    "instruct": "instruction", "instruction": "instruction", "level": "", "lv": "", "acc": "", "accuracy": "",
}  # fmt: skip
IFEVAL_METRICS = {
    frozenset((level, rule)): f"{level} {rule}" for level in ("prompt", "instruction") for rule in ("strict", "loose")
}
# A column that sums up the columns beside it, when nothing else stands in its heading.
TOTAL = re.compile(
    r"(?:over-?all|avg\.?|average|mean|total|all|平均分?|总分|总体)(?: (?:score|acc\.?|accuracy))?(?: ?\(%\))?",
    re.IGNORECASE,
)
# The mean of these is no total of the benchmark that they stand under: translations are tests of their own.
TRANSLATION = re.compile(
    r"[a-z]{2}(?:[-_][a-z]{2,4})?|python|java|javascript|typescript|c\+\+|cpp|c#|rust|golang|php|ruby|swift|bash|"
    r"\w+(?:ese|ian|ish)|arabic|dutch|french|german|greek|hindi|thai|korean|bengali|swahili|telugu",
    re.IGNORECASE,
)
# What goes on behind a name and its comma in a caption, and does not name another test beside it.
APPOSITION = re.compile(
    r"(?:our|an?|the|which|where|with|using|under|in|on|for|by|across|averaged|grouped|broken|split|as|when|evaluated|measured|reported|comparing|showing|including)",
    re.IGNORECASE,
)
PUNCTUATION = " .,:;()[]'\"“”‘’"
# A caption names the benchmark of a table when it speaks of results; these words make it another table.
RESULT_WORDS = re.compile(
    r"\b(?:performances?|results?|scores?|accurac(?:y|ies)|evaluat\w+|compar\w+|win(?:ning)? ?rates?|leaderboard|"
    r"by (?:difficulty|language|subject|category|domain|length|level))\b",
    re.IGNORECASE,
)
OTHER_SUBJECT = re.compile(
    r"\b(?:fine-?tun\w*|train(?:ed|ing)? (?:on|set|data)|tuned|tuning|contaminat\w*|overlap\w*|ablation|statistics|"
    r"number of|examples?|translat\w*|rewritten|rephras\w*|perturb\w*|variants?|subsets?|perplexity|calibration|"
    r"decontaminat\w*|filter\w*)\b",
    re.IGNORECASE,
)
AVERAGE = re.compile(
    r"平均|总分|(?<!w/)(?<!M-)\b(?:avg|average|mean|overall|aggregate|total|h4|h6)(?![a-z@\d])|"
    r"\b(?:durchschnitt|mittelwert|gesamt|moyenne|ensemble)\b",
    re.IGNORECASE,
)
# How many runs a score is the mean of: "AIME24 (64 average)", "avg of 32 samples".
OVER_RUNS = re.compile(
    r"\b\d+(?:[- ](?:runs?|samples?|trials?|times))?[- ](?:average|avg|mean)\b|"
    r"\b(?:average|avg|mean|averaged)\.? (?:of|over) \d+(?: (?:runs?|samples?|trials?|times|seeds?))?",
    re.IGNORECASE,
)
OWN_MEAN = re.compile(r"(?<=[A-Za-z\d]) \((?:(?:test|val|dev) )?(?:avg|average|mean|overall)\.?\)$", re.IGNORECASE)
# The mean over tasks that somebody chose of these is no score of theirs.
SUITE = re.compile(r"big-?bench\b(?![- ]?hard)|benchmark|suite|leaderboard", re.IGNORECASE)
# Columns that are not an accuracy even under a benchmark's name; a down arrow says that lower is better.
NOT_ACCURACY = re.compile(
    r"perplexity|\bppl\b|\bbpb\b|bits[- _]per|calibration|\bece\b|\bloss\b|\bnll\b|\bbleu\b|\brouge|\blength\b(?![- ]controlled)|"
    r"\b(?:\w*fehler(?:rate)?|(?:taux d['’])?erreurs?|verlust|perte|perplexität|perplexité|latenz|latence|kosten|coût|dauer|durée)\b|"
    r"\blatency\b|tokens?/s|\bcost\b|\berrors?\b|\b[wc]er\b|toxicity|win ?/|[↓⬇]",
    re.IGNORECASE,
)
GLOSSARY = re.compile(
    r"(?<![\w-])([A-Z][\w+\-]{0,9})(?: (?:for|=|is|denotes|means|represents|(?:stands|short) for|refers to)|:) "
    r"([A-Z][\w+\-]*(?:\.\d)?(?: [A-Z][\w+\-]*){0,3})"
)
SHOTS = re.compile(
    r"(?:\d+|zero|one|few|many|k|n)(?:-\d+)?[- ]?shots?(?:@\d+)?|(?:no[- ])?cot|val(?:id(?:ation)?)?|dev|test|test-?[ab]|test-?mini|mini|"
    r"(?:val(?:id(?:ation)?)?|dev|test) sets?|(?:\d+|zero|few)[- ]shots?,? cot|(?:text|image|video|audio)[- ]only|"
    r"(?:w/o|wo|w/|w|with|without|no)[-./ ]*(?:cot|thinking|tools?|search|python|code|images?|context manage\w*|ctx manage|sub(?:title)?s?\.?)|"
    r"(?:\d{4}|\d{6}|\d{8})[-–](?:\d{4}|\d{6}|\d{8})|"
    r"(?:en|cn|zh)[- ](?:test|dev|val)|(?:mini-?)?vision|"
    r"\d+k|full|macro|micro|greedy|sampling|(?:non-?)?thinking|(?:non-?)?reasoning",
    re.IGNORECASE,
)
METRIC = re.compile(
    r"top-[15]|pass(?:@|\^|@\^)(?:\d+|k)(?:-cot)?|(?:maj1?|avg|mean|average|cons|best|vote|bo)@?(?:@|of|-of-)(?:\d+|k)|"
    r"m-avg|wr|acc(?:uracy)?\.?(?:[_ -]norm\.?|,none)?(?: ?\(?%\)?)?|em|exact[- _]match|(?:token |micro |macro |item[- ])?f1|mc[12]|partial scor(?:e|ing)|"
    r"elo|rating|percentile|correct|resolved(?: ?%)?|success rate|sr|hsr|ssr|score|rq|dq|gsb|anls|jaccard|relaxed(?: accuracy)?|lc|"
    r"(?:strict|loose)[- ](?:prompt|inst(?:ruction)?)|(?:prompt|inst(?:ruction)?)[- ](?:level[- ])?(?:strict|loose)(?:[- ]acc(?:uracy)?)?|"
    r"(?:lc[- ]|length[- ]controlled )?win(?:ning)?[- ]?rate|% ?win|% ?info ?\+ ?true|"
    r"genauigkeit|(?:taux d['’])?exactitude|précision",  # the same in German and French
    re.IGNORECASE,
)
LANGUAGES = (
    "english|chinese|korean|japanese|french|german|spanish|italian|portuguese|russian|arabic|hindi|bengali|thai|vietnamese|"
    "indonesian|turkish|polish|dutch|swahili|telugu|multilingual"
)
LANGUAGE = re.compile(rf"{LANGUAGES}|mul(?:ti)?|\w+ prompts?|en|zh|ko|tw|ja|jp|de|fr|es", re.IGNORECASE)
ALL_LANGUAGES = re.compile(r"mul(?:ti)?|multilingual|all languages", re.IGNORECASE)
LANGUAGE_CODE = re.compile(r"[a-z]{2}")
# A heading over benchmarks that says of what language they are ("JP Language Model Evaluation Harness").
IN_LANGUAGE = re.compile(rf"\b(?:(?i:{LANGUAGES})|JP|JA|KO|ZH)\b")
# Languages in which a benchmark of English questions is another test.
TRANSLATED = re.compile(r"(?!english|en$|.* prompts?)", re.IGNORECASE)
# A test put into another language, as its makers name it: "Ko-Winogrande".
LANGUAGE_PREFIX = re.compile(
    r"(?:Ko|KO|Ja|JA|Zh|ZH|Tr|TR|Ar|AR|De|DE|Fr|FR|Es|ES|It|IT|Pt|PT|Ru|RU|Pl|PL|Vi|VI|Th|TH|Hi|HI)[-_ ]"
)
# The same as harnesses name their tasks: "hellaswag_it", "m_mmlu_de".
LANGUAGE_SUFFIX = re.compile(
    r"(?:m_|okapi_)?(.+?)[-_](it|ita|de|deu|fr|fra|es|spa|pt|por|nl|ja|jpn|ko|kor|zh|ar|tr|pl|ru|uk|vi|th|hi|id|ind|sv|da|no|fi|el|cs|hu|ro|"
    r"bn|sw|te|ta|ca|eu|gl|he|fa)",
    re.IGNORECASE,
)
LONG_FORM = 5  # letters of a name whose underscores may be left out
IN_ENGLISH = re.compile(r"[A-Z]{3,}[A-Za-z]*-(?:English|Chinese)")  # a test in several languages: "GAOKAO-English"
WHOLE = re.compile(r"\s*[(\[]over-?all[)\]]$|(?<=\d) all$", re.IGNORECASE)
# Tasks of L-Eval: beside two of them QuALITY and GSM are its tasks too.
TASKS_OF_LEVAL = {"coursera", "toefl", "codeu", "sfiction", "sfcition"}
FEW_SHOT = re.compile(r"few[- ]shot", re.IGNORECASE)  # beside a total, a part of a test
SUBJECT = re.compile(r"reasoning", re.IGNORECASE)
# Headings over groups of tests.
GROUP = re.compile(
    r"(?:math|maths|mathematics|code|coding|reasoning|knowledge|general|language|chinese|english|commonsense|logic|agents?|"
    r"alignment|multilingual|science|instruction[- ]following|reading(?: comprehension)?|(?:world|common[- ]?sense) \w+)",
    re.IGNORECASE,
)
# A heading that says with or without, and what: above it, in the caption, or nowhere.
WITH_ALONE = re.compile(r"(?:w/?|with)(?P<out> ?/?o(?:ut)?)?[.:]?", re.IGNORECASE)
AT_HAND = (
    r"tools?|tool[- ]use|cot|chain[- ]of[- ]thoughts?|python|code(?: interpreter| execution)?|(?:web )?search|thinking"
)
WITH_WHAT = re.compile(rf"(?P<test>.*?)\s*[(\[](?P<what>{AT_HAND})[)\]]", re.IGNORECASE)
BOTH_WAYS = re.compile(
    rf"\b(?:with|w/) ?(?:and|or|/|vs\.?|versus|&) ?(?:without|w/ ?o) (?:(?:the|using|use of) )?(?P<what>{AT_HAND})\b|"
    rf"\b(?:without|w/ ?o) ?(?:and|or|/|vs\.?|versus|&) ?(?:with|w/) (?:(?:the|using|use of) )?(?P<other>{AT_HAND})\b",
    re.IGNORECASE,
)
# "8K" is the length of a text in these tests; under any other it is how many tokens a model was given to think with, or a
# number of questions.
LENGTH = re.compile(r"\d+k", re.IGNORECASE)
OF_LENGTHS = re.compile(
    r"ruler|mrcr|long|needle|niah|helmet|babilong|nolima|graphwalks|loogle|leval|lveval|scrolls|infinite|qasper|narrativeqa"
)
NO_MODE = re.compile(r"\b(?:non|no|w/o|without)[- ]?(?:reasoning|think)", re.IGNORECASE)
WITH_TOOL = re.compile(r"(.+)[- ](Python|TIR|PoT|Tools?|Code[- ]Interpreter)", re.IGNORECASE)  # "MATH-Python"
# "MMMU_val", "ChartQA_TEST": the part of a test's questions behind its name; "HUMANEVAL@1": how many answers were drawn.
SPLIT = re.compile(
    r"(.+?)[-_ ](val(?:id(?:ation)?)?|dev|test|test-?mini|mini|minival|diamond|cot|\d+-?shots?)", re.IGNORECASE
)
DRAWS = re.compile(r"(.+?) ?@ ?(\d+)")
PAIR_OF_SHOTS = re.compile(
    r"(\S*\d+[- ]?shots?\S*|\d+|zero|few) ?/ ?(\S*\d+[- ]?shots?\S*|(?:few|zero|one)[- ]?shots?)", re.IGNORECASE
)

PAIR_OF_METRICS = re.compile(rf"({METRIC.pattern}) ?/ ?({METRIC.pattern})", re.IGNORECASE)


DIRECTION = re.compile(r"[(\[]\s*(?:[↑⬆]\ufe0f?|higher is better)\s*[)\]]", re.IGNORECASE)


@dataclass(frozen=True)
class Benchmark:
    """A benchmark as a heading prints it: bare name, the form it was recognised by, what stands around the name."""

    name: str
    key: str
    metrics: tuple[str, ...]
    settings: tuple[str, ...]


def read_benchmark(texts: list[str]) -> Benchmark | None:
    """The benchmark that a heading path names, or None: unknown names, parts of a benchmark, averages, not an accuracy.

    A heading that stands alone may also be spelt as harnesses and prompts do ("truthfulqa_mc2", "0-shot-cot MMLU").
    """
    return read_path(texts) or (read_alone(texts[0]) if len(texts) == 1 else None)


@cache
def read_alone(text: str) -> Benchmark | None:
    """A benchmark by data/test_names.py, where what it leaves of the heading is the name of a listed test."""
    said = read_test(text)
    key = benchmark_key(said.name) if said.is_split and not is_no_score(text) else ""
    settings = tuple(t for t in said.setting.split("; ") if t)
    return Benchmark(said.name, key, (said.metric,) if said.metric else (), settings) if key else None


def read_path(texts: list[str]) -> Benchmark | None:
    """See read_benchmark. What stands below the name must be a metric or a setting: all else ("MMLU" over "Anatomy") is a
    part of it.
    """
    texts = [WHOLE.sub("", text) if benchmark_key(WHOLE.sub("", text)) else text for text in texts]
    if is_no_score(" ".join(texts)):
        return None
    texts = [t for text in texts for t in split_task(text)]
    found: Benchmark | None = None
    metrics: list[str] = []
    settings: list[str] = []
    for text in texts:
        if PAIR_OF_SHOTS.fullmatch(text):
            continue
        metric = read_metric(text, found.key) if found else ""
        rest, more_metrics, more_settings = ("", [metric], []) if metric else take_tokens(text)
        rest = rest.rstrip(" ,:;|")
        key = benchmark_key(rest)
        # "id" beside a test in many languages is Indonesian.
        if any(PART.fullmatch(t) and not (key in MULTILINGUAL and LANGUAGE_CODE.fullmatch(t)) for t in more_settings):
            return None
        if any(INTERNAL.fullmatch(t) for t in more_settings):
            return None
        if found and rest and (below := name_below(found.name, rest)):
            metrics += more_metrics
            settings += more_settings
            found = Benchmark(below, benchmark_key(below), (), ())
            continue
        metrics += more_metrics
        settings += more_settings
        if key:
            if found:
                return None
            found = Benchmark(rest, key, (), ())
        elif LANGUAGE.fullmatch(rest):
            settings.append(rest)
        elif rest and found:
            return None
        elif language := IN_LANGUAGE.search(rest):
            settings.append(language[0])
    if not found or (any(map(LENGTH.fullmatch, settings)) and not OF_LENGTHS.search(found.key)):
        return None
    return translated(replace(found, metrics=tuple(metrics), settings=tuple(settings)))


def name_below(name: str, text: str) -> str:
    """The test that a heading below a test's name names: itself, its harder form or a listed part; "" for any other.

    "MBPP" over "MBPP+", "HumanEval" over "HE" and "HE+", "BigCodeBench" over "Hard".
    """
    plain = text.rstrip("+")
    plus = text[len(plain) :]
    capitals = "".join(c for c in name if c.isupper())
    is_same = listed_form(plain) == listed_form(name) or (len(plain) > 1 and plain.upper() == capitals)
    if is_same and (not plus or is_listed(name + plus)):
        return name + plus
    return f"{name} {text}" if not is_listed(text) and is_listed(f"{name} {text}") else ""


def split_task(text: str) -> list[str]:
    """A harness's task and metric that a slash joins as two texts ("arc_challenge/acc_norm"); any other text as it is."""
    task, slash, metric = text.rpartition("/")
    form = spelt_form(task)
    if not slash or not METRIC.fullmatch(metric) or form not in BENCHMARKS:
        return [text]
    return [ORDINARY_WORDS.get(form, task), metric]  # beside a metric "record" is the task, whatever else it means


def take_tokens(text: str) -> tuple[str, list[str], list[str]]:
    """A heading without the metric and setting printed with it: (rest, metrics, settings).

    "GSM-8K (0-Shot; CoT)" -> ("GSM-8K", [], ["0-Shot", "CoT"]); "Human-Eval pass@1" -> ("Human-Eval", ["pass@1"], []).
    """
    metrics: list[str] = []
    settings: list[str] = []
    text = DIRECTION.sub(" ", text)
    bracketed = re.findall(r"[(\[]([^()\[\]]*)[)\]]", text)
    rest = squash(re.sub(r"[(\[][^()\[\]]*[)\]]|[↑⬆]\ufe0f?", " ", text))
    split = SPLIT.fullmatch(rest)
    if split and not is_listed(rest) and is_listed(split[1]):
        rest, settings = split[1], [split[2]]
    drawn = DRAWS.fullmatch(rest)
    if drawn and is_listed(drawn[1]):
        rest = drawn[1]
        (metrics if OF_CODE.search(rest) else settings).append(read_draws(rest, drawn[2]))
    joined = WITH_TOOL.fullmatch(rest)
    if joined and is_listed(joined[1]):
        rest, settings = joined[1], [joined[2]]
    raised = re.fullmatch(r"(.+)\^(\w+)", rest)
    if raised and LANGUAGE.fullmatch(raised[2]):
        rest, settings = raised[1], [raised[2]]
    for token in (t.strip() for part in bracketed for t in re.split(r"[,;]", part)):
        if token and token != "%" and listed_form(token) != listed_form(rest):
            (metrics if METRIC.fullmatch(token) else settings).append(token)
    while not is_listed(rest):
        words = rest.split(" ")
        tails = [" ".join(words[-n:]) for n in range(min(3, len(words)), 0, -1)]
        tail = next((t for t in tails if t and (METRIC.fullmatch(t) or SHOTS.fullmatch(t))), "")
        if not tail:
            return rest, metrics, settings
        (metrics if METRIC.fullmatch(tail) else settings).insert(0, tail)
        rest = rest[: -len(tail)].rstrip(" ,;-–|")
    return rest, metrics, settings


def read_metric(text: str, key: str) -> str:
    """The metric that a heading below a benchmark's name prints, "" when it is none; IFEval's four in plain words."""
    if key == "ifeval":
        # "Pr. (S)", "inst-level loose", "[S]P": one word for the level and one for the rule, in any order.
        words = re.findall(r"[a-z]+", text.lower())
        meant = [IFEVAL_WORDS[w] for w in words if w in IFEVAL_WORDS]
        found = [w for w in meant if w]
        if len(meant) == len(words) and len(found) == 2 and frozenset(found) in IFEVAL_METRICS:
            return IFEVAL_METRICS[frozenset(found)]
    rest, metrics, settings = take_tokens(text)
    return ", ".join(metrics) if metrics and not rest and not settings else ""


def benchmark_key(text: str) -> str:
    """The form by which a bare name is recognised as a benchmark, "" when it is not; versions are benchmarks of their own.

    Where no list knows a name, its shape may tell: "VitaBench", "HybridQA".
    """
    if is_listed(text):
        return listed_form(text)
    put = LANGUAGE_SUFFIX.fullmatch(text)
    if put and is_listed(put[1]):
        # A translated test is a test of its own, under the name that is printed.
        return f"{listed_form(put[1])}:{put[2].lower()}"
    version = VERSION.search(text)
    if version and is_listed(text[: version.start()]):
        return f"{listed_form(text[: version.start()])} {version[0].strip(' -').lower()}"
    return listed_form(text) if TEST_SHAPE.fullmatch(text) and not NO_TEST.fullmatch(text) else ""


def is_listed(text: str) -> bool:
    """True for a name in the list of benchmarks."""
    form = spelt_form(text)
    # "MATH" is a data set; "Math" heads whole groups of them.
    if form in ("math", "hendrycksmath", "hendrycks_math"):
        return text in ("MATH", "Hendrycks MATH", "hendrycks_math")
    return form in BENCHMARKS and (form not in ORDINARY_WORDS or text in (ORDINARY_WORDS[form], text.upper()))


def is_known(key: str) -> bool:
    """True for the form of a benchmark in the list, whatever version or language of it."""
    plain = re.split(r"[: ]", key)[0].rstrip("+")
    return plain == "math" or plain in BENCHMARKS


def listed_form(text: str) -> str:
    """A name without case and punctuation, one form for all spellings of a benchmark."""
    form = spelt_form(text)
    return "math" if form in ("hendrycksmath", "hendrycks_math") else BENCHMARKS.get(form, form)


def spelt_form(text: str) -> str:
    """A name without case and punctuation; raised digits as digits, signs as their names."""
    text = re.sub("[α𝛼]", "alpha", text)
    text = re.sub("[τ𝜏𝝉]", "tau", text.replace("∞", "infinite").replace("^2", "2")).replace("²", "2").replace("³", "3")
    form = re.sub(r"[^a-z0-9+_]", "", text.lower())
    joined = form.replace("_", "")
    # "gpqa_diamond" is a name in the letters of programs; "n_q" is a number of something.
    return joined if form not in BENCHMARKS and joined in BENCHMARKS and len(joined) >= LONG_FORM else form


def translated(benchmark: Benchmark) -> Benchmark:
    """A benchmark with the language it was put into as part of its name: "WIC" under "Korean" is not WiC."""
    languages = [s for s in benchmark.settings if LANGUAGE.fullmatch(s) and TRANSLATED.match(s)]
    # One of many languages is a part of a multilingual test, and "multilingual" says nothing new about it.
    is_part = benchmark.key in MULTILINGUAL and not any(ALL_LANGUAGES.fullmatch(s) for s in languages)
    if not languages or (benchmark.key in NATIVE and not is_part):
        return benchmark
    words = ", ".join(languages)
    rest = tuple(s for s in benchmark.settings if s not in languages)
    return replace(benchmark, name=f"{benchmark.name} ({words})", key=f"{benchmark.key}:{words}", settings=rest)


def read_headings(paths: dict[int, list[str]], caption: str) -> dict[int, Benchmark | None]:
    """The benchmark of each heading path of an axis, None where it is none; short names as the caption explains them.

    A total below a benchmark's name ("MMLU" over "Avg.") is its score when what stands beside it are parts of it: the
    mean over metrics or settings that were read themselves is an average.
    """
    if sum(texts[-1].lower() in TASKS_OF_LEVAL for texts in paths.values() if texts) >= FEW_TESTS:
        return dict.fromkeys(paths)
    glossary, named = read_glossary(caption), names_in(caption)
    # Of a first word alone ("Hella.") a test is known only beside others: "Logi." and "Writ." are parts of AlignBench.
    n_known = sum(read_benchmark(texts) is not None for texts in paths.values())
    spelt = {p: [write_out(spell_out(t, glossary), named, n_known > 0) for t in texts] for p, texts in paths.items()}
    spelt = {p: say_with_what(texts, caption) for p, texts in spelt.items()}
    if not any(NO_MODE.search(t) for texts in spelt.values() for t in texts):
        # Above a test, among "Math" and "Coding", "Reasoning" is a subject; beside "Non-reasoning" it is a mode.
        spelt = {
            place: [t for t in texts[:-1] if not SUBJECT.fullmatch(t)] + texts[-1:] for place, texts in spelt.items()
        }
    spelt = {place: texts[:-1] if is_plain_run(texts, spelt.values()) else texts for place, texts in spelt.items()}
    heads = {place: read_benchmark(texts) for place, texts in spelt.items()}
    over_languages = {h.key for p, h in heads.items() if h and any(ALL_LANGUAGES.fullmatch(t) for t in spelt[p])}
    for place, head in heads.items():
        # Beside the mean over its languages one of them is a part of the test.
        if head and head.key in over_languages and not any(ALL_LANGUAGES.fullmatch(t) for t in spelt[place]):
            heads[place] = None
    if any(head and head.key == "gsm8k" for head in heads.values()):
        # Beside GSM8K, and where no other group of tests has a heading, "Math" is the data set that it is named with.
        groups = [p for p, texts in spelt.items() if texts and GROUP.fullmatch(texts[-1])]
        if all(spelt[p][-1].lower() == "math" and len(spelt[p]) == 1 for p in groups):
            heads |= {p: read_benchmark(["MATH"]) for p in groups}
    whole = {h.key for p, h in heads.items() if h and any(WHOLE.search(t) for t in spelt[p])}
    for place, head in heads.items():
        # Beside "BFCL-v3 (Overall)" stand its parts.
        if head and head.key in whole and not any(WHOLE.search(t) for t in spelt[place]):
            heads[place] = None
    for place, texts in spelt.items():
        above = read_benchmark(texts[:-1]) if len(texts) > 1 and TOTAL.fullmatch(texts[-1]) else None
        beside = [o for o, other in spelt.items() if o != place and other and other[:-1] == texts[:-1]]
        is_alone = not beside and len(spelt) > 1
        parts = [spelt[o][-1] for o in beside]
        if above and (is_alone or are_parts(parts, above.key)) and not any(heads[o] for o in beside):
            heads[place] = above
    return with_company(spelt, heads)


def say_with_what(texts: list[str], caption: str) -> list[str]:
    """Headings whose last one says "w/" or "w/o" alone with what that is of: "MATH (CoT)" over "w/o", or the caption's word.

    Where neither says it the heading stays, and names no test: with what its values were measured is not known.
    """
    alone = WITH_ALONE.fullmatch(texts[-1]) if len(texts) > 1 else None
    if not alone:
        return texts
    above = WITH_WHAT.fullmatch(texts[-2])
    said = BOTH_WAYS.search(caption)
    what = above["what"] if above else (said["what"] or said["other"]) if said else ""
    over = [*texts[:-2], above["test"] if above else texts[-2]]
    return [*over, f"{'without' if alone['out'] else 'with'} {what}"] if what else texts


def is_plain_run(texts: list[str], others: Iterable[list[str]]) -> bool:
    """True for a heading "Single" or "Vanilla" below a test whose other heading is the authors' method ("Ours")."""
    return (
        len(texts) > 1
        and bool(PLAIN_RUN.fullmatch(texts[-1]))
        and any(o[:-1] == texts[:-1] and OURS.search(o[-1]) for o in others if o)
    )


def with_company(paths: dict[int, list[str]], heads: dict[int, Benchmark | None]) -> dict[int, Benchmark | None]:
    """The headings with the unknown ones that are tests by the company they keep: where enough names beside are known.

    A name of the shape of a product ("PhyX", "AA-LCR") is one; a part of a known test, a group ("STEM") or a quantity is not.
    """
    known = {head.key for head in heads.values() if head}
    n_named = sum(bool(texts) and not AVERAGE.search(" ".join(texts)) for texts in paths.values())
    if len(known) < max(FEW_TESTS, n_named / 4):
        return heads
    found = dict(heads)
    parts = parts_by_stem(paths)
    for place, texts in paths.items():
        if (
            heads[place]
            or not texts
            or texts[-1] in parts
            or any(read_benchmark([t]) for t in texts[:-1])
            or is_no_score(" ".join(texts))
        ):
            continue
        short = SHORT_NAMES.get(texts[-1].rstrip("."))
        if short and len(known & OF_COMMON_SENSE) >= FEW_TESTS:
            found[place] = read_benchmark([*texts[:-1], short])
            continue
        if texts[-1] in NAMES_AND_WORDS:
            found[place] = Benchmark(texts[-1], listed_form(texts[-1]), (), ())
            continue
        last = " ".join(texts[-2:]) if len(texts) > 1 and not take_tokens(texts[-1])[0] else texts[-1]
        rest, metrics, settings = take_tokens(last)
        if may_be_test(rest) and not any(PART.fullmatch(t) or INTERNAL.fullmatch(t) for t in settings):
            found[place] = Benchmark(rest, listed_form(rest), tuple(metrics), tuple(settings))
    return found


def parts_by_stem(paths: Mapping[int, list[str]]) -> set[str]:
    """Headings that are parts of one test without its own score beside them: "Gorilla-TH", "Gorilla-TF", "Gorilla-HF".

    Three or more with one unknown stem and letters behind it; "AIME-24" and "AIME-25" are years of a known one.
    """
    stems = defaultdict(set)
    for text in {texts[-1] for texts in paths.values() if texts}:
        part = re.fullmatch(r"([A-Za-z][\w+]*)-[A-Z]{1,4}", text.rstrip(" ↑"))
        if part and not benchmark_key(part[1]):
            stems[part[1]].add(text)
    return {text for found in stems.values() if len(found) >= MIN_PARTS for text in found}


def beside_metrics(labels: Mapping[int, tuple[str, str]]) -> dict[int, Benchmark]:
    """Tests by the metric that each has of its own: "FPB" beside "Acc" and "F1", "FiQA SA" beside "F1".

    labels  (name, what stands below or beside it) by place. Two names of the shape of a test's at least; a known one
            is read elsewhere.
    """
    named = {p: (name, metric) for p, (name, metric) in labels.items() if name and METRIC.fullmatch(metric)}
    tests = {
        place: Benchmark(name, listed_form(name), (metric,), ())
        for place, (name, metric) in named.items()
        if may_be_test(name) and not is_no_score(name) and not read_benchmark([name]) and not PART.fullmatch(name)
    }
    return tests if len({t.name for t in tests.values()}) >= FEW_TESTS and len(named) * 2 >= len(labels) else {}


def under_same_metrics(labels: Mapping[int, tuple[str, str]]) -> dict[int, Benchmark]:
    """Tests over the same measures, of which one is a metric that is known: "Type, Grounding, SR" below each of two names."""
    below: dict[str, list[str]] = defaultdict(list)
    for name, measure in labels.values():
        below[name].append(measure)
    tests = [
        name
        for name, measures in below.items()
        if name and len(set(measures)) == len(measures) > 1 and any(METRIC.fullmatch(m) for m in measures)
        and may_be_test(name) and not is_no_score(name) and not read_benchmark([name]) and not PART.fullmatch(name)
    ]  # fmt: skip
    alike = [n for n in tests if sum(below[o] == below[n] for o in tests) >= FEW_TESTS]
    return {
        place: Benchmark(name, listed_form(name), (measure,), ())
        for place, (name, measure) in labels.items()
        if name in alike and not is_no_score(measure)
    }


def may_be_test(text: str) -> bool:
    """True when an unknown name has the shape of a test's: short, with a capital inside or a digit, and no part of one."""
    if not re.fullmatch(r"[A-Za-zτ𝜏][\w+\-.&²^']*(?: [\w+\-.&²]+){0,3}", text) or NO_TEST.fullmatch(text):
        return False
    whole = [text[: m.start()] for m in re.finditer(r"[-_ :]", text) if benchmark_key(text[: m.start()])]
    rest = text[len(whole[-1]) + 1 :] if whole else ""
    if (prefix := LANGUAGE_PREFIX.match(text)) and is_listed(text[prefix.end() :]):
        return True
    if re.fullmatch(r"[A-Z][a-z]{3,}(?:[-_](?:zh|en|cn|ko|ja)| (?:Bench|Eval))", text) or IN_ENGLISH.fullmatch(text):
        return True
    is_part = bool(whole) and (
        bool(PART.fullmatch(rest)) or not re.fullmatch(r"[A-Z][A-Z\d]*|en|zh|cn|\w*[a-z][A-Z]\w*", rest)
    )
    return not is_part and bool(re.search(r"[a-z][A-Z]|[A-Z]{2}|\d", text)) and not LANGUAGE.fullmatch(text)


def is_no_score(text: str) -> bool:
    """True for a heading over averages or over what is not an accuracy; the mean over runs of one test is its score, and
    so is that over its own parts ("POPE (avg)").
    """
    plain = OVER_RUNS.sub("", text)
    return bool(NOT_ACCURACY.search(text) or AVERAGE.search(plain if SUITE.search(plain) else OWN_MEAN.sub("", plain)))


def read_glossary(caption: str) -> dict[str, str]:
    """Short names that a caption explains, with the benchmark that each means: "HS for HellaSwag", "NQ: NaturalQuestions".

    Only names that are not known as they are, and a short name with two meanings is none.
    """
    meanings = defaultdict(set)
    for short, name in GLOSSARY.findall(re.sub("[\"“”‘’']", "", caption)):
        words = name.split()
        for n in range(len(words), 0, -1):
            if benchmark_key(" ".join(words[:n])) and not benchmark_key(short):
                meanings[short].add(" ".join(words[:n]))
                break
    return {short: names.pop() for short, names in meanings.items() if len(names) == 1}


def spell_out(text: str, glossary: Mapping[str, str]) -> str:
    """A heading with the short name at its start as the caption explains it."""
    short = re.match(r"[\w+\-]+", text)
    return glossary[short[0]] + text[short.end() :] if short and short[0] in glossary else text


def names_in(caption: str) -> list[str]:
    """Names of listed benchmarks that a caption prints, each once."""
    words = [w.strip(PUNCTUATION) for w in re.split(r"[\s,;()/]+", caption)]
    found = (" ".join(words[i : i + n]) for i in range(len(words)) for n in (3, 2, 1))
    return list(dict.fromkeys(t for t in found if t[:1].isupper() and is_listed(t)))


def write_out(text: str, named: list[str], is_beside: bool = True) -> str:
    """A name that is cut short with full stops ("H.-R.", "Hella.") as the caption prints it; others as they are.

    Every part must begin a part of the name, in order, and one name alone may fit; where the caption names none, one
    listed benchmark alone may begin with a first word of four letters or more, beside a known one (`is_beside`).
    """
    if not re.fullmatch(r"[A-Za-z]+\.(?:[-\s]?[A-Za-z]+\.?)*", text) or is_listed(text):
        return text
    parts = [p.lower() for p in re.split(r"[.\-\s]+", text) if p]
    fitting = [n for n in named if begins(parts, re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+", n))]
    if len({listed_form(n) for n in fitting}) == 1:
        return fitting[0]
    is_one = len(parts) == 1 and is_beside
    keys = {key for form, key in BENCHMARKS.items() if form.startswith(parts[0])} if is_one else set()
    return keys.pop() if not fitting and len(keys) == 1 and len(parts[0]) > 3 else text


def begins(parts: list[str], words: list[str]) -> bool:
    """True when each part is the beginning of a word, in order and from the first one to the last."""
    return len(parts) == len(words) and all(w.lower().startswith(p) for p, w in zip(parts, words, strict=True))


def are_parts(texts: list[str], key: str) -> bool:
    """True when headings beside a total can be parts of one benchmark: words that name no test, language or setting.

    Languages are parts of a benchmark that is in many of them by design, and of no other.
    """
    return bool(texts) and not any(
        benchmark_key(t)
        or re.search(r"bench|eval", t, re.IGNORECASE)
        or (key not in (*MULTILINGUAL, *POLYGLOT) and bool(LANGUAGE.fullmatch(t) or TRANSLATION.fullmatch(t)))
        or (SHOTS.fullmatch(t) and not FEW_SHOT.fullmatch(t) and not SUBJECT.fullmatch(t))
        for t in texts
    )


def captioned_headings(texts: dict[int, str], caption: str) -> dict[int, Benchmark | None]:
    """The benchmark of each heading of an axis on which no heading names one, by the caption.

    Its metrics and settings are its scores ("0-shot, 5-shot"), else the axis' one total beside parts: "Overall, Art,
    Science" of MMMU.
    """
    heads: dict[int, Benchmark | None] = dict.fromkeys(texts)
    named = read_caption(caption)
    if not named:
        return heads
    totals = [place for place, text in texts.items() if TOTAL.fullmatch(text)]
    for place, text in texts.items():
        rest, metrics, settings = take_tokens(text)
        metric = read_metric(text, named.key)
        if totals and (FEW_SHOT.fullmatch(text) or SUBJECT.fullmatch(text)):
            continue
        if metric:
            heads[place] = replace(named, metrics=(metric,))
        elif settings and not rest and (OF_LENGTHS.search(named.key) or not any(map(LENGTH.fullmatch, settings))):
            heads[place] = replace(named, metrics=tuple(metrics), settings=(*named.settings, *settings))
    if not any(heads.values()) and len(totals) == 1:
        parts = [text for place, text in texts.items() if place not in totals and text]
        heads[totals[0]] = named if not parts or are_parts(parts, named.key) else None
    return heads


def read_caption(caption: str) -> Benchmark | None:
    """The one benchmark whose results the first sentence of a caption announces, with its split ("MMMU test set").

    None where it is one of a list ("MMLU and ..."): the others may be benchmarks that are not known here.
    """
    # What a footnote says of one row, and what kind of models they are, is not the subject of the table.
    subject = re.sub(rf"[{MARKERS}][^.{MARKERS}]*\.?|instruction[- ](?:fine-)?tuned", "", caption, flags=re.IGNORECASE)
    subject = re.sub(r"\bcalibration\b", "", subject) if "ccuracy" in caption else subject
    title = caption.strip(PUNCTUATION)
    if key := benchmark_key(title) or benchmark_key(title.upper()):
        return Benchmark(title, key, (), ())
    rest, metrics, settings = take_tokens(caption.strip(" .:"))
    if (key := benchmark_key(rest)) and not any(PART.fullmatch(t) for t in settings):
        # "HumanEval (Pass@1,10,100)" announces three metrics: the headings below it say which is which.
        is_one = len(metrics) + sum(t.isdigit() for t in settings) == 1
        return Benchmark(rest, key, tuple(metrics) if is_one else (), tuple(t for t in settings if SHOTS.fullmatch(t)))
    if OTHER_SUBJECT.search(subject) or not RESULT_WORDS.search(caption):
        return None
    words = caption.split()
    end = next((i for i, w in enumerate(words) if re.search(r"[a-z\d)]\.$", w)), len(words))
    found: dict[str, Benchmark] = {}
    i = 0
    while i < len(words):
        for n in range(min(3, len(words) - i), 0, -1):
            name = " ".join(words[i : i + n]).strip(PUNCTUATION)
            key = benchmark_key(name) if re.search("[A-Z∞]", name) else ""
            if key:
                before, after = " ".join(words[max(0, i - 1) : i]), " ".join(words[i + n : i + n + 1])
                is_listed = words[i + n - 1].endswith((",", "/")) and not APPOSITION.fullmatch(after)
                is_listed = is_listed or before.endswith(",")
                # "LongBench (Chinese tasks)" is a part of it; a year in brackets is a citation.
                bracket = re.match(r"\(([^()]*)\)", " ".join(words[i + n :]))
                is_listed = is_listed or bool(bracket and not re.search(r"\d{4}|shot|%", bracket[1]))
                if (
                    (i > end and key not in found)
                    or is_listed
                    or {before.lower(), after.lower()} & {"and", "&", "or", "plus"}
                ):
                    return None
                split = after.lower().strip(PUNCTUATION)
                splits = (split,) if split in ("test", "validation", "val", "dev") else ()
                found.setdefault(key, Benchmark(name, key, (), splits))
                i += n - 1
                break
        i += 1
    return next(iter(found.values())) if len(found) == 1 else None


def names_benchmark(name: str, key: str) -> bool:
    """True when a name in a caption, or its last word, is a printed form of a benchmark."""
    return key in [benchmark_key(name), benchmark_key(name.split(" ")[-1])]
