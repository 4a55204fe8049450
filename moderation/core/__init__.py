"""What every package of `moderation` may use, and which uses none of them: sending tasks to the broker."""
