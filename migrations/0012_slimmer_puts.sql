-- Thousands of rows at once: only what an end may change is read of each.

CREATE OR REPLACE FUNCTION keyturn.learn_arrows() RETURNS trigger LANGUAGE plpgsql AS $$
-- Writes keyturn.transitions into a function, so that a check of one row is no query. Whatever changes the table has it written anew.
-- Stable and not immutable: it is put in place of its call all the same, and a session that has done so learns when it changes.
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION keyturn.arrows() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $body$ SELECT %L::text[] $body$',
    (SELECT array_agg(t.noun || ': ' || t."from" || ' to ' || t."to" ORDER BY t.noun, t."from", t."to") FROM keyturn.transitions t));
  RETURN NULL;
END $$;
--> statement-breakpoint
UPDATE keyturn.transitions SET noun = noun WHERE noun = 'grant';
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keyturn.put_all(noun text, w jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- Many rows of one noun as they shall be, in one statement. False where any of them has moved.
DECLARE n bigint; most bigint := jsonb_array_length(w);
BEGIN
  CASE noun
    WHEN 'grant' THEN
      UPDATE keyturn.grants g SET state = r.state, outcome = r.outcome, version = r.version, ends_at = r.ends_at,
        ended_at = r.ended_at, ended_by = r.ended_by, end_reason = r.end_reason
        FROM jsonb_to_recordset(w) AS r (id text, state text, outcome text, version int, ends_at timestamptz,
          ended_at timestamptz, ended_by text, end_reason text)
        WHERE g.id = r.id AND g.version = r.version - 1;
    WHEN 'new-revocation' THEN
      INSERT INTO keyturn.revocations SELECT * FROM jsonb_populate_recordset(NULL::keyturn.revocations, w);
    WHEN 'revocation' THEN
      UPDATE keyturn.revocations v SET state = r.state, assignee = r.assignee, done_at = r.done_at,
        done_by = r.done_by, proof = r.proof, version = r.version
        FROM jsonb_populate_recordset(NULL::keyturn.revocations, w) r
        WHERE v."grant" = r."grant" AND v.version = r.version - 1;
    WHEN 'link' THEN
      UPDATE keyturn.links l SET state = r.state, version = r.version
        FROM jsonb_to_recordset(w) AS r (id text, state text, version int)
        WHERE l.id = r.id AND l.version = r.version - 1;
    WHEN 'request' THEN
      UPDATE keyturn.requests q SET state = r.state, version = r.version, ended_at = r.ended_at, ended_by = r.ended_by
        FROM jsonb_to_recordset(w) AS r (id text, state text, version int, ended_at timestamptz, ended_by text)
        WHERE q.id = r.id AND q.version = r.version - 1;
    WHEN 'sweep-item' THEN
      INSERT INTO keyturn.sweep_items SELECT * FROM jsonb_populate_recordset(NULL::keyturn.sweep_items, w)
        ON CONFLICT (sweep, kind, subject) DO UPDATE SET state = sweep_items.state;
  END CASE;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n = most;
END $$;
