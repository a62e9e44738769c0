import { useEffect, useState } from 'preact/hooks'
import { Loading } from '../ui/states.tsx'
import { Boundary, PanelProblem } from './boundary.tsx'
import { loadModule, PanelError, type PanelModule } from './module.ts'

interface PluginViewProps {
  readonly plugin: string
  /** The component that the plugin's module exports. */
  readonly name: string
  /** What the component is given. */
  readonly props?: Readonly<Record<string, unknown>>
}

/** A component of a plugin, kept apart: whatever is wrong with it is told in its place, and nowhere else. */
export function PluginView({ plugin, name, props = {} }: PluginViewProps) {
  const [module, setModule] = useState<PanelModule | Error | null>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isHere = true
    setModule(null)
    loadModule(plugin).then(
      (loaded) => isHere && setModule(loaded),
      (error: Error) => isHere && setModule(error),
    )
    return () => {
      isHere = false
    }
  }, [plugin, attempt])
  if (module === null) return <Loading />
  const retry = (): void => setAttempt(attempt + 1)
  if (module instanceof Error) return <PanelProblem plugin={plugin} error={module} retry={retry} />
  const Shown = module[name]
  if (!Shown)
    return (
      <PanelProblem
        plugin={plugin}
        error={new PanelError('panel.no_export', { plugin, name })}
        retry={retry}
      />
    )
  return (
    <Boundary key={attempt} plugin={plugin}>
      <div data-panel={plugin}>
        <Shown {...props} />
      </div>
    </Boundary>
  )
}
