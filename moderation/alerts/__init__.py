"""What somebody should look at: raised by rules and people, waiting in the queue until it is closed."""
