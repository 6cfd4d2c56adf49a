"""Reading what people write: dates, numbers, names, places in the calendar, phones and links."""
