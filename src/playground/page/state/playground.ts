/** The page's one store: it loads, listens, acts for the person one is, and tells who watches. */

import type { ClockView, WINDS } from '../clock-contract.js';
import type { Cast, CastMember, Milestone } from '../contract.js';
import type { DuoAct, DuoOutcome, DuoPhone } from '../duo-contract.js';
import type { Act, Outcome } from '../slack-contract.js';
import type { TeamsAct, TeamsOutcome } from '../teams-contract.js';
import type { HandedLine } from '../terminal-contract.js';
import { act, type Change, getAudit, getCast, getSlack, listen } from './api.js';
import { chatOf, firstRoom, isConcerned } from './chats.js';
import { getClock, keyturnNow, sayWound, windOn } from './clock.js';
import { advance, arrived, stepsFor } from './guide.js';
import { keep, recall } from './kept.js';
import { draftKey, type Model, openRoom, type Toast } from './model.js';
import { heldUp, isRinging, Phones } from './phones.js';
import { Reloads } from './reloads.js';
import { actInTeams, getTeams, listenToTeams, type TeamsChange } from './teams-api.js';
import { firstUnread, newestIn, type Seen } from './unread.js';

export class Playground {
  #model: Model;
  readonly #watchers = new Set<() => void>();
  readonly #reloads = new Reloads();
  readonly #phones: Phones;
  readonly #shown = new Set<string>();

  private constructor(cast: Cast, first: CastMember, clock: ClockView) {
    const kept = recall(cast.version);
    const who = cast.people.find(({ key }) => `#${key}` === location.hash) ?? first;
    this.#model = {
      cast,
      who,
      clock,
      slack: {},
      teams: {},
      phones: {},
      phoneUp: false,
      open: kept.channel,
      seen: kept.seen,
      newFrom: '',
      drafts: {},
      online: true,
      guide: kept.guide,
      guideShut: kept.guideShut,
      auditOpen: false,
      audit: undefined,
      terminal: undefined,
      terminalUp: false,
      toasts: [],
    };
    this.#phones = new Phones(cast.people, (key, phone) => this.#ring(key, phone));
  }

  /** Loads everybody, then follows what changes. */
  static async start(): Promise<Playground> {
    const [cast, clock] = await Promise.all([getCast(), getClock()]);
    const [first] = cast.people;
    if (!first) throw new Error('The cast is empty.');
    const page = new Playground(cast, first, clock);
    await Promise.all([page.#phones.follow(), ...cast.people.map((person) => page.#reload(person))]);
    page.be(page.model.who.key);
    let wasOnline = false;
    listen({
      change: (change) => page.#onChange(change),
      online: (online) => {
        // What happened while nobody listened, as before the first time, was not told: look at everything again.
        if (online && !wasOnline) page.#lookAgain();
        wasOnline = online;
        page.#set({ online });
      },
    });
    if (cast.people.some(({ chat }) => chat === 'teams')) listenToTeams((change) => page.#onChange(change));
    addEventListener('hashchange', () => page.be(location.hash.slice(1)));
    document.addEventListener('visibilitychange', () => page.#markSeen());
    return page;
  }

  get model(): Model {
    return this.#model;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Becomes somebody, and looks where something waits for them. */
  be(key: string): void {
    const who = this.#model.cast.people.find((person) => person.key === key);
    const chat = who && chatOf(this.#model, key);
    if (!who) return;
    history.replaceState(null, '', `#${key}`);
    this.#set({ who, toasts: [], phoneUp: isRinging(this.#model, key) });
    const waiting = chat && firstUnread(chat, this.#seen(key));
    const open = waiting ?? this.#model.open[key] ?? (chat && firstRoom(who, chat)?.id);
    if (open) this.openChannel(open);
    this.#showToasts();
  }

  openChannel(id: string): void {
    const { who } = this.#model;
    this.#set({ open: { ...this.#model.open, [who.key]: id }, newFrom: this.#seen(who.key)[id] ?? '' });
    this.#markSeen();
  }

  draft(text: string): void {
    this.#set({ drafts: { ...this.#model.drafts, [draftKey(this.#model)]: text } });
  }

  /** Does something in Slack as the person one is, then shows what came of it. */
  async act(what: Act): Promise<Outcome> {
    const { who } = this.#model;
    if (who.chat !== 'slack') return { ok: false, error: `${who.name} has no Slack.` };
    const outcome = await act(who, what);
    if (what.kind === 'options') return outcome;
    await this.#reload(who);
    return outcome;
  }

  /** Does something in Teams as the person one is, then shows what came of it. */
  async actInTeams(what: TeamsAct): Promise<TeamsOutcome> {
    const { who } = this.#model;
    if (who.chat !== 'teams') return { ok: false, error: `${who.name} has no Teams.` };
    const outcome = await actInTeams(who, what);
    if (what.kind === 'search') return outcome;
    await this.#reload(who);
    return outcome;
  }

  /** Does something on the phone of the person one is. */
  onPhone(what: DuoAct): Promise<DuoOutcome> {
    return this.#phones.act(this.#model.who, what);
  }

  raisePhone(phoneUp: boolean): void {
    this.#set({ phoneUp });
  }

  /** Winds Keyturn's clock on, and says what it says then. */
  async wind({ seconds, words }: (typeof WINDS)[number]): Promise<void> {
    const before = keyturnNow(this.#model.clock);
    const outcome = await windOn(seconds);
    if (!outcome.ok) return this.say(outcome.error);
    const { clock } = outcome;
    this.#set({ clock });
    this.say(sayWound(clock, before, keyturnNow(clock), words), 'info');
  }

  /** Tells the guide that the person one is has done something. */
  feat(what: Milestone): void {
    const { cast, guide, who } = this.#model;
    const steps = stepsFor(cast);
    this.guideTo(arrived(steps, advance(steps, guide, { by: who.key, what }), this.#model));
  }

  guideTo(guide: number): void {
    this.#set({ guide });
  }

  shutGuide(guideShut: boolean): void {
    this.#set({ guideShut });
  }

  async showAudit(auditOpen: boolean): Promise<void> {
    this.#set({ auditOpen });
    if (!auditOpen) return;
    this.feat({ opened: 'audit' });
    await this.#reloadAudit();
  }

  /** A new terminal in the place of the former one. @param handed what stands on a card, to begin with. */
  openTerminal(handed: HandedLine | null): void {
    this.#set({ terminal: { id: crypto.randomUUID(), handed }, terminalUp: true });
  }

  showTerminal(terminalUp: boolean): void {
    if (terminalUp && !this.#model.terminal) this.openTerminal(null);
    else this.#set({ terminalUp });
  }

  closeTerminal(): void {
    this.#set({ terminal: undefined, terminalUp: false });
  }

  say(text: string, tone: Toast['tone'] = 'fault', id: string = crypto.randomUUID()): void {
    // Slack's own warning and the answer to the click are often the same sentence.
    const others = this.#model.toasts.filter((toast) => toast.text !== text);
    this.#set({ toasts: [...others.slice(-2), { id, text, tone }] });
  }

  hush(id: string): void {
    this.#set({ toasts: this.#model.toasts.filter((toast) => toast.id !== id) });
  }

  #seen(key: string): Seen {
    return this.#model.seen[key] ?? {};
  }

  #lookAgain(): void {
    this.#onChange({});
    void this.#reloads.run('the clock', async () => {
      const clock = await getClock().catch(() => undefined);
      if (clock) this.#set({ clock });
    });
  }

  #onChange(change: Change & TeamsChange): void {
    if (change.clock) this.#set({ clock: change.clock });
    for (const person of this.#model.cast.people) if (isConcerned(person, change)) void this.#reload(person);
    if (this.#model.auditOpen) void this.#reloadAudit();
  }

  #reload(person: CastMember): Promise<void> {
    return this.#reloads.run(person.key, async () => {
      await this.#load(person).catch(() => this.#set({ online: false }));
      if (person.key !== this.#model.who.key) return;
      this.#markSeen();
      this.#showToasts();
    });
  }

  async #load(person: CastMember): Promise<void> {
    const { key } = person;
    if (person.chat === 'slack') {
      const slack = await getSlack(person);
      this.#arrive({ slack: { ...this.#model.slack, [key]: slack } });
    } else {
      const teams = await getTeams(person);
      this.#arrive({ teams: { ...this.#model.teams, [key]: teams } });
    }
  }

  #ring(key: string, phone: DuoPhone): void {
    const { phones, phoneUp, who } = this.#model;
    const up = key === who.key ? heldUp(phoneUp, phones[key], phone) : phoneUp;
    this.#set({ phones: { ...phones, [key]: phone }, phoneUp: up });
  }

  #arrive(chats: Partial<Pick<Model, 'slack' | 'teams'>>): void {
    const { cast, guide, slack, teams } = this.#model;
    this.#set({ ...chats, guide: arrived(stepsFor(cast), guide, { slack, teams, ...chats }) });
  }

  async #reloadAudit(): Promise<void> {
    const audit = await getAudit().catch(() => undefined);
    if (audit) this.#set({ audit });
  }

  /** What is on the screen is seen, as long as the screen is looked at. */
  #markSeen(): void {
    const { who, seen } = this.#model;
    const room = openRoom(this.#model);
    if (!room || document.hidden) return;
    const newest = newestIn(room);
    if (newest === this.#seen(who.key)[room.id]) return;
    this.#set({ seen: { ...seen, [who.key]: { ...this.#seen(who.key), [room.id]: newest } } });
  }

  #showToasts(): void {
    const { who } = this.#model;
    for (const { id, text } of chatOf(this.#model, who.key)?.toasts ?? []) {
      // Each of the chats counts for itself.
      const known = `${who.chat} ${id}`;
      if (this.#shown.has(known)) continue;
      this.#shown.add(known);
      this.say(text, 'info', known);
    }
  }

  #set(change: Partial<Model>): void {
    this.#model = { ...this.#model, ...change };
    const { cast, seen, open, guide, guideShut } = this.#model;
    keep({ version: cast.version, seen, channel: open, guide, guideShut });
    for (const watcher of this.#watchers) watcher();
  }
}
