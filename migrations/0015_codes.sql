-- One-time codes beside a password that was shown: Keyturn's own on the page, or a contact's, handed over sealed and once.

CREATE TABLE "keyturn"."code_windows" (
	"link" text PRIMARY KEY NOT NULL,
	"held_by" text NOT NULL,
	"shown" integer NOT NULL,
	"last_step" bigint,
	"opened_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "codes_held_by" CHECK ("keyturn"."code_windows"."held_by" in ('keyturn', 'contacts'))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."code_asks" (
	"id" text PRIMARY KEY NOT NULL,
	"link" text NOT NULL,
	"n" integer NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"sealed" text,
	"typed_by" text,
	"typed_at" timestamp with time zone,
	"handed_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "one_ask_a_number" UNIQUE("link","n"),
	CONSTRAINT "asked_at_most" CHECK ("keyturn"."code_asks"."n" between 1 and 3),
	CONSTRAINT "sealed_while_typed" CHECK (("keyturn"."code_asks"."state" = 'typed') = ("keyturn"."code_asks"."sealed" is not null)),
	CONSTRAINT "typed_by_one" CHECK (("keyturn"."code_asks"."typed_by" is null) = ("keyturn"."code_asks"."typed_at" is null)),
	CONSTRAINT "handed_once" CHECK (("keyturn"."code_asks"."state" = 'handed') = ("keyturn"."code_asks"."handed_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "keyturn"."code_windows" ADD CONSTRAINT "code_windows_link_links_id_fk" FOREIGN KEY ("link") REFERENCES "keyturn"."links"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."code_asks" ADD CONSTRAINT "code_asks_link_code_windows_link_fk" FOREIGN KEY ("link") REFERENCES "keyturn"."code_windows"("link") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."code_asks" ADD CONSTRAINT "code_asks_typed_by_people_id_fk" FOREIGN KEY ("typed_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_ask" ON "keyturn"."code_asks" USING btree ("link") WHERE "keyturn"."code_asks"."state" in ('asked', 'typed');
--> statement-breakpoint
INSERT INTO keyturn.transitions (noun, "from", "to") VALUES
  ('code-ask', '', 'asked'), ('code-ask', 'asked', 'typed'), ('code-ask', 'asked', 'over'),
  ('code-ask', 'typed', 'handed'), ('code-ask', 'typed', 'over');
--> statement-breakpoint
CREATE TRIGGER legal_transition BEFORE INSERT OR UPDATE ON keyturn.code_asks FOR EACH ROW EXECUTE FUNCTION keyturn.check_transition('code-ask');
--> statement-breakpoint
ALTER TABLE keyturn.code_asks ENABLE ALWAYS TRIGGER legal_transition;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.code_asks FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('state', 'until_at', 'sealed', 'typed_by', 'typed_at', 'handed_at', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.code_asks ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_edited BEFORE UPDATE ON keyturn.code_windows FOR EACH ROW EXECUTE FUNCTION keyturn.check_fixed('shown', 'last_step', 'version');
--> statement-breakpoint
ALTER TABLE keyturn.code_windows ENABLE ALWAYS TRIGGER never_edited;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.code_asks FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.code_asks ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE TRIGGER never_deleted BEFORE DELETE ON keyturn.code_windows FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change();
--> statement-breakpoint
ALTER TABLE keyturn.code_windows ENABLE ALWAYS TRIGGER never_deleted;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_code_window() RETURNS trigger LANGUAGE plpgsql AS $$
-- Codes follow a showing of their own link's, and never outlive it by more than five minutes.
BEGIN
  PERFORM FROM keyturn.links l WHERE l.id = NEW.link AND l.state = 'spent' AND l.purpose = 'reveal';
  IF NOT FOUND OR NEW.until_at > NEW.opened_at + interval '5 minutes' THEN
    RAISE EXCEPTION 'codes need their showing' USING ERRCODE = 'KT004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER legal_window BEFORE INSERT ON keyturn.code_windows FOR EACH ROW EXECUTE FUNCTION keyturn.check_code_window();
--> statement-breakpoint
ALTER TABLE keyturn.code_windows ENABLE ALWAYS TRIGGER legal_window;
--> statement-breakpoint
CREATE FUNCTION keyturn.check_code_ask() RETURNS trigger LANGUAGE plpgsql AS $$
-- Neither side alone signs in: the one who was shown the password never types the code. What was typed lies for a minute at most.
BEGIN
  PERFORM FROM keyturn.links l JOIN keyturn.code_windows w ON w.link = l.id
    WHERE l.id = NEW.link AND w.held_by = 'contacts' AND l.person IS DISTINCT FROM NEW.typed_by AND NEW.until_at <= w.until_at;
  IF NOT FOUND OR NEW.until_at > NEW.typed_at + interval '1 minute' THEN
    RAISE EXCEPTION 'a code comes from the other side, for a minute' USING ERRCODE = 'KT004';
  END IF;
  IF NEW.state = 'typed' THEN
    PERFORM FROM keyturn.people p JOIN keyturn.links l ON l.id = NEW.link JOIN keyturn.grants g ON g.id = l."grant"
      WHERE p.id = NEW.typed_by AND p.state = 'here' AND p.spec->>'client' = g.client AND p.spec->>'approves' = 'true';
    IF NOT FOUND THEN RAISE EXCEPTION 'a code comes from the client''s own who approve' USING ERRCODE = 'KT004'; END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER legal_ask BEFORE INSERT OR UPDATE ON keyturn.code_asks FOR EACH ROW EXECUTE FUNCTION keyturn.check_code_ask();
--> statement-breakpoint
ALTER TABLE keyturn.code_asks ENABLE ALWAYS TRIGGER legal_ask;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_code_window(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.code_windows := jsonb_populate_record(NULL::keyturn.code_windows, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.code_windows VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.code_windows c SET shown = n.shown, last_step = n.last_step, version = n.version
    WHERE c.link = n.link AND c.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.put_code_ask(w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n keyturn.code_asks := jsonb_populate_record(NULL::keyturn.code_asks, w);
BEGIN
  IF n.version = 1 THEN INSERT INTO keyturn.code_asks VALUES (n.*); RETURN true; END IF;
  UPDATE keyturn.code_asks a SET state = n.state, until_at = n.until_at, sealed = n.sealed, typed_by = n.typed_by,
    typed_at = n.typed_at, handed_at = n.handed_at, version = n.version
    WHERE a.id = n.id AND a.version = n.version - 1;
  RETURN FOUND;
END $$;
--> statement-breakpoint
CREATE FUNCTION keyturn.end_codes(most int) RETURNS int LANGUAGE plpgsql AS $$
-- What nobody has typed or taken in time, or whose access has ended, is over and blank; returns how many there were.
DECLARE n int;
BEGIN
  WITH due AS (
    SELECT a.id FROM keyturn.code_asks a JOIN keyturn.links l ON l.id = a.link JOIN keyturn.grants g ON g.id = l."grant"
    WHERE a.state IN ('asked', 'typed')
      AND (a.until_at <= keyturn.now() OR g.state <> 'active' OR g.ends_at <= keyturn.now())
    ORDER BY a.id LIMIT most FOR NO KEY UPDATE OF a SKIP LOCKED),
  ended AS (UPDATE keyturn.code_asks a SET state = 'over', sealed = NULL, version = a.version + 1
    FROM due WHERE a.id = due.id RETURNING a.id)
  SELECT count(keyturn.notice('code', e.id)::text) INTO n FROM ended e;
  RETURN n;
END $$;
--> statement-breakpoint
DO $$
-- keyturn.put learns two nouns; whatever it knew before, it still knows.
DECLARE
  was text := pg_get_functiondef('keyturn.put(text, jsonb)'::regprocedure);
  place text := E'    WHEN ''all'' THEN';
BEGIN
  IF position(place IN was) = 0 THEN RAISE EXCEPTION 'keyturn.put is not as it was left'; END IF;
  EXECUTE replace(was, place, E'    WHEN ''code-window'' THEN RETURN keyturn.put_code_window(w);\n'
    || E'    WHEN ''code-ask'' THEN RETURN keyturn.put_code_ask(w);\n' || place);
END $$;
