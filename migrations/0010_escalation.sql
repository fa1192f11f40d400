-- More time and other people: a grant whose time is up is never made longer, and a request's cards follow who may decide it.

CREATE OR REPLACE FUNCTION keyturn.check_longer() RETURNS trigger LANGUAGE plpgsql AS $$
-- A grant ends no later than it was born to, but for the extensions of it that were approved while it gave access.
BEGIN
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
CREATE FUNCTION keyturn.notice_pending() RETURNS trigger LANGUAGE plpgsql AS $$
-- An apply or a sweep may have taken an approver away, or brought one: the cards of what waits are brought to that.
BEGIN
  PERFORM keyturn.notice('request', r.id) FROM keyturn.requests r WHERE r.state = 'pending';
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER notice_pending AFTER UPDATE OF directory_version ON keyturn.deployment FOR EACH ROW
  WHEN (NEW.directory_version <> OLD.directory_version) EXECUTE FUNCTION keyturn.notice_pending();
--> statement-breakpoint
ALTER TABLE keyturn.deployment ENABLE ALWAYS TRIGGER notice_pending;
