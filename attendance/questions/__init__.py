"""One question, one file, one function, one answer."""
