import { manifest } from './manifest.ts'
import { PluginView } from './plugin-view.tsx'

/**
 * A place where other plugins add pieces; what is given besides its name reaches each of them.
 * @example
 * <Slot name="customers.details" customerId={customer.id} />
 */
export function Slot({ name, ...props }: { readonly name: string; readonly [prop: string]: unknown }) {
  const own = (manifest.value?.slots ?? []).filter(({ slot }) => slot === name)
  return (
    <>
      {own.map((piece) => (
        <PluginView key={piece.id} plugin={piece.plugin} name={piece.export} props={props} />
      ))}
    </>
  )
}
