"""The stored JSON values that packages share, each with its type. Names are spelt once, here.

acts       arguments and result of `Action`
evidence   evidence of `RuleHit` and `Alert`
retold     stored sentences, in the reader's language
risk       terms of the risk score and their weights
undo_time  how long an act can be undone
"""
