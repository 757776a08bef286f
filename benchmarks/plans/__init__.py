"""What the planner makes of every statement, on tables as large as they get: `make explain`."""
