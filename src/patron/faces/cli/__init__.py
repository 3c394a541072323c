"""The command line: reads words, the clock and the terminal, makes one call, and says what came of it."""
