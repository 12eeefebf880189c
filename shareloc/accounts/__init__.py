"""Who: people, organisations, memberships, documents."""
