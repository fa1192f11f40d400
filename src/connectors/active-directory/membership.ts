/** Membership of a group: given, taken and read back. */

import { Control, EqualityFilter, ExtensibleFilter } from 'ldapts';
import { type ReadBack, TargetError } from '../connector.js';
import { change, text, texts } from './entries.js';
import { targetError } from './faults.js';
import type { Session } from './session.js';

/** LDAP_MATCHING_RULE_IN_CHAIN: MS-ADTS 3.1.1.3.4.4.3. Members of members count. */
const IN_CHAIN = '1.2.840.113556.1.4.1941';
/** LDAP_SERVER_LINK_TTL_OID: MS-ADTS 3.1.1.3.4.1.36. Links are read with the seconds they have left. */
const LINK_TTL = '1.2.840.113556.1.4.2309';

/** Whether the login is a member by itself, which is what Keyturn gives and takes. */
export async function isMember(session: Session, group: string, member: string): Promise<boolean> {
  const filter = new EqualityFilter({ attribute: 'member', value: member });
  return (await session.read(group, ['cn'], filter)) !== null;
}

/** Whether the login has what members have, be it through other groups. */
export async function isEffective(session: Session, group: string, member: string): Promise<boolean> {
  const filter = new ExtensibleFilter({ matchType: 'memberOf', rule: IN_CHAIN, value: group });
  return (await session.read(member, ['cn'], filter)) !== null;
}

/**
 * Makes the login a member, until `until` by the domain itself where it has that feature.
 *
 * `standing` in what it resolves to: the login was a member before this call, without an end. After a first call that
 * was cut off that is Keyturn's own doing, so only the reading of a grant's first attempt tells of the person's.
 *
 * @throws TargetError `refused` where the login isn't a member afterwards
 */
export async function join(session: Session, group: string, member: string, until: Date): Promise<ReadBack> {
  const direct = await isMember(session, group, member);
  const nested = !direct && (await isEffective(session, group, member));
  const timed = (await hasTimedLinks(session))
    ? await joinTimed(session, group, member, until, direct)
    : 'no';
  const error = direct || timed !== 'no' ? null : await add(session, group, member);
  if (!(await isEffective(session, group, member))) throw notJoined(error, session, group);
  return { group, member: true, standing: direct && timed !== 'yes', nested, endsByItself: timed === 'yes' };
}

/**
 * Ends the login's own membership, whoever gave it. Who is a member through another group still is, and the reading
 * says so in `nested`: that isn't Keyturn's to take.
 *
 * @throws TargetError where the login is still a member by itself afterwards
 */
export async function leave(session: Session, group: string, member: string): Promise<ReadBack> {
  const doing = `take a login out of ${group}`;
  const error = (await isMember(session, group, member))
    ? await session.attempt(group, [change('delete', 'member', member)], doing)
    : null;
  if (await isMember(session, group, member)) throw targetError(error, session.domain.name, doing);
  return { group, member: false, nested: await isEffective(session, group, member) };
}

/** What the server says of an add is no matter: Windows and Samba word a member already there differently. */
function add(session: Session, group: string, member: string): Promise<Error | null> {
  return session.attempt(group, [change('add', 'member', member)], `put a login into ${group}`);
}

function notJoined(error: Error | null, session: Session, group: string): TargetError {
  if (error) return targetError(error, session.domain.name, `put a login into ${group}`);
  return new TargetError(
    'refused',
    `${session.domain.name} put the login into ${group}, but it isn’t in there.`,
  );
}

/**
 * A link with an end, as a forest writes it that has the feature: `<TTL=seconds,CN=…>`, in the group's `member`. One
 * that is there already is given its new end; one without an end is the person's own and is left as it is.
 *
 * @returns `no` where the domain won't have it, so that the plain link is tried
 */
async function joinTimed(
  session: Session,
  group: string,
  member: string,
  until: Date,
  direct: boolean,
): Promise<'yes' | 'no' | 'standing'> {
  if (direct && !(await isTimed(session, group, member))) return 'standing';
  const seconds = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1000));
  const changes = [
    ...(direct ? [change('delete', 'member', member)] : []),
    change('add', 'member', `<TTL=${seconds},${member}>`),
  ];
  const error = await session.attempt(group, changes, `put a login into ${group}`);
  return error === null ? 'yes' : 'no';
}

async function isTimed(session: Session, group: string, member: string): Promise<boolean> {
  const entry = await session.read(group, ['member'], undefined, [new Control(LINK_TTL)]);
  const links = entry ? texts(entry, 'member') : [];
  return links.some((link) => /^<TTL=\d+>,/.test(link) && link.replace(/^<[^>]*>,/, '') === member);
}

/** Whether the forest's Privileged Access Management feature is on: MS-ADTS 3.1.1.9. Samba has none. */
async function hasTimedLinks(session: Session): Promise<boolean> {
  const root = await session.read('', ['configurationNamingContext']);
  const config = root ? text(root, 'configurationNamingContext') : '';
  if (config === '') return false;
  const feature = await session.read(
    `CN=Privileged Access Management Feature,CN=Optional Features,CN=Directory Service,CN=Windows NT,CN=Services,${config}`,
    ['msDS-EnabledFeatureBL'],
  );
  return feature !== null && texts(feature, 'msDS-EnabledFeatureBL').length > 0;
}
