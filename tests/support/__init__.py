"""What tests of several packages use: waiting, clocks, rooms, ports, stand-ins for the vendor."""
