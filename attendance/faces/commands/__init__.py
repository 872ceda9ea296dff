"""One file a command: what it takes, and how its answer is said."""
