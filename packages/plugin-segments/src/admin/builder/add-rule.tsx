import { Dialog, fold, t } from '@clientele/admin-sdk'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { comparesFields, type Language, type TypeDescription } from '../language/language.ts'
import { fieldTitleOf, pluginTitle, typeTitle } from '../language/words.ts'

interface Choice {
  readonly type: TypeDescription
  readonly field?: string
  readonly title: string
  /** Beside the title: which type the field is of. */
  readonly note: string
  readonly group: string
}

interface AddRuleProps {
  readonly language: Language
  readonly onChoose: (type: TypeDescription, field?: string) => void
  readonly onClose: () => void
}

/** Every rule of the installed plugins, to be found by a few letters. */
export function AddRule({ language, onChoose, onClose }: AddRuleProps) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const words = fold(text).split(' ').filter(Boolean)
  const found = choicesIn(language)
    .filter(({ title, note, group, type, field }) => {
      const all = fold(`${title} ${note} ${group} ${type.name} ${field ?? ''}`)
      return words.every((word) => all.includes(word))
    })
    .toSorted((a, b) => distance(a, words) - distance(b, words))
  const groups = [...Map.groupBy(found, ({ group }) => group)]
  const ordered = groups.flatMap(([, own]) => own)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at, text])
  const choose = (choice: Choice | undefined): void => {
    if (choice) onChoose(choice.type, choice.field)
  }
  return (
    <Dialog title={t('segments.add.rule')} onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={ordered[at] ? `${id}-${at}` : undefined}
        aria-label={t('segments.add.search')}
        placeholder={t('segments.add.search')}
        autoFocus
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key] ?? 0
          if (step !== 0) {
            event.preventDefault()
            setAt(Math.max(0, Math.min(ordered.length - 1, at + step)))
          }
          if (event.key === 'Enter') {
            event.preventDefault()
            choose(ordered[at])
          }
        }}
      />
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t('segments.add.rule')} class="choices">
        {groups.map(([group, own]) => (
          <div key={group} role="group" aria-label={group}>
            <div class="choices-head quiet" aria-hidden="true">
              {group}
            </div>
            {own.map((choice) => {
              const place = ordered.indexOf(choice)
              return (
                <div
                  key={`${choice.type.name} ${choice.field ?? ''}`}
                  id={`${id}-${place}`}
                  role="option"
                  aria-selected={place === at}
                  class="choice-row"
                  onMouseDown={(event) => {
                    event.preventDefault()
                    choose(choice)
                  }}
                >
                  <span>{choice.title}</span>
                  <span class="quiet">{choice.note}</span>
                </div>
              )
            })}
          </div>
        ))}
      </div>
      <p class={found.length === 0 ? 'quiet' : 'unseen'} role="status">
        {t('segments.add.found', { count: found.length })}
      </p>
    </Dialog>
  )
}

/** What is called exactly so comes first, then what begins so. Without words all are alike. */
function distance({ title }: Choice, words: readonly string[]): number {
  const [own, text] = [fold(title), words.join(' ')]
  return own === text ? 0 : own.startsWith(text) ? 1 : 2
}

/** A type that compares fields offers each of them; others offer themselves. */
function choicesIn(language: Language): readonly Choice[] {
  return language.types.flatMap((type): readonly Choice[] => {
    const group = pluginTitle(type.plugin ?? 'more')
    const schema = language.schema.$defs[type.name]
    const own = type.fields.filter(({ operators, name }) => operators.length > 0 && name !== '*')
    if (!comparesFields(type, schema) || own.length === 0)
      return [
        {
          type,
          title: typeTitle(type.name),
          note: t(`conditions.${type.name}.help`).replace(/^conditions\..*/, ''),
          group,
        },
      ]
    return own
      .filter(({ name }, at) => own.findIndex((one) => one.name === name) === at)
      .map((field) => ({
        ...{ type, field: field.name, group },
        title: fieldTitleOf(type.name, field),
        note: typeTitle(type.name),
      }))
  })
}
