"""What each verb does to a room: reads first, sends, reads back."""
