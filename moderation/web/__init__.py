"""What every view here shares: guards, answers, pages of long lists. Knows nothing of acts, bans or rules."""
