"""crm: remembers and acts. Django apps with the same rooms each: models, operations, queries, rules, jobs."""
