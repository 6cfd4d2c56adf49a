"""An office's innovations: begin, fill in, copy, correct, hand in."""
