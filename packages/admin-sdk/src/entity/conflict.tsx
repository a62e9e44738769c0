import type { EntityDescription, Field } from '../panel/manifest.ts'
import { t } from '../words/words.ts'
import { fieldTitle } from './names.ts'
import { showValue, type Row } from './show-value.tsx'
import { typedOf, valueOf, type TypedValues } from './typed-values.ts'

interface ConflictProps {
  readonly entity: EntityDescription
  readonly fields: readonly Field[]
  /** The row as it was when the form was opened. */
  readonly before: Row | null
  /** As it is now. */
  readonly theirs: Row
  readonly typed: TypedValues
  /** Drops what was typed for a field. */
  readonly onTake: (name: string) => void
}

/** Somebody else changed the row meanwhile: what they changed, beside what was typed here. */
export function Conflict({ entity, fields, before, theirs, typed, onTake }: ConflictProps) {
  const changed = fields.filter(({ name }) => JSON.stringify(before?.[name]) !== JSON.stringify(theirs[name]))
  return (
    <section class="conflict" role="alert">
      <h3>{t('form.conflict')}</h3>
      <p>{t('form.conflict.text')}</p>
      {changed.map((field) => {
        const own = typed[field.name]
        const read = own === undefined ? null : valueOf(field, own)
        return (
          <dl key={field.name}>
            <div>
              <dt>{fieldTitle(entity.name, field.name)}</dt>
              <dd>
                <span class="quiet">{t('form.conflict.theirs')}: </span>
                {showValue(field, theirs[field.name], entity.name) ?? t('form.none')}
              </dd>
              {read && (
                <dd>
                  <span class="quiet">{t('form.conflict.yours')}: </span>
                  {('value' in read && showValue(field, read.value, entity.name)) ||
                    String(typedOf(field, own))}{' '}
                  <button type="button" onClick={() => onTake(field.name)}>
                    {t('form.conflict.take')}
                  </button>
                </dd>
              )}
            </div>
          </dl>
        )
      })}
    </section>
  )
}
