-- Files to look at: what no row names by then is removed. Written together with what lets a file go.
CREATE TABLE files_to_remove (
    area    TEXT NOT NULL CHECK (area IN ('evidence', 'exports')),
    path    TEXT NOT NULL,                       -- in its area of the store, as files and exports have it
    look_at TEXT NOT NULL,                       -- not before
    going   INTEGER NOT NULL DEFAULT 0,          -- 1: no row names it any more, its bytes are being removed
    PRIMARY KEY (area, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_to_remove_due ON files_to_remove (look_at);

-- What was replaced or purged before there was this list.
INSERT INTO files_to_remove (area, path, look_at)
SELECT 'evidence', f.path, strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', '+30 days') FROM files f
WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e.sha256 = f.sha256);
INSERT INTO files_to_remove (area, path, look_at)
SELECT 'exports', path, min(created_at) FROM exports
WHERE state IN ('expired', 'waiting', 'running') AND path IS NOT NULL GROUP BY path;
UPDATE exports SET path = NULL WHERE state IN ('expired', 'waiting', 'running');
