"""The stored values that packages share, each with its type: what an act takes and gives, what a rule found."""
