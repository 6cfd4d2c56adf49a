"""The files of a desk: evidence, exports and backups, in a folder or in S3-compatible storage."""
