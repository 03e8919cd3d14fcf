import { useState } from 'preact/hooks';
import '../../parts/field.css';
import { Panel } from '../../reports/panel.tsx';

/** All columns of the page view that have a value, by name; a search finds one. */
export const FactsPanel = ({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) => {
  const [search, setSearch] = useState('');
  const known = Object.entries(facts)
    .map(([name, value]) => [name, textOf(value)] as const)
    .filter(([, text]) => text !== '');
  const wanted = search.trim().toLowerCase();
  const shown = known.filter(([name, text]) => `${name} ${text}`.toLowerCase().includes(wanted));
  return (
    <Panel
      title="Facts"
      note={`${known.length} columns of the page view have a value. Times in ms, sizes in bytes.`}
      actions={
        <input
          class="input"
          type="search"
          aria-label="Find a fact"
          placeholder="Find"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      }
    >
      {shown.length === 0 ? (
        <p class="panel-empty">No fact has these words.</p>
      ) : (
        <dl class="page-view-facts" tabIndex={0} aria-label="Facts by column">
          {shown.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
};

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return `${value as string | number | boolean}`;
  if (Array.isArray(value)) return value.join(', ');
  return Object.entries(value)
    .map(([key, each]) => `${key}: ${each as string | number}`)
    .join(', ');
};
