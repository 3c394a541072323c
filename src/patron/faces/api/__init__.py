"""api: /api/v1 for programs. Reads a request, makes one call below, answers in JSON; no rule or figure lives here."""
