-- A division and the places directly below it, in the order of codes.
--
-- $1  code of the division
SELECT d.code, d.level, d.name
FROM division d
WHERE (d.code = $1 OR d.parent_code = $1) AND NOT d.placeholder AND d.valid_to IS NULL
ORDER BY d.code
