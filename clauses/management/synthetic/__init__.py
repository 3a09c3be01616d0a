"""Invented territories of any size, for trials and benchmarks: no person, body or number of theirs exists."""
