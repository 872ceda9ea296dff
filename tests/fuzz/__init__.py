"""Fuzzing by coverage: bytes to each reader, what it may answer, and the inputs that found the most (corpus/)."""
