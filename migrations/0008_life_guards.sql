-- Break-glass, extension, reviews, sweeps, visits: what the database itself refuses of them, and commits of thousands of rows.

INSERT INTO keyturn.transitions (noun, "from", "to") VALUES
  ('review', '', 'owed'), ('review', 'owed', 'justified'), ('review', 'owed', 'misuse'),
  ('sweep', '', 'waiting'), ('sweep', '', 'running'), ('sweep', '', 'done'), ('sweep', 'waiting', 'running'),
  ('sweep', 'waiting', 'done'), ('sweep', 'waiting', 'dropped'), ('sweep', 'running', 'done'),
  ('visit', '', 'open'), ('visit', 'open', 'asked'), ('visit', 'open', 'dead'), ('visit', 'asked', 'confirmed'),
  ('visit', 'asked', 'dead'), ('visit', 'confirmed', 'dead');
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.reviews FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('review');
--> statement-breakpoint
ALTER TABLE keyturn.reviews ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.sweeps FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('sweep');
--> statement-breakpoint
ALTER TABLE keyturn.sweeps ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.visits FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('visit');
--> statement-breakpoint
ALTER TABLE keyturn.visits ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.reviews FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.reviews ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.sweeps FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.sweeps ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.sweep_items FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.sweep_items ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyturn.digests FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.digests ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.reviews FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.reviews ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.sweeps FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.sweeps ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.sweep_items FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.sweep_items ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.reviews FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'remind_at', 'reminders', 'allowed_by', 'allowed_until_at', 'reviewer', 'note', 'settled_at', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.reviews ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.sweeps FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'access_ended_at', 'proposer', 'proof', 'heir', 'confirmer', 'confirm_proof', 'settled_at', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.sweeps ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.sweep_items FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'done_at');
--> statement-breakpoint
ALTER TABLE keyturn.sweep_items ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.visits FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'browser_hash', 'number', 'fails', 'proof', 'expires_at', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.visits ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
DROP TRIGGER never_edited ON keyturn.requests;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.requests FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'version', 'ended_at', 'ended_by', 'escalated_at');
--> statement-breakpoint
ALTER TABLE keyturn.requests ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
DROP TRIGGER never_edited ON keyturn.grants;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.grants FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'outcome', 'version', 'active_at', 'ends_at', 'ended_at', 'ended_by', 'end_reason', 'warned_at');
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_person() RETURNS trigger LANGUAGE plpgsql AS $$
-- A tombstone stays one, whatever file or import names it.
BEGIN
  IF OLD.state = 'swept' AND NEW.state <> 'swept' THEN
    RAISE EXCEPTION 'somebody who was offboarded is not revived' USING ERRCODE = 'KT002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tombstone BEFORE UPDATE ON keyturn.people FOR EACH ROW EXECUTE FUNCTION keyturn.check_person();
--> statement-breakpoint
ALTER TABLE keyturn.people ENABLE ALWAYS TRIGGER tombstone;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_request() RETURNS trigger LANGUAGE plpgsql AS $$
-- A break-glass bears its own proof where the policy in force asks for one; an extension is of a grant that one holds.
BEGIN
  IF NEW.kind = 'break-glass' AND (NEW.proof IS NOT NULL OR keyturn.must_prove(NEW.client, NEW.account, 'break_glass')) THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.requester, 'break-glass', 'account', NEW.client || '/' || NEW.account);
  END IF;
  IF NEW.kind <> 'break-glass' AND NEW.proof IS NOT NULL THEN
    RAISE EXCEPTION 'only a break-glass bears a proof' USING ERRCODE = 'KT004';
  END IF;
  IF NEW.kind = 'extend' THEN
    PERFORM FROM keyturn.grants g WHERE g.id = NEW.extends AND g.holder = NEW.requester
      AND g.client = NEW.client AND g.account = NEW.account;
    IF NOT FOUND THEN RAISE EXCEPTION 'an extension is of one''s own grant' USING ERRCODE = 'KT004'; END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER legal_request BEFORE INSERT ON keyturn.requests FOR EACH ROW EXECUTE FUNCTION keyturn.check_request();
--> statement-breakpoint
ALTER TABLE keyturn.requests ENABLE ALWAYS TRIGGER legal_request;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_longer() RETURNS trigger LANGUAGE plpgsql AS $$
-- A grant ends no later than it was born to, but for the extensions of it that were approved.
BEGIN
  IF NEW.ends_at <= OLD.ends_at OR OLD.ends_at IS NULL THEN RETURN NEW; END IF;
  PERFORM FROM keyturn.requests r WHERE r.extends = NEW.id AND r.state = 'approved'
    HAVING NEW.ends_at <= NEW.active_at + make_interval(secs => NEW.seconds + sum(r.seconds));
  IF NOT FOUND OR OLD.state <> 'active' OR NEW.state <> 'active' THEN
    RAISE EXCEPTION 'more time needs its approved extension' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER longer BEFORE UPDATE OF ends_at ON keyturn.grants FOR EACH ROW EXECUTE FUNCTION keyturn.check_longer();
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER longer;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.check_proven_link() RETURNS trigger LANGUAGE plpgsql AS $$
-- A browser is let in by a proof of this link, or, once, by the proof of the break-glass that the grant came from;
-- from then on neither it nor its number nor the proof is another.
DECLARE g keyturn.grants;
BEGIN
  IF NEW.state <> 'confirmed' OR OLD.state = 'confirmed' THEN
    IF NEW.proof IS DISTINCT FROM OLD.proof OR (OLD.state IN ('confirmed', 'spent', 'dead')
      AND (NEW.browser_hash, NEW.number) IS DISTINCT FROM (OLD.browser_hash, OLD.number)) THEN
      RAISE EXCEPTION 'a browser that was let in stays the one' USING ERRCODE = 'KT004';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.proof IS NOT NULL THEN
    RAISE EXCEPTION 'this act needs a proof of its own' USING ERRCODE = 'KT004';
  END IF;
  SELECT * INTO g FROM keyturn.grants WHERE id = NEW."grant";
  IF NEW.purpose = 'reveal' AND NEW.proof IS NOT NULL THEN
    PERFORM FROM keyturn.requests r WHERE r.id = g.request AND r.proof = NEW.proof AND r.requester = NEW.person;
    IF FOUND THEN
      PERFORM FROM keyturn.exposures e WHERE e.proof = NEW.proof;
      IF FOUND THEN RAISE EXCEPTION 'this act needs a proof of its own' USING ERRCODE = 'KT004'; END IF;
      RETURN NEW;
    END IF;
  END IF;
  IF NEW.proof IS NOT NULL OR keyturn.must_prove(g.client, g.account, 'reveal') THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.person, 'reveal', 'link', NEW.id);
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.check_proven_exposure() RETURNS trigger LANGUAGE plpgsql AS $$
-- A showing bears the proof that let its link's browser in, or, at a terminal, that of the break-glass itself; each proof shows once.
DECLARE g keyturn.grants;
BEGIN
  SELECT * INTO g FROM keyturn.grants WHERE id = NEW."grant";
  IF NEW.proof IS NULL AND NOT keyturn.must_prove(g.client, g.account, 'reveal') THEN RETURN NEW; END IF;
  PERFORM FROM keyturn.links l WHERE l.proof = NEW.proof AND l."grant" = NEW."grant" AND l.person = NEW.person
    AND l.state = 'spent' AND l.purpose = 'reveal' AND NEW.client = g.client AND NEW.account = g.account;
  IF FOUND THEN RETURN NEW; END IF;
  PERFORM FROM keyturn.requests r WHERE r.id = g.request AND r.proof = NEW.proof AND r.requester = NEW.person
    AND NEW.client = g.client AND NEW.account = g.account
    AND NOT EXISTS (SELECT FROM keyturn.links l WHERE l.proof = NEW.proof);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this act needs a proof of its own' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_sweep() RETURNS trigger LANGUAGE plpgsql AS $$
-- Each lead's word on an offboarding bears that lead's own proof, once factors have ever been used.
BEGIN
  IF NEW.proof IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.proof IS NULL) THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.proposer, 'offboard', 'person', NEW.person);
  END IF;
  IF NEW.confirm_proof IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.confirm_proof IS NULL) THEN
    PERFORM keyturn.check_spent(NEW.confirm_proof, NEW.confirmer, 'offboard', 'person', NEW.person);
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE INSERT OR UPDATE ON keyturn.sweeps FOR EACH ROW EXECUTE FUNCTION keyturn.check_sweep();
--> statement-breakpoint
ALTER TABLE keyturn.sweeps ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_visit() RETURNS trigger LANGUAGE plpgsql AS $$
-- A browser that was let in stays the one, by a proof of this visit.
BEGIN
  IF NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND NEW.proof IS NOT NULL THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.person, 'visit', 'visit', NEW.id);
  END IF;
  IF OLD.state = 'confirmed' AND (NEW.browser_hash, NEW.number, NEW.proof) IS DISTINCT FROM (OLD.browser_hash, OLD.number, OLD.proof) THEN
    RAISE EXCEPTION 'a browser that was let in stays the one' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE UPDATE ON keyturn.visits FOR EACH ROW EXECUTE FUNCTION keyturn.check_visit();
--> statement-breakpoint
ALTER TABLE keyturn.visits ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_request(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.requests := jsonb_populate_record(NULL::keyturn.requests, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.requests VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.requests r SET state = n.state, version = n.version, ended_at = n.ended_at, ended_by = n.ended_by,
    escalated_at = n.escalated_at
    WHERE r.id = n.id AND r.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_revocation(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.revocations := jsonb_populate_record(NULL::keyturn.revocations, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.revocations VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.revocations v SET state = n.state, assignee = n.assignee, done_at = n.done_at, done_by = n.done_by,
    proof = n.proof, version = n.version
    WHERE v."grant" = n."grant" AND v.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.item_done() RETURNS trigger LANGUAGE plpgsql AS $$
-- What a sweep waits for is struck off by whatever makes it true, and the sweep looked at again.
BEGIN
  UPDATE keyturn.sweep_items SET state = 'done', done_at = keyturn.now()
    WHERE subject = NEW."grant" AND kind = 'exposure' AND state = 'due';
  PERFORM keyturn.notice('sweep', s.id) FROM keyturn.sweeps s
    WHERE s.state IN ('running', 'waiting') AND EXISTS (SELECT FROM keyturn.sweep_items i
      WHERE i.sweep = s.id AND i.subject = NEW."grant" AND i.kind = 'exposure');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER item_done AFTER UPDATE ON keyturn.revocations FOR EACH ROW
  WHEN (NEW.state = 'done' AND OLD.state <> 'done') EXECUTE FUNCTION keyturn.item_done();
--> statement-breakpoint
ALTER TABLE keyturn.revocations ENABLE ALWAYS TRIGGER item_done;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_review(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.reviews := jsonb_populate_record(NULL::keyturn.reviews, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.reviews VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.reviews r SET state = n.state, remind_at = n.remind_at, reminders = n.reminders,
    allowed_by = n.allowed_by, allowed_until_at = n.allowed_until_at, reviewer = n.reviewer, note = n.note,
    settled_at = n.settled_at, version = n.version
    WHERE r.request = n.request AND r.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_sweep(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.sweeps := jsonb_populate_record(NULL::keyturn.sweeps, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.sweeps VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.sweeps s SET state = n.state, access_ended_at = n.access_ended_at, proposer = n.proposer,
    proof = n.proof, heir = n.heir, confirmer = n.confirmer, confirm_proof = n.confirm_proof,
    settled_at = n.settled_at, version = n.version
    WHERE s.id = n.id AND s.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_visit(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.visits := jsonb_populate_record(NULL::keyturn.visits, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.visits VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.visits v SET state = n.state, browser_hash = n.browser_hash, number = n.number, fails = n.fails,
    proof = n.proof, expires_at = n.expires_at, version = n.version
    WHERE v.id = n.id AND v.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_all(noun text, w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- Many rows of one noun as they shall be, in one statement. False where any of them has moved.
DECLARE n bigint; most bigint := jsonb_array_length(w);
BEGIN
  CASE noun
    WHEN 'grant' THEN
      UPDATE keyturn.grants g SET state = r.state, outcome = r.outcome, version = r.version, ends_at = r.ends_at,
        ended_at = r.ended_at, ended_by = r.ended_by, end_reason = r.end_reason
        FROM jsonb_populate_recordset(NULL::keyturn.grants, w) r WHERE g.id = r.id AND g.version = r.version - 1;
    WHEN 'new-revocation' THEN
      INSERT INTO keyturn.revocations SELECT * FROM jsonb_populate_recordset(NULL::keyturn.revocations, w);
    WHEN 'revocation' THEN
      UPDATE keyturn.revocations v SET state = r.state, assignee = r.assignee, done_at = r.done_at,
        done_by = r.done_by, proof = r.proof, version = r.version
        FROM jsonb_populate_recordset(NULL::keyturn.revocations, w) r
        WHERE v."grant" = r."grant" AND v.version = r.version - 1;
    WHEN 'link' THEN
      UPDATE keyturn.links l SET state = r.state, version = r.version
        FROM jsonb_populate_recordset(NULL::keyturn.links, w) r WHERE l.id = r.id AND l.version = r.version - 1;
    WHEN 'request' THEN
      UPDATE keyturn.requests q SET state = r.state, version = r.version, ended_at = r.ended_at, ended_by = r.ended_by
        FROM jsonb_populate_recordset(NULL::keyturn.requests, w) r WHERE q.id = r.id AND q.version = r.version - 1;
    WHEN 'sweep-item' THEN
      INSERT INTO keyturn.sweep_items SELECT * FROM jsonb_populate_recordset(NULL::keyturn.sweep_items, w)
        ON CONFLICT (sweep, kind, subject) DO UPDATE SET state = sweep_items.state;
  END CASE;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n = most;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put(noun text, w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- One row as it shall be: inserted at version 1, else updated from the version before it. False where that has moved.
BEGIN
  CASE noun
    WHEN 'request' THEN RETURN keyturn.put_request(w);
    WHEN 'grant' THEN RETURN keyturn.put_grant(w);
    WHEN 'revocation' THEN RETURN keyturn.put_revocation(w);
    WHEN 'link' THEN RETURN keyturn.put_link(w);
    WHEN 'proof' THEN RETURN keyturn.put_proof(w);
    WHEN 'factor' THEN RETURN keyturn.put_factor(w);
    WHEN 'alert' THEN RETURN keyturn.put_alert(w);
    WHEN 'proposal' THEN RETURN keyturn.put_proposal(w);
    WHEN 'identity' THEN RETURN keyturn.put_identity(w);
    WHEN 'review' THEN RETURN keyturn.put_review(w);
    WHEN 'sweep' THEN RETURN keyturn.put_sweep(w);
    WHEN 'visit' THEN RETURN keyturn.put_visit(w);
    WHEN 'all' THEN RETURN keyturn.put_all(w->>'of', w->'rows');
    WHEN 'decision' THEN
      INSERT INTO keyturn.decisions SELECT * FROM jsonb_populate_record(NULL::keyturn.decisions, w);
    WHEN 'exposure' THEN
      INSERT INTO keyturn.exposures SELECT * FROM jsonb_populate_record(NULL::keyturn.exposures, w);
    WHEN 'secret' THEN
      INSERT INTO keyturn.secrets SELECT * FROM jsonb_populate_record(NULL::keyturn.secrets, w);
    WHEN 'digest' THEN
      INSERT INTO keyturn.digests SELECT * FROM jsonb_populate_record(NULL::keyturn.digests, w);
    WHEN 'delivery' THEN
      INSERT INTO keyturn.runs (key, at) VALUES (w->>'key', keyturn.now());
  END CASE;
  RETURN true;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.holdings(who text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
-- How much of each kind a person holds: what a sweep was judged by. Whoever compares holds the directory's lock alone.
BEGIN
  RETURN jsonb_build_object(
    'grants', (SELECT count(*) FROM keyturn.grants g WHERE g.holder = who AND g.state <> 'ended'),
    'links', (SELECT count(*) FROM keyturn.links l JOIN keyturn.grants g ON g.id = l."grant"
      WHERE l.person = who AND l.state NOT IN ('spent', 'dead')),
    'requests', (SELECT count(*) FROM keyturn.requests r WHERE r.requester = who AND r.state = 'pending'),
    'identities', (SELECT count(*) FROM keyturn.identities i WHERE i.person = who AND i.ended_at IS NULL),
    'factors', (SELECT count(*) FROM keyturn.factors f WHERE f.person = who AND f.state <> 'ended'),
    'proofs', (SELECT count(*) FROM keyturn.proofs p WHERE p.person = who AND p.state IN ('asked', 'waiting', 'allowed')),
    'tasks', (SELECT count(*) FROM keyturn.revocations v WHERE v.assignee = who AND v.state <> 'done'));
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
        AND NOT EXISTS (SELECT FROM keyturn.sweeps s WHERE s.person = g->>'id' AND s.state = 'waiting' AND s.origin = 'automatic');
  END CASE;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.notices(them jsonb) RETURNS void LANGUAGE plpgsql AS $$
-- The same as keyturn.notice, for as many as there are; in the order of their keys, so that two commits don't wait for each other.
BEGIN
  INSERT INTO keyturn.jobs (key, kind, payload, run_at)
  SELECT DISTINCT ON (1) (n->>'about') || ':' || (n->>'id'), n->>'about', jsonb_build_object('id', n->>'id'), keyturn.now()
  FROM jsonb_array_elements(them) n ORDER BY 1
  ON CONFLICT (key) DO UPDATE SET generation = jobs.generation + 1, run_at = least(jobs.run_at, excluded.run_at);
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.commit(change jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- State, notices and audit in one transaction, or nothing. Raises KT001 when something has moved.
-- The shared lock keeps an apply or a sweep from changing the directory between the check and the commit; a sweep takes it alone.
DECLARE
  one jsonb;
  tombstone jsonb := change->'tombstone';
BEGIN
  IF change ? 'alone' THEN PERFORM pg_advisory_xact_lock(7701); ELSE PERFORM pg_advisory_xact_lock_shared(7701); END IF;
  PERFORM FROM keyturn.deployment WHERE directory_version = (change->>'directory')::int;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR one IN SELECT * FROM jsonb_array_elements(change->'guards') LOOP
    IF NOT keyturn.holds(one) THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  END LOOP;
  FOR one IN SELECT * FROM jsonb_array_elements(change->'writes') LOOP
    IF NOT keyturn.put(one->>'put', one->'row') THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  END LOOP;
  IF tombstone IS NOT NULL THEN
    UPDATE keyturn.people SET state = 'swept', heir = tombstone->>'heir' WHERE id = tombstone->>'person' AND state <> 'swept';
    IF NOT FOUND THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
    UPDATE keyturn.deployment SET directory_version = directory_version + 1;
  END IF;
  PERFORM keyturn.notices(change->'notices');
  PERFORM keyturn.append_audit(change->'audit');
  RETURN true;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.warn_due(most int) RETURNS int LANGUAGE plpgsql AS $$
-- Ten minutes before a grant ends its holder is told, once an end; returns how many were. Short grants say their end at birth.
DECLARE n int;
BEGIN
  WITH due AS (
    SELECT id FROM keyturn.grants WHERE state = 'active' AND ends_at > keyturn.now()
      AND ends_at <= keyturn.now() + interval '10 minutes' AND active_at < ends_at - interval '10 minutes'
      AND (warned_at IS NULL OR warned_at < ends_at - interval '10 minutes')
    ORDER BY ends_at LIMIT most FOR NO KEY UPDATE SKIP LOCKED),
  warned AS (UPDATE keyturn.grants g SET warned_at = keyturn.now() FROM due WHERE g.id = due.id RETURNING g.request)
  SELECT count(keyturn.notice('request', w.request)::text) INTO n FROM warned w;
  RETURN n;
END $$;
