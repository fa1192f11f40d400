/** One session: its shells, commands and files; the terminal; what the recording is worth; and its end, for a lead who follows it. */

import type { OpenedAnswer, PlayPart } from '../../sessions-answers.js';
import { busy, h, waiting } from '../common/dom.js';
import { followCast, type LiveTerminal, playCast, type Terminal } from './player.js';
import { cell, frame } from './table.js';

export interface OpenedHands {
  /** The cast as it arrives; null where it is refused or lost, which has been said. */
  play(session: string, channel: number): Promise<AsyncGenerator<PlayPart> | null>;
  end(session: string, pressed: HTMLButtonElement): Promise<boolean>;
  back(): void;
  complain(why: string): void;
}

/** A browser holds no more of a recording than this; whatever is longer is read to its end and checked all the same. */
const MOST_TEXT = 64 * 1024 * 1024;
const SPEEDS = [1, 2, 5, 10];
const KINDS = { shell: 'Shell', exec: 'Command', sftp: 'File transfer' };

/** @param start the channel and the second to begin at; without one, the first shell or command plays at once. */
export function openedView(
  opened: OpenedAnswer,
  hands: OpenedHands,
  start: { readonly channel: number; readonly seconds: number } | null,
) {
  const { line } = opened;
  const stage = h('div', { class: 'stage', hidden: true });
  const speeds = h('p', { class: 'speeds', hidden: true });
  const verdict = h('p', { class: 'verdict', role: 'status' });
  let turn = 0;
  let terminal: Terminal | null = null;

  const clear = () => {
    turn += 1;
    terminal?.dispose();
    terminal = null;
    stage.replaceChildren();
    stage.hidden = true;
    speeds.hidden = true;
    say('');
  };
  const say = (text: string, worth = '') => {
    verdict.textContent = text;
    verdict.dataset.worth = worth;
  };

  async function play(channel: number, seconds: number): Promise<void> {
    clear();
    const mine = turn;
    const kind = opened.channels.find((one) => one.channel === channel)?.kind;
    const wait = waiting(line.isLive ? 'Getting what is on the screen …' : 'Getting the recording …');
    verdict.replaceChildren(wait);
    const parts = await hands.play(line.session, channel);
    if (!parts || mine !== turn) return say('');
    let text = '';
    let live: LiveTerminal | null = null;
    try {
      for await (const part of parts) {
        if (mine !== turn) return;
        if ('verdict' in part) return whole(part, text, seconds, kind === 'sftp', live);
        if (text.length < MOST_TEXT) text += part.text;
        if (line.isLive && kind !== 'sftp') {
          live ??= follow();
          live.feed(part.text);
          say('This goes on now. You see it a moment after it happens.', 'live');
        }
      }
      throw new Error('an end without a verdict');
    } catch {
      if (mine !== turn) return;
      say('');
      hands.complain('The recording broke off on its way, so nothing is said about it. Open it again.');
    }
  }

  function follow(): LiveTerminal {
    stage.hidden = false;
    const live = followCast(stage);
    terminal = live;
    return live;
  }

  function whole(
    part: Extract<PlayPart, { verdict: string }>,
    text: string,
    seconds: number,
    isFiles: boolean,
    live: LiveTerminal | null,
  ): void {
    const cut = text.length >= MOST_TEXT ? ' Only the first 64 MB are shown here.' : '';
    say(`${part.says}${cut}`, part.verdict);
    live?.end();
    if (live || isFiles) return;
    show(text, seconds, 1);
  }

  function show(text: string, seconds: number, speed: number): void {
    terminal?.dispose();
    stage.replaceChildren();
    stage.hidden = false;
    terminal = playCast(stage, text, seconds, speed);
    speeds.hidden = false;
    speeds.replaceChildren(
      'Speed ',
      ...SPEEDS.map((times) => {
        const press = () => show(text, terminal?.at() ?? 0, times);
        const label = {
          type: 'button',
          class: 'quiet',
          'aria-pressed': String(times === speed),
          onclick: press,
        };
        return h('button', label, `${times}×`);
      }),
    );
  }

  const back = h('button', { type: 'button', class: 'quiet back', onclick: hands.back }, '← All sessions');
  const end = endButton(opened, hands);
  const element = h(
    'div',
    { class: 'opened', 'data-colour': line.colour },
    h('div', { class: 'bar' }, back, end),
    h('h3', {}, `${line.client}: ${line.account}`),
    h('p', { class: 'note' }, `${line.who}, ${line.when}, from ${line.from}. ${line.ended}.`),
    verdict,
    stage,
    speeds,
    channelsTable(opened, (channel) => void play(channel, 0)),
    filesTable(opened),
    line.hash === null ? null : h('p', { class: 'note hash' }, `SHA-256 ${line.hash}`),
  );
  const first = opened.channels.find(({ kind }) => kind !== 'sftp') ?? opened.channels[0];
  const begin = start ?? (first ? { channel: first.channel, seconds: 0 } : null);
  if (begin) void play(begin.channel, begin.seconds);
  return {
    element,
    /** Nothing of it stays. */
    close() {
      clear();
      element.remove();
    },
  };
}

function endButton({ line, isLead }: OpenedAnswer, hands: OpenedHands): HTMLElement | null {
  if (!line.isLive || !isLead) return null;
  let sure = false;
  const button = h('button', { type: 'button', class: 'button alarm' }, 'End session');
  button.addEventListener('click', async () => {
    if (!sure) {
      sure = true;
      button.textContent = `Yes, end ${line.who}’s session now`;
      return;
    }
    const done = await hands.end(line.session, button);
    busy(button, done);
    button.textContent = done ? 'Ending …' : 'End session';
    sure = false;
  });
  return button;
}

function channelsTable({ channels }: OpenedAnswer, play: (channel: number) => void): HTMLElement {
  const head = ['When', 'What', 'How long', 'Exit code', ''];
  const rows = channels.map(({ channel, kind, command, when, lasted, exitCode }) => {
    const label = kind === 'sftp' ? 'Check' : 'Play';
    const button = h(
      'button',
      { type: 'button', class: 'button small', onclick: () => play(channel) },
      label,
    );
    button.setAttribute('aria-label', `${label} ${channel}`);
    return h(
      'tr',
      {},
      cell('When', [when]),
      cell('What', command === null ? [KINDS[kind]] : [KINDS[kind], command]),
      cell('How long', lasted === null ? [] : [lasted]),
      cell('Exit code', exitCode === null ? [] : [String(exitCode)]),
      h('td', { class: 'does' }, button),
    );
  });
  return frame('channels-table', head, rows);
}

function filesTable({ files, more }: OpenedAnswer): HTMLElement | null {
  if (files.length === 0) return null;
  const rows = files.map(({ when, says }) => h('tr', {}, cell('When', [when]), cell('File', [says])));
  const note = more ? h('p', { class: 'note' }, `The first ${files.length}. There are more.`) : null;
  return h(
    'section',
    { class: 'part' },
    h('h3', {}, 'Files'),
    note,
    frame('files-table', ['When', 'File'], rows),
  );
}
