-- What is asked for every day must not look through the innovations of every year.

-- When a stranger last wrote is kept no longer than what they wrote.
CREATE INDEX windows_spoke ON windows (spoke_at) WHERE spoke_at IS NOT NULL;

-- Drafts and what was sent back, of an office, whatever its year.
CREATE INDEX innovations_unsent ON innovations (office_id, state)
    WHERE state IN ('draf', 'dikembalikan') AND discarded_at IS NULL;

-- When an innovation last came to the desk; the queue goes by it.
ALTER TABLE innovations ADD COLUMN came_at TEXT;
UPDATE innovations SET came_at = (
    SELECT max(h.at) FROM history h WHERE h.innovation_id = innovations.id AND h.question = '#state'
      AND (h.new = 'diubah' OR (h.new = 'terkirim' AND h.old <> 'diperiksa')));
CREATE TRIGGER history_came AFTER INSERT ON history
WHEN new.question = '#state' AND (new.new = 'diubah' OR (new.new = 'terkirim' AND new.old <> 'diperiksa'))
BEGIN
    UPDATE innovations SET came_at = new.at WHERE id = new.innovation_id;
END;
CREATE INDEX innovations_came ON innovations (state, came_at) WHERE discarded_at IS NULL;
