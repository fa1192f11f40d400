-- Offboarding: what a sweep is judged by, who is paused by one, and whose word it takes.

CREATE OR REPLACE FUNCTION keyturn.holdings(who text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
-- How much of each kind a person holds: what a sweep was judged by. Whoever compares holds the directory's lock alone.
-- `shown`: what they were shown and nobody has changed. `leaving`: how many were swept by themselves within the hour.
BEGIN
  RETURN jsonb_build_object(
    'grants', (SELECT count(*) FROM keyturn.grants g WHERE g.holder = who AND g.state <> 'ended'),
    'links', (SELECT count(*) FROM keyturn.links l JOIN keyturn.grants g ON g.id = l."grant"
      WHERE l.person = who AND l.state NOT IN ('spent', 'dead')),
    'requests', (SELECT count(*) FROM keyturn.requests r WHERE r.requester = who AND r.state = 'pending'),
    'votes', (SELECT count(*) FROM keyturn.decisions d JOIN keyturn.requests r ON r.id = d.request
      WHERE d.person = who AND r.state = 'pending'),
    'identities', (SELECT count(*) FROM keyturn.identities i WHERE i.person = who AND i.ended_at IS NULL),
    'factors', (SELECT count(*) FROM keyturn.factors f WHERE f.person = who AND f.state <> 'ended'),
    'proofs', (SELECT count(*) FROM keyturn.proofs p WHERE p.person = who AND p.state IN ('asked', 'waiting', 'allowed')),
    'tasks', (SELECT count(*) FROM keyturn.revocations v WHERE v.assignee = who AND v.state <> 'done'),
    'reviews', (SELECT count(*) FROM keyturn.reviews o WHERE o.person = who AND o.state = 'owed'),
    'proposals', (SELECT count(*) FROM keyturn.proposals p WHERE p.proposer = who AND p.state = 'waiting'),
    'shown', (SELECT count(*) FROM (SELECT DISTINCT e."grant", e.client, e.account, e.secret_version
      FROM keyturn.exposures e WHERE e.person = who) x WHERE x.secret_version = (SELECT max(s.version)
      FROM keyturn.secrets s WHERE s.client = x.client AND s.account = x.account)),
    'leaving', (SELECT count(*) FROM keyturn.sweeps s WHERE s.origin = 'automatic' AND s.at > keyturn.now() - interval '1 hour'));
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.holds(g jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- Whether what was judged by still holds; where it does, it goes on holding until the commit.
BEGIN
  CASE g->>'noun'
    WHEN 'live-grant' THEN
      PERFORM FROM keyturn.grants WHERE id = g->>'id' AND state = 'active' AND ends_at > keyturn.now() FOR SHARE;
    WHEN 'exposures' THEN
      -- A showing holds the grant for share to its own commit: once this lock is had, every showing is counted.
      PERFORM FROM keyturn.grants WHERE id = g->>'id' FOR NO KEY UPDATE;
      PERFORM WHERE (g->>'count')::int = (SELECT count(*) FROM keyturn.exposures e WHERE e."grant" = g->>'id');
    WHEN 'exposures-of' THEN
      -- The same of many grants, locked in one order.
      PERFORM FROM keyturn.grants WHERE id IN (SELECT jsonb_object_keys(g->'counts')) ORDER BY id FOR NO KEY UPDATE;
      PERFORM WHERE NOT EXISTS (
        SELECT FROM jsonb_each_text(g->'counts') c
        LEFT JOIN (SELECT e."grant", count(*) AS n FROM keyturn.exposures e
          WHERE e."grant" IN (SELECT jsonb_object_keys(g->'counts')) GROUP BY e."grant") s ON s."grant" = c.key
        WHERE coalesce(s.n, 0) <> c.value::bigint);
    WHEN 'holdings' THEN
      PERFORM WHERE keyturn.holdings(g->>'id') = g->'counts';
    WHEN 'live-link' THEN
      PERFORM FROM keyturn.links WHERE id = g->>'id' AND expires_at > keyturn.now();
    WHEN 'secret' THEN
      PERFORM WHERE (g->>'version')::int = (SELECT coalesce(max(version), 0) FROM keyturn.secrets
        WHERE client = g->>'client' AND account = g->>'account');
    WHEN 'unpaused' THEN
      PERFORM WHERE NOT EXISTS (SELECT FROM keyturn.alerts a WHERE a.person = g->>'id' AND a.state = 'open')
        AND NOT EXISTS (SELECT FROM keyturn.sweeps s WHERE s.person = g->>'id' AND s.state = 'waiting' AND s.access_ended_at IS NOT NULL);
  END CASE;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.check_sweep() RETURNS trigger LANGUAGE plpgsql AS $$
-- Each lead's word on an offboarding bears that lead's own proof, once factors have ever been used. A lead is swept by the
-- words of two leads; where no second one is left beside them, by that of their chat and of the other lead. Never the last.
DECLARE others bigint;
BEGIN
  IF NEW.proof IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.proof IS DISTINCT FROM OLD.proof) THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.proposer, 'offboard', 'person', NEW.person);
  END IF;
  IF NEW.confirm_proof IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.confirm_proof IS DISTINCT FROM OLD.confirm_proof) THEN
    PERFORM keyturn.check_spent(NEW.confirm_proof, NEW.confirmer, 'offboard', 'person', NEW.person);
  END IF;
  IF NEW.state IN ('running', 'done') AND (TG_OP = 'INSERT' OR OLD.state = 'waiting') THEN
    IF NEW.proposer IS NULL THEN RAISE EXCEPTION 'an offboarding takes a lead''s word' USING ERRCODE = 'KT004'; END IF;
    PERFORM FROM keyturn.people p WHERE p.id = NEW.person AND p.state = 'here' AND p.spec->>'tier' = 'lead';
    IF FOUND THEN
      SELECT count(*) INTO others FROM keyturn.people p
        WHERE p.id <> NEW.person AND p.state = 'here' AND p.spec->>'tier' = 'lead';
      IF others = 0 OR (NEW.confirmer IS NULL AND NOT (NEW.origin = 'automatic' AND others = 1)) THEN
        RAISE EXCEPTION 'a lead is offboarded by two' USING ERRCODE = 'KT004';
      END IF;
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- The end of a chain is looked up for each event of a commit. In a young database the planner takes the table for a few
-- pages and reads it whole, which thousands of events in one commit make it regret.
ALTER FUNCTION keyturn.chain_audit() SET enable_seqscan = off;
