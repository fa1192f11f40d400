CREATE TABLE "keyturn"."proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"document" jsonb NOT NULL,
	"operator" jsonb NOT NULL,
	"directory" jsonb NOT NULL,
	"digest" text NOT NULL,
	"seal" text NOT NULL,
	"lines" jsonb NOT NULL,
	"base" integer NOT NULL,
	"proposer" text NOT NULL,
	"proof" text,
	"alert" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	"settled_proof" text,
	"version" integer NOT NULL,
	CONSTRAINT "proposals_proof_unique" UNIQUE("proof"),
	CONSTRAINT "proposals_settled_proof_unique" UNIQUE("settled_proof"),
	CONSTRAINT "decided_by_another" CHECK ("keyturn"."proposals"."state" not in ('applied', 'refused') or ("keyturn"."proposals"."settled_by" is not null and "keyturn"."proposals"."settled_by" <> "keyturn"."proposals"."proposer")),
	CONSTRAINT "settled_at_end" CHECK (("keyturn"."proposals"."state" = 'waiting') = ("keyturn"."proposals"."settled_at" is null))
);
--> statement-breakpoint
ALTER TABLE "keyturn"."proposals" ADD CONSTRAINT "proposals_base_configurations_version_fk" FOREIGN KEY ("base") REFERENCES "keyturn"."configurations"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."proposals" ADD CONSTRAINT "proposals_proposer_people_id_fk" FOREIGN KEY ("proposer") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."proposals" ADD CONSTRAINT "proposals_proof_proofs_id_fk" FOREIGN KEY ("proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."proposals" ADD CONSTRAINT "proposals_alert_alerts_id_fk" FOREIGN KEY ("alert") REFERENCES "keyturn"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."proposals" ADD CONSTRAINT "proposals_settled_by_people_id_fk" FOREIGN KEY ("settled_by") REFERENCES "keyturn"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keyturn"."proposals" ADD CONSTRAINT "proposals_settled_proof_proofs_id_fk" FOREIGN KEY ("settled_proof") REFERENCES "keyturn"."proofs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "one_waiting_proposal" ON "keyturn"."proposals" USING btree ("state") WHERE "keyturn"."proposals"."state" = 'waiting';