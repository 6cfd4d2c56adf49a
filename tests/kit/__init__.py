"""What tests are made with: people, a world to talk in, what was handed in before, and whole runs of
kills.
"""
