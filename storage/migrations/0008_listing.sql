-- An office's innovations are found without reading the others'.

CREATE INDEX contributions_office ON contributions (office_id, period_id);
