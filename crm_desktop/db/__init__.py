"""PostgreSQL: connections, transactions, notifications, the embedded server, upgrades. It knows no business and no Qt."""
