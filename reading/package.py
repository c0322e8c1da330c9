"""What the files are, for programs: a Frictionless data package and a Croissant description.

Question  Which tables are there, which columns have they, of which kind, and what does each mean?
Input     facts of a build; the address under which the files stand, ending in a slash.
Output    `frictionless`: a descriptor (https://specs.frictionlessdata.io/data-package/); `croissant`: JSON-LD of Croissant 1.0
          (https://docs.mlcommons.org/croissant/docs/croissant-spec.html); `citation`: one line to copy.
Method    Everything from the data dictionary (reading/dictionary.py), so that no description differs from it.
Silent    A table that the open build lacks is left out. No checksums: the files are made when somebody asks.
"""

from collections.abc import Collection, Mapping
from typing import Any

from reading import about, dictionary, exports

NAME = "benchmark-credibility"
TITLE = "Benchmark Credibility: reported AI test scores and how unusual they are"
ABOUT = (
    "Scores of AI models on benchmarks as their sources print them, each with what similar models get and how unusual it is, "
    "and one answer per benchmark. Scores and gaps are fractions unless the column `unit` says otherwise; days are ISO dates; "
    "an empty cell is not reported. Rows of sources that do not allow copies are left out."
)
LICENCE = "Each row is under the licence of its source, which stands in its column `licence`"
# Kinds of columns: in the database, in a Frictionless schema, in Croissant.
KINDS = {
    "DOUBLE": ("number", "sc:Float"),
    "BIGINT": ("integer", "sc:Integer"),
    "INTEGER": ("integer", "sc:Integer"),
    "BOOLEAN": ("boolean", "sc:Boolean"),
    "DATE": ("date", "sc:Date"),
    "TIMESTAMP": ("datetime", "sc:DateTime"),
}
TEXT = ("string", "sc:Text")
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def columns(table: str) -> list[dict[str, str]]:
    """Columns of a table with their type and meaning, in the order of its file."""
    known = dictionary.whole()
    return known[known["table"] == table][["column", "type", "meaning"]].to_dict("records")


def citation(asof: str, address: str = "") -> str:
    """How to cite the data of a day."""
    place = address or about.repository() or ""
    return f"Benchmark Credibility, version {about.version()}, data as of {asof}.{f' {place}' if place else ''}"


def frictionless(facts: Mapping[str, str], tables: Collection[str], base: str) -> dict[str, Any]:
    """The data package: a CSV resource per table with its schema."""
    asof = facts["asof"][:10]
    place = about.repository()
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": TITLE,
        "description": f"{ABOUT} {LICENCE}. {citation(asof, base)}",
        "version": f"{about.version()}+{asof}",
        "created": f"{facts.get('built_at', asof)[:19].replace(' ', 'T').removesuffix('Z')}Z",
        "homepage": base.removesuffix("data/"),
        "resources": [resource(table, base) for table in tables],
    }
    if place:
        package["licenses"] = [{"path": f"{place}/blob/HEAD/DATA_LICENCES.md", "title": LICENCE}]
    return package


def resource(table: str, base: str) -> dict[str, Any]:
    """One table as a CSV resource."""
    fields = [
        {"name": known["column"], "type": KINDS.get(known["type"], TEXT)[0], "description": known["meaning"]}
        for known in columns(table)
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.replace("_", "-"),
        "title": exports.TITLES[table],
        "path": f"{base}{table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def croissant(facts: Mapping[str, str], tables: Collection[str], base: str) -> dict[str, Any]:
    """The Croissant description: a CSV and a Parquet file per table, and the columns of the CSV file as records."""
    asof = facts["asof"][:10]
    files = [
        {
            "@type": "cr:FileObject",
            "@id": f"{table}.{form}",
            "name": f"{table}.{form}",
            "description": exports.TITLES[table],
            "contentUrl": f"{base}{table}.{form}",
            "encodingFormat": kind,
        }
        for table in tables
        for form, kind in (("csv", "text/csv"), ("parquet", "application/x-parquet"))
    ]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": NAME,
        "alternateName": TITLE,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "description": ABOUT,
        "license": LICENCE,
        "citeAs": citation(asof, base),
        "url": base.removesuffix("data/"),
        "version": f"{about.version()}+{asof}",
        "datePublished": asof,
        "isLiveDataset": True,
        "distribution": files,
        "recordSet": [records(table) for table in tables],
    }


def records(table: str) -> dict[str, Any]:
    """The rows of one table as a Croissant record set."""
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": exports.TITLES[table],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table}/{known['column']}",
                "name": known["column"],
                "description": known["meaning"],
                "dataType": KINDS.get(known["type"], TEXT)[1],
                "source": {"fileObject": {"@id": f"{table}.csv"}, "extract": {"column": known["column"]}},
            }
            for known in columns(table)
        ],
    }


DESCRIPTIONS = {"datapackage.json": frictionless, "croissant.json": croissant}  # by the names of their files
