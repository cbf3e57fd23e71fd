"""Citizens at random for minutes, skm killed again and again: what is acknowledged is kept."""
