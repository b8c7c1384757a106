"""Messages between colleagues: sent, arrived, opened, answered. It refuses to show them to anybody but sender and recipients."""
