"""What happens because time passed: `ticks` wakes, the others judge, compose and write."""
