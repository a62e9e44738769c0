import type { Field } from '../panel/manifest.ts'
import { session } from '../session/session.ts'
import { DateField } from '../ui/date-field.tsx'
import { Field as Labelled, TextField } from '../ui/field.tsx'
import { ListField } from '../ui/list-field.tsx'
import { t } from '../words/words.ts'
import { fieldTitle, valueTitle } from './names.ts'
import { RowPicker } from './row-picker.tsx'
import { valueOf, type Typed, type TypedMoney } from './typed-values.ts'

interface ControlProps {
  /** Of the field, for the names of its values. */
  readonly entity: string
  readonly field: Field
  readonly typed: Typed
  readonly error: string | undefined
  readonly onTyped: (typed: Typed) => void
}

/** From this length on a text is one of several lines. */
const LONG = 300

/** The control for a column of whatever kind. */
export function Control({ entity, field, typed, error, onTyped }: ControlProps) {
  const { kind, name, help: hint, required, nullable, maxLength } = field
  const label = fieldTitle(entity, name)
  const common = { label, error, hint, required }
  if (kind === 'boolean') return <Check {...common} typed={typed === true} onTyped={onTyped} />
  if (kind === 'enum')
    return (
      <Labelled {...common}>
        {(control) => (
          <select
            {...control}
            required={required}
            value={String(typed ?? '')}
            onChange={(event) => onTyped(event.currentTarget.value)}
          >
            {(nullable || typed === '' || typed === null) && (
              <option value="">{nullable ? t('form.none') : ''}</option>
            )}
            {(field.values ?? []).map((value) => (
              <option key={value} value={value}>
                {valueTitle(entity, name, value)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
    )
  if (kind === 'timestamp') return <DateField {...common} value={typed as string | null} onValue={onTyped} />
  if (kind === 'ref')
    return <RowPicker {...common} to={field.to} value={typed as string | null} onValue={onTyped} />
  if (kind === 'money') return <Money {...common} typed={typed as TypedMoney} onTyped={onTyped} />
  if (field.items) return <ListField {...common} values={typed as readonly string[]} onValues={onTyped} />
  if (kind === 'json') return <Json {...common} field={field} typed={String(typed ?? '')} onTyped={onTyped} />
  if (kind === 'text' && (maxLength ?? 0) > LONG)
    return (
      <Labelled {...common}>
        {(control) => (
          <textarea
            {...control}
            required={required}
            maxLength={maxLength}
            rows={4}
            value={String(typed ?? '')}
            onInput={(event) => onTyped(event.currentTarget.value)}
          />
        )}
      </Labelled>
    )
  if (kind === 'amount')
    return (
      <TextField
        {...common}
        hint={[hint, session.value?.tenant.currency].filter(Boolean).join(' · ')}
        inputMode="decimal"
        value={String(typed ?? '')}
        onValue={onTyped}
      />
    )
  const isNumber = kind === 'integer' || kind === 'real'
  return (
    <TextField
      {...common}
      {...({ type: INPUTS[field.format ?? ''] ?? 'text' } as object)}
      inputMode={isNumber ? 'decimal' : undefined}
      autocomplete="off"
      maxLength={isNumber ? undefined : maxLength}
      value={String(typed ?? '')}
      onValue={onTyped}
    />
  )
}

const INPUTS: Readonly<Record<string, string>> = { email: 'email', uri: 'url' }

interface OwnProps {
  readonly label: string
  readonly error: string | undefined
  readonly hint: string | undefined
  readonly required: boolean
  readonly onTyped: (typed: Typed) => void
}

function Check({ label, error, hint, typed, onTyped }: OwnProps & { readonly typed: boolean }) {
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" checked={typed} onChange={(event) => onTyped(event.currentTarget.checked)} />
        {label}
      </label>
      {(error ?? hint) && <p class={error ? 'wrong' : 'quiet'}>{error ?? hint}</p>}
    </div>
  )
}

function Money({ label, error, hint, typed, onTyped }: OwnProps & { readonly typed: TypedMoney }) {
  return (
    <fieldset>
      <legend>{label}</legend>
      <div class="money">
        <TextField
          label={t('form.money.amount')}
          error={error}
          hint={hint}
          inputMode="decimal"
          autocomplete="off"
          value={typed.amount}
          onValue={(amount) => onTyped({ ...typed, amount })}
        />
        <TextField
          label={t('form.money.currency')}
          autocomplete="off"
          maxLength={3}
          value={typed.currency}
          onValue={(currency) => onTyped({ ...typed, currency })}
        />
      </div>
    </fieldset>
  )
}

function Json({
  field,
  typed,
  error,
  onTyped,
  ...labelled
}: OwnProps & { readonly field: Field; readonly typed: string }) {
  const read = valueOf(field, typed)
  // Whoever is in the middle of it hears of it too: a missing bracket is hard to find later.
  const problem = error ?? ('problem' in read ? read.problem : undefined)
  return (
    <Labelled {...labelled} error={problem}>
      {(control) => (
        <textarea
          {...control}
          class="code"
          spellcheck={false}
          rows={Math.max(4, Math.min(16, typed.split('\n').length))}
          value={typed}
          onInput={(event) => onTyped(event.currentTarget.value)}
        />
      )}
    </Labelled>
  )
}
