"""The transparency log: what was answered, published and changed, for all to see that it stays."""
