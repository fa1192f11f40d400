CREATE TABLE "keyturn"."digests" (
	"day" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"content" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keyturn"."reviews" (
	"request" text PRIMARY KEY NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"person" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"remind_at" timestamp with time zone NOT NULL,
	"reminders" integer NOT NULL,
	"allowed_by" text,
	"allowed_until_at" timestamp with time zone,
	"reviewer" text,
	"note" text,
	"settled_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "reviewed_by_another" CHECK ("keyturn"."reviews"."reviewer" is distinct from "keyturn"."reviews"."person" and "keyturn"."reviews"."allowed_by" is distinct from "keyturn"."reviews"."person"),
	CONSTRAINT "settled_with_word" CHECK (("keyturn"."reviews"."state" = 'owed') = ("keyturn"."reviews"."settled_at" is null) and ("keyturn"."reviews"."state" = 'owed' or ("keyturn"."reviews"."reviewer" is not null and "keyturn"."reviews"."note" is not null)))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."sweep_items" (
	"sweep" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"client" text,
	"state" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "sweep_items_sweep_kind_subject_pk" PRIMARY KEY("sweep","kind","subject"),
	CONSTRAINT "item_state" CHECK ("keyturn"."sweep_items"."state" in ('done', 'due')),
	CONSTRAINT "item_done" CHECK (("keyturn"."sweep_items"."state" = 'done') = ("keyturn"."sweep_items"."done_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."sweeps" (
	"id" text PRIMARY KEY NOT NULL,
	"person" text NOT NULL,
	"origin" text NOT NULL,
	"state" text NOT NULL,
	"why" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"access_ended_at" timestamp with time zone,
	"proposer" text,
	"proof" text,
	"heir" text,
	"confirmer" text,
	"confirm_proof" text,
	"settled_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "sweeps_proof_unique" UNIQUE("proof"),
	CONSTRAINT "sweeps_confirm_proof_unique" UNIQUE("confirm_proof"),
	CONSTRAINT "sweep_id" CHECK ("keyturn"."sweeps"."id" ~ '^S-[0-9A-HJKMNP-TV-Z]{6}$'),
	CONSTRAINT "sweep_origin" CHECK ("keyturn"."sweeps"."origin" in ('lead', 'automatic')),
	CONSTRAINT "swept_by_another" CHECK ("keyturn"."sweeps"."proposer" is distinct from "keyturn"."sweeps"."person" and "keyturn"."sweeps"."confirmer" is distinct from "keyturn"."sweeps"."person" and "keyturn"."sweeps"."heir" is distinct from "keyturn"."sweeps"."person"),
	CONSTRAINT "two_leads" CHECK ("keyturn"."sweeps"."confirmer" is null or "keyturn"."sweeps"."confirmer" is distinct from "keyturn"."sweeps"."proposer"),
	CONSTRAINT "settled_when_over" CHECK (("keyturn"."sweeps"."state" in ('done', 'dropped')) = ("keyturn"."sweeps"."settled_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."visits" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"person" text NOT NULL,
	"page" jsonb NOT NULL,
	"state" text NOT NULL,
	"browser_hash" text,
	"number" text,
	"fails" integer NOT NULL,
	"proof" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "visits_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "visits_proof_unique" UNIQUE("proof")
);
--> statement-breakpoint
ALTER TABLE "keyturn"."grants" ADD COLUMN "warned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "keyturn"."people" ADD COLUMN "heir" text;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD COLUMN "kind" text DEFAULT 'ask' NOT NULL;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD COLUMN "extends" text;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD COLUMN "proof" text;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD COLUMN "escalate_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD COLUMN "escalated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "keyturn"."reviews" ADD CONSTRAINT "reviews_request_requests_id_fk" FOREIGN KEY ("request") REFERENCES "keyturn"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."reviews" ADD CONSTRAINT "reviews_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."reviews" ADD CONSTRAINT "reviews_allowed_by_people_id_fk" FOREIGN KEY ("allowed_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."reviews" ADD CONSTRAINT "reviews_reviewer_people_id_fk" FOREIGN KEY ("reviewer") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."sweep_items" ADD CONSTRAINT "sweep_items_sweep_sweeps_id_fk" FOREIGN KEY ("sweep") REFERENCES "keyturn"."sweeps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."sweeps" ADD CONSTRAINT "sweeps_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."sweeps" ADD CONSTRAINT "sweeps_proposer_people_id_fk" FOREIGN KEY ("proposer") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."sweeps" ADD CONSTRAINT "sweeps_proof_proofs_id_fk" FOREIGN KEY ("proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."sweeps" ADD CONSTRAINT "sweeps_heir_people_id_fk" FOREIGN KEY ("heir") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."sweeps" ADD CONSTRAINT "sweeps_confirmer_people_id_fk" FOREIGN KEY ("confirmer") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."sweeps" ADD CONSTRAINT "sweeps_confirm_proof_proofs_id_fk" FOREIGN KEY ("confirm_proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."visits" ADD CONSTRAINT "visits_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."visits" ADD CONSTRAINT "visits_proof_proofs_id_fk" FOREIGN KEY ("proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reviews_of" ON "keyturn"."reviews" USING btree ("person") WHERE "keyturn"."reviews"."state" = 'owed';--> statement-breakpoint
CREATE INDEX "reviews_due" ON "keyturn"."reviews" USING btree ("remind_at") WHERE "keyturn"."reviews"."state" = 'owed';--> statement-breakpoint
CREATE INDEX "items_of_subject" ON "keyturn"."sweep_items" USING btree ("subject") WHERE "keyturn"."sweep_items"."state" = 'due';--> statement-breakpoint
CREATE UNIQUE INDEX "one_sweep_each" ON "keyturn"."sweeps" USING btree ("person") WHERE "keyturn"."sweeps"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "sweeps_at" ON "keyturn"."sweeps" USING btree ("at");--> statement-breakpoint
CREATE INDEX "visits_of" ON "keyturn"."visits" USING btree ("person") WHERE "keyturn"."visits"."state" <> 'dead';--> statement-breakpoint
ALTER TABLE "keyturn"."people" ADD CONSTRAINT "people_heir_people_id_fk" FOREIGN KEY ("heir") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD CONSTRAINT "requests_extends_grants_id_fk" FOREIGN KEY ("extends") REFERENCES "keyturn"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD CONSTRAINT "requests_proof_proofs_id_fk" FOREIGN KEY ("proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_by_time" ON "keyturn"."audit_events" USING btree ("chain","at");--> statement-breakpoint
CREATE INDEX "audit_by_actor" ON "keyturn"."audit_events" USING btree ("actor","at");--> statement-breakpoint
CREATE INDEX "decisions_of" ON "keyturn"."decisions" USING btree ("person","at");--> statement-breakpoint
CREATE INDEX "exposures_of_account" ON "keyturn"."exposures" USING btree ("client","account","secret_version");--> statement-breakpoint
CREATE INDEX "requests_of_account" ON "keyturn"."requests" USING btree ("client","account","asked_at");--> statement-breakpoint
CREATE INDEX "requests_of_client" ON "keyturn"."requests" USING btree ("client","asked_at");--> statement-breakpoint
CREATE INDEX "extensions_of" ON "keyturn"."requests" USING btree ("extends") WHERE "keyturn"."requests"."extends" is not null;--> statement-breakpoint
CREATE INDEX "escalations_due" ON "keyturn"."requests" USING btree ("escalate_at") WHERE "keyturn"."requests"."state" = 'pending' and "keyturn"."requests"."escalated_at" is null;--> statement-breakpoint
CREATE INDEX "due_of_assignee" ON "keyturn"."revocations" USING btree ("assignee") WHERE "keyturn"."revocations"."state" <> 'done';--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD CONSTRAINT "requests_proof_unique" UNIQUE("proof");--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD CONSTRAINT "request_kind" CHECK ("keyturn"."requests"."kind" in ('ask', 'break-glass', 'extend'));--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD CONSTRAINT "extends_one" CHECK (("keyturn"."requests"."kind" = 'extend') = ("keyturn"."requests"."extends" is not null));