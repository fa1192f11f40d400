/** More time: asked for by the holder, approved by somebody else, and never access that runs on by itself. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { idIn, openWorld, passwordOf, reads, type World } from '../support/world.js';

const roomy = (text: string) =>
  text
    .replace('one-lead:      { ', 'one-lead:      { max_total: 2h, ')
    .replace('durations: [30m, 1h, 4h], decide_within', 'durations: [30m, 1h], decide_within')
    .replace('helpdesk:      { ', 'helpdesk:      { max_total: 5h, ');
const minute = 60;

describe.each(KINDS)('more time, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true, config: roomy });
    for (const name of ['Tess', 'Omar']) await world.inTeams(name).hears('help');
  }, 60_000);
  afterAll(() => world.close());

  /** Tess holds it for an hour, with a lead's approval. */
  async function holds(account: string): Promise<string> {
    const request = await world.person('Tess').asks(`acme/${account} 1h something is wrong`);
    await world.person('Omar').presses('Approve', request);
    const grant = request.replace('R-', 'G-');
    await world.person('Tess').receives('Yours until', grant);
    return grant;
  }
  const lasts = async (grant: string) =>
    (
      await world.rows<{ minutes: number }>(
        'select (extract(epoch from ends_at - active_at) / 60)::int as minutes from keyturn.grants where id = $1',
        [grant],
      )
    )[0]?.minutes;

  test('ten minutes before the end Tess is rung, asks on that card for more, Lena approves, and it goes on', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const grant = await holds('front-desk');
    await world.wait(49 * minute);
    expect(tess.direct().filter((says) => says.includes('Ends at'))).toEqual([]);
    await world.wait(minute + 1);
    const warning = await tess.receives('Ends at', grant);
    expect(reads(warning)).toMatch(/Acme Dental · Ends at (\d+ \w+ )?\d\d:\d\d, in 10 minutes/);
    for (const label of ['Extend', 'Return early']) expect(reads(warning)).toContain(label);

    await tess.clicks(warning, 'Extend');
    const form = reads(await tess.form());
    expect(form).toContain('At most 1 hour more. Needs a lead.');
    expect(await tess.sends({ long: '1800', why: ' ' })).toEqual({
      why: 'Say why, in a few words: the approvers decide by it, and it stays on record.',
    });
    expect(await tess.sends({ long: '1800', why: 'the new driver fails' })).toEqual({});

    const asked = await lena.sees('Approve', `for ${grant}`);
    const more = idIn(reads(asked), 'R');
    expect(reads(asked)).toContain('More time');
    expect(reads(asked)).toContain('30 minutes more');
    expect(reads(asked)).toContain('the new driver fails');
    expect(reads(asked)).toMatch(
      /Access until (\d+ \w+ )?\d\d:\d\d now; it would be until (\d+ \w+ )?\d\d:\d\d\./,
    );
    await tess.receives('Cancel request', more);
    await tess.receives(`${more} asks for 30 minutes more; until it is approved, this ends`, grant);
    expect(await lasts(grant)).toBe(60);

    await lena.clicks(asked, 'Approve');
    await tess.receives('Extended to', 'you have it for longer');
    expect(reads(await tess.receives('Yours until', 'Extended to'))).toContain('Reveal');
    expect(await lasts(grant)).toBe(90);
    await world.channel('More time given', more);
    await world.channel('Access granted', grant.replace('G-', 'R-'));
    // What was warned of isn't so any more, and the card that warned says so.
    const after = await tess.slack.until(() =>
      tess.slack
        .dm(tess.team, tess.user)
        .find((m) => m.ts === warning.ts && !reads(m).includes('in 10 minutes')),
    );
    expect(reads(after)).toContain('Extended to');
    expect(reads(after)).not.toContain('Return early');

    expect(await tess.reveals(grant)).toBe(passwordOf('acme', 'front-desk'));
    await world.wait(30 * minute);
    await tess.receives('in 10 minutes', grant);
    expect(tess.direct().filter((says) => says.includes(', in 10 minutes'))).toHaveLength(1);
    await world.wait(10 * minute);
    await tess.receives('Time was up', grant);
    expect(await tess.hears(`extend ${grant} 30m one more thing`)).toContain(`${grant} is over (expired)`);
  });

  test('in Teams: typed with its reason, approved there for less, refused beyond what the policy allows', async () => {
    const tess = world.inTeams('Tess');
    const grant = await holds('scanner');
    expect(await tess.hears(`extend ${grant} 90m labels still blank`)).toBe(
      'At most 1 hour more can be given: the policy allows 2 hours in all.',
    );
    expect(await tess.hears(`extend ${grant} soon`)).toBe(
      'Write the time like 30m, 1h or 1h30m, after the id.',
    );
    const heard = await tess.hears(`extend ${grant} 30m labels still blank`);
    expect(heard).toMatch(
      new RegExp(
        `^Asked: R-\\w{6}, 30 minutes more of ${grant}\\. Until it is approved, that ends (\\d+ \\w+ )?\\d\\d:\\d\\d as before\\.$`,
      ),
    );
    const more = idIn(heard, 'R');
    const again = await tess.hears(`extend ${grant} 5m more`, (says) => says.includes('asked for this'));
    expect(again).toContain(`You have asked for this already: ${more} waits for a decision.`);
    const own = 'It is your own request: somebody else has to decide it. You can cancel it.';
    expect(await tess.hears(`approve ${more}`)).toBe(own);
    expect(await world.person('Luis').hears(`extend ${grant} 30m mine too`)).toBe(
      'Only the holder of a grant can do that.',
    );
    await world.inTeams('Omar').types(`approve ${more} 10m`);
    await tess.receives('Extended to', 'you have it for longer');
    expect(await lasts(grant)).toBe(70);
    await tess.types(`return ${grant}`);
    await tess.receives('Your access has ended', grant);
  });

  test('without a reason the form comes, with what was typed chosen; in Teams where it is pressed', async () => {
    const grant = await holds('till');
    const tess = world.inTeams('Tess');
    await tess.types(`extend ${grant} 25m`);
    const form = await tess.receives('How much longer', 'Till, yours until');
    expect(world.teams.inputs(form).find(({ id }) => id === 'long')?.value).toBe('1500');
    await world.person('Tess').types(`extend ${grant} 25m`);
    expect(reads(await world.person('Tess').form())).toContain('How much longer');

    const card = await tess.receives('Extend', 'Yours until');
    await tess.clicks(card, 'Extend');
    const opened = await tess.receives('How much longer', 'Back');
    await tess.clicks(opened, 'Ask', { long: '1800', why: 'the password is Blue-42-canary' });
    expect(tess.reads(await tess.receives('How much longer', 'Nothing was stored'))).not.toContain('Blue-42');
    await tess.clicks(await tess.receives('How much longer', 'Nothing was stored'), 'Ask', {
      ...{ long: '1800', why: 'counting again' },
    });
    const mine = await tess.receives('Cancel request', 'counting again');
    await tess.clicks(mine, 'Cancel request');
    await world.channel('More time cancelled', grant);
    expect(await lasts(grant)).toBe(60);
    await tess.types(`return ${grant}`);
    await tess.receives('Your access has ended', grant);
  });

  test('while it waits, the access ends at its time; the request lapses with it, and nobody can approve it', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    const grant = await holds('front-desk');
    const more = idIn(await tess.hears(`extend ${grant} 1h still at it`), 'R');
    const card = await lena.sees('Approve', more);
    const [waits] = await world.rows(
      'select r.decide_by = g.ends_at as same from keyturn.requests r join keyturn.grants g on g.id = r.extends where r.id = $1',
      [more],
    );
    expect(waits).toEqual({ same: true });
    await world.wait(60 * minute);
    expect(await tess.hears(`extend ${grant} 30m more`)).toContain('is over (expired)');
    expect(await lena.clicksAndHears(card, 'Approve')).toBe(
      `Too late: ${grant} has ended, so there is nothing to make longer.`,
    );
    expect(reads(await world.channel('More time lapsed', more))).toContain(
      'The access ended before it was decided.',
    );
    expect(await lasts(grant)).toBe(60);
  });

  test('handed back while it waits: it lapses at once', async () => {
    const tess = world.person('Tess');
    const grant = await holds('scanner');
    const more = idIn(await tess.hears(`extend ${grant} 30m still at it`), 'R');
    await world.person('Lena').sees('Approve', more);
    await tess.types(`return ${grant}`);
    await world.channel('More time lapsed', more);
    const state = await world.rows('select state from keyturn.requests where id = $1', [more]);
    expect(state).toEqual([{ state: 'lapsed' }]);
  });

  test('where nobody has to approve, it is longer at once, up to the most in all', async () => {
    const tess = world.person('Tess');
    const grant = idIn(await tess.hears('acme/camera 4h look at the door'), 'G');
    expect(await tess.hears(`extend ${grant} 1h longer`)).toMatch(
      new RegExp(`^${grant} is yours until .*\\.$`),
    );
    await tess.receives('Extended to', grant);
    expect(await lasts(grant)).toBe(300);
    const isFull = (says: string) =>
      says.includes('Yours until') && says.includes(grant) && !says.includes('Extend\n');
    await world.slack.until(() => tess.direct().some(isFull), 15_000);
    expect(await tess.hears(`extend ${grant} 5m longer`)).toBe(
      `${grant} can’t be made longer: its policy allows 5 hours in all. Ask anew when it has ended.`,
    );
    await tess.types(`return ${grant}`);
  });

  test('a grant of ten minutes is told of no end that it was born with', async () => {
    const tess = world.person('Tess');
    const short = idIn(await tess.hears('acme/alarm 10m beeping'), 'G');
    const long = idIn(await tess.hears('acme/phones 15m no tone'), 'G');
    await world.wait(6 * minute);
    await tess.receives('Ends at', long);
    expect(tess.direct().filter((says) => says.includes('Ends at') && says.includes(short))).toEqual([]);
  });

  test('the trail says who asked for more, who gave it and until when', async () => {
    const tess = world.person('Tess');
    const grant = idIn(await tess.hears('acme/printer 30m toner'), 'G');
    await tess.hears(`extend ${grant} 15m more toner`);
    const shown = await tess.hears(`show ${grant}`);
    expect(shown).toMatch(/made longer by 15 minutes \(R-\w{6}\), until \d{4}-\d\d-\d\d/);
  });
});
