/** Blocks, one component a type. */

import { ConfirmDialog } from './ConfirmDialog.js';
import { ElementView, ImageView } from './Element.js';
import { Folded } from './Folded.js';
import { type Host, HostContext } from './host.js';
import { InputView } from './InputView.js';
import { TextView, Unsupported } from './Text.js';
import type { Block, Section } from './types.js';
import { blockIdOf } from './values.js';

/** A list of blocks and the dialog that one of them may raise. */
export function BlockList({ blocks, host }: { blocks: readonly Block[]; host: Host }) {
  return (
    <HostContext.Provider value={host}>
      <div class="blocks">
        {blocks.map((block, index) => (
          <BlockView
            key={`${block.type} ${blockIdOf(block, index)}`}
            block={block}
            id={blockIdOf(block, index)}
          />
        ))}
      </div>
      {host.asking && <ConfirmDialog {...host.asking} />}
    </HostContext.Provider>
  );
}

function BlockView({ block, id }: { block: Block; id: string }) {
  switch (block.type) {
    case 'header':
      return <h3 class="b-header">{block.text.text}</h3>;
    case 'section':
      return <SectionView section={block} id={id} />;
    case 'context':
      return (
        <div class="b-context">
          {block.elements.map((it, index) =>
            it.type === 'image' ? (
              <ImageView key={index} image={it} small />
            ) : (
              <TextView key={index} text={it} />
            ),
          )}
        </div>
      );
    case 'divider':
      return <hr class="b-divider" />;
    case 'actions':
      return (
        <div class="b-actions">
          {block.elements.map((element, index) => (
            <ElementView
              key={element.type === 'image' ? index : element.action_id}
              element={element}
              blockId={id}
            />
          ))}
        </div>
      );
    case 'input':
      return <InputView input={block} id={id} />;
    case 'image':
      return <ImageView image={block} />;
    default:
      return <Unsupported what="block" type={(block as { type?: unknown }).type} />;
  }
}

function SectionView({ section, id }: { section: Section; id: string }) {
  return (
    <div class="b-section">
      <div class="b-section-body">
        {section.text && (
          <Folded text={section.text.text} expand={section.expand === true}>
            <TextView text={section.text} />
          </Folded>
        )}
        {section.fields && (
          <div class="b-fields">
            {section.fields.map((field, index) => (
              <TextView key={index} text={field} />
            ))}
          </div>
        )}
      </div>
      {section.accessory && (
        <div class="b-accessory">
          <ElementView element={section.accessory} blockId={id} />
        </div>
      )}
    </div>
  );
}
