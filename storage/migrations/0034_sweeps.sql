-- A sweep finds what is old without reading what is young.
CREATE INDEX answer_messages_at ON answer_messages (at);
CREATE INDEX link_offers_created ON link_offers (created_at);
CREATE INDEX wrong_codes_at ON wrong_codes (at);
CREATE INDEX innovations_discarded ON innovations (discarded_at) WHERE discarded_at IS NOT NULL;
