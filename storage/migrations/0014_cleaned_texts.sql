-- Numbers of phones and names that were kept as they came are read again: "+62 0812…" kept its zero,
-- "0062 812…" got its country twice, and names kept marks that nobody sees.
-- `mended_phone` and `one_line` are the domain's own functions (storage/engine/reread.py);
-- what a SELECT returns is told to whoever migrates.

SELECT printf('%d phone numbers were written wrongly and are mended', count(*)) FROM (
    SELECT phone FROM roster UNION ALL SELECT phone FROM contacts UNION ALL SELECT roster_phone FROM enrolments
) WHERE phone <> mended_phone(phone) HAVING count(*) > 0;

-- a number that the list has twice, once written wrongly, stays once
UPDATE OR IGNORE roster SET phone = mended_phone(phone) WHERE phone <> mended_phone(phone);
DELETE FROM roster WHERE phone <> mended_phone(phone) AND contact_id IS NULL;
UPDATE contacts SET phone = mended_phone(phone) WHERE phone <> mended_phone(phone);
UPDATE enrolments SET roster_phone = mended_phone(roster_phone) WHERE roster_phone <> mended_phone(roster_phone);

SELECT printf('%d names held marks that nobody sees and are mended', count(*)) FROM (
    SELECT name FROM roster UNION ALL SELECT name FROM contacts UNION ALL SELECT name FROM offices
    UNION ALL SELECT short FROM offices
    UNION ALL SELECT value ->> '$' FROM answers WHERE question IN ('nama', 'nama_inisiator')
) WHERE name <> one_line(name) HAVING count(*) > 0;

UPDATE roster SET name = coalesce(nullif(one_line(name), ''), phone) WHERE name <> one_line(name);
UPDATE contacts SET name = coalesce(nullif(one_line(name), ''), phone, 'Tanpa nama') WHERE name <> one_line(name);
UPDATE offices SET name = coalesce(nullif(one_line(name), ''), code) WHERE name <> one_line(name);
UPDATE offices SET short = coalesce(nullif(one_line(short), ''), code) WHERE short <> one_line(short);
UPDATE answers SET value = json_quote(one_line(value ->> '$'))
WHERE question IN ('nama', 'nama_inisiator') AND value ->> '$' <> one_line(value ->> '$')
  AND one_line(value ->> '$') <> '';
