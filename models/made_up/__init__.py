"""Councils that do not exist, drawn from the published figures: for demonstration, training, tests and benchmarks."""
