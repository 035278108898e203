-- The divisions of a level in a range of codes, in the order of codes.
--
-- $1, $2  first code, and the first one after
-- $3      level
SELECT d.code, d.level, d.name
FROM division d
WHERE d.code >= $1 AND d.code < $2 AND d.level = $3 AND NOT d.placeholder AND d.valid_to IS NULL
ORDER BY d.code
