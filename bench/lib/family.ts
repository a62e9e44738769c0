/** A set of figures that are measured together. */
export interface Family {
  readonly name: string
  /** Shown in `--help`. */
  readonly about: string
  /** What each figure must be; figures without a target are for information. */
  readonly targets: Readonly<Record<string, Target>>
  run(options: BenchOptions): Promise<Figures>
}

export interface BenchOptions {
  /** A tenth of the rows, fewer and shorter repetitions. */
  readonly small: boolean
  /** Makes data sets and builds anew. */
  readonly fresh: boolean
  /** A file for the plans of compared statements; without it they go where progress goes. */
  readonly plans?: string
  /** Tells a person what is going on. */
  readonly log: (line: string) => void
}

/** `family.figure` → number. */
export type Figures = Readonly<Record<string, number>>

export type Target = { readonly atLeast: number } | { readonly atMost: number }

export function meets(value: number, target: Target): boolean {
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}
