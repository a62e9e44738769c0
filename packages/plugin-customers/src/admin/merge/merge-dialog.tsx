import {
  call,
  detailsOf,
  Dialog,
  ErrorState,
  fmt,
  Icon,
  invalidate,
  Loading,
  personName,
  RowPicker,
  setQuery,
  t,
  toast,
  useQuery,
  valueAt,
  type Detail,
} from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { countryName, CUSTOMERS, type CustomerRow } from '../model/customer.ts'
import { undoMerge } from './merges.tsx'

interface MergeDialogProps {
  readonly customer: CustomerRow
  readonly onClose: () => void
}

/** Makes one of two customers: which one goes, what the other will be, and then the deed, which can be undone. */
export function MergeDialog({ customer, onClose }: MergeDialogProps) {
  const [otherId, setOtherId] = useState<string | null>(null)
  const [isSwapped, setSwapped] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const isSelf = otherId === customer.id
  const { data, error, reload } = useQuery<CustomerRow>(otherId && !isSelf ? `${CUSTOMERS}/${otherId}` : null)
  const other = otherId === null || isSelf ? undefined : data
  const [stays, goes] = isSwapped && other ? [other, customer] : [customer, other]
  const merge = async (): Promise<void> => {
    if (!goes || busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      const { id } = await call<{ id: string }>(`${CUSTOMERS}/${stays.id}/merge`, {
        body: { mergedId: goes.id },
      })
      onClose()
      setQuery({ open: stays.id })
      invalidate(CUSTOMERS)
      invalidate('/api/v1/merges')
      toast(t('customers.merge.done', { gone: personName(goes), stays: personName(stays) }), {
        action: { label: t('undo'), run: () => void undoMerge(id) },
      })
    } catch (failure) {
      setProblem((failure as Error).message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('customers.merge.title', { name: personName(customer) })}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="button" class="main" disabled={!goes || busy} onClick={() => void merge()}>
            {t('customers.merge.do')}
          </button>
        </>
      }
    >
      <div class="stack merge">
        <p class="quiet">{t('customers.merge.text')}</p>
        <Likely customer={customer} onChoose={setOtherId} chosen={otherId} />
        <RowPicker
          label={t('customers.merge.other')}
          to="customers"
          value={otherId}
          onValue={setOtherId}
          {...(isSelf ? { error: t('customers.merge.self') } : {})}
        />
        {error && !other && <ErrorState error={error} retry={reload} />}
        {otherId && !isSelf && !other && !error && <Loading />}
        {goes && (
          <>
            <Preview stays={stays} goes={goes} />
            <button type="button" class="start" onClick={() => setSwapped(!isSwapped)}>
              <Icon name="redo" />
              {t('customers.merge.swap')}
            </button>
          </>
        )}
        {problem && (
          <p class="wrong" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  )
}

interface LikelyProps extends Pick<MergeDialogProps, 'customer'> {
  readonly chosen: string | null
  readonly onChoose: (id: string) => void
}

/** Those with the same address, number or name. */
function Likely({ customer, chosen, onChoose }: LikelyProps) {
  const { email, phone, firstName, lastName } = customer
  const ask = (filters: Readonly<Record<string, string | null>>): string | null =>
    Object.values(filters).every(Boolean)
      ? `${CUSTOMERS}?limit=5&${new URLSearchParams(filters as Record<string, string>)}`
      : null
  const lists = [usePage(ask({ email })), usePage(ask({ phone })), usePage(ask({ firstName, lastName }))]
  const found = new Map(lists.flat().map((row) => [row.id, row]))
  found.delete(customer.id)
  if (found.size === 0) return null
  return (
    <fieldset class="likely">
      <legend>{t('customers.merge.likely')}</legend>
      {[...found.values()].map((row) => (
        <button key={row.id} type="button" aria-pressed={row.id === chosen} onClick={() => onChoose(row.id)}>
          {personName(row)} <span class="quiet">{row.email ?? row.phone ?? ''}</span>
        </button>
      ))}
    </fieldset>
  )
}

function usePage(path: string | null): readonly CustomerRow[] {
  return useQuery<{ readonly items: readonly CustomerRow[] }>(path).data?.items ?? []
}

/** Both sides, and what the one that stays will have: its own, and what it lacked. */
function Preview({ stays, goes }: { readonly stays: CustomerRow; readonly goes: CustomerRow }) {
  const traits = { ...goes.traits, ...stays.traits }
  const filled = FILLED.map(([name, show]): Line => {
    const [own, others] = [show(stays), show(goes)]
    return { title: t(name), own, others, after: own ?? others, isFilled: own === null && others !== null }
  })
  const sums = [
    ...detailsOf('customers')
      .filter(({ isSum }) => isSum)
      .map((detail) => sumOf(detail, stays, goes)),
    {
      title: t('customers.traits'),
      own: fmt.number(Object.keys(stays.traits).length),
      others: fmt.number(Object.keys(goes.traits).length),
      after: fmt.number(Object.keys(traits).length),
      isFilled: Object.keys(traits).length > Object.keys(stays.traits).length,
    },
  ]
  return (
    <div class="table" role="region" aria-label={t('customers.merge.preview')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">
              {t('customers.merge.stays')}
              <br />
              <span>{personName(stays)}</span>
            </th>
            <th scope="col">
              {t('customers.merge.goes')}
              <br />
              <span>{personName(goes)}</span>
            </th>
            <th scope="col">{t('customers.merge.after')}</th>
          </tr>
        </thead>
        <tbody>
          {[...filled, ...sums]
            .filter((line): line is Line => line !== null && line.own !== line.others)
            .map(({ title, own, others, after, isFilled }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td>{own ?? '–'}</td>
                <td>{others ?? '–'}</td>
                <td class={isFilled ? 'filled' : undefined}>{after}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  )
}

interface Line {
  readonly title: string
  readonly own: ComponentChildren
  readonly others: ComponentChildren
  readonly after: ComponentChildren
  /** It changes by the merge. */
  readonly isFilled: boolean
}

/** What a merge fills where the one that stays has nothing. */
const FILLED: readonly (readonly [name: string, show: (row: CustomerRow) => string | null])[] = [
  ['field.customers.firstName', (row) => row.firstName],
  ['field.customers.lastName', (row) => row.lastName],
  ['field.customers.email', (row) => row.email],
  ['field.customers.phone', (row) => row.phone],
  ['field.customers.country', (row) => countryName(row.country)],
  ['field.customers.locale', (row) => row.locale],
  ['field.customers.timeZone', (row) => row.timeZone],
]

/** Rows follow: what is counted adds up. */
function sumOf({ name, title, showValue }: Detail, stays: CustomerRow, goes: CustomerRow): Line | null {
  const [own, others] = [valueAt(stays, name), valueAt(goes, name)]
  if (typeof own !== 'number' || typeof others !== 'number') return null
  return {
    title,
    own: showValue(own),
    others: showValue(others),
    after: showValue(own + others),
    isFilled: others !== 0,
  }
}
