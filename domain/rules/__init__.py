"""The rules as data, changed without programming: form, indicators, rule years, reminder rules, calendar."""
