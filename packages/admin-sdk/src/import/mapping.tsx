import { fieldTitle } from '../entity/names.ts'
import { t } from '../words/words.ts'
import type { Preview } from './preview.ts'

interface MappingProps {
  /** Its name: `customers`. */
  readonly entity: string
  readonly preview: Preview
  readonly onMapping: (mapping: Preview['mapping']) => void
}

/** Which field each column of the file becomes. */
export function Mapping({ entity, preview: { header, mapping, fields, rows }, onMapping }: MappingProps) {
  return (
    <div class="table" role="region" aria-label={t('import.columns')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('import.column')}</th>
            <th scope="col">{t('import.example')}</th>
            <th scope="col">{t('import.becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {header.map((name, at) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{rows[0]?.cells[at]}</td>
              <td>
                <select
                  aria-label={t('import.becomes.of', { column: name })}
                  value={mapping[name] ?? ''}
                  onChange={({ currentTarget: { value } }) =>
                    onMapping({ ...mapping, [name]: value || null })
                  }
                >
                  <option value="">{t('import.leave_out')}</option>
                  {fields.map((field) => (
                    <option key={field.name} value={field.name}>
                      {fieldTitle(entity, field.name)}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
