-- Thousands of rows in one commit: a chain's end is looked up once, what is the same in all rows is sent once, and the
-- guards ask as little of each row as they can and no less than before.

CREATE FUNCTION keyturn.end_of_chain(name text, OUT seq bigint, OUT hash bytea) LANGUAGE plpgsql
  SET enable_sort = off SET enable_seqscan = off AS $$
-- The end of a chain, locked until the commit. Never sorted or searched for: a plan made while there were few events would
-- read all of them.
BEGIN
  PERFORM pg_advisory_xact_lock(7702, hashtext(name));
  SELECT e.seq, e.hash INTO seq, hash FROM keyturn.audit_events e WHERE e.chain = name ORDER BY e.seq DESC LIMIT 1;
  IF NOT FOUND THEN seq := 0; hash := '\x00'; END IF;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
-- Hangs a new event on the end of its chain. What this transaction has hung last is remembered in a setting that goes with
-- the transaction or its savepoint, as the event does: the hash, the number, the chain. Anybody may write a setting, so
-- keyturn.check_chained looks at what came of it.
DECLARE
  known text := current_setting('keyturn.chain_end', true);
  last record;
BEGIN
  IF substr(known, 85) = NEW.chain THEN
    NEW.seq := substr(known, 65, 20)::bigint + 1;
    NEW.prev := decode(left(known, 64), 'hex');
  ELSE
    last := keyturn.end_of_chain(NEW.chain);
    NEW.seq := last.seq + 1;
    NEW.prev := last.hash;
  END IF;
  NEW.at := clock_timestamp() + (SELECT c.shift FROM keyturn.clock c);
  NEW.hash := keyturn.audit_hash(NEW.prev, NEW);
  PERFORM set_config('keyturn.chain_end', encode(NEW.hash, 'hex') || lpad(NEW.seq::text, 20) || NEW.chain, true);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_chained() RETURNS trigger LANGUAGE plpgsql AS $$
-- Refuses events that don't follow from the ones before them: in the statement, and in the table.
BEGIN
  PERFORM FROM (SELECT n.chain, n.seq, n.prev, lag(n.seq) OVER w AS seq_before, lag(n.hash) OVER w AS before
      FROM events n WINDOW w AS (PARTITION BY n.chain ORDER BY n.seq)) n
    WHERE CASE
      WHEN n.seq_before IS NOT NULL THEN n.seq <> n.seq_before + 1 OR n.prev <> n.before
      WHEN n.seq = 1 THEN n.prev <> '\x00'
      ELSE n.prev IS DISTINCT FROM
        (SELECT e.hash FROM keyturn.audit_events e WHERE e.chain = n.chain AND e.seq = n.seq - 1) END;
  IF FOUND THEN
    RAISE EXCEPTION 'an event follows from the one before it' USING ERRCODE = 'KT003';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER check_chained AFTER INSERT ON keyturn.audit_events REFERENCING NEW TABLE AS events
  FOR EACH STATEMENT EXECUTE FUNCTION keyturn.check_chained();
--> statement-breakpoint
ALTER TABLE keyturn.audit_events ENABLE ALWAYS TRIGGER check_chained;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.append_audit(events jsonb) RETURNS void LANGUAGE plpgsql AS $$
-- Chain by chain, each in its order: so two commits take the ends of chains in one order, and neither waits for the other.
BEGIN
  INSERT INTO keyturn.audit_events (chain, seq, prev, hash, at, actor, via, action, subject, data)
  SELECT e.value->>'chain', 0, '', '', 'epoch', e.value->>'actor', e.value->>'via', e.value->>'action', e.value->>'subject',
    coalesce(e.value->'data', '{}')
  FROM jsonb_array_elements(events) WITH ORDINALITY AS e ORDER BY e.value->>'chain', e.ordinality;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_all(noun text, same jsonb, w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- Many rows of one noun as they shall be, in one statement; `same` is what all of them have. False where any has moved.
DECLARE n bigint; most bigint := jsonb_array_length(w);
BEGIN
  CASE noun
    WHEN 'grant' THEN
      -- Its clock stays as it is: that is asked of whatever moves it.
      UPDATE keyturn.grants g SET state = r.state, outcome = r.outcome, version = r.version, ended_at = r.ended_at,
        ended_by = r.ended_by, end_reason = r.end_reason
        FROM jsonb_populate_recordset(jsonb_populate_record(NULL::keyturn.grants, same), w) r
        WHERE g.id = r.id AND g.version = r.version - 1;
    WHEN 'new-revocation' THEN
      INSERT INTO keyturn.revocations
        SELECT * FROM jsonb_populate_recordset(jsonb_populate_record(NULL::keyturn.revocations, same), w);
    WHEN 'revocation' THEN
      UPDATE keyturn.revocations v SET state = r.state, assignee = r.assignee, done_at = r.done_at,
        done_by = r.done_by, proof = r.proof, version = r.version
        FROM jsonb_populate_recordset(jsonb_populate_record(NULL::keyturn.revocations, same), w) r
        WHERE v."grant" = r."grant" AND v.version = r.version - 1;
    WHEN 'link' THEN
      UPDATE keyturn.links l SET state = r.state, version = r.version
        FROM jsonb_populate_recordset(jsonb_populate_record(NULL::keyturn.links, same), w) r
        WHERE l.id = r.id AND l.version = r.version - 1;
    WHEN 'request' THEN
      UPDATE keyturn.requests q SET state = r.state, version = r.version, ended_at = r.ended_at, ended_by = r.ended_by
        FROM jsonb_populate_recordset(jsonb_populate_record(NULL::keyturn.requests, same), w) r
        WHERE q.id = r.id AND q.version = r.version - 1;
    WHEN 'sweep-item' THEN
      INSERT INTO keyturn.sweep_items
        SELECT * FROM jsonb_populate_recordset(jsonb_populate_record(NULL::keyturn.sweep_items, same), w)
        ON CONFLICT (sweep, kind, subject) DO UPDATE SET state = sweep_items.state;
  END CASE;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n = most;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_all(noun text, w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- The rows themselves, or what they have in common (`same`) and the rest (`rows`).
BEGIN
  IF jsonb_typeof(w) = 'array' THEN RETURN keyturn.put_all(noun, NULL, w); END IF;
  RETURN keyturn.put_all(noun, w->'same', w->'rows');
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.notices(them jsonb) RETURNS void LANGUAGE plpgsql AS $$
-- The same as keyturn.notice, for as many as there are; in the order of their keys, so that two commits don't wait for each other.
DECLARE this_moment timestamptz := keyturn.now();
BEGIN
  INSERT INTO keyturn.jobs (key, kind, payload, run_at)
  SELECT n.about || ':' || n.id, n.about, jsonb_build_object('id', n.id), this_moment
  FROM (SELECT DISTINCT x->>'about' AS about, x->>'id' AS id FROM jsonb_array_elements(them) x) n ORDER BY 1
  ON CONFLICT (key) DO UPDATE SET generation = jobs.generation + 1, run_at = least(jobs.run_at, excluded.run_at);
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.holdings(who text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
-- How much of each kind a person holds: what a sweep was judged by. Whoever compares holds the directory's lock alone.
-- `shown`: what they were shown and nobody has changed. `showings`: how often they were shown anything.
-- `leaving`: how many were swept by themselves within the hour.
BEGIN
  RETURN jsonb_build_object(
    'grants', (SELECT count(*) FROM keyturn.grants g WHERE g.holder = who AND g.state <> 'ended'),
    'links', (SELECT count(*) FROM keyturn.links l WHERE l.person = who AND l.state NOT IN ('spent', 'dead')),
    'requests', (SELECT count(*) FROM keyturn.requests r WHERE r.requester = who AND r.state = 'pending'),
    'votes', (SELECT count(*) FROM keyturn.decisions d JOIN keyturn.requests r ON r.id = d.request
      WHERE d.person = who AND r.state = 'pending'),
    'identities', (SELECT count(*) FROM keyturn.identities i WHERE i.person = who AND i.ended_at IS NULL),
    'factors', (SELECT count(*) FROM keyturn.factors f WHERE f.person = who AND f.state <> 'ended'),
    'proofs', (SELECT count(*) FROM keyturn.proofs p WHERE p.person = who AND p.state IN ('asked', 'waiting', 'allowed')),
    'tasks', (SELECT count(*) FROM keyturn.revocations v WHERE v.assignee = who AND v.state <> 'done'),
    'reviews', (SELECT count(*) FROM keyturn.reviews o WHERE o.person = who AND o.state = 'owed'),
    'proposals', (SELECT count(*) FROM keyturn.proposals p WHERE p.proposer = who AND p.state = 'waiting'),
    'shown', (SELECT count(*) FROM (SELECT DISTINCT e."grant", e.secret_version FROM keyturn.exposures e
      WHERE e.person = who AND NOT EXISTS (SELECT FROM keyturn.secrets s
        WHERE s.client = e.client AND s.account = e.account AND s.version > e.secret_version)) x),
    'showings', (SELECT count(*) FROM keyturn.exposures e WHERE e.person = who),
    'leaving', (SELECT count(*) FROM keyturn.sweeps s WHERE s.origin = 'automatic' AND s.at > keyturn.now() - interval '1 hour'));
END $$;
