"""What the house knows: the law, the facts, the case. No input or output."""
