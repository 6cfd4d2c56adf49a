"""The period of a year: opening, deadline, extension, exemption, closing."""
