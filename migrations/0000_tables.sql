CREATE SCHEMA "keyturn";
--> statement-breakpoint
CREATE TABLE "keyturn"."accounts" (
	"client" text NOT NULL,
	"id" text NOT NULL,
	"position" integer NOT NULL,
	"spec" jsonb NOT NULL,
	"origin" text NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "accounts_client_id_pk" PRIMARY KEY("client","id")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."audit_events" (
	"chain" text NOT NULL,
	"seq" bigint NOT NULL,
	"prev" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text,
	"via" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "audit_events_chain_seq_pk" PRIMARY KEY("chain","seq")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."clients" (
	"id" text PRIMARY KEY NOT NULL,
	"position" integer NOT NULL,
	"spec" jsonb NOT NULL,
	"origin" text NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "keyturn"."clock" (
	"id" integer PRIMARY KEY NOT NULL,
	"shift" interval NOT NULL,
	CONSTRAINT "one_clock" CHECK ("keyturn"."clock"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "keyturn"."configurations" (
	"version" integer PRIMARY KEY NOT NULL,
	"document" jsonb NOT NULL,
	"operator" jsonb NOT NULL,
	"digest" text NOT NULL,
	"applied_at" timestamp with time zone NOT NULL,
	"applied_by" text
);
--> statement-breakpoint
CREATE TABLE "keyturn"."data_keys" (
	"client" text PRIMARY KEY NOT NULL,
	"wrapped" text NOT NULL,
	"key_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keyturn"."decisions" (
	"request" text NOT NULL,
	"person" text NOT NULL,
	"verdict" text NOT NULL,
	"seconds" integer,
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "decisions_request_person_pk" PRIMARY KEY("request","person"),
	CONSTRAINT "verdict" CHECK ("keyturn"."decisions"."verdict" in ('approve', 'deny')),
	CONSTRAINT "deny_says_why" CHECK ("keyturn"."decisions"."verdict" = 'approve' or "keyturn"."decisions"."reason" is not null)
);
--> statement-breakpoint
CREATE TABLE "keyturn"."deployment" (
	"id" integer PRIMARY KEY NOT NULL,
	"mode" text NOT NULL,
	"directory_version" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "one_deployment" CHECK ("keyturn"."deployment"."id" = 1),
	CONSTRAINT "mode" CHECK ("keyturn"."deployment"."mode" in ('local', 'server'))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."exposures" (
	"id" text PRIMARY KEY NOT NULL,
	"grant" text NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"person" text NOT NULL,
	"secret_version" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keyturn"."grants" (
	"id" text PRIMARY KEY NOT NULL,
	"request" text NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"holder" text NOT NULL,
	"delivery" text NOT NULL,
	"seconds" integer NOT NULL,
	"exclusive" boolean NOT NULL,
	"state" text NOT NULL,
	"outcome" text,
	"version" integer NOT NULL,
	"active_at" timestamp with time zone,
	"ends_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"end_reason" text,
	CONSTRAINT "one_grant_a_request" UNIQUE("request"),
	CONSTRAINT "outcome_at_end" CHECK (("keyturn"."grants"."state" = 'ended') = ("keyturn"."grants"."outcome" is not null and "keyturn"."grants"."ended_at" is not null)),
	CONSTRAINT "active_has_end" CHECK ("keyturn"."grants"."state" <> 'active' or ("keyturn"."grants"."active_at" is not null and "keyturn"."grants"."ends_at" > "keyturn"."grants"."active_at"))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."groups" (
	"name" text PRIMARY KEY NOT NULL,
	"members" jsonb NOT NULL,
	"origin" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keyturn"."identities" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"platform" text NOT NULL,
	"workspace" text NOT NULL,
	"user_id" text NOT NULL,
	"person" text NOT NULL,
	"linked_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "platform" CHECK ("keyturn"."identities"."platform" in ('slack', 'teams')),
	CONSTRAINT "identity_named" CHECK ("keyturn"."identities"."workspace" <> '' and "keyturn"."identities"."user_id" <> '')
);
--> statement-breakpoint
CREATE TABLE "keyturn"."jobs" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"run_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "jobs_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."links" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"purpose" text NOT NULL,
	"grant" text NOT NULL,
	"person" text NOT NULL,
	"state" text NOT NULL,
	"browser_hash" text,
	"number" text,
	"fails" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "links_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."people" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"position" integer NOT NULL,
	"spec" jsonb NOT NULL,
	"origin" text NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "person_state" CHECK ("keyturn"."people"."state" in ('here', 'gone', 'swept'))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."policies" (
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"spec" jsonb NOT NULL,
	"origin" text NOT NULL,
	"current" boolean NOT NULL,
	CONSTRAINT "policies_id_version_pk" PRIMARY KEY("id","version")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."postings" (
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"place" text NOT NULL,
	"platform" text NOT NULL,
	"workspace" text NOT NULL,
	"channel" text,
	"message" text,
	"card_hash" text,
	"unreachable" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "postings_subject_kind_place_platform_workspace_pk" PRIMARY KEY("subject","kind","place","platform","workspace")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."requests" (
	"id" text PRIMARY KEY NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"requester" text NOT NULL,
	"seconds" integer NOT NULL,
	"reason" text NOT NULL,
	"ticket" text,
	"delivery" text NOT NULL,
	"policy" text NOT NULL,
	"policy_version" integer NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"decide_by" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	CONSTRAINT "id_shape" CHECK ("keyturn"."requests"."id" ~ '^R-[0-9A-HJKMNP-TV-Z]{6}$'),
	CONSTRAINT "some_time" CHECK ("keyturn"."requests"."seconds" > 0),
	CONSTRAINT "some_reason" CHECK (length("keyturn"."requests"."reason") between 1 and 2000)
);
--> statement-breakpoint
CREATE TABLE "keyturn"."revocations" (
	"grant" text PRIMARY KEY NOT NULL,
	"client" text NOT NULL,
	"account" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"assignee" text,
	"due_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	"done_by" text,
	"proof" jsonb,
	"version" integer NOT NULL,
	CONSTRAINT "done_has_proof" CHECK (("keyturn"."revocations"."state" = 'done') = ("keyturn"."revocations"."done_at" is not null and "keyturn"."revocations"."proof" is not null))
);
--> statement-breakpoint
CREATE TABLE "keyturn"."runs" (
	"key" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keyturn"."secrets" (
	"client" text NOT NULL,
	"account" text NOT NULL,
	"version" integer NOT NULL,
	"sealed" text NOT NULL,
	"by" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "secrets_client_account_version_pk" PRIMARY KEY("client","account","version"),
	CONSTRAINT "from_one" CHECK ("keyturn"."secrets"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "keyturn"."systems" (
	"client" text NOT NULL,
	"id" text NOT NULL,
	"position" integer NOT NULL,
	"spec" jsonb NOT NULL,
	"origin" text NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "systems_client_id_pk" PRIMARY KEY("client","id")
);
--> statement-breakpoint
CREATE TABLE "keyturn"."transitions" (
	"noun" text NOT NULL,
	"from" text NOT NULL,
	"to" text NOT NULL,
	CONSTRAINT "transitions_noun_from_to_pk" PRIMARY KEY("noun","from","to")
);
--> statement-breakpoint
ALTER TABLE "keyturn"."accounts" ADD CONSTRAINT "accounts_client_clients_id_fk" FOREIGN KEY ("client") REFERENCES "keyturn"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."decisions" ADD CONSTRAINT "decisions_request_requests_id_fk" FOREIGN KEY ("request") REFERENCES "keyturn"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."decisions" ADD CONSTRAINT "decisions_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."exposures" ADD CONSTRAINT "exposures_grant_grants_id_fk" FOREIGN KEY ("grant") REFERENCES "keyturn"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."exposures" ADD CONSTRAINT "exposures_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."grants" ADD CONSTRAINT "grants_request_requests_id_fk" FOREIGN KEY ("request") REFERENCES "keyturn"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."grants" ADD CONSTRAINT "grants_holder_people_id_fk" FOREIGN KEY ("holder") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."grants" ADD CONSTRAINT "grants_ended_by_people_id_fk" FOREIGN KEY ("ended_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."identities" ADD CONSTRAINT "identities_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."links" ADD CONSTRAINT "links_grant_grants_id_fk" FOREIGN KEY ("grant") REFERENCES "keyturn"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."links" ADD CONSTRAINT "links_person_people_id_fk" FOREIGN KEY ("person") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD CONSTRAINT "requests_requester_people_id_fk" FOREIGN KEY ("requester") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."requests" ADD CONSTRAINT "requests_ended_by_people_id_fk" FOREIGN KEY ("ended_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD CONSTRAINT "revocations_grant_grants_id_fk" FOREIGN KEY ("grant") REFERENCES "keyturn"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD CONSTRAINT "revocations_assignee_people_id_fk" FOREIGN KEY ("assignee") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."revocations" ADD CONSTRAINT "revocations_done_by_people_id_fk" FOREIGN KEY ("done_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."secrets" ADD CONSTRAINT "secrets_by_people_id_fk" FOREIGN KEY ("by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."systems" ADD CONSTRAINT "systems_client_clients_id_fk" FOREIGN KEY ("client") REFERENCES "keyturn"."clients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_by_subject" ON "keyturn"."audit_events" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "exposures_of_grant" ON "keyturn"."exposures" USING btree ("grant");--> statement-breakpoint
CREATE INDEX "exposures_of_person" ON "keyturn"."exposures" USING btree ("person");--> statement-breakpoint
CREATE UNIQUE INDEX "one_exclusive_holder" ON "keyturn"."grants" USING btree ("client","account") WHERE "keyturn"."grants"."state" <> 'ended' and "keyturn"."grants"."exclusive";--> statement-breakpoint
CREATE INDEX "live_by_account" ON "keyturn"."grants" USING btree ("client","account") WHERE "keyturn"."grants"."state" <> 'ended';--> statement-breakpoint
CREATE INDEX "live_by_holder" ON "keyturn"."grants" USING btree ("holder") WHERE "keyturn"."grants"."state" <> 'ended';--> statement-breakpoint
CREATE INDEX "live_until" ON "keyturn"."grants" USING btree ("ends_at") WHERE "keyturn"."grants"."state" = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "identity_of_one" ON "keyturn"."identities" USING btree ("platform","workspace","user_id") WHERE "keyturn"."identities"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "one_identity_a_workspace" ON "keyturn"."identities" USING btree ("person","platform","workspace") WHERE "keyturn"."identities"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_due" ON "keyturn"."jobs" USING btree ("run_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_link" ON "keyturn"."links" USING btree ("grant","person","purpose") WHERE "keyturn"."links"."state" not in ('spent', 'dead');--> statement-breakpoint
CREATE UNIQUE INDEX "people_email" ON "keyturn"."people" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "one_current_policy" ON "keyturn"."policies" USING btree ("id") WHERE "keyturn"."policies"."current";--> statement-breakpoint
CREATE UNIQUE INDEX "one_pending_each" ON "keyturn"."requests" USING btree ("requester","client","account") WHERE "keyturn"."requests"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "pending_by_account" ON "keyturn"."requests" USING btree ("client","account") WHERE "keyturn"."requests"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "pending_until" ON "keyturn"."requests" USING btree ("decide_by") WHERE "keyturn"."requests"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "requests_of" ON "keyturn"."requests" USING btree ("requester","asked_at");--> statement-breakpoint
CREATE INDEX "due_by_account" ON "keyturn"."revocations" USING btree ("client","account") WHERE "keyturn"."revocations"."state" <> 'done';