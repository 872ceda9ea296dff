"""The what-if page: a case in one file to look at, with switches that are answered in the page itself."""
