"""One answer per benchmark, model and family: from findings and evidence to a sentence that is the same everywhere."""
