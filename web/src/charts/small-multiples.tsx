import type { VitalFigures } from '#reports';
import { formatShort } from '../parts/numbers.ts';
import { MiniDistribution } from './mini-distribution.tsx';
import './small-multiples.css';

/** A row of the grid. */
export interface MultipleRow {
  readonly name: string;
  readonly onChoose?: () => void;
  readonly cells: ReadonlyMap<string, { readonly figures: VitalFigures | undefined; readonly views: number }>;
}

/** A grid of small distributions that can be read at once: rows × columns. It is a table. */
export const SmallMultiples = ({
  label,
  rows,
  columns,
}: {
  readonly label: string;
  readonly rows: readonly MultipleRow[];
  readonly columns: readonly { readonly key: string; readonly name: string }[];
}) => (
  <div class="multiples-scroll">
    <table class="multiples">
      <caption class="unseen">{label}</caption>
      <thead>
        <tr>
          <td />
          {columns.map(({ key, name }) => (
            <th key={key} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, onChoose, cells }) => (
          <tr key={name}>
            <th scope="row">
              {onChoose === undefined ? (
                name
              ) : (
                <button type="button" class="row-name" onClick={onChoose}>
                  {name}
                </button>
              )}
            </th>
            {columns.map(({ key }) => {
              const cell = cells.get(key);
              return (
                <td key={key}>
                  {cell === undefined ? (
                    <span class="quiet">
                      –<span class="unseen"> no page views</span>
                    </span>
                  ) : (
                    <>
                      <MiniDistribution figures={cell.figures} />
                      <span class="quiet multiples-views">{formatShort(cell.views)} views</span>
                    </>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
