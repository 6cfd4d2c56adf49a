"""The desk's lists of offices and people, as offices keep them: found in a file, checked, and only then
taken.
"""
