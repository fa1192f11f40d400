-- Thousands of ends at once: what is asked of every row asks as little of the database as it can, and no less than before.

CREATE FUNCTION keyturn.learn_arrows() RETURNS trigger LANGUAGE plpgsql AS $$
-- Writes keyturn.transitions into a function, so that a check of one row is no query. Whatever changes the table has it written anew.
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION keyturn.arrows() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$ SELECT %L::text[] $body$',
    (SELECT array_agg(t.noun || ': ' || t."from" || ' to ' || t."to" ORDER BY t.noun, t."from", t."to") FROM keyturn.transitions t));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER learn_arrows AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON keyturn.transitions FOR EACH STATEMENT EXECUTE FUNCTION keyturn.learn_arrows();
--> statement-breakpoint
ALTER TABLE keyturn.transitions ENABLE ALWAYS TRIGGER learn_arrows;
--> statement-breakpoint
UPDATE keyturn.transitions SET noun = noun WHERE noun = 'grant';
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.check_transition() RETURNS trigger LANGUAGE plpgsql AS $$
-- Refuses every arrow that is not in keyturn.transitions. TG_ARGV[0] is the noun.
DECLARE before text := CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END;
BEGIN
  IF before <> NEW.state AND NOT (TG_ARGV[0] || ': ' || before || ' to ' || NEW.state) = ANY (keyturn.arrows()) THEN
    RAISE EXCEPTION 'a % may not go from "%" to "%"', TG_ARGV[0], before, NEW.state USING ERRCODE = 'KT002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_fixed_grant() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF was IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'a row of % is never edited', TG_TABLE_NAME USING ERRCODE = 'KT003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
DROP TRIGGER never_edited ON keyturn.grants;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.grants FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed_grant();
--> statement-breakpoint
ALTER TABLE keyturn.grants ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.chain_audit() RETURNS trigger LANGUAGE plpgsql SET enable_sort = off AS $$
-- Hangs a new event on the end of its chain. The lock on the chain's end is held to the commit, so it is taken last.
-- Never sorted for: a plan made while there were few events would read all of them for each of thousands.
DECLARE
  held text := pg_advisory_xact_lock(7702, hashtext(NEW.chain))::text;
  gap interval; last_seq bigint; last_hash bytea;
BEGIN
  SELECT e.seq, e.hash, (SELECT c.shift FROM keyturn.clock c) INTO last_seq, last_hash, gap FROM keyturn.audit_events e
    WHERE e.chain = NEW.chain ORDER BY e.seq DESC LIMIT 1;
  NEW.seq := coalesce(last_seq, 0) + 1;
  NEW.prev := coalesce(last_hash, '\x00');
  NEW.at := coalesce(clock_timestamp() + gap, keyturn.now());
  NEW.hash := keyturn.audit_hash(NEW.prev, NEW);
  RETURN NEW;
END $$;
