"""Speed, shown side by side with something else in the same run: these figures are for reading, not for testing."""
