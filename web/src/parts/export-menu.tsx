import { linkFor } from '../api/client.ts';
import type { Exported } from '../api/request.ts';
import { useApp } from '../state/app-state.ts';
import { Menu, moveFocus } from './menu.tsx';
import { Popover } from './popover.tsx';
import './export-menu.css';

const FORMATS = [
  { format: 'csv', words: 'CSV', note: 'spreadsheets' },
  { format: 'ndjson', words: 'NDJSON', note: 'scripts' },
  { format: 'parquet', words: 'Parquet', note: 'DuckDB, pandas' },
] as const;

type Format = (typeof FORMATS)[number]['format'];

/** One file: what is in it, and its address in a format. */
interface ExportFile {
  readonly words: string;
  readonly hrefOf: (format: Format) => string;
}

/** Saves what requests answer as files: links that the browser follows by itself, with the organization in the path. */
export const ExportMenu = ({
  request,
  of,
}: {
  readonly request: Exported;
  /** What is saved, read out. */
  readonly of: string;
}) => {
  const { router } = useApp();
  const files = filesOf(request, router.address.value.org ?? '');
  const label = `Export: ${of}`;
  const [first, ...more] = files;
  if (first === undefined) return null;
  if (more.length === 0)
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
          href: first.hrefOf(format),
        }))}
      />
    );
  return (
    <Popover kind="quiet" icon="download" label={label} popupKind="menu" buttonClass="export-button">
      {({ close }) => (
        <div class="menu" role="none" onKeyDown={moveFocus}>
          {files.map(({ words: file, hrefOf }) => (
            <div key={file} class="export-file" role="group" aria-label={file}>
              <span aria-hidden="true">{file}</span>
              {FORMATS.map(({ format, words }) => (
                <a
                  key={format}
                  class="menu-item"
                  role="menuitem"
                  aria-label={`${file}, ${words}`}
                  href={hrefOf(format)}
                  download=""
                  onClick={close}
                >
                  {words}
                </a>
              ))}
            </div>
          ))}
        </div>
      )}
    </Popover>
  );
};

const filesOf = (request: Exported, org: string): readonly ExportFile[] =>
  ('path' in request ? [request] : request).flatMap((one) => {
    const file = (words: string, table?: string): ExportFile => ({
      words,
      hrefOf: (format) =>
        linkFor(one.tenant ?? org, one.path, [
          ...one.query,
          ['format', format],
          ...(table === undefined ? [] : [['table', table] as const]),
        ]),
    });
    return [file(one.rows ?? 'Rows'), ...(one.tables ?? []).map(([table, words]) => file(words, table))];
  });
