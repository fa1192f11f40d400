-- Brokered sessions: tickets that start one, the keys that people register, and each connection on record.

CREATE TABLE "keyturn"."ssh_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"fingerprint" text NOT NULL,
	"kind" text NOT NULL,
	"comment" text NOT NULL,
	"state" text NOT NULL,
	"proof" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "ssh_keys_proof_unique" UNIQUE("proof"),
	CONSTRAINT "ssh_key_fingerprint" CHECK ("keyturn"."ssh_keys"."fingerprint" ~ '^SHA256:[A-Za-z0-9+/]{43}$'),
	CONSTRAINT "ssh_key_ended" CHECK (("keyturn"."ssh_keys"."state" = 'ended') = ("keyturn"."ssh_keys"."ended_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."tickets" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"grant" text NOT NULL,
	"client" text NOT NULL,
	"person" text NOT NULL,
	"state" text NOT NULL,
	"fails" integer NOT NULL,
	"proof" text,
	"opened_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "tickets_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "tickets_proof_unique" UNIQUE("proof"),
	CONSTRAINT "ticket_fails" CHECK ("keyturn"."tickets"."fails" between 0 and 5)
);
--> statement-breakpoint
CREATE TABLE "keyturn"."sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"grant" text NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"person" text NOT NULL,
	"ticket" text,
	"key" text,
	"address" text NOT NULL,
	"owner" text NOT NULL,
	"secret_version" integer NOT NULL,
	"idle_seconds" integer NOT NULL,
	"state" text NOT NULL,
	"why" text,
	"opened_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"end_asked_at" timestamp with time zone,
	"end_asked_by" text,
	"recording_hash" text,
	"recording_bytes" bigint,
	"recording_events" integer,
	"version" integer NOT NULL,
	CONSTRAINT "sessions_ticket_unique" UNIQUE("ticket"),
	CONSTRAINT "session_id" CHECK ("keyturn"."sessions"."id" ~ '^X-[0-9A-HJKMNP-TV-Z]{6}$'),
	CONSTRAINT "one_credential" CHECK (("keyturn"."sessions"."ticket" is null) <> ("keyturn"."sessions"."key" is null)),
	CONSTRAINT "session_ended" CHECK (("keyturn"."sessions"."state" = 'ended') = ("keyturn"."sessions"."why" is not null and "keyturn"."sessions"."ended_at" is not null)),
	CONSTRAINT "session_why" CHECK ("keyturn"."sessions"."why" in ('left', 'target-left', 'grant-over', 'holder-paused', 'key-ended', 'ended-by-lead', 'idle', 'not-recordable', 'bastion-stopped', 'target-refused', 'wrong-host-key')),
	CONSTRAINT "end_asked_by_one" CHECK (("keyturn"."sessions"."end_asked_at" is null) = ("keyturn"."sessions"."end_asked_by" is null)),
	CONSTRAINT "session_recording" CHECK ("keyturn"."sessions"."recording_hash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "keyturn"."ssh_keys" ADD CONSTRAINT "ssh_keys_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."ssh_keys" ADD CONSTRAINT "ssh_keys_proof_proofs_id_fk" FOREIGN KEY ("proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."tickets" ADD CONSTRAINT "tickets_grant_grants_id_fk" FOREIGN KEY ("grant") REFERENCES "keyturn"."grants"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."tickets" ADD CONSTRAINT "tickets_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."tickets" ADD CONSTRAINT "tickets_proof_proofs_id_fk" FOREIGN KEY ("proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."sessions" ADD CONSTRAINT "sessions_grant_grants_id_fk" FOREIGN KEY ("grant") REFERENCES "keyturn"."grants"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."sessions" ADD CONSTRAINT "sessions_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."sessions" ADD CONSTRAINT "sessions_ticket_tickets_id_fk" FOREIGN KEY ("ticket") REFERENCES "keyturn"."tickets"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."sessions" ADD CONSTRAINT "sessions_key_ssh_keys_id_fk" FOREIGN KEY ("key") REFERENCES "keyturn"."ssh_keys"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."sessions" ADD CONSTRAINT "sessions_end_asked_by_people_id_fk" FOREIGN KEY ("end_asked_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "ssh_key_of_one" ON "keyturn"."ssh_keys" USING btree ("fingerprint") WHERE "keyturn"."ssh_keys"."state" = 'active';
--> statement-breakpoint
CREATE INDEX "ssh_keys_of" ON "keyturn"."ssh_keys" USING btree ("person") WHERE "keyturn"."ssh_keys"."state" = 'active';
--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_ticket" ON "keyturn"."tickets" USING btree ("grant") WHERE "keyturn"."tickets"."state" = 'open';
--> statement-breakpoint
CREATE INDEX "tickets_of_grant" ON "keyturn"."tickets" USING btree ("grant","expires_at");
--> statement-breakpoint
CREATE INDEX "sessions_of_grant" ON "keyturn"."sessions" USING btree ("grant","opened_at");
--> statement-breakpoint
CREATE INDEX "sessions_of_person" ON "keyturn"."sessions" USING btree ("person","opened_at");
--> statement-breakpoint
CREATE INDEX "open_sessions" ON "keyturn"."sessions" USING btree ("seen_at") WHERE "keyturn"."sessions"."state" = 'open';
--> statement-breakpoint
INSERT INTO keyturn.transitions (noun, "from", "to") VALUES
  ('ticket', '', 'open'), ('ticket', 'open', 'spent'), ('ticket', 'open', 'dead'),
  ('session', '', 'open'), ('session', 'open', 'ended'),
  ('ssh-key', '', 'active'), ('ssh-key', 'active', 'ended');
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.tickets FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('ticket');
--> statement-breakpoint
ALTER TABLE keyturn.tickets ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.sessions FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('session');
--> statement-breakpoint
ALTER TABLE keyturn.sessions ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.ssh_keys FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('ssh-key');
--> statement-breakpoint
ALTER TABLE keyturn.ssh_keys ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.tickets FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'fails', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.tickets ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.sessions FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'why', 'seen_at', 'ended_at', 'end_asked_at', 'end_asked_by', 'recording_hash', 'recording_bytes', 'recording_events', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.sessions ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.ssh_keys FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'ended_at', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.ssh_keys ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.tickets FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.tickets ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.sessions FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.sessions ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.ssh_keys FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.ssh_keys ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.tickets FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.tickets ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.sessions FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.sessions ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.ssh_keys FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.ssh_keys ENABLE ALWAYS TRIGGER never_truncated;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_ssh_key() RETURNS trigger LANGUAGE plpgsql AS $$
-- A key is its person's by a factor that they had before.
BEGIN
  PERFORM keyturn.check_spent(NEW.proof, NEW.person, 'add-ssh-key', 'person', NEW.person);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE INSERT ON keyturn.ssh_keys FOR EACH ROW EXECUTE FUNCTION keyturn.check_ssh_key();
--> statement-breakpoint
ALTER TABLE keyturn.ssh_keys ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
-- A ticket is the holder's, for ten minutes at most, by a proof of its own or, once, by that of the break-glass itself.
DECLARE g keyturn.grants;
BEGIN
  SELECT * INTO g FROM keyturn.grants WHERE id = NEW."grant";
  IF g.delivery <> 'ssh' OR g.holder <> NEW.person OR g.client <> NEW.client
    OR NEW.expires_at > least(NEW.opened_at + interval '10 minutes', g.ends_at) THEN
    RAISE EXCEPTION 'a ticket is the holder''s, for ten minutes' USING ERRCODE = 'KT004';
  END IF;
  IF g.state <> 'active' OR g.ends_at <= keyturn.now() THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  PERFORM FROM keyturn.requests r WHERE r.id = g.request AND r.proof = NEW.proof AND r.requester = NEW.person;
  IF NOT FOUND AND (NEW.proof IS NOT NULL OR keyturn.must_prove(g.client, g.account, 'reveal')) THEN
    PERFORM keyturn.check_spent(NEW.proof, NEW.person, 'connect', 'grant', NEW."grant");
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER proven BEFORE INSERT ON keyturn.tickets FOR EACH ROW EXECUTE FUNCTION keyturn.check_ticket();
--> statement-breakpoint
ALTER TABLE keyturn.tickets ENABLE ALWAYS TRIGGER proven;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_session() RETURNS trigger LANGUAGE plpgsql AS $$
-- Nobody is let in but the holder of a grant that gives access now: by a ticket that this very connection spends; or by a
-- key of theirs, while the window of their press is open, or where a connection by the same key and from the same address
-- is open or was left within the idle limit. What a lead has ended opens nothing for what comes after it.
DECLARE
  g keyturn.grants;
  this_moment timestamptz := keyturn.now();
  cut timestamptz;
BEGIN
  SELECT * INTO g FROM keyturn.grants WHERE id = NEW."grant";
  IF g.delivery <> 'ssh' OR g.holder <> NEW.person OR (g.client, g.account) <> (NEW.client, NEW.account) THEN
    RAISE EXCEPTION 'a session is the holder''s' USING ERRCODE = 'KT004';
  END IF;
  IF g.state <> 'active' OR g.ends_at <= this_moment THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  IF NEW.ticket IS NOT NULL THEN
    PERFORM FROM keyturn.tickets t WHERE t.id = NEW.ticket AND t."grant" = NEW."grant" AND t.person = NEW.person AND t.state = 'spent';
    IF NOT FOUND THEN RAISE EXCEPTION 'a session spends its own ticket' USING ERRCODE = 'KT004'; END IF;
    PERFORM FROM keyturn.tickets t WHERE t.id = NEW.ticket AND t.expires_at > this_moment;
    IF NOT FOUND THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
    RETURN NEW;
  END IF;
  PERFORM FROM keyturn.ssh_keys k WHERE k.id = NEW.key AND k.person = NEW.person;
  IF NOT FOUND THEN RAISE EXCEPTION 'a key is its person''s' USING ERRCODE = 'KT004'; END IF;
  PERFORM FROM keyturn.ssh_keys k WHERE k.id = NEW.key AND k.state = 'active' FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  cut := coalesce((SELECT max(s.end_asked_at) FROM keyturn.sessions s WHERE s."grant" = NEW."grant"), '-infinity');
  PERFORM FROM keyturn.tickets t WHERE t."grant" = NEW."grant" AND t.state <> 'dead' AND t.expires_at > this_moment AND t.opened_at > cut;
  IF FOUND THEN RETURN NEW; END IF;
  PERFORM FROM keyturn.sessions s WHERE s."grant" = NEW."grant" AND s.key = NEW.key AND s.address = NEW.address AND s.opened_at > cut
    AND (s.state = 'open' OR (s.why IN ('left', 'target-left') AND s.ended_at > this_moment - make_interval(secs => s.idle_seconds)));
  IF NOT FOUND THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER admitted BEFORE INSERT ON keyturn.sessions FOR EACH ROW EXECUTE FUNCTION keyturn.check_session();
--> statement-breakpoint
ALTER TABLE keyturn.sessions ENABLE ALWAYS TRIGGER admitted;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_session_kept() RETURNS trigger LANGUAGE plpgsql AS $$
-- How a session ended, who had it ended and what its recording hashes to are said once.
BEGIN
  IF (OLD.state = 'ended' AND (OLD.why, OLD.ended_at, OLD.end_asked_at) IS DISTINCT FROM (NEW.why, NEW.ended_at, NEW.end_asked_at))
    OR (OLD.end_asked_at IS NOT NULL AND (OLD.end_asked_at, OLD.end_asked_by) IS DISTINCT FROM (NEW.end_asked_at, NEW.end_asked_by))
    OR (OLD.recording_hash IS NOT NULL AND (OLD.recording_hash, OLD.recording_bytes, OLD.recording_events)
      IS DISTINCT FROM (NEW.recording_hash, NEW.recording_bytes, NEW.recording_events)) THEN
    RAISE EXCEPTION 'what is on record of a session stays' USING ERRCODE = 'KT003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER said_once BEFORE UPDATE ON keyturn.sessions FOR EACH ROW EXECUTE FUNCTION keyturn.check_session_kept();
--> statement-breakpoint
ALTER TABLE keyturn.sessions ENABLE ALWAYS TRIGGER said_once;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_ssh_key(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.ssh_keys := jsonb_populate_record(NULL::keyturn.ssh_keys, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.ssh_keys VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.ssh_keys k SET state = n.state, ended_at = n.ended_at, version = n.version
    WHERE k.id = n.id AND k.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_ticket(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.tickets := jsonb_populate_record(NULL::keyturn.tickets, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.tickets VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.tickets t SET state = n.state, fails = n.fails, version = n.version
    WHERE t.id = n.id AND t.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_session(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.sessions := jsonb_populate_record(NULL::keyturn.sessions, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.sessions VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.sessions s SET state = n.state, why = n.why, ended_at = n.ended_at, end_asked_at = n.end_asked_at,
    end_asked_by = n.end_asked_by, recording_hash = n.recording_hash, recording_bytes = n.recording_bytes,
    recording_events = n.recording_events, version = n.version
    WHERE s.id = n.id AND s.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
DO $$
-- keyturn.put learns three nouns; whatever it knew before, it still knows.
DECLARE
  was text := pg_get_functiondef('keyturn.put(text, jsonb)'::regprocedure);
  place text := E'    WHEN ''all'' THEN';
BEGIN
  IF position(place IN was) = 0 THEN RAISE EXCEPTION 'keyturn.put is not as it was left'; END IF;
  EXECUTE replace(was, place, E'    WHEN ''ssh-key'' THEN RETURN keyturn.put_ssh_key(w);\n'
    || E'    WHEN ''ticket'' THEN RETURN keyturn.put_ticket(w);\n'
    || E'    WHEN ''session'' THEN RETURN keyturn.put_session(w);\n' || place);
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.holds(g jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- Whether what was judged by still holds; where it does, it goes on holding until the commit.
BEGIN
  CASE g->>'noun'
    WHEN 'live-grant' THEN
      PERFORM FROM keyturn.grants WHERE id = g->>'id' AND state = 'active' AND ends_at > keyturn.now() FOR SHARE;
    WHEN 'exposures' THEN
      -- A showing or a session holds the grant for share to its own commit: once this lock is had, each is counted.
      PERFORM FROM keyturn.grants WHERE id = g->>'id' FOR NO KEY UPDATE;
      PERFORM WHERE (g->>'count')::int = (SELECT count(*) FROM keyturn.exposures e WHERE e."grant" = g->>'id')
        + (SELECT count(*) FROM keyturn.sessions s WHERE s."grant" = g->>'id');
    WHEN 'exposures-of' THEN
      -- The same of many grants, locked in one order.
      PERFORM FROM keyturn.grants WHERE id IN (SELECT jsonb_object_keys(g->'counts')) ORDER BY id FOR NO KEY UPDATE;
      PERFORM WHERE NOT EXISTS (
        SELECT FROM jsonb_each_text(g->'counts') c
        LEFT JOIN (SELECT u."grant", count(*) AS n FROM
            (SELECT e."grant" FROM keyturn.exposures e WHERE e."grant" IN (SELECT jsonb_object_keys(g->'counts'))
             UNION ALL SELECT x."grant" FROM keyturn.sessions x WHERE x."grant" IN (SELECT jsonb_object_keys(g->'counts'))) u
          GROUP BY u."grant") s ON s."grant" = c.key
        WHERE coalesce(s.n, 0) <> c.value::bigint);
    WHEN 'holdings' THEN
      PERFORM WHERE keyturn.holdings(g->>'id') = g->'counts';
    WHEN 'live-link' THEN
      PERFORM FROM keyturn.links WHERE id = g->>'id' AND expires_at > keyturn.now();
    WHEN 'secret' THEN
      PERFORM WHERE (g->>'version')::int = (SELECT coalesce(max(version), 0) FROM keyturn.secrets
        WHERE client = g->>'client' AND account = g->>'account');
    WHEN 'unpaused' THEN
      PERFORM WHERE NOT keyturn.is_paused(g->>'id');
  END CASE;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.is_paused(who text) RETURNS boolean LANGUAGE sql STABLE AS $$
-- Whether somebody may do nothing until a lead has settled what happened.
  SELECT EXISTS (SELECT FROM keyturn.alerts a WHERE a.person = who AND a.state = 'open')
    OR EXISTS (SELECT FROM keyturn.sweeps s WHERE s.person = who AND s.state = 'waiting' AND s.access_ended_at IS NOT NULL)
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.holdings(who text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
-- How much of each kind a person holds: what a sweep was judged by. Whoever compares holds the directory's lock alone.
-- `shown`: what they were shown and nobody has changed. `showings`: how often they were shown anything.
-- `connections`: how often they were let in anywhere. `leaving`: how many were swept by themselves within the hour.
BEGIN
  RETURN jsonb_build_object(
    'grants', (SELECT count(*) FROM keyturn.grants g WHERE g.holder = who AND g.state <> 'ended'),
    'links', (SELECT count(*) FROM keyturn.links l WHERE l.person = who AND l.state NOT IN ('spent', 'dead')),
    'requests', (SELECT count(*) FROM keyturn.requests r WHERE r.requester = who AND r.state = 'pending'),
    'votes', (SELECT count(*) FROM keyturn.decisions d JOIN keyturn.requests r ON r.id = d.request
      WHERE d.person = who AND r.state = 'pending'),
    'identities', (SELECT count(*) FROM keyturn.identities i WHERE i.person = who AND i.ended_at IS NULL),
    'factors', (SELECT count(*) FROM keyturn.factors f WHERE f.person = who AND f.state <> 'ended'),
    'sshKeys', (SELECT count(*) FROM keyturn.ssh_keys k WHERE k.person = who AND k.state = 'active'),
    'sessions', (SELECT count(*) FROM keyturn.sessions x WHERE x.person = who AND x.state = 'open'),
    'connections', (SELECT count(*) FROM keyturn.sessions x WHERE x.person = who),
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
