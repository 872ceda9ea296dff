"""Cases from files and back."""
