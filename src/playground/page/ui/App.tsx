/** The whole page: who one is, what to try, their chat, the audit trail. */

import { placeOf } from '../state/chats.js';
import type { Model } from '../state/model.js';
import { useModel, usePlayground } from '../state/use.js';
import { TeamsDialogView } from '../teams/TeamsDialogView.js';
import { TeamsPane } from '../teams/TeamsPane.js';
import { Audit } from './Audit.js';
import { Conversation } from './Conversation.js';
import { Guide } from './Guide.js';
import { Modal } from './Modal.js';
import { Phone } from './phone/Phone.js';
import { RingNotice } from './phone/RingNotice.js';
import { Sidebar } from './Sidebar.js';
import { Toasts } from './Toasts.js';
import { TopBar } from './TopBar.js';
import { TerminalPanel } from './terminal/TerminalPanel.js';

export function App() {
  const model = useModel();
  const page = usePlayground();
  const places = [...new Set(model.cast.people.map(placeOf))];
  const workspace = places.indexOf(placeOf(model.who)) % 4;
  const looks = [
    model.auditOpen && 'with-audit',
    model.phoneUp && 'phone-up',
    model.terminalUp && 'terminal-up',
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <div class={`page workspace-${workspace} ${looks}`}>
      <TopBar model={model} />
      <Guide model={model} />
      {!model.online && (
        <p class="offline" role="status">
          Keyturn does not answer. This page goes on by itself when it is back.
        </p>
      )}
      <div class="desk">
        <div class={`window window-${model.who.chat}`}>
          <ChatOf model={model} />
          {model.auditOpen && <Audit audit={model.audit} close={() => void page.showAudit(false)} />}
        </div>
        <Phone key={`phone ${model.who.key}`} model={model} />
      </div>
      {model.terminal && (
        <TerminalPanel key={model.terminal.id} open={model.terminal} shown={model.terminalUp} />
      )}
      <Above model={model} />
      <RingNotice model={model} />
      <Toasts toasts={model.toasts} />
    </div>
  );
}

/** The chat of the person one is. */
function ChatOf({ model }: { model: Model }) {
  const { key, name, chat } = model.who;
  const slack = model.slack[key];
  const teams = model.teams[key];
  if (teams) return <TeamsPane key={key} model={model} teams={teams} />;
  if (slack) {
    return (
      <>
        <Sidebar model={model} slack={slack} />
        <Conversation key={key} model={model} slack={slack} />
      </>
    );
  }
  return (
    <p class="sorry">
      Opening {name}’s {chat === 'teams' ? 'Teams' : 'Slack'}…
    </p>
  );
}

/** What the chat has put before everything else. */
function Above({ model }: { model: Model }) {
  const { key } = model.who;
  const view = model.slack[key]?.view;
  const dialog = model.teams[key]?.dialog;
  if (view) return <Modal key={`${key} ${view.id}`} view={view} />;
  return dialog ? <TeamsDialogView key={key} dialog={dialog} /> : null;
}
