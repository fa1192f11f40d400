/** The whole page: who one is, what to try, their Slack, the audit trail. */

import { useModel, usePlayground } from '../state/use.js';
import { Audit } from './Audit.js';
import { Conversation } from './Conversation.js';
import { Guide } from './Guide.js';
import { Modal } from './Modal.js';
import { Phone } from './phone/Phone.js';
import { RingNotice } from './phone/RingNotice.js';
import { Sidebar } from './Sidebar.js';
import { Toasts } from './Toasts.js';
import { TopBar } from './TopBar.js';

export function App() {
  const model = useModel();
  const page = usePlayground();
  const slack = model.slack[model.who.key];
  const teams = [...new Set(model.cast.people.map(({ team }) => team))];
  const workspace = teams.indexOf(model.who.team) % 4;
  const looks = [model.auditOpen && 'with-audit', model.phoneUp && 'phone-up'].filter(Boolean).join(' ');
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
        <div class="window">
          {slack ? (
            <>
              <Sidebar model={model} slack={slack} />
              <Conversation key={model.who.key} model={model} slack={slack} />
            </>
          ) : (
            <p class="sorry">Opening {model.who.name}’s Slack…</p>
          )}
          {model.auditOpen && <Audit audit={model.audit} close={() => void page.showAudit(false)} />}
        </div>
        <Phone key={`phone ${model.who.key}`} model={model} />
      </div>
      {slack?.view && <Modal key={`${model.who.key} ${slack.view.id}`} view={slack.view} />}
      <RingNotice model={model} />
      <Toasts toasts={model.toasts} />
    </div>
  );
}
