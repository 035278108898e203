-- The divisions of a level, for sums by provinces, cities or counties: some thousand among 665,000.
CREATE INDEX division_upper ON division (level, code) WHERE level = 'PROVINCE' OR level = 'CITY' OR level = 'COUNTY';
