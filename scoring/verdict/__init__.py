"""From a distance to a level: several opinions into one p-value, p to q, and both to a word and a sentence."""
