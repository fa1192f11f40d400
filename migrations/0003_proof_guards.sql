-- Proofs: no protected act without one of the same person, subject and act, and none spent twice.

INSERT INTO keyturn.transitions (noun, "from", "to") VALUES
  ('proof', '', 'asked'), ('proof', 'asked', 'waiting'), ('proof', 'asked', 'failed'), ('proof', 'asked', 'timeout'),
  ('proof', 'asked', 'void'), ('proof', 'waiting', 'asked'), ('proof', 'waiting', 'allowed'),
  ('proof', 'waiting', 'denied'), ('proof', 'waiting', 'fraud'), ('proof', 'waiting', 'timeout'),
  ('proof', 'waiting', 'failed'), ('proof', 'waiting', 'void'), ('proof', 'allowed', 'spent'),
  ('proof', 'allowed', 'timeout'), ('proof', 'allowed', 'void'),
  ('factor', '', 'offered'), ('factor', 'offered', 'trying'), ('factor', 'offered', 'ended'),
  ('factor', 'trying', 'offered'), ('factor', 'trying', 'active'), ('factor', 'trying', 'ended'),
  ('factor', 'active', 'ended'),
  ('alert', '', 'told'), ('alert', '', 'open'), ('alert', 'open', 'settled');
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.proofs FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('proof');
--> statement-breakpoint
ALTER TABLE keyturn.proofs ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.factors FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('factor');
--> statement-breakpoint
ALTER TABLE keyturn.factors ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.alerts FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('alert');
--> statement-breakpoint
ALTER TABLE keyturn.alerts ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.proofs FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.proofs ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.proofs FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.proofs ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.factors FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.factors ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.alerts FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.alerts ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.factors FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.factors ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.alerts FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.alerts ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.links FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.links ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.proofs FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'method', 'wish', 'txid', 'code', 'state_hash', 'sends', 'fails', 'evidence', 'failure', 'said', 'pushed_at', 'prompted_at', 'expires_at', 'settled_at', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.proofs ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.factors FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'sealed', 'last_step', 'token_hash', 'browser_hash', 'fails', 'expires_at', 'active_at', 'ended_at', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.factors ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.alerts FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'settled_at', 'settled_by', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.alerts ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
DROP TRIGGER never_edited ON keyturn.links;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.links FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'browser_hash', 'number', 'fails', 'proof', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.links ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_factor() RETURNS trigger LANGUAGE plpgsql AS $$
-- A code's step is spent once: it only ever grows. An active authenticator keeps its secret.
BEGIN
  IF NEW.last_step < OLD.last_step OR (OLD.last_step IS NOT NULL AND NEW.last_step IS NULL)
    OR (OLD.state = 'active' AND NEW.sealed IS DISTINCT FROM OLD.sealed) THEN
    RAISE EXCEPTION 'the codes of an authenticator only go forward' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER only_forward BEFORE UPDATE ON keyturn.factors FOR EACH ROW EXECUTE FUNCTION keyturn.check_factor();
--> statement-breakpoint
ALTER TABLE keyturn.factors ENABLE ALWAYS TRIGGER only_forward;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_proof() RETURNS trigger LANGUAGE plpgsql AS $$
-- A proof that is over is history, and what a factor has said is never put in other words.
BEGIN
  IF OLD.state NOT IN ('asked', 'waiting', 'allowed')
    OR (OLD.state = 'allowed' AND (NEW.method, NEW.evidence) IS DISTINCT FROM (OLD.method, OLD.evidence)) THEN
    RAISE EXCEPTION 'what came of a proof is never edited' USING ERRCODE = 'KT003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER only_forward BEFORE UPDATE ON keyturn.proofs FOR EACH ROW EXECUTE FUNCTION keyturn.check_proof();
--> statement-breakpoint
ALTER TABLE keyturn.proofs ENABLE ALWAYS TRIGGER only_forward;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_alert() RETURNS trigger LANGUAGE plpgsql AS $$
-- What waits to be settled is settled by somebody, and never by the one whom it is about.
BEGIN
  IF NEW.state = 'settled' AND (NEW.settled_by IS NULL OR NEW.settled_by = NEW.person) THEN
    RAISE EXCEPTION 'an incident is settled by another person' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER settled_by_somebody BEFORE UPDATE ON keyturn.alerts FOR EACH ROW EXECUTE FUNCTION keyturn.check_alert();
--> statement-breakpoint
ALTER TABLE keyturn.alerts ENABLE ALWAYS TRIGGER settled_by_somebody;
--> statement-breakpoint
CREATE FUNCTION keyturn.must_prove(c text, a text, act text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
-- Whether the policy in force of this account asks for a factor at this act.
BEGIN
  RETURN coalesce((SELECT (p.spec->'mfa'->>act)::boolean FROM keyturn.accounts x
    JOIN keyturn.policies p ON p.id = x.spec->>'policy' AND p.current
    WHERE x.client = c AND x.id = a), false);
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_spent(proof text, who text, what text, kind text, subject text) RETURNS void LANGUAGE plpgsql AS $$
-- The proof that an act bears is spent, and of this person, act and subject; or the act is refused.
BEGIN
  PERFORM FROM keyturn.proofs p WHERE p.id = proof AND p.state = 'spent' AND p.person = who AND p.act = what
    AND p.subject_kind = kind AND p.subject_id = subject;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this act needs a proof of its own' USING ERRCODE = 'KT004';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_proven_offer() RETURNS trigger LANGUAGE plpgsql AS $$
-- An authenticator is offered on a proof of whoever offers it, each on its own; without one only before there is any factor.
BEGIN
  IF NEW.proof IS NULL THEN
    PERFORM FROM keyturn.factors WHERE active_at IS NOT NULL
      UNION ALL SELECT FROM keyturn.proofs WHERE evidence IS NOT NULL LIMIT 1;
    IF FOUND THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
    RETURN NEW;
  END IF;
  PERFORM keyturn.check_spent(NEW.proof, NEW.offered_by, 'offer-factor', 'person', NEW.person);
  PERFORM FROM keyturn.factors f WHERE f.proof = NEW.proof;
  IF FOUND THEN RAISE EXCEPTION 'this act needs a proof of its own' USING ERRCODE = 'KT004'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE INSERT ON keyturn.factors FOR EACH ROW EXECUTE FUNCTION keyturn.check_proven_offer();
--> statement-breakpoint
ALTER TABLE keyturn.factors ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_proven_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r keyturn.requests;
BEGIN
  IF NEW.verdict <> 'approve' THEN RETURN NEW; END IF;
  SELECT * INTO r FROM keyturn.requests WHERE id = NEW.request;
  IF NEW.proof IS NOT NULL OR keyturn.must_prove(r.client, r.account, 'approve') THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.person, 'approve', 'request', NEW.request);
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE INSERT ON keyturn.decisions FOR EACH ROW EXECUTE FUNCTION keyturn.check_proven_decision();
--> statement-breakpoint
ALTER TABLE keyturn.decisions ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_proven_link() RETURNS trigger LANGUAGE plpgsql AS $$
-- A browser is let in by a proof of this link; from then on neither it nor its number nor the proof is another.
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
  IF NEW.proof IS NOT NULL OR keyturn.must_prove(g.client, g.account, 'reveal') THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.person, 'reveal', 'link', NEW.id);
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE UPDATE ON keyturn.links FOR EACH ROW EXECUTE FUNCTION keyturn.check_proven_link();
--> statement-breakpoint
ALTER TABLE keyturn.links ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_proven_exposure() RETURNS trigger LANGUAGE plpgsql AS $$
-- A showing bears the proof that let its link's browser in; each proof shows once.
DECLARE g keyturn.grants;
BEGIN
  SELECT * INTO g FROM keyturn.grants WHERE id = NEW."grant";
  IF NEW.proof IS NULL AND NOT keyturn.must_prove(g.client, g.account, 'reveal') THEN RETURN NEW; END IF;
  PERFORM FROM keyturn.links l WHERE l.proof = NEW.proof AND l."grant" = NEW."grant" AND l.person = NEW.person
    AND l.state = 'spent' AND l.purpose = 'reveal' AND NEW.client = g.client AND NEW.account = g.account;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this act needs a proof of its own' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE INSERT ON keyturn.exposures FOR EACH ROW EXECUTE FUNCTION keyturn.check_proven_exposure();
--> statement-breakpoint
ALTER TABLE keyturn.exposures ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_link(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.links := jsonb_populate_record(NULL::keyturn.links, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.links VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.links l SET state = n.state, browser_hash = n.browser_hash, number = n.number, fails = n.fails,
    proof = n.proof, version = n.version
    WHERE l.id = n.id AND l.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_proof(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.proofs := jsonb_populate_record(NULL::keyturn.proofs, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.proofs VALUES (n.*); RETURN true; END IF;
  -- A proof is for now: past its end it is not spent, whoever has waited for a lock meanwhile.
  UPDATE keyturn.proofs p SET state = n.state, method = n.method, wish = n.wish, txid = n.txid, code = n.code,
    state_hash = n.state_hash, sends = n.sends, fails = n.fails, evidence = n.evidence, failure = n.failure,
    said = n.said, pushed_at = n.pushed_at, prompted_at = n.prompted_at, expires_at = n.expires_at,
    settled_at = n.settled_at, version = n.version
    WHERE p.id = n.id AND p.version = n.version - 1 AND (n.state <> 'spent' OR p.expires_at > keyturn.now());
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_factor(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.factors := jsonb_populate_record(NULL::keyturn.factors, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.factors VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.factors f SET state = n.state, sealed = n.sealed, last_step = n.last_step, token_hash = n.token_hash,
    browser_hash = n.browser_hash, fails = n.fails, expires_at = n.expires_at, active_at = n.active_at,
    ended_at = n.ended_at, version = n.version
    WHERE f.id = n.id AND f.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_alert(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.alerts := jsonb_populate_record(NULL::keyturn.alerts, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.alerts VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.alerts a SET state = n.state, settled_at = n.settled_at, settled_by = n.settled_by, version = n.version
    WHERE a.id = n.id AND a.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_identity(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- Ended, completed by a factor, or met for the first time.
BEGIN
  IF w->>'ended_at' IS NOT NULL THEN
    UPDATE keyturn.identities i SET ended_at = (w->>'ended_at')::timestamptz
      WHERE i.platform = w->>'platform' AND i.workspace = w->>'workspace' AND i.user_id = w->>'user_id'
        AND i.person = w->>'person' AND i.ended_at IS NULL;
    RETURN FOUND;
  END IF;
  UPDATE keyturn.identities i SET proven_at = (w->>'proven_at')::timestamptz
    WHERE i.platform = w->>'platform' AND i.workspace = w->>'workspace' AND i.user_id = w->>'user_id'
      AND i.person = w->>'person' AND i.ended_at IS NULL AND i.proven_at IS NULL AND w->>'proven_at' IS NOT NULL;
  IF FOUND THEN RETURN true; END IF;
  INSERT INTO keyturn.identities (platform, workspace, user_id, person, linked_at, proven_at)
  VALUES (w->>'platform', w->>'workspace', w->>'user_id', w->>'person', (w->>'linked_at')::timestamptz,
    (w->>'proven_at')::timestamptz);
  RETURN true;
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
    WHEN 'identity' THEN RETURN keyturn.put_identity(w);
    WHEN 'decision' THEN
      INSERT INTO keyturn.decisions SELECT * FROM jsonb_populate_record(NULL::keyturn.decisions, w);
    WHEN 'exposure' THEN
      INSERT INTO keyturn.exposures SELECT * FROM jsonb_populate_record(NULL::keyturn.exposures, w);
    WHEN 'secret' THEN
      INSERT INTO keyturn.secrets SELECT * FROM jsonb_populate_record(NULL::keyturn.secrets, w);
    WHEN 'delivery' THEN
      INSERT INTO keyturn.runs (key, at) VALUES (w->>'key', keyturn.now());
  END CASE;
  RETURN true;
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
    WHEN 'live-link' THEN
      PERFORM FROM keyturn.links WHERE id = g->>'id' AND expires_at > keyturn.now();
    WHEN 'secret' THEN
      PERFORM WHERE (g->>'version')::int = (SELECT coalesce(max(version), 0) FROM keyturn.secrets
        WHERE client = g->>'client' AND account = g->>'account');
    WHEN 'unpaused' THEN
      PERFORM WHERE NOT EXISTS (SELECT FROM keyturn.alerts a
        WHERE a.person = g->>'id' AND a.state = 'open' AND a.kind = 'fraud');
  END CASE;
  RETURN FOUND;
END $$;
