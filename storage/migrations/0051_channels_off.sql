-- The channels that are off in this run: whoever can be written to on these alone is out of reach.
CREATE TABLE channels_off (channel TEXT PRIMARY KEY);
