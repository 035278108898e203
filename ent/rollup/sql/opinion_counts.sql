-- Opinions submitted, accepted and declined within the period, and what has become of the accepted ones by now.
--
-- An opinion comes up once for each of the three that happened within the period, so that the month in which it happened can be
-- the key as well as what the opinion is about. A declined opinion stays declined, so its state began when it was.
-- The rows with the most opinions come first.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  the moment when the period begins, and the one when it is over
-- $5      today
-- $6      most rows, all when null
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key,
           count(*) FILTER (WHERE happened.what = 'SUBMIT') AS submitted,
           count(*) FILTER (WHERE happened.what = 'DECLINE'),
           count(*) FILTER (WHERE happened.what = 'ACCEPT') AS accepted,
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.channel IN ('STATION_CODE', 'DEPUTY_CODE', 'ONLINE')),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.closed_at IS NULL),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND red.now),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND (t.late OR red.now)),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.closed_at IS NOT NULL),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.closed_at IS NOT NULL AND t.outcome = 'SOLVED'),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.state = 'CONVERTED'),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.state = 'MERGED'),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND answered.ever),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND answered.ever AND t.reworks > 0),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.hardship),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.hardship AND t.closed_at IS NOT NULL AND t.outcome = 'SOLVED'),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.rating = 'SATISFIED'),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.rating = 'BASICALLY_SATISFIED'),
           count(*) FILTER (WHERE happened.what = 'ACCEPT' AND t.rating = 'DISSATISFIED')
    FROM opinion t
    CROSS JOIN LATERAL (VALUES
        ('SUBMIT', t.submitted_at),
        ('ACCEPT', t.accepted_at),
        ('DECLINE', CASE WHEN t.state = 'DECLINED' THEN t.state_since END)
    ) AS happened (what, at)
    CROSS JOIN LATERAL (SELECT t.open AND t.due_on < $5::date AND t.waits_on <> 'SUBMITTER') AS red (now)
    -- A merged opinion is answered with its main one.
    CROSS JOIN LATERAL (SELECT t.replied_at IS NOT NULL OR t.fed_back_at IS NOT NULL) AS answered (ever)
    {join}
    WHERE {area t} AND happened.at >= $3 AND happened.at < $4{only}
    GROUP BY 1
) sums
ORDER BY sums.accepted DESC, sums.submitted DESC, sums.key
LIMIT $6
