"""All that is known of one account or one room, in the order of time."""
