"""Facts: which rooms exist and what their figures are, whoever looks."""
