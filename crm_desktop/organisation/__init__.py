"""Company, branches, employees and their logins, roles, workstations, number series, settings. It refuses to keep a password."""
