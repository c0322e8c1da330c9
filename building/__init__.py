"""From printed rows to a database: the one room that knows ingest, scoring and store, for command line and pages alike.

Question  In which order is a build made, from what, and is the last one still good?
Output    course.py: the steps; inputs.py: what a build rests on; publishing.py: the record that the project ships.
"""
