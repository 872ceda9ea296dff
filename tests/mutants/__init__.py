"""Tries the mutants of model, compiler and engines: `python -m tests.mutants`."""
