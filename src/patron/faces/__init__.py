"""Shows and is spoken to: the command line now; web, API and jobs later. No rule and no figure lives here."""
