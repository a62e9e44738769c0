import { useRef, useState } from 'preact/hooks'
import { setQuery } from '../navigation/place.ts'
import { manifest, type EntityDescription } from '../panel/manifest.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { Popover } from '../ui/popover.tsx'
import { t } from '../words/words.ts'
import { FilterEditor } from './filter-editor.tsx'
import { filterChange, filterText, filterTitle, type FieldFilter, type FilterField } from './list-filter.ts'
import { useRowName } from './row-names.ts'

interface FilterBarProps {
  readonly entity: EntityDescription
  readonly fields: readonly FilterField[]
  readonly filters: readonly FieldFilter[]
}

/** The filters of a list as chips, and a menu to add one. The address holds them. */
export function FilterBar({ entity, fields, filters }: FilterBarProps) {
  const [added, setAdded] = useState<FilterField | null>(null)
  const box = useRef<HTMLSpanElement>(null)
  const unused = fields.filter(({ name }) => filters.every(({ field }) => field.name !== name))
  const anchor = {
    get current(): HTMLElement | null {
      return box.current?.querySelector('button') ?? null
    },
  }
  return (
    <>
      {filters.map((filter) => (
        <Chip key={filter.field.name} entity={entity} filter={filter} />
      ))}
      {unused.length > 0 && (
        <span ref={box} class="add-filter">
          <Menu
            label={t('filter.add')}
            title={filters.length > 0 ? t('filter.add') : undefined}
            icon="filter"
            items={unused.map((field) => ({
              id: field.name,
              label: filterTitle(entity, field),
              onSelect: () => setAdded(field),
            }))}
          />
          {added && (
            <Popover anchor={anchor} label={filterTitle(entity, added)} onClose={() => setAdded(null)}>
              <FilterEditor
                entity={entity}
                field={added}
                values={{}}
                onApply={(values) => {
                  anchor.current?.focus()
                  setAdded(null)
                  setQuery(filterChange(added, values))
                }}
              />
            </Popover>
          )}
        </span>
      )}
    </>
  )
}

function Chip({ entity, filter }: { readonly entity: EntityDescription; readonly filter: FieldFilter }) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const { field, values } = filter
  const named = useRowName(
    field.to === undefined ? undefined : manifest.value?.entities[field.to],
    field.kind === 'ref' ? values.eq : undefined,
  )
  const title = filterTitle(entity, field)
  const text = filterText(entity, filter, named)
  return (
    <span class="chip">
      <button
        ref={button}
        type="button"
        class="plain"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`${t('filter.edit', { what: title })}: ${text}`}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="quiet">{title}</span> <span class="what">{text}</span>
      </button>
      <button
        type="button"
        class="plain icon"
        aria-label={t('filter.remove', { what: title })}
        onClick={() => setQuery(filterChange(field))}
      >
        <Icon name="x" />
      </button>
      {isOpen && (
        <Popover anchor={button} label={title} onClose={() => setOpen(false)}>
          <FilterEditor
            entity={entity}
            field={field}
            values={values}
            onApply={(next) => {
              button.current?.focus()
              setOpen(false)
              setQuery(filterChange(field, next))
            }}
          />
        </Popover>
      )}
    </span>
  )
}
