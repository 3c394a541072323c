"""kit: what every app of the crm stands on: clock, policy, operations, audit, privacy, announcements."""
