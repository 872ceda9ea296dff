"""Rules over posted facts: the home of durable-rules, kept within the bounds in which it is right and safe.

`patterns` is the tree of a rule and the definition of what it matches; `reading` makes it from what users
write; `session` matches facts as they are posted. `window`, `sizes`, `rewriting` and `driving` stand behind it.
"""
