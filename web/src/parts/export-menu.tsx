import { linkFor, type Query } from '../api/client.ts';
import { useApp } from '../state/app-state.ts';
import { Menu } from './menu.tsx';

const FORMATS = [
  { format: 'csv', words: 'CSV', note: 'spreadsheets' },
  { format: 'ndjson', words: 'NDJSON', note: 'scripts' },
  { format: 'parquet', words: 'Parquet', note: 'DuckDB, pandas' },
] as const;

/** Saves what a request answers as a file: links that the browser follows by itself, with the organization in the path. */
export const ExportMenu = ({
  request,
  label = 'Export',
}: {
  readonly request: { readonly path: string; readonly query: Query; readonly tenant?: string };
  readonly label?: string;
}) => {
  const { router } = useApp();
  const tenant = request.tenant ?? router.address.value.org ?? '';
  return (
    <Menu
      kind="quiet"
      icon="download"
      label={label}
      buttonClass="export-button"
      entries={FORMATS.map(({ format, words, note }) => ({
        kind: 'link' as const,
        words,
        note,
        isDownload: true,
        href: linkFor(tenant, request.path, [...request.query, ['format', format]]),
      }))}
    />
  );
};
