"""Who will be late in the coming weeks, from where each case stands and the council's own measured times; and what a change would do."""
