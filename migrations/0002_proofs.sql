CREATE TABLE "keyturn"."alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"person" text,
	"key" text NOT NULL,
	"data" jsonb NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	"version" integer NOT NULL,
	CONSTRAINT "alerts_key_unique" UNIQUE("key"),
	CONSTRAINT "settled_by_another" CHECK ("keyturn"."alerts"."settled_by" is null or "keyturn"."alerts"."settled_by" <> "keyturn"."alerts"."person")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."factors" (
	"id" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"offered_by" text,
	"proof" text,
	"sealed" text,
	"last_step" bigint,
	"token_hash" text,
	"browser_hash" text,
	"fails" integer NOT NULL,
	"offered_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"active_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "factors_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "kind" CHECK ("keyturn"."factors"."kind" = 'totp'),
	CONSTRAINT "active_was_tried" CHECK ("keyturn"."factors"."state" <> 'active' or ("keyturn"."factors"."sealed" is not null and "keyturn"."factors"."last_step" is not null))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."proofs" (
	"id" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"act" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"subject_version" integer NOT NULL,
	"terms" text NOT NULL,
	"client" text,
	"facts" jsonb NOT NULL,
	"number" text,
	"command" jsonb,
	"via" text NOT NULL,
	"identity" jsonb,
	"state" text NOT NULL,
	"method" text,
	"wish" text,
	"txid" text,
	"code" text,
	"state_hash" text,
	"sends" integer NOT NULL,
	"fails" integer NOT NULL,
	"evidence" text,
	"failure" text,
	"said" text,
	"asked_at" timestamp with time zone NOT NULL,
	"pushed_at" timestamp with time zone,
	"prompted_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "proofs_state_hash_unique" UNIQUE("state_hash"),
	CONSTRAINT "one_proof_an_answer" UNIQUE("method","evidence"),
	CONSTRAINT "allowed_has_evidence" CHECK ("keyturn"."proofs"."state" not in ('allowed', 'spent') or ("keyturn"."proofs"."method" is not null and "keyturn"."proofs"."evidence" is not null))
);
--> statement-breakpoint
ALTER TABLE "keyturn"."decisions" ADD COLUMN "proof" text;--> statement-breakpoint
ALTER TABLE "keyturn"."exposures" ADD COLUMN "proof" text;--> statement-breakpoint
ALTER TABLE "keyturn"."identities" ADD COLUMN "proven_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "keyturn"."links" ADD COLUMN "proof" text;--> statement-breakpoint
ALTER TABLE "keyturn"."alerts" ADD CONSTRAINT "alerts_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."alerts" ADD CONSTRAINT "alerts_settled_by_people_id_fk" FOREIGN KEY ("settled_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."factors" ADD CONSTRAINT "factors_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."factors" ADD CONSTRAINT "factors_offered_by_people_id_fk" FOREIGN KEY ("offered_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."factors" ADD CONSTRAINT "factors_proof_proofs_id_fk" FOREIGN KEY ("proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."proofs" ADD CONSTRAINT "proofs_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "open_alerts" ON "keyturn"."alerts" USING btree ("person") WHERE "keyturn"."alerts"."state" = 'open';--> statement-breakpoint
CREATE INDEX "alerts_of" ON "keyturn"."alerts" USING btree ("person","at");--> statement-breakpoint
CREATE UNIQUE INDEX "one_active_factor" ON "keyturn"."factors" USING btree ("person","kind") WHERE "keyturn"."factors"."state" = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "one_offered_factor" ON "keyturn"."factors" USING btree ("person","kind") WHERE "keyturn"."factors"."state" in ('offered', 'trying');--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_proof" ON "keyturn"."proofs" USING btree ("person") WHERE "keyturn"."proofs"."state" in ('asked', 'waiting', 'allowed');--> statement-breakpoint
CREATE INDEX "proofs_of" ON "keyturn"."proofs" USING btree ("person","asked_at");--> statement-breakpoint
CREATE INDEX "proofs_on" ON "keyturn"."proofs" USING btree ("subject_kind","subject_id","asked_at");--> statement-breakpoint
ALTER TABLE "keyturn"."decisions" ADD CONSTRAINT "decisions_proof_unique" UNIQUE("proof");--> statement-breakpoint
ALTER TABLE "keyturn"."exposures" ADD CONSTRAINT "exposures_proof_unique" UNIQUE("proof");--> statement-breakpoint
ALTER TABLE "keyturn"."links" ADD CONSTRAINT "links_proof_unique" UNIQUE("proof");