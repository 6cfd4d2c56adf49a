-- What a reviewer should know of a file that was taken: script, launch, embedded, not_all_read; parted by spaces.
ALTER TABLE files ADD COLUMN findings TEXT NOT NULL DEFAULT '';
