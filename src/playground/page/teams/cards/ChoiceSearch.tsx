/** A choice set that one types into: the page's own list of proposals in place of the renderer's. */

import { ChoiceSetInput } from 'adaptivecards';
import { render } from 'preact';
import { SearchField } from '../../blocks/SearchField.js';
import type { Choice } from '../../blocks/types.js';
import type { Outcome } from '../../slack-contract.js';
import type { TeamsOutcome } from '../../teams-contract.js';

/** Teams shows no more of what the bot has found. */
const MOST_FOUND = 15;

interface Chosen {
  readonly title: string;
  readonly value: string;
}

/** Asks the bot for the choices of a data set. */
export type Search = (dataset: string, query: string) => Promise<TeamsOutcome>;

export class ChoiceSearch extends ChoiceSetInput {
  /** Set by whoever draws the card. */
  search: Search | undefined;
  #box: HTMLElement | undefined;
  #inputId = '';
  #chosen: Chosen | undefined;

  /** The renderer's own search is never used. */
  override isDynamicTypeahead(): boolean {
    return false;
  }

  override get value(): string | undefined {
    return this.#box ? this.#chosen?.value : super.value;
  }

  override isValid(): boolean {
    return this.#box ? true : super.isValid();
  }

  override focus(): void {
    if (this.#box) this.#box.querySelector('input')?.focus();
    else super.focus();
  }

  /** Takes what was drawn out of the page. */
  release(): void {
    if (this.#box) render(null, this.#box);
  }

  protected override internalRender(): HTMLElement | undefined {
    if (this.style !== 'filtered' || this.isMultiSelect) return this.#named(super.internalRender());
    this.#chosen = this.#offered().find(({ value }) => value === this.defaultValue);
    this.#box = document.createElement('div');
    this.#box.className = 't-search';
    return this.#box;
  }

  protected override overrideInternalRender(): HTMLElement | undefined {
    const whole = super.overrideInternalRender();
    if (!this.#box) return whole;
    // The label is the field's, and not its frame's.
    this.#inputId = this.#box.id;
    this.#box.removeAttribute('id');
    this.#draw();
    return whole;
  }

  protected override updateInputControlAriaLabelledBy(): void {
    if (this.#box) this.#draw();
    else super.updateInputControlAriaLabelledBy();
  }

  /** A list without a label is named by what stands in it. */
  #named(control: HTMLElement | undefined): HTMLElement | undefined {
    if (!this.label && this.placeholder) control?.setAttribute('aria-label', this.placeholder);
    return control;
  }

  #draw(): void {
    if (!this.#box || !this.#inputId) return;
    const placeholder = this.placeholder ?? 'Search';
    const labels = this.getAllLabelIds().join(' ');
    const wrong = this.#box.classList.contains('ac-input-validation-failed');
    const aria = {
      id: this.#inputId,
      ...(labels ? { 'aria-labelledby': labels } : { 'aria-label': placeholder }),
      ...(this.isRequired && { 'aria-required': true }),
      ...(wrong && { 'aria-invalid': true }),
    };
    render(
      <SearchField
        aria={aria}
        placeholder={placeholder}
        chosen={this.#chosen?.title}
        least={0}
        search={(value) => this.#find(value)}
        pick={(option) => this.#pick(option)}
      />,
      this.#box,
    );
  }

  #pick(option: Choice | null): void {
    this.#chosen = option ? { title: option.text.text, value: option.value } : undefined;
    this.#draw();
    this.valueChanged();
  }

  async #find(typed: string): Promise<Outcome> {
    const dataset = this.choicesData?.dataset;
    if (!dataset || !this.search) return found(this.#offered().filter(({ title }) => includes(title, typed)));
    const outcome = await this.search(dataset, typed);
    if (!outcome.ok) return { ok: false, ...(outcome.error && { error: outcome.error }) };
    return found((outcome.choices ?? []).slice(0, MOST_FOUND));
  }

  #offered(): Chosen[] {
    return this.choices.map(({ title = '', value = '' }) => ({ title, value }));
  }
}

function includes(title: string, typed: string): boolean {
  return title.toLowerCase().includes(typed.trim().toLowerCase());
}

/** As the list of proposals takes it. */
function found(choices: readonly Chosen[]): Outcome {
  return {
    ok: true,
    options: choices.map(({ title, value }) => ({ text: { type: 'plain_text', text: title }, value })),
  };
}
