/** The app, people and accounts come and go: what the bot is told. */
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/playground/teams/index.js';
import {
  access,
  gus,
  ivy,
  lena,
  newcomer,
  northwind,
  northwindTenant,
  simpleBot,
  startTeams,
} from './teams-support.js';

describe('coming and going', () => {
  const kinds = (heard: readonly Fields[]) =>
    heard.map(({ type, action, membersAdded, membersRemoved }) => {
      const what = action ?? (membersAdded ? 'added' : membersRemoved && 'removed');
      return `${type} ${what}`;
    });

  it('of the app in somebody’s own scope is told', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    expect((await teams.installs(northwind, newcomer)).ok).toBe(true);
    expect(heard[0]).toMatchObject({
      membersAdded: [{ id: `28:${northwindTenant.bot.appId}` }],
      from: { aadObjectId: newcomer },
      conversation: { conversationType: 'personal' },
    });
    await expect(teams.installs(northwind, newcomer)).rejects.toThrow('is there already');
    await teams.uninstalls(northwind, newcomer);
    expect(kinds(heard)).toEqual([
      'conversationUpdate added',
      'installationUpdate add',
      'installationUpdate remove',
    ]);
    await expect(teams.says(northwind, newcomer, 'hello')).rejects.toThrow('has not installed');
  });

  it('of the app and of people in a channel is told', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    await teams.joins(northwind, gus, access, lena);
    expect(heard[0]).toMatchObject({
      membersAdded: [{ aadObjectId: gus }],
      from: { aadObjectId: lena },
      channelData: { eventType: 'teamMemberAdded', team: { name: 'Ops' } },
    });
    await teams.parts(northwind, gus, access);
    await teams.uninstalls(northwind, ivy, { channel: access });
    await teams.joins(northwind, gus, access);
    expect(kinds(heard)).toEqual([
      'conversationUpdate added',
      'conversationUpdate removed',
      'conversationUpdate removed',
      'installationUpdate remove',
    ]);
    await teams.says(northwind, ivy, 'anybody?', { conversation: access, mention: true });
    expect(heard).toHaveLength(4);
  });

  it('of an account, and blocking, are told to nobody', async () => {
    const teams = await startTeams();
    const heard = await simpleBot(teams);
    await teams.blocks(northwind, ivy);
    await expect(teams.says(northwind, ivy, 'hello')).rejects.toThrow('Ivy Chen has blocked the app.');
    await teams.unblocks(northwind, ivy);
    await teams.changes(northwind, lena, { email: 'lena@new.example', guest: true });
    await teams.leaves(northwind, ivy);
    await expect(teams.says(northwind, ivy, 'hello')).rejects.toThrow('deactivated');
    expect(heard).toEqual([]);
  });
});
