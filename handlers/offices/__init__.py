"""Offices and their people: lists, pages, invitations, changes, handover."""
