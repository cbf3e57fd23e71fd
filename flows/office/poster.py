"""Posters with QR codes for the counter, sent as a file: /poster."""

from flows.office.steps import Steps, form_of

SIZES = ("a4", "a5")

POSTER_FORM = form_of("poster", Steps("poster")("size", *SIZES, title=None))
