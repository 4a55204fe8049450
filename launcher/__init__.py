"""What `./run` does. Standard library only, except `prepare` and `proof`: they run inside `.venv`."""
