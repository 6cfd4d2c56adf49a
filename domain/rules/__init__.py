"""What a person who does not program may change, as data: form, indicators, rule years, reminder rules, calendar."""
