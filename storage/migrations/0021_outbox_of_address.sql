-- What was said to one address, newest last: its choices may be typed; and the message a tap stands in.
-- Partial, so that the questions after what is still to be sent keep to their own indexes.
CREATE INDEX outbox_said ON outbox (channel, address, id) WHERE state IN ('sent', 'leased', 'unknown');
CREATE INDEX outbox_reference ON outbox (channel, message_ref) WHERE message_ref IS NOT NULL;
