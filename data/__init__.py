"""The tables' layout, the closed lists of words, and the facts."""
