-- Custody: what grants make at their systems, what their ends undo there, and passwords on their way to a target.

ALTER TABLE "keyturn"."grants" ADD COLUMN "target" jsonb;
--> statement-breakpoint
ALTER TABLE "keyturn"."grants" ADD COLUMN "made" jsonb;
--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD COLUMN "undo" jsonb;
--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD COLUMN "tried" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD COLUMN "tried_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD COLUMN "trouble" text;
--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD CONSTRAINT "undo_at_target" CHECK (("keyturn"."revocations"."kind" = 'target') = ("keyturn"."revocations"."undo" is not null));
--> statement-breakpoint
CREATE TABLE "keyturn"."rotations" (
	"id" text PRIMARY KEY NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"cause" text NOT NULL,
	"state" text NOT NULL,
	"secret_version" integer,
	"sealed" text,
	"asked_at" timestamp with time zone NOT NULL,
	"asked_by" text,
	"settled_at" timestamp with time zone,
	"tried" integer NOT NULL,
	"tried_at" timestamp with time zone,
	"trouble" text,
	"version" integer NOT NULL,
	CONSTRAINT "rotation_cause" CHECK ("keyturn"."rotations"."cause" in ('used', 'schedule', 'asked', 'insisted', 'offboarded')),
	CONSTRAINT "prepared_has_secret" CHECK ("keyturn"."rotations"."state" not in ('prepared', 'done') or ("keyturn"."rotations"."secret_version" is not null and "keyturn"."rotations"."sealed" is not null)),
	CONSTRAINT "settled_has_end" CHECK (("keyturn"."rotations"."state" in ('done', 'dropped')) = ("keyturn"."rotations"."settled_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "keyturn"."rotations" ADD CONSTRAINT "rotations_asked_by_people_id_fk" FOREIGN KEY ("asked_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "one_rotation_an_account" ON "keyturn"."rotations" USING btree ("client","account") WHERE "keyturn"."rotations"."state" in ('asked', 'prepared');
--> statement-breakpoint
INSERT INTO keyturn.transitions (noun, "from", "to") VALUES
  ('rotation', '', 'asked'), ('rotation', '', 'prepared'), ('rotation', 'asked', 'prepared'), ('rotation', 'asked', 'dropped'),
  ('rotation', 'prepared', 'done'), ('rotation', 'prepared', 'dropped');
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.rotations FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('rotation');
--> statement-breakpoint
ALTER TABLE keyturn.rotations ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.rotations FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('cause', 'state', 'secret_version', 'sealed', 'asked_by', 'settled_at', 'tried', 'tried_at', 'trouble', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.rotations ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_rotation() RETURNS trigger LANGUAGE plpgsql AS $$
-- A password that a target may have is never forgotten: once it is sealed it stays, whatever becomes of the rotation.
BEGIN
  IF OLD.sealed IS NOT NULL AND (NEW.sealed, NEW.secret_version) IS DISTINCT FROM (OLD.sealed, OLD.secret_version) THEN
    RAISE EXCEPTION 'a prepared password is never replaced' USING ERRCODE = 'KT003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER never_forgotten BEFORE UPDATE ON keyturn.rotations FOR EACH ROW EXECUTE FUNCTION keyturn.check_rotation();
--> statement-breakpoint
ALTER TABLE keyturn.rotations ENABLE ALWAYS TRIGGER never_forgotten;
--> statement-breakpoint
DROP TRIGGER never_edited ON keyturn.revocations;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.revocations FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'assignee', 'done_at', 'done_by', 'proof', 'version', 'tried', 'tried_at', 'trouble');
--> statement-breakpoint
ALTER TABLE keyturn.revocations ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.check_fixed_grant() RETURNS trigger LANGUAGE plpgsql AS $$
-- The same as keyturn.check_fixed, for the rows of which thousands change at once: what isn't named here stays.
DECLARE was keyturn.grants := OLD;
BEGIN
  was.state := NEW.state;
  was.outcome := NEW.outcome;
  was.version := NEW.version;
  was.active_at := NEW.active_at;
  was.ends_at := NEW.ends_at;
  was.ended_at := NEW.ended_at;
  was.ended_by := NEW.ended_by;
  was.end_reason := NEW.end_reason;
  was.warned_at := NEW.warned_at;
  was.made := NEW.made;
  IF was IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'a row of % is never edited', TG_TABLE_NAME USING ERRCODE = 'KT003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_grant(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.grants := jsonb_populate_record(NULL::keyturn.grants, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.grants VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.grants g SET state = n.state, outcome = n.outcome, version = n.version, active_at = n.active_at,
    ends_at = n.ends_at, ended_at = n.ended_at, ended_by = n.ended_by, end_reason = n.end_reason, made = n.made
    WHERE g.id = n.id AND g.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_revocation(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.revocations := jsonb_populate_record(NULL::keyturn.revocations, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.revocations VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.revocations v SET state = n.state, assignee = n.assignee, done_at = n.done_at, done_by = n.done_by,
    proof = n.proof, version = n.version, tried = n.tried, tried_at = n.tried_at, trouble = n.trouble
    WHERE v."grant" = n."grant" AND v.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_rotation(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.rotations := jsonb_populate_record(NULL::keyturn.rotations, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.rotations VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.rotations r SET cause = n.cause, state = n.state, secret_version = n.secret_version, sealed = n.sealed,
    asked_by = n.asked_by, settled_at = n.settled_at, tried = n.tried, tried_at = n.tried_at, trouble = n.trouble,
    version = n.version
    WHERE r.id = n.id AND r.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.check_longer() RETURNS trigger LANGUAGE plpgsql AS $$
-- A grant ends no later than it was born to, counted from when it stood, but for the extensions of it that were approved
-- while it gave access.
BEGIN
  IF OLD.ends_at IS NULL AND NEW.ends_at > NEW.active_at + make_interval(secs => NEW.seconds) THEN
    RAISE EXCEPTION 'a grant lasts no longer than was approved' USING ERRCODE = 'KT004';
  END IF;
  IF NEW.ends_at <= OLD.ends_at OR OLD.ends_at IS NULL THEN RETURN NEW; END IF;
  PERFORM FROM keyturn.requests r WHERE r.extends = NEW.id AND r.state = 'approved'
    HAVING NEW.ends_at <= NEW.active_at + make_interval(secs => NEW.seconds + sum(r.seconds));
  IF NOT FOUND OR OLD.state <> 'active' OR NEW.state <> 'active' THEN
    RAISE EXCEPTION 'more time needs its approved extension' USING ERRCODE = 'KT004';
  END IF;
  IF OLD.ends_at <= keyturn.now() THEN RAISE EXCEPTION 'moved' USING ERRCODE = 'KT001'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put(noun text, w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- One row as it shall be: inserted at version 1, else updated from the version before it. False where that has moved.
BEGIN
  CASE noun
    WHEN 'request' THEN RETURN keyturn.put_request(w);
    WHEN 'grant' THEN RETURN keyturn.put_grant(w);
    WHEN 'revocation' THEN RETURN keyturn.put_revocation(w);
    WHEN 'rotation' THEN RETURN keyturn.put_rotation(w);
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
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.rotations FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.rotations ENABLE ALWAYS TRIGGER never_deleted;
