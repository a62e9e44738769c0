import type { ChartProps } from './chart-data.ts'

type ChartTableProps = Required<Pick<ChartProps, 'title' | 'labels' | 'series' | 'format' | 'showLabel'>>

/** The values of a chart as a table: for those who want them exactly, and for those who see no chart. */
export function ChartTable({ title, labels, series, format, showLabel }: ChartTableProps) {
  return (
    <div class="table chart-table" role="region" aria-label={title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            {series.map(({ name }) => (
              <th key={name} scope="col" class="numeric">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, at) => (
            <tr key={`${label} ${at}`}>
              <th scope="row">{showLabel(label)}</th>
              {series.map(({ name, values }) => (
                <td key={name} class="numeric">
                  {typeof values[at] === 'number' ? format(values[at]) : '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
