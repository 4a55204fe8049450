"""None yet: facts live in `rooms`, acts in `moderation`. Here come saved views and preferences."""
