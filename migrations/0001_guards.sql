-- What the database itself refuses, and the one function by which state changes.
-- Facts come in, judging stays outside; the commit checks that nothing judged by has moved.

CREATE FUNCTION keyturn.now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
-- The one clock. Stable, so that indexes on instants serve; clock_timestamp(), so that a wait for a lock counts.
-- plpgsql here and below, because a function in SQL is planned anew by every statement that calls it.
BEGIN RETURN clock_timestamp() + (SELECT shift FROM keyturn.clock); END $$;
--> statement-breakpoint
INSERT INTO keyturn.clock (id, shift) VALUES (1, interval '0');
--> statement-breakpoint
INSERT INTO keyturn.transitions (noun, "from", "to") VALUES
  ('request', '', 'pending'), ('request', 'pending', 'approved'), ('request', 'pending', 'denied'),
  ('request', 'pending', 'cancelled'), ('request', 'pending', 'lapsed'),
  ('grant', '', 'provisioning'), ('grant', '', 'active'), ('grant', 'provisioning', 'active'),
  ('grant', 'provisioning', 'ended'), ('grant', 'active', 'ended'),
  ('revocation', '', 'due'), ('revocation', '', 'done'), ('revocation', 'due', 'stuck'),
  ('revocation', 'due', 'done'), ('revocation', 'stuck', 'due'), ('revocation', 'stuck', 'done'),
  ('link', '', 'open'), ('link', 'open', 'asked'), ('link', 'open', 'dead'), ('link', 'asked', 'asked'),
  ('link', 'asked', 'confirmed'), ('link', 'asked', 'dead'), ('link', 'confirmed', 'spent'),
  ('link', 'confirmed', 'asked'), ('link', 'confirmed', 'dead');
--> statement-breakpoint
CREATE FUNCTION keyturn.check_transition() RETURNS trigger LANGUAGE plpgsql AS $$
-- Refuses every arrow that is not in keyturn.transitions. TG_ARGV[0] is the noun.
DECLARE before text := CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END;
BEGIN
  IF before = NEW.state THEN RETURN NEW; END IF;
  PERFORM FROM keyturn.transitions t WHERE t.noun = TG_ARGV[0] AND t."from" = before AND t."to" = NEW.state;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a % may not go from "%" to "%"', TG_ARGV[0], before, NEW.state USING ERRCODE = 'KT002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.requests FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('request');
--> statement-breakpoint
ALTER TABLE keyturn.requests ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.grants FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('grant');
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.revocations FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('revocation');
--> statement-breakpoint
ALTER TABLE keyturn.revocations ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.links FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('link');
--> statement-breakpoint
ALTER TABLE keyturn.links ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE FUNCTION keyturn.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: its rows are history', TG_OP, TG_TABLE_NAME USING ERRCODE = 'KT003';
END $$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyturn.audit_events FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.audit_events ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyturn.decisions FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.decisions ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyturn.exposures FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.exposures ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyturn.secrets FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.secrets ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.audit_events FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.audit_events ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.decisions FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.decisions ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.exposures FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.exposures ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.secrets FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.secrets ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.requests FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.requests ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.grants FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.revocations FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.revocations ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.requests FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.requests ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.grants FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.revocations FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.revocations ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.links FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.links ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_decision() RETURNS trigger LANGUAGE plpgsql AS $$
-- Nobody decides their own request, and nobody decides one that is over.
DECLARE r keyturn.requests;
BEGIN
  SELECT * INTO r FROM keyturn.requests WHERE id = NEW.request FOR NO KEY UPDATE;
  IF r.requester = NEW.person THEN
    RAISE EXCEPTION 'the one who asks never decides' USING ERRCODE = 'KT004';
  END IF;
  IF r.state <> 'pending' THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  IF NEW.seconds > r.seconds THEN
    RAISE EXCEPTION 'an approver may shorten, not lengthen' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER legal_decision BEFORE INSERT ON keyturn.decisions FOR EACH ROW EXECUTE FUNCTION keyturn.check_decision();
--> statement-breakpoint
ALTER TABLE keyturn.decisions ENABLE ALWAYS TRIGGER legal_decision;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_grant() RETURNS trigger LANGUAGE plpgsql AS $$
-- A grant comes from an approved request, for the one who asked, for that account and no longer than asked.
BEGIN
  PERFORM FROM keyturn.requests r WHERE r.id = NEW.request AND r.state = 'approved'
    AND r.requester = NEW.holder AND r.client = NEW.client AND r.account = NEW.account AND NEW.seconds <= r.seconds;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a grant needs its approved request' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER legal_grant BEFORE INSERT ON keyturn.grants FOR EACH ROW EXECUTE FUNCTION keyturn.check_grant();
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER legal_grant;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
-- What a row was born with stays: TG_ARGV are the columns that may change.
BEGIN
  IF (to_jsonb(NEW) - TG_ARGV::text[]) IS DISTINCT FROM (to_jsonb(OLD) - TG_ARGV::text[]) THEN
    RAISE EXCEPTION 'a row of % is never edited', TG_TABLE_NAME USING ERRCODE = 'KT003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.requests FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'version', 'ended_at', 'ended_by');
--> statement-breakpoint
ALTER TABLE keyturn.requests ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.grants FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'outcome', 'version', 'active_at', 'ends_at', 'ended_at', 'ended_by', 'end_reason');
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.revocations FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'assignee', 'done_at', 'done_by', 'proof', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.revocations ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.links FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'browser_hash', 'number', 'fails', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.links ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE FUNCTION keyturn.audit_hash(prev bytea, e keyturn.audit_events) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
-- The canonical text is jsonb's own: keys sorted, one spelling for each value.
BEGIN
  RETURN sha256(prev || convert_to(jsonb_build_array(e.seq, e.chain, extract(epoch FROM e.at), e.actor, e.via,
    e.action, e.subject, e.data)::text, 'UTF8'));
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
-- Hangs a new event on the end of its chain. The lock on the chain's end is held to the commit, so it is taken last.
DECLARE last_seq bigint; last_hash bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(7702, hashtext(NEW.chain));
  SELECT seq, hash INTO last_seq, last_hash FROM keyturn.audit_events
    WHERE chain = NEW.chain ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last_seq, 0) + 1;
  NEW.prev := coalesce(last_hash, '\x00');
  NEW.at := keyturn.now();
  NEW.hash := keyturn.audit_hash(NEW.prev, NEW);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER chained BEFORE INSERT ON keyturn.audit_events FOR EACH ROW EXECUTE FUNCTION keyturn.chain_audit();
--> statement-breakpoint
ALTER TABLE keyturn.audit_events ENABLE ALWAYS TRIGGER chained;
--> statement-breakpoint
CREATE FUNCTION keyturn.append_audit(events jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO keyturn.audit_events (chain, seq, prev, hash, at, actor, via, action, subject, data)
  SELECT e->>'chain', 0, '', '', 'epoch', e->>'actor', e->>'via', e->>'action', e->>'subject', coalesce(e->'data', '{}')
  FROM jsonb_array_elements(events) AS e;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_request(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.requests := jsonb_populate_record(NULL::keyturn.requests, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.requests VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.requests r SET state = n.state, version = n.version, ended_at = n.ended_at, ended_by = n.ended_by
    WHERE r.id = n.id AND r.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_grant(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.grants := jsonb_populate_record(NULL::keyturn.grants, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.grants VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.grants g SET state = n.state, outcome = n.outcome, version = n.version, active_at = n.active_at,
    ends_at = n.ends_at, ended_at = n.ended_at, ended_by = n.ended_by, end_reason = n.end_reason
    WHERE g.id = n.id AND g.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_revocation(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.revocations := jsonb_populate_record(NULL::keyturn.revocations, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.revocations VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.revocations v SET state = n.state, assignee = n.assignee, done_at = n.done_at, done_by = n.done_by,
    proof = n.proof, version = n.version
    WHERE v."grant" = n."grant" AND v.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_link(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.links := jsonb_populate_record(NULL::keyturn.links, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.links VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.links l SET state = n.state, browser_hash = n.browser_hash, number = n.number, fails = n.fails,
    version = n.version
    WHERE l.id = n.id AND l.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put(noun text, w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- One row as it shall be: inserted at version 1, else updated from the version before it. False where that has moved.
BEGIN
  CASE noun
    WHEN 'request' THEN RETURN keyturn.put_request(w);
    WHEN 'grant' THEN RETURN keyturn.put_grant(w);
    WHEN 'revocation' THEN RETURN keyturn.put_revocation(w);
    WHEN 'link' THEN RETURN keyturn.put_link(w);
    WHEN 'decision' THEN
      INSERT INTO keyturn.decisions SELECT * FROM jsonb_populate_record(NULL::keyturn.decisions, w);
    WHEN 'exposure' THEN
      INSERT INTO keyturn.exposures SELECT * FROM jsonb_populate_record(NULL::keyturn.exposures, w);
    WHEN 'secret' THEN
      INSERT INTO keyturn.secrets SELECT * FROM jsonb_populate_record(NULL::keyturn.secrets, w);
    WHEN 'delivery' THEN
      INSERT INTO keyturn.runs (key, at) VALUES (w->>'key', keyturn.now());
    WHEN 'identity' THEN
      IF w->>'ended_at' IS NOT NULL THEN
        UPDATE keyturn.identities i SET ended_at = (w->>'ended_at')::timestamptz
          WHERE i.platform = w->>'platform' AND i.workspace = w->>'workspace' AND i.user_id = w->>'user_id'
            AND i.person = w->>'person' AND i.ended_at IS NULL;
        RETURN FOUND;
      END IF;
      INSERT INTO keyturn.identities (platform, workspace, user_id, person, linked_at)
      VALUES (w->>'platform', w->>'workspace', w->>'user_id', w->>'person', (w->>'linked_at')::timestamptz);
  END CASE;
  RETURN true;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.holds(g jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- Whether what was judged by still holds; where it does, it goes on holding until the commit.
BEGIN
  CASE g->>'noun'
    WHEN 'live-grant' THEN
      PERFORM FROM keyturn.grants WHERE id = g->>'id' AND state = 'active' AND ends_at > keyturn.now() FOR SHARE;
    WHEN 'exposures' THEN
      -- A showing holds the grant for share to its own commit: once this lock is had, every showing is counted.
      PERFORM FROM keyturn.grants WHERE id = g->>'id' FOR NO KEY UPDATE;
      PERFORM WHERE (g->>'count')::int = (SELECT count(*) FROM keyturn.exposures e WHERE e."grant" = g->>'id');
    WHEN 'live-link' THEN
      PERFORM FROM keyturn.links WHERE id = g->>'id' AND expires_at > keyturn.now();
    WHEN 'secret' THEN
      PERFORM WHERE (g->>'version')::int = (SELECT coalesce(max(version), 0) FROM keyturn.secrets
        WHERE client = g->>'client' AND account = g->>'account');
  END CASE;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.notice(k text, subject text) RETURNS void LANGUAGE plpgsql AS $$
-- A job stands once a key. One that runs now learns by its generation that it has to run again.
BEGIN
  INSERT INTO keyturn.jobs (key, kind, payload, run_at)
  VALUES (k || ':' || subject, k, jsonb_build_object('id', subject), keyturn.now())
  ON CONFLICT (key) DO UPDATE SET generation = jobs.generation + 1,
    run_at = least(jobs.run_at, excluded.run_at);
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.commit(change jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- State, notices and audit in one transaction, or nothing. Raises KT001 when something has moved.
-- The shared lock keeps an apply or a sweep from changing the directory between the check and the commit.
DECLARE
  guards jsonb := change->'guards';
  writes jsonb := change->'writes';
  notices jsonb := change->'notices';
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7701);
  PERFORM FROM keyturn.deployment WHERE directory_version = (change->>'directory')::int;
  IF NOT FOUND THEN RETURN false; END IF;
  FOR i IN 0 .. jsonb_array_length(guards) - 1 LOOP
    IF NOT keyturn.holds(guards->i) THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  END LOOP;
  FOR i IN 0 .. jsonb_array_length(writes) - 1 LOOP
    IF NOT keyturn.put(writes->i->>'put', writes->i->'row') THEN
      RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001';
    END IF;
  END LOOP;
  FOR i IN 0 .. jsonb_array_length(notices) - 1 LOOP
    PERFORM keyturn.notice(notices->i->>'about', notices->i->>'id');
  END LOOP;
  PERFORM keyturn.append_audit(change->'audit');
  RETURN true;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.verify_chain(name text) RETURNS TABLE (broken_at bigint, why text) LANGUAGE sql STABLE AS $$
  -- The first event that doesn't follow from the one before it; no row where the chain is whole.
  WITH linked AS (
    SELECT e.seq, e.prev, e.hash, keyturn.audit_hash(e.prev, e) AS should_be,
      lag(e.hash) OVER w AS before, lag(e.seq) OVER w AS seq_before
    FROM keyturn.audit_events e WHERE e.chain = name WINDOW w AS (ORDER BY e.seq)
  )
  SELECT seq, CASE
    WHEN seq <> coalesce(seq_before, 0) + 1 THEN 'an event before it is missing'
    WHEN prev <> coalesce(before, '\x00') THEN 'it doesn''t follow from the event before it'
    ELSE 'its content was changed' END
  FROM linked
  WHERE seq <> coalesce(seq_before, 0) + 1 OR prev <> coalesce(before, '\x00') OR hash <> should_be
  ORDER BY seq LIMIT 1
$$;
