"""Speed as ratios to the bare floor, measured in one run."""
