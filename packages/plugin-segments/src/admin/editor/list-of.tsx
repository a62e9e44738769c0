import { Icon, t } from '@clientele/admin-sdk'
import { typeOf, type Schema } from '../language/language.ts'
import { blankSchema } from '../model/blank.ts'
import type { Properties } from '../model/parameter.ts'
import type { ParameterProps } from './parameter.tsx'

/** Several objects of one shape, in order. */
export function ListOf({
  language,
  type,
  schema,
  hint,
  label,
  value,
  onValue,
  item,
  drawObject,
}: ParameterProps & { readonly item: Schema }) {
  const list = (Array.isArray(value) ? value : []) as readonly Properties[]
  return (
    <div class="rules" role="group" aria-label={label}>
      {list.map((one, at) => (
        <div key={at} class="rule">
          {drawObject({
            type,
            forms: [item],
            hints: hint?.fields ?? typeOf(language, type)?.fields ?? [],
            value: one,
            onValue: (next, typing) => onValue(list.with(at, next), typing),
          })}
          {list.length > (schema.minItems ?? 0) && (
            <button
              type="button"
              class="plain icon"
              aria-label={t('segments.rule.remove')}
              onClick={() => onValue(list.toSpliced(at, 1))}
            >
              <Icon name="x" />
            </button>
          )}
        </div>
      ))}
      <button type="button" class="plain small" onClick={() => onValue([...list, blankSchema(item)])}>
        <Icon name="plus" />
        {t('segments.rule.add_step')}
      </button>
    </div>
  )
}
