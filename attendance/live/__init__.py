"""The live desk: what is said is kept, and answered, as it comes in."""
