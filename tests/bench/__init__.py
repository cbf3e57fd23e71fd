"""What a tap costs, webhook bytes in to API bytes out, beside a bare aiogram bot (`make bench`)."""

import bot.channels.telegram.aiogram_wire  # noqa: F401  (first: it leaves aiogram's models unbuilt)
