/** Everything a verb judges by, each read in one statement: no transaction is open while TypeScript judges. */

import type { SecretVersion } from '../core/accounts.js';
import type { Alert } from '../core/alert.js';
import type { LinkedIdentity } from '../core/change.js';
import type { Holding } from '../core/end-grant.js';
import type { Factor } from '../core/factor.js';
import type {
  AlertFacts,
  ConfigurationFacts,
  FactorFacts,
  Facts,
  GlassFacts,
  HoldingsFacts,
  LinkFacts,
  PersonFacts,
  ProofFacts,
  RequestFacts,
} from '../core/facts.js';
import type { Exposure, Grant, Revocation } from '../core/grant.js';
import type { Offers } from '../core/lendable.js';
import type { Link } from '../core/link.js';
import type { PersonId } from '../core/people.js';
import type { CustodyFacts } from '../core/ports.js';
import type { Proof } from '../core/proof.js';
import type { Proposal } from '../core/proposal.js';
import type { Decision, Request } from '../core/request.js';
import type { Review } from '../core/review.js';
import type { DirectoryCache } from './directory.js';
import type { Database } from './driver.js';
import { fromRow, fromRowOrNull, fromRows } from './rows.js';

type Json = Record<string, unknown>;

/** What is known of an account; `c` and `a` are SQL for its client and id. */
const onAccount = (c: string, a: string) => `
  (select to_jsonb(s) from (select version, by, at from keyturn.secrets where client = ${c} and account = ${a}
     order by version desc limit 1) s) as secret,
  (select jsonb_agg(g) from keyturn.grants g where g.client = ${c} and g.account = ${a} and g.state <> 'ended') as live,
  (select jsonb_agg(p) from keyturn.requests p where p.client = ${c} and p.account = ${a} and p.state = 'pending') as pending,
  (select jsonb_agg(v) from keyturn.revocations v where v.client = ${c} and v.account = ${a} and v.state <> 'done') as due`;

const NOW = `keyturn.now() as now, (select directory_version from keyturn.deployment) as directory,
  (select jsonb_agg(x.person) from (select person from keyturn.alerts where state = 'open' union
     select person from keyturn.sweeps where state = 'waiting' and origin = 'automatic') x) as paused`;

const ON_REQUEST = `to_jsonb(r) as request, to_jsonb(t) as "grant", to_jsonb(w) as revocation,
  (select jsonb_agg(d order by d.at, d.person) from keyturn.decisions d where d.request = r.id) as decisions,
  (select jsonb_agg(e order by e.at) from keyturn.exposures e where e."grant" = t.id) as exposures,
  (select jsonb_agg(l) from keyturn.links l where l."grant" = t.id and l.state not in ('spent', 'dead')) as links,
  (select jsonb_agg(x order by x.asked_at) from keyturn.requests x where x.extends = t.id) as extensions,
  (select to_jsonb(o) from keyturn.reviews o where o.request = r.id) as review,
  (select jsonb_agg(c.person order by c.asked_at) from keyturn.proofs c where c.subject_kind = 'request'
     and c.subject_id = r.id and c.state in ('asked', 'waiting', 'allowed') and c.expires_at > keyturn.now()) as confirming,
  ${onAccount('r.client', 'r.account')}`;

/** A request `r` with its grant `t` (an extension: with the one that it is of) and that one's revocation `w`, where there are any. */
const WITH_GRANT = `left join keyturn.grants t on t.id = coalesce(r.extends, 'G' || substr(r.id, 2)) left join keyturn.revocations w on w."grant" = t.id`;

const BARE = { name: 'facts', text: `select ${NOW}` };
const BY_ACCOUNT = { name: 'account_facts', text: `select ${NOW}, ${onAccount('$1', '$2')}` };
const BY_GLASS = {
  name: 'glass_facts',
  text: `select ${NOW}, ${onAccount('$1', '$2')}, (select jsonb_agg(o order by o.due_at) from keyturn.reviews o
    where o.person = $3 and o.state = 'owed') as owed`,
};
/** Grants `g` with what their ends take. */
const holdings = (which: string) => `(select jsonb_agg(h) from (
    select to_jsonb(g) as "grant",
      (select jsonb_agg(jsonb_build_object('secretVersion', e.secret_version)) from keyturn.exposures e where e."grant" = g.id) as exposures,
      (select max(s.version) from keyturn.secrets s where s.client = g.client and s.account = g.account) as "secretVersion",
      (select jsonb_agg(l) from keyturn.links l where l."grant" = g.id and l.state not in ('spent', 'dead')) as links,
      (select jsonb_agg(x) from keyturn.requests x where x.extends = g.id and x.state = 'pending') as extensions
    from keyturn.grants g where ${which}) h) as holdings`;
const DUE = {
  name: 'due_facts',
  text: `select ${NOW}, ${holdings(`g.id in (select d.id from keyturn.grants d
    where d.state = 'active' and d.ends_at <= keyturn.now() order by d.ends_at limit $1)`)}`,
};
const BY_REQUEST = {
  name: 'request_facts',
  text: `select ${NOW}, ${ON_REQUEST} from keyturn.requests r ${WITH_GRANT} where r.id = upper($1)`,
};
const byLink = (column: string) => ({
  name: `link_facts_${column}`,
  text: `select ${NOW}, to_jsonb(k) as link, (select to_jsonb(c) from keyturn.proofs c
      where c.subject_kind = 'link' and c.subject_id = k.id order by c.asked_at desc limit 1) as proof, ${ON_REQUEST} from keyturn.links k
    join keyturn.grants t on t.id = k."grant" join keyturn.requests r on r.id = t.request
    left join keyturn.revocations w on w."grant" = t.id where k.${column} = $1`,
});
const BY_TOKEN = byLink('token_hash');
const BY_LINK = byLink('id');
const PENDING = {
  name: 'pending_facts',
  text: `select ${NOW}, ${ON_REQUEST} from keyturn.requests r ${WITH_GRANT}
    where r.state = 'pending' order by r.decide_by limit 500`,
};

/** What is known of a person; `p` is SQL for their id. */
const ofPerson = (p: string) => `${p} as person,
  (select jsonb_agg(c order by c.asked_at) from keyturn.proofs c where c.person = ${p}
     and (c.asked_at > keyturn.now() - interval '1 hour' or c.state in ('asked', 'waiting', 'allowed'))) as proofs,
  (select jsonb_agg(f) from keyturn.factors f where f.person = ${p} and f.state <> 'ended') as factors,
  (select jsonb_agg(to_jsonb(i) - 'id' order by i.id) from keyturn.identities i
     where i.person = ${p} and i.ended_at is null) as identities,
  (select jsonb_agg(a.key) from keyturn.alerts a
     where a.person = ${p} and a.at > keyturn.now() - interval '1 hour') as "alertKeys",
  not exists (select from keyturn.factors where active_at is not null)
    and not exists (select from keyturn.proofs where evidence is not null) as "isUnproven"`;

const BY_PERSON = { name: 'person_facts', text: `select ${NOW}, ${ofPerson('$1::text')}` };
const byProof = (column: string) => ({
  name: `proof_facts_${column}`,
  text: `select ${NOW}, to_jsonb(q) as proof, ${ofPerson('q.person')} from keyturn.proofs q where q.${column} = $1`,
});
const BY_PROOF = byProof('id');
const BY_STATE = byProof('state_hash');
const byFactor = (column: string) => ({
  name: `factor_facts_${column}`,
  text: `select ${NOW}, to_jsonb(q) as factor, ${ofPerson('q.person')} from keyturn.factors q where q.${column} = $1`,
});
const BY_FACTOR = byFactor('id');
const BY_ENROL = byFactor('token_hash');
const BY_ALERT = {
  name: 'alert_facts',
  text: `select ${NOW}, to_jsonb(q) as alert, to_jsonb(p) as proposal from keyturn.alerts q
    left join keyturn.proposals p on p.id = q.data->>'proposal' where q.id = $1`,
};
const CONFIGURATION = {
  name: 'configuration_facts',
  text: `select ${NOW}, (select jsonb_build_object('version', c.version, 'digest', c.digest) from keyturn.configurations c
      order by c.version desc limit 1) as configuration,
    (select to_jsonb(p) from keyturn.proposals p
       where case when $1::text is null then p.state = 'waiting' else p.id = upper($1) end) as proposal`,
};

interface Bare {
  readonly now: Date;
  readonly directory: number;
  readonly paused: PersonId[] | null;
}
interface ConfigurationRow extends Bare {
  readonly configuration: ConfigurationFacts['configuration'] | null;
  readonly proposal: Json | null;
}
interface PersonRow extends Bare {
  readonly person: PersonId;
  readonly proofs: Json[] | null;
  readonly factors: Json[] | null;
  readonly identities: Json[] | null;
  readonly alertKeys: string[] | null;
  readonly isUnproven: boolean;
}
interface HoldingRow {
  readonly grant: Json;
  readonly exposures: Holding['exposures'] | null;
  readonly secretVersion: number | null;
  readonly links: Json[] | null;
  readonly extensions: Json[] | null;
}
interface AccountRow extends Bare {
  readonly secret: Json | null;
  readonly live: Json[] | null;
  readonly pending: Json[] | null;
  readonly due: Json[] | null;
}
interface RequestRow extends AccountRow {
  readonly request: Json;
  readonly decisions: Json[] | null;
  readonly grant: Json | null;
  readonly revocation: Json | null;
  readonly exposures: Json[] | null;
  readonly links: Json[] | null;
  readonly confirming: PersonId[] | null;
  readonly extensions: Json[] | null;
  readonly review: Json | null;
}
interface LinkRow extends RequestRow {
  readonly link: Json;
  readonly proof: Json | null;
}

/** Reads facts. Each answer holds together: one statement, one snapshot, and the directory of that version. */
export class FactsReader {
  constructor(
    private readonly database: Database,
    private readonly directories: DirectoryCache,
    readonly offers: Offers,
  ) {}

  async facts(): Promise<Facts> {
    return this.#with<Bare, Facts>(BARE, [], (_row, base) => base);
  }

  async ofAccount(client: string, account: string): Promise<CustodyFacts> {
    return this.#with<AccountRow, CustodyFacts>(BY_ACCOUNT, [client, account], accountFacts);
  }

  /** Grants whose time is up, the longest due first. */
  async ofDue(most: number): Promise<HoldingsFacts> {
    return this.#with<Bare & { holdings: HoldingRow[] | null }, HoldingsFacts>(DUE, [most], (row, base) => ({
      ...base,
      holdings: (row.holdings ?? []).map(holdingOf),
    }));
  }

  async ofGlass(client: string, account: string, person: PersonId): Promise<GlassFacts & CustodyFacts> {
    return this.#with<AccountRow & { owed: Json[] | null }, GlassFacts & CustodyFacts>(
      BY_GLASS,
      [client, account, person],
      (row, base) => ({ ...accountFacts(row, base), owed: fromRows<Review>(row.owed) }),
    );
  }

  async ofRequest(id: string): Promise<RequestFacts | null> {
    return this.#orNull<RequestRow, RequestFacts>(BY_REQUEST, [id], requestFacts);
  }

  async ofLink(by: { readonly tokenHash: string } | { readonly id: string }): Promise<LinkFacts | null> {
    const statement = 'id' in by ? BY_LINK : BY_TOKEN;
    return this.#orNull<LinkRow, LinkFacts>(statement, ['id' in by ? by.id : by.tokenHash], linkFacts);
  }

  async ofPerson(person: PersonId): Promise<PersonFacts> {
    return this.#with<PersonRow, PersonFacts>(BY_PERSON, [person], personFacts);
  }

  async ofProof(by: { readonly id: string } | { readonly stateHash: string }): Promise<ProofFacts | null> {
    const statement = 'id' in by ? BY_PROOF : BY_STATE;
    return this.#orNull<PersonRow & { proof: Json }, ProofFacts>(
      statement,
      ['id' in by ? by.id : by.stateHash],
      (row, base) => ({ ...personFacts(row, base), proof: fromRow<Proof>(row.proof) }),
    );
  }

  async ofFactor(by: { readonly id: string } | { readonly tokenHash: string }): Promise<FactorFacts | null> {
    const statement = 'id' in by ? BY_FACTOR : BY_ENROL;
    return this.#orNull<PersonRow & { factor: Json }, FactorFacts>(
      statement,
      ['id' in by ? by.id : by.tokenHash],
      (row, base) => ({ ...personFacts(row, base), factor: fromRow<Factor>(row.factor) }),
    );
  }

  async ofAlert(id: string): Promise<AlertFacts | null> {
    return this.#orNull<Bare & { alert: Json; proposal: Json | null }, AlertFacts>(
      BY_ALERT,
      [id],
      (row, base) => ({
        ...base,
        alert: fromRow<Alert>(row.alert),
        proposal: fromRowOrNull<Proposal>(row.proposal),
      }),
    );
  }

  async ofConfiguration(proposal: string | null): Promise<ConfigurationFacts> {
    return this.#with<ConfigurationRow, ConfigurationFacts>(CONFIGURATION, [proposal], (row, base) => ({
      ...base,
      configuration: row.configuration ?? { version: 0, digest: '' },
      proposal: fromRowOrNull<Proposal>(row.proposal),
    }));
  }

  async ofPending(): Promise<RequestFacts[]> {
    return this.#all<RequestRow, RequestFacts>(PENDING, [], requestFacts);
  }

  async #with<Row extends Bare, T>(s: typeof BARE, values: unknown[], make: Make<Row, T>): Promise<T> {
    return (await this.#all<Row, T>(s, values, make))[0] as T;
  }

  async #orNull<Row extends Bare, T>(
    s: typeof BARE,
    values: unknown[],
    make: Make<Row, T>,
  ): Promise<T | null> {
    return (await this.#all<Row, T>(s, values, make))[0] ?? null;
  }

  /** Reads until the rows and the directory are of one version; an apply in between asks for one more reading. */
  async #all<Row extends Bare, T>(s: typeof BARE, values: unknown[], make: Make<Row, T>): Promise<T[]> {
    for (;;) {
      const rows = await this.database.run<Row>(s, values);
      const version = rows[0]?.directory;
      if (version === undefined) return [];
      const directory = await this.directories.at(version);
      if (directory.version !== version) continue;
      return rows.map((row) =>
        make(row, { now: row.now, directory, offers: this.offers, paused: row.paused ?? [] }),
      );
    }
  }
}

type Make<Row, T> = (row: Row, base: Facts) => T;

function personFacts(row: PersonRow, base: Facts): PersonFacts {
  return {
    ...base,
    person: row.person,
    proofs: fromRows<Proof>(row.proofs),
    factors: fromRows<Factor>(row.factors),
    identities: fromRows<LinkedIdentity>(row.identities),
    alertKeys: row.alertKeys ?? [],
    isUnproven: row.isUnproven,
  };
}

function holdingOf({ grant, exposures, secretVersion, links, extensions }: HoldingRow): Holding {
  return {
    grant: fromRow<Grant>(grant),
    exposures: exposures ?? [],
    secretVersion,
    links: fromRows<Link>(links),
    extensions: fromRows<Request>(extensions),
  };
}

function accountFacts(row: AccountRow, base: Facts): CustodyFacts {
  return {
    ...base,
    secret: fromRowOrNull<SecretVersion>(row.secret),
    live: fromRows<Grant>(row.live),
    pending: fromRows<Request>(row.pending),
    dueOnAccount: fromRows<Revocation>(row.due),
  };
}

function requestFacts(row: RequestRow, base: Facts): RequestFacts {
  const request = fromRow<Request>(row.request);
  const accountNow = base.directory.account(request.client, request.account);
  return {
    ...accountFacts(row, base),
    request,
    decisions: fromRows<Decision>(row.decisions),
    grant: fromRowOrNull<Grant>(row.grant),
    revocation: fromRowOrNull<Revocation>(row.revocation),
    exposures: fromRows<Exposure>(row.exposures),
    links: fromRows<Link>(row.links),
    confirming: row.confirming ?? [],
    extensions: fromRows<Request>(row.extensions),
    review: fromRowOrNull<Review>(row.review),
    client: base.directory.client(request.client),
    accountNow,
    policyNow: accountNow && base.directory.policy(accountNow.policy),
  };
}

function linkFacts(row: LinkRow, base: Facts): LinkFacts {
  return {
    ...requestFacts(row, base),
    link: fromRow<Link>(row.link),
    proof: fromRowOrNull<Proof>(row.proof),
  };
}
