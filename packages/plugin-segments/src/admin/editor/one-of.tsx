import { Fragment } from 'preact'
import { typeOf, type Schema } from '../language/language.ts'
import { typeTitle } from '../language/words.ts'
import { blankSchema } from '../model/blank.ts'
import type { Properties } from '../model/parameter.ts'
import { Select } from './controls.tsx'
import type { ParameterProps } from './parameter.tsx'

/** One of several objects, told apart by their `type`. */
export function OneOf({
  language,
  label,
  value,
  onValue,
  forms,
  drawObject,
}: ParameterProps & { readonly forms: readonly Schema[] }) {
  const given = (value ?? {}) as Properties
  const type = String(given['type'] ?? '')
  const names = forms.map((form) => String(form.properties!['type']!.const))
  return (
    <span class="nested">
      <Select
        label={label}
        value={type}
        options={[...new Set(names)].map((name) => ({ value: name, label: typeTitle(name) }))}
        onValue={(next) => onValue(blankSchema(forms[names.indexOf(String(next))]))}
      />
      <Fragment key={type}>
        {drawObject({
          type,
          forms: forms.filter((_, at) => names[at] === type),
          hints: typeOf(language, type)?.fields.filter(({ name }) => name !== 'value') ?? [],
          value: given,
          onValue,
        })}
      </Fragment>
    </span>
  )
}
