"""What a tap costs, webhook bytes in to API bytes out, beside a bare aiogram bot (`make bench`)."""
