-- What brokered sessions showed: asciicasts in sealed pieces. Only ever added to, and to nothing that is closed.

CREATE TABLE "keyturn"."recordings" (
	"session" text PRIMARY KEY NOT NULL,
	"grant" text NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"person" text NOT NULL,
	"address" text NOT NULL,
	"begun_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keyturn"."recording_channels" (
	"session" text NOT NULL,
	"channel" integer NOT NULL,
	"kind" text NOT NULL,
	"columns" integer NOT NULL,
	"rows" integer NOT NULL,
	"sealed_command" text,
	"begun_at" timestamp with time zone NOT NULL,
	CONSTRAINT "recording_channels_session_channel_pk" PRIMARY KEY("session","channel"),
	CONSTRAINT "recording_channel_kind" CHECK ("keyturn"."recording_channels"."kind" in ('shell', 'exec', 'sftp')),
	CONSTRAINT "recording_channel_number" CHECK ("keyturn"."recording_channels"."channel" >= 1)
);
--> statement-breakpoint
CREATE TABLE "keyturn"."recording_pieces" (
	"session" text NOT NULL,
	"channel" integer NOT NULL,
	"n" integer NOT NULL,
	"sealed" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "recording_pieces_session_channel_n_pk" PRIMARY KEY("session","channel","n"),
	CONSTRAINT "recording_piece_number" CHECK ("keyturn"."recording_pieces"."n" >= 1)
);
--> statement-breakpoint
CREATE TABLE "keyturn"."recording_ends" (
	"session" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"bytes" bigint NOT NULL,
	"seconds" double precision NOT NULL,
	"events" integer NOT NULL,
	"channels" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "recording_hash" CHECK ("keyturn"."recording_ends"."hash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "keyturn"."recording_channels" ADD CONSTRAINT "recording_channels_session_recordings_session_fk" FOREIGN KEY ("session") REFERENCES "keyturn"."recordings"("session") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."recording_pieces" ADD CONSTRAINT "recording_pieces_of_channel" FOREIGN KEY ("session","channel") REFERENCES "keyturn"."recording_channels"("session","channel") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "keyturn"."recording_ends" ADD CONSTRAINT "recording_ends_session_recordings_session_fk" FOREIGN KEY ("session") REFERENCES "keyturn"."recordings"("session") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
-- What is sealed can't be made smaller: trying to takes longer than writing it.
ALTER TABLE "keyturn"."recording_pieces" ALTER COLUMN "sealed" SET STORAGE EXTERNAL;
--> statement-breakpoint
CREATE INDEX "recordings_by_time" ON "keyturn"."recordings" USING btree ("begun_at");
--> statement-breakpoint
CREATE INDEX "recordings_of_client" ON "keyturn"."recordings" USING btree ("client","begun_at");
--> statement-breakpoint
CREATE INDEX "recordings_of_person" ON "keyturn"."recordings" USING btree ("person","begun_at");
--> statement-breakpoint
CREATE FUNCTION keyturn.check_recording_open() RETURNS trigger LANGUAGE plpgsql AS $$
-- What is closed has a hash on the audit trail, and nothing is added to it.
BEGIN
  PERFORM FROM keyturn.recording_ends e WHERE e.session = NEW.session;
  IF FOUND THEN RAISE EXCEPTION 'the recording is closed' USING ERRCODE = 'KT003'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER still_open BEFORE INSERT ON keyturn.recording_channels FOR EACH ROW EXECUTE FUNCTION keyturn.check_recording_open();
--> statement-breakpoint
ALTER TABLE keyturn.recording_channels ENABLE ALWAYS TRIGGER still_open;
--> statement-breakpoint
CREATE TRIGGER still_open BEFORE INSERT ON keyturn.recording_pieces FOR EACH ROW EXECUTE FUNCTION keyturn.check_recording_open();
--> statement-breakpoint
ALTER TABLE keyturn.recording_pieces ENABLE ALWAYS TRIGGER still_open;
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['recordings', 'recording_channels', 'recording_pieces', 'recording_ends'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON keyturn.%I FOR EACH ROW EXECUTE FUNCTION keyturn.refuse_change()', name);
    EXECUTE format('ALTER TABLE keyturn.%I ENABLE ALWAYS TRIGGER append_only', name);
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON keyturn.%I FOR EACH STATEMENT EXECUTE FUNCTION keyturn.refuse_change()', name);
    EXECUTE format('ALTER TABLE keyturn.%I ENABLE ALWAYS TRIGGER never_truncated', name);
  END LOOP;
END $$;
