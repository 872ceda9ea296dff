"""What a case is: its values, its language, and what is wrong with them."""
