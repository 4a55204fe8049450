"""What the README says about speed, measured: each module is one benchmark, each goal a ratio or a count in one run."""
