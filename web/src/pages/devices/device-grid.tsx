import type { GridAnswer } from '#reports';
import { VITALS } from '#vitals';
import type { Request } from '../../api/request.ts';
import { SmallMultiples } from '../../charts/small-multiples.tsx';
import { valueWords } from '../../reports/dimension-words.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import type { Asked } from '../../state/use-request.ts';

/** Device × browser: a small distribution each. */
export const DeviceGrid = ({
  selected,
  request,
  asked,
}: {
  readonly selected: Selected;
  readonly request: Request<GridAnswer>;
  readonly asked: Asked<GridAnswer>;
}) => {
  const { view, addFilter } = selected;
  return (
    <Panel
      title="Device by browser"
      note={`${VITALS[view.vital].label}: the share of good, needs work and poor in each; the value is p${view.percentile}.`}
      request={request}
    >
      <Shown asked={asked} height="177px">
        {(answer) => (
          <SmallMultiples
            label={`${VITALS[answer.vital].name} by device and browser`}
            rows={answer.rows.map((device, row) => ({
              name: valueWords('device', device),
              onChoose: () => addFilter('device', device),
              cells: cellsOf(answer, row),
            }))}
            columns={answer.columns.map((key) => ({ key, name: valueWords('browser', key) }))}
          />
        )}
      </Shown>
    </Panel>
  );
};

const cellsOf = ({ columns, cells }: GridAnswer, row: number) =>
  new Map(
    cells
      .filter((cell) => cell.row === row)
      .map(({ column, figures, views }) => [columns[column] ?? '', { figures, views }]),
  );
