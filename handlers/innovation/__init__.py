"""An office and its innovations: begin, fill in, copy, correct, hand in."""
