-- The names one address goes by: on some channels a person has an id and a number, and either may be missing.

CREATE TABLE address_names (
    channel TEXT NOT NULL,
    name    TEXT NOT NULL,
    address TEXT NOT NULL,                       -- under which the person is kept
    PRIMARY KEY (channel, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_names_address ON address_names (channel, address);
