"""What the acts worker does: carries out acts, follows them up, recovers what a dead worker left, and looks round."""
