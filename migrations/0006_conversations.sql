CREATE TABLE "keyturn"."conversations" (
	"platform" text NOT NULL,
	"workspace" text NOT NULL,
	"conversation" text NOT NULL,
	"user_id" text,
	"service_url" text NOT NULL,
	"state" text NOT NULL,
	"why" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "conversations_platform_workspace_conversation_pk" PRIMARY KEY("platform","workspace","conversation"),
	CONSTRAINT "conversation_state" CHECK ("keyturn"."conversations"."state" in ('open', 'closed')),
	CONSTRAINT "conversation_named" CHECK ("keyturn"."conversations"."workspace" <> '' and "keyturn"."conversations"."conversation" <> '' and "keyturn"."conversations"."service_url" <> '' and "keyturn"."conversations"."user_id" is distinct from '')
);
--> statement-breakpoint
CREATE INDEX "conversation_of" ON "keyturn"."conversations" USING btree ("platform","workspace","user_id");