"""`python -m attendance` is the command line."""

from attendance.faces.cli import main

main()
