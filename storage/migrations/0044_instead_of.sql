-- Every status asks whether a second message was sent in place of the one it is about.
CREATE INDEX outbox_instead ON outbox (instead_of) WHERE instead_of IS NOT NULL;
