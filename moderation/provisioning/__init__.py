"""Rooms that the console creates: planned, created by the worker, published when their host starts."""
