-- How long opinions stayed in a state: the median of the stays that began within the period and are over, in seconds, for each
-- state with a limit.
--
-- A stay begins with the step that leads into a state and ends with the next one that leads out of it. Time does not go back in a
-- timeline: an opinion whose present state began before the period has no stay in it that is over, and need not be looked at. Each
-- timeline is read through the index of its opinion, in its order, rather than all being sorted.
--
-- $1, $2  first code of each area, and the first one after it
-- $3, $4  the moment when the period begins, and the one when it is over
SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'SUBMITTED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'ACCEPTED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'ANSWERED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'WAITING'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'ANALYSED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'ASSIGNED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'RETURN_REQUESTED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'ESCALATED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'HANDLING'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'REPLIED'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'FED_BACK'),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY stay.seconds) FILTER (WHERE happened.state = 'REWORK')
    FROM opinion t
    CROSS JOIN LATERAL (
        SELECT e.to_state, e.occurred_at, lead(e.occurred_at) OVER (ORDER BY e.sequence)
        FROM opinion_event e
        WHERE e.opinion_id = t.id AND e.from_state IS DISTINCT FROM e.to_state
    ) AS happened (state, at, over)
    CROSS JOIN LATERAL (SELECT extract(epoch FROM happened.over - happened.at)::double precision) AS stay (seconds)
    {join}
    WHERE {area t} AND t.submitted_at < $4 AND t.state_since >= $3
      AND happened.at >= $3 AND happened.at < $4 AND happened.over IS NOT NULL{only}
    GROUP BY 1
) sums
ORDER BY sums.key
