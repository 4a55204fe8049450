"""What becomes of the findings of each rule: the figures by which rules are tuned.

figures  counts of 7 and 30 days, the goals, and which of them are missed
"""
